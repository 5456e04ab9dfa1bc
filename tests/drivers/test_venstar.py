"""Venstar thermostats: at our emulator, which the library that Home Assistant uses talks to too."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest
from venstarcolortouch import VenstarColorTouch  # type: ignore[import-untyped]

from lan_edge import (
    Address,
    ArgumentError,
    Attribute,
    Battery,
    CarbonDioxideMeasurement,
    ClimateIntent,
    Command,
    CredentialsError,
    Device,
    Identity,
    IdentityError,
    OfflineError,
    OperatingState,
    Record,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    TimedOutError,
    UnconfirmedError,
    ssdp_search,
)
from lan_edge.connection.addresses import LOGIN_PATIENCE
from lan_edge.device import optional_readings
from lan_edge.driver.pairing import Pairing, TextQuestion
from lan_edge.drivers.venstar import Away, Schedule, Venstar
from lan_edge.drivers.venstar.scale import Scale
from tests.bundled import match
from tests.edge.certificates import certificate
from tests.edge.legacy_tls import LegacyTls
from tests.edge.peers import TcpPeer, Wire
from tests.emulators.faults import HttpOverride
from tests.emulators.rewriting import Change
from tests.emulators.ssdp import SsdpAnnouncer
from tests.emulators.venstar import TARGET, VenstarAdvertisement, VenstarEmulator

from .house import driven, shows, until

MAC = "0023a73ab272"
ELSEWHERE = "127.0.0.2"
SSDP_PORT = 19031
MODE = ThermostatMode.thermostat_mode
HEATING, COOLING = (
    ThermostatHeatingSetpoint.heating_setpoint,
    ThermostatCoolingSetpoint.cooling_setpoint,
)
HEAT, COOL, AUTO, OFF = (
    ThermostatModeValue.HEAT,
    ThermostatModeValue.COOL,
    ThermostatModeValue.AUTO,
    ThermostatModeValue.OFF,
)
DOES = ThermostatOperatingState.thermostat_operating_state


@pytest.fixture(autouse=True)
def impatient_venstar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Venstar, "poll", 0.1)
    options = Venstar.transport_options
    monkeypatch.setattr(
        Venstar, "transport_options", lambda self: replace(options(self), timeout=0.3)
    )
    monkeypatch.setattr(Venstar, "confirm_within", 0.4)
    monkeypatch.setattr(optional_readings, "SOONEST_AGAIN", 0.5)


@asynccontextmanager
async def venstar(**how: Any) -> AsyncGenerator[tuple[Device, VenstarEmulator]]:
    told = how.pop("told", {})
    async with VenstarEmulator(**how) as emulator:
        emulator.told = told
        async with driven(Venstar, Address(emulator.host, emulator.port), MAC) as device:
            yield device, emulator


@pytest.fixture
async def both() -> AsyncGenerator[tuple[Device, VenstarEmulator]]:
    async with venstar() as made:
        yield made


@pytest.fixture
def device(both: tuple[Device, VenstarEmulator]) -> Device:
    return both[0]


@pytest.fixture
def emulator(both: tuple[Device, VenstarEmulator]) -> VenstarEmulator:
    return both[1]


def sent(emulator: VenstarEmulator) -> list[tuple[str, Any]]:
    """Return what was posted since the last look."""
    posted = [(r.command, r.params) for r in emulator.log if r.command.startswith("POST")]
    emulator.log.clear()
    return posted


async def set_mode(device: Device, mode: ThermostatModeValue) -> None:
    await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": mode})


# what every driver does


async def test_a_command_is_carried_out_and_shown(
    device: Device, emulator: VenstarEmulator
) -> None:
    for number, mode in enumerate((OFF, HEAT, COOL, AUTO)):
        await set_mode(device, mode)
        assert emulator.state["mode"] == number
        assert device.state.get(MODE) is mode


async def test_a_change_at_the_device_is_followed(
    device: Device, emulator: VenstarEmulator
) -> None:
    for number, mode in ((2, COOL), (3, AUTO), (0, OFF)):
        await emulator.change(mode=number)
        await shows(device, MODE, mode)


async def test_a_lie_is_found_out(device: Device, emulator: VenstarEmulator) -> None:
    emulator.faults.lie = True
    with pytest.raises(UnconfirmedError):
        await set_mode(device, COOL)
    assert emulator.state["mode"] == 1
    assert device.state.get(MODE) is HEAT


async def test_it_comes_back_after_a_restart(device: Device, emulator: VenstarEmulator) -> None:
    await emulator.restart(down=0.3)
    await emulator.change(mode=2)
    await until(lambda: device.available and device.state.get(MODE) is COOL)
    await set_mode(device, OFF)
    assert emulator.state["mode"] == 0


async def test_a_silent_device_is_offline_until_it_speaks(
    device: Device, emulator: VenstarEmulator
) -> None:
    emulator.faults.silent = True
    with pytest.raises((TimedOutError, OfflineError)):
        await set_mode(device, COOL)
    await until(lambda: not device.available)
    assert emulator.state["mode"] == 1
    emulator.faults.silent = False
    await until(lambda: device.available)
    assert device.state.get(MODE) is HEAT


async def test_it_is_followed_to_where_it_was_seen(
    device: Device, emulator: VenstarEmulator
) -> None:
    """It cannot say who it is: its announcement does, once it is lost where it was."""
    await emulator.move(ELSEWHERE, old="closed")
    new = Address(ELSEWHERE, emulator.port)
    device.connection.sighted(new)
    await until(lambda: device.record.addresses[0] == new and device.available)
    await set_mode(device, COOL)
    assert emulator.state["mode"] == 2


async def test_what_is_no_thermostat_is_not_taken_for_one(
    device: Device, emulator: VenstarEmulator
) -> None:
    emulator.faults.override = HttpOverride(200, b'{"version": 1}')
    await until(lambda: not device.available)
    await until(lambda: isinstance(device.connection.reason, ReplyError | IdentityError))


# found


async def test_a_search_finds_it_and_says_who_it_is() -> None:
    async with VenstarEmulator() as emulator:
        location = f"http://{emulator.host}:{emulator.port}/"
        told = VenstarAdvertisement(emulator.host, emulator.usn, TARGET, location, port=SSDP_PORT)
        announcer = SsdpAnnouncer(told)
        await announcer.announce()
        try:
            assert (
                await ssdp_search(["ssdp:all"], [emulator.host], timeout=0.7, port=SSDP_PORT) == []
            )
            (found,) = await ssdp_search([TARGET], [emulator.host], timeout=0.7, port=SSDP_PORT)
        finally:
            await announcer.vanish()
        (candidate,) = match(found)
        assert candidate.driver is Venstar
        assert (candidate.match.unique_id, candidate.match.name) == (MAC, "Living Room")
        assert candidate.match.address == Address(emulator.host, emulator.port)
        assert candidate.match.fields == {"location": location}
        async with driven(Venstar, candidate.match.address, candidate.match.unique_id):
            pass


async def test_it_tells_what_it_is(device: Device) -> None:
    told = device.identity
    assert (told.name, told.manufacturer, told.mac) == ("Living Room", "Venstar", MAC)
    assert (told.model, told.firmware) == ("COLORTOUCH", "5.28")


@pytest.mark.parametrize(("location", "tls"), [("http://x:8080/", False), ("https://x/", True)])
def test_it_is_talked_to_as_it_was_announced(location: str, tls: bool) -> None:
    record = Record(Identity(MAC), fields={"location": location})
    options = Device(Venstar, record).driver.transport_options()
    assert (options.tls is not None, options.port) == (tls, 443 if tls else 80)


# what it tells


async def test_all_that_it_tells_in_fahrenheit(device: Device) -> None:
    get = device.state.get
    assert get(TemperatureMeasurement.temperature) == 21.67  # 71 °F
    assert get(RelativeHumidityMeasurement.humidity) == 41
    assert (get(HEATING), get(COOLING)) == (21.11, 24.17)  # 70, 75.5
    assert get(ThermostatHeatingSetpoint.heating_setpoint_range) == (1.67, 26.67)  # 35, 80
    assert get(ThermostatCoolingSetpoint.cooling_setpoint_range) == (18.33, 37.22)  # 65, 99
    assert get(ThermostatMode.supported_thermostat_modes) == (OFF, HEAT, COOL, AUTO)
    assert get(ThermostatFanMode.thermostat_fan_mode) is ThermostatFanModeValue.AUTO
    assert (get(Away.away), get(Schedule.schedule)) == (False, False)
    assert not device.state.rejected


async def test_all_that_it_tells_in_celsius() -> None:
    async with venstar(celsius=True) as (device, _):
        get = device.state.get
        assert get(TemperatureMeasurement.temperature) == 21.5
        assert (get(HEATING), get(COOLING)) == (21, 24.5)
        assert get(ThermostatCoolingSetpoint.cooling_setpoint_range) == (18, 37)


@pytest.mark.parametrize(
    ("model", "firmware", "told", "celsius"),
    [
        ("T2000", "5.27", {"tempunits": 0}, True),
        ("T3900", "5.28", {"tempunits": 0}, False),
        ("T3900", "", {"tempunits": 0}, True),
        ("COLORTOUCH", "4.08", {"tempunits": 0}, False),
        ("COLORTOUCH", "4.08", {"tempunits": None}, False),
        ("VYG-4900", "1.0", {"tempunits": None, "heattempmax": 37.0}, True),
        ("VYG-4900", "1.0", {"tempunits": [], "heattempmax": 37.0}, True),
    ],
)
async def test_which_unit_it_talks_in(
    model: str, firmware: str, told: dict[str, Any], celsius: bool
) -> None:
    told = {"heattemp": 20.0, **told}
    async with venstar(model=model, firmware=firmware, told=told) as (device, _):
        assert device.state.get(HEATING) == (20 if celsius else -6.67)


@pytest.mark.parametrize(
    ("state", "fanstate", "does"),
    [
        (0, 0, OperatingState.IDLE),
        (0, 1, OperatingState.FAN_ONLY),
        (1, 1, OperatingState.HEATING),
        (2, 1, OperatingState.COOLING),
        (3, 0, OperatingState.IDLE),
        (4, 0, OperatingState.IDLE),
    ],
)
async def test_what_it_does(state: int, fanstate: int, does: OperatingState) -> None:
    async with venstar(told={"state": state, "fanstate": fanstate}) as (device, _):
        assert device.state.get(DOES) is does


@pytest.mark.parametrize("firmware", ["5.27", "5.28", "5.65"])
@pytest.mark.parametrize(("fan", "fanstate"), [(0, 1), (0, 0), (1, 1)])
async def test_the_fan_of_a_t2000(firmware: str, fan: int, fanstate: int) -> None:
    async with venstar(model="T2000", firmware=firmware, celsius=True) as (device, emulator):
        await emulator.change(fan=fan, fanstate=fanstate, state=1)
        fans = (ThermostatFanModeValue.AUTO, ThermostatFanModeValue.ON)
        await shows(device, ThermostatFanMode.thermostat_fan_mode, fans[fan])
        await shows(device, DOES, OperatingState.HEATING)
        await perform(device, fan_mode=ThermostatFanModeValue.AUTO)
        assert emulator.state["fan"] == 0
        await emulator.change(state=0)
        does = OperatingState.FAN_ONLY if fanstate else OperatingState.IDLE
        await shows(device, DOES, does)


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_auto_is_there_only_where_all_modes_are(number: int) -> None:
    async with venstar(told={"availablemodes": number}) as (device, _):
        assert device.state.get(ThermostatMode.supported_thermostat_modes) == (OFF, HEAT, COOL)


async def test_a_commercial_one_is_never_away() -> None:
    async with venstar(told={"away": None}) as (device, _):
        capabilities = device.profile.components["main"].capabilities
        assert Away not in capabilities
        assert Schedule in capabilities


@pytest.mark.parametrize(
    "told",
    [
        {"mode": 9},
        {"mode": "heat"},
        {"mode": True},
        {"heattemp": "warm", "cooltemp": None},
        {"heattempmin": None},
        {"spacetemp": 1e9},
        {"fan": -1, "state": 77, "away": 3},
        {"name": 5, "availablemodes": "all"},
    ],
)
async def test_a_wrong_value_stays_out(
    device: Device, emulator: VenstarEmulator, told: dict[str, Any]
) -> None:
    before = device.state.values()
    emulator.told = told
    await device.commands.refresh()
    modes = ThermostatMode.supported_thermostat_modes
    after = {k: v for k, v in device.state.values().items() if k[1] != modes.id}
    assert after.items() <= before.items()  # what is wrong is unknown
    assert device.available
    assert device.counts["driver_errors"] == {}


@pytest.mark.parametrize(
    "answer",
    [
        HttpOverride(200, b"<html>"),
        HttpOverride(200, b"[]"),
        HttpOverride(200, b""),
        HttpOverride(200, b"{}"),
        HttpOverride(200, b'{"sensors": 5, "tempunits": 0}'),
        HttpOverride(200, b'{"sensors": [[], 5, {"name": 7}], "heattempmax": "hot"}'),
        HttpOverride(500, b"broken"),
        HttpOverride(302, b"", {"Location": "http://127.0.0.9:1/"}),
    ],
)
async def test_an_answer_that_is_none_shows_nothing_wrong(
    device: Device, emulator: VenstarEmulator, answer: HttpOverride
) -> None:
    emulator.faults.override = answer
    with pytest.raises((ReplyError, RefusedError)):
        await device.commands.refresh()
    assert device.counts["driver_errors"] == {}
    await until(lambda: not device.available)
    assert device.state.get(MODE) is HEAT
    emulator.faults.override = None
    await until(lambda: device.available)


async def test_sensors_are_parts_of_it_once_they_are_there(
    device: Device, emulator: VenstarEmulator
) -> None:
    assert set(device.profile.components) == {"main"}  # an outdoor sensor that is none tells 0
    own = {"name": "Thermostat", "temp": 71.0}
    remote = {"name": "Kid's Room", "temp": 68.0, "hum": 50, "co2": 700, "battery": 90}
    await emulator.change(sensors=[own, {"name": "Outdoor", "temp": 50.0}, remote])
    temperature = TemperatureMeasurement.temperature
    await shows(device, temperature, 10.0, "sensor_outdoor")
    room = "sensor_kid_s_room"
    assert device.profile.components[room].name == "Kid's Room"
    assert device.state.get(temperature, room) == 20
    assert device.state.get(RelativeHumidityMeasurement.humidity, room) == 50
    assert device.state.get(CarbonDioxideMeasurement.carbon_dioxide, room) == 700
    assert device.state.get(Battery.battery, room) == 90
    assert device.state.get(RelativeHumidityMeasurement.humidity) is None
    assert RelativeHumidityMeasurement in device.profile.components["main"].capabilities
    assert device.profile.components[room].child
    assert device.component_available(room)


TEMPERATURE = TemperatureMeasurement.temperature
OWN = {"name": "Thermostat", "temp": 71.0, "hum": 41}


def remote(name: str, temp: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "temp": temp, "battery": 90, "type": "Remote", **more}


async def test_a_sensor_that_is_not_listed_is_unavailable_until_it_is(
    device: Device, emulator: VenstarEmulator
) -> None:
    await emulator.change(sensors=[OWN, remote("Attic", 68.0), remote("Cellar", 50.0)])
    await shows(device, TEMPERATURE, 20, "sensor_attic")
    await emulator.change(sensors=[OWN, remote("Cellar", 50.0)])
    await until(lambda: not device.component_available("sensor_attic"))
    assert set(device.profile.components) == {"main", "sensor_attic", "sensor_cellar"}
    assert device.state.get(TEMPERATURE, "sensor_attic") is None
    assert device.component_available("sensor_cellar")
    await emulator.change(sensors=[OWN, remote("Attic", 59.0), remote("Cellar", 50.0)])
    await shows(device, TEMPERATURE, 15, "sensor_attic")
    assert device.component_available("sensor_attic")


async def test_a_thermostat_that_refuses_its_sensors_is_there(
    device: Device, emulator: VenstarEmulator
) -> None:
    await emulator.change(sensors=[OWN, remote("Attic", 68.0)])
    await shows(device, TEMPERATURE, 20, "sensor_attic")
    emulator.faults.refuse = ["/query/sensors"]
    await shows(device, RelativeHumidityMeasurement.humidity, None)
    await until(lambda: not device.component_available("sensor_attic"))
    await set_mode(device, COOL)
    assert device.state.get(TEMPERATURE) == 21.67
    assert RelativeHumidityMeasurement in device.profile.components["main"].capabilities
    emulator.faults.refuse = False
    await shows(device, RelativeHumidityMeasurement.humidity, 41)
    await shows(device, TEMPERATURE, 20, "sensor_attic")


async def test_one_that_refuses_its_sensors_from_the_start_is_added() -> None:
    async with VenstarEmulator() as emulator:
        emulator.faults.refuse = ["/query/sensors"]
        async with driven(Venstar, Address(emulator.host, emulator.port), MAC) as device:
            assert device.state.get(TEMPERATURE) == 21.67
            emulator.faults.refuse = False
            await shows(device, RelativeHumidityMeasurement.humidity, 41)


@pytest.mark.parametrize("told", [None, {}, "x", 0])
async def test_sensors_that_are_no_list_do_not_make_it_unavailable(told: Any) -> None:
    async with VenstarEmulator() as emulator:
        await emulator.change(sensors=told)
        async with driven(Venstar, Address(emulator.host, emulator.port), MAC) as device:
            assert device.state.get(TEMPERATURE) == 21.67
            await emulator.change(sensors=[OWN, remote("Attic", 68.0)])
            await shows(device, TEMPERATURE, 20, "sensor_attic")
            await emulator.change(sensors=told)
            await until(lambda: not device.component_available("sensor_attic"))
            assert device.available


@pytest.mark.parametrize("temp", [None, "warm", [], {}, True, 1e9])
async def test_a_temperature_that_is_none_is_unknown(
    device: Device, emulator: VenstarEmulator, temp: Any
) -> None:
    await emulator.change(sensors=[OWN, remote("Attic", 68.0)])
    await shows(device, TEMPERATURE, 20, "sensor_attic")
    await emulator.change(sensors=[OWN, remote("Attic", temp, battery=temp)])
    await shows(device, TEMPERATURE, None, "sensor_attic")
    assert device.state.get(Battery.battery, "sensor_attic") is None
    assert device.component_available("sensor_attic")
    await emulator.change(sensors=[OWN, {"name": "Attic"}])
    await device.commands.refresh()
    assert device.state.get(TEMPERATURE, "sensor_attic") is None
    assert Battery in device.profile.components["sensor_attic"].capabilities


@pytest.mark.parametrize(
    ("celsius", "before", "shown"),
    [(False, 50.0, None), (False, 8.0, -17.78), (True, 21.0, None), (True, 4.0, 0)],
)
async def test_0_out_of_the_blue_is_no_temperature(
    celsius: bool, before: float, shown: float | None
) -> None:
    async with venstar(celsius=celsius) as (device, emulator):
        await emulator.change(sensors=[OWN, {"name": "Outdoor", "temp": before}])
        part = "sensor_outdoor"
        await until(lambda: device.state.get(TEMPERATURE, part) is not None)
        await emulator.change(sensors=[OWN, {"name": "Outdoor", "temp": 0.0}])
        await shows(device, TEMPERATURE, shown, part)
        await device.commands.refresh()
        assert device.state.get(TEMPERATURE, part) == shown
        assert device.component_available(part)


@pytest.mark.parametrize(
    "two",
    [
        [remote("Bedroom", 68.0, id=0), remote("Bedroom", 50.0, id=1)],
        [remote("Bedroom", 68.0), remote("Bedroom", 50.0)],
    ],
)
async def test_two_sensors_of_one_name_are_two_also_after_a_restart(
    device: Device, emulator: VenstarEmulator, two: list[dict[str, Any]]
) -> None:
    first, second = "sensor_bedroom", "sensor_bedroom-2"
    await emulator.change(sensors=[OWN, *two])
    await shows(device, TEMPERATURE, 10, second)
    assert device.state.get(TEMPERATURE, first) == 20
    parts = device.profile.components
    assert [parts[part].name for part in (first, second)] == ["Bedroom", "Bedroom 2"]
    again = Device(Venstar, Record.from_dict(device.record.as_dict()))
    again.start()
    try:
        await shows(again, TEMPERATURE, 10, second)
        await emulator.change(sensors=[OWN, two[1]])
        await until(lambda: not again.component_available(first))
        has_ids = "id" in two[0]  # without, it may be either of them
        assert again.component_available(second) is has_ids
        assert again.state.get(TEMPERATURE, second) == (10 if has_ids else None)
        await emulator.change(sensors=[OWN, *two])
        await shows(again, TEMPERATURE, 20, first)
        await shows(again, TEMPERATURE, 10, second)
    finally:
        await again.stop()


async def test_names_that_differ_in_signs_only_are_two(
    device: Device, emulator: VenstarEmulator
) -> None:
    await emulator.change(sensors=[OWN, remote("Kid's", 68.0), remote("Kid s", 50.0)])
    await shows(device, TEMPERATURE, 10, "sensor_kid_s-2")
    await emulator.change(sensors=[OWN, remote("Kid s", 59.0)])
    await shows(device, TEMPERATURE, 15, "sensor_kid_s-2")
    assert not device.component_available("sensor_kid_s")


async def test_ever_new_sensors_are_not_all_remembered(
    device: Device, emulator: VenstarEmulator
) -> None:
    for start in range(0, 200, 40):
        sensors = [remote(f"S{n}", 68.0) for n in range(start, start + 40)]
        await emulator.change(sensors=[OWN, *sensors])
        await shows(device, TEMPERATURE, 20, f"sensor_s{start}")
    assert len(device.driver.memory.sensors) <= 64


@pytest.mark.parametrize(
    ("name", "shown"), [("K\udcfcche", "K\ufffdche"), ("Hall \udcfc\x07", "Hall \ufffd")]
)
async def test_an_odd_name(name: str, shown: str) -> None:
    async with venstar(name=name) as (device, emulator):
        assert device.identity.name == shown
        await emulator.change(sensors=[{"name": f"{name} 2", "temp": 70.0}])
        await until(lambda: any("2" in c.name for c in device.profile.components.values()))


async def test_an_old_one_by_https(emulator: VenstarEmulator) -> None:
    """Its TLS 1.2 has no secure renegotiation; its certificate is pinned all the same."""
    shown = certificate("thermostat")

    async def talk(wire: Wire) -> None:
        tls = LegacyTls(wire, shown)
        await tls.handshake()
        await tls.forward(emulator.port)

    async with TcpPeer(talk) as peer:
        record = Record(Identity(MAC), (peer.address,), fields={"location": "https://x/"})
        device = Device(Venstar, record)
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": COOL})
            assert emulator.state["mode"] == 2
            await shows(device, MODE, COOL)
        finally:
            await device.stop()
    assert record.pin == shown.fingerprint


async def test_odd_answers_are_as_good_as_any(device: Device, emulator: VenstarEmulator) -> None:
    emulator.faults.odd = True
    emulator.login = ("admin", "secret")
    await until(lambda: not device.available)
    emulator.login = None
    await until(lambda: device.available)
    await device.commands.execute(ThermostatMode.set_thermostat_mode, {"mode": COOL})
    assert emulator.state["mode"] == 2
    await shows(device, MODE, COOL)


@given(st.integers(-80, 240).map(lambda halves: halves / 2), st.booleans())
def test_each_half_degree_comes_back(degrees: float, celsius: bool) -> None:
    scale = Scale(celsius)
    assert scale.write(scale.read(degrees)) == degrees


# what it is told


async def perform(device: Device, **wanted: Any) -> None:
    await device.commands.perform(ClimateIntent(**wanted))


@pytest.mark.parametrize(
    ("wanted", "posted"),
    [
        ({"fan_mode": ThermostatFanModeValue.ON}, {"fan": "1"}),
        ({"mode": COOL}, {"mode": "2", "heattemp": "70.0", "cooltemp": "75.5"}),
        ({"heating": 20}, {"heattemp": "68.0", "cooltemp": "75.5"}),
        ({"heating": 0}, None),
        ({"heating": 24}, {"heattemp": "75.0", "cooltemp": "77.0"}),
        ({"cooling": 20}, {"heattemp": "66.0", "cooltemp": "68.0"}),
        ({"heating": 18, "cooling": 26}, {"heattemp": "64.5", "cooltemp": "79.0"}),
        (
            {"mode": AUTO, "heating": 20, "cooling": 25, "fan_mode": ThermostatFanModeValue.ON},
            {"mode": "3", "fan": "1", "heattemp": "68.0", "cooltemp": "77.0"},
        ),
    ],
)
async def test_all_of_it_goes_in_one_request(
    device: Device,
    emulator: VenstarEmulator,
    wanted: dict[str, Any],
    posted: dict[str, str] | None,
) -> None:
    sent(emulator)
    if posted is None:
        with pytest.raises(RefusedError, match="Invalid heattemp"):
            await perform(device, **wanted)
        return
    await perform(device, **wanted)
    assert sent(emulator) == [("POST /control", posted)]
    assert emulator.state.items() >= {k: float(v) for k, v in posted.items()}.items()
    for attribute, name in ((HEATING, "heattemp"), (COOLING, "cooltemp")):
        if name in posted:
            assert device.state.get(attribute) == Scale(celsius=False).read(float(posted[name]))


async def test_it_fills_in_what_is_set_at_the_wall_meanwhile(
    device: Device, emulator: VenstarEmulator
) -> None:
    await emulator.change(cooltemp=82.0)
    await perform(device, heating=20)
    assert emulator.state["cooltemp"] == 82
    assert emulator.state["heattemp"] == 68


@pytest.mark.parametrize(
    ("missing", "wanted", "posted"),
    [
        ("setpointdelta", {"heating": 20}, {"heattemp": "68.0", "cooltemp": "75.5"}),
        ("setpointdelta", {"cooling": 26}, {"heattemp": "70.0", "cooltemp": "79.0"}),
        ("setpointdelta", {"mode": COOL}, {"mode": "2", "heattemp": "70.0", "cooltemp": "75.5"}),
        ("heattemp", {"heating": 20}, {"heattemp": "68.0", "cooltemp": "75.5"}),
        ("cooltemp", {"cooling": 26}, {"heattemp": "70.0", "cooltemp": "79.0"}),
        ("heattemp", {"heating": 20, "cooling": 26}, {"heattemp": "68.0", "cooltemp": "79.0"}),
    ],
)
async def test_a_command_needs_only_what_it_does_not_set(
    device: Device,
    emulator: VenstarEmulator,
    missing: str,
    wanted: dict[str, Any],
    posted: dict[str, str],
) -> None:
    emulator.told = {missing: None}
    await device.commands.refresh()
    sent(emulator)
    await perform(device, **wanted)
    assert sent(emulator) == [("POST /control", posted)]


@pytest.mark.parametrize("delta", ["two", True, [1], {"degrees": 2}, None])
async def test_a_distance_that_makes_no_sense_keeps_none(
    device: Device, emulator: VenstarEmulator, delta: Any
) -> None:
    emulator.faults.rewrite = Change("GET /query/info", ("setpointdelta",), delta)
    await perform(device, heating=20)
    assert emulator.state["heattemp"] == 68


async def test_celsius_is_told_as_it_is() -> None:
    async with venstar(celsius=True) as (device, emulator):
        sent(emulator)
        await perform(device, heating=19.5, cooling=23)
        assert sent(emulator) == [("POST /control", {"heattemp": "19.5", "cooltemp": "23.0"})]


async def test_setpoints_too_close_are_refused_in_its_words(
    device: Device, emulator: VenstarEmulator
) -> None:
    with pytest.raises(RefusedError, match="Setpoints too close"):
        await perform(device, mode=AUTO, heating=22, cooling=22)
    assert emulator.state["mode"] == 1
    assert device.available


@pytest.mark.parametrize(
    "wanted",
    [{"mode": ThermostatModeValue.ECO}, {"fan_mode": ThermostatFanModeValue.CIRCULATE}],
)
async def test_what_it_does_not_know_it_is_not_told(
    device: Device, emulator: VenstarEmulator, wanted: dict[str, Any]
) -> None:
    sent(emulator)
    with pytest.raises(ArgumentError, match="is not one of"):
        await perform(device, **wanted)
    assert sent(emulator) == []


@pytest.mark.parametrize(
    ("order", "attribute", "name"),
    [(Away.set_away, Away.away, "away"), (Schedule.set_schedule, Schedule.schedule, "schedule")],
)
async def test_away_and_schedule(
    device: Device,
    emulator: VenstarEmulator,
    order: Command[...],
    attribute: Attribute[bool],
    name: str,
) -> None:
    for value in (True, False):
        sent(emulator)
        await device.commands.execute(order, {name: value})
        assert sent(emulator) == [("POST /settings", {name: str(int(value))})]
        assert emulator.state[name] == int(value)
        assert device.state.get(attribute) is value


async def test_while_its_schedule_runs_it_refuses_to_be_away(
    device: Device, emulator: VenstarEmulator
) -> None:
    await emulator.change(schedule=1)
    with pytest.raises(RefusedError, match="Schedule is running"):
        await device.commands.execute(Away.set_away, {"away": True})
    assert emulator.state["schedule"] == 1


# let in


async def test_the_pin_goes_with_each_request(device: Device, emulator: VenstarEmulator) -> None:
    emulator.pin = "0042"
    with pytest.raises(RefusedError, match="Invalid PIN"):
        await set_mode(device, COOL)
    await device.change_settings({"pin": "42"})
    await set_mode(device, COOL)
    assert emulator.state["mode"] == 2
    assert not any("0042" in entry.text for entry in device.trace.entries())


async def test_a_login_is_asked_for_where_it_wants_one() -> None:
    async with VenstarEmulator() as emulator:
        emulator.login = ("admin", "s3cret")
        address = Address(emulator.host, emulator.port)
        device = Device(Venstar, Record(Identity(MAC), (address,)))
        pairing = Pairing(lambda ask: device.pair(address, ask))
        for given_ in ("admin", "s3cret"):
            question = await pairing.question()
            assert isinstance(question, TextQuestion)
            assert question.secret is (given_ == "s3cret")
            pairing.answer(given_)
        assert await pairing.question() is None
        await pairing.close()
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await set_mode(device, COOL)
            assert emulator.state["mode"] == 2
            assert "s3cret" not in str(device.trace.entries())
            emulator.login = ("admin", "another")
            await until(lambda: isinstance(device.connection.reason, CredentialsError))
        finally:
            await device.stop()


async def test_no_login_is_asked_for_where_it_wants_none() -> None:
    async with VenstarEmulator() as emulator:
        address = Address(emulator.host, emulator.port)
        device = Device(Venstar, Record(Identity(MAC), (address,)))
        pairing = Pairing(lambda ask: device.pair(address, ask))
        assert await pairing.question() is None
        await pairing.close()
        assert dict(device.secrets) == {}


@pytest.mark.parametrize("has", ["login", "pin"])
async def test_one_forged_notice_gets_neither_login_nor_pin(has: str) -> None:
    """Whether the thermostat is there or was just lost; and after a move, it comes back."""
    async with VenstarEmulator() as emulator, VenstarEmulator(ELSEWHERE) as forger:
        here, there = (Address(e.host, e.port) for e in (emulator, forger))
        for each in (emulator, forger):
            each.login = ("admin", "s3cret") if has == "login" else None
        device = Device(
            Venstar,
            Record(Identity(MAC), (here,), challenge="MD5 auth thermostat"),
            settings={"pin": "0042"} if has == "pin" else {},
            secrets={"user": "admin", "password": "s3cret"} if has == "login" else {},
        )
        back = asyncio.Event()
        device.start()
        try:
            await until(lambda: device.available)
            device.connection.sighted(there)
            await asyncio.sleep(20)
            assert device.available
            assert device.connection.address == here
            assert not forger.log
            await emulator.down()
            await until(lambda: not device.available)
            for _ in range(50):
                device.connection.sighted(there)
                await asyncio.sleep(1)
            assert not forger.log
            device.observer.on_online = back.set
            async with asyncio.timeout(LOGIN_PATIENCE):
                await back.wait()
            assert device.connection.address == there
        finally:
            await device.stop()


async def test_two_with_logins_that_swap_addresses_come_back() -> None:
    async with VenstarEmulator() as first, VenstarEmulator(ELSEWHERE) as second:
        first.login, second.login = ("admin", "another"), ("admin", "s3cret")
        here, there = (Address(e.host, e.port) for e in (first, second))
        device = Device(
            Venstar,
            Record(Identity(MAC), (here,), challenge="MD5 auth thermostat"),
            secrets={"user": "admin", "password": "s3cret"},
        )
        back = asyncio.Event()
        device.observer.on_online = back.set
        device.start()
        try:
            async with asyncio.timeout(4 * LOGIN_PATIENCE):
                device.connection.sighted(there)
                await back.wait()
            assert device.connection.address == there
        finally:
            await device.stop()


# the emulator, by the library that Home Assistant uses


@pytest.mark.parametrize("login", [None, ("admin", "s3cret")])
async def test_the_library_takes_the_emulator_for_a_thermostat(
    login: tuple[str, str] | None,
) -> None:
    async with VenstarEmulator() as emulator:
        emulator.login, emulator.pin = login, "0042"
        user, password = login or (None, None)
        where = f"{emulator.host}:{emulator.port}"
        client = VenstarColorTouch(where, 2, user=user, password=password, pin="42")
        await asyncio.to_thread(drive, client)
        told = emulator.state
        assert (told["mode"], told["fan"], told["heattemp"], told["cooltemp"]) == (3, 1, 66, 74)
        assert (told["away"], told["schedule"]) == (1, 0)


def drive(client: Any) -> None:
    """Have the library read everything and set what it can."""
    assert client.login()
    assert client.update()
    assert (client.get_indoor_temp(), client.get_indoor_humidity()) == (71, 41)
    assert client.tempunits == client.TEMPUNITS_F
    assert client.set_setpoints(66, 74)
    assert client.set_mode(client.MODE_AUTO)
    assert not client.set_setpoints(74, 74)
    assert client.set_fan(client.FAN_ON)
    assert client.set_schedule(1)
    assert client.set_away(client.AWAY_AWAY)
