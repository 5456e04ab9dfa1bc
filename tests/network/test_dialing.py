"""A device that finds Home Assistant by mDNS and connects to it: on a real network.

The driver is the example of docs/transports/inbound.md, as a file of the user's.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
import shutil
import time

import pytest
import pytest_asyncio

from tests.emulators.dialing_relay import FindingRelay
from tests.real.process import REPOSITORY

from .family import Families, Family
from .home import SEARCHED, Home, figures
from .lab import lan as make_lan

TITLE = "Dialing relay relay1"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Families]:
    folder = tmp_path_factory.mktemp("dialing")
    drivers = folder / "config/lan_edge/drivers"
    drivers.mkdir(parents=True)
    shutil.copy(REPOSITORY / "docs/examples/dialing_relay.py", drivers)
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            made = Families(await stack.enter_async_context(Home(lan, folder)))
            relay = Family(TITLE, {SEARCHED}, FindingRelay)
            at = time.monotonic()
            await relay.join(lan, stack)
            await made.find(relay)
            figures("Relay: started, card by its call after", [time.monotonic() - at], "s")
            await made.add(relay)
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(families: Families) -> AsyncGenerator[None]:
    yield
    assert not families.home.complaints()


async def test_it_does_as_told(families: Families) -> None:
    times = [await families.obeys(families.all[TITLE], on=on) for on in (True, False) * 2]
    figures("Relay: told and done", times)


async def test_what_it_says_is_followed(families: Families) -> None:
    times = [await families.follows(families.all[TITLE], on=on) for on in (True, False) * 3]
    figures("Relay: changed at the device, seen after", times)


async def test_it_calls_again_after_a_restart(families: Families) -> None:
    relay = families.all[TITLE]
    kept = relay.device.kept
    assert kept.startswith("http://")
    await families.home.restart()
    await families.home.client.wait_for_state(relay.entity_id, "off", patience=60)
    await families.obeys(relay, on=True)
    assert relay.device.kept == kept
