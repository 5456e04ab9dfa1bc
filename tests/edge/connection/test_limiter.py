"""The limit on connecting: a few at a time, in order, and no device blocked by dead ones."""

import asyncio
from typing import Self

import pytest

from lan_edge import Address, EdgeError, Runtime, Status
from lan_edge.connection import limiter as module
from lan_edge.connection.addresses import KnownAddresses
from lan_edge.connection.connection import Connection
from lan_edge.connection.limiter import ConnectLimiter, ConnectQueue, ConnectSlot
from lan_edge.transports.pace import HeldTime

from ..bench import new_device
from ..peers import until

HOME = Address("10.0.0.1", 1)


def ignored() -> None:
    """Keep the slot: the device answers."""


def granted(slots: list[ConnectSlot]) -> list[int]:
    return [n for n, slot in enumerate(slots) if slot.began_at]


async def test_first_come_first_served() -> None:
    queue = ConnectQueue(2)
    slots = [queue.enter(ignored) for _ in range(5)]
    assert granted(slots) == [0, 1]
    slots[1].release()
    assert granted(slots) == [0, 1, 2]
    slots[3].release()  # stops waiting
    slots[0].release()
    assert granted(slots) == [0, 1, 2, 4]
    assert await slots[4].wait()
    for slot in slots:
        slot.release()
    assert queue.enter(ignored).began_at


async def test_stopping_to_wait_does_not_release_a_slot_that_is_held() -> None:
    queue = ConnectQueue(1)
    holding, waiting = queue.enter(ignored), queue.enter(ignored)
    waiting.stop_waiting()
    holding.stop_waiting()
    assert not await waiting.wait()
    assert await holding.wait()
    late = queue.enter(ignored)
    assert not late.began_at
    late.stop_waiting()


async def test_silent_attempts_lose_their_slot_only_if_others_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SHORTEST_HOLD", 0.02)
    monkeypatch.setattr(module, "ROUND", 0.02)
    queue, gone = ConnectQueue(1), list[str]()
    queue.enter(lambda: gone.append("first"))
    await asyncio.sleep(0.1)
    assert not gone
    slots = [queue.enter(lambda: gone.append("second")), queue.enter(ignored)]
    assert gone == ["first"]
    await until(lambda: slots[1].began_at)
    assert gone == ["first", "second"]


async def test_the_more_wait_the_shorter_the_hold_time() -> None:
    queue = ConnectQueue(module.SLOTS)
    assert queue.hold_time == module.ROUND
    slots = [queue.enter(ignored) for _ in range(2 * module.SLOTS)]
    assert queue.hold_time == module.ROUND / 2
    slots += [queue.enter(ignored) for _ in range(3000)]
    assert queue.hold_time == module.SHORTEST_HOLD
    for slot in slots:
        slot.release()


class Device:
    """One of many devices, as its connection sees it: dead until `alive` is set."""

    heartbeat: float | None = None
    acknowledged_at: float | None = None
    trying = most = 0

    def __init__(self) -> None:
        """Start dead."""
        self.alive = asyncio.Event()
        self.heard_at = 0.0
        self.patience, self.answers_within = 0.0, 3.0
        self.held = HeldTime()

    @property
    def liveness(self) -> Self:
        return self

    @property
    def watched_at(self) -> float:
        """Hear all there is."""
        return self.heard_at

    @property
    def silent_since(self) -> float:
        return self.heard_at

    async def establish(self, address: Address) -> None:
        """Answer, or hang like a host that is off."""
        del address
        Device.trying += 1
        Device.most = max(Device.most, Device.trying)
        try:
            await self.alive.wait()
        finally:
            Device.trying -= 1
        self.heard_at = asyncio.get_running_loop().time()

    async def ping(self) -> None:
        """Succeed."""

    async def check(self) -> None:
        """Succeed."""

    async def check_claim(self) -> None:
        """Succeed."""

    async def check_reachability(self) -> None:
        """Succeed."""

    def announced(self) -> None:
        """Do nothing."""

    async def disconnect(self) -> None:
        """Do nothing."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Do nothing."""

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Do nothing."""


def test_all_devices_of_a_runtime_share_one_limiter() -> None:
    runtime = Runtime()
    limiters = {id(new_device(runtime=runtime).connection._attempts._limiter) for _ in range(3)}
    assert limiters == {id(runtime.limiter)}


type Home = list[tuple[Device, Connection]]


@pytest.fixture
async def many(monkeypatch: pytest.MonkeyPatch) -> Home:
    """Have 60 devices at a limiter with 4 and 2 slots, and a round of 0.5 s."""
    monkeypatch.setattr(module, "SLOTS", 4)
    monkeypatch.setattr(module, "SIGHTED_SLOTS", 2)
    monkeypatch.setattr(module, "ROUND", 0.5)
    monkeypatch.setattr(module, "SHORTEST_HOLD", 0.01)
    monkeypatch.setattr(Device, "trying", 0)
    monkeypatch.setattr(Device, "most", 0)
    limiter, devices = ConnectLimiter(), [Device() for _ in range(60)]
    return [(device, Connection(device, KnownAddresses((HOME,)), limiter)) for device in devices]


def start(home: Home) -> None:
    for _, connection in home:
        connection.start()


async def stop(home: Home) -> None:
    """Stop all; the limiter's queues must be empty then."""
    limiter = home[0][1]._attempts._limiter
    await asyncio.gather(*(connection.stop() for _, connection in home))
    for queue in (limiter.usual, limiter.sighted):
        assert not queue._holding
        assert not queue._waiting
        assert queue._timer is None


async def test_dead_devices_do_not_block_one_that_is_back(many: Home) -> None:
    start(many)
    await asyncio.sleep(0.2)
    device, connection = many[-1]
    device.alive.set()
    await until(lambda: connection.available)
    assert Device.most == 4
    assert connection.attempts <= 2
    await stop(many)


async def test_all_come_back(many: Home) -> None:
    start(many)
    await asyncio.sleep(0.1)
    for device, _ in many:
        device.alive.set()
    await until(lambda: all(connection.available for _, connection in many))
    assert Device.most == 4
    await stop(many)


async def test_a_sighted_device_need_not_wait(many: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROUND", 1000.0)
    start(many)
    device, connection = many[30]
    device.alive.set()
    await asyncio.sleep(0.05)
    assert connection not in [each for _, each in many if each.attempts]
    connection.sighted(HOME)
    async with asyncio.timeout(1):
        await until(lambda: connection.available)
    assert connection.attempts == 1
    await stop(many)


async def test_a_flood_of_sightings_does_not_block_the_rest(many: Home) -> None:
    start(many)
    for _, connection in many[:50]:
        connection.sighted(HOME)
    device, connection = many[-1]
    device.alive.set()
    await until(lambda: connection.available)
    assert Device.most <= 6
    await stop(many)


async def test_an_attempt_that_is_answered_is_not_cut_short(many: Home) -> None:
    device, connection = many[0]
    device.heard_at = asyncio.get_running_loop().time() + 1000
    start(many)
    await asyncio.sleep(0.3)
    assert connection.attempts == 1
    assert many[1][1].attempts >= 1
    device.alive.set()
    await until(lambda: connection.available)
    assert connection.attempts == 1
    await stop(many)
