"""Whether a device is as a command was to make it: many carry it out later than they answer."""

import asyncio
from collections.abc import Mapping
import math
from typing import Any

from lan_edge import DraftThing, EdgeError, ReadNow, ShadeState

from ..flows.entered_address import EnteredAddressError
from .learned import part_of
from .noticed import async_noticed
from .session import DescribeSession

READ_AGAIN_EVERY, READ_AGAIN_FOR = 0.5, 3.0
"""Seconds between readings after a command, and in which they are repeated."""
_DONE: Mapping[str, tuple[Any, ...]] = {
    "on": (True,),
    "off": (False,),
    "open": (ShadeState.OPEN, ShadeState.OPENING, ShadeState.PARTIALLY_OPEN),
    "close": (ShadeState.CLOSED, ShadeState.CLOSING),
}
"""What shows that a command is done, or is being done."""


async def async_read_again(
    session: DescribeSession, thing: DraftThing, command: str, tried: str, now: dict[str, ReadNow]
) -> dict[str, ReadNow]:
    """Read a device that does not send by itself until it is as tried, or long enough."""
    loop, since = asyncio.get_running_loop(), session.since
    until = loop.time() + READ_AGAIN_FOR
    while missed(thing, command, tried, now) and loop.time() < until:
        await session.run(asyncio.sleep(READ_AGAIN_EVERY))
        try:
            session.answers |= await session.ask(session.open.draft.requests)
        except EdgeError, EnteredAddressError:
            break
        now = await async_noticed(session, thing, since)
    return now


def missed(thing: DraftThing, command: str, tried: str, now: dict[str, ReadNow]) -> str:
    """Return what a thing was to be, if it is read and is not that; else nothing."""
    read = now.get(part_of(thing, command))
    if read is None:
        return ""
    if command in _DONE:
        return "" if read.value in _DONE[command] else command
    return "" if not tried or _is_same(tried, read.value) or _is_same(tried, read.word) else tried


def _is_same(tried: str, value: Any) -> bool:
    try:
        return math.isclose(float(tried), float(value), abs_tol=1e-6)
    except TypeError, ValueError:
        return str(value).strip().casefold() == tried.casefold()
