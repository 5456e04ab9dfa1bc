"""The gate: a few at once, in order, and nobody kept out by those that are dead."""

import asyncio

import pytest

from lan_edge import Address, EdgeError, Runtime, Status
from lan_edge.connection import limiter as module
from lan_edge.connection.connection import Connection
from lan_edge.connection.limiter import ConnectLimiter, ConnectQueue, ConnectSlot

from ..bench import new_device
from ..peers import until

HOME = Address("10.0.0.1", 1)


def ignored() -> None:
    """Hold the place: the device answers."""


def entered(places: list[ConnectSlot]) -> list[int]:
    return [n for n, place in enumerate(places) if place.entered]


async def test_first_come_first_served() -> None:
    lane = ConnectQueue(2)
    places = [lane.enter(ignored) for _ in range(5)]
    assert entered(places) == [0, 1]
    places[1].leave()
    assert entered(places) == [0, 1, 2]
    places[3].leave()  # it waits no more
    places[0].leave()
    assert entered(places) == [0, 1, 2, 4]
    assert await places[4].wait()
    for place in places:
        place.leave()
    assert lane.enter(ignored).entered


async def test_who_gives_up_waiting_is_told_and_who_is_inside_stays() -> None:
    lane = ConnectQueue(1)
    inside, waiting = lane.enter(ignored), lane.enter(ignored)
    waiting.give_up()
    inside.give_up()
    assert not await waiting.wait()
    assert await inside.wait()
    late = lane.enter(ignored)
    assert not late.entered
    late.give_up()


async def test_the_silent_make_room_only_if_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTEST", 0.02)
    monkeypatch.setattr(module, "ROUND", 0.02)
    lane, gone = ConnectQueue(1), list[str]()
    lane.enter(lambda: gone.append("first"))
    await asyncio.sleep(0.1)
    assert not gone
    places = [lane.enter(lambda: gone.append("second")), lane.enter(ignored)]
    assert gone == ["first"]
    await until(lambda: places[1].entered)
    assert gone == ["first", "second"]


async def test_the_more_wait_the_shorter_the_patience() -> None:
    lane = ConnectQueue(module.PLACES)
    assert lane.patience == module.ROUND
    places = [lane.enter(ignored) for _ in range(2 * module.PLACES)]
    assert lane.patience == module.ROUND / 2
    places += [lane.enter(ignored) for _ in range(3000)]
    assert lane.patience == module.SHORTEST
    for place in places:
        place.leave()


class Device:
    """One of many, as its connection sees it: dead, until it is back."""

    heartbeat: float | None = None
    trying = most = 0

    def __init__(self) -> None:
        """Be dead."""
        self.alive = asyncio.Event()
        self.heard_at = 0.0

    async def establish(self, address: Address) -> None:
        """Answer, or hang as a host does that is not there."""
        del address
        Device.trying += 1
        Device.most = max(Device.most, Device.trying)
        try:
            await self.alive.wait()
        finally:
            Device.trying -= 1
        self.heard_at = asyncio.get_running_loop().time()

    async def ping(self) -> None:
        """Be there."""

    async def beat(self) -> None:
        """Be there."""

    async def knock(self) -> None:
        """Be there."""

    def announced(self) -> None:
        """Have nothing to do."""

    async def hang_up(self) -> None:
        """Have nothing to close."""

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        """Tell nobody."""

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        """Tell nobody."""


def test_all_devices_of_a_hub_share_one_gate() -> None:
    hub = Runtime()
    gates = {id(new_device(hub=hub).connection._attempts._limiter) for _ in range(3)}
    assert gates == {id(hub.gate)}


type Home = list[tuple[Device, Connection]]


@pytest.fixture
async def many(monkeypatch: pytest.MonkeyPatch) -> Home:
    """Have 60 devices at a gate with 4 and 2 places, and a round of 0.5 s."""
    monkeypatch.setattr(module, "PLACES", 4)
    monkeypatch.setattr(module, "SEEN_PLACES", 2)
    monkeypatch.setattr(module, "ROUND", 0.5)
    monkeypatch.setattr(module, "SHORTEST", 0.01)
    monkeypatch.setattr(Device, "trying", 0)
    monkeypatch.setattr(Device, "most", 0)
    gate, devices = ConnectLimiter(), [Device() for _ in range(60)]
    return [(device, Connection(device, (HOME,), gate)) for device in devices]


def start(home: Home) -> None:
    for _, connection in home:
        connection.start()


async def stopped(home: Home) -> None:
    """Stop all; nobody may be left at the gate."""
    gate = home[0][1]._attempts._limiter
    await asyncio.gather(*(connection.stop() for _, connection in home))
    for lane in (gate.usual, gate.seen):
        assert not lane._inside
        assert not lane._waiting
        assert lane._timer is None


async def test_the_dead_do_not_keep_out_who_is_back(many: Home) -> None:
    start(many)
    await asyncio.sleep(0.2)
    device, connection = many[-1]
    device.alive.set()
    await until(lambda: connection.available)
    assert Device.most == 4
    assert connection.attempts <= 2
    await stopped(many)


async def test_all_come_back(many: Home) -> None:
    start(many)
    await asyncio.sleep(0.1)
    for device, _ in many:
        device.alive.set()
    await until(lambda: all(connection.available for _, connection in many))
    assert Device.most == 4
    await stopped(many)


async def test_who_is_seen_need_not_wait(many: Home, monkeypatch: pytest.MonkeyPatch) -> None:
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
    await stopped(many)


async def test_a_flood_of_sightings_does_not_keep_out_the_rest(many: Home) -> None:
    start(many)
    for _, connection in many[:50]:
        connection.sighted(HOME)
    device, connection = many[-1]
    device.alive.set()
    await until(lambda: connection.available)
    assert Device.most <= 6
    await stopped(many)


async def test_one_that_answers_is_not_cut_short(many: Home) -> None:
    device, connection = many[0]
    device.heard_at = asyncio.get_running_loop().time() + 1000
    start(many)
    await asyncio.sleep(0.3)
    assert connection.attempts == 1
    assert many[1][1].attempts >= 1
    device.alive.set()
    await until(lambda: connection.available)
    assert connection.attempts == 1
    await stopped(many)
