"""Home Assistant killed in the midst of things, again and again: nothing is half done after it."""

from collections.abc import AsyncGenerator
from pathlib import Path
import random

import pytest
import pytest_asyncio

from tests.real.client import until
from tests.real.own_driver import install

from .estate import Estate
from .home import Home, figures
from .lab import lan as make_lan

TIDY = 25.0
"""Seconds that Home Assistant takes to clear its registries after a start."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def estate(
    own_network: None, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncGenerator[Estate]:
    seed = request.config.getoption("--kill-seed") or random.randrange(1 << 32)
    print(f"\n--kill-seed {seed}")  # noqa: T201
    folder = tmp_path_factory.mktemp("home")
    install(folder / "config", Path(__file__).with_name("vault_driver.py"))
    with make_lan() as lan:
        async with Home(lan, folder) as home, Estate(home, seed) as estate:
            yield estate


async def test_a_login_is_kept_that_was_told(estate: Estate) -> None:
    one = estate.kept[0]
    await estate.log_in_again(one)
    await estate.home.kill()
    estate.read()
    await estate.home.start()
    await estate.works(one)


@pytest.mark.timeout(3600)  # every wait in it ends by itself
async def test_killed_again_and_again(estate: Estate, request: pytest.FixtureRequest) -> None:
    kills = request.config.getoption("--kills")
    for number in range(1, kills + 1):
        await estate.storm()
        estate.read()
        if number % 2 == 0:
            await estate.start_killed()
            estate.read()
        await estate.home.start()
        await estate.check()
        assert not estate.home.complaints()
    await estate.home.wait_stored(estate.bulb, estate.bulb.host.address)
    await until(estate.tidy, "the registries are tidy", TIDY, pause=0.5)
    told, lost = estate.told, len(estate.lost)
    print(f"killed {kills} times: of {told} changes told as done Home Assistant lost {lost}")  # noqa: T201
    if lost:
        figures("those were told before the kill", estate.lost, "s")
