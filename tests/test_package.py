"""The package as hassfest, HACS and the Marketplace want it; hassfest itself runs in CI only."""

import ast
from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
import struct
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

import lan_edge as library
from lan_edge import EdgeError, errors as edge_errors
from scripts import release

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "custom_components/lan_edge"
REPOSITORY = "https://github.com/lan-edge/lan-edge"
LANGUAGES = sorted(p.stem for p in (PACKAGE / "translations").glob("*.json"))
OWN_FILES = sorted(p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).parts[0] != "edge")
OPTIONS_FILES = ("device_options.py", "service_options.py", "described.py", "description_text.py")
"""The dialogs of options."""
TEXT_STEPS = "flows/description_text.py"
"""The steps that both have: a description that is pasted."""
FLOW_FILES = (
    "config_flow.py",
    *sorted(
        f"flows/{p.name}" for p in (PACKAGE / "flows").glob("*.py") if p.name not in OPTIONS_FILES
    ),
    TEXT_STEPS,
)
"""What the dialogs of adding and changing a device are made of."""
ADDRESS_ERRORS = {
    "incomplete_address",
    "no_address",
    "no_device_address",
    "own_address",
    "port_range",
    "unknown_host",
}
ELSEWHERE = {
    "settings",
    "listener_closed",
    "described_one",
    "described_review",
    "described_saved",
    "described_none",
    "described_wrong",
}
"""Steps of options to which no menu leads."""
KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?")
PLACEHOLDER = re.compile(r"\{(\w+)\}")

SORTING = {"categories", "connectivity"}
"""What the newest Home Assistant sorts its list of integrations by."""
CATEGORIES = "homeassistant/generated/integration_categories.json"
DESCRIBE = """
import asyncio, json, sys
from homeassistant import core, loader

async def describe(folder, domain):
    hass = core.HomeAssistant(folder)
    loader.async_setup(hass)
    descriptions = await loader.async_get_integration_descriptions(hass)
    print(json.dumps(descriptions["custom"]["integration"][domain]))
    await hass.async_stop(force=True)

asyncio.run(describe(*sys.argv[1:]))
"""

TIERS = {
    "bronze": """action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions docs-removal-instructions
        docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
        test-before-configure test-before-setup unique-config-entry""",
    "silver": """action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
        parallel-updates reauthentication-flow test-coverage""",
    "gold": """devices diagnostics discovery discovery-update-info docs-data-update docs-examples
        docs-known-limitations docs-supported-devices docs-supported-functions
        docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices""",
    "platinum": "async-dependency inject-websession strict-typing",
}


def load(path: str) -> Any:
    return json.loads((PACKAGE / path).read_text())


MANIFEST = load("manifest.json")
ENGLISH = load("translations/en.json")


# manifest


def test_manifest_keys_are_those_of_a_custom_integration_in_order() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]
    required = {"codeowners", "documentation", "iot_class", "issue_tracker", "version"}
    assert required <= set(keys)
    assert "quality_scale" not in keys  # Home Assistant takes none from a custom integration


def test_manifest_values() -> None:
    assert MANIFEST["domain"] == PACKAGE.name
    assert re.fullmatch(r"[a-z0-9_]+", MANIFEST["domain"])
    assert MANIFEST["integration_type"] in {"device", "hub"}
    assert MANIFEST["iot_class"] == "local_push"
    assert MANIFEST["config_flow"] is True
    assert MANIFEST["codeowners"]
    assert all(re.fullmatch(r"@[\w-]+", owner) for owner in MANIFEST["codeowners"])
    assert MANIFEST["documentation"] == REPOSITORY
    assert MANIFEST["issue_tracker"] == f"{REPOSITORY}/issues"
    assert not [r for r in MANIFEST["requirements"] if " " in r]


