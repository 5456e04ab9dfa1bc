"""Xiaomi: what owners report of their devices, each with the number of its issue."""

import asyncio
from functools import partial
from typing import Any, cast

import pytest

from lan_edge import (
    Address,
    AirPurifierFanMode,
    Battery,
    CleanerMovement,
    ColorTemperature,
    CredentialsError,
    EdgeError,
    FanIntent,
    FilterState,
    FineDustSensor,
    HumidifierMode,
    HumidifierModeValue,
    LightIntent,
    Pairing,
    PowerMeter,
    PurifierMode,
    RefusedError,
    RelativeHumidityMeasurement,
    RobotCleanerMovement,
    Sighting,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
)
from lan_edge.drivers.miot import Miot
from lan_edge.drivers.miot.protocol.packets import GREETING, read_hello, read_text
from tests.emulators.miot import PURIFIER, TOKEN, MiotEmulator

from .house import shows, until
from .miots import OTHER_TOKEN, driven, new_device

INFO = "miIO.info"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(-9999, id="user ack timeout"),
        pytest.param(-30001, id="Resp Invalid JSON"),
    ],
)
async def test_one_that_is_asked_for_too_much_is_asked_for_less(code: int) -> None:
    """rytilahti/python-miio#1940, #1830 and #2057, home-assistant/core#77077."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.most = 2
        async with driven(emulator) as device:
            assert device.state.get(TemperatureMeasurement.temperature) == 21.5
            assert device.state.get(RelativeHumidityMeasurement.humidity) == 40
            asked = [len(each.params) for each in emulator.log if each.method == "get_properties"]
            assert asked[0] == len(PURIFIER)
            assert asked[-1] <= 2
            emulator.refusals["get_properties"] = code
            with pytest.raises((RefusedError, Exception)):
                await device.commands.refresh()


@pytest.mark.parametrize(
    ("model", "points", "most"),
    [
        ("yeelink.light.lamp4", {"2.1": True, "2.2": 40, "2.3": 2700}, 1),
        ("deerma.humidifier.jsq5", {"2.1": True, "2.5": 1, "3.1": 40, "3.7": 20.5}, 3),
    ],
)
async def test_each_model_has_a_most_of_its_own(
    model: str, points: dict[str, Any], most: int
) -> None:
    """al-one/hass-xiaomi-miot#353 and #518: dead, with nothing but *user ack timeout*."""
    async with MiotEmulator(points, model=model) as emulator:
        emulator.most = most
        async with driven(emulator) as device:
            assert device.state.get(Switch.switch) is True
            before = len(emulator.log)
            await device.commands.refresh()
            asked = [each.params for each in emulator.log[before:]]
            assert sum(map(len, asked)) == len(points)  # what is too much is not tried again
            assert max(map(len, asked)) <= most


async def test_one_that_answers_for_the_first_of_several_only_is_asked_one_by_one() -> None:
    """al-one/hass-xiaomi-miot#521, #213 and #282: -4004 for all others, at each reading."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.only_first = True
        async with driven(emulator) as device:
            assert device.state.get(TemperatureMeasurement.temperature) == 21.5
            before = len(emulator.log)
            await device.commands.refresh()
            assert [len(each.params) for each in emulator.log[before:]] == [1] * len(PURIFIER)


async def test_one_that_has_only_the_first_is_tried_once() -> None:
    """Not at each reading: it may lack the others."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.codes = dict.fromkeys([*PURIFIER][1:], -4004)
        async with driven(emulator) as device:
            asked = [len(each.params) for each in emulator.log if each.method == "get_properties"]
            assert asked == [len(PURIFIER), 1]
            before = len(emulator.log)
            await device.commands.refresh()
            assert [len(each.params) for each in emulator.log[before:]] == [len(PURIFIER)]
            assert not device.driver.has(TemperatureMeasurement)


