"""What owners have reported of Meross devices, by the number of the issue of meross_lan."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from lan_edge import (
    Address,
    Battery,
    ColorControl,
    ColorTemperature,
    CredentialsError,
    CurrentMeasurement,
    Device,
    DoorState,
    EnergyMeter,
    GarageDoorControl,
    IdentityError,
    LightIntent,
    PowerMeter,
    Property,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    ShadeState,
    Sighting,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UnconfirmedError,
    WindowShade,
    WindowShadeLevel,
    memory_of,
    udp_probe,
)
from lan_edge.connection import addresses
from lan_edge.discovery.matchers import UdpProbe
from lan_edge.driver.pairing import Pairing, TextQuestion
from lan_edge.drivers.meross import Meross, read_answer
from lan_edge.drivers.meross.kinds.table import TABLES
from lan_edge.drivers.meross.memory import NEEDED
from tests.bundled import match
from tests.emulators.meross import KEY, MerossEmulator
from tests.emulators.meross_models import (
    BATTERIES,
    CIRCUITS,
    COUNTER,
    LIGHT,
    METER,
    MODELS,
    POSITION,
    SENSORS,
    VALVES,
    WALKED,
    listed,
    sensor,
    valve,
)
from tests.ports import free_port

from .house import shows, until
from .meross_house import asked, driven, driven_meross, new_device

MULTIPLE = "SET Appliance.Control.Multiple"
OTHER_KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def soon_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be fast: give up soon, try it elsewhere at once, though it has a secret."""
    monkeypatch.setattr(addresses, "LOGIN_PATIENCE", 0.5)
    monkeypatch.setattr(Meross, "options", replace(Meross.options, timeout=0.3))


# where it is, and its key


def sighted(source: str, host: str, **values: dict[str, str]) -> list[tuple[str, Address]]:
    """Return what the driver makes of a sighting: ids and addresses."""
    sighting = Sighting(source, "", Address(host), "", values)
    found = [each.match for each in match(sighting) if each.driver is Meross]
    return [(each.unique_id, each.address) for each in found]


@pytest.mark.parametrize("mac", ["48e1e9a1b2c3", "c4e7aea1b2c3", "34298f1a2b3c"])
async def test_206_it_is_recognized_when_it_asks_for_an_address(mac: str) -> None:
    [(own_id, address)] = sighted("dhcp", "192.168.1.9", dhcp={"mac": mac, "hostname": "x"})
    assert (own_id, address.host) == (mac, "192.168.1.9")
    assert not sighted("dhcp", "192.168.1.9", dhcp={"mac": "34298f2a2b3c", "hostname": "x"})


@pytest.fixture
def probe() -> UdpProbe:
    """Return the driver's search, at ports that no other program on this machine has."""
    [made] = [each for each in Meross.discovery if isinstance(each, UdpProbe)]
    return replace(made, probe_port=free_port(), answer_port=free_port())


async def test_206_it_is_found_by_a_search_after_it_has_moved(probe: UdpProbe) -> None:
    ports: Any = {"search_port": probe.probe_port, "answer_port": probe.answer_port}
    async with (
        MerossEmulator(announce=True, **ports) as emulator,
        driven(new_device(emulator)) as device,
    ):
        await emulator.move("127.0.0.42", old="closed")
        [sighting] = await udp_probe([probe], hosts=["127.0.0.42"])
        found = probe.match(sighting)
        assert found is not None
        assert (found.unique_id, found.model, found.name) == (
            *(emulator.id, "mss110", "Meross mss110"),
        )
        assert found.address == Address("127.0.0.42", 80)  # not the port that answered
        new = Address("127.0.0.42", emulator.port)
        device.connection.sighted(new)
        await until(lambda: device.available and device.connection.address == new)


async def test_devices_of_refoss_answer_the_search_and_are_left_to_their_own_integration() -> None:
    assert read_answer(b'{"uuid": "1", "mac": "2", "deviceType": "em06"}') == {}
    for model in (*MODELS.keys() - {"em06"}, "MSS310"):
        assert read_answer(f'{{"uuid": "1", "mac": "2", "deviceType": "{model}"}}'.encode()), model


