"""Pairing: the questions of a driver, and the answers to them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import override

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from lan_edge import (
    Address,
    Ask,
    ChoiceQuestion,
    CredentialsError,
    Device,
    Driver,
    DriverError,
    Http,
    HttpOptions,
    Identity,
    Pairing,
    PressQuestion,
    Profile,
    Record,
    Sse,
    SseOptions,
    Switch,
    TextQuestion,
    Tls,
    Udp,
    UdpOptions,
    handles,
    said_in,
)
from lan_edge.driver import pairing
from tests.emulators.rest_switch import RestSwitchEmulator

type Pair = Callable[[Ask], Awaitable[None]]


async def run(pair: Pair, *answers: object) -> list[object]:
    """Answer a pairing's questions in order; return them."""
    process = Pairing(pair)
    asked: list[object] = []
    try:
        for answer in answers:
            asked.append(await process.question(timeout=5))
            process.answer(answer)
        assert await process.question(timeout=5) is None
    finally:
        await process.close()
    return asked


async def test_a_text_that_is_refused_is_requested_again_with_the_reason() -> None:
    given: list[str] = []

    async def accept(pin: str) -> None:
        if pin != "1234":
            raise CredentialsError("wrong PIN")

    async def pair(ask: Ask) -> None:
        given.append(await ask.text("pin", "The PIN on the device", accept))

    asked = await run(pair, "0000", "1234")
    assert asked == [
        TextQuestion("pin", "The PIN on the device"),
        TextQuestion("pin", "The PIN on the device", "wrong PIN"),
    ]
    assert given == ["1234"]


async def test_what_is_asked_and_refused_can_be_said_in_other_languages() -> None:
    german = {
        "the_pin": "Die PIN",
        "wrong_pin": "falsche PIN",
        "which_one": "Welche?",
        "ann": "Anna",
    }

    async def accept(pin: str) -> None:
        if pin != "1234":
            raise CredentialsError(t"wrong PIN")

    async def pair(ask: Ask) -> None:
        await ask.text("pin", t"The PIN", accept)
        await ask.choice("account", t"Which one?", {"a": t"Ann", "b": "Bob"})

    _, again, choice = await run(pair, "0000", "1234", "a")
    assert isinstance(again, TextQuestion)
    assert isinstance(choice, ChoiceQuestion)
    assert (again.text, again.error) == ("The PIN", "wrong PIN")
    assert said_in(again.text, german) == "Die PIN"
    assert said_in(again.error, german) == "falsche PIN"
    assert said_in(choice.text, german) == "Welche?"
    shown = {key: said_in(label, german) for key, label in choice.options.items()}
    assert shown == {"a": "Anna", "b": "Bob"}


async def test_one_or_several_choices() -> None:
    given: list[object] = []

    async def pair(ask: Ask) -> None:
        given.append(await ask.choice("account", "Which one?", {"a": "Ann", "b": "Bob"}))
        given.append(await ask.choices("parts", "Which parts?", {"1": "One", "2": "Two"}))

    asked = await run(pair, "b", ["1", "2"])
    assert asked[1] == ChoiceQuestion(
        "parts", "Which parts?", "", {"1": "One", "2": "Two"}, several=True
    )
    assert given == ["b", ["1", "2"]]


async def test_a_press_is_detected_and_may_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "PRESS_INTERVAL", 0.01)
    pressed = asyncio.Event()

    async def token() -> str:
        if not pressed.is_set():
            raise CredentialsError("press first")
        return "secret"

    async def pair(ask: Ask) -> None:
        assert await ask.press("button", "Press it", token, seconds=0.1) == "secret"

    process = Pairing(pair)
    assert await process.question() == PressQuestion("button", "Press it", "", 0.1)
    process.answer()
    assert await process.question() == PressQuestion("button", "Press it", "not done in time", 0.1)
    pressed.set()
    process.answer()
    assert await process.question() is None
    await process.close()


async def test_an_error_of_the_driver_is_raised() -> None:
    async def pair(_ask: Ask) -> None:
        raise CredentialsError("locked")

    with pytest.raises(CredentialsError, match="locked"):
        await run(pair)


async def test_closing_ends_a_driver_that_waits() -> None:
    async def pair(ask: Ask) -> None:
        await ask.text("pin", "The PIN")

    process = Pairing(pair)
    await process.question()
    await process.close()
    assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []


class Locked(Driver[Http]):
    """A switch that requires a PIN."""

    id = "locked"
    profile = Profile(Switch)

    @override
    async def pair(self, ask: Ask) -> None:
        await self.io.get("/switch")
        self.set_secret("pin", await ask.text("pin", "The PIN"))

    @handles(Switch.on)
    async def on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def off(self) -> None:
        await self.io.post("/switch", "off")


async def test_pairing_uses_the_connection_and_stores_the_secret() -> None:
    assert Locked.pairs()
    kept: list[dict[str, str]] = []
    async with RestSwitchEmulator() as switch:
        device = Device(Locked, Record(Identity("x")))
        device.observer.on_secrets = lambda: kept.append(dict(device.secrets))
        address = Address(switch.host, switch.port)
        await run(lambda ask: device.pair(address, ask), "1234")
    assert kept == [{"pin": "1234"}]


class Guarded(Driver[Http]):
    """A switch that requires a token even for the connection."""

    id = "guarded"
    profile = Profile(Switch)

    @override
    def transport_options(self) -> HttpOptions:
        return HttpOptions(headers={"X-Token": self.secrets.get("token", "")})

    @override
    async def pair(self, ask: Ask) -> None:
        self.set_secret("token", await ask.text("token", "The token"))

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @handles(Switch.on)
    async def on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def off(self) -> None:
        await self.io.post("/switch", "off")


async def test_a_secret_is_used_from_the_next_connection_on() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.headers["X-Token"] != "sesame":
            return web.Response(status=401)
        return web.Response(text="x")

    app = web.Application()
    app.router.add_get("/id", answer)
    async with TestServer(app) as server:
        device = Device(Guarded, Record(Identity("x")))
        address = Address("127.0.0.1", server.port or 0)
        with pytest.raises(CredentialsError):
            await device.check(address)
        await run(lambda ask: device.pair(address, ask), "sesame")
        assert (await device.check(address)).unique_id == "x"


class Shut(Driver[Sse]):
    """A device that accepts no connection without a token."""

    id = "shut"
    profile = Profile()

    @override
    def transport_options(self) -> SseOptions:
        return SseOptions(events="/events", headers={"X-Token": self.secrets.get("token", "")})

    @override
    async def pair(self, ask: Ask) -> None:
        self.set_secret("token", await ask.text("token", "The token"))


async def test_a_device_that_accepts_no_connection_without_a_login_is_paired() -> None:
    tokens: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers["X-Token"])
        if tokens[-1] != "sesame":
            return web.Response(status=401)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b": hello\n\n")
        await asyncio.sleep(5)
        return response

    app = web.Application()
    app.router.add_get("/events", answer)
    async with TestServer(app) as server:
        device = Device(Shut, Record(Identity("x")))
        address = Address("127.0.0.1", server.port or 0)
        await run(lambda ask: device.pair(address, ask), "sesame")
        await device.check(address)
    assert tokens == ["sesame"]  # there is no stream before the pairing


def test_tls_on_a_transport_without_it_is_an_error() -> None:
    with pytest.raises(DriverError, match="Udp cannot use TLS"):

        class Datagrams(Driver[Udp]):
            id = "datagrams"
            profile = Profile()
            options = UdpOptions(tls=Tls())
