"""Lets the loop take in what has arrived, before something is sent that must not be sent twice.

A device that closes the connection after each answer, without saying so, has mostly done that by
the time of the next request; but the loop reads the end only after the task that sends it.
"""

import asyncio

_STEPS = 3
"""Steps of the loop: to find what has arrived, to read it, and to close what has ended."""


async def arrivals() -> None:
    """Return when what has arrived by now is taken in."""
    for _ in range(_STEPS):
        await asyncio.sleep(0)