async def test_what_a_device_refuses_alone_is_asked_for_again_when_it_is_back() -> None:
    """Not at each reading: all others would be read one by one."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.lacks = "3.7"
        async with driven(emulator) as device:
            assert device.state.get(RelativeHumidityMeasurement.humidity) == 40
            assert not device.driver.has(TemperatureMeasurement)
            before = len(emulator.log)
            await device.commands.refresh()
            assert [len(each.params) for each in emulator.log[before:]] == [len(PURIFIER) - 1]
            emulator.lacks = ""
            await emulator.restart(down=60.0)
            await until(lambda: device.available and device.driver.has(TemperatureMeasurement))


async def test_one_that_refuses_to_answer_for_a_single_one_has_the_first() -> None:
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.codes = dict.fromkeys([*PURIFIER][1:], -4004)
        emulator.least = 2
        async with driven(emulator) as device:
            assert device.state.get(Switch.switch) is False


CEILING = {"power": "on", "bright": 80, "ct": 4000, "nl_br": 0}


async def test_the_night_light_of_a_lamp_has_a_brightness_of_its_own() -> None:
    """al-one/hass-xiaomi-miot#1070: that of its daylight was shown."""
    async with MiotEmulator(CEILING, model="yeelink.light.ceiling12") as emulator:
        emulator.effects = {"set_bright": {"nl_br": 20}}
        async with driven(emulator) as device:
            assert device.state.get(SwitchLevel.level) == 80
            await emulator.change(nl_br=35)
            await device.commands.refresh()
            assert device.state.get(SwitchLevel.level) == 35
            emulator.setters = {}  # what it is told counts for its night light
            await device.commands.perform(LightIntent(on=True, level=20))
            assert (emulator.points["bright"], emulator.points["nl_br"]) == (80, 20)
            await emulator.change(nl_br=0)
            await device.commands.refresh()
            assert device.state.get(SwitchLevel.level) == 80


async def test_a_light_that_does_not_know_its_white_at_the_moment_is_still_there() -> None:
    """al-one/hass-xiaomi-miot#104: an error for each reading, and nothing could be controlled."""
    emulator = MiotEmulator(CEILING, model="yeelink.light.ceiling12")
    async with emulator, driven(emulator) as device:
        await emulator.change(ct=None)
        await device.commands.refresh()
        assert device.state.get(ColorTemperature.color_temperature) is None
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False


async def test_the_power_of_a_plug_is_in_hundredths() -> None:
    """al-one/hass-xiaomi-miot#118, #443 and #534: 7825 is 78.25 W."""
    points = {"2.1": True, "2.6": 30, "5.6": 7825}
    emulator = MiotEmulator(points, model="chuangmi.plug.212a01")
    async with emulator, driven(emulator) as device:
        assert device.state.get(PowerMeter.power) == 78.25


@pytest.mark.parametrize("state", [8, 9, 13])
async def test_a_robot_that_dries_its_mop_or_is_full_is_at_its_dock(state: int) -> None:
    """al-one/hass-xiaomi-miot#1819, merdok/homebridge-miot#531: drying, washing, charged."""
    emulator = MiotEmulator({"2.1": state, "3.1": 100}, model="dreame.vacuum.r2228o")
    async with emulator, driven(emulator) as device:
        movement = RobotCleanerMovement.robot_cleaner_movement
        assert device.state.get(movement) is CleanerMovement.CHARGING


async def test_a_list_that_lacks_answers_is_asked_for_one_by_one() -> None:
    """rytilahti/python-miio#692: several properties at once are an error, each alone is not."""
    async with MiotEmulator({"power": "on", "temperature": 31}, model="chuangmi.plug.m1") as plug:
        plug.most = 1
        async with driven(plug) as device:
            assert device.state.get(TemperatureMeasurement.temperature) == 31
            assert device.state.get(Switch.switch) is True


