"""A release is made of one version, said everywhere, and of the files that belong to it."""

import json
from pathlib import Path
import shutil
import subprocess
import zipfile

import pytest

from scripts import release

ROOT = Path(__file__).parents[1]
NOTES = """Better.

- One thing.
- Another, in
  two lines.
"""
CHANGELOG = f"""# Changelog

All notable changes.

## Unreleased

## 1.2.3 - 2026-11-30

{NOTES}
## 1.2.2

- What was before.
"""
MANIFEST = release.INTEGRATION / "manifest.json"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository that is ready for its release 1.2.3."""
    integration = tmp_path / release.INTEGRATION
    (integration / "edge").mkdir(parents=True)
    (tmp_path / MANIFEST).write_text(json.dumps({"version": "1.2.3"}))
    (integration / "edge/__init__.py").write_text('"""The library."""\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True)
    return tmp_path


def test_what_is_ready_may_be_released(repository: Path) -> None:
    assert release.problems("1.2.3", repository) == []
    assert release.main(["check", "1.2.3"], repository) == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ((MANIFEST, "1.2.3", "1.2.2"), "manifest.json has the version 1.2.2"),
        (("pyproject.toml", "1.2.3", "1.3.0"), "pyproject.toml has the version 1.3.0"),
        (("CHANGELOG.md", "## 1.2.3 ", "## 1.2.4 "), "CHANGELOG.md has no text under 1.2.3"),
        (("CHANGELOG.md", NOTES, ""), "CHANGELOG.md has no text under 1.2.3"),
        (("CHANGELOG.md", "Unreleased", "Unreleased\n\n- More."), "changes under Unreleased"),
    ],
)
def test_what_disagrees_is_not_released(
    change: tuple[Path | str, str, str],
    problem: str,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, old, new = change
    text = (repository / file).read_text()
    (repository / file).write_text(text.replace(old, new))
    [found] = release.problems("1.2.3", repository)
    assert problem in found
    for what in ("check", "notes"):
        assert release.main([what, "1.2.3"], repository) == 1
        said = capsys.readouterr()
        assert found in said.err
        assert said.out == ""


@pytest.mark.parametrize("tag", ["v1.2.3", "1.2", "1.2.3.4", "1.2.3b1", "01.2.3", "latest", ""])
def test_a_tag_is_three_numbers(tag: str, repository: Path) -> None:
    assert f"{tag} is not a version" in release.problems(tag, repository)[0]


def test_the_text_of_a_release_is_its_section(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.main(["notes", "1.2.3"], repository) == 0
    assert capsys.readouterr().out == NOTES


def test_the_archive_has_the_committed_files_and_the_same_bytes_each_time(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("archives")
    release.pack(repository, folder / "first.zip")
    integration = repository / release.INTEGRATION
    (integration / "__pycache__").mkdir()
    (integration / "__pycache__/edge.pyc").write_bytes(b"")
    (integration / "left.py").write_text("")
    release.pack(repository, folder / "second.zip")
    assert (folder / "first.zip").read_bytes() == (folder / "second.zip").read_bytes()
    with zipfile.ZipFile(folder / "first.zip") as packed:
        assert packed.namelist() == ["edge/__init__.py", "manifest.json"]
        assert json.loads(packed.read("manifest.json"))["version"] == "1.2.3"


def test_a_release_has_the_archive_the_wheel_and_the_sdist(tmp_path: Path) -> None:
    release.build(ROOT, tmp_path / "dist")
    [version] = set(release.versions(ROOT).values())
    assert {p.name for p in (tmp_path / "dist").iterdir()} == {
        release.ARCHIVE,
        f"lan_edge-{version}-py3-none-any.whl",
        f"lan_edge-{version}.tar.gz",
    }


def test_the_archive_becomes_the_integration_where_it_is_unpacked(tmp_path: Path) -> None:
    """As HACS and the Marketplace unpack it: into the folder of the domain."""
    release.pack(ROOT, tmp_path / release.ARCHIVE)
    shutil.unpack_archive(tmp_path / release.ARCHIVE, tmp_path / "lan_edge")
    manifest = json.loads((tmp_path / "lan_edge/manifest.json").read_text())
    assert manifest["version"] == release.versions(ROOT)["pyproject.toml"]
    for file in ("__init__.py", "edge/__init__.py", "brand/icon.png", "translations/en.json"):
        packed = (tmp_path / "lan_edge" / file).read_bytes()
        assert packed == (ROOT / release.INTEGRATION / file).read_bytes()
