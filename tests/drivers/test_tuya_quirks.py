"""Tuya: what owners report of their devices, each with the number of its issue."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import logging
from typing import Any

import pytest

from lan_edge import (
    Address,
    Ask,
    CredentialsError,
    Device,
    Pairing,
    Points,
    PointsDriver,
    PowerMeter,
    RefusedError,
    RelativeHumidityMeasurement,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    TextQuestion,
    TimedOutError,
    UnconfirmedError,
    WindowShade,
)
from lan_edge.drivers.tuya.protocol.codec import TuyaCodec, TuyaMessage
from lan_edge.drivers.tuya.protocol.messages import units_in
from tests.emulators.tuya import TuyaEmulator

from .house import shows, until
from .test_tuya import OTHER_KEY, driven, new_device


def shown_points(device: Device) -> Points:
    """Return the points of a device as they were reported last."""
    driver = device.driver
    assert isinstance(driver, PointsDriver)
    return driver.points


def message(version: str, frame: str) -> TuyaMessage:
    """Return what a frame means that somebody has recorded, with a key that we do not know."""
    data = bytes.fromhex(frame)
    return TuyaCodec(version).decode(data[4:12] + data[16:])


def test_a_heartbeat_is_answered_without_the_number_of_the_request() -> None:
    """smarthomej/addons#306."""
    answer = "000055AA00000000000000090000000C00000000B051AB030000AA55"
    assert message("3.3", answer) == TuyaMessage(9, "")


def test_a_push_has_counters_behind_its_version() -> None:
    """codetheweb/tuyapi#424."""
    push = (
        "000055aa00000000000000080000004b00000000332e330000000000004ac8000000015588da04789f316692"
        "235a35277fe3e0a3fd2c500fbc0c1c3b4ad37124bc475b543475c5de42b47e13a9aa6189b9eada0285dc5b00"
        "00aa55"
    )
    assert message("3.3", push) == TuyaMessage(8, is_foreign=True)


def test_an_answer_to_another_key_is_recognized() -> None:
    """jasonacox/tinytuya#542, make-all/tuya-local#678: error 1, and four bytes."""
    answer = (
        "000055aa00000001000000030000002c00000001add551caf7782a7915e85bcaaf7a5a3d17ee14bede5474c1"
        "61152f7f6553b81c35e2772b0000aa55"
    )
    assert message("3.4", answer) == TuyaMessage(3, is_foreign=True)


def test_a_device_refuses_what_it_cannot_decrypt_in_plain_text() -> None:
    """rospogrigio/localtuya#1232."""
    answer = (
        "000055aa000000010000000a0000001d000000016461746120666f726d6174206572726f7271bf61a40000aa55"
    )
    assert message("3.3", answer) == TuyaMessage(10, is_foreign=True)


async def test_a_device_that_was_paired_anew_is_asked_for_its_key() -> None:
    """rospogrigio/localtuya#1380, make-all/tuya-local#1065: dead, with nothing but an error."""
    async with TuyaEmulator(version="3.3") as emulator, driven(emulator) as device:
        emulator.key = OTHER_KEY
        await emulator.restart(down=3.0)
        await until(lambda: isinstance(device.connection.reason, CredentialsError))


@pytest.mark.parametrize(
    ("entered", "meant"),
    [
        ("ts\\u003c+N?_PN(_EDu", "ts<+N?_PN(_EDu"),
        (" o:qQJ1W~A+(B+3uB \n", "o:qQJ1W~A+(B+3uB"),
        ("mhF]f;xT*}n]\\u0026abc", "mhF]f;xT*}n]&abc"),
    ],
)
async def test_a_key_with_special_characters_is_taken(entered: str, meant: str) -> None:
    """make-all/tuya-local#1111 and #1065, codetheweb/tuyapi#626."""
    key = meant.ljust(16, "x")
    async with TuyaEmulator(key=key) as emulator:
        device = new_device(emulator)
        pairing = Pairing(device.driver.pair)
        question = await pairing.question()
        assert isinstance(question, TextQuestion)
        assert question.secret
        pairing.answer("too short")
        assert "16 characters" in (await pairing.question() or question).error
        pairing.answer(entered.rstrip() + "x" * (16 - len(meant)))
        assert await pairing.question() is None
        await pairing.close()
        assert device.secrets["local_key"] == key
        await device.check(device.record.addresses[0])


