"""JSON lines over TCP: replies and pushes on one socket."""

import asyncio
from collections.abc import AsyncGenerator
import json
from typing import Any, Self, override

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from lan_edge import (
    CredentialsError,
    DriverError,
    EdgeError,
    JsonRpc,
    JsonRpcOptions,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
)
from lan_edge.transports.base import Link

from ...peers import TcpPeer, Wire, until
from ..contract import Contract, Heard, Kit


def make(link: Link) -> JsonRpc:
    return JsonRpc(link, JsonRpcOptions(timeout=0.2, limit=1000))


async def serve(wire: Wire) -> None:
    async for line in wire.lines():
        request = json.loads(line)
        reply = {"id": request["id"], "result": request["method"].upper()}
        await wire.send(json.dumps(reply).encode() + b"\n")


class TestJsonRpc(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda rpc: rpc.call("power"),
        answer="POWER",
        garbage=b"{<html>\n[1, null]\n\xff\xfe\n\n" + b"[" * 900 + b"\n",
        oversize=b"x" * 1001 + b"\n",
        garbage_raises=(TimedOutError,),
    )


async def log_in(rpc: JsonRpc) -> None:
    if await rpc.call("login") != "welcome":
        raise CredentialsError


async def serve_after_login(wire: Wire) -> None:
    request = json.loads(await wire.reader.readuntil())
    wire.write(json.dumps({"id": request["id"], "result": "welcome"}).encode() + b"\n")
    await serve(wire)


class TestJsonRpcWithLogin(Contract):
    """A login adds steps at which it can be cancelled."""

    kit = Kit(
        make=lambda link: JsonRpc(link, JsonRpcOptions(timeout=0.2, limit=1000, login=log_in)),
        serve=serve_after_login,
        use=lambda rpc: rpc.call("power"),
        answer="POWER",
        garbage=b"{<html>\n[1, null]\n\xff\xfe\n\n" + b"[" * 900 + b"\n",
        oversize=b"x" * 1001 + b"\n",
        garbage_raises=(TimedOutError,),
    )

    @override
    async def test_oversize(self, transport: Any, peer: Any, heard: Heard) -> None:
        await super().test_oversize(transport, peer, Heard())  # the login says something


