"""What a device may lack: it has it once it was told, and keeps it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from lan_edge import (
    Device,
    PowerMeter,
    Record,
    Switch,
    UnsupportedError,
    connect,
    read_description,
)
from lan_edge.cli.writing import written
from tests.drivers.described import compiled
from tests.edge.declarative.texts import said

from .charger import TEXT, TOKEN, Charger

OPTIONAL = (
    TEXT.replace('path: "nrg[1]"}', 'path: "nrg[1]", optional: true}')
    .replace("path: mode,", "path: mode, optional: true,")
    .replace("        path: lck\n", "        path: lck\n        optional: true\n")
    .replace("    name: Second socket\n", "    name: Second socket\n    optional: true\n")
)
LACKING = ("alw2", "mode", "lck")


@asynccontextmanager
async def driven(
    charger: Charger, text: str = OPTIONAL, record: Record | None = None
) -> AsyncGenerator[Device]:
    driver, settings = compiled(text), {"token": TOKEN}
    async with connect(driver, charger.address, settings=settings, record=record) as device:
        yield device


@pytest.fixture
async def charger() -> AsyncGenerator[Charger]:
    """Return one that lacks all that is optional."""
    async with Charger().there() as made:
        made.meter = None
        for name in LACKING:
            del made.state[name]
        yield made


def shown(device: Device) -> set[str]:
    """Return the ids of all attributes of a device that are shown, with their components."""
    parts = device.profile.components.items()
    return {f"{name} {attribute.id}" for name, each in parts for attribute in each.attributes}


MAY_LACK = {
    "main powerMeter.power",
    "main thermostatMode.thermostatMode",
    "main thermostatMode.supportedThermostatModes",
    "main exampleCharger.main.lock",
    "socket_2 switch.switch",
}


async def test_what_a_device_lacks_is_not_shown(charger: Charger) -> None:
    everything = Device(compiled(TEXT), Record())
    async with driven(charger) as device:
        assert shown(everything) - shown(device) == MAY_LACK
        assert device.state.get(Switch.switch) is False
        assert not device.state.rejected


async def test_what_it_lacks_cannot_be_commanded(charger: Charger) -> None:
    async with driven(charger) as device:
        main = device.profile.components["main"]
        own = next(each for each in main.capabilities if "." in each.id)
        lock = next(each for each in own.commands if each.name == "setLock")
        assert lock not in device.profile.commands()
        with pytest.raises(UnsupportedError, match=r"nothing for exampleCharger\.main\.setLock"):
            await device.commands.execute(lock, {"value": "Never"})


async def test_it_is_shown_once_it_is_told_and_stays(charger: Charger) -> None:
    async with driven(charger) as device:
        changes: list[set[str]] = []
        device.observer.on_profile = lambda: changes.append(shown(device))
        charger.state |= {"alw2": True, "mode": 1, "lck": 1}
        await device.commands.refresh()
        assert MAY_LACK - shown(device) == {"main powerMeter.power"}
        assert device.state.get(Switch.switch, "socket_2") is True
        assert changes
        del charger.state["alw2"]
        await device.commands.refresh()
        assert device.state.get(Switch.switch, "socket_2") is None
        assert "socket_2 switch.switch" in shown(device)


async def test_it_is_remembered_and_follows_the_text(charger: Charger) -> None:
    charger.state["lck"] = 1
    async with driven(charger) as device:
        stored = Record.from_dict(device.record.as_dict())
    del charger.state["lck"]
    assert "main exampleCharger.main.lock" in shown(Device(compiled(OPTIONAL), stored))
    renamed = OPTIONAL.replace("      label: {text", "      label: {optional: true, text")
    del charger.state["name"]
    async with driven(charger, renamed, stored) as device:
        assert "main exampleCharger.main.label" not in shown(device)
        assert "main exampleCharger.main.lock" in shown(device)


async def test_null_is_not_told_and_a_value_that_makes_no_sense_is_not_had(
    charger: Charger,
) -> None:
    charger.state |= {"alw2": None, "mode": 9}
    async with driven(charger) as device:
        assert shown(device).isdisjoint(MAY_LACK)


def test_a_written_driver_says_it_alike() -> None:
    template = '        template: "value * 100 / limit"\n'
    text = written(read_description(OPTIONAL.replace(template, "")))
    lacking = text.partition("may_lack=")[2].partition(")")[0]
    assert [each.strip() for each in lacking.strip("(").split(",") if each.strip()] == [
        "PowerMeter",
        "ThermostatMode",
        "ExampleChargerValues.lock",
    ]
    assert text.count("optional=True") == 1
    assert "        if self.has(ThermostatMode):\n            self.emit(" in text


def test_a_preview_has_everything() -> None:
    driver = compiled(OPTIONAL)
    whole = Device(driver, Record(profile=driver.profile.whole))
    assert shown(whole) - shown(Device(driver, Record())) == MAY_LACK
    assert PowerMeter in whole.profile.components["main"].capabilities


each_fault = pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            TEXT.replace("  main:\n", "  main:\n    optional: true\n"),
            "components.main.optional is for parts, not for the device itself: write it at",
        ),
        (
            TEXT.replace(
                "        assumed: true\n", "        assumed: true\n        optional: true\n"
            ),
            "components.main.own.note.optional is not read: say where it is read, or remove",
        ),
        (
            TEXT.replace("name: Restart}", "name: Restart, optional: true}"),
            "components.main.own.reboot.optional is not for a button: remove it",
        ),
        (
            TEXT + "  bell:\n    optional: true\n    own: {ring: {button: {get: /api/ring}}}\n",
            "components.bell.optional is at something of which nothing is read: say where",
        ),
        (
            TEXT.replace("{fixed: [heat", "{optional: true, fixed: [heat"),
            "supportedThermostatModes.optional cannot be there beside fixed: remove one of them",
        ),
    ],
)


@each_fault
def test_what_cannot_be_optional(text: str, fault: str) -> None:
    assert any(fault in each for each in said(text)), said(text)
