"""The state machine of a connection, with a scripted device."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import islice
import random
from typing import Any, Self

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    EdgeError,
    IdentityError,
    Status,
    TimedOutError,
    UnreachableError,
)
from lan_edge.connection import (
    availability,
    backoff as backoff_module,
    connection as module,
    heartbeat as heartbeat_module,
)
from lan_edge.connection.addresses import MAX_ADDRESSES, KnownAddresses
from lan_edge.connection.backoff import Backoff
from lan_edge.connection.connection import Connection
from lan_edge.connection.hints import HINT_INTERVAL
from lan_edge.transports.pace import HeldTime

from ..peers import until

HOME, AWAY, THIRD = Address("10.0.0.1", 1), Address("10.0.0.2", 1), Address("10.0.0.3", 1)


@dataclass
class Script:
    """A device as a connection sees it; tests set how it behaves."""

    at: Address | None = HOME
    """Where it answers; elsewhere an attempt hangs, or fails with the error in `errors`."""
    errors: dict[Address, Exception] = field(default_factory=dict[Address, Exception])
    ping_error: Exception | None = None
    ping_hangs: bool = False
    ping_delay: float = 0.0
    heartbeat: float | None = None
    acknowledged_at: float | None = None
    patience: float = 0.0
    answers_within: float = 3.0
    heard_at: float = 0.0
    reachable_error: Exception | None = None
    pings: int = 0
    reachable_checks: int = 0
    announcements: int = 0
    tried: list[Address] = field(default_factory=list[Address])
    reported: list[Any] = field(default_factory=list[Any])
    under_way: int = 0
    open: int = 0
    delay: float = 0.0
    held: HeldTime = field(default_factory=HeldTime)

    @property
    def liveness(self) -> Self:
        return self

    @property
    def watched_at(self) -> float:
        return self.heard_at

    @property
    def silent_since(self) -> float:
        return self.heard_at

    async def establish(self, address: Address) -> None:
        assert not self.under_way, "two attempts at a time"
        assert not self.open, "the last connection is still open"
        self.tried.append(address)
        self.under_way += 1
        self.open += 1
        try:
            if address in self.errors:
                raise self.errors[address]
            if address != self.at:
                await asyncio.sleep(60)
            await asyncio.sleep(self.delay)
            self.heard_at = asyncio.get_running_loop().time()
        finally:
            self.under_way -= 1

    async def ping(self) -> None:
        self.pings += 1
        if self.ping_hangs:
            await asyncio.sleep(60)
        await asyncio.sleep(self.ping_delay)
        if self.ping_error:
            raise self.ping_error
        self.heard_at = asyncio.get_running_loop().time()

    async def check(self) -> None:
        await self.ping()

    async def check_claim(self) -> None:
        await self.ping()

    async def check_reachability(self) -> None:
        self.reachable_checks += 1
        if self.reachable_error:
            raise self.reachable_error

    def announced(self) -> None:
        self.announcements += 1

    async def disconnect(self) -> None:
        await asyncio.sleep(0)
        self.open = 0

    def status_changed(self, status: Status, reason: EdgeError | None) -> None:
        assert (reason is not None) is (status is Status.WAITING)
        self.reported.append(status)

    def available_changed(self, available: bool, reason: EdgeError | None) -> None:
        assert (reason is None) is available
        self.reported.append(available)


def known(*addresses: Address) -> KnownAddresses:
    """Return the addresses of a device that reports its id."""
    made = KnownAddresses(addresses)
    made.is_identified = True
    return made


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def connection(script: Script) -> AsyncGenerator[Connection]:
    connection = Connection(script, known(HOME))
    yield connection
    await connection.stop()
    assert connection.status is Status.IDLE


@pytest.fixture
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the delays, without their jitter, and make them last 1 ms."""
    recorded: list[float] = []

    def pause(backoff: Backoff, seconds: float) -> Any:
        recorded.append(seconds)
        return original(backoff, 0.001)

    original = Backoff._pause
    monkeypatch.setattr(Backoff, "_pause", pause)
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.0)
    return recorded