async def test_a_property_that_is_not_there_is_left_out() -> None:
    """home-assistant/core#48821: -4001 for one of them, and no value."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator:
        emulator.codes = {"3.7": -4001}
        async with driven(emulator) as device:
            assert not device.driver.has(TemperatureMeasurement)
            emulator.codes = {"3.7": -4004}
            assert device.state.get(RelativeHumidityMeasurement.humidity) == 40
            emulator.codes = {}
            await device.commands.refresh()
            assert device.state.get(TemperatureMeasurement.temperature) == 21.5
            emulator.codes = {"3.7": -4004}
            await device.commands.refresh()
            assert device.driver.has(TemperatureMeasurement)
            assert device.state.get(TemperatureMeasurement.temperature) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # openhab/openhab-addons#3526, aholstenson/miio#92: without internet
        (b'{"result":{"mmfree":27480,,"otu_stat":[0]},"id":7}', {"mmfree": 27480, "otu_stat": [0]}),
        # ha0y/xiaomi_miot_raw#116, rytilahti/python-miio#1411
        (b'{"id":7,"result":[{"value":06},{"value":00}]}\0\0', [{"value": 6}, {"value": 0}]),
    ],
)
def test_odd_json_is_read(text: bytes, message: Any) -> None:
    assert read_text(text) == {"id": 7, "result": message}


@pytest.mark.parametrize("text", [b"", b'{"result":[net],"id":1960}'])
async def test_an_answer_that_nobody_can_read_is_no_end(text: bytes) -> None:
    """home-assistant/core#35118, rytilahti/python-miio#156 and #482: without internet."""
    async with MiotEmulator() as emulator:
        emulator.texts[INFO] = text
        device = new_device(emulator)
        device.driver.describe(model="cuco.plug.v3")
        device.start()
        await until(lambda: device.available, lambda: device.connection.reason)
        emulator.texts = {"get_properties": text}
        with pytest.raises(Exception, match="nothing"):
            await device.commands.refresh()
        emulator.texts = {}
        await device.commands.refresh()
        assert device.state.get(Switch.switch) is False
        await device.stop()


async def test_each_message_has_a_number_of_its_own() -> None:
    """rytilahti/python-miio#210: what has an old number is ignored, so answers that are lost..."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.lost_answers = 2
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        emulator.lost = 2
        await device.commands.execute(Switch.off, {})
        assert emulator.state["on"] is False


async def test_a_device_that_has_restarted_unnoticed_is_understood_at_once() -> None:
    """home-assistant/core#131647: its clock begins at 0, so it ignores what it is sent."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        await asyncio.sleep(100)
        await emulator.restart()
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        assert device.available


async def test_hello_is_not_repeated_without_need() -> None:
    """rytilahti/python-miio#2004: three at once are too many."""
    async with MiotEmulator() as emulator, driven(emulator):
        assert emulator.hellos == 1
        await asyncio.sleep(60)
        assert emulator.hellos <= 12


async def test_it_is_polled_moderately() -> None:
    """al-one/hass-xiaomi-miot#2296."""
    async with MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator, driven(emulator):
        before = len(emulator.log)
        await asyncio.sleep(300)
        assert len(emulator.log) - before <= 70


async def test_an_old_token_is_called_one() -> None:
    """rytilahti/python-miio#798 and #1550: it looks like a device that is not there."""
    async with MiotEmulator(token=OTHER_TOKEN) as emulator:
        device = new_device(emulator, token=TOKEN)
        with pytest.raises(CredentialsError, match="not to this token"):
            await device.check(device.record.addresses[0])
        await device.stop()


async def test_a_device_that_is_not_set_up_tells_its_token() -> None:
    """aholstenson/miio#92: there is nothing to ask."""
    async with MiotEmulator() as emulator:
        emulator.tells_token = True
        device = new_device(emulator, token="")
        pairing = Pairing(partial(device.pair, device.record.addresses[0]))
        assert await pairing.question() is None
        await pairing.close()
        assert device.secrets["token"] == TOKEN
        await device.stop()


