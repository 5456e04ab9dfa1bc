"""What owners of Sonoff devices have reported, by the number of the issue of SonoffLAN."""

import asyncio
from dataclasses import replace

import pytest

from lan_edge import (
    CarbonDioxideMeasurement,
    CurrentMeasurement,
    DustSensor,
    FanSpeed,
    Identity,
    PowerMeter,
    Record,
    RelativeHumidityMeasurement,
    ShadeState,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
)
from lan_edge.drivers.sonoff import Sonoff
from lan_edge.drivers.sonoff.kinds.rows import moves
from tests.emulators.sonoff import SonoffEmulator

from .house import shows, until
from .sonoffs import KEY, announced, driven_sonoff, matched


@pytest.fixture(autouse=True)
def often_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sonoff, "poll", 0.5)
    monkeypatch.setattr(Sonoff, "options", replace(Sonoff.options, timeout=0.3))


async def test_30_a_fan_tells_only_what_has_changed() -> None:
    """The fan, its speed and its light have fields of their own, not outlets."""
    async with (
        SonoffEmulator(kind="fan_light", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, FanSpeed.fan_speed, 0)
        emulator.tell({"fan": "on"})
        await shows(device, FanSpeed.fan_speed, 2)
        emulator.tell({"speed": 1})
        await shows(device, FanSpeed.fan_speed, 1)
        emulator.tell({"light": "off"})
        await shows(device, Switch.switch, False, "light")
        assert device.state.get(FanSpeed.fan_speed) == 1
        assert {*device.profile.components} == {"main", "light"}


async def test_30_an_older_fan_is_a_strip_of_four() -> None:
    """An iFan02: light, fan, and two for the speed."""
    async with SonoffEmulator(kind="strip", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False, "outlet_4")
        await device.commands.execute(Switch.on, {}, "outlet_2")
        assert emulator.state["2"] is True


async def test_79_a_device_that_was_unplugged_is_unavailable() -> None:
    """It stayed available, as its record stayed in the cache."""
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        await emulator.down()
        for _ in range(100):
            emulator.on_change(emulator.txt)
            await asyncio.sleep(0.2)
            if not device.available:
                break
        assert not device.available
        await emulator.up()
        await until(lambda: device.available)


async def test_110_both_readings_are_zero_for_a_moment() -> None:
    async with (
        SonoffEmulator(kind="th_plug", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, TemperatureMeasurement.temperature, 21.5)
        emulator.tell({"switch": "on", "currentTemperature": "0.0", "currentHumidity": "0.0"})
        await shows(device, Switch.switch, True)
        assert device.state.get(TemperatureMeasurement.temperature) == 21.5
        assert device.state.get(RelativeHumidityMeasurement.humidity) == 46
        emulator.tell({"currentTemperature": "0.0", "currentHumidity": "81"})
        await shows(device, TemperatureMeasurement.temperature, 0)


async def test_125_a_broken_sensor_and_the_old_names_of_readings() -> None:
    """Older firmware reports numbers under other names; without a sensor, -3052.94 °C."""
    async with (
        SonoffEmulator(kind="th_plug", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        emulator.tell({"temperature": 20.25, "humidity": 40})
        await shows(device, TemperatureMeasurement.temperature, 20.25)
        emulator.tell({"temperature": -3052.94, "humidity": 0})
        await shows(device, TemperatureMeasurement.temperature, None)
        assert not device.state.rejected


async def test_251_a_dimmer_accepts_a_brightness_only_with_on_and_from_1_to_100() -> None:
    async with SonoffEmulator(kind="diylight") as emulator, driven_sonoff(emulator) as device:
        await shows(device, SwitchLevel.level, 50)
        for level in (1, 100):
            await device.commands.execute(SwitchLevel.set_level, {"level": level})
            assert emulator.state == {"on": True, "level": level}
        assert not device.counts["driver_errors"]


async def test_357_a_device_in_diy_mode_gets_what_its_maker_describes_and_nothing_else() -> None:
    """It answers error 400 to a request that is encrypted."""
    async with SonoffEmulator() as emulator, driven_sonoff(emulator) as device:
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        sent = next(each.params for each in emulator.log if each.command == "switch")
        assert sent == '{"deviceid":"1000abcdef","data":{"switch":"on"}}'


async def test_399_a_dual_relay_in_motor_mode_has_no_outlets() -> None:
    async with SonoffEmulator(kind="motor", key=KEY) as emulator:
        emulator.extra = {"switches": [{"switch": "off", "outlet": n} for n in (0, 1)]}
        async with driven_sonoff(emulator) as device:
            await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
            assert {*device.profile.components} == {"main"}
            assert not any(Switch in c.capabilities for c in device.profile.components.values())


async def test_a_cover_is_not_beyond_its_ends() -> None:
    async with SonoffEmulator(kind="motor", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, WindowShade.window_shade, ShadeState.CLOSED)
        emulator.tell({"currLocation": 250, "motorTurn": 1})
        await shows(device, WindowShade.window_shade, ShadeState.OPENING)
        emulator.tell({"currLocation": 250, "motorTurn": 0})
        await shows(device, WindowShade.window_shade, ShadeState.CLOSED)


async def test_a_cover_that_tells_its_place_stands_there() -> None:
    async with (
        SonoffEmulator(kind="shutter", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, WindowShade.window_shade, ShadeState.OPEN)
        emulator.tell({"switch": "off", "setclose": 30})
        await shows(device, WindowShade.window_shade, ShadeState.PARTIALLY_OPEN)


def test_a_cover_whose_place_is_unknown_moves_stops_or_is_unknown() -> None:
    read = moves("motorTurn", up=1, down=2, stop=0).coding.read
    told = [read({"motorTurn": turn}) for turn in (1, 2, 0, 7)]
    assert told == [ShadeState.OPENING, ShadeState.CLOSING, ShadeState.PAUSED, None]


async def test_an_led_is_on_or_off() -> None:
    async with (
        SonoffEmulator(kind="enhanced_plug", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await until(lambda: any(each.command == "sledonline" for each in emulator.log))
        emulator.tell({"sledOnline": "x"})
        emulator.mute = True
        assert isinstance(device.driver, Sonoff)
        assert device.driver.question == ("signal_strength", {})


async def test_527_a_probe_without_humidity_reports_that_it_is_unavailable() -> None:
    async with SonoffEmulator(kind="th_plug", key=KEY) as emulator:
        emulator._state |= {"currentTemperature": "70.6", "currentHumidity": "unavailable"}
        async with driven_sonoff(emulator) as device:
            await shows(device, TemperatureMeasurement.temperature, 70.6)
            await device.commands.execute(Switch.on, {})
            assert not device.state.rejected
            main = device.profile.components["main"].capabilities
            assert RelativeHumidityMeasurement not in main


async def test_839_a_state_that_was_announced_in_vain_is_asked_for() -> None:
    """Commands worked, but the switch stayed off in Home Assistant."""
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.mute = True
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)


async def test_916_a_mini_r3_in_diy_mode_lists_four_outlets_and_has_one() -> None:
    async with SonoffEmulator() as emulator:
        emulator.lists_all = True
        async with driven_sonoff(emulator) as device:
            await shows(device, Switch.switch, False)
            assert {*device.profile.components} == {"main"}
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


async def test_941_the_led_is_set_as_it_is_so_that_power_is_announced() -> None:
    async with (
        SonoffEmulator(kind="enhanced_plug", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await until(lambda: any(each.command == "sledonline" for each in emulator.log))
        await shows(device, PowerMeter.power, 12.5)


async def test_946_an_announcement_without_data_changes_nothing() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.on_change({k: "" if k.startswith("data") else v for k, v in emulator.txt.items()})
        assert not device.driver.memory.is_misread
        assert device.state.get(Switch.switch) is False


async def test_994_power_is_a_text() -> None:
    async with SonoffEmulator(kind="enhanced_plug", key=KEY) as emulator:
        emulator.extra = {"power": "0.00", "voltage": "233.26", "current": "0.00"}
        async with driven_sonoff(emulator) as device:
            await shows(device, VoltageMeasurement.voltage, 233.26)
            assert device.state.get(PowerMeter.power) == 0
            assert device.state.get(CurrentMeasurement.current) == 0


async def test_1066_a_change_of_one_outlet_lists_nothing_else() -> None:
    async with (
        SonoffEmulator(kind="multifun_switch", key=KEY) as emulator,
        driven_sonoff(emulator) as device,
    ):
        await shows(device, Switch.switch, False, "outlet_2")
        emulator.tell({"switches": [{"switch": "on", "outlet": 0}]})
        await shows(device, Switch.switch, True, "outlet_1")
        assert device.state.get(Switch.switch, "outlet_2") is False
        assert device.state.get(PowerMeter.power, "outlet_1") == 42.1


async def test_1160_the_text_is_padded_twice() -> None:
    async with SonoffEmulator(kind="strip", key=KEY) as emulator:
        emulator.padding = b"\x02\x02"
        async with driven_sonoff(emulator) as device:
            await shows(device, Switch.switch, False, "outlet_1")


async def test_1230_it_resets_a_connection_while_it_is_busy_with_the_last_one() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        emulator.resets = 1
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        assert device.available


async def test_what_calls_its_json_a_web_page_is_read() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator:
        emulator.mislabels = True
        async with driven_sonoff(emulator) as device:
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


async def test_1442_newer_firmware_answers_with_a_web_page_to_what_it_does_not_know() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator:
        emulator.pages = True
        async with driven_sonoff(emulator) as device:
            await shows(device, Switch.switch, False)
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True
            assert device.available


async def test_1023_a_switch_that_lists_four_outlets_has_as_many_as_its_owner_says() -> None:
    """A MINIR4 (138) and others: only the first is real."""
    async with (
        SonoffEmulator(kind="strip", key=KEY) as emulator,
        driven_sonoff(emulator, settings={"outlets": 1}) as device,
    ):
        await shows(device, Switch.switch, False)
        await device.commands.execute(Switch.on, {})
        assert emulator.state == {"on": True, "2": False, "3": False, "4": False}
        assert {*device.profile.components} == {"main"}


async def test_1410_an_announcement_with_a_vector_of_the_wrong_length_changes_nothing() -> None:
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        await shows(device, Switch.switch, False)
        for iv in ("", "AAAA", "no Base64"):
            emulator.on_change(emulator.txt | {"iv": iv})
        await device.commands.execute(Switch.on, {})
        await shows(device, Switch.switch, True)
        assert device.available


async def test_1885_a_sensor_encrypts_nothing_and_says_so() -> None:
    """A SAWF-08P: `encrypt` is a text, "false"; its readings are texts."""
    async with SonoffEmulator(kind="air") as emulator:
        txt = emulator.txt | {"encrypt": "false"}
        found = matched(announced(emulator, txt))
        record = Record(Identity(found.unique_id), (found.address,), fields=dict(found.fields))
        async with driven_sonoff(emulator, record=record) as device:
            emulator.on_change(txt)
            await shows(device, TemperatureMeasurement.temperature, 25.6)
            await shows(device, RelativeHumidityMeasurement.humidity, 54.8)
            await shows(device, CarbonDioxideMeasurement.carbon_dioxide, 520)
            main = device.profile.components["main"].capabilities
            assert not {Switch, DustSensor} & {*main}


async def test_1816_a_sensor_of_dust() -> None:
    async with SonoffEmulator(kind="dust") as emulator, driven_sonoff(emulator) as device:
        await shows(device, DustSensor.fine_dust_level, 12)
        await shows(device, DustSensor.dust_level, 18)
        emulator.tell({"pm10": "unavailable"})
        await shows(device, DustSensor.dust_level, None)


async def test_a_device_that_counts_from_1_again_after_a_start_is_heard() -> None:
    """Its last answer had a higher number than what it announces now."""
    async with SonoffEmulator(kind="plug", key=KEY) as emulator, driven_sonoff(emulator) as device:
        for n in range(5):
            await device.commands.execute(Switch.off if n % 2 else Switch.on, {})
        await shows(device, Switch.switch, True)
        await emulator.restart(down=0.5)
        await until(lambda: not device.available)
        await until(lambda: device.available)
        await emulator.change(on=False)
        await shows(device, Switch.switch, False)
