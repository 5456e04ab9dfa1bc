"""Answers and messages with the same fields at different places, and what has all read anew."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import json
from typing import Any

import pytest

from lan_edge import (
    Address,
    DescriptionError,
    Device,
    Driver,
    ReplyError,
    Switch,
    connect,
    read_description,
)
from lan_edge.cli.writing import UnwritableError, written
from tests.docs import pages
from tests.drivers.described import compiled
from tests.drivers.house import until

TEXT = """
description: 1
id: nested
name: Nested
talks: json_rpc
requests:
  status: {call: get, within: status}
messages:
  status: {event: changed, within: "[0].now"}
  restarted: {event: restarted, refresh: true}
components:
  main:
    switch:
      switch: {path: relay.on, from: status}
      "on": {call: set, params: {"on": true}}
      "off": {call: set, params: {"on": false}}
"""
ALIKE = TEXT.replace("within: status", "within: now").replace('"[0].now"', "now")


class Nested:
    """A relay by JSON lines: it answers deeper than it reports."""

    def __init__(self) -> None:
        self.on = False
        self.answers: Callable[[Any], Any] = lambda relay: {"status": relay}
        self.asked: list[str] = []
        self._writers: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def there(self) -> AsyncGenerator[Address]:
        """Have it be at an address."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            try:
                yield Address("127.0.0.1", server.sockets[0].getsockname()[1])
            finally:
                server.close_clients()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        async for line in reader:
            request = json.loads(line)
            self.asked.append(request["method"])
            self.on = request.get("params", {}).get("on", self.on)
            self._send(writer, {"id": request["id"], "result": self.answers(self._relay())})

    def _relay(self) -> Any:
        return {"relay": {"on": self.on}}

    def tell(self, method: str, params: Any) -> None:
        """Report something."""
        self._send(self._writers[-1], {"method": method, "params": params})

    @staticmethod
    def _send(writer: asyncio.StreamWriter, message: Any) -> None:
        writer.write(json.dumps(message).encode() + b"\n")


def driver_of(text: str, *, is_written: bool) -> type[Driver[Any]]:
    if not is_written:
        return compiled(text)
    return pages.driver_in("nested", written(read_description(text)))


def is_on(device: Device) -> bool | None:
    return device.state.get(Switch.switch)


each_way = pytest.mark.parametrize("is_written", [False, True], ids=["described", "written"])


@each_way
async def test_a_device_that_reports_deeper_than_it_answers(is_written: bool) -> None:
    nested = Nested()
    async with (
        nested.there() as address,
        connect(driver_of(TEXT, is_written=is_written), address) as device,
    ):
        assert is_on(device) is False
        nested.tell("changed", [{"now": {"relay": {"on": True}}}, 5])
        await until(lambda: is_on(device) is True)
        nested.tell("changed", [{"other": {"relay": {"on": False}}}])  # nothing that is read
        nested.asked.clear()
        nested.tell("restarted", None)
        await until(lambda: nested.asked == ["get"])
        await until(lambda: is_on(device) is False)


@each_way
async def test_both_may_be_at_the_same_place(is_written: bool) -> None:
    nested = Nested()
    nested.answers = lambda relay: {"now": relay}
    async with (
        nested.there() as address,
        connect(driver_of(ALIKE, is_written=is_written), address) as device,
    ):
        assert is_on(device) is False
        nested.tell("changed", {"now": {"relay": {"on": True}}})
        await until(lambda: is_on(device) is True)


@each_way
@pytest.mark.parametrize("params", [{"relay": 1}, [], 5, None, [{"now": "x"}]], ids=repr)
async def test_all_is_read_again_also_if_a_message_has_not_its_part(
    params: Any, is_written: bool
) -> None:
    nested = Nested()
    text = TEXT.replace("refresh: true", 'refresh: true, within: "[0].now"')
    text += "    own: {reason: {text: true, from: restarted, path: reason}}\n"
    async with (
        nested.there() as address,
        connect(driver_of(text, is_written=is_written), address) as device,
    ):
        nested.asked.clear()
        nested.on = True
        nested.tell("restarted", params)
        await until(lambda: is_on(device) is True)
        assert nested.asked == ["get"]


async def test_an_answer_without_its_part_is_an_error() -> None:
    nested = Nested()
    async with nested.there() as address, connect(compiled(TEXT), address) as device:
        nested.answers = lambda _: {"status": None}
        with pytest.raises(ReplyError, match="status: the answer has nothing at status"):
            await device.commands.refresh()


def test_a_part_that_is_no_path_is_told_where_it_stands() -> None:
    wrong = TEXT.replace("within: status", 'within: "status["').replace('"[0].now"', '"$.now"')
    with pytest.raises(DescriptionError) as caught:
        read_description(wrong)
    places = {(each.line, each.place) for each in caught.value.faults}
    assert places == {(7, "requests.status.within"), (9, "messages.status.within")}


def test_a_refusal_has_no_part() -> None:
    wrong = TEXT.replace("requests:", "refused: {when: {path: error}, refresh: true}\nrequests:", 1)
    with pytest.raises(DescriptionError, match=r"refused\.refresh"):
        read_description(wrong)


def test_what_is_no_json_has_no_part_in_a_written_driver() -> None:
    text = """
description: 1
id: by_lines
name: By lines
talks: lines
requests: {state: {line: "?", within: now}}
components: {main: {switch: {switch: {path: on}, "on": {line: "+"}, "off": {line: "-"}}}}
"""
    with pytest.raises(UnwritableError, match="a part of a message that is text"):
        written(read_description(text))


ECHOING = """
description: 1
id: nested
name: Nested
talks: lines
poll: never
requests: {state: {line: "?"}}
messages: {changed: {pattern: "o.*", refresh: true}}
components:
  main:
    switch:
      switch: {from: state, map: {"on": true, "off": false}}
      "on": {line: "on"}
      "off": {line: "off"}
"""


@each_way
async def test_its_own_answers_never_have_it_read_again(is_written: bool) -> None:
    asked, writers = list[str](), list[asyncio.StreamWriter]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        async for line in reader:
            asked.append(line.decode().strip())
            writer.write(b"on\n")

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = Address("127.0.0.1", server.sockets[0].getsockname()[1])
        try:
            async with connect(driver_of(ECHOING, is_written=is_written), address) as device:
                assert is_on(device) is True
                before = len(asked)
                await device.commands.refresh()
                await asyncio.sleep(5)
                assert len(asked) == before + 1
                writers[-1].write(b"on\n")
                await until(lambda: len(asked) == before + 2)
                await asyncio.sleep(5)
                assert asked == ["?"] * (before + 2)
        finally:
            server.close_clients()