async def test_points_are_asked_for_by_number_also_without_the_first() -> None:
    """make-all/tuya-local#451, jasonacox/tinytuya#3 and #4: "json obj data unvalid"."""
    async with TuyaEmulator({"20": True, "21": "white", "22": 1000}) as emulator:
        emulator.by_number = True
        async with driven(emulator) as device:
            assert device.state.get(Switch.switch) is True
            await device.commands.execute(Switch.off, {})
            assert emulator.points["20"] is False


@pytest.mark.parametrize("version", ["3.3", "3.4"])
async def test_only_the_first_of_several_points_may_be_reported(version: str) -> None:
    """jasonacox/tinytuya#190, make-all/tuya-local#2319: a feeder, a doorbell."""
    points = {"101": False, "103": True, "104": 3, "106": "0", "134": True}
    async with TuyaEmulator(points, version=version) as emulator:
        emulator.by_number = emulator.only_first = True
        async with driven(emulator) as device:
            assert shown_points(device) == points


@pytest.mark.parametrize("version", ["3.3", "3.4"])
async def test_an_empty_answer_is_no_list_of_points(version: str) -> None:
    """jasonacox/tinytuya#56 and #360: `status()` is None."""
    async with TuyaEmulator({"1": True, "9": 0}, version=version) as emulator:
        emulator.how_listed = "nothing"
        async with driven(emulator) as device:
            assert device.state.get(Switch.switch) is True


@pytest.mark.parametrize("version", ["3.3", "3.4", "3.5"])
async def test_a_report_may_be_all_the_answer_there_is_to_a_query(version: str) -> None:
    """rospogrigio/localtuya#549."""
    async with TuyaEmulator({"1": True, "9": 0}, version=version) as emulator:
        emulator.how_listed = "report"
        async with driven(emulator) as device:
            await shows(device, Switch.switch, True)
            await device.commands.execute(Switch.off, {})
            assert device.available


async def test_points_that_are_null_are_none() -> None:
    """codetheweb/tuyapi#338, vinodsr/node-red-contrib-tuya-smart-device#14."""
    async with TuyaEmulator({"1": True, "9": None}) as emulator, driven(emulator) as device:
        emulator.push(emulator.peers[0], {"1": None})
        emulator.report({"9": 5})
        await until(lambda: shown_points(device) == {"1": True, "9": 5})
        assert device.state.get(Switch.switch) is True


async def test_what_a_device_is_shows_only_once_it_has_listed_its_points() -> None:
    """jasonacox/tinytuya#565: a report of one point may be the first that is heard."""
    dimmer = {"1": True, "2": 500, "3": 10, "4": "LED"}
    async with TuyaEmulator(dimmer) as emulator:
        device = new_device(emulator)
        rewrite = emulator.faults

        def first(command: str, content: bytes) -> bytes:
            if command == "query":
                emulator.report({"1": True})
                rewrite.rewrite = None
            return content

        rewrite.rewrite = first
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await shows(device, SwitchLevel.level, 50)
        finally:
            await device.stop()


async def test_a_late_answer_to_the_command_before_is_none_to_this() -> None:
    async with TuyaEmulator() as emulator, driven(emulator) as device:
        await device.commands.execute(Switch.on, {})
        number = emulator.log[-1].params
        emulator.faults.silent = True
        command = asyncio.ensure_future(device.commands.execute(Switch.off, {}))
        known = len(emulator.log)
        await until(lambda: len(emulator.log) > known)
        [(peer, session)] = emulator.sessions.items()
        peer.send(emulator.sealed(session, 7, b"", number=number))
        with pytest.raises(TimedOutError):
            await command


