"""A device that changes what it consists of cannot stop the event loop or fill the registries."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterator
from datetime import timedelta
from itertools import count
import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.util import dt as dt_util
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.entities import removal, shown
from custom_components.lan_edge.entities.budget import Budget
from custom_components.lan_edge.entities.shown import (
    AT_A_TIME,
    CHANGES_AT_ONCE,
    MAX_NEW,
    MAX_SHOWN,
    ShownComponents,
)
from lan_edge import AudioMute, AudioVolume, Component, MediaPlayback, Profile, Switch
from tests.edge.peers import Wire
from tests.edge.rounds import ONE_MESSAGE, Rounds, measured_rounds

from ..conformance.puppet import House, Puppet, moved_in, puppet_driver
from ..entries import set_up
from ..snapcast_server import STATUS, SnapcastServer, client
from ..waiting import eventually

SERVER: dict[str, Any] = STATUS["server"]
PLAYER = (AudioVolume, AudioMute, MediaPlayback)
ALONE = Profile(Switch)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Check that nothing of it is an error, or a use of what Home Assistant will remove."""
    yield
    texts = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    texts += [r.getMessage() for r in caplog.records if "Detected that" in r.getMessage()]
    assert texts == []


@pytest.fixture
async def house(
    hass: HomeAssistant, drivers: None, start_discovery: object
) -> AsyncGenerator[House]:
    """Return a device with a switch."""
    puppet_driver(ALONE)
    puppet = Puppet()
    with puppet.plugged_in():
        its = await moved_in(hass, puppet)
        yield its
        assert await hass.config_entries.async_unload(its.entry.entry_id)


_NUMBERS = count()


def players(number: int, *names: str, child: bool = True) -> Profile:
    """Return a switch with players: those that are named, and others that never were there."""
    new = (f"p{next(_NUMBERS)}" for _ in range(number - len(names)))
    parts = {name: Component(PLAYER, f"Player {name}", child=child) for name in (*names, *new)}
    return Profile(Switch, **parts)


def parts(house: House) -> set[str]:
    """Return the components that have entities."""
    registry = er.async_get(house.hass)
    entries = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    prefix = f"{house.entry.unique_id}-"
    return {entry.unique_id.removeprefix(prefix).split("-")[0] for entry in entries} - {"main"}


def children(house: House) -> list[dr.ChildDeviceEntry]:
    registry = dr.async_get(house.hass)
    return dr.async_child_entries_for_config_entry(registry, house.entry.entry_id)


def remembered(house: House) -> tuple[int, int]:
    """Return how many removed devices and entities the registries remember."""
    devices = dr.async_get(house.hass)._deleted_devices.values()
    entities = er.async_get(house.hass).deleted_entities.values()
    entry_id = house.entry.entry_id
    return (
        sum(device.config_entry_id == entry_id for device in devices),
        sum(entity.config_entry_id == entry_id for entity in entities),
    )


def has_issue(house: House) -> bool:
    """Return whether it is said that not all is shown."""
    issue = ir.async_get(house.hass).async_get_issue(DOMAIN, f"limit_{house.entry.entry_id}")
    if issue is None:
        return False
    placeholders = issue.translation_placeholders or {}
    assert placeholders == {"name": "Puppet", "most": str(MAX_SHOWN), "new": str(MAX_NEW)}
    return issue.translation_key == "limit" and not issue.is_fixable


