"""Tuya: descriptions that say what the points of a product mean, at our emulator."""

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from lan_edge import (
    Address,
    Component,
    ContactSensor,
    CurrentMeasurement,
    DescriptionError,
    Device,
    Identity,
    LightIntent,
    PointsDriver,
    PowerMeter,
    Profile,
    Record,
    Sighting,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    UdpBeacon,
    VoltageMeasurement,
    compile_description,
    described_by,
    read_description,
    traffic_of,
)
from lan_edge.cli.writing import UnwritableError, written
from tests.emulators.tuya import ID, KEY, TuyaEmulator

from .house import shows, until

TEXT = """\
description: 1
id: tuya_heater
name: Heater with a sensor
products: [{manufacturer: Tuya, model: keyjup78v54myhan}]
talks: tuya
components:
  main:
    powerMeter:
      power: {path: "19"}
    temperatureMeasurement:
      temperature: {path: "101", scale: 0.1}
    own:
      countdown:
        number: [0, 86400]
        name: Countdown
        unit: s
        path: "9"
        round: 0
        set: {message: {"9": "{value}"}}
      mode:
        choice: {"0": eco, "1": boost}
        path: "102"
        set: {message: {"102": "{value}"}}
      model: {text: true, path: "103"}
  lamp:
    name: Lamp
    category: light
    switch:
      switch: {path: "104"}
      on: {message: {"104": true}}
      off: {message: {"104": false}}
    switchLevel:
      level: {path: "105", scale: 0.1, round: 0}
      setLevel: {message: {"105": "{level}"}}
    contactSensor:
      contact: {fixed: true}
"""
POINTS: dict[str, Any] = {
    "1": False,
    "9": 0,
    "18": 350,
    "19": 80,
    "20": 2301,
    "101": 215,
    "102": "0",
    "103": "x",
    "104": False,
    "105": 1000,
}


def described(emulator: TuyaEmulator, text: str = TEXT) -> Device:
    """Return a device whose driver is a description."""
    fields = {"device_id": ID, "version": emulator.version}
    record = Record(Identity(ID), (Address(emulator.host, emulator.port),), fields=fields)
    driver = compile_description(read_description(text))
    return Device(driver, record, secrets={"local_key": KEY})


async def test_what_a_product_lacks_is_shown_once_it_is_told() -> None:
    text = (
        TEXT.replace('path: "101", scale: 0.1', 'path: "101", optional: true, scale: 0.1')
        .replace('path: "103"', 'path: "103", optional: true')
        .replace("    name: Lamp\n", "    name: Lamp\n    optional: true\n")
    )
    lacking = {n: value for n, value in POINTS.items() if n not in {"101", "103", "104", "105"}}
    async with TuyaEmulator(lacking) as emulator:
        device = described(emulator, text)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            main = device.profile.components["main"]
            assert TemperatureMeasurement not in main.capabilities
            assert [each.name for each in main.lacks] == ["model"]
            assert "lamp" not in device.profile.components
            emulator.report({"104": True})
            await until(lambda: device.state.get(Switch.switch, "lamp") is True)
            await shows(device, ContactSensor.contact, True, "lamp")
            assert TemperatureMeasurement not in device.profile.components["main"].capabilities
        finally:
            await device.stop()


async def test_what_is_described_counts_and_the_rest_is_recognized() -> None:
    async with TuyaEmulator(POINTS) as emulator:
        device = described(emulator)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            state = device.state
            assert state.get(PowerMeter.power) == 80
            assert state.get(CurrentMeasurement.current) == 0.35
            assert state.get(TemperatureMeasurement.temperature) == 21.5
            assert state.get(SwitchLevel.level, "lamp") == 100
            assert state.get(ContactSensor.contact, "lamp") is True
            driver = device.driver
            assert isinstance(driver, PointsDriver)
            assert {n: driver.meanings.get(n) for n in ("1", "19", "104", "9")} == {
                "1": "switch.switch",
                "19": "powerMeter.power",
                "104": "lamp.switch.switch",
                "9": "tuyaHeater.main.countdown",
            }
            await device.commands.execute(Switch.on, {})
            assert emulator.points["1"] is True
            await device.commands.execute(Switch.on, {}, "lamp")
            assert emulator.points["104"] is True
            await device.commands.perform(LightIntent(on=True, level=30), "lamp")
            assert emulator.points["105"] == 300
            emulator.report({"101": 228})
            await shows(device, TemperatureMeasurement.temperature, 22.8)
            emulator.report({"101": "broken"})
            await shows(device, TemperatureMeasurement.temperature, None)
        finally:
            await device.stop()


async def test_a_point_that_only_toggles_is_set_where_it_is_needed() -> None:
    text = TEXT
    for old in ('{"104": true}', '{"104": false}'):
        text = text.replace(old, '{"106": true}')
    async with TuyaEmulator({**POINTS, "106": False}) as emulator:
        device = described(emulator, text)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(Switch.off, {}, "lamp")
            assert emulator.points["106"] is False
            turning_on = asyncio.create_task(device.commands.execute(Switch.on, {}, "lamp"))
            await until(lambda: emulator.points["106"] is True)
            emulator.report({"104": True})
            await turning_on
        finally:
            await device.stop()


