"""A home in which only LAN Edge itself was added: within a minute, every device has its card."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
import time

import pytest

from tests.bundled import registered
from tests.emulators.snapcast import SnapcastEmulator
from tests.real.client import until

from .family import Family, all_families, further
from .home import Home, figures
from .lab import lan as make_lan

MINUTE = 60.0
"""Seconds from the start of Home Assistant's program to the last card."""


def music(host: str) -> SnapcastEmulator:
    return SnapcastEmulator(host, 1705, announce=True)


async def test_every_family_has_its_card(
    own_network: None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    families = [*all_families(request.config), *further(), Family("Snapcast", set(), music)]
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            home = await stack.enter_async_context(Home(lan, tmp_path))
            await home.client.wait_until_running()
            await home.stop()
            for family in families:
                await family.join(lan, stack)
            started = time.monotonic()
            await home.start()
            await asyncio.gather(*(has_card(home, family, started) for family in families))
            figures("Home Assistant started, all cards after", [time.monotonic() - started], "s")
            assert {family.card["context"]["source"] for family in families} >= {"zeroconf", "ssdp"}
            assert [entry["title"] for entry in await home.client.entries()] == ["LAN Edge"]
            assert not home.complaints()
            await all_can_be_added(home, families)


async def has_card(home: Home, family: Family, started: float) -> None:
    """See that a family's card is there before the minute is over."""
    family.card = await home.card(family.title, started + MINUTE - time.monotonic())


async def all_can_be_added(home: Home, families: list[Family]) -> None:
    """See that these are all drivers that there are, by adding what has a card."""
    for family in families:
        await home.confirm(family.card, *family.keys)
    lacks = set[str]() if any(family.title == "Demo" for family in families) else {"kasa"}

    async def stored() -> bool:
        drivers = {entry["data"]["driver"] for entry in home.stored_entries().values()}
        return drivers == set(registered()) - lacks

    await until(stored, "there is one of each driver")
