"""The local families at devices that other projects play, in a real Home Assistant.

Those of Tuya are tuyamock's, in each version of the protocol, with its faults; those of Sonoff are
of pysonofflanr3's mock, and those of Xiaomi are python-miio's simulators. What happens to the last
two without Home Assistant is done by the clients of those projects. For Govee and Meross, nobody
has a device that installs from a registry.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
import time
from typing import Any
import warnings

import pytest
import pytest_asyncio

from tests.drivers import miio_simulator
from tests.emulators.tuya import KEY
from tests.real.client import RefusedError, until

from . import programs
from .counterparties import Counterparty, TuyaMock, running
from .expected import BACK, PATIENCE, are_available, fails, gone, moved, works
from .family import WRONG, Families, Family
from .home import SEARCHED, Home, figures
from .lab import lan as make_lan

FAULTS: dict[str, dict[str, Any]] = {
    "3.1": {},
    "3.3": {"dev22": True},
    "3.4": {"seqno_mode": "zero"},
    "3.5": {"response_delay": 0.2, "seqno_mode": "global"},
}
"""What is odd about a device of each version."""
TELLS_WRONG_KEY = "3.5"
"""Up to 3.4, tuyamock does not answer what was encrypted with another key."""


def is_on(device: Counterparty) -> bool:
    return device.state["on"]


async def move(device: Counterparty, address: str) -> None:
    await device.move(address)


def tuya(version: str) -> Family:
    """Return a plug of a version."""
    title = f"Tuya {version.replace('.', ''):>06}"
    keys = (WRONG, KEY) if version == TELLS_WRONG_KEY else (KEY,)
    return Family(
        title,
        {SEARCHED},
        lambda host: running(TuyaMock(host, version, KEY, **FAULTS[version])),
        is_on,
        keys=keys,
        move=move,
    )


def sonoff(folder: Path, own_id: str, kind: str) -> Family:
    """Return a device of a kind; its mock takes any key for a request that changes nothing."""
    return Family(
        f"Sonoff {own_id}",
        {"zeroconf"},
        lambda host: running(programs.sonoff(host, own_id, kind, folder)),
        is_on,
        keys=(f"key of {own_id}",),
        move=move,
    )


def xiaomi(folder: Path, model: str, did: str) -> Family:
    """Return a plug of a model, whose id is from that."""
    return Family(
        f"Xiaomi {did}",
        {SEARCHED},
        lambda host: running(programs.xiaomi(host, model, folder)),
        is_on,
        keys=("ffeeddccbbaa99887766554433221100", miio_simulator.TOKEN),
        move=move,
        pushes=False,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Families]:
    if lacks := programs.missing():
        warnings.warn(f"skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed, which `scripts/test network` does: {lacks}")
    folder = tmp_path_factory.mktemp("counterparties")
    wanted = [
        *(tuya(version) for version in FAULTS),
        sonoff(folder, "1000aaaa01", "plug"),
        sonoff(folder, "1000aaaa02", "strip"),
        xiaomi(folder, miio_simulator.OLD, "3273176572"),
        xiaomi(folder, miio_simulator.NEW, "399606322"),
    ]
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            await asyncio.gather(*(family.join(lan, stack) for family in wanted))
            home = Home(lan, folder)
            made = Families(await stack.enter_async_context(home))
            await asyncio.gather(*(made.find(family) for family in wanted))
            await asyncio.gather(*(made.add(family) for family in wanted))
            yield made
            assert not home.complaints()


def every(families: Families) -> list[Family]:
    return list(families.all.values())


async def test_each_is_found_and_does_as_told_and_is_followed(families: Families) -> None:
    for family in every(families):
        assert family.card["context"]["source"] in family.sources

    async def one(family: Family) -> None:
        told = [await families.obeys(family, on=on) for on in (True, False)]
        seen = [await families.follows(family, on=True, patience=PATIENCE)]
        figures(f"{family.title}: told and done", told)
        figures(f"{family.title}: changed at the device, seen after", seen)

    await asyncio.gather(*(one(family) for family in every(families)))


async def test_one_that_answers_nothing_more_is_found_again(families: Families) -> None:
    """Only tuyamock does that: nothing is answered any more, until it is connected anew."""
    mocks = [f for f in every(families) if isinstance(f.device, TuyaMock)]
    await asyncio.gather(*(family.resident.do(TuyaMock.go_dark) for family in mocks))
    await asyncio.gather(*(fails(families, family) for family in mocks))
    await asyncio.gather(*(is_told_at_last(families, family) for family in mocks))
    await works(families, *mocks)


async def is_told_at_last(families: Families, family: Family) -> None:
    """Tell a device something until it is done: that it was gone may never be shown."""

    async def done() -> bool:
        try:
            await families.turn(family, on=True)
        except RefusedError:
            return False
        return True

    await until(done, f"{family.title} does as it is told", BACK)


async def test_a_silent_one_is_noticed_and_found_where_it_starts_again(families: Families) -> None:
    for family in every(families):
        family.host.silence()
    at = time.monotonic()
    took = await asyncio.gather(*(gone(families, family, at) for family in every(families)))
    figures("silent, unavailable after", took, "s")
    await asyncio.gather(*(moved(families, family) for family in every(families)))
    await are_available(families, *every(families))
    await works(families, *every(families))