def set_seconds(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> None:
    """Set constants for the test."""
    for name, value in seconds.items():
        where = module if hasattr(module, name) else backoff_module
        monkeypatch.setattr(where, name, value)


async def test_delays_are_jittered(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = list[tuple[float, float]]()

    def uniform(a: float, b: float) -> float:
        spans.append((a, b))
        return 0.001

    monkeypatch.setattr(random, "uniform", uniform)
    script.errors[HOME] = UnreachableError("refused")
    connection.start()
    await until(lambda: len(spans) > 3)
    assert set(spans) == {(0.7, 1.3)}


async def test_a_failure_keeps_nothing_alive_that_was_read(
    script: Script, connection: Connection
) -> None:
    script.errors[HOME] = UnreachableError("refused")
    script.errors[HOME].__cause__ = ValueError("with what was read")
    connection.start()
    await until(lambda: connection.reason)
    reason = connection.reason
    assert reason is script.errors[HOME]
    assert (reason.__traceback__, reason.__cause__, reason.__context__) == (None, None, None)


async def test_retries_until_it_succeeds(
    script: Script, connection: Connection, delays: list[float]
) -> None:
    script.errors[HOME] = UnreachableError("refused")
    connection.start()
    await until(lambda: len(delays) > 40)
    assert delays[:40] == list(islice(backoff_module.delays(), 40))
    assert str(connection.reason) == "refused"
    script.errors.clear()
    await until(lambda: connection.available)
    assert connection.reason is None
    assert [t for t in script.reported if isinstance(t, bool)] == [True]


async def test_first_attempt_is_under_way_when_start_returns(
    script: Script, connection: Connection
) -> None:
    connection.start()
    assert script.tried == [HOME]
    assert connection.status is Status.CONNECTING


@pytest.mark.parametrize(
    "reason", [CredentialsError("login"), IdentityError("a", "b", HOME)], ids=["login", "other"]
)
async def test_a_failure_that_needs_action_is_retried_rarely(
    script: Script, connection: Connection, delays: list[float], reason: EdgeError
) -> None:
    script.errors[HOME] = reason
    connection.start()
    await until(lambda: len(delays) > 3)
    assert set(delays) == {60.0}
    script.errors.clear()
    connection.retry()
    await until(lambda: connection.available)


async def test_a_sighting_ends_the_delay(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_seconds(monkeypatch, SHORTEST_DELAY=0.0)
    monkeypatch.setattr(random, "uniform", lambda *_: 1000)
    script.errors[HOME] = UnreachableError("refused")
    connection.start()
    await until(lambda: connection.status is Status.WAITING)
    script.errors.clear()
    connection.sighted(HOME)
    async with asyncio.timeout(0.2):
        await until(lambda: connection.available)


async def test_a_flood_of_sightings_causes_few_attempts(
    script: Script, connection: Connection
) -> None:
    script.errors[HOME] = UnreachableError("refused")
    connection.start()
    for _ in range(100):
        connection.sighted(HOME)
        await asyncio.sleep(0.003)
    assert 2 <= len(script.tried) <= 5


async def test_a_sighting_elsewhere_ends_an_attempt_that_hangs(
    script: Script, connection: Connection
) -> None:
    script.at = AWAY
    connection.start()
    await asyncio.sleep(0.01)
    connection.sighted(AWAY)
    async with asyncio.timeout(1):
        await until(lambda: connection.available)
    assert script.tried == [HOME, AWAY]
    assert connection.address == AWAY
    assert connection.addresses == (AWAY, HOME)


async def test_sightings_do_not_end_an_attempt_that_is_answered(
    script: Script, connection: Connection
) -> None:
    script.delay = 0.1
    connection.start()
    script.heard_at = asyncio.get_running_loop().time() + 1
    for _ in range(20):
        connection.sighted(AWAY)
        connection.sighted(THIRD)
        await asyncio.sleep(0.005)
    await until(lambda: connection.available)
    assert script.tried == [HOME]


async def test_a_flood_of_false_sightings_cannot_prevent_the_connection(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_seconds(monkeypatch, SHORTEST_DELAY=0.01, ATTEMPT_TIMEOUT=0.05)
    script.errors = {HOME: UnreachableError("refused")}
    connection.start()
    await until(lambda: connection.status is Status.WAITING)
    script.errors.clear()
    script.delay = 0.02
    false = [Address(f"10.9.9.{n}") for n in range(20)]
    for n in range(200):
        connection.sighted(false[n % 20])
        await asyncio.sleep(0.005)
        if connection.available:
            break
        assert HOME in connection.addresses
    assert connection.available
    assert connection.address == HOME
    assert len(connection.addresses) <= MAX_ADDRESSES


async def test_several_addresses(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    set_seconds(monkeypatch, ATTEMPT_TIMEOUT=0.02, GUESS_TIMEOUT=0.02)
    script.at = THIRD
    script.errors[AWAY] = UnreachableError("refused")
    connection = Connection(script, known(HOME, AWAY, THIRD))
    connection.start()
    await until(lambda: connection.available)
    assert script.tried == [HOME, AWAY, THIRD]
    assert connection.addresses == (THIRD, HOME, AWAY)
    script.tried.clear()
    connection.lost(UnreachableError("reset"))
    await until(lambda: script.tried)
    assert script.tried == [THIRD]
    await connection.stop()


async def test_an_old_address_does_not_slow_down_the_round(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_seconds(monkeypatch, GUESS_TIMEOUT=0.02)
    connection.sighted(AWAY)  # the least likely: neither sighted last nor proven
    connection.sighted(HOME)
    script.errors[HOME] = UnreachableError("refused")
    connection.start()
    await until(lambda: script.tried.count(HOME) > 1)
    assert script.tried[:3] == [HOME, AWAY, HOME]
    await connection.stop()


async def test_without_an_address_it_waits_for_a_sighting(script: Script) -> None:
    connection = Connection(script, known())
    connection.start()
    await until(lambda: connection.status is Status.WAITING)
    assert str(connection.reason) == "no address is known"
    connection.sighted(HOME)
    await until(lambda: connection.available)
    await connection.stop()


async def test_the_reason_is_that_of_the_likeliest_address(
    script: Script, delays: list[float]
) -> None:
    script.errors = {HOME: UnreachableError("off"), AWAY: IdentityError("a", "b", AWAY)}
    connection = Connection(script, known(HOME, AWAY))
    connection.start()
    await until(lambda: delays)
    assert str(connection.reason) == "off"
    assert delays[0] == 0.25
    await connection.stop()


async def test_sightings_while_online_are_kept_and_checked(
    script: Script, connection: Connection
) -> None:
    connection.start()
    await until(lambda: connection.available)
    connection.sighted(HOME)
    connection.sighted(HOME, AWAY)
    assert not connection._heartbeat.is_checking
    connection.sighted(AWAY)
    await until(lambda: script.pings)
    await asyncio.sleep(0.01)
    assert connection.status is Status.ONLINE
    assert connection.address == HOME
    script.at = AWAY
    connection.lost(UnreachableError("reset"))
    await until(lambda: connection.status is Status.ONLINE and connection.address == AWAY)
    assert script.tried == [HOME, HOME, AWAY]  # it may be back where it was


async def test_an_announcement_is_passed_on_while_online_and_else_ends_the_delay(
    script: Script,
) -> None:
    script.errors[HOME] = UnreachableError("off")
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.status is Status.WAITING)
    script.errors.clear()
    connection.announced()
    async with asyncio.timeout(0.2):
        await until(lambda: connection.available)
    assert script.announcements == 0
    connection.announced()
    assert script.announcements == 1
    connection.sighted(HOME)
    connection.sighted(AWAY)
    await asyncio.sleep(HINT_INTERVAL)
    assert script.announcements == 2
    await connection.stop()


async def test_moved_while_online(script: Script, connection: Connection) -> None:
    connection.start()
    await until(lambda: connection.available)
    script.at, script.ping_error = AWAY, IdentityError("a", "b", HOME)
    connection.sighted(AWAY)
    await until(lambda: connection.address == AWAY and connection.status is Status.ONLINE)
    assert [t for t in script.reported if isinstance(t, bool)] == [True]


async def test_a_loss_that_recovers_is_not_reported(script: Script, connection: Connection) -> None:
    connection.start()
    await until(lambda: connection.available)
    for _ in range(2):
        connection.lost(UnreachableError("reset"))
        await until(lambda: connection.status is not Status.ONLINE)
        assert connection.available
        await asyncio.wait_for(connection.settled(), 2)
        assert connection.status is Status.ONLINE
    assert [t for t in script.reported if isinstance(t, bool)] == [True]


async def test_a_loss_that_lasts_is_reported_once(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(availability, "GRACE", 0.05)
    set_seconds(monkeypatch, SHORTEST_DELAY=0.0)
    monkeypatch.setattr(random, "uniform", lambda *_: 0.01)
    connection.start()
    await until(lambda: connection.available)
    script.errors[HOME] = UnreachableError("refused")
    connection.lost(UnreachableError("reset"))
    await until(lambda: connection.status is not Status.ONLINE)
    await asyncio.wait_for(connection.settled(), 1)
    assert not connection.available
    await until(lambda: len(script.tried) > 10)
    script.errors.clear()
    await until(lambda: connection.available)
    assert [t for t in script.reported if isinstance(t, bool)] == [True, False, True]


async def test_a_silence_is_reported_at_once(script: Script, connection: Connection) -> None:
    connection.start()
    await until(lambda: connection.available)
    script.at = None
    connection.lost(TimedOutError("it no longer responds"))
    await asyncio.sleep(0.01)
    assert not connection.available


async def test_lost_while_it_is_being_established(script: Script, connection: Connection) -> None:
    script.delay = 0.01
    connection.start()
    await asyncio.sleep(0)
    connection.lost(UnreachableError("hung up"))
    await until(lambda: connection.status is Status.WAITING)
    assert str(connection.reason) == "hung up"
    assert not connection.available
    await until(lambda: connection.available)


async def test_flapping_device_is_not_reconnected_in_a_tight_loop(
    script: Script, connection: Connection
) -> None:
    async def flap(address: Address) -> None:
        script.tried.append(address)
        asyncio.get_running_loop().call_soon(connection.lost, UnreachableError("hung up"))

    script.establish = flap  # type: ignore[method-assign]
    connection.start()
    await asyncio.sleep(0.5)
    assert len(script.tried) <= 4


async def test_heartbeat(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat_module, "SIGN_OF_LIFE_TIMEOUT", 0.05)
    script.heartbeat = 0.03
    connection.start()
    await until(lambda: script.pings > 2)
    assert connection.available
    script.ping_hangs, script.at = True, None
    pings = script.pings
    await until(lambda: not connection.available)
    assert script.pings == pings + 1
    assert isinstance(connection.reason, TimedOutError)


async def acknowledge(script: Script, seconds: float) -> None:
    """Have the network stack acknowledge something every 2 s, and at the end."""
    while seconds > 0:
        await asyncio.sleep(min(2, seconds))
        script.acknowledged_at = asyncio.get_running_loop().time()
        seconds -= 2


@pytest.mark.parametrize("heard_for", [5, 12.4, 12.6, 19, 21])
async def test_a_network_that_falls_silent_is_noticed_in_the_same_time_at_any_moment(
    script: Script, connection: Connection, heard_for: float
) -> None:
    """Whether or not the program is being checked, or a check begins during the silence."""
    script.heartbeat, script.patience, script.ping_hangs = 20, 9, True
    script.acknowledged_at = asyncio.get_running_loop().time()
    connection.start()
    await acknowledge(script, heard_for)
    assert connection._heartbeat.is_checking is (heard_for > 20)
    script.at = None
    await asyncio.sleep(heartbeat_module.NETWORK_SILENCE - 0.1)
    assert connection.available
    await asyncio.sleep(0.2)
    assert not connection.available
    assert isinstance(connection.reason, TimedOutError)


async def test_a_slow_program_is_not_dead_while_its_network_answers(
    script: Script, connection: Connection
) -> None:
    script.heartbeat, script.patience, script.ping_delay = 20, 9, 8.9
    script.acknowledged_at = asyncio.get_running_loop().time()
    connection.start()
    await acknowledge(script, 100)
    assert script.pings > 2
    assert connection.available
    assert script.tried == [HOME]


async def test_heartbeat_without_a_reply_is_not_a_tight_loop(
    script: Script, connection: Connection
) -> None:
    script.heartbeat = 0.05

    async def ping() -> None:
        script.pings += 1

    script.ping = ping  # type: ignore[method-assign]
    connection.start()
    await asyncio.sleep(0.22)
    assert 3 <= script.pings <= 5


async def test_loss_during_a_heartbeat_is_noticed_at_once(
    script: Script, connection: Connection
) -> None:
    script.heartbeat, script.ping_hangs = 0.02, True
    connection.start()
    await until(lambda: script.pings)
    connection.lost(UnreachableError("reset"))
    async with asyncio.timeout(0.5):
        await until(lambda: len(script.tried) == 2)


@pytest.mark.parametrize(
    ("reason", "at_once"), [(TimedOutError("slow"), True), (UnreachableError("reset"), False)]
)
async def test_doubt(
    script: Script, connection: Connection, reason: EdgeError, at_once: bool
) -> None:
    connection.start()
    await until(lambda: connection.available)
    connection.doubt(reason)
    await until(lambda: script.pings)
    assert connection.status is Status.ONLINE
    await until(lambda: not connection._heartbeat.is_checking)
    script.ping_error, script.at = UnreachableError("refused"), None
    connection.doubt(reason)
    await until(lambda: connection.status is not Status.ONLINE)
    assert connection.available is not at_once


async def test_of_a_busy_device_only_the_network_stack_is_checked(
    script: Script, connection: Connection
) -> None:
    connection.start()
    await until(lambda: connection.available)
    connection.doubt(TimedOutError("no answer"), may_be_busy=True)
    await until(lambda: script.reachable_checks)
    await until(lambda: not connection._heartbeat.is_checking)
    assert connection.available
    script.reachable_error, script.at = TimedOutError("nothing answers"), None
    connection.doubt(TimedOutError("no answer"), may_be_busy=True)
    await until(lambda: not connection.available)
    assert script.pings == 0


async def test_doubt_times_out(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_seconds(monkeypatch, DOUBT_TIMEOUT=0.05)
    script.ping_hangs = True
    connection.start()
    await until(lambda: connection.available)
    script.at = None
    for _ in range(3):
        connection.doubt(UnreachableError("reset"))
    await until(lambda: not connection.available)
    assert script.pings == 1


async def test_a_bug_in_a_ping_or_an_attempt_does_not_end_the_task(
    script: Script, connection: Connection, delays: list[float]
) -> None:
    script.errors[HOME] = ValueError("bug")
    connection.start()
    await until(lambda: len(delays) > 2)
    assert "bug" in str(connection.reason)
    script.errors.clear()
    await until(lambda: connection.available)
    script.ping_error = ValueError("bug")
    tried = len(script.tried)
    connection.doubt()
    await until(lambda: len(script.tried) > tried and connection.status is Status.ONLINE)


@pytest.mark.parametrize("steps", range(12))
async def test_stop_at_any_step(script: Script, connection: Connection, steps: int) -> None:
    before = asyncio.all_tasks()
    script.delay = 0.001
    connection.start()
    for step in range(steps):
        await asyncio.sleep(0.0005)
        if step == steps // 2:
            connection.lost(UnreachableError("reset"))
        connection.doubt()
    await connection.stop()
    connection.doubt()
    connection.lost(UnreachableError("late"))
    connection.sighted(AWAY)
    assert not script.open
    assert not connection.available
    assert asyncio.all_tasks() == before
    async with asyncio.timeout(0.1):
        await connection.settled()


async def test_stop_in_the_grace_period_ends_the_wait(
    script: Script, connection: Connection
) -> None:
    connection.start()
    await until(lambda: connection.available)
    script.at = None
    connection.lost(UnreachableError("reset"))
    await asyncio.sleep(0.01)
    waiting = asyncio.ensure_future(connection.settled())
    await connection.stop()
    await asyncio.wait_for(waiting, 0.1)


async def test_an_attempt_times_out(
    script: Script, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_seconds(monkeypatch, ATTEMPT_TIMEOUT=0.02)
    script.at = None
    connection.start()
    await until(lambda: connection.status is Status.WAITING)
    assert "not ready within 0.02 s" in str(connection.reason)


async def test_the_failure_at_the_proven_address(
    script: Script, connection: Connection, delays: list[float]
) -> None:
    """Another device at a sighted address says nothing about the proven one."""
    stranger = IdentityError("1", "2", AWAY)
    script.at = None
    script.errors = {HOME: UnreachableError("off"), AWAY: stranger}
    connection.start()
    connection.sighted(AWAY)
    await until(lambda: connection.reason is stranger)
    assert isinstance(connection.failure_where_proven, UnreachableError)
    script.errors[HOME] = IdentityError("1", "3", HOME)
    await until(lambda: isinstance(connection.failure_where_proven, IdentityError))
    assert connection.failure_where_proven is script.errors[HOME]
    script.at, script.errors = THIRD, {HOME: script.errors[HOME]}
    connection.sighted(THIRD)
    await until(lambda: connection.status is Status.ONLINE)
    assert connection.failure_where_proven is None


async def test_another_device_at_the_old_address_does_not_slow_down_attempts_at_the_sighted_one(
    script: Script, connection: Connection, delays: list[float]
) -> None:
    """A device announces its address before it listens there; its old one has a new owner."""
    script.at = None
    script.errors = {HOME: IdentityError("1", "2", HOME), AWAY: UnreachableError("not yet")}
    connection.start()
    connection.sighted(AWAY)
    await until(lambda: connection.reason is script.errors[AWAY])
    begun = len(delays)
    await until(lambda: len(delays) > begun + 2)
    assert max(delays[begun:]) < 2
