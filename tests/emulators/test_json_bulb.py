"""The bulb's protocol and its faults, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
import json
from typing import Any, Self

import aiohttp
import pytest

from tests.clock import now

from .json_bulb import JsonBulbEmulator

pytestmark = pytest.mark.asyncio


class Client:
    """A plain client of the bulb."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection(*self._address)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    def send(self, method: str, call: int = 1, **params: Any) -> None:
        message = {"id": call, "method": method, "params": params}
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def next(self) -> Any:
        return json.loads(await asyncio.wait_for(self.reader.readline(), 2))

    async def ask(self, method: str, **params: Any) -> Any:
        self.send(method, **params)
        return await self.next()

    async def hears_nothing(self, wait: float = 0.05) -> bool:
        try:
            await asyncio.wait_for(self.reader.read(1), wait)
        except TimeoutError:
            return True
        return False


@pytest.fixture
async def bulb() -> AsyncIterator[JsonBulbEmulator]:
    async with JsonBulbEmulator(id="bulb-1", name="Küche") as made:
        yield made


@pytest.fixture
async def client(bulb: JsonBulbEmulator) -> AsyncIterator[Client]:
    async with Client(bulb.host, bulb.port) as made:
        yield made


def push(on: bool, level: int) -> dict[str, Any]:
    return {"method": "state", "params": {"on": on, "level": level}}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 - nothing to be told by
            await asyncio.sleep(0.005)


async def test_info_and_get(client: Client) -> None:
    assert await client.ask("info") == {
        "id": 1,
        "result": {
            "id": "bulb-1",
            "model": "JB-1",
            "firmware": "1.0.2",
            "name": "Küche",
        },
    }
    assert (await client.ask("get"))["result"] == {"on": False, "level": 100}


@pytest.mark.parametrize(
    ("params", "state"),
    [
        ({"on": True}, {"on": True, "level": 100}),
        ({"level": 30}, {"on": True, "level": 30}),
        ({"level": 30, "fade": 1.5}, {"on": True, "level": 30}),
        ({"on": False, "level": 30}, {"on": False, "level": 30}),
    ],
)
async def test_set_answers_then_pushes(
    bulb: JsonBulbEmulator,
    client: Client,
    params: dict[str, Any],
    state: dict[str, Any],
) -> None:
    assert await client.ask("set", **params) == {"id": 1, "result": state}
    assert await client.next() == {"method": "state", "params": state}
    assert bulb.state == state
    assert bulb.log[-1].command == "set"
    assert bulb.log[-1].params == params
    assert 0 <= now() - bulb.log[-1].at < 2


async def test_every_client_hears_every_change(bulb: JsonBulbEmulator, client: Client) -> None:
    async with Client(bulb.host, bulb.port) as other:
        await other.ask("get")
        await client.ask("set", on=True)
        assert await client.next() == await other.next() == push(on=True, level=100)
        await bulb.change(level=7)
        assert await client.next() == await other.next() == push(on=True, level=7)
        assert bulb.connections == (2, 2)
    await until(lambda: bulb.connections == (2, 1))


async def test_no_change_is_no_push(client: Client) -> None:
    await client.ask("set", on=False)
    assert await client.hears_nothing()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"nonsense\n", -32700),
        (b"\xff\n", -32700),
        (b"[]\n", -32700),
        (b'{"method": "get"}\n', -32700),
        (b"[" * 40000 + b"\n", -32700),
        (b"x" * 70000 + b"\n", -32700),
        (b'{"id": 7, "method": "explode"}\n', -32601),
        (b'{"id": 7, "method": "set", "params": []}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"on": 1}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"level": 0}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"level": true}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"level": NaN}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"hue": 1}}\n', -32602),
        (b'{"id": 7, "method": "set", "params": {"on": true, "fade": -1}}\n', -32602),
    ],
)
async def test_errors(client: Client, line: bytes, code: int) -> None:
    client.writer.write(line)
    assert (await client.next())["error"]["code"] == code


async def test_a_wrong_change_is_refused(bulb: JsonBulbEmulator) -> None:
    with pytest.raises(ValueError, match="level"):
        await bulb.change(level=101)


async def test_slow_keeps_order_and_stamps_at_arrival(
    bulb: JsonBulbEmulator, client: Client
) -> None:
    delays = iter([0.1, 0.0])
    bulb.faults.slow = lambda: next(delays)
    client.send("set", 1, level=10)
    client.send("set", 2, level=20)
    messages = [await client.next() for _ in range(4)]
    assert [m.get("id") for m in messages] == [1, None, 2, None]
    assert bulb.log[1].at - bulb.log[0].at < 0.09