class Bench:
    """A transport and the one peer it talks to, which answers by hand."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.rpc = make(self.heard.link())
        self.peer = TcpPeer(self.listen)
        self.got = list[dict[str, Any]]()

    async def listen(self, wire: Wire) -> None:
        async for line in wire.lines():
            self.got.append(json.loads(line))

    def say(self, *messages: Any) -> None:
        data = b"".join(json.dumps(m).encode() + b"\n" for m in messages)
        self.peer.wires[-1].write(data)

    async def calls(self, count: int) -> list[asyncio.Task[Any]]:
        tasks = [asyncio.ensure_future(self.rpc.call(f"m{n}")) for n in range(count)]
        await until(lambda: len(self.got) >= count)
        return tasks

    def values(self) -> list[Any]:
        return [m.value for m in self.heard.messages]

    async def __aenter__(self) -> Self:
        await self.peer.__aenter__()
        await self.rpc.open(self.peer.address)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.rpc.close()
        await self.peer.__aexit__()


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    async with Bench() as made:
        yield made


def push(value: int) -> dict[str, Any]:
    return {"method": "state", "params": {"n": value}}


async def test_request_on_the_wire(bench: Bench) -> None:
    task = asyncio.ensure_future(bench.rpc.call("set", on=True))
    await until(lambda: bench.got)
    assert bench.got == [{"id": 1, "method": "set", "params": {"on": True}}]
    bench.say({"id": 1, "result": {"ok": 1}})
    assert await task == {"ok": 1}
    message = bench.heard.messages[0]
    assert (message.method, message.data, message.is_reply) == ("set", {"ok": 1}, True)
    assert (message.asked, message.positions) == ({"on": True}, ())


async def test_a_reply_comes_with_the_params_by_position(bench: Bench) -> None:
    task = asyncio.ensure_future(bench.rpc.call("get", "power", "bright"))
    await until(lambda: bench.got)
    bench.say({"id": 1, "result": ["on", "70"]}, push(5))
    assert await task == ["on", "70"]
    await until(lambda: len(bench.heard.messages) == 2)
    reply, pushed = bench.heard.messages
    assert (reply.is_reply, reply.positions, reply.asked) == (True, ("power", "bright"), {})
    assert (pushed.is_reply, pushed.positions, pushed.asked) == (False, (), {})


async def test_out_of_order_late_twice_and_unknown(bench: Bench) -> None:
    tasks = await bench.calls(3)
    bench.say({"id": 3, "result": 3}, {"id": 3, "result": 33}, {"id": 99, "result": 99})
    bench.say({"id": "1", "result": 11}, {"id": True, "result": 11}, {"result": 4}, push(5))
    bench.say({"id": 1, "result": 1})
    with pytest.raises(TimedOutError, match="m1: no answer"):
        await tasks[1]
    bench.say({"id": 2, "result": 2}, push(6))
    await until(lambda: bench.values()[-1:] == [{"n": 6}])
    assert [tasks[0].result(), tasks[2].result()] == [1, 3]
    # neither the late reply nor the second one reached the driver
    assert bench.values() == [3, {"n": 5}, 1, {"n": 6}]
    assert bench.rpc._link.oddities == {"a reply nobody waits for": 6}
    assert not bench.heard.lost


async def test_driver_hears_a_reply_before_its_caller(bench: Bench) -> None:
    (task,) = await bench.calls(1)
    seen = list[list[Any]]()
    task.add_done_callback(lambda _: seen.append(bench.values()))
    bench.say({"id": 1, "result": 1}, push(2))
    await task
    await asyncio.sleep(0)
    assert seen == [[1, {"n": 2}]]


async def test_refused(bench: Bench) -> None:
    tasks = await bench.calls(3)
    bench.say({"id": 1, "error": {"code": -1, "message": "x" * 900}})
    bench.say({"id": 2, "error": "busy"}, {"id": 3})
    with pytest.raises(RefusedError, match="m0: xxx") as caught:
        await tasks[0]
    assert len(str(caught.value)) == 200
    with pytest.raises(RefusedError, match="m1: busy"):
        await tasks[1]
    with pytest.raises(ReplyError, match="m2: a reply without result"):
        await tasks[2]


@pytest.mark.parametrize("error", [{"code": -1}, {"message": None, "data": 5}, {"message": ""}])
async def test_refused_without_a_reason(bench: Bench, error: Any) -> None:
    (task,) = await bench.calls(1)
    bench.say({"id": 1, "error": error})
    with pytest.raises(RefusedError, match=r"^m0: no reason given$"):
        await task


async def test_batch_is_taken_apart(bench: Bench) -> None:
    tasks = await bench.calls(2)
    bench.say([{"id": 2, "result": 2}, push(3), {"id": 1, "result": 1}, 7])
    assert await asyncio.gather(*tasks) == [1, 2]
    assert bench.values() == [2, {"n": 3}, 1]


async def test_cancelled_caller_leaves_nothing(bench: Bench) -> None:
    (task,) = await bench.calls(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    bench.say({"id": 1, "result": 1}, push(2))
    await until(bench.values)
    assert bench.values() == [{"n": 2}]
    assert bench.rpc._correlator.find(1) is None


async def test_message_without_an_end_closes_the_connection(bench: Bench) -> None:
    tasks = await bench.calls(2)
    bench.peer.wires[-1].write(b"x" * 1001)
    for task in tasks:
        with pytest.raises(ReplyError, match="a message of more than 1000 bytes"):
            await task
    assert isinstance(bench.heard.lost[0], ReplyError)
    with pytest.raises(UnreachableError):
        await bench.rpc.call("again")


async def test_new_options_are_for_the_next_connection() -> None:
    got: list[bytes] = []

    async def listen(wire: Wire) -> None:
        async for line in wire.lines(b"\r\n"):
            got.append(line)
            await wire.send(b'{"id":%d,"result":1}\r\n' % json.loads(line)["id"])

    rpc = make(Heard().link())
    async with TcpPeer(serve) as plain, TcpPeer(listen) as other:
        await rpc.open(plain.address)
        assert await rpc.call("power") == "POWER"
        rpc.configure(JsonRpcOptions(delimiter=b"\r\n", version=True))
        await rpc.open(other.address)
        assert await rpc.call("power") == 1
        await rpc.close()
    assert got == [b'{"id":2,"method":"power","jsonrpc":"2.0"}\r\n']


messages = st.lists(st.sampled_from(["reply", "push", "odd", "junk"]), max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(messages, st.randoms(use_true_random=False), st.lists(st.integers(1, 60), min_size=1))
async def test_any_mix_however_it_is_cut(kinds: list[str], random: Any, sizes: list[int]) -> None:
    replies = kinds.count("reply")
    numbers = random.sample(range(1, replies + 1), replies)
    data, expected = b"", list[Any]()
    for place, kind in enumerate(kinds):
        said: Any = {"id": 1000 + place, "result": place}
        if kind == "reply":
            number = numbers.pop()
            said = {"id": number, "result": f"r{number}"}
            expected.append(f"r{number}")
        elif kind == "push":
            said = push(place)
            expected.append({"n": place})
        data += b"{nonsense\n" if kind == "junk" else json.dumps(said).encode() + b"\n"
    async with Bench() as bench:
        tasks = await bench.calls(replies)
        wire = bench.peer.wires[-1]
        while data:
            size = sizes[len(data) % len(sizes)]
            wire.write(data[:size])
            data = data[size:]
            await asyncio.sleep(0)
        assert await asyncio.gather(*tasks) == [f"r{n + 1}" for n in range(replies)]
        await until(lambda: len(bench.values()) == len(expected))
        assert bench.values() == expected


# login


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CredentialsError("no"), CredentialsError),
        (RefusedError("no"), RefusedError),
        (TimeoutError(), TimedOutError),
        (KeyError("bug"), DriverError),
    ],
)
async def test_a_login_that_fails(error: Exception, expected: type[EdgeError]) -> None:
    async def fail(_io: JsonRpc) -> None:
        raise error

    heard = Heard()
    io = JsonRpc(heard.link(), JsonRpcOptions(login=fail))
    async with TcpPeer(serve) as peer:
        with pytest.raises(expected):
            await io.open(peer.address)
        await until(peer.wires[0].reader.at_eof)
    assert not heard.lost
    assert not io.heard_at


async def test_a_login_that_is_refused() -> None:
    heard = Heard()
    io = JsonRpc(heard.link(), JsonRpcOptions(login=log_in))
    async with TcpPeer(serve) as peer:  # shouts the login back
        with pytest.raises(CredentialsError):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_during_the_login_is_raised_by_open_only() -> None:
    async def hang_up(wire: Wire) -> None:
        await wire.reader.readuntil()

    heard = Heard()
    io = JsonRpc(heard.link(), JsonRpcOptions(login=log_in))
    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_during_a_login_that_does_not_notice() -> None:
    async def wait(_io: JsonRpc) -> None:
        await asyncio.sleep(0.05)

    async def hang_up(wire: Wire) -> None:
        del wire

    heard = Heard()
    io = JsonRpc(heard.link(), JsonRpcOptions(login=wait))
    async with TcpPeer(hang_up) as peer:
        with pytest.raises(UnreachableError, match="at once"):
            await io.open(peer.address)
    assert not heard.lost


async def test_lost_after_the_login_is_reported() -> None:
    heard = Heard()
    io = JsonRpc(heard.link(), JsonRpcOptions(login=log_in))
    async with TcpPeer(serve_after_login) as peer:
        await io.open(peer.address)
        peer.drop()
        await until(lambda: len(heard.lost) == 1)
        await io.open(peer.address)
        peer.drop()
        await until(lambda: len(heard.lost) == 2)