async def test_341_another_device_of_the_same_account_at_its_address_is_not_taken_for_it() -> None:
    async with driven_meross("mss110") as (emulator, device):
        emulator.faults.impostor = "48e1e9ffffff"  # at once, without a broken connection
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        await until(lambda: not device.available)
        emulator.faults.impostor = None
        device.connection.sighted(*device.record.addresses)
        await until(lambda: device.available)


async def paired(device: Device, *answers: str) -> list[TextQuestion]:
    """Pair a device with these answers; return the questions."""
    pairing = Pairing(lambda ask: device.pair(device.record.addresses[0], ask))
    questions = list[Any]()
    try:
        while (question := await pairing.question()) is not None:
            questions.append(question)
            pairing.answer(answers[len(questions) - 1])
    finally:
        await pairing.close()
    return questions


@pytest.mark.parametrize("encrypts", [False, True])
async def test_158_firmware_that_insists_on_the_key_has_it_asked_for(encrypts: bool) -> None:
    async with MerossEmulator(encrypts=encrypts) as emulator:
        device = new_device(emulator, "")
        device.start()
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        await device.stop()
        asked_for = await paired(device, OTHER_KEY, f" {KEY} ")
        assert len(asked_for) == 2
        assert device.secrets == {"key": KEY}
        device.start()
        await until(lambda: device.available)
        await device.stop()


async def test_a_device_without_a_key_is_not_asked_for_one() -> None:
    async with MerossEmulator(key="") as emulator:
        assert not await paired(new_device(emulator))


async def test_456_newer_firmware_is_spoken_to_encrypted() -> None:
    async with driven_meross("mss110", encrypts=True) as (emulator, device):
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True}
        emulator.faults.override = None
        await shows(device, Switch.switch, True)


async def test_an_answer_that_is_not_encrypted_where_it_should_be_is_none() -> None:
    async with driven_meross("mss110", encrypts=True) as (emulator, device):
        emulator.faults.rewrite = lambda request, answer: (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" if "All" in request else answer
        )
        await until(lambda: not device.available)
        emulator.faults.rewrite = None
        await until(lambda: device.available)


# answers that are cut off, empty, or of another shape


async def test_244_a_hub_with_many_valves_is_asked_for_few_at_once() -> None:
    more = [f"0100{n:04X}" for n in range(16)]
    async with MerossEmulator(model="msh300") as emulator:
        emulator.model.digest["hub"]["subdevice"] = [listed(each, "mts100v3") for each in more]
        emulator.model.answers[VALVES]["all"] = [valve(each) for each in more]
        emulator.longest = 3000  # more than All has, less than all valves
        async with driven(new_device(emulator)) as device:
            for each in more:
                await shows(device, TemperatureMeasurement.temperature, 15.5, each)


@pytest.mark.parametrize("fault", ["empty", "cut off", "refused", "unknown"])
async def test_526_where_several_requests_in_one_fail_each_is_sent(fault: str) -> None:
    async with MerossEmulator(model="mss310") as emulator:
        emulator.loses_many = fault == "empty"
        if fault == "cut off":
            emulator.model.answers["Appliance.Control.ConsumptionX"]["consumptionx"] *= 8
            emulator.longest = 2000
        if fault == "refused":
            emulator.faults.refuse = {"Appliance.Control.Multiple"}
        if fault == "unknown":
            emulator.most_at_once = 0
        async with driven(new_device(emulator)) as device:
            await shows(device, PowerMeter.power, 1.015)
            await shows(device, EnergyMeter.energy, 0.18)
            assert asked(emulator, MULTIPLE) <= 1


