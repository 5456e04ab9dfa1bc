"""UDP as the second way to a device: datagrams beside HTTP, one connection, one identity."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any, ClassVar, override

from aiohttp import web
import pytest

from lan_edge import (
    Address,
    Beside,
    Confirm,
    Device,
    Driver,
    Http,
    HttpOptions,
    Identity,
    IdentityError,
    Json,
    JsonCodec,
    Profile,
    Record,
    Switch,
    TimedOutError,
    Udp,
    UdpOptions,
    handles,
    id_at,
)
from tests.clock import now

from ..peers import until

ID, HOST = "plug-1", "127.0.0.73"
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Plug(asyncio.DatagramProtocol):
    """A plug: `GET /info` and `GET /plug` by HTTP; commands and changes as JSON by UDP."""

    def __init__(self) -> None:
        self.state = {"on": False}
        self.asked = list[str]()
        """What came by HTTP."""
        self.heard = list[Any]()
        """What came by UDP."""
        self.lose = 0
        """How many of the next datagrams are lost."""
        self.is_deaf = False
        """Whether nothing is answered by UDP."""
        self.udp_id = ID
        self.port = self.udp_port = 0
        self._talkers = set[Any]()
        self._runner = web.AppRunner(web.Application())

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        self._runner.app.router.add_get("/{path}", self._answer)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.port = int(self._runner.addresses[0][1])
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        try:
            yield
        finally:
            self.transport.close()
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response({"serial": ID} if request.path == "/info" else self.state)

    @override
    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.udp_port = transport.get_extra_info("sockname")[1]

    @override
    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.heard.append(message := json.loads(data))
        self.lose -= 1
        if self.is_deaf or self.lose >= 0:
            return
        self._talkers.add(addr)
        if "on" in message:
            self.state["on"] = message["on"]
        answer = {"serial": self.udp_id} if message.get("do") == "who" else {"ok": True}
        self.say({"id": message["id"], **answer}, addr)

    def change(self, *, on: bool) -> None:
        """Change, and tell everybody who has spoken to it."""
        self.state["on"] = on
        for addr in self._talkers:
            self.say(self.state, addr)

    def say(self, message: Any, addr: Any) -> None:
        self.transport.sendto(json.dumps(message).encode(), addr)


class Plain(Driver[Http]):
    """HTTP to be read, UDP for commands and news."""

    id = "udp_beside"
    profile = Profile(Switch)
    options = HttpOptions()
    port: ClassVar[int] = 0
    told: ClassVar[list[tuple[str, Json]]] = []

    def news_options(self) -> UdpOptions:
        return UdpOptions(port=self.port, codec=JsonCodec, key=lambda m: m.get("id"), timeout=2)

    async def who(self) -> str:
        return id_at(await self.news.ask({"id": self.news.number(), "do": "who"}), "serial")

    async def subscribe(self) -> None:
        await self.news.ask({"id": self.news.number(), "do": "subscribe"})

    news = Beside(Udp, news_options, opened=subscribe)

    @override
    async def identify(self) -> str:
        return id_at(await self.io.get_json("/info"), "serial")

    @override
    async def refresh(self) -> None:
        self.emit_field(Switch.switch, await self.io.get_json("/plug"), "on")

    @override
    def on_message(self, message: Json) -> None:
        self.told.append((self.way, message))
        self.emit_field(Switch.switch, message, "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.news.ask({"id": self.news.number(), "on": True})

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.news.ask({"id": self.news.number(), "on": False}, again=False)


class Identified(Plain):
    """Asked on both ways."""

    news = Beside(Udp, Plain.news_options, identify=Plain.who, opened=Plain.subscribe)


class Optional(Plain):
    """Does without UDP."""

    news = Beside(
        Udp, Plain.news_options, identify=Plain.who, opened=Plain.subscribe, optional=True
    )


@asynccontextmanager
async def started(plug: Plug, driver: type[Plain]) -> AsyncGenerator[Device]:
    driver.port = plug.udp_port
    Plain.told.clear()
    device = Device(driver, Record(Identity(ID), (Address(HOST, plug.port),)))
    device.start()
    try:
        yield device
    finally:
        await device.stop()


@asynccontextmanager
async def online(plug: Plug, driver: type[Plain]) -> AsyncGenerator[Device]:
    async with plug.running(), started(plug, driver) as device:
        await until(lambda: device.available)
        yield device


def news_of(device: Any) -> dict[str, Any]:
    (way,) = device.ways
    return dict(way)


@pytest.mark.parametrize("driver", [Plain, Identified])
async def test_both_are_opened_and_news_name_their_way(driver: type[Plain]) -> None:
    plug = Plug()
    async with online(plug, driver) as device:
        assert news_of(device)["open"] is True
        assert device.driver.confirm_by is Confirm.PUSH
        plug.change(on=True)
        await until(lambda: device.state.get(Switch.switch) is True)
        assert Plain.told[-1] == ("news", {"on": True})
        entries = [entry.text for entry in device.trace.entries()]
        assert 'news: {"on": true}' in entries


async def test_a_command_is_sent_again_until_it_is_answered_and_confirmed_by_reading() -> None:
    plug = Plug()
    async with online(plug, Plain) as device:
        plug.lose, plug.asked[:] = 2, []
        await device.commands.execute(Switch.on, {})
        assert [m for m in plug.heard if "on" in m] == 3 * [plug.heard[-1]]
        assert device.state.get(Switch.switch) is True
        assert plug.asked == ["/plug"]  # no news came


async def test_what_must_not_arrive_twice_is_sent_once() -> None:
    plug = Plug()
    async with online(plug, Plain) as device:
        plug.lose = 1
        with pytest.raises(TimedOutError):
            await device.commands.execute(Switch.off, {})
        assert len([m for m in plug.heard if "on" in m]) == 1


async def test_silence_is_no_loss_where_nothing_asks_for_a_sign() -> None:
    plug = Plug()
    async with online(plug, Plain) as device:
        await asyncio.sleep(300)
        assert device.available
        assert (device.history.drops, device.connection.attempts) == (0, 1)
        plug.change(on=True)
        await until(lambda: device.state.get(Switch.switch) is True)


async def test_a_way_that_is_silent_is_asked_who_it_is() -> None:
    plug = Plug()
    async with online(plug, Identified) as device:
        await asyncio.sleep(60)
        assert 5 <= len([m for m in plug.heard if m.get("do") == "who"]) <= 15
        assert (device.history.drops, device.connection.attempts) == (0, 1)
        plug.is_deaf, began = True, now()
        await until(lambda: not device.available, seconds=60)
        assert now() - began < 20
        plug.is_deaf = False
        await until(lambda: device.available, seconds=60)
        assert news_of(device)["open"] is True


async def test_the_device_does_without_an_optional_one_until_it_is_back() -> None:
    plug = Plug()
    async with online(plug, Optional) as device:
        await until(lambda: news_of(device)["open"])
        plug.is_deaf = True
        await until(lambda: not news_of(device)["open"], seconds=60)
        assert device.available
        plug.change(on=True)
        await until(lambda: device.state.get(Switch.switch) is True, seconds=30)  # it is polled
        plug.is_deaf = False
        await until(lambda: news_of(device)["open"], seconds=60)
        assert device.history.drops == 0


@pytest.mark.parametrize("driver", [Identified, Optional])
async def test_another_one_by_udp_is_refused(driver: type[Plain]) -> None:
    plug = Plug()
    plug.udp_id = "its-neighbour"
    async with plug.running(), started(plug, driver) as device:
        if driver is Optional:
            await until(lambda: any("its-neighbour" in way["reason"] for way in device.ways))
            assert device.available
        else:
            await until(lambda: device.connection.reason)
            assert isinstance(device.connection.reason, IdentityError)
            assert "its-neighbour" in str(device.connection.reason)
        assert not [m for m in plug.heard if m.get("do") == "subscribe"]


async def test_a_device_that_is_gone_is_gone_on_both() -> None:
    plug = Plug()
    device: Device
    async with started(plug, Plain) as device:
        async with plug.running():
            Plain.port = plug.udp_port
            device.connection.sighted(Address(HOST, plug.port))
            await until(lambda: device.available, seconds=20)
        began = now()
        await until(lambda: not device.available, seconds=120)
        assert now() - began < 60