class Clock:
    """A clock that goes on when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def allow_changes(house: House, number: int) -> Clock:
    """Have the device make so many changes, and after that one each second of the clock."""
    clock = Clock()
    house.entry.runtime_data.shown._budget = Budget(number, 1, clock)
    return clock


@pytest.fixture
async def rounds(house: House) -> AsyncGenerator[Rounds]:
    """Measure the rounds of the event loop; `test_slices.py` is about shorter times."""
    with measured_rounds() as measured:
        yield measured


@pytest.mark.parametrize("child", [True, False])
async def test_two_hundred_new_players_in_each_message(
    house: House, rounds: Rounds, child: bool
) -> None:
    most, shows = 0, house.entry.runtime_data.shown
    while len(shows._new_at) < MAX_NEW:
        house.puppet.become(players(200, child=child))
        await asyncio.sleep(0.05)
        most = max(most, len(parts(house)))
    assert 0 < most <= MAX_NEW
    assert has_issue(house)
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert parts(house) == set()
    assert children(house) == []
    assert remembered(house) == (0, 0)
    assert max(rounds.seconds) < ONE_MESSAGE


async def test_a_snapcast_server_that_names_new_players(
    hass: HomeAssistant, start_discovery: object
) -> None:
    async with SnapcastServer() as server:
        entry = await set_up(hass, "snapcast", "music", server)
        assert hass.states.get("media_player.music_kitchen")
        [wire] = server.connections
        assert isinstance(wire, Wire)
        server_house, most = House(hass, Puppet(), entry), 0
        with measured_rounds() as rounds:
            for _ in range(20):
                names = [f"{next(_NUMBERS):012x}" for _ in range(200)]
                group = {**SERVER["groups"][0], "clients": [client(name, name) for name in names]}
                params = {"server": {**SERVER, "groups": [group]}}
                update = {"jsonrpc": "2.0", "method": "Server.OnUpdate", "params": params}
                await wire.send(json.dumps(update).encode() + b"\r\n")
                await asyncio.sleep(0.1)
                most = max(most, len(children(server_house)))
        assert 0 < most <= MAX_NEW
        params = {"server": SERVER}
        update = {"jsonrpc": "2.0", "method": "Server.OnUpdate", "params": params}
        await wire.send(json.dumps(update).encode() + b"\r\n")
        await eventually(lambda: len(children(server_house)) == 2)
        await hass.async_block_till_done()
        assert {child.name for child in children(server_house)} == {"Kitchen", "Hall"}
        assert remembered(server_house) == (0, 0)
        assert max(rounds.seconds) < ONE_MESSAGE
        await hass.config_entries.async_unload(entry.entry_id)


async def test_the_same_players_that_come_and_go(house: House, rounds: Rounds) -> None:
    allow_changes(house, 100_000)
    some = players(60)
    for _ in range(40):
        house.puppet.become(some)
        await asyncio.sleep(0.02)
        house.puppet.become(ALONE)
        await asyncio.sleep(0.02)
    house.puppet.become(some)
    await house.hass.async_block_till_done()
    assert parts(house) == some.components.keys() - {"main"}
    assert remembered(house) == (0, 0)
    assert max(rounds.seconds) < ONE_MESSAGE
    assert not has_issue(house)


async def test_players_that_change_in_each_message(house: House, rounds: Rounds) -> None:
    allow_changes(house, 100_000)
    names = [f"player{number}" for number in range(60)]
    house.puppet.become(players(60, *names))
    await house.hass.async_block_till_done()
    for number in range(40):
        changed = {n: Component((*PLAYER, Switch), f"{n} {number}", True) for n in names}
        house.puppet.become(Profile(Switch, **changed))
        await asyncio.sleep(0.02)
    await house.hass.async_block_till_done()
    assert parts(house) == set(names)
    assert {child.name for child in children(house)} == {f"{name} 39" for name in names}
    assert max(rounds.seconds) < ONE_MESSAGE


async def test_what_one_message_brings_is_shown_at_once(house: House) -> None:
    house.puppet.become(players(3, "left", "right", "rear"))
    await house.hass.async_block_till_done()
    assert parts(house) == {"left", "right", "rear"}
    assert {child.name for child in children(house)} == {
        "Player left",
        "Player right",
        "Player rear",
    }
    assert not has_issue(house)


async def test_new_ones_have_a_limit_within_an_hour(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "RETRY", 0.05)
    many = players(MAX_NEW + 3)
    house.puppet.become(many)
    await house.hass.async_block_till_done()
    assert parts(house) == set(list(many.components)[1 : MAX_NEW + 1])
    assert len(children(house)) == MAX_NEW
    assert has_issue(house)
    monkeypatch.setattr(shown, "PERIOD", 0)  # an hour passes
    await eventually(lambda: len(parts(house)) == MAX_NEW + 3)
    await eventually(lambda: not has_issue(house))


async def test_there_is_a_limit_at_the_same_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "PERIOD", 0)
    monkeypatch.setattr(shown, "AT_A_TIME", 32)
    many = players(MAX_SHOWN + 3)
    house.puppet.become(many)
    await house.hass.async_block_till_done()
    names = list(many.components)[1:]
    assert parts(house) == set(names[:MAX_SHOWN])
    assert has_issue(house)
    house.puppet.become(Profile(**{n: c for n, c in many.components.items() if n != names[0]}))
    await house.hass.async_block_till_done()
    assert parts(house) == set(names[1 : MAX_SHOWN + 1])


async def test_after_a_restart_what_was_shown_is_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "MAX_SHOWN", 2)
    house.puppet.become(players(2, "old", "older"))
    await house.hass.async_block_till_done()
    house.puppet.become(players(4, "new", "old", "newer", "older"))
    await house.hass.async_block_till_done()
    assert parts(house) == {"old", "older"}
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await eventually(lambda: house.device.available)
    assert parts(house) == {"old", "older"}
    assert has_issue(house)
    await house.hass.config_entries.async_unload(house.entry.entry_id)
    assert not has_issue(house)
    await house.hass.config_entries.async_setup(house.entry.entry_id)


async def test_what_the_driver_declares_has_no_limit(
    hass: HomeAssistant, drivers: None, start_discovery: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "MAX_SHOWN", 2)
    declared = Profile(**{f"o{number}": Component((Switch,), "", True) for number in range(5)})
    puppet_driver(declared)
    puppet = Puppet()
    with puppet.plugged_in():
        house = await moved_in(hass, puppet)
        assert parts(house) == set(declared.components)
        assert not has_issue(house)
        await hass.config_entries.async_unload(house.entry.entry_id)


# what changes for ever


class Updates:
    """Counts the updates of the registries."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.kinds = Counter[str]()
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._note)
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._note)

    @callback
    def _note(self, event: Event[Any]) -> None:
        self.kinds[f"{event.event_type} {event.data['action']}"] += 1


