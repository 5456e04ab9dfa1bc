"""Trying a request at a device: what it answers, and what it sends by itself."""

import asyncio
from typing import Any

import pytest

from lan_edge import Address, Device, Identity, Record, Trial, TrialAnswer
from tests.docs.devices import Amplifier, Chime, Relay
from tests.emulators.json_bulb import JsonBulbEmulator

LINES = {"description": 1, "talks": "lines", "options": {"delimiter": "\r\n"}}


async def tried(trial: Trial, host: str, port: int) -> None:
    """Carry out a trial at an address."""
    device = Device(trial.driver, Record(Identity()))
    await device.check(Address(host, port))


async def test_what_a_device_sends_by_itself_is_not_the_answer() -> None:
    async with Amplifier() as device:
        trial = Trial(LINES, {"serial": {"line": "SERIAL?"}}, listen=2)
        device.news_first = True
        kind = {"messages": {"serial": {"pattern": "AMP.{0,9}"}}}
        trial = Trial({**LINES, **kind}, {"serial": {"line": "SERIAL?"}}, listen=2)
        await tried(trial, device_host(device), device.port)
        await trial.something_heard()
        assert {name: each.text for name, each in trial.answers().items()} == {"serial": "AMP1"}
        assert [each.text for each in trial.heard()] == ["*VOLUME 20"]


def device_host(_device: Any) -> str:
    """Return where the devices of the examples are."""
    return "127.0.0.61"


async def test_only_what_is_sent_by_itself() -> None:
    async with Amplifier() as device:
        trial = Trial(LINES, {})
        await tried(trial, device_host(device), device.port)
        assert trial.answers() == {}
        assert trial.heard() == []


async def test_a_notification_has_its_method_and_a_value_is_put_in() -> None:
    values = {"description": 1, "talks": "json_rpc"}
    sent: dict[str, dict[str, Any]] = {
        "command": {"call": "set", "params": {"level": "{value}"}},
        "status": {"call": "get"},
    }
    async with JsonBulbEmulator() as bulb:
        trial = Trial(values, sent, 40, listen=2)
        await tried(trial, bulb.host, bulb.port)
        assert bulb.state["level"] == 40
        assert '"level":40' in trial.answers()["status"].text
        [message] = trial.heard()
        assert (message.event, {f.place for f in message.fields}) == ("state", {"on", "level"})


async def test_datagrams() -> None:
    values = {"description": 1, "talks": "udp", "options": {"key": {"path": "id"}}}
    async with Chime() as device:
        device.news_first = True
        asked = {"status": {"message": {"id": "{number}", "method": "status"}}}
        trial = Trial(values, asked, listen=1)
        await tried(trial, device_host(device), device.port)
        assert '"volume":5' in trial.answers()["status"].text
        assert [each.text for each in trial.heard()] == ['{"volume":5}']


async def test_bytes_are_bytes_even_if_they_are_printable() -> None:
    options = {"framer": {"size": 2}, "key": {"bytes": 0}, "messages": "binary"}
    values = {"description": 1, "talks": "frames", "options": options}
    async with Relay() as device:
        trial = Trial(values, {"state": {"bytes": "{number:u8} 52"}}, listen=2)
        device.news_first = True
        await tried(trial, device_host(device), device.port)
        answer, [heard] = trial.answers()["state"], trial.heard()
        assert (answer.text, answer.data[1:]) == (answer.data.hex(" "), b"R\0")
        assert heard.data == b"\0R\0"
        assert {f.place: f.value for f in answer.fields}["2 bit 0"] is False


async def test_what_can_be_picked_is_the_part_that_is_read() -> None:
    messages = {"state": {"event": "state", "within": "on"}}
    values = {"description": 1, "talks": "json_rpc", "messages": messages}
    sent: dict[str, dict[str, Any]] = {
        "status": {"call": "get", "within": "level"},
        "command": {"call": "set", "params": {"on": True}},
    }
    async with JsonBulbEmulator() as bulb:
        trial = Trial(values, sent, listen=2)
        await tried(trial, bulb.host, bulb.port)
        status, command = trial.answers()["status"], trial.answers()["command"]
        assert '"level":100' in status.text
        assert [(each.place, each.value) for each in status.fields] == [("", 100)]
        assert [each.place for each in command.fields] == ["on", "level"]
        [message] = trial.heard()
        assert [each.value for each in message.fields] == [True]


@pytest.mark.parametrize("within", ["[0]", "on.deeper", "other"])
async def test_all_can_be_picked_of_what_has_not_the_part_that_is_read(within: str) -> None:
    messages = {"state": {"event": "state", "within": within}}
    values = {"description": 1, "talks": "json_rpc", "messages": messages}
    sent: dict[str, dict[str, Any]] = {
        "status": {"call": "get", "within": within},
        "command": {"call": "set", "params": {"on": True}},
    }
    async with JsonBulbEmulator() as bulb:
        trial = Trial(values, sent, listen=2)
        await tried(trial, bulb.host, bulb.port)
        [message] = trial.heard()
        for each in (trial.answers()["status"], message):
            assert {field.place for field in each.fields} == {"on", "level"}


async def test_what_a_device_says_to_who_connects_is_not_said_of_a_command() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POWER=off\r\n")
        async for _ in reader:
            writer.write(b"POWER=on\r\nPOWER=off\r\nPOWER=on\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        command = {"command": {"line": "POWER on", "answered": False}}
        trial = Trial(LINES, command, settle=0.5, listen=2)
        await tried(trial, "127.0.0.1", port)
        assert [each.text for each in trial.since()] == ["POWER=on", "POWER=off", "POWER=on"]
        assert [each.text for each in trial.heard()] == ["POWER=off", *map(_text, trial.since())]
    assert trial.answers()["command"].text == ""


def _text(answer: TrialAnswer) -> str:
    return answer.text
