"""The main job on a real network: a real Home Assistant, devices on hosts of their own.

One Home Assistant for all of it; each test begins and ends with every device available.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from functools import partial
import time
from typing import Any

import pytest
import pytest_asyncio

from tests.emulators.json_bulb import TARGET
from tests.emulators.ssdp import Advertisement
from tests.real.client import until

from . import automation
from .home import SEARCHED, Change, Home, RefusedError, Thing, announce, figures
from .lab import lan as make_lan

RELAYS = ("relay-1", "relay-2")
BULBS = ("2f402f80-da50-11e1-9b23-001788102201", "2f402f80-da50-11e1-9b23-001788102202")
IMPOSTOR = "bad0bad0-da50-11e1-9b23-001788102201"
QUICK = 2.0
"""Seconds that "at once" may take."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(own_network: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Home]:
    with make_lan() as lan:
        async with Home(lan, tmp_path_factory.mktemp("home")) as home:
            plug = await home.plug("Plug")  # it is searched for once there is an entry
            for number, (relay, bulb) in enumerate(zip(RELAYS, BULBS, strict=True), 1):
                await home.add(await home.emulator("rest_switch", relay, f"Relay {number}"))
                await home.add(await home.emulator("json_bulb", bulb, f"Bulb {number}"))
            await home.add(plug)
            yield home


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def calm(home: Home) -> AsyncGenerator[None]:
    for each in home.things:
        if not each.running:  # a test failed
            await each.start()
    await home.wait_available(*home.things)
    yield
    assert not home.complaints()


def thing(home: Home, title: str) -> Thing:
    return next(t for t in home.things if t.title == title)


@pytest.fixture
def relay(home: Home) -> Thing:
    return thing(home, "Relay 1")


@pytest.fixture
def bulb(home: Home) -> Thing:
    return thing(home, "Bulb 1")


@pytest.fixture
def plug(home: Home) -> Thing:
    return thing(home, "Plug")


@pytest.fixture
def three(relay: Thing, bulb: Thing, plug: Thing) -> list[Thing]:
    return [relay, bulb, plug]