async def test_one_of_several_requests_that_is_refused_is_sent_again_alone() -> None:
    async with MerossEmulator(model="mss310") as emulator:
        emulator.faults.refuse = {"Appliance.Control.ConsumptionX"}
        async with driven(new_device(emulator)) as device:
            await shows(device, PowerMeter.power, 1.015)
            assert device.state.get(EnergyMeter.energy) is None
            assert asked(emulator, "GET Appliance.Control.ConsumptionX") == 1


async def test_419_an_old_roller_shutter_gets_one_request_at_a_time() -> None:
    async with MerossEmulator(model="mrs100") as emulator:
        emulator.model.firmware = "2.1.4"
        async with driven(new_device(emulator)) as device:
            await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
            assert not asked(emulator, MULTIPLE)
            await device.commands.execute(WindowShade.open, {})
            [told] = [each.params for each in emulator.log if each.command == f"SET {POSITION}"]
            assert told == {"position": {"channel": 0, "position": 100}}  # 321: not in a list


async def test_227_a_roller_shutter_with_older_firmware_has_no_position() -> None:
    async with MerossEmulator(model="mrs100") as emulator:
        emulator.model.firmware = "4.2.1"
        async with driven(new_device(emulator)) as device:
            assert WindowShadeLevel not in device.profile.components["main"].capabilities
    async with driven_meross("mrs100") as (_, device):
        assert WindowShadeLevel in device.profile.components["main"].capabilities


async def test_447_a_roller_shutter_that_lists_an_odd_outlet_has_none() -> None:
    async with driven_meross("mrs100") as (emulator, device):
        assert emulator.model.digest == {"togglex": {"channel": 0}}
        assert Switch not in device.profile.components["main"].capabilities


@pytest.mark.parametrize("is_list", [True, False])
async def test_439_a_door_is_told_in_a_list_or_alone(is_list: bool) -> None:
    async with MerossEmulator(model="msg100") as emulator:
        [door] = emulator.listed("garageDoor")
        emulator.model.digest["garageDoor"] = [door] if is_list else door
        async with driven(new_device(emulator)) as device:
            await shows(device, GarageDoorControl.door, DoorState.CLOSED)
            door["open"] = 1
            await shows(device, GarageDoorControl.door, DoorState.OPEN)


async def test_272_a_door_that_is_open_already_is_not_opening() -> None:
    async with driven_meross("msg100") as (emulator, device):
        emulator.listed("garageDoor")[0]["open"] = 1
        await shows(device, GarageDoorControl.door, DoorState.OPEN)
        seen = list[Any]()
        device.state.subscribe(
            GarageDoorControl.door,
            "main",
            lambda: seen.append(device.state.get(GarageDoorControl.door)),
        )
        await device.commands.execute(GarageDoorControl.open, {})
        await asyncio.sleep(1)
        assert DoorState.OPENING not in seen


async def test_330_a_door_that_is_turned_off_in_the_app_is_not_shown() -> None:
    async with driven_meross("msg200") as (emulator, device):
        assert {*device.profile.components} == {"indicator", "door_1", "door_2"}
        await device.commands.execute(GarageDoorControl.open, {}, "door_2")
        assert [each["open"] for each in emulator.listed("garageDoor")] == [0, 1, 0]


async def test_428_a_door_at_channel_0_of_an_opener_for_three_is_none() -> None:
    async with MerossEmulator(model="msg200") as emulator:
        emulator.listed("garageDoor").append({"channel": 0, "open": 1, "lmTime": 0})
        async with driven(new_device(emulator)) as device:
            assert {*device.profile.components} == {"indicator", "door_1", "door_2"}


# lights


@pytest.mark.parametrize("turns_on", [True, False])
async def test_218_a_dimmer_is_turned_on_only_if_it_is_not_by_its_brightness(
    turns_on: bool,
) -> None:
    async with driven_meross("mss560") as (emulator, device):
        emulator.turns_on = turns_on
        await device.commands.perform(LightIntent(on=True, level=40))
        assert emulator.state == {"on": True}
        assert emulator.listed("light")[0]["luminance"] == 40
        assert asked(emulator, "SET Appliance.Control.ToggleX") == int(not turns_on)
        await device.commands.perform(LightIntent(on=False))
        await device.commands.perform(LightIntent(on=True))
        assert emulator.state == {"on": True}
        await device.commands.perform(LightIntent(on=False))
        await device.commands.execute(SwitchLevel.set_level, {"level": 50})
        assert emulator.state == {"on": True}