async def test_known_players_come_and_go_only_so_often(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "PAUSE", 0)
    some = players(30)
    allow_changes(house, 3 * 32)
    updates = Updates(house.hass)
    for _ in range(5):
        for profile in (some, ALONE):
            house.puppet.become(profile)
            await house.hass.async_block_till_done()
    for kind in ("device", "entity"):
        created = updates.kinds[f"{kind}_registry_updated create"]
        removed = updates.kinds[f"{kind}_registry_updated remove"]
        assert 3 * 30 <= created + removed <= 3 * 32
    assert not has_issue(house)


async def test_names_change_only_so_often(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "PAUSE", 0)
    monkeypatch.setattr(shown, "RETRY", 0.01)
    names = [f"player{number}" for number in range(20)]

    def named(number: int) -> Profile:
        return Profile(Switch, **{n: Component(PLAYER, f"{n} {number}", True) for n in names})

    house.puppet.become(named(0))
    await house.hass.async_block_till_done()
    clock, updates = allow_changes(house, 40), Updates(house.hass)
    for number in range(1, 6):
        house.puppet.become(named(number))
        await house.hass.async_block_till_done()
    assert updates.kinds == {"device_registry_updated update": 40}
    clock.now += 20
    await eventually(lambda: {c.name for c in children(house)} == {f"{n} 5" for n in names})
    assert updates.kinds == {"device_registry_updated update": 60}


async def test_all_that_is_shown_may_go_and_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "PAUSE", 0)
    monkeypatch.setattr(shown, "PERIOD", 0)
    monkeypatch.setattr(shown, "AT_A_TIME", 32)
    many = players(MAX_SHOWN)
    house.puppet.become(many)
    await house.hass.async_block_till_done()
    allow_changes(house, CHANGES_AT_ONCE)
    for profile, number in ((ALONE, 0), (many, MAX_SHOWN)):
        house.puppet.become(profile)
        await house.hass.async_block_till_done()
        assert len(parts(house)) == number


