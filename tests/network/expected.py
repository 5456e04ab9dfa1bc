"""What is expected of families, whatever has happened to them."""

import asyncio
from functools import partial
import time

import pytest

from tests.real.client import RefusedError, until

from .family import Families, Family
from .home import figures

PATIENCE = 30.0
"""Seconds until what happens at a device is shown: some are polled."""
BACK = 180.0
"""Seconds until a device is there again: one that could be robbed of its key is tried elsewhere
only after a minute."""


async def works(families: Families, *several: Family) -> None:
    """See that devices do as they are told, and are followed; those that are polled, at once."""

    async def one(family: Family) -> None:
        await families.obeys(family, on=True)
        await family.turned(on=False)
        if not family.pushes:
            await families.home.client.call("homeassistant.update_entity", family.entity_id)
        await families.home.client.wait_for_state(family.entity_id, "off", PATIENCE)

    await asyncio.gather(*(one(family) for family in several))


async def are_available(families: Families, *several: Family) -> None:
    """Wait until devices are there."""

    async def is_there(family: Family) -> bool:
        try:
            state = await families.home.client.state(family.entity_id)
        except RefusedError:  # Home Assistant has only just started
            return False
        return state["state"] in {"on", "off"}

    for family in several:

        async def there(family: Family = family) -> bool:
            return await is_there(family)

        await until(there, f"{family.title} is available", BACK)


async def obey_again(families: Families, *several: Family) -> None:
    """Wait until devices do as they are told: one may be found to be away only after it is back.

    What Home Assistant tells an entity that is unavailable is passed over in silence, so that only
    the device shows whether it was told.
    """

    async def obeys(family: Family) -> bool:
        for on in (True, False):
            try:
                await families.turn(family, on=on)
            except RefusedError:
                return False
            if await family.is_on() is not on:
                return False
        return True

    for family in several:
        await until(partial(obeys, family), f"{family.title} obeys", BACK, pause=1)


async def fails(families: Families, family: Family) -> float:
    """See that a command fails; return the seconds until it does."""
    at = time.monotonic()
    with pytest.raises(RefusedError) as failed:
        await families.turn(family, on=True)
    assert family.title.split()[0] in str(failed.value)
    return time.monotonic() - at


async def gone(families: Families, family: Family, since: float) -> float:
    """Return the seconds until a device was unavailable."""
    seen = await families.home.seen_of(
        family.entity_id, lambda change: change.state == "unavailable", since, 60
    )
    return seen - since


async def moved(families: Families, family: Family) -> None:
    """Have a device be at another address; see that it is found there."""
    home, at = families.home, time.monotonic()
    family.host.move(address := home.free_address())
    family.host.heal()
    await family.resident.do(lambda device: family.move(device, address))

    async def stored() -> bool:
        return bool(home.stored_entries()[family.entry_id]["data"]["host"] == address)

    await until(stored, f"{family.title} is stored at {address}", BACK)
    figures(f"{family.title}: moved and stored after", [time.monotonic() - at], "s")