async def at_once(pieces: Iterable[Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for piece in pieces:
            group.create_task(piece)


async def test_found_by_what_they_announce(home: Home, three: list[Thing]) -> None:
    sources = [t.card["context"]["source"] for t in three]
    # fauxmo announces nothing, and answers only our own search
    assert sources == ["zeroconf", "ssdp", SEARCHED]
    assert [t.entity_id for t in three] == ["switch.relay_1", "light.bulb_1", "switch.plug"]


async def test_turned_on_and_changed_at_the_device(home: Home, three: list[Thing]) -> None:
    await at_once(home.works(t, polled=True) for t in three)


async def test_pushes_are_shown_quickly(home: Home, bulb: Thing) -> None:
    await bulb.emulator.change(on=True)
    times: list[float] = []
    for level in range(20, 70):
        at = await bulb.emulator.change(level=level)
        wanted = partial(shows, shown=("on", level))
        times.append(await home.seen(bulb, wanted, at) - at)
    _, p95 = figures("change at the bulb to Home Assistant's client", times)
    assert p95 < 0.05


async def test_an_automation_of_its_devices(home: Home, bulb: Thing, relay: Thing) -> None:
    """Run one of device triggers, conditions and actions, and of an action of our own."""
    client = home.client
    await automation.make(
        client,
        "relay_follows_bulb",
        triggers=[await automation.device_part(client, bulb, "trigger", "turned_on")],
        conditions=[await automation.device_part(client, relay, "condition", "is_off")],
        actions=[
            await automation.device_part(client, relay, "action", "turn_on"),
            {
                "action": "lan_edge.send_command",
                "target": {"entity_id": bulb.entity_id},
                "data": {
                    "capability": "switchLevel",
                    "command": "setLevel",
                    "arguments": {"level": 33},
                },
            },
        ],
    )
    await bulb.turn(on=False)
    await relay.turn(on=False)
    await client.wait_for_state(bulb.entity_id, "off")
    await client.call("homeassistant.update_entity", relay.entity_id)
    await client.wait_for_state(relay.entity_id, "off")
    await bulb.turn(on=True)  # somebody does, at the lamp
    await client.wait_for_state(relay.entity_id, "on")
    assert await relay.is_on()

    async def dimmed() -> bool:
        return bool((await bulb.emulator.state())["level"] == 33)

    await until(dimmed, "the lamp is dimmed")
    await automation.unmake(client, "relay_follows_bulb")


def shows(change: Change, shown: tuple[str, int | None]) -> bool:
    return change.shown == shown


async def test_a_move_is_followed(home: Home, three: list[Thing]) -> None:
    before = [await home.client.entities(t.entry_id) for t in three]
    home.entry_states.clear()
    await at_once(moves(home, t) for t in three)
    # each was told of for its new address, and none as anything but loaded
    assert set(home.entry_states) == {(t.entry_id, "loaded") for t in three}
    assert [await home.client.entities(t.entry_id) for t in three] == before


async def moves(home: Home, moved: Thing) -> None:
    at = await moved.move(address := home.free_address())
    if moved.title == "Plug":
        await home.search()
    await home.wait_stored(moved, address)
    figures(f"{moved.title}: moved and stored after", [time.monotonic() - at], "s")
    await home.works(moved)


async def test_killed_and_back(home: Home, three: list[Thing]) -> None:
    await at_once(dies_and_returns(home, t) for t in three)


async def dies_and_returns(home: Home, killed: Thing) -> None:
    at = time.monotonic()
    killed.kill()
    gone = await home.shows(killed, "unavailable", at, patience=30)
    figures(f"{killed.title}: killed, unavailable after", [gone - at], "s")
    ready = await killed.start()
    back = await home.seen(killed, lambda c: c.state != "unavailable", gone, patience=30)
    figures(f"{killed.title}: started, available after", [back - ready])
    if killed.title != "Plug":  # it announces nothing
        assert back - ready < QUICK
    await home.works(killed)


async def test_unplugged_and_back(home: Home, three: list[Thing]) -> None:
    await at_once(is_unplugged(home, t) for t in three)


async def is_unplugged(home: Home, unplugged: Thing) -> None:
    at = time.monotonic()
    unplugged.host.unplug()
    gone = await home.shows(unplugged, "unavailable", at, patience=35)
    figures(f"{unplugged.title}: unplugged, unavailable after", [gone - at], "s")
    assert gone - at < 30
    unplugged.host.plug_in()


@pytest.mark.parametrize("title", ["Relay 1", "Bulb 1"])
async def test_back_elsewhere_on_its_announcement(home: Home, title: str) -> None:
    moved = thing(home, title)
    at = time.monotonic()
    moved.kill()
    moved.host.move(address := home.free_address())
    gone = await home.shows(moved, "unavailable", at, patience=30)
    ready = await moved.start()
    back = await home.seen(moved, lambda c: c.state != "unavailable", gone)
    figures(f"{title}: back at another address, available after", [back - ready])
    assert back - ready < QUICK
    await home.wait_stored(moved, address)


async def test_the_old_address_still_listed(home: Home, relay: Thing) -> None:
    old, new = relay.host.address, home.free_address()
    relay.emulator.options = ("--also-listed", old)
    relay.kill()
    relay.host.move(new)
    at = await relay.start()
    await home.wait_stored(relay, new)
    figures("Relay 1: [new, old] listed, back after", [time.monotonic() - at], "s")
    await home.works(relay)
    relay.emulator.options = ()


async def test_an_impostor_is_refused(home: Home, bulb: Thing) -> None:
    impostor = await home.emulator("json_bulb", IMPOSTOR, "Impostor")
    elsewhere, true = impostor.host.address, bulb.host.address
    lie = Advertisement(
        elsewhere, BULBS[0], TARGET, f"http://{elsewhere}:80/bulb.xml", {"X-Port": "5577"}
    ).notify("ssdp:alive")

    # it claims to be our bulb, which is there
    at = time.monotonic()
    announce(impostor.host, lie)
    await home.works(bulb)
    assert not home.was_unavailable(bulb, at)

    # which is not there
    bulb.kill()
    gone = await home.shows(bulb, "unavailable", at, patience=30)
    announce(impostor.host, lie)
    assert await asked_who(impostor, gone)

    # it sits where our bulb was
    bulb.host.move(address := home.free_address())
    at = await impostor.move(true)
    assert await asked_who(impostor, at)
    await home.client.call("light.turn_on", bulb.entity_id)  # skips what is unavailable
    commands = {r["command"] for r in (await impostor.emulator.show())["log"]}
    assert commands == {"info"}
    assert (await home.client.state(bulb.entity_id))["state"] == "unavailable"
    assert home.stored_host(bulb) == true

    # our bulb shows up elsewhere
    ready = await bulb.start()
    back = await home.seen(bulb, lambda c: c.state != "unavailable", gone)
    figures("Bulb 1: back beside the impostor after", [back - ready])
    assert back - ready < QUICK
    await home.wait_stored(bulb, address)
    assert elsewhere not in home.stored_text()
    impostor.kill()


async def asked_who(impostor: Thing, after: float) -> float:
    deadline = time.monotonic() + 30  # its earlier addresses, all silent, are tried too
    while (at := await impostor.heard(after, {"info"})) is None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    return at


@pytest.mark.parametrize("kind", ["Relay", "Bulb"])
async def test_two_swap_addresses(home: Home, kind: str) -> None:
    first, second = thing(home, f"{kind} 1"), thing(home, f"{kind} 2")
    one, two = first.host.address, second.host.address
    second.host.move(home.free_address())
    at = time.monotonic()
    await first.move(two)
    await second.move(one)
    await home.wait_stored(first, two)
    await home.wait_stored(second, one)
    figures(f"{kind}s swapped, right after", [time.monotonic() - at], "s")
    await at_once([home.works(first), home.works(second)])


async def test_home_assistant_restarted_with_devices_off(home: Home, three: list[Thing]) -> None:
    for each in three:
        each.kill()
    await home.restart()
    for each in three:
        state = await home.client.wait_for_state(each.entity_id, "unavailable", patience=30)
        while "restored" in state["attributes"]:  # no entity yet
            state = await home.client.state(each.entity_id)
        assert state["state"] == "unavailable"
    for each in three:
        since = time.monotonic()
        ready = await each.start()
        back = await home.seen(each, lambda c: c.state != "unavailable", since, patience=30)
        figures(f"{each.title}: off at start, available after", [back - ready])
        await home.works(each)


async def test_removed_leaves_nothing(home: Home, three: list[Thing]) -> None:
    for each in three:
        record = home.home_assistant.config / f".storage/lan_edge.{each.entry_id}"
        assert record.exists()
        path = f"/api/config/config_entries/entry/{each.entry_id}"
        await home.client.request("DELETE", path)
        with pytest.raises(RefusedError):
            await home.client.state(each.entity_id)
        assert not record.exists()
        home.things.remove(each)
    await asyncio.sleep(2)  # Home Assistant saves a second after a change
    stored = home.stored_text()
    assert not any(t.entry_id in stored for t in three)
    assert {t.entry_id for t in home.things} == set(home.stored_entries())
