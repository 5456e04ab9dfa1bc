"""`lan-edge new --from-curl`, `--from-rest`, `--from-openapi`: what an owner has already."""

from pathlib import Path

import pytest

from lan_edge import read_description
from tests.edge.declarative.importing.openapi_documents import HEATER

from .console import cli
from .test_new import texts

REST = """
sensor:
  - {platform: rest, name: Power, resource: http://10.0.0.5/power, colour: red}
  - {platform: rest, name: Level, resource: http://10.0.0.6/level}
"""


async def test_a_description_from_curl(tmp_path: Path) -> None:
    curl = "curl -s -u admin:s3cret http://10.0.0.5/status"
    ran = await cli("new", "odd_meter", "--from-curl", curl, "--folder", tmp_path)
    assert ran.code == 0
    assert "odd_meter.yaml describes the device at 10.0.0.5" in ran.out
    assert "left out: --silent" in ran.out
    text = (tmp_path / "odd_meter.yaml").read_text()
    assert "s3cret" not in text
    assert read_description(text).name == "Odd meter"


async def test_descriptions_from_rest(tmp_path: Path) -> None:
    file = tmp_path / "configuration.yaml"
    file.write_text(REST)
    ran = await cli("new", "odd_meter", "--from-rest", file, "--folder", tmp_path)
    assert ran.code == 0
    assert "not understood: sensor[0].colour" in ran.out
    for name in ("odd_meter", "odd_meter_2"):
        assert read_description((tmp_path / f"{name}.yaml").read_text()).id == name


@pytest.fixture
def heater(tmp_path: Path) -> Path:
    """Return the file of an OpenAPI document."""
    file = tmp_path / "openapi.yaml"
    file.write_text(HEATER)
    return file


async def test_what_a_document_offers_is_listed(tmp_path: Path, heater: Path) -> None:
    folder = tmp_path / "new"
    ran = await cli("new", "heater", "--from-openapi", heater, "--folder", folder)
    assert ran.code == 0
    assert "\n  PATCH /settings target: number, read at GET /status target (Changes" in ran.out
    assert "left out: GET /status: children has parts of its own kind" in ran.out
    assert not folder.exists()


async def test_a_description_from_a_document(tmp_path: Path, heater: Path) -> None:
    picked = ("--pick", "PATCH /settings target", "--pick", "POST /restart")
    ran = await cli("new", "heater", "--from-openapi", heater, *picked, "--folder", tmp_path)
    assert ran.code == 0
    assert "heater.yaml describes the device at heater.local" in ran.out
    description = read_description((tmp_path / "heater.yaml").read_text())
    assert [*description.components["main"].own] == ["target", "restart"]


async def test_what_cannot_be_picked(tmp_path: Path, heater: Path) -> None:
    for options in (("--from-openapi", heater, "--pick", "GET /none"), ("--pick", "GET /status")):
        ran = await cli("new", "heater", *options, "--folder", tmp_path)
        assert ran.code != 0
        assert "GET /none" in ran.err or "only for --from-openapi" in ran.err


async def test_what_cannot_be_imported(tmp_path: Path) -> None:
    wrong = (
        ("--from-curl", "wget x"),
        ("--from-rest", tmp_path / "none.yaml"),
        ("--from-openapi", tmp_path / "none.json"),
    )
    for option, value in wrong:
        ran = await cli("new", "odd_meter", option, value, "--folder", tmp_path)
        assert ran.code != 0
        assert ran.err
    assert not texts(tmp_path)