async def test_changes_without_end_hide_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "PAUSE", 0)
    allow_changes(house, 100_000)
    hass = house.hass
    its_shown: ShownComponents = house.entry.runtime_data.shown
    restless = [f"restless{number}" for number in range(2 * AT_A_TIME)]
    many = players(200 - len(restless)).components

    def change() -> None:
        number = next(_NUMBERS)
        parts = {name: Component(PLAYER, f"{name} {number}", True) for name in restless}
        house.puppet.become(Profile(**parts, **many))

    house.puppet.become(Profile(Switch, **{n: Component(PLAYER, n, True) for n in restless}))
    await hass.async_block_till_done()
    on_change, changes = its_shown._on_change, list[set[str]]()

    def changes_again(names: Collection[str]) -> Iterator[object]:
        changes.append(set(names))
        if len(changes) < 12:
            hass.loop.call_soon(change)
        return on_change(names)

    monkeypatch.setattr(its_shown, "_on_change", changes_again)
    change()
    await eventually(lambda: len(changes) >= 12, 60)
    seen = set[str]().union(*changes[:11])
    assert seen >= set(restless)
    assert len(seen & many.keys()) >= 11
    assert has_issue(house)
    await hass.async_block_till_done()


# what the registries remember


async def test_what_was_there_for_long_is_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.puppet.become(players(1, "hall"))
    await house.hass.async_block_till_done()
    [before] = children(house)
    monkeypatch.setattr(removal, "MIN_AGE", timedelta())
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert remembered(house)[0] == 1
    house.puppet.become(players(1, "hall"))
    await house.hass.async_block_till_done()
    assert [child.id for child in children(house)] == [before.id]


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-1)])
async def test_a_clock_that_jumps_makes_nothing_older(
    house: House, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    house.puppet.become(players(3))
    await house.hass.async_block_till_done()
    later = SimpleNamespace(utcnow=lambda: dt_util.utcnow() + jump)
    monkeypatch.setattr(removal, "dt_util", later)
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert remembered(house) == (0, 0)


async def test_a_clock_that_was_ahead_makes_nothing_younger(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.puppet.become(players(3))
    await house.hass.async_block_till_done()
    back = SimpleNamespace(utcnow=lambda: dt_util.utcnow() - timedelta(days=1))
    monkeypatch.setattr(removal, "dt_util", back)
    monkeypatch.setattr(removal, "MIN_AGE", timedelta())  # as after some time by the loop's clock
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert remembered(house) == (3, 3)


async def test_what_is_older_than_this_run_is_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.puppet.become(players(3))
    await house.hass.async_block_till_done()
    await house.hass.config_entries.async_reload(house.entry.entry_id)
    await eventually(lambda: house.device.available)
    later = SimpleNamespace(utcnow=lambda: dt_util.utcnow() + removal.MIN_AGE)
    monkeypatch.setattr(removal, "dt_util", later)
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert remembered(house) == (3, 3)


async def test_what_the_user_changed_is_remembered(house: House) -> None:
    house.puppet.become(players(2, "hall", "attic"))
    await house.hass.async_block_till_done()
    hall = next(child for child in children(house) if child.name == "Player hall")
    dr.async_get(house.hass).async_update_child_device(hall.id, name_by_user="Mine")
    registry = er.async_get(house.hass)
    registry.async_update_entity("media_player.puppet_player_hall", icon="mdi:radio")
    await house.hass.async_block_till_done()
    house.puppet.become(ALONE)
    await house.hass.async_block_till_done()
    assert remembered(house) == (1, 1)


async def test_not_more_than_a_limit_is_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "MAX_REMEMBERED", 4)
    monkeypatch.setattr(removal, "MIN_AGE", timedelta())
    for _ in range(5):
        house.puppet.become(players(3))
        await house.hass.async_block_till_done()
        assert len(parts(house)) == 3
        house.puppet.become(ALONE)
        await house.hass.async_block_till_done()
    devices, entities = remembered(house)
    assert 0 < entities <= 4
    assert 0 < devices <= 4
    [main] = dr.async_entries_for_config_entry(dr.async_get(house.hass), house.entry.entry_id)
    assert main.identifiers == {(DOMAIN, house.entry.unique_id)}


async def test_what_was_shown_before_is_remembered_within_bytes(house: House) -> None:
    known = house.entry.runtime_data.shown
    for number in range(shown.MAX_KNOWN):
        known._remember(f"{number}" + "\U0001f4a1" * 250)
    assert sum(map(sys.getsizeof, known._known)) <= shown.MAX_KNOWN_SIZE
    assert list(known._known)[-1].startswith(str(shown.MAX_KNOWN - 1))
