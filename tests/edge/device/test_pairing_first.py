"""Pairing before the full connection, and refused logins, with a device that lets nobody in."""

from dataclasses import replace
from functools import partial
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Ask,
    CredentialsError,
    Device,
    Driver,
    EdgeError,
    Listener,
    ListenerSettings,
    Pairing,
    Profile,
    Record,
    Runtime,
    Sse,
    SseOptions,
    Switch,
    TextQuestion,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
    handles,
)
from lan_edge.connection.status import Status

from ..bench import online, send
from ..locked import PIN, TOKEN, WORDS, Locked, locked
from ..peers import until

STATUSES = {401, 403}


class StreamGate(Driver[Sse]):
    """Reads by HTTP, beside a stream of events."""

    id = "test_stream_gate"
    profile = Profile(Switch)

    @override
    def transport_options(self) -> SseOptions:
        headers = {"X-Token": self.secrets.get("token", "")}
        return SseOptions(headers=headers, login_statuses=STATUSES)

    @override
    async def pair(self, ask: Ask) -> None:
        async def accept(pin: str) -> None:
            self.set_secret("token", (await self.io.post("/pair", pin)).text())

        await ask.text("pin", "The PIN of the gate", accept)

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/state") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.refresh()

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.refresh()


class SocketGate(Driver[WebSocket]):
    """Reads by a WebSocket; only the pairing goes by HTTP."""

    id = "test_socket_gate"
    profile = Profile(Switch)

    @override
    def transport_options(self) -> WebSocketOptions:
        headers = {"X-Token": self.secrets.get("token", "")}
        return WebSocketOptions(path="/ws", headers=headers, login_statuses=STATUSES)

    @override
    async def pair(self, ask: Ask) -> None:
        async def accept(pin: str) -> None:
            self.set_secret("token", (await self.io.http.post("/pair", pin)).text())

        await ask.text("pin", "The PIN of the gate", accept)

    @override
    async def identify(self) -> str:
        return str(await self.io.ask("id"))

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.ask("state") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.refresh()

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.refresh()


GATES: dict[type[Driver[Any]], str] = {StreamGate: "GET /events", SocketGate: "GET /ws"}


@pytest.fixture(params=GATES)
def gate_driver(request: pytest.FixtureRequest) -> type[Driver[Any]]:
    driver: type[Driver[Any]] = request.param
    return driver


@pytest.mark.parametrize("status", sorted(STATUSES))
async def test_a_device_that_lets_nobody_in_is_paired(
    gate_driver: type[Driver[Any]], status: int
) -> None:
    async with locked(Locked(status=status)) as gate:
        device = Device(gate_driver, Record())
        with pytest.raises(CredentialsError, match=WORDS):
            await device.identify(gate.address)
        gate.asked.clear()
        pairing = Pairing(partial(device.pair, gate.address))
        try:
            assert isinstance(await pairing.question(), TextQuestion)
            pairing.answer("1111")
            again = await pairing.question()
            assert isinstance(again, TextQuestion)
            assert again.error == "POST /pair: Wrong PIN, two tries left"
            pairing.answer(PIN)
            assert await pairing.question() is None
        finally:
            await pairing.close()
        assert gate.asked.count(GATES[gate_driver]) <= (gate_driver is SocketGate)  # to identify
        assert dict(device.secrets) == {"token": TOKEN}
        assert (await device.check(gate.address)).unique_id == "gate-1"


class CallingGate(StreamGate):
    """Calls the hub."""

    id = "test_calling_gate"

    @override
    async def connected(self) -> None:
        await self.io.get(f"/state?url={await self.callback_url()}")


class CarelessGate(StreamGate):
    """Takes for granted that there is a token."""

    id = "test_careless_gate"
    options = SseOptions(login_statuses=STATUSES)

    @override
    def transport_options(self) -> SseOptions:
        return replace(self.options, headers={"X-Token": self.secrets["token"]})


async def test_options_that_need_a_secret_are_left_out_until_there_is_one() -> None:
    async with locked(Locked()) as gate:
        device = Device(CarelessGate, Record())
        with pytest.raises(CredentialsError, match=WORDS):
            await device.identify(gate.address)
        with pytest.raises(CredentialsError, match="the secret token"):
            await device.check(gate.address)
        with pytest.raises(UnreachableError):  # not "it requires a login", as nothing is there
            await device.identify(Address("127.0.0.9", gate.address.port))
        pairing = Pairing(partial(device.pair, gate.address))
        try:
            assert isinstance(await pairing.question(), TextQuestion)
            pairing.answer(PIN)
            assert await pairing.question() is None
        finally:
            await pairing.close()
        assert (await device.check(gate.address)).unique_id == "gate-1"


async def test_a_device_is_identified_by_requests_alone() -> None:
    runtime = Runtime(listener=Listener(ListenerSettings(port=0)))
    async with locked(Locked(tells_id=True)) as gate:
        device = Device(CallingGate, Record(), runtime=runtime)
        assert (await device.identify(gate.address)).unique_id == "gate-1"
        assert gate.asked == ["GET /id"]
    await runtime.close()


def reported(device: Device) -> list[EdgeError | None]:
    """Return the reasons with which a device has asked for a new login, from now on."""
    reasons: list[EdgeError | None] = []
    device.observer.on_credentials = lambda: reasons.append(device.connection.reason)
    return reasons


def known(driver: type[Driver[Any]], address: Address) -> Device:
    return Device(driver, Record(addresses=(address,)), secrets={"token": TOKEN})


@pytest.mark.parametrize("status", sorted(STATUSES))
async def test_a_login_that_is_refused_later_is_reported(
    gate_driver: type[Driver[Any]], status: int
) -> None:
    async with (
        locked(Locked(status=status)) as gate,
        online(known(gate_driver, gate.address)) as device,
    ):
        reasons = reported(device)
        gate.lock()
        device._session.lost(UnreachableError("it hung up"))  # as it may do with the socket
        await until(lambda: reasons)
        assert isinstance(reasons[0], CredentialsError)
        assert WORDS in str(reasons[0])
        assert device.connection.status is Status.WAITING


async def test_a_stream_that_is_refused_later_is_reported() -> None:
    async with (
        locked(Locked()) as gate,
        online(known(StreamGate, gate.address)) as device,
    ):
        reasons = reported(device)
        gate.lock()
        await until(lambda: reasons)
        assert isinstance(reasons[0], CredentialsError)
        assert str(reasons[0]) == f"GET /events was refused: {WORDS}"


async def test_a_command_that_is_refused_later_is_reported() -> None:
    async with (
        locked(Locked()) as gate,
        online(known(StreamGate, gate.address)) as device,
    ):
        reasons = reported(device)
        gate.token = "an0ther"
        with pytest.raises(CredentialsError, match=WORDS):
            await send(device, Switch.on)
        await until(lambda: reasons)