async def test_553_a_light_without_its_brightness_is_still_there() -> None:
    async with driven_meross("msl120") as (emulator, device):
        for name in ("luminance", "rgb", "capacity"):
            del emulator.listed("light")[0][name]
        await shows(device, SwitchLevel.level, None)
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)


# thermostats


async def test_440_a_temperature_is_kept_within_the_limits() -> None:
    heat, own_id = ThermostatHeatingSetpoint.set_heating_setpoint, WALKED[0]
    async with driven_meross("msh300") as (emulator, device):
        [told] = emulator.model.answers[VALVES]["all"]
        told["temperature"]["max"] = 280
        setpoint_range = ThermostatHeatingSetpoint.heating_setpoint_range
        await shows(device, setpoint_range, (5, 28), own_id)
        await device.commands.execute(heat, {"setpoint": 27.8}, own_id)
        assert told["temperature"]["custom"] == 280


async def test_limits_that_make_no_sense_are_the_usual_ones() -> None:
    async with driven_meross("mts200") as (emulator, device):
        [told] = emulator.model.digest["thermostat"]["mode"]
        setpoint_range = ThermostatHeatingSetpoint.heating_setpoint_range
        told["min"], told["max"] = 100, 100
        await shows(device, setpoint_range, (5, 35))


async def test_401_a_temperature_that_is_set_ends_the_schedule() -> None:
    heat, own_id = ThermostatHeatingSetpoint.set_heating_setpoint, WALKED[0]
    async with driven_meross("msh300") as (emulator, device):
        [told] = emulator.model.answers[VALVES]["all"]
        told["mode"]["state"] = 3
        await shows(device, ThermostatMode.thermostat_mode, ThermostatModeValue.AUTO, own_id)
        await device.commands.execute(heat, {"setpoint": 19}, own_id)
        assert (told["mode"]["state"], told["temperature"]["currentSet"]) == (0, 190)
        await shows(device, ThermostatMode.thermostat_mode, ThermostatModeValue.HEAT, own_id)


async def test_331_a_valve_that_is_listed_twice_is_one() -> None:
    async with MerossEmulator(model="msh300") as emulator:
        units = emulator.model.digest["hub"]["subdevice"]
        units.append(dict(units[0]))
        units.append({"id": "0300DF01", "status": 2})  # of no kind, as the hub does not reach it
        async with driven(new_device(emulator)) as device:
            assert {*device.profile.components} == {"indicator", *WALKED}


async def test_119_a_sensor_that_is_added_to_the_hub_shows_and_one_that_is_removed_goes() -> None:
    async with driven_meross("msh300") as (emulator, device):
        units, new = emulator.model.digest["hub"]["subdevice"], "120027D21C19"
        units.append(listed(new, "ms100", latestTemperature=91))
        await until(lambda: new in device.profile.components)
        units[:] = [each for each in units if each["id"] != new]
        await until(lambda: not device.component_available(new))


NEW_SENSOR = "1A00674D4F0A"


@pytest.mark.parametrize("kind", ["ms130", "ms999"])
async def test_658_a_sensor_of_another_kind_shows_what_the_hub_tells_of_it(kind: str) -> None:
    told = sensor(NEW_SENSOR, temperature={"latest": 213, "max": 600}, humidity={"latest": 711})
    if kind == "ms130":
        told["temperature"]["latest"] = 2130  # in hundredths, as tempHumi
    async with MerossEmulator(model="msh300") as emulator:
        emulator.model.digest["hub"]["subdevice"].append(listed(NEW_SENSOR, kind))
        emulator.model.answers[SENSORS]["all"].append(told)
        async with driven(new_device(emulator)) as device:
            await shows(device, TemperatureMeasurement.temperature, 21.3, NEW_SENSOR)
            assert device.state.get(RelativeHumidityMeasurement.humidity, NEW_SENSOR) == 71.1
            emulator.faults.refuse = {SENSORS}
            await shows(device, TemperatureMeasurement.temperature, None, NEW_SENSOR)
            assert device.component_available(NEW_SENSOR)


