"""The devices that the tests of the main job share, and what these tests do alike."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from .home import Home, Thing

RELAYS = ("relay-1", "relay-2")
BULBS = ("2f402f80-da50-11e1-9b23-001788102201", "2f402f80-da50-11e1-9b23-001788102202")
QUICK = 2.0
"""Seconds that "at once" may take."""


async def furnish(home: Home) -> None:
    """Put two relays, two bulbs and a plug in a home, and add them."""
    plug = await home.plug("Plug")  # it is searched for once there is an entry
    for number, (relay, bulb) in enumerate(zip(RELAYS, BULBS, strict=True), 1):
        await home.add(await home.emulator("rest_switch", relay, f"Relay {number}"))
        await home.add(await home.emulator("json_bulb", bulb, f"Bulb {number}"))
    await home.add(plug)


def thing(home: Home, title: str) -> Thing:
    """Return one of them."""
    return next(t for t in home.things if t.title == title)


async def at_once(pieces: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of it at the same time; wait for the end of it."""
    async with asyncio.TaskGroup() as group:
        for piece in pieces:
            group.create_task(piece)