async def test_points_may_be_reported_one_by_one() -> None:
    """jasonacox/tinytuya#597: a TH01CB3S."""
    async with TuyaEmulator({"1": 170}, version="3.5") as emulator, driven(emulator) as device:
        for point, value in (("2", 44), ("3", "middle")):
            emulator.points[point] = value
            emulator.report({point: value})
        await shows(device, TemperatureMeasurement.temperature, 17.0)
        await shows(device, RelativeHumidityMeasurement.humidity, 44)


async def test_a_plug_that_does_not_like_to_measure_keeps_its_connection() -> None:
    """rospogrigio/localtuya#549: some close the connection whenever they are told to."""
    async with TuyaEmulator({"1": True, "18": 3, "19": 80, "20": 2300}) as emulator:
        emulator.closes_when_measuring = True
        async with driven(emulator) as device:
            await asyncio.sleep(600)
            assert emulator.connections.accepted == 3
            assert device.state.get(PowerMeter.power) == 8.0


@pytest.mark.parametrize("version", ["3.4", "3.5"])
async def test_a_negotiation_that_a_device_ends_is_tried_again(version: str) -> None:
    """make-all/tuya-local#5136 and #5347, jasonacox/tinytuya#731."""
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device:
        emulator.resets = 2
        await emulator.drop()
        await until(lambda: not device.available)
        await asyncio.sleep(20)
        await device.commands.execute(Switch.on, {})
        assert emulator.points["1"] is True


@pytest.mark.parametrize("version", ["3.1", "3.3", "3.4", "3.5"])
async def test_a_broken_frame_is_as_if_it_had_not_come(version: str) -> None:
    """jasonacox/tinytuya#39: "decoding failed"; the next message is whole."""
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device:
        [(peer, session)] = emulator.sessions.items()
        frame = bytearray(emulator.sealed(session, 8, emulator.told({"1": True}), number=0))
        frame[-12] ^= 0xFF  # of its checksum
        peer.send(bytes(frame))
        emulator.report({"9": 5})
        await until(lambda: shown_points(device)["9"] == 5)
        assert device.state.get(Switch.switch) is False
        await until(lambda: device.available)
        await device.commands.execute(Switch.on, {})
        assert emulator.points == {"1": True, "9": 5}


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("version", ["3.3", "3.5"])
async def test_frames_come_in_pieces_and_several_at_once(version: str, size: int) -> None:
    """codetheweb/tuyapi#246: a status and an acknowledgement, in either order."""
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device:
        emulator.faults.split = size
        await device.commands.execute(Switch.on, {})
        emulator.faults.split, emulator.faults.merge = 0, True
        await device.commands.execute(Switch.off, {})
        assert device.available


async def test_a_gateway_tells_when_it_no_longer_reaches_a_device() -> None:
    """make-all/tuya-local#6009, xZetsubou/hass-localtuya#293: it stayed on."""
    behind: dict[str, dict[str, Any]] = {"a4c1": {"1": True}, "b4c1": {"1": True}}
    async with (
        TuyaEmulator({}, version="3.4", behind=behind) as emulator,
        driven(emulator) as device,
    ):
        await shows(device, Switch.switch, True, "a4c1")
        emulator.offline.add("a4c1")
        emulator.tell_units()
        await until(lambda: not device.component_available("a4c1"))
        assert device.component_available("b4c1")
        emulator.offline.clear()
        emulator.tell_units()
        await until(lambda: device.component_available("a4c1"))


@pytest.mark.parametrize("odd", [5, True, "abc", {"a": 1}, [None, 7]])
def test_what_is_no_list_of_devices_names_none(odd: Any) -> None:
    told = TuyaMessage(64, {"data": {"online": odd, "offline": ["a4c1"]}})
    assert units_in(told) == (set(), {"a4c1"})


