"""`lan-edge new --from-curl` and `--from-rest`: descriptions of what an owner has already."""

from pathlib import Path

from lan_edge import read_description

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


async def test_what_cannot_be_imported(tmp_path: Path) -> None:
    for option, value in (("--from-curl", "wget x"), ("--from-rest", tmp_path / "none.yaml")):
        ran = await cli("new", "odd_meter", option, value, "--folder", tmp_path)
        assert ran.code != 0
        assert ran.err
    assert not texts(tmp_path)
