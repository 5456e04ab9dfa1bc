"""Signs of life of a device without a lasting connection: its network stack, and its firmware."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
import itertools
from typing import ClassVar, override

import pytest

from lan_edge import (
    Device,
    Driver,
    Http,
    HttpOptions,
    OfflineError,
    Profile,
    Switch,
    TimedOutError,
    UnconfirmedError,
    UnreachableError,
    handles,
)
from lan_edge.connection import backoff as backoff_module
from lan_edge.device import (
    liveness as liveness_module,
    reading as reading_module,
    response_watchdog as watchdog_module,
)
from lan_edge.timing import one_time_work
from lan_edge.transports.http import http as http_module
from tests.clock import now

from ..bench import new_device, online
from ..peers import TcpPeer, Wire, until


class Plain(Driver[Http]):
    """A switch with HTTP requests."""

    id = "test_plain"
    profile = Profile(Switch)
    options = HttpOptions(timeout=1.0)
    poll: ClassVar[float | None] = None

    @override
    async def identify(self) -> str:
        return await self.io.get_text("/id")

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")


class PlainDevice(TcpPeer):
    """The device; it takes `delay` seconds for a response, and `drip` for each byte of it."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.requests: list[str] = []
        self.delay = 0.0
        self.drip = 0.0
        self.on = "off"
        self.lies = self.broken = False

    async def _talk(self, wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(head.partition(" HTTP")[0])
            if head.startswith("POST"):
                sent = await wire.reader.readexactly(3 - ("length: 2" in head.lower()))
                self.on = self.on if self.lies else sent.decode()
            await asyncio.sleep(self.delay)
            body = "bench-1" if "/id" in head else self.on
            status = "500 No" if self.broken and "/switch" in head else "200 OK"
            await wire.send(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            for byte in body:
                await asyncio.sleep(self.drip)
                await wire.send(byte.encode())


class Port:
    """The result of each check whether the device's port is reachable; tests set the results."""

    def __init__(self) -> None:
        self.answers: Iterable[bool | None] = itertools.repeat(True)
        self.checks = 0
        self.delay = 0.0

    async def __call__(self, _address: object) -> bool | None:
        self.checks += 1
        await asyncio.sleep(self.delay)
        return next(iter(self.answers))


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Port:
    made = Port()
    monkeypatch.setattr(http_module, "answers_at", made)
    monkeypatch.setattr(Http, "heartbeat", 0.05)
    monkeypatch.setattr(liveness_module, "DOUBTFUL_PATIENCE", 0.2)
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)
    monkeypatch.setattr(watchdog_module, "SILENCE_LIMIT", 0.05)
    return made


@pytest.fixture
async def peer() -> AsyncGenerator[PlainDevice]:
    async with PlainDevice() as made:
        yield made


async def test_a_reachable_port_is_enough(port: Port, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        before = len(peer.requests)
        await until(lambda: port.checks > 3)
        assert len(peer.requests) == before
        assert device.available


async def test_a_device_with_an_unreachable_port_is_pinged(port: Port, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        before = len(peer.requests)
        port.answers = itertools.repeat(False)
        await until(lambda: len(peer.requests) > before + 1)
        assert set(peer.requests[before:]) == {"GET /id"}
        assert device.available
        peer.silent, began = True, now()
        await until(lambda: not device.available)
        assert now() - began < 0.6
        assert isinstance(device.connection.reason, TimedOutError)


async def test_a_device_with_a_closed_port_is_pinged(port: Port, peer: PlainDevice) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        before = len(peer.requests)
        port.answers = itertools.repeat(None)
        await until(lambda: len(peer.requests) > before + 1)
        assert device.available


async def test_firmware_that_hangs_behind_a_reachable_port(
    port: Port, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness_module, "FIRMWARE_MAY_HANG", 0.3)
    monkeypatch.setattr(Http, "patience", 0.2)
    async with online(new_device(Plain, peer.address)) as device:
        before, peer.silent = len(peer.requests), True
        await until(lambda: not device.available)
        assert port.checks
        assert peer.requests[before] == "GET /id"


async def test_a_slow_command_may_take_long_while_the_port_is_reachable(
    port: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        peer.delay = 0.4
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        assert device.connection.attempts == 1
        assert port.checks


async def test_a_command_fails_soon_if_the_port_is_unreachable(
    port: Port, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "heartbeat", 30)
    async with online(new_device(Plain, peer.address)) as device:
        peer.silent, began = True, now()
        port.answers = itertools.repeat(False)
        waiting = asyncio.ensure_future(device.commands.execute(Switch.off, {}))
        with pytest.raises(UnreachableError):
            await device.commands.execute(Switch.on, {})
        with pytest.raises(OfflineError):
            await waiting
        assert now() - began < 0.6
        assert not device.available


class Polled(Plain):
    """Polled once a minute."""

    id = "test_polled"
    poll = 60
    confirm_within = 0.05


@pytest.fixture
async def polled(
    port: Port, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Device]:
    monkeypatch.setattr(reading_module, "FIRST_WAIT", 0.3)
    monkeypatch.setattr(Http, "heartbeat", 30)
    async with online(new_device(Polled, peer.address)) as device:
        yield device


def is_on(device: Device) -> Callable[[], bool]:
    return lambda: device.state.get(Switch.switch) is True


async def test_read_again_soon_after_it_is_connected(polled: Device, peer: PlainDevice) -> None:
    peer.on = "on"  # an earlier command takes effect only now
    await until(is_on(polled))
    before = len(peer.requests)
    await asyncio.sleep(0.5)
    assert len(peer.requests) == before


async def test_read_again_soon_after_a_read_that_failed(polled: Device, peer: PlainDevice) -> None:
    await asyncio.sleep(0.4)
    peer.broken = True
    await polled._session.timers.start(polled.driver.refresh)
    peer.broken, peer.on = False, "on"
    await until(is_on(polled))
    assert polled.connection.attempts == 1


async def test_failing_reads_become_rarer(
    polled: Device, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.sleep(0.4)
    monkeypatch.setattr(reading_module, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(one_time_work, "SPACING", 0.01)
    await polled.commands.refresh()
    peer.broken, before = True, len(peer.requests)
    await polled._session.timers.start(polled.driver.refresh)
    await asyncio.sleep(0.6)
    readings = peer.requests[before:].count("GET /switch")
    assert 3 <= readings <= 5  # at 0, 0.05, 0.15, 0.35
    assert polled.available


async def test_read_again_soon_after_an_unconfirmed_command(
    polled: Device, peer: PlainDevice
) -> None:
    await asyncio.sleep(0.4)
    peer.lies = True
    with pytest.raises(UnconfirmedError):
        await polled.commands.execute(Switch.on, {})
    peer.on = "on"  # late
    await until(is_on(polled))


async def test_read_again_soon_after_a_slow_check_of_the_port(
    polled: Device, peer: PlainDevice, port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.sleep(0.4)
    peer.on = "on"
    monkeypatch.setattr(liveness_module, "LOSSY_AFTER", 0.1)
    await polled._session.liveness.check()
    await asyncio.sleep(0.5)
    assert not is_on(polled)()
    port.delay = 0.2
    await polled._session.liveness.check()
    await until(is_on(polled))


PATIENCE = 0.3


@pytest.fixture
def impatient(port: Port, monkeypatch: pytest.MonkeyPatch) -> Port:
    """Let commands wait only for `PATIENCE` seconds of silence."""
    monkeypatch.setattr(Http, "answers_within", PATIENCE)
    return port


async def test_firmware_that_hangs_fails_a_command_behind_a_reachable_port(
    impatient: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        peer.silent, began = True, now()
        with pytest.raises(UnreachableError, match="POST /switch: given up before"):
            await device.commands.execute(Switch.on, {})
        assert now() - began == pytest.approx(PATIENCE, abs=0.01)
        assert impatient.checks
        assert not device.available
        with pytest.raises(OfflineError, match=r"no answer within 0\.3 s"):
            await device.commands.execute(Switch.on, {})


async def test_a_command_behind_a_read_that_hangs_does_not_wait_longer(
    impatient: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        before, peer.silent = len(peer.requests), True
        device._session.timers.after(0, device._session.reading.refresh)
        await until(lambda: len(peer.requests) > before)
        began = now()
        with pytest.raises(OfflineError, match=r"no answer within 0\.3 s"):
            await device.commands.execute(Switch.on, {})
        assert now() - began == pytest.approx(PATIENCE, abs=0.01)
        assert "POST /switch" not in peer.requests


async def test_a_read_may_take_long_while_no_command_waits(
    impatient: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        before, peer.delay = len(peer.requests), 2 * PATIENCE
        device._session.timers.after(0, device._session.reading.refresh)
        await until(lambda: len(peer.requests) > before)
        read_at = device._session.reading._read_at
        await until(lambda: device._session.reading._read_at > read_at)
        assert device.connection.attempts == 1


async def test_an_answer_that_arrives_slowly_ends_the_silence(
    impatient: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        peer.drip = 0.2  # with a read, 0.8 s for two answers of two bytes
        await device.commands.execute(Switch.on, {})
        assert device.connection.attempts == 1


async def test_a_device_slower_than_its_driver_expects_is_reconnected_and_read(
    impatient: Port, peer: PlainDevice
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        peer.delay = 1.5 * PATIENCE
        with pytest.raises(UnreachableError):
            await device.commands.execute(Switch.on, {})
        assert not device.available
        await until(lambda: device.available)
        assert device.state.get(Switch.switch) is True
        assert device.connection.attempts == 2


async def test_a_driver_may_allow_more_time_for_an_answer(
    impatient: Port, peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "answers_within", 3 * PATIENCE)
    async with online(new_device(Plain, peer.address)) as device:
        peer.delay = 1.5 * PATIENCE
        await device.commands.execute(Switch.on, {})
        assert device.connection.attempts == 1


async def test_a_transport_that_does_not_close_in_time_is_opened_again(
    peer: PlainDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with online(new_device(Plain, peer.address)) as device:
        close, failures = Http.close, [TimeoutError()]

        async def failing(io: Http) -> None:
            await close(io)
            if failures:
                raise failures.pop()

        monkeypatch.setattr(Http, "close", failing)
        device._session.lost(UnreachableError("gone"))
        await until(lambda: device.connection.attempts == 2)
        await until(lambda: device.available)
