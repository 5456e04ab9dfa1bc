"""What strangers can cause with any number of goodbyes, notices and sightings: few checks."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from itertools import pairwise
from typing import override

import pytest

from lan_edge import (
    Address,
    CertificateError,
    CredentialsError,
    IdentityError,
    Status,
    TimedOutError,
    UnreachableError,
)
from lan_edge.connection.addresses import MAX_ADDRESSES, KnownAddresses
from lan_edge.connection.connection import Connection
from lan_edge.connection.hints import HINT_INTERVAL, REFUSED_INTERVAL, RETRY_INTERVAL, Hints
from lan_edge.connection.sightings import CLAIM_LASTS, NEWS
from tests.clock import now

from ..peers import until
from .test_connection import AWAY, HOME, THIRD, Script, known

STRANGER = IdentityError("this", "another", "an address")

SAY: dict[str, Callable[[Connection, int], None]] = {
    "goodbye": lambda connection, _: connection.sightings.said_goodbye(),
    "notice": lambda connection, _: connection.announced(),
    "same address": lambda connection, _: connection.sighted(HOME),
    "another address": lambda connection, _: connection.sighted(AWAY),
    "many addresses": lambda connection, n: connection.sighted(Address(f"10.9.{n % 200}.1", 1)),
}


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
async def connection(script: Script) -> AsyncGenerator[Connection]:
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    yield connection
    await connection.stop()


async def flood(connection: Connection, seconds: float, *kinds: str) -> None:
    """Say everything a hundred times a second."""
    for number in range(int(seconds * 100)):
        for kind in kinds:
            SAY[kind](connection, number)
        if number % 20 == 0:
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("kinds", [(kind,) for kind in SAY] + [tuple(SAY)], ids="+".join)
async def test_a_flood_checks_a_connected_device_once_in_ten_seconds(
    script: Script, connection: Connection, kinds: tuple[str, ...]
) -> None:
    await flood(connection, 3 * HINT_INTERVAL - 1, *kinds)
    assert script.pings <= 3
    assert script.announcements <= 3
    assert script.pings + script.announcements >= 3
    assert script.tried == [HOME]
    assert connection.available


async def test_what_is_said_after_a_check_is_checked_too(
    script: Script, connection: Connection
) -> None:
    connection.sightings.said_goodbye()
    await until(lambda: script.pings == 1)
    script.at, script.ping_error = AWAY, UnreachableError("gone")
    began = now()
    connection.sighted(AWAY)
    await until(lambda: connection.address == AWAY, HINT_INTERVAL + 5)
    assert HINT_INTERVAL - 1 < now() - began < HINT_INTERVAL + 1


async def test_what_was_said_while_it_was_connected_delays_no_check(script: Script) -> None:
    connection = Connection(script, known(HOME))
    connection.start()
    connection.sighted(HOME)  # its announcement, just when it is added
    await until(lambda: connection.available)
    script.at, script.ping_error = AWAY, UnreachableError("gone")
    began = now()
    connection.sighted(AWAY)
    await until(lambda: connection.address == AWAY, HINT_INTERVAL + 5)
    assert now() - began < 1
    await connection.stop()


class Datagrams(Script):
    """A device whose requests are sent again for 3 s: it is heard as soon as it is back."""

    @override
    async def establish(self, address: Address) -> None:
        self.tried.append(address)
        for _ in range(30):
            if address == self.at:
                return
            await asyncio.sleep(0.1)
        raise TimedOutError("no answer")


@pytest.mark.parametrize("gone", [*range(4, 40, 3)])
async def test_no_claims_of_places_where_nobody_answers_delay_its_return_for_long(
    gone: float,
) -> None:
    script = Datagrams()
    connection = Connection(script, known(HOME))
    connection.start()
    await until(lambda: connection.available)
    script.at = None
    connection.lost(TimedOutError("no answer"))
    for number in range(MAX_ADDRESSES):
        connection.sighted(Address(f"10.9.0.{number}", 1))
    await asyncio.sleep(gone)
    script.at, began = HOME, now()
    await until(lambda: connection.available, 20)
    assert now() - began < 3 + 2.1  # an attempt elsewhere, and a delay
    assert len({*script.tried}) == MAX_ADDRESSES or gone < 20  # which are all tried
    await connection.stop()


async def test_a_flood_does_not_delay_a_device_that_moved_for_long(
    script: Script, connection: Connection
) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(flood(connection, 15, "goodbye", "another address"))
        await asyncio.sleep(1)
        script.at, script.ping_error = THIRD, UnreachableError("gone")
        script.errors = {HOME: UnreachableError("gone"), AWAY: UnreachableError("nobody")}
        began = now()
        while connection.address != THIRD or connection.status is not Status.ONLINE:
            connection.sighted(THIRD)
            await asyncio.sleep(0.5)
        assert now() - began < HINT_INTERVAL + 2


@pytest.mark.parametrize(
    ("error", "interval"),
    [(UnreachableError("refused"), RETRY_INTERVAL), (CertificateError("no"), HINT_INTERVAL)],
    ids=["absent", "answers"],
)
async def test_a_flood_hardly_hastens_attempts_to_connect(
    script: Script, connection: Connection, error: Exception, interval: float
) -> None:
    script.errors[HOME] = error
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    await asyncio.sleep(120)  # attempts are rare by now
    before = len(script.tried)
    await flood(connection, 20, "notice", "same address")
    caused = len(script.tried) - before
    assert caused <= 4 * 20 / interval  # a few short delays follow each
    assert caused >= 2


async def test_a_flood_does_not_repeat_a_login_that_is_refused(
    script: Script, connection: Connection
) -> None:
    """Many devices lock their owner out after a few."""
    script.errors[HOME] = CredentialsError("no")
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    await asyncio.sleep(120)
    before = len(script.tried)
    await flood(connection, 3 * REFUSED_INTERVAL, *SAY)
    assert script.tried[before:].count(HOME) <= 6  # also without a flood, there is one a minute


async def test_a_sighting_of_a_device_that_is_away_is_tried_at_once(
    script: Script, connection: Connection
) -> None:
    script.errors[HOME] = UnreachableError("off")
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    await asyncio.sleep(300)
    script.at = AWAY
    began = now()
    connection.sighted(AWAY)
    await until(lambda: connection.available)
    assert now() - began < 0.2


async def test_a_device_that_restarts_is_tried_as_soon_as_it_says_so(
    script: Script, connection: Connection
) -> None:
    script.ping_error = script.errors[HOME] = UnreachableError("restarting")
    connection.sightings.said_goodbye()
    await until(lambda: len(script.tried) > 2)
    script.errors = {}
    connection.sighted(HOME)
    began = now()
    await until(lambda: connection.status is Status.ONLINE)
    assert now() - began < 0.15


@pytest.mark.parametrize("is_lost", [False, True], ids=["connected", "lost"])
async def test_one_that_announces_itself_before_it_listens_is_soon_followed(
    script: Script, connection: Connection, *, is_lost: bool
) -> None:
    """Where it was, nobody answers: that must not take the time of a whole attempt."""
    script.ping_error = UnreachableError("gone")
    script.at, script.errors = None, {AWAY: UnreachableError("refused")}
    if is_lost:
        connection.lost(UnreachableError("reset"))
        await until(lambda: not connection.available)
    began = now()
    connection.sighted(AWAY)
    await asyncio.sleep(1)
    script.at, script.errors = AWAY, {}
    await until(lambda: connection.status is Status.ONLINE and connection.address == AWAY, 30)
    assert now() - began < script.answers_within + 1


@pytest.mark.parametrize("every", [3.0, 60.0], ids=["again and again", "once"])
async def test_a_slow_one_is_back_whatever_is_said_of_it(
    script: Script, connection: Connection, every: float
) -> None:
    """It needs longer for its first word than a doubtful address may be silent."""
    script.delay = script.answers_within + 1.5
    script.errors = {AWAY: UnreachableError("nobody is there")}
    connection.sighted(AWAY)
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    began = now()
    while connection.status is not Status.ONLINE and now() - began < 60:
        connection.sighted(AWAY)
        with suppress(TimeoutError):
            await until(lambda: connection.status is Status.ONLINE, every)
    assert connection.status is Status.ONLINE
    assert now() - began < 30
    assert connection.address == HOME


@pytest.mark.parametrize("lies", [1, 2, 100])
@pytest.mark.parametrize("is_searched", [False, True], ids=["sighted", "found"])
async def test_whoever_answers_where_it_was_does_not_delay_it(
    script: Script, connection: Connection, lies: int, *, is_searched: bool
) -> None:
    """Another device has its address; it is somewhere else, as others were said to be."""
    script.errors = {HOME: STRANGER, AWAY: STRANGER}
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    for _ in range(lies):
        connection.sighted(AWAY)
    await asyncio.sleep(3)
    script.at = THIRD
    began = now()
    (connection.sightings.found if is_searched else connection.sighted)(THIRD)
    await until(lambda: connection.available)
    assert now() - began < 0.5


async def test_addresses_that_are_made_up_cause_few_attempts(
    script: Script, connection: Connection
) -> None:
    nobody = UnreachableError("nobody is there")
    script.at, script.errors = None, {HOME: STRANGER}
    script.errors |= {Address(f"10.9.{n}.1", 1): nobody for n in range(200)}
    connection.lost(UnreachableError("reset"))
    await until(lambda: not connection.available)
    await asyncio.sleep(300)
    before = len(script.tried)
    await flood(connection, 60, "many addresses")
    assert script.tried[before:].count(HOME) <= 4 * 60 / HINT_INTERVAL + NEWS + 2  # short delays


async def test_hints_that_come_together_are_acted_on_together() -> None:
    acted: list[float] = []
    hints = Hints(lambda: acted.append(now() - began))
    began = now()
    for _ in range(100):
        hints.hint()
    await asyncio.sleep(HINT_INTERVAL + 1)
    assert acted == pytest.approx([0, HINT_INTERVAL], abs=0.1)
    hints.hint()
    hints.hint(RETRY_INTERVAL)  # sooner than the one before
    await asyncio.sleep(HINT_INTERVAL - 2)
    assert acted[2:] == pytest.approx([HINT_INTERVAL + 1], abs=0.1)
    hints.hint()
    hints.forget()
    await asyncio.sleep(HINT_INTERVAL * 2)
    hints.close()
    hints.hint()
    assert len(acted) == 3


# devices that have no id


@pytest.fixture
async def nameless(script: Script) -> AsyncGenerator[Connection]:
    connection = Connection(script, KnownAddresses((HOME,)))
    connection.start()
    await until(lambda: connection.available)
    yield connection
    await connection.stop()


async def test_just_lost_it_is_tried_where_it_was(script: Script, nameless: Connection) -> None:
    script.errors = {HOME: UnreachableError("restarting")}
    nameless.lost(UnreachableError("reset"))
    await until(lambda: nameless.status is not Status.ONLINE)
    for _ in range(5):  # it does not become unavailable meanwhile
        nameless.sighted(AWAY)
        await asyncio.sleep(0.05)
    assert AWAY not in script.tried
    script.errors = {}
    await until(lambda: nameless.status is Status.ONLINE)
    assert nameless.address == HOME


async def test_lost_for_a_while_it_is_followed(script: Script, nameless: Connection) -> None:
    script.errors = {HOME: UnreachableError("moved")}
    script.at = AWAY
    nameless.lost(UnreachableError("reset"))
    nameless.sighted(AWAY)
    await until(lambda: nameless.address == AWAY and nameless.status is Status.ONLINE, 3)


async def test_an_attempt_that_hangs_where_it_was_does_not_delay_it_for_long(
    script: Script, nameless: Connection
) -> None:
    script.at = AWAY  # and nothing answers at home
    nameless.lost(UnreachableError("reset"))
    await until(lambda: nameless.status is not Status.ONLINE)
    nameless.sighted(AWAY)
    await until(lambda: nameless.status is Status.ONLINE and nameless.address == AWAY, 4)


async def test_after_a_start_it_is_tried_where_it_was(script: Script) -> None:
    connection = Connection(script, KnownAddresses((HOME,)))
    script.delay = 0.5
    connection.start()
    connection.sighted(AWAY)
    await until(lambda: connection.available)
    assert script.tried == [HOME]
    await connection.stop()


async def test_an_outage_goes_on_after_a_reload(script: Script) -> None:
    connection = Connection(script, KnownAddresses((HOME,)))
    script.errors = {AWAY: UnreachableError("not yet")}
    connection.sightings.resume(AWAY, THIRD)
    connection.start()
    assert connection.sightings.unproven == (AWAY, THIRD, HOME)
    await until(lambda: len(script.tried) > 1)
    assert script.tried[:2] == [AWAY, HOME]
    await connection.stop()


async def test_a_false_sighting_does_not_shut_it_out_for_long(
    script: Script, nameless: Connection
) -> None:
    script.at = None
    nameless.lost(UnreachableError("reset"))
    await until(lambda: not nameless.available)
    nameless.sighted(AWAY)
    accepts = nameless.sightings.accepts
    assert accepts(AWAY, is_identified=False)
    assert not accepts(HOME, is_identified=False)
    await flood(nameless, CLAIM_LASTS, "another address")
    assert accepts(HOME, is_identified=False)
    nameless.sighted(HOME)
    assert accepts(HOME, is_identified=False)


async def test_it_moves_where_it_is_for_certain(script: Script, nameless: Connection) -> None:
    script.at = AWAY
    nameless.moved(AWAY)
    await until(lambda: len(script.tried) > 1 and nameless.status is Status.ONLINE)
    assert script.tried == [HOME, AWAY]
    assert nameless.address == AWAY
    assert [each for each in script.reported if isinstance(each, bool)] == [True]


@pytest.mark.parametrize(
    ("entered", "sighted"),
    [
        (Address("10.0.0.1"), Address("10.0.0.1", 80)),
        (Address("10.0.0.1", 80), Address("10.0.0.1")),
        (Address("::ffff:10.0.0.1", 80), Address("10.0.0.1", 80)),
        (Address("2001:DB8:0::1", 80), Address("2001:db8::1", 80)),
    ],
    ids=str,
)
async def test_an_address_that_is_written_in_another_way_is_not_elsewhere(
    script: Script, entered: Address, sighted: Address
) -> None:
    script.at = entered
    connection = Connection(script, KnownAddresses((entered,)))
    connection.start()
    await until(lambda: connection.available)
    connection.sighted(sighted)
    await asyncio.sleep(HINT_INTERVAL)
    assert not script.pings
    connection.lost(UnreachableError("reset"))
    connection.sighted(sighted)
    await until(lambda: connection.available and len(script.tried) == 2)
    await connection.stop()
    connection.sightings.resume(sighted)
    assert connection.addresses == (entered,)


async def test_a_flood_of_addresses_does_not_hide_where_it_really_is(
    script: Script, connection: Connection
) -> None:
    """It has moved, and said so once; a search finds it, which takes a while."""
    loop = asyncio.get_running_loop()
    searches: list[float] = []

    def search() -> None:
        searches.append(now())
        loop.call_later(3, connection.sightings.found, THIRD)

    connection.sightings.on_search_needed = search
    script.at, script.ping_error = THIRD, UnreachableError("gone")
    connection.sighted(THIRD)
    began = now()
    async with asyncio.TaskGroup() as group:
        flooding = group.create_task(flood(connection, 120, "many addresses"))
        await until(lambda: connection.address == THIRD, 60)
        flooding.cancel()
    assert now() - began < 30
    assert all(b - a >= HINT_INTERVAL for a, b in pairwise(searches))


async def test_a_false_claim_that_fails_leads_to_a_search(
    script: Script, connection: Connection
) -> None:
    searches: list[float] = []
    connection.sightings.on_search_needed = lambda: searches.append(now())
    script.at, script.ping_error = THIRD, UnreachableError("gone")
    script.errors = {HOME: UnreachableError("gone"), AWAY: UnreachableError("nobody")}
    connection.sighted(AWAY)
    await until(lambda: searches)
    await asyncio.sleep(300)
    assert len(searches) == 1  # the same claim is not searched for again
    connection.sightings.found(THIRD)
    await until(lambda: connection.available)
    assert connection.address == THIRD


async def test_what_was_found_is_no_news_of_a_connected_device(
    script: Script, connection: Connection
) -> None:
    connection.sightings.found(AWAY)
    await asyncio.sleep(60)
    assert script.tried == [HOME]
    assert not script.pings
