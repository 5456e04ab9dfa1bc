"""Devices that move on a real network are followed, and nobody else is taken for them."""

import asyncio
import time

import pytest

from tests.emulators.json_bulb import TARGET
from tests.emulators.ssdp import Advertisement

from .allowance import allowed
from .home import Home, Thing, announce, figures
from .household import BULBS, QUICK, at_once, thing

IMPOSTOR = "bad0bad0-da50-11e1-9b23-001788102201"

pytestmark = pytest.mark.usefixtures("calm")


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
    assert back - ready < allowed(QUICK)
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
    assert back - ready < allowed(QUICK)
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
