"""What follows from the drivers is up to date, and a change that nobody generated shows."""

import json
from pathlib import Path
import shutil
from typing import Any

import pytest

from lan_edge import Dhcp, Driver, Http, Mdns, Profile, Refresh
from scripts import generated
from scripts.reference import Library
from tests.bundled import bundled


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the generated files, to be spoilt."""
    for path, _ in generated._wanted():
        there = tmp_path / path.relative_to(generated.ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, there)
    examples = generated.ROOT / "docs/examples"
    if examples.is_dir():
        shutil.copytree(examples, tmp_path / "docs/examples", dirs_exist_ok=True)
    for name in ("custom_components/lan_edge/edge", "tests"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(generated.ROOT / name)
    monkeypatch.setattr(generated, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["generate"])
    assert generated.main() == 0
    return tmp_path


def test_nothing_is_outdated() -> None:
    assert generated.outdated() == []


def test_a_change_by_hand_shows(copy: Path) -> None:
    assert generated.outdated() == []
    manifest = copy / "custom_components/lan_edge/manifest.json"
    data: dict[str, Any] = json.loads(manifest.read_text())
    data["zeroconf"].append("_planted._tcp.local.")
    manifest.write_text(json.dumps(data, indent=2) + "\n")
    assert generated.outdated() == [manifest]
    readme = copy / "README.md"
    readme.write_text(readme.read_text().replace("| Snapcast |", "| Planted |"))
    assert set(generated.outdated()) == {manifest, readme}


def test_a_new_driver_shows_and_is_generated(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Planted(Driver[Http]):
        """Planted: a protocol."""

        id = "planted"
        discovery = (Mdns("_planted._tcp.local."),)
        profile = Profile(Refresh)

    drivers = {**bundled(), "planted": Planted}
    monkeypatch.setattr(generated, "bundled", lambda: drivers)
    names = {path.name for path in generated.outdated()}
    assert {"manifest.json", "README.md"} <= names
    assert generated.main() == 0
    assert generated.outdated() == []
    manifest = json.loads((copy / "custom_components/lan_edge/manifest.json").read_text())
    assert "_planted._tcp.local." in manifest["zeroconf"]
    assert "| Planted |" in (copy / "README.md").read_text()


def test_a_changed_docstring_shows_and_is_generated(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "source/lan_edge"
    shutil.copytree(copy / "custom_components/lan_edge/edge", package)
    loader = package / "driver/loader.py"
    loader.write_text(loader.read_text().replace('"""Import every', '"""Planted: import every'))
    changed = Library(package.parent)
    monkeypatch.setattr(generated, "_library", lambda: changed)
    page = copy / "docs/reference/device.md"
    assert generated.outdated() == [page]
    assert generated.main() == 0
    assert generated.outdated() == []
    assert "Planted: import every" in page.read_text()


def test_check_tells_by_its_exit(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generated.main() == 0
    (copy / "README.md").write_text(f"{generated.BEGIN}\n{generated.END}\n")
    assert generated.main() == 1
    assert "README.md is outdated" in capsys.readouterr().out


def test_dhcp_matchers_are_written_as_home_assistant_reads_them() -> None:
    matchers = [Dhcp(mac="a8bb50*"), Dhcp(hostname="WIZ_*"), Dhcp(mac="a8bb50*", name="again")]
    both = Dhcp(mac="50C7BF*", hostname="hs*")
    assert generated._dhcp([*matchers, both]) == [
        {"hostname": "hs*", "macaddress": "50C7BF*"},
        {"hostname": "wiz_*"},
        {"macaddress": "A8BB50*"},
    ]
