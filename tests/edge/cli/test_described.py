"""Descriptions on the command line: run, identified, commanded and checked like drivers."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.drivers.described import EXAMPLES, text_of
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.published.go_e import GoECharger

from .console import cli, running

BULB = EXAMPLES / "json_bulb.yaml"
SOON = 0.01


@pytest.fixture
async def bulb() -> AsyncGenerator[JsonBulbEmulator]:
    async with JsonBulbEmulator(id="bulb-1") as made:
        yield made


@pytest.fixture
async def charger() -> AsyncGenerator[GoECharger]:
    async with GoECharger() as made:
        yield made


@pytest.fixture
def at(bulb: JsonBulbEmulator) -> str:
    return f"{bulb.host}:{bulb.port}"


async def test_it_is_run(bulb: JsonBulbEmulator, at: str) -> None:
    ran = await cli("run", BULB, at, typed="level.set 40\nswitch.on\n")
    assert ran.code == 0
    assert {"  switchLevel.level = 40 %", "  switch.switch = on"} <= {*ran.out.splitlines()}
    assert bulb.state == {"on": True, "level": 40}


async def test_it_is_sent_a_command(bulb: JsonBulbEmulator, at: str) -> None:
    ran = await cli("send", at, "switch.on", "--driver", BULB)
    assert ran.code == 0
    assert bulb.state["on"] is True


async def test_it_is_identified(bulb: JsonBulbEmulator, at: str) -> None:
    ran = await cli("identify", at, "--drivers", BULB, "--json")
    [mine] = [each for each in ran.documents if each["driver"] == "json_bulb"]
    assert mine["identity"]["unique_id"] == "bulb-1"


async def test_a_bundled_one_is_used_by_its_id(charger: GoECharger) -> None:
    at = str(charger.address)
    ran = await cli("run", "go_e_charger", at, typed="current.set 10\n")
    assert ran.code == 0
    assert charger.asked == ["GET /api/set?amp=10"]
    ran = await cli("identify", at, "--json")
    found = {each["driver"]: each for each in ran.documents if each["matches"]}
    assert found["go_e_charger"]["identity"]["unique_id"] == "123456"
    ran = await cli("check", "go_e_charger")
    assert (ran.code, ran.out.split(";")[0]) == (0, "no mistakes")


async def test_a_bundled_one_needs_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lan_edge.declarative.texts._PACKAGES", ("no_such_package",))
    ran = await cli("run", "go_e_charger", "192.0.2.1")
    assert ran.code != 0
    assert "need the package no_such_package: run `pip install lan-edge[descriptions]`" in " ".join(
        ran.err.split()
    )
    ran = await cli("run", "wiz2", "192.0.2.1")
    assert "there is no driver 'wiz2'" in ran.err


async def test_those_in_a_folder_are_used(tmp_path: Path, at: str) -> None:
    (tmp_path / "bulb.yaml").write_text(text_of("json_bulb"))
    (tmp_path / "broken.yaml").write_text("description: 1\n")
    ran = await cli("identify", at, "--drivers", tmp_path)
    assert "bulb-1" in ran.out


async def test_a_saved_text_is_used_at_once(
    tmp_path: Path, bulb: JsonBulbEmulator, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lan_edge.cli.watching.FILE_INTERVAL", SOON)
    file = tmp_path / "bulb.yaml"
    file.write_text(text_of("json_bulb"))
    async with running("run", file, at, "--watch") as command:
        await command.until("switchLevel.level = 100 %")
        text = text_of("json_bulb").replace("path: level}", "path: level, x: 1}")
        file.write_text(text)
        await command.until("not used: ")
        assert "bulb.yaml:21: components.main.switchLevel.level.x " in command.out
        text = text_of("json_bulb").replace("path: level}", "path: level, scale: 0.5}")
        file.write_text(text)
        await command.until("the saved file is in use")
        await command.until("switchLevel.level = 50 %")
    assert bulb.connections.accepted == 2  # to ask who it is, and to stay


async def test_a_good_one_has_no_mistakes() -> None:
    ran = await cli("check", BULB)
    assert (ran.code, ran.out.splitlines()[-1].partition(";")[0]) == (0, "no mistakes")


async def test_all_faults_have_their_line_field_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "bulb.yaml"
    text = text_of("json_bulb").replace("call: info", "cal: info")
    file.write_text(text.replace("path: on", 'path: "data["'))
    ran = await cli("check", file, "--json")
    assert ran.code == 4
    *faults, summary = ran.documents
    assert summary["mistakes"] == len(faults) == 2
    assert [each["line"] for each in faults] == [9, 17]
    assert faults[0]["what"].startswith("requests.info")
    assert all(each["remedy"] for each in faults)


async def test_a_text_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "bulb.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    ran = await cli("check", file)
    assert ran.code == 4
    ran = await cli("run", file, "127.0.0.1")
    assert "the text is not YAML" in ran.err


async def test_one_that_is_not_there(tmp_path: Path) -> None:
    ran = await cli("run", tmp_path / "bulb.yaml", "127.0.0.1")
    assert ran.code == 2
    assert "there is no file" in ran.err
