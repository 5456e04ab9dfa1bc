"""`lan-edge run`: a device live, with commands from a pipe."""

from pathlib import Path
from typing import Any

from .console import cli


async def test_its_state_and_commands(driver: Path, device: Any, host: str) -> None:
    ran = await cli("run", driver, host, typed="level.set 40\n\n# a remark\nswitch.on\n")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Garage door, 0001",
        "  switch.switch = off",
        "  switchLevel.level = 100 %",
        "  switchLevel.level = 40 %",
        "  switch.switch = on",
    ]
    assert device.state == {"on": True, "level": 40}


async def test_as_json(driver: Path, device: Any, host: str) -> None:
    ran = await cli("run", driver, host, "--json", typed="switch.on\nswitch.explode\n")
    assert ran.code == 2
    events = [document.get("event", "error") for document in ran.documents]
    assert events == ["device", "state", "state", "state", "done", "error"]
    assert ran.documents[3] == {
        "event": "state",
        "component": "main",
        "attribute": "switch.switch",
        "value": True,
    }
    assert ran.documents[-1]["error"]["kind"] == "UnsupportedError"


async def test_the_first_failure_is_the_exit_code(driver: Path, device: Any, host: str) -> None:
    typed = "switch.on\nlevel.set 400\nswitch.explode\nswitch.off\n"
    ran = await cli("run", driver, host, typed=typed)
    assert ran.code == 2
    assert ran.err.count("error: ") == 2
    assert device.state["on"] is False


async def test_words_that_are_no_commands(driver: Path, device: Any, host: str) -> None:
    ran = await cli("run", driver, host, typed="help\nstate\nrefresh\ntrace\nquit\nswitch.on\n")
    assert ran.code == 0
    assert "level.set LEVEL [RATE]" in ran.out
    assert ran.out.count("Garage door, 0001") == 2
    assert "  sent       " in ran.out
    assert device.state["on"] is False


async def test_a_device_that_is_not_there(driver: Path, device: Any, host: str) -> None:
    await device.__aexit__()
    ran = await cli("run", driver, host, typed="switch.on\n")
    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert not ran.out


async def test_the_url_that_its_owner_enters(tmp_path: Path) -> None:
    text = """
description: 1
id: bell
name: Bell
talks: http
poll: never
posts: true
messages:
  door: {when: {path: door}}
components:
  main:
    contactSensor: {contact: {from: door, path: door}}
"""
    file = tmp_path / "bell.yaml"
    file.write_text(text)
    ran = await cli("run", file, "127.0.0.1:9", typed="state\n")
    assert ran.code == 0, ran.err
    assert "Enter this URL in the device: http://127.0.0.1:" in ran.err
    written = await cli("new", "bell", "--from", file, "--folder", tmp_path)
    assert written.code == 0, written.err
    assert "    keeps_callback_url = True\n" in (tmp_path / "bell.py").read_text()