async def test_208_what_is_behind_a_hub_and_tells_nothing_known_is_not_shown() -> None:
    async with MerossEmulator(model="msh300") as emulator:
        emulator.model.digest["hub"]["subdevice"].append(listed(NEW_SENSOR, "ms999"))
        del emulator.model.answers[BATTERIES]
        async with driven(new_device(emulator)) as device:
            assert NEW_SENSOR not in device.profile.components


# meters


async def test_55_a_plug_that_does_not_count_has_no_energy() -> None:
    """As 450: which of both it knows is said by its abilities, not by its model."""
    async with MerossEmulator(model="mss310") as emulator:
        del emulator.model.answers[COUNTER]
        async with driven(new_device(emulator)) as device:
            await shows(device, PowerMeter.power, 1.015)
            assert not device.profile.components["main"].has(EnergyMeter.energy)


async def test_611_a_circuit_that_counts_nothing_for_a_while_keeps_its_counter() -> None:
    async with driven_meross("em06") as (emulator, device):
        await shows(device, EnergyMeter.energy, 4.878, "circuit_1")
        del emulator.model.answers[CIRCUITS]["electricity"][0]["mConsume"]
        emulator.model.answers[CIRCUITS]["electricity"][0]["power"] = 5000
        await shows(device, PowerMeter.power, 5, "circuit_1")
        assert device.state.get(EnergyMeter.energy, "circuit_1") == 4.878


async def test_476_a_circuit_that_feeds_in_says_all_but_its_power() -> None:
    async with driven_meross("em06") as (emulator, device):
        emulator.model.answers[CIRCUITS]["electricity"][0]["power"] = -10
        await shows(device, PowerMeter.power, None, "circuit_1")
        assert device.state.get(CurrentMeasurement.current, "circuit_1") == 0.576


async def test_meross_homeassistant_574_a_white_below_its_range_is_the_warmest_it_has() -> None:
    """A negative number made a strip unresponsive until it had no power."""
    set_white = ColorTemperature.set_color_temperature
    async with driven_meross("msl120") as (emulator, device):
        with suppress(UnconfirmedError):
            await device.commands.execute(set_white, {"temperature": 1500})
        assert emulator.listed("light")[0]["temperature"] == 1


# what is kept of it


def read_by(row: Property) -> set[str]:
    """Return the fields that a row of a table reads, as far as that can be seen."""
    return {*row.at.split(".")} - {"", "0"}


def test_all_that_the_tables_read_is_kept() -> None:
    assert {name for rows in TABLES for row in rows for name in read_by(row)} <= NEEDED


async def test_nothing_else_is_kept_and_not_too_much() -> None:
    async with driven_meross("mss310") as (emulator, device):
        junk = [list[Any]()] * 300
        emulator.longest = 10_000
        emulator.model.digest["junk"] = junk
        emulator.model.answers[METER]["electricity"] |= {"power": 60_000, "junk": junk}
        await shows(device, PowerMeter.power, 60)
        memory: Any = device.driver.memory
        assert memory_of([memory.digest, *memory.told.values()]) < 4096
        emulator.longest = 1_000_000
        emulator.model.digest["light"] = [{"rgb": list[Any]()}] * 2000
        await until(lambda: "would be kept" in str(device.connection.reason))


# what it takes