async def test_a_gateway_with_points_of_its_own_is_asked_for_its_devices() -> None:
    """rospogrigio/localtuya#1493: what it has heard of one of them names it."""
    behind: dict[str, dict[str, Any]] = {"a4c1": {"1": True}}
    async with (
        TuyaEmulator({"4": 1, "32": False}, version="3.4", behind=behind) as emulator,
        driven(emulator) as device,
    ):
        emulator.report({"1": False}, "a4c1")
        await shows(device, Switch.switch, False, "a4c1")
        emulator.offline.add("a4c1")
        await asyncio.sleep(700)
        assert not device.component_available("a4c1")


@pytest.mark.parametrize("version", ["3.4", "3.5"])
async def test_newer_versions_also_have_devices_that_are_asked_by_number(version: str) -> None:
    """jasonacox/tinytuya#658 and #597."""
    async with TuyaEmulator({"1": True}, version=version) as emulator:
        emulator.by_number = True
        async with driven(emulator) as device:
            assert device.state.get(Switch.switch) is True


@pytest.mark.parametrize(
    "words",
    [
        ("open", "close", "stop"),
        ("1", "2", "0"),
        ("01", "02", "00"),
        ("on", "off", "stop"),
        ("up", "down", "stop"),
        ("ZZ", "FZ", "STOP"),
        ("fopen", "fclose", ""),
    ],
)
async def test_covers_have_several_vocabularies(words: tuple[str, str, str]) -> None:
    """jasonacox/tinytuya#653."""
    points = {"1": words[1], "2": 0, "3": 50}
    async with TuyaEmulator(points) as emulator, driven(emulator) as device:
        await device.commands.execute(WindowShade.open, {})
        assert emulator.points["1"] == words[0]
        await device.commands.execute(WindowShade.close, {})
        assert emulator.points["1"] == words[1]


async def test_one_connection_is_kept_however_much_is_asked() -> None:
    """jasonacox/tinytuya#581: devices stop answering after some thousand connections."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        for n in range(20):
            await device.commands.execute(Switch.off if n % 2 else Switch.on, {})
        await asyncio.sleep(400)  # it was polled, and its heart has beaten
        assert emulator.connections == (1, 1)


async def test_a_device_that_drops_the_connection_comes_back_each_time() -> None:
    """rospogrigio/localtuya#223, #940, #1117 and #2005, make-all/tuya-local#4987."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        for n in range(5):
            await emulator.drop()
            await until(lambda n=n: emulator.connections.accepted >= n + 2)  # type: ignore[misc]
            await until(lambda: device.available and emulator.connections.open == 1)
        await device.commands.execute(Switch.on, {})
        assert emulator.points["1"] is True


async def test_a_beacon_from_a_router_moves_nothing() -> None:
    """make-all/tuya-local#5713: it followed the address of Docker's gateway."""
    async with TuyaEmulator(version="3.4") as emulator, driven(emulator) as device:
        device.connection.sighted(Address("127.0.0.9", emulator.port))
        await asyncio.sleep(30)
        await device.commands.execute(Switch.on, {})
        assert device.record.addresses[0] == Address(emulator.host, emulator.port)


async def test_a_device_that_announces_nothing_for_long_stays() -> None:
    """make-all/tuya-local#5526: some of version 3.5."""
    async with TuyaEmulator(version="3.5") as emulator, driven(emulator) as device:
        await asyncio.sleep(600)
        assert device.available
        await emulator.restart(down=5.0)
        await until(lambda: device.available)


async def test_a_device_that_is_off_is_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """rospogrigio/localtuya#1073: a traceback for each attempt."""
    async with TuyaEmulator() as emulator, driven(emulator) as device:
        with caplog.at_level(logging.INFO):
            await emulator.down()
            await asyncio.sleep(120)
            assert not device.available
        lines = [record for record in caplog.records if record.levelno >= logging.INFO]
        assert len(lines) == 1
        assert lines[0].exc_info is None