def test_one_version() -> None:
    version = MANIFEST["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_matchers() -> None:
    for item in MANIFEST["zeroconf"]:
        assert re.fullmatch(r"_[a-z0-9-]+\._(tcp|udp)\.local\.", item), item
    indexed = {"manufacturer", "st", "deviceType", "nt", "manufacturerURL"}
    for item in MANIFEST["ssdp"]:
        assert indexed & set(item), f"{item} would never match"


def test_imported_components_are_dependencies() -> None:
    platforms = {path.stem for path in OWN_FILES} | {path.parent.name for path in OWN_FILES}
    used = set()
    for path in OWN_FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if parts[:2] == ["homeassistant", "components"]:
                    used |= {parts[2]} if parts[2:] else {alias.name for alias in node.names}
    everywhere = {"device_automation", "frontend", "media_source"}  # hassfest wants none of them
    read = {"tuya", "xiaomi_miio"}  # the keys that they have, but not their code
    assert used - platforms - everywhere | read == {
        *MANIFEST["dependencies"],
        *MANIFEST["after_dependencies"],
    }


def test_no_other_manifest_for_hassfest_to_find() -> None:
    found = [p for p in ROOT.glob("[!.]*/**/manifest.json") if ".venv" not in str(p)]
    assert found == [PACKAGE / "manifest.json"]


def test_the_loggers_are_the_integrations_and_the_librarys() -> None:
    assert MANIFEST["loggers"] == [f"custom_components.{PACKAGE.name}", library.__name__]


def test_the_categories_are_those_of_home_assistant() -> None:
    """Three at most, the main one first, as in all that Home Assistant comes with."""
    [file] = ROOT.glob(f".venv-ha/lib/*/site-packages/{CATEGORIES}")
    known: set[str] = set()
    for category in json.loads(file.read_text()):
        slug, inner = category["slug"], category["subcategories"]
        known |= {slug, *(f"{slug}.{sub['slug']}" for sub in inner)}
    assert set(MANIFEST["categories"]) <= known
    assert 1 <= len(set(MANIFEST["categories"])) == len(MANIFEST["categories"]) <= 3
    assert MANIFEST["connectivity"] == ["network"]


def described(environment: str, folder: Path) -> dict[str, Any]:
    """Return what a Home Assistant says of this integration in its list of all."""
    (folder / "custom_components").mkdir()
    (folder / "custom_components" / PACKAGE.name).symlink_to(PACKAGE)
    python = ROOT / environment / "bin/python"
    command = [str(python), "-c", DESCRIBE, str(folder), PACKAGE.name]
    said = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    described: dict[str, Any] = json.loads(said.stdout)
    return described


def test_the_newest_home_assistant_takes_the_categories(tmp_path: Path) -> None:
    newest = described(".venv-ha", tmp_path)
    assert {key: newest[key] for key in SORTING} == {key: MANIFEST[key] for key in SORTING}


def test_the_oldest_home_assistant_does_without_the_categories(tmp_path: Path) -> None:
    oldest = described(".venv", tmp_path)
    assert oldest["name"] == MANIFEST["name"]
    assert not SORTING & oldest.keys()


def test_hacs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["name"] == MANIFEST["name"]
    assert hacs["homeassistant"] == "2026.10.0"
    assert list(hacs) == ["name", *sorted(set(hacs) - {"name"})]
    # A release's own archive: one download, of the integration alone. There is none of a branch,
    # which would be fetched file by file, so that branches are not offered.
    assert hacs["zip_release"] is True
    assert hacs["filename"] == release.ARCHIVE
    assert hacs["hide_default_branch"] is True
    read = {"content_in_root", "country", "filename", "hacs", "hide_default_branch"}
    read |= {"homeassistant", "name", "persistent_directory", "zip_release"}
    assert set(hacs) <= read


@pytest.mark.parametrize(("image", "size"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_brand_images(image: str, size: int) -> None:
    data = (PACKAGE / "brand" / image).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (size, size)
    assert len(data) < 100_000


# translations


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    else:
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}" if path else key)


def test_there_is_more_than_english() -> None:
    assert "en" in LANGUAGES
    assert len(LANGUAGES) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete(language: str) -> None:
    """Every key of English and no other, with the same placeholders."""
    other, english = dict(texts(load(f"translations/{language}.json"))), dict(texts(ENGLISH))
    assert set(other) == set(english)
    for key, text in other.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_hassfests_rules_of_texts(language: str) -> None:
    for path, text in texts(load(f"translations/{language}.json")):
        assert text == text.strip(), path
        assert text, path
        assert not re.search(r"<[a-z/]|https?://|\[%key", text), path
        assert not re.search(r"'\{\w+\}'", text), path
        assert all(KEY.fullmatch(part) for part in path.split(".")), path


def test_every_field_is_described() -> None:
    fixes = [i["fix_flow"]["step"] for i in ENGLISH["issues"].values() if "fix_flow" in i]
    for steps in (ENGLISH["config"]["step"], ENGLISH["options"]["step"], *fixes):
        for name, step in steps.items():
            assert set(step.get("data", {})) == set(step.get("data_description", {})), name


FETCH_ERRORS = set(
    re.findall(r'FetchError\("(\w+)"', (PACKAGE / "description_files/fetch.py").read_text())
)
"""Why a text could not be fetched."""
SOURCE_OF_DESCRIBING = "".join(p.read_text() for p in (PACKAGE / "describing").glob("*.py"))
"""The dialogs in which users describe devices."""


def literals(path: Path, function: str, keyword: str) -> set[str]:
    """Return the texts that a file passes to a function by that name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(function):
            for given in (k.value for k in node.keywords if k.arg == keyword):
                values = ast.walk(given)
                found |= {v.value for v in values if isinstance(v, ast.Constant)}
    return {str(f) for f in found}


def error_keys() -> set[str]:
    tree = ast.parse((PACKAGE / "errors.py").read_text())
    [table] = [n.value for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and n.value]
    assert isinstance(table, ast.Dict)
    return {str(ast.literal_eval(value)) for value in table.values} | {"driver"}


def used(function: str, keyword: str, *files: str) -> set[str]:
    return set().union(*(literals(PACKAGE / file, function, keyword) for file in files))


def test_every_key_of_the_config_flow_is_there_and_used() -> None:
    files, config = FLOW_FILES, ENGLISH["config"]
    drawn = used("show_form", "step_id", *files) | used("show_menu", "step_id", *files)
    asked = {"pair_press", "pair_text", "pair_choice"}  # drawn by one method, as the next ones
    asked |= {"asked", "reauth_asked"}
    asked |= {"confirm_cloud", "confirm_key"}  # named beside the integration that has the key
    variants = {f"{step}_with_taken" for step in ("pick", "nothing")}
    go_on = {
        "describe_back",
        "describe_keep",
        "describe_learn",
        "describe_look_again",
        "describe_trust",
        "describe_change",
        "describe_resume",
        "describe_greeting",
    }  # these show another step
    described = set(re.findall(r'"(describe\w*)"', SOURCE_OF_DESCRIBING)) - {
        *go_on,
        "described",  # an id
    }
    assert set(config["step"]) == drawn | asked | variants | described
    assert set(config["progress"]) == used("show_progress", "progress_action", *files)
    # those of Home Assistant's own methods
    its = {"already_configured", "already_in_progress"}
    its |= {"reauth_successful", "reconfigure_successful"}
    functions = ("async_abort", "AbortFlow", "reload_and_abort")
    reasons = set().union(*(used(function, "reason", *files) for function in functions))
    its |= {"added_all", "added_some", "added_none"}  # chosen by one method
    assert set(config["abort"]) == reasons | its
    others = {"answer", "value", "required", "faults", "text_faults", "choices", "not_written"}
    of_things = {
        "outside_range",
        "unit_of_quantity",
        "state_or_position",
        "same_position",
        "not_above_lowest",
        "no_modes",
        "neither_on_nor_off",
        "no_word",
        "not_a_choice",
        "not_a_number",
        "not_sent",
        "get_with_body",
        "unread",
        "no_value",
        "filled_in",
        "no_target",
        "ambiguous_word",
        "all_used",
    }
    assert all(f'"{each}"' in SOURCE_OF_DESCRIBING for each in of_things)
    others |= of_things
    others |= {"id_in_use", "changed_meanwhile"}
    others |= {"not_entered", "no_document", *FETCH_ERRORS}
    others |= set(re.findall(r'_show_text\("(\w+)"', (PACKAGE / TEXT_STEPS).read_text()))
    assert set(config["error"]) == error_keys() | ADDRESS_ERRORS | others
    menus = {n: s["menu_options"] for n, s in config["step"].items() if "menu_options" in s}
    assert set(menus["user"]) == {"search", "manual", "describe", "system"}
    offered = {each for n in described & set(menus) for each in menus[n]}
    assert offered <= described | go_on | {"settings"}


def test_no_title_of_a_menu_has_placeholders() -> None:
    """Home Assistant fills in only its description."""
    steps = [step for part in ("config", "options") for step in ENGLISH[part]["step"].values()]
    titles = [step["title"] for step in steps if "menu_options" in step]
    assert titles
    assert not [title for title in titles if "{" in title]


def test_every_key_of_the_options_and_the_repairs_is_there_and_used() -> None:
    files = [f"flows/{name}" for name in OPTIONS_FILES]
    steps = used("show_form", "step_id", *files)
    menus = used("show_menu", "step_id", *files)
    menus |= {"described", "described_none", "described_wrong"}  # drawn by one method
    own = {k: s for k, s in ENGLISH["options"]["step"].items() if not k.startswith("describe_")}
    assert set(own) == steps | menus
    init = {"cards", "drivers", "described", "listener"}
    offered = set[str]().union(*(s.get("menu_options", {}) for s in own.values()))
    assert set(ENGLISH["options"]["step"]["init"]["menu_options"]) == init
    begin = {"described_edit", "described_copy", "described_duplicate"}
    go_on = {"described_save", "described_add"}
    assert offered - begin - go_on == (steps | menus) - ELSEWHERE
    assert set(ENGLISH["options"]["abort"]) == used("async_abort", "reason", *files) | {"removed"}
    issues = ENGLISH["issues"]
    source = (PACKAGE / "reporting/issues.py").read_text()
    assert set(issues) == set(re.findall(r'^[A-Z_]+ = "(\w+)"$', source, re.MULTILINE))
    fixes = [issue["fix_flow"] for issue in issues.values() if "fix_flow" in issue]
    confirm = {"confirm"}  # drawn by Home Assistant's own class
    steps = used("show_form", "step_id", "repairs.py") | confirm
    steps |= used("show_menu", "step_id", "repairs.py")
    assert set().union(*(fix["step"] for fix in fixes)) == steps
    aborts = set().union(*(fix.get("abort", {}) for fix in fixes))
    assert aborts == used("async_abort", "reason", "repairs.py")
    source = (PACKAGE / "repairs.py").read_text()
    drawn = set(re.findall(r'errors\[.+\](?:, reason)? = "(\w+)"', source))
    assert set().union(*(fix.get("error", {}) for fix in fixes)) == drawn | ADDRESS_ERRORS
    source = "".join(
        (PACKAGE / file).read_text() for file in (*files, "description_files/fetch.py")
    )
    raised = r'errors\["?\w+"?\] = |invalid, |missing, |"base": |_show_text\(|FetchError\('
    drawn = set(re.findall(rf'(?:{raised})"(\w+)"', source))
    assert set(ENGLISH["options"]["error"]) == drawn | set(ENGLISH["config"]["error"])


@pytest.mark.parametrize("issue", ENGLISH["issues"])
def test_an_issue_is_described_or_mended(issue: str) -> None:
    assert set(ENGLISH["issues"][issue]) in ({"title", "description"}, {"title", "fix_flow"})


def test_every_exception_is_there_and_used() -> None:
    raised = set().union(*(literals(p, "Error", "translation_key") for p in OWN_FILES))
    only_in_dialogs = {"moved", "no_id", "not_confirmed", "taken"}
    assert set(ENGLISH["exceptions"]) == raised | error_keys() - only_in_dialogs


def test_every_error_of_the_library_has_a_key_of_its_own() -> None:
    leaves = {
        error.__name__
        for error in vars(edge_errors).values()
        if isinstance(error, type) and issubclass(error, EdgeError) and not error.__subclasses__()
    }
    named = re.findall(r"^    (\w+Error): ", (PACKAGE / "errors.py").read_text(), re.MULTILINE)
    assert set(named) | {"DriverError"} >= leaves


def test_icons() -> None:
    icons = load("icons.json")
    assert set(icons) <= {"entity", "services"}
    for path, icon in texts(icons):
        assert re.fullmatch(r"mdi:[a-z0-9-]+", icon), path
    for platform, keys in icons["entity"].items():
        unknown = set(keys) - set(ENGLISH["entity"][platform])
        assert not unknown


# actions


SERVICES = yaml.safe_load((PACKAGE / "services.yaml").read_text())


def test_actions_are_registered_named_described_and_have_an_icon() -> None:
    source = (PACKAGE / "services.py").read_text()
    call = r'async_register(?:_admin_service)?\(\s*(?:hass,\s*)?DOMAIN,\s*"(\w+)"'
    registered = re.findall(call, source)
    assert set(SERVICES) == set(registered)
    assert set(SERVICES) == set(ENGLISH["services"])
    assert set(SERVICES) == set(load("icons.json")["services"])
    assert all(set(icon) == {"service"} for icon in load("icons.json")["services"].values())


@pytest.mark.parametrize("name", SERVICES)
def test_an_action_and_its_fields_are_described(name: str) -> None:
    action, told = SERVICES[name], ENGLISH["services"][name]
    assert set(told) - {"fields"} == {"name", "description"}
    fields, described = action.get("fields", {}), told.get("fields", {})
    assert set(fields) == set(described)
    for key, field in fields.items():
        assert set(described[key]) == {"name", "description"}
        assert set(field) <= {"required", "example", "default", "selector"}
        assert len(field["selector"]) == 1
    assert "device" not in action.get("target", {})  # hassfest: a device selector instead


def test_the_system_information_is_named() -> None:
    tree = ast.parse((PACKAGE / "system_health.py").read_text())
    told = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    keys = [k for d in told if isinstance(d, ast.Dict) for k in d.keys if k is not None]
    assert set(ENGLISH["system_health"]["info"]) == {ast.literal_eval(key) for key in keys}


# quality scale


def quality_scale() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = yaml.safe_load((PACKAGE / "quality_scale.yaml").read_text())["rules"]
    return rules


def test_quality_scale_has_every_rule_in_order() -> None:
    assert list(quality_scale()) == [rule for tier in TIERS.values() for rule in tier.split()]
    assert len(quality_scale()) == 54


@pytest.mark.parametrize("rule", quality_scale())
def test_quality_scale_is_well_formed(rule: str) -> None:
    value = quality_scale()[rule]
    status = value if isinstance(value, str) else value["status"]
    assert status in {"done", "todo", "exempt"}
    if status == "exempt":
        assert value["comment"]
    if isinstance(value, Mapping):
        assert set(value) == {"status", "comment"}


def done(rule: str) -> bool:
    value = quality_scale()[rule]
    return value == "done" or (isinstance(value, Mapping) and value["status"] == "done")


def test_what_is_claimed_is_so() -> None:
    """Check what hassfest checks of the integrations in core."""
    assert done("parallel-updates")
    platforms = [p for p in OWN_FILES if "\nasync_setup_entry = setup_entry_of(" in p.read_text()]
    assert len(platforms) > 10
    for path in platforms:
        assert re.search(r"^PARALLEL_UPDATES = ", path.read_text(), re.MULTILINE), path.name
    assert done("runtime-data")
    setup = (PACKAGE / "__init__.py").read_text()
    assert "entry.runtime_data = " in setup
    for path in OWN_FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.arg) and node.arg == "entry":
                kind = ast.unparse(node.annotation or node)
                assert re.search(r"[A-Za-z]Entry\b", kind), f"{path.name}: {kind}"
    steps = "\n".join((PACKAGE / file).read_text() for file in FLOW_FILES)
    assert done("reconfiguration-flow")
    assert "def async_step_reconfigure(" in steps
    assert done("diagnostics")
    assert (PACKAGE / "diagnostics.py").is_file()
    assert done("strict-typing") is (PACKAGE / "py.typed").is_file()
    assert done("reauthentication-flow") is ("def async_step_reauth(" in steps)
    assert done("repair-issues") is (PACKAGE / "repairs.py").is_file()
    assert done("action-setup")
    [before] = re.findall(
        r"^async def async_setup\(.*?(?=^async def)", setup, re.MULTILINE | re.DOTALL
    )
    assert "async_setup_services(hass)" in before
    assert done("docs-actions")
    page = (ROOT / "docs/actions.md").read_text()
    assert "(docs/actions.md)" in (ROOT / "README.md").read_text()
    for name, action in SERVICES.items():
        assert f"## `lan_edge.{name}`" in page
        assert all(f"`{field}`" in page for field in action.get("fields", {}))
