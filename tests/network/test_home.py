"""The main job on a real network: a real Home Assistant, devices on hosts of their own.

One Home Assistant for all of it; each test begins and ends with every device available.
"""

import asyncio
from functools import partial
import time

import pytest

from tests.real.client import until

from . import automation
from .allowance import allowed
from .home import SEARCHED, Change, Home, RefusedError, Thing, figures
from .household import QUICK, at_once

ROUNDS = 5
"""How often a time may be taken: other tests run meanwhile."""

pytestmark = pytest.mark.usefixtures("calm")


async def test_found_by_what_they_announce(home: Home, three: list[Thing]) -> None:
    sources = [t.card["context"]["source"] for t in three]
    # the first two have driver files, which the manifest does not know; fauxmo announces nothing
    assert sources == [SEARCHED] * 3
    assert [t.entity_id for t in three] == ["switch.relay_1", "light.bulb_1", "switch.plug"]


async def test_turned_on_and_changed_at_the_device(home: Home, three: list[Thing]) -> None:
    await at_once(home.works(t, polled=True) for t in three)


async def test_pushes_are_shown_quickly(home: Home, bulb: Thing) -> None:
    await bulb.emulator.change(on=True)
    for _ in range(ROUNDS):
        _, p95 = figures("change at the bulb to Home Assistant's client", await pushed(home, bulb))
        if p95 < 0.05:
            return
    pytest.fail("in no round")


async def pushed(home: Home, bulb: Thing) -> list[float]:
    times: list[float] = []
    for level in range(20, 70):
        at = await bulb.emulator.change(level=level)
        wanted = partial(shows, shown=("on", level))
        times.append(await home.seen(bulb, wanted, at) - at)
    return times


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
        assert back - ready < allowed(QUICK)
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