async def test_206_a_device_that_drops_off_when_it_is_asked_too_often_never_does() -> None:
    async with driven_meross("mss425f") as (emulator, device):
        emulator.most_a_second = 15
        for on in (True, False) * 10:
            command = Switch.on if on else Switch.off
            turns = (device.commands.execute(command, {}, f"outlet_{n}") for n in (1, 2, 3))
            await asyncio.gather(*turns, return_exceptions=True)
        assert emulator.connections.open == 1
        assert not emulator.tired
        assert device.available


async def test_the_emulator_drops_off_when_it_is_asked_too_often() -> None:
    async with driven_meross("mss110") as (emulator, device):
        emulator.most_a_second = 1
        await until(lambda: emulator.tired)
        await until(lambda: not device.available)
        emulator.most_a_second = 1000
        await asyncio.sleep(30)
        await until(lambda: device.available)


async def test_a_command_that_is_refused_says_why() -> None:
    async with driven_meross("mss110") as (emulator, device):
        emulator.faults.refuse = {"Appliance.Control.ToggleX"}
        with pytest.raises(RefusedError, match="error 5000"):
            await device.commands.execute(Switch.on, {})


async def test_an_answer_to_something_else_is_none() -> None:
    async with driven_meross("mss110") as (emulator, device):
        emulator.faults.rewrite = lambda _, answer: answer.replace(b'"SETACK"', b'"GETACK"')
        with pytest.raises(Exception, match="something else was answered"):
            await device.commands.execute(Switch.on, {})


async def test_a_device_that_does_not_say_who_it_is_or_has_nothing_known_is_not_there() -> None:
    async with MerossEmulator(model="mss110") as emulator:
        device = new_device(emulator)
        emulator.faults.rewrite = lambda _, answer: answer.replace(b'"from"', b'"form"')
        device.start()
        await until(lambda: "does not say who it is" in str(device.connection.reason))
        emulator.faults.rewrite = None
        emulator.model.digest = {}
        emulator.hides_indicator = True
        await until(lambda: "nothing that LAN Edge knows" in str(device.connection.reason))
        await device.stop()


async def test_what_is_no_longer_reported_is_not_commanded() -> None:
    async with MerossEmulator() as emulator:
        emulator.hides_indicator = True
        async with driven(new_device(emulator)) as device:
            emulator.model.digest = {}
            with suppress(ReplyError):
                await device.commands.refresh()
            with pytest.raises(RefusedError, match="does not report that now"):
                await device.commands.execute(Switch.on, {})


async def test_a_hub_that_does_not_know_batteries_has_none() -> None:
    async with MerossEmulator(model="msh300") as emulator:
        del emulator.model.answers[BATTERIES]
        async with driven(new_device(emulator)) as device:
            assert not any(device.profile.components[each].has(Battery.battery) for each in WALKED)
            await shows(device, TemperatureMeasurement.temperature, 15.5, WALKED[0])


async def test_a_light_without_brightness_has_none() -> None:
    async with MerossEmulator(model="msl430") as emulator:
        emulator.model.settings[LIGHT] = {"capacity": 1}
        async with driven(new_device(emulator)) as device:
            assert SwitchLevel not in device.profile.components["main"].capabilities
            await device.commands.execute(ColorControl.set_color, {"hue": 0, "saturation": 100})
            assert emulator.listed("light")[0]["capacity"] == 1


async def test_a_shutter_whose_position_is_refused_is_still_there() -> None:
    async with driven_meross("mrs100") as (emulator, device):
        await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
        emulator.faults.refuse = {POSITION}
        await shows(device, WindowShade.window_shade, None)
        assert device.available


async def test_fifty_at_once() -> None:
    async with asyncio.TaskGroup() as group:
        for n in range(50):
            group.create_task(one_of_many(n))


async def one_of_many(n: int) -> None:
    model = ("mss310", "msl120", "mss425f", "msg100", "mss210")[n % 5]
    id_ = f"48e1e9{n:06x}"
    async with driven_meross(model, id=id_, encrypts=n % 2 == 1) as (emulator, device):
        if model == "msg100":
            await shows(device, GarageDoorControl.door, DoorState.CLOSED)
            return
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True}
        await emulator.restart()
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)