async def test_it_is_followed_to_another_address() -> None:
    """al-one/hass-xiaomi-miot#1504 and #1511, home-assistant/core#63594: dead until removed."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        await emulator.move("127.0.0.2", old="closed")
        device.connection.sighted(Address("127.0.0.2", emulator.port))
        new = Address("127.0.0.2", emulator.port)
        await until(lambda: device.available and device.connection.address == new)


HUMIDIFIERS = [
    ("zhimi.humidifier.ca1", {"power": "off", "mode": "silent", "humidity": 40}, "mode", "high"),
    ("zhimi.humidifier.ca4", {"2.1": False, "2.5": 0, "3.9": 40}, "2.5", 3),
]


@pytest.mark.parametrize(("model", "points", "mode", "high"), HUMIDIFIERS)
async def test_a_humidifier_that_is_off_is_turned_on_for_a_mode(
    model: str, points: dict[str, Any], mode: str, high: Any
) -> None:
    """rytilahti/python-miio#496, al-one/hass-xiaomi-miot#1761 and #2433: it refuses."""
    async with MiotEmulator(points, model=model) as emulator:
        emulator.only_when_on = {"set_mode"}
        async with driven(emulator) as device:
            wanted = {"humidifier_mode": HumidifierModeValue.HIGH}
            await device.commands.execute(HumidifierMode.set_humidifier_mode, wanted)
            assert emulator.points[mode] == high
            assert emulator.state["on"] is True


async def test_answers_that_come_twice_or_late_change_nothing() -> None:
    """home-assistant/core#9013: they belong to the request before."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.faults.repeat = 3
        await device.commands.execute(Switch.on, {})
        emulator.faults.repeat = 1
        emulator.faults.late_answers = {"get_properties": 1.5}
        await device.commands.execute(Switch.off, {})
        await shows(device, Switch.switch, False)
        emulator.faults.late_answers = {}
        await asyncio.sleep(20)
        assert device.state.get(Switch.switch) is False


async def test_numbers_begin_again() -> None:
    async with MiotEmulator() as emulator, driven(emulator) as device:
        driver = cast("Miot", device.driver)
        driver.codec._number = 9998
        for n in range(4):
            await device.commands.execute(Switch.off if n % 2 else Switch.on, {})
        assert driver.codec._number < 100


async def test_what_is_set_without_a_code_is_done() -> None:
    """al-one/hass-xiaomi-miot#2941: it was taken for an error, though it was carried out."""

    def without_code(method: str, answer: bytes) -> bytes:
        return answer.replace(b', "code": 0', b"") if method == "set_properties" else answer

    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.faults.rewrite = without_code
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


async def test_one_of_two_things_that_is_not_done_is_told() -> None:
    """merdok/homebridge-miot#20: *successfully set*, with -4004 in the answer."""

    def failing(method: str, answer: bytes) -> bytes:
        refused = answer.replace(b'"piid": 5, "code": 0', b'"piid": 5, "code": -4004')
        return refused if method == "set_properties" else answer

    async with (
        MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator,
        driven(emulator) as device,
    ):
        emulator.faults.rewrite = failing
        with pytest.raises(RefusedError, match=r"internal error \(-4004\)"):
            await device.commands.perform(FanIntent(on=True, speed=2))


@pytest.mark.parametrize(
    ("state", "movement"),
    [(22, CleanerMovement.CHARGING), (18, CleanerMovement.CLEANING), (99, None)],
)
async def test_states_that_newer_robots_have(state: int, movement: CleanerMovement | None) -> None:
    """home-assistant/core#60505 and #25476, rytilahti/python-miio#1189: an error for each."""
    points = {"state": state, "battery": 90}
    robot = RobotCleanerMovement.robot_cleaner_movement
    async with (
        MiotEmulator({**points, "state": 8}, model="roborock.vacuum.a15") as emulator,
        driven(emulator) as device,
    ):
        await emulator.change(state=state)
        await device.commands.refresh()
        assert device.state.get(robot) == movement
        assert device.state.get(Battery.battery) == 90


async def test_what_an_older_purifier_does_not_measure_is_left_out() -> None:
    """rytilahti/python-miio#231: a v3 has no humidity, no temperature, and is *idle* while off."""
    points = {"power": "off", "aqi": 0, "humidity": None, "temp_dec": None, "mode": "idle"}
    async with (
        MiotEmulator(points | {"filter1_life": 26}, model="zhimi.airpurifier.v3") as emulator,
        driven(emulator) as device,
    ):
        assert device.state.get(FilterState.filter_life_remaining) == 26
        assert device.state.get(FineDustSensor.fine_dust_level) == 0
        assert device.state.get(AirPurifierFanMode.air_purifier_fan_mode) is None
        assert not device.driver.has(TemperatureMeasurement)
        await emulator.change(mode="silent", on=True)
        await device.commands.refresh()
        mode = device.state.get(AirPurifierFanMode.air_purifier_fan_mode)
        assert mode is PurifierMode.SLEEP


