"""The repository around the code: workflows, owners, pages for contributors, versions.

What only GitHub can tell is not tested here: that its runners have what the workflows take for
granted, and that its services accept them.
"""

from collections.abc import Iterator
from importlib.metadata import requires, version
import itertools
import json
import os
from pathlib import Path
import re
import subprocess
from typing import Any

import pytest
import yaml

from scripts import release
from tests.test_layers import HOME_ASSISTANT, LIBRARY

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / release.INTEGRATION
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
ACTIONS = sorted(ROOT.glob(".github/actions/*/action.yml"))
USES = re.compile(r"^\s*(?:- )?uses: (\S+)(?: +# (\S.*))?$", re.MULTILINE)
PINNED = re.compile(r"([\w.-]+/[\w./-]+)@([0-9a-f]{40})")
PAGES = ("AGENTS.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")


def text(path: str) -> str:
    return (ROOT / path).read_text()


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def jobs(workflow: Path) -> dict[str, Any]:
    """Return the jobs of a workflow, by their ids."""
    found: dict[str, Any] = load(workflow)["jobs"]
    return found


def every_job() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each job of each workflow, by a name to be recognized by."""
    for workflow in WORKFLOWS:
        yield from ((f"{workflow.stem}/{name}", job) for name, job in jobs(workflow).items())


def steps() -> Iterator[dict[str, Any]]:
    """Yield each step of each job and of our own actions."""
    for _, job in every_job():
        yield from job.get("steps", [])
    for action in ACTIONS:
        yield from load(action)["runs"]["steps"]


def parts() -> set[str]:
    """Return the parts that the tests are run by."""
    [listed] = re.findall(r"^parts=\((.+)\)$", (ROOT / "scripts/test").read_text(), re.MULTILINE)
    return set(listed.split())


# workflows


def test_all_yaml_is_yaml() -> None:
    files = [*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml"]
    assert len(files) > 8
    assert all(isinstance(load(file), dict) for file in files)


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.stem)
def test_every_action_is_pinned_and_says_its_version(file: Path) -> None:
    for action, comment in USES.findall(file.read_text()):
        if action.startswith("./"):
            assert (ROOT / action).exists(), action
        else:
            assert PINNED.fullmatch(action), action
            assert re.search(r"v\d+\.\d+\.\d+|\d{4}-\d\d-\d\d", comment), f"{action} of when?"


def test_an_action_is_used_in_one_version() -> None:
    used = set(itertools.chain(*(PINNED.findall(f.read_text()) for f in (*WORKFLOWS, *ACTIONS))))
    assert len({action for action, _ in used}) == len(used) >= 6


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_nothing_and_does_not_pile_up(workflow: Path) -> None:
    assert load(workflow)["permissions"] == {}
    assert load(workflow)["concurrency"]["group"]


@pytest.mark.parametrize(("name", "job"), [pytest.param(*each, id=each[0]) for each in every_job()])
def test_a_job_may_only_read_and_ends(name: str, job: dict[str, Any]) -> None:
    may_write = name == "release/publish"
    assert job["permissions"] == {"contents": "write" if may_write else "read"}
    assert "uses" in job or job["timeout-minutes"]
    assert job["name"]


def test_no_checkout_leaves_its_token() -> None:
    checkouts = [s for s in steps() if s.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_nothing_of_github_is_pasted_into_a_command() -> None:
    """An expression in a script runs whatever somebody named a branch."""
    assert not [step["run"] for step in steps() if "${{" in step.get("run", "")]


def test_the_commands_of_the_workflows_exist() -> None:
    commands = {line for step in steps() for line in step.get("run", "").splitlines()}
    ours = {line for line in commands if re.search(r"\bscripts\b", line)}
    assert len(ours) >= 5
    for line in ours:
        script, module = re.search(r"^scripts/\w+", line), re.search(r"-m scripts\.(\w+)", line)
        if script:
            assert os.access(ROOT / script[0], os.X_OK), line
        else:
            assert module, line
            assert (ROOT / "scripts" / f"{module[1]}.py").exists(), line
    other = {line.split()[0] for line in commands - ours}
    assert other <= {"gh", "printf", "sudo"}


def test_every_part_of_the_tests_has_a_job() -> None:
    matrix = jobs(ROOT / ".github/workflows/check.yml")["tests"]["strategy"]["matrix"]["include"]
    assert {each["part"] for each in matrix} == parts()
    assert len(matrix) == len(parts())


def test_the_jobs_name_the_versions_of_home_assistant() -> None:
    matrix = jobs(ROOT / ".github/workflows/check.yml")["tests"]["strategy"]["matrix"]["include"]
    newest = re.search(r"^homeassistant==(.+)$", text("requirements_develop.txt"), re.MULTILINE)
    assert newest
    wanted = {"homeassistant": version("homeassistant"), "network": newest[1], "browser": newest[1]}
    for each in matrix:
        if each["part"] in wanted:
            month = wanted[each["part"]].rpartition(".")[0]
            assert f"Home Assistant {month}" in each["name"]


def test_a_release_is_checked_and_tested_before_it_is_made() -> None:
    workflow = ROOT / ".github/workflows/release.yml"
    started = load(workflow)[True]  # YAML's `on`
    assert started == {"push": {"tags": ["[0-9]+.[0-9]+.[0-9]+"]}}
    work = jobs(workflow)
    assert "scripts.release check" in work["check"]["steps"][-1]["run"]
    assert work["tests"]["uses"] == "./.github/workflows/check.yml"
    assert work["tests"]["needs"] == work["build"]["needs"] == "check"
    assert set(work["publish"]["needs"]) == {"tests", "build"}


def test_what_may_write_runs_nothing_of_the_repository() -> None:
    publish = jobs(ROOT / ".github/workflows/release.yml")["publish"]
    download, create = publish["steps"]
    assert download["uses"].startswith("actions/download-artifact@")
    assert create["run"].startswith("gh release create ")
    assert "--verify-tag" in create["run"]


# what keeps it up to date


def test_dependabot_leaves_what_the_oldest_home_assistant_decides() -> None:
    """Its plugin, and what its components import at the versions that their manifests name."""
    [pip] = [u for u in load(ROOT / ".github/dependabot.yml")["updates"] if "ignore" in u]
    plugin, components, _ = text("requirements_test.txt").split("\n\n")
    names = re.findall(r"^([\w-]+)==", f"{plugin}\n{components}", re.MULTILINE)
    ignored = [each["dependency-name"] for each in pip["ignore"]]
    assert sorted(ignored, key=str.lower) == sorted([*names, "uv"], key=str.lower)
    assert f"uv=={version('uv')}" in (requires("homeassistant") or [])


def test_dependabot_looks_wherever_there_is_something() -> None:
    updates = {u["package-ecosystem"]: u for u in load(ROOT / ".github/dependabot.yml")["updates"]}
    assert set(updates) == {"github-actions", "pip"}
    assert all(update["groups"] for update in updates.values())
    workflows, *folders = updates["github-actions"]["directories"]
    assert workflows == "/"
    found = [path for folder in folders for path in ROOT.glob(f"{folder[1:]}/action.yml")]
    assert sorted(found) == ACTIONS


def test_the_owners_are_those_of_the_manifest() -> None:
    manifest = json.loads((INTEGRATION / "manifest.json").read_text())
    assert text(".github/CODEOWNERS").split() == ["*", *manifest["codeowners"]]


def test_a_commit_is_checked_as_scripts_check_does() -> None:
    [repository] = load(ROOT / ".pre-commit-config.yaml")["repos"]
    hooks = {hook["entry"].removeprefix(".venv/bin/") for hook in repository["hooks"]}
    checks = set(re.findall(r"\brun ((?:ruff|mypy|pyright|scripts)[^;\n]*)", text("scripts/check")))
    fixing = {"ruff format --check .": "ruff format", "ruff check .": "ruff check --fix"}
    assert hooks == {fixing.get(check, check) for check in checks}


# pages


def test_versions_agree() -> None:
    [current] = set(release.versions(ROOT).values())
    changes = release.sections(text("CHANGELOG.md"))
    assert next(heading for heading in changes if heading != release.UNRELEASED) == current
    oldest = json.loads(text("hacs.json"))["homeassistant"].rpartition(".")[0]
    assert f"Home Assistant {oldest} and newer" in text("SECURITY.md")
    assert version("homeassistant").startswith(f"{oldest}.")


@pytest.mark.parametrize("page", PAGES)
def test_the_links_of_a_page_lead_somewhere(page: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)", text(page)):
        assert (ROOT / target).exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", text(target), re.MULTILINE)
            assert anchor in {title.lower().replace(" ", "-") for title in titles}, anchor


def test_a_weakness_is_told_where_the_page_says() -> None:
    home = json.loads((INTEGRATION / "manifest.json").read_text())["documentation"]
    private = f"{home}/security/advisories/new"
    assert private in text("SECURITY.md")
    [link] = load(ROOT / ".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert link["url"] == private


def commands(page: str) -> list[str]:
    """Return the commands that a page prints."""
    blocks = re.findall(r"^```\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", ["AGENTS.md", "CONTRIBUTING.md"])
def test_the_commands_of_a_page_exist(page: str) -> None:
    assert len(commands(page)) > 5
    for line in commands(page):
        command, _, comment = line.partition("#")
        program, *arguments = command.split()
        assert comment.strip(), line
        if program == "python":
            assert (ROOT / f"{arguments[1].replace('.', '/')}.py").exists(), line
            continue
        assert os.access(ROOT / program, os.X_OK), line
        if program in {"scripts/test", "scripts/coverage"} and arguments:
            assert arguments[0] in parts(), line
        paths = [argument for argument in arguments[1:] if "/" in argument]
        assert all((ROOT / path).exists() for path in paths), line


def paths(page: str) -> set[str]:
    """Return what a page names that looks like a file or a folder."""
    spans = re.findall(r"`([\w./<>-]+)`", text(page))
    named = {span for span in spans if "/" in span or re.search(r"\.(py|json|toml|md)$", span)}
    assert len(named) > 5
    return named


@pytest.mark.parametrize("page", ["AGENTS.md", "CONTRIBUTING.md"])
def test_the_paths_of_a_page_exist(page: str) -> None:
    bases = (ROOT, INTEGRATION, INTEGRATION / "edge", INTEGRATION / "edge/capabilities")
    for path in paths(page):
        pattern = re.sub(r"<\w+>", "*", path)
        assert any(any(base.glob(pattern)) for base in bases), path


def test_the_map_has_the_rooms_in_their_order() -> None:
    tables = re.findall(r"^\| --- \| --- \|\n((?:\|.+\n)+)", text("AGENTS.md"), re.MULTILINE)
    library, home_assistant = (
        [
            room
            for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
            for room in rooms(cell)
        ]
        for table in tables
    )
    assert library == [*LIBRARY, "drivers"]
    assert home_assistant == [*HOME_ASSISTANT]


def rooms(cell: str) -> list[str]:
    """Return the rooms that a row is about; two of them have no file of their name."""
    word = cell.partition(" ")[0]
    return [word] if word in {"platforms", "setup"} else re.findall(r"`(\w+)`", cell)


def test_the_map_is_a_page() -> None:
    assert len(text("AGENTS.md").split()) < 1000


def test_every_script_says_what_it_is_for() -> None:
    listed = subprocess.check_output(["git", "ls-files", "scripts"], cwd=ROOT, text=True)
    for name in listed.split():
        first, second, *_ = text(name).splitlines()
        assert first.startswith('"""') or second.startswith("# "), name