async def test_a_device_that_acknowledges_nothing_reports_the_result() -> None:
    """codetheweb/tuyapi#246: the answer that comes is the push."""
    async with TuyaEmulator() as emulator, driven(emulator) as device:
        emulator.is_acknowledging = False
        await device.commands.execute(Switch.on, {})
        await shows(device, Switch.switch, True)


# numbers: codetheweb/tuyapi#634 and #623, TradeFace/tuyaface#50


@asynccontextmanager
async def refused(emulator: TuyaEmulator, device: Device) -> AsyncGenerator[asyncio.Future[None]]:
    """Tell a device to turn off, which it refuses after it has reported late that it is on."""
    peer, known = emulator.peers[0], len(emulator.log)
    emulator.refuses, emulator.faults.hold = b"busy", True
    command = asyncio.ensure_future(device.commands.execute(Switch.off, {}))
    await until(lambda: len(emulator.log) > known and emulator.held)
    emulator.push(peer, {"1": True})
    await asyncio.sleep(0.1)
    emulator.faults.hold = False
    yield command
    emulator.release()
    await asyncio.wait([command])


@pytest.mark.parametrize("version", ["3.1", "3.3", "3.4"])
async def test_a_late_report_is_no_answer_where_answers_have_numbers(version: str) -> None:
    async with TuyaEmulator(version=version) as emulator, driven(emulator) as device:
        await device.commands.execute(Switch.on, {})
        async with refused(emulator, device) as command:
            assert not command.done()
        with pytest.raises(RefusedError, match="busy"):
            command.result()


@pytest.mark.parametrize("version", ["3.3", "3.5"])
async def test_a_report_may_be_the_answer_where_answers_have_no_numbers(version: str) -> None:
    async with TuyaEmulator(version=version) as emulator:
        emulator.repeats_numbers = False
        async with driven(emulator) as device:
            await device.commands.execute(Switch.on, {})
            async with refused(emulator, device) as command:
                pass
            with pytest.raises(UnconfirmedError, match="stayed on"):
                command.result()


async def test_a_device_that_repeats_numbers_now_and_then_never_fails() -> None:
    """A gateway acknowledges for some of the devices behind it, and reports what others do."""
    async with TuyaEmulator() as emulator, driven(emulator) as device:
        await device.commands.execute(Switch.on, {})
        emulator.is_acknowledging = False
        await device.commands.execute(Switch.off, {})  # it takes as long as an answer may take
        assert device.available
        for command in (Switch.on, Switch.off) * 3:
            emulator.is_acknowledging = not emulator.is_acknowledging
            await device.commands.execute(command, {})
            await shows(device, Switch.switch, command is Switch.on)


async def test_a_refusal_has_the_words_of_the_device() -> None:
    async with TuyaEmulator() as emulator, driven(emulator) as device:
        emulator.refuses = b"parse data error"
        with pytest.raises((RefusedError, UnconfirmedError), match="parse data error"):
            await device.commands.execute(Switch.on, {})


async def test_a_device_without_a_beacon_is_asked_for_by_its_id() -> None:
    """It is on another network; its address was entered."""
    asked: list[Any] = []
    answers = {"device_id": "bf0123456789abcdefghij", "protocol_version": "3.4"}

    class Answers:
        async def ask(self, question: Any) -> Any:
            asked.append(question.key)
            return answers.get(question.key, "0123456789abcdef")

    async with TuyaEmulator(version="3.4") as emulator:
        device = new_device(emulator)
        device.driver.memory.device_id = device.driver.memory.version = ""
        await device.driver.pair(Ask(Answers()))  # type: ignore[arg-type]
        assert asked == ["device_id", "protocol_version", "local_key"]
        await device.check(device.record.addresses[0])
        assert device.identity.unique_id == answers["device_id"]