@pytest.mark.parametrize("mode", [None, 7])
async def test_a_mode_that_is_none_leaves_the_rest(mode: Any) -> None:
    """home-assistant/core#53899, rytilahti/python-miio#1106, syssi/xiaomi_airpurifier#164."""
    async with (
        MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator,
        driven(emulator) as device,
    ):
        emulator.points["2.4"] = mode
        await device.commands.refresh()
        assert device.state.get(AirPurifierFanMode.air_purifier_fan_mode) is None
        assert device.state.get(TemperatureMeasurement.temperature) == 21.5


async def test_one_that_is_gone_is_unavailable_until_it_is_back() -> None:
    """al-one/hass-xiaomi-miot#2699: it kept its last state for good."""
    async with MiotEmulator() as emulator, driven(emulator) as device:
        emulator.faults.silent = True
        await asyncio.sleep(60)
        assert not device.available
        emulator.faults.silent = False
        await asyncio.sleep(60)
        assert device.available


@pytest.mark.parametrize("code", [-9998, -9999])
async def test_one_whose_controller_is_busy_for_a_while_is_read_as_before_then(code: int) -> None:
    """al-one/hass-xiaomi-miot#494: unavailable for minutes, at random."""
    async with (
        MiotEmulator(PURIFIER, model="zhimi.airp.va2") as emulator,
        driven(emulator) as device,
    ):
        emulator.refusals["get_properties"] = code
        with pytest.raises(EdgeError):
            await device.commands.refresh()
        emulator.refusals = {}
        await device.commands.refresh()
        assert device.available
        assert device.state.get(TemperatureMeasurement.temperature) == 21.5


async def test_one_that_says_little_of_itself_is_added() -> None:
    """rytilahti/python-miio#1084, home-assistant/core#52703: without a hardware version."""
    async with MiotEmulator() as emulator:
        emulator.texts[INFO] = b'{"id":1,"result":{"model":"cuco.plug.v3"},"all":true}'
        async with driven(emulator) as device:
            assert device.identity.model == "cuco.plug.v3"
            assert device.state.get(PowerMeter.power) == 12


# how they are found


@pytest.mark.parametrize(
    ("name", "own_id", "model"),
    [
        ("zhimi-airpurifier-mb3_miio266842018", "266842018", "zhimi.airpurifier.mb3"),
        ("dmaker-fan-p18_mibt0C4D", "", "dmaker.fan.p18"),
        ("something", "", ""),
    ],
)
def test_a_name_by_mdns_has_the_model_and_mostly_the_id(name: str, own_id: str, model: str) -> None:
    (matcher, _) = Miot.discovery
    sighting = Sighting("mdns", "_miio._udp.local.", Address("192.0.2.7", 54321), name)
    match = matcher.match(sighting)
    assert match is not None
    assert (match.unique_id, match.model) == (own_id, model)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("21310020000000000fe7a9e2000007c5" + "ff" * 16, {"did": "266840546"}),
        ("21310020000000000fe7a9e2000007c5" + "ab" * 16, {"did": "266840546"}),
        ("21310030000000000fe7a9e2000007c5" + "ff" * 32, {}),
    ],
)
def test_an_answer_to_hello_has_the_id(answer: str, told: dict[str, str]) -> None:
    assert read_hello(bytes.fromhex(answer)) == told


@pytest.mark.parametrize("answer", [b"", GREETING, b"\x21\x31" + bytes(30), bytes(32)])
def test_what_is_no_answer_to_hello_is_none(answer: bytes) -> None:
    with pytest.raises(Exception, match="message"):
        read_hello(answer)
