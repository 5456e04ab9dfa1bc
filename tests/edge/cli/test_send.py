"""`lan-edge send`: one command."""

from pathlib import Path
from typing import Any

from .console import cli


async def test_a_command(driver: Path, device: Any, host: str) -> None:
    ran = await cli("send", host, "level.set", 40, "--driver", driver)
    assert ran.code == 0
    assert ran.out == "done: switchLevel.level is 40\n"
    assert device.state == {"on": False, "level": 40}


async def test_as_json(driver: Path, device: Any, host: str) -> None:
    ran = await cli("send", host, "switch.on", "--driver", driver, "--json")
    assert ran.code == 0
    assert ran.documents == [
        {"done": "switch.on", "component": "main", "attribute": "switch.switch", "value": True}
    ]
    assert device.state["on"] is True


async def test_the_driver_is_identified(driver: Path, device: Any, host: str) -> None:
    ran = await cli("send", host, "switch.on", "--drivers", driver)
    assert ran.code == 0
    assert device.state["on"] is True


async def test_a_wrong_argument(driver: Path, device: Any, host: str) -> None:
    ran = await cli("send", host, "level.set", 400, "--driver", driver)
    assert ran.code == 2
    assert ran.err == (
        "error: switchLevel.setLevel, argument level: 400 is outside the range 0 to 100\n"
    )
    assert device.state["level"] == 100


async def test_a_device_that_is_not_there(driver: Path, device: Any, host: str) -> None:
    await device.__aexit__()
    ran = await cli("send", host, "switch.on", "--driver", driver, "--json")
    assert ran.code == 1
    [document] = ran.documents
    assert document["error"]["kind"] == "UnreachableError"
    assert "Connection refused" in document["error"]["message"]


async def test_a_driver_that_is_not_there(host: str) -> None:
    for driver, said in (("dishwasher", "there is no driver 'dishwasher'"), ("no.py", "no file")):
        ran = await cli("send", host, "switch.on", "--driver", driver)
        assert ran.code == 2
        assert said in ran.err


async def test_nobody_answers_to_any_driver(driver: Path, device: Any, host: str) -> None:
    await device.__aexit__()
    ran = await cli("send", host, "switch.on")
    assert ran.code == 2
    assert "answers to no driver; choose one with --driver" in ran.err


async def test_an_argument_that_it_does_not_have(driver: Path, device: Any, host: str) -> None:
    ran = await cli("send", host, "level.set", 40, "fade=2", "--driver", driver)
    assert ran.code == 2
    assert ran.err == (
        "error: there is no argument fade: the arguments of switchLevel.setLevel are level, rate\n"
    )
    ran = await cli("send", host, "switch.on", "fade=2", "--driver", driver)
    assert ran.err == "error: there is no argument fade: switch.on takes none\n"
    assert device.state == {"on": False, "level": 100}