async def test_split_into_single_bytes(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.split = 1
    client.send("set", level=10)
    assert len(await client.reader.read(4096)) < 40
    await client.reader.readline()
    assert await client.next() == push(on=True, level=10)


async def test_merge_reply_and_push_in_one_write(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.merge = True
    client.send("set", level=10)
    assert (await client.reader.read(4096)).count(b"\n") == 2


async def test_merged_and_split(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.merge, bulb.faults.split = 0.02, 100
    client.send("set", level=10)
    assert not (await client.reader.read(4096)).endswith(b"\n")
    assert (await client.reader.readline()).endswith(b"}}\n")


async def test_silent(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.silent = True
    client.send("set", on=True)
    await bulb.change(level=5)
    async with Client(bulb.host, bulb.port) as other:
        other.send("get")
        assert await client.hears_nothing()
        assert await other.hears_nothing()
    assert bulb.state == {"on": False, "level": 5}
    bulb.faults.silent = False
    assert (await client.ask("get"))["result"] == bulb.state


async def test_lie_and_ignore(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.lie = True
    assert (await client.ask("set", on=True))["result"]["on"] is True
    assert (await client.ask("get"))["result"]["on"] is False
    bulb.faults.lie, bulb.faults.ignore = False, True
    assert (await client.ask("set", on=True))["result"]["on"] is False
    assert await client.hears_nothing()


async def test_refuse_all_or_some(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.refuse = ["set"]
    assert (await client.ask("set", on=True))["error"]["message"] == "refused"
    assert "result" in await client.ask("get")
    bulb.faults.refuse = True
    assert "error" in await client.ask("info")


async def test_impostor(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.impostor = "somebody-else"
    assert (await client.ask("info"))["result"]["id"] == "somebody-else"


async def test_drop_resets(bulb: JsonBulbEmulator, client: Client) -> None:
    await client.ask("get")
    await bulb.drop()
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(client.reader.read(1), 2)
    assert bulb.connections == (1, 0)


async def test_close_after_cuts_once(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.close_after(10)
    client.send("get")
    assert len(await asyncio.wait_for(client.reader.read(), 2)) == 10
    async with Client(bulb.host, bulb.port) as again:
        assert "result" in await again.ask("get")


async def test_restart(bulb: JsonBulbEmulator, client: Client) -> None:
    await bulb.change(level=42)
    port = bulb.port
    await client.next()
    restart = asyncio.create_task(bulb.restart(down=0.05))
    await asyncio.sleep(0.02)
    with pytest.raises(OSError, match=r"."):
        await asyncio.open_connection(bulb.host, port)
    await restart
    async with Client(bulb.host, port) as again:
        assert (await again.ask("get"))["result"]["level"] == 42
    assert bulb.connections.accepted == 2


async def test_move_leaves_a_silent_address(bulb: JsonBulbEmulator, client: Client) -> None:
    await client.ask("get")
    old = bulb.port
    await bulb.move("127.0.0.2")
    assert (bulb.host, bulb.port) == ("127.0.0.2", old)
    async with Client("127.0.0.2", old) as moved, Client("127.0.0.1", old) as late:
        assert "result" in await moved.ask("get")
        client.send("get")
        late.send("get")
        await bulb.change(on=True)
        assert await moved.next() == push(on=True, level=100)
        assert await client.hears_nothing()
        assert await late.hears_nothing()
    await bulb.move("127.0.0.1", old)
    async with Client("127.0.0.1", old) as back:
        assert "result" in await back.ask("get")


async def test_move_and_close_the_old(bulb: JsonBulbEmulator) -> None:
    old = bulb.port
    await bulb.move(port=0, old="closed")
    assert bulb.port != old
    async with JsonBulbEmulator(port=old, id="impostor") as other:
        assert other.port == old


async def test_inject_reaches_even_when_silent(bulb: JsonBulbEmulator, client: Client) -> None:
    await client.ask("get")
    bulb.faults.silent = True
    await bulb.inject(b'{"id": 99, "result": 1}\n{"id"')
    assert await client.next() == {"id": 99, "result": 1}
    assert await client.reader.read(99) == b'{"id"'


async def test_hold_and_release_in_another_order(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.hold = True
    client.send("get", 1)
    client.send("get", 2)
    client.send("get", 3)
    await until(lambda: len(bulb.held) == 3)
    await bulb.change(on=True)
    bulb.release([2, 0])
    bulb.release()
    messages = [await client.next() for _ in range(4)]
    assert [m.get("id") for m in messages] == [None, 3, 1, 2]
    assert messages[1]["result"]["on"] is False


async def test_late_is_overtaken(bulb: JsonBulbEmulator, client: Client) -> None:
    delays = iter([0.05, 0.0])
    bulb.faults.late = lambda: next(delays)
    client.send("get", 1)
    client.send("get", 2)
    assert [(await client.next())["id"] for _ in range(2)] == [2, 1]


async def test_repeat(bulb: JsonBulbEmulator, client: Client) -> None:
    bulb.faults.repeat = 2
    assert await client.ask("get") == await client.next()
    bulb.faults.clear()
    await client.ask("get")
    assert await client.hears_nothing()


async def test_description(bulb: JsonBulbEmulator) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(bulb.location) as answer,
    ):
        text = await answer.text()
    assert answer.content_type == "text/xml"
    assert "<friendlyName>Küche</friendlyName>" in text
    assert "<UDN>uuid:bulb-1</UDN>" in text