@pytest.mark.parametrize("known", [Component((Switch,)), None])
def test_what_the_device_has_shown_itself_is_never_taken_for_described(
    known: Component | None,
) -> None:
    """It may not report it for now, as after a restart."""
    context: Any = Mock(declared=Profile(**({"lamp": known} if known else {})))
    driver: Any = compile_description(read_description(TEXT))(context)
    assert driver.with_described({})["lamp"].described is (known is None)


async def test_its_own_values_are_set() -> None:
    async with TuyaEmulator(POINTS) as emulator:
        device = described(emulator)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            (own,) = (c for c in device.profile.components["main"].capabilities if "." in c.id)
            members = vars(own)
            assert device.state.get(members["mode"]) == "eco"
            await device.commands.execute(members["setCountdown"], {"value": 60})
            await device.commands.execute(members["setMode"], {"value": "boost"})
            assert (emulator.points["9"], emulator.points["102"]) == (60, "1")
            await shows(device, members["countdown"], 60)
        finally:
            await device.stop()


async def test_a_light_that_is_recognized_stays_one_beside_what_is_described() -> None:
    points = {"20": True, "21": "white", "22": 505, "104": False, "105": 1000}
    async with TuyaEmulator(points) as emulator:
        device = described(emulator)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.perform(LightIntent(on=True, level=30))
            assert (emulator.points["22"], emulator.points["105"]) == (300, 1000)
        finally:
            await device.stop()


async def test_what_is_ignored_is_as_if_it_were_not_there() -> None:
    async with TuyaEmulator({"1": True, "19": 80}) as emulator:
        text = TEXT.replace("talks: tuya\n", 'talks: tuya\nignored: ["19"]\n')
        device = described(emulator, text)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            assert device.state.get(Switch.switch) is True
            assert device.state.get(PowerMeter.power) is None
        finally:
            await device.stop()


async def test_a_point_that_is_something_else_is_not_what_it_was_taken_for() -> None:
    text = """\
description: 1
id: tuya_chip
name: Plug
talks: tuya
components:
  main:
    temperatureMeasurement:
      temperature: {path: "18", scale: 0.1}
"""
    points = {"1": True, "9": 0, "18": 350, "19": 800, "20": 2300}
    async with TuyaEmulator(points) as emulator:
        device = described(emulator, text)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await shows(device, TemperatureMeasurement.temperature, 35)
            main = device.profile.components["main"]
            assert CurrentMeasurement not in main.capabilities
            assert device.state.get(PowerMeter.power) == 80
            driver = device.driver
            assert isinstance(driver, PointsDriver)
            assert driver.meanings["18"] == "temperatureMeasurement.temperature"
        finally:
            await device.stop()


async def test_what_is_ignored_leaves_the_rest_as_it_was_recognized() -> None:
    points = {"1": True, "18": 350, "19": 805, "20": 2301}
    async with TuyaEmulator(points) as emulator:
        text = TEXT.replace('    powerMeter:\n      power: {path: "19"}\n', "")
        device = described(
            emulator, text.replace("talks: tuya\n", 'talks: tuya\nignored: ["19"]\n')
        )
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            main = device.profile.components["main"].capabilities
            assert (PowerMeter in main, VoltageMeasurement in main) == (False, True)
            assert device.state.get(CurrentMeasurement.current) == 0.35
            driver = device.driver
            assert isinstance(driver, PointsDriver)
            assert "19" not in driver.meanings
            assert driver.points["19"] == 805  # for its owner, who may want it after all
        finally:
            await device.stop()


def test_only_points_are_ignored() -> None:
    with pytest.raises(DescriptionError, match="only for points, not for lines"):
        read_description(
            "description: 1\nid: x\nname: X\ntalks: lines\nignored: ['1']\ncomponents:\n"
            "  main: {switch: {switch: {fixed: true}, on: {line: a}, off: {line: b}}}\n"
        )


def test_it_is_matched_by_the_product_that_the_device_announces() -> None:
    driver = compile_description(read_description(TEXT))
    beacon = {"gwId": ID, "version": "3.4", "productKey": "keyjup78v54myhan"}
    address = Address("127.0.0.5", 6668)
    for product, is_it in (("keyjup78v54myhan", True), ("other", False)):
        fields = {"beacon": beacon | {"productKey": product}}
        sightings = [
            Sighting("beacon", each.kind, address, "", fields)
            for each in driver.discovery
            if isinstance(each, UdpBeacon)
        ]
        matches = [m for e, s in zip(driver.discovery, sightings, strict=True) if (m := e.match(s))]
        assert bool(matches) is is_it
    assert driver.family_id == "tuya"
    description = described_by(driver)
    assert description is not None
    assert driver.summarize().products == ("Tuya keyjup78v54myhan",)
    traffic = traffic_of(description)
    assert (traffic.talks, traffic.port, traffic.poll) == ("tuya", 6668, 300)


@pytest.mark.parametrize("field", ["requests: {a: {get: /}}", "poll: 5", "options: {port: 1}"])
def test_what_the_driver_of_the_family_knows_is_not_described(field: str) -> None:
    with pytest.raises(DescriptionError):
        read_description(f"{TEXT}{field}\n")


def test_what_is_no_message_of_points_cannot_be_sent() -> None:
    with pytest.raises(DescriptionError, match="cannot be sent by tuya"):
        read_description(TEXT.replace('on: {message: {"104": true}}', "on: {get: /on}"))


def test_it_is_not_written_as_code() -> None:
    with pytest.raises(UnwritableError, match="meaning of points"):
        written(read_description(TEXT))
