"""Tests here run in a network of their own, where scripts/test puts them."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
import warnings

import pytest
import pytest_asyncio
from pytest_asyncio import is_async_test

from tests.real.isolated import enter, reason_not_isolated

from .home import Home, Thing
from .household import furnish, thing
from .lab import Lan, lan as make_lan


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say how long the chaos takes, and of what seed it is; by default, as in CI."""
    chaos = parser.getgroup("chaos")
    chaos.addoption("--minutes", type=float, help="of faults")
    chaos.addoption("--devices", type=int, help="at most 200")
    chaos.addoption("--seed", type=int, help="the plan's: another one is another plan")


def pytest_configure(config: pytest.Config) -> None:
    """Give each of several workers, which share a network of their own, one for itself."""
    if hasattr(config, "workerinput") and not reason_not_isolated():
        enter()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all on one event loop: programs outlive a test."""
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in filter(is_async_test, here):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(autouse=True, scope="session")
def own_network() -> None:
    """Skip, loudly, where a network of one's own is not to be had."""
    if reason := reason_not_isolated():
        warnings.warn(f"network tests skipped: {reason}", stacklevel=1)
        pytest.skip(reason)


@pytest.fixture
def lan(own_network: None) -> Iterator[Lan]:
    """Return a LAN of namespaces; this process is its first host."""
    with make_lan() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(own_network: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Home]:
    """Return a home with a few devices, the same one for all of a file."""
    with make_lan() as lan:
        async with Home(lan, tmp_path_factory.mktemp("home")) as home:
            await furnish(home)
            yield home


@pytest_asyncio.fixture(loop_scope="session")
async def calm(home: Home) -> AsyncGenerator[None]:
    """Begin with every device available; end without a complaint of Home Assistant."""
    for each in home.things:
        if not each.running:  # a test failed
            await each.start()
    await home.wait_available(*home.things)
    yield
    assert not home.complaints()


@pytest.fixture
def relay(home: Home) -> Thing:
    """Return one that is polled."""
    return thing(home, "Relay 1")


@pytest.fixture
def bulb(home: Home) -> Thing:
    """Return one that pushes."""
    return thing(home, "Bulb 1")


@pytest.fixture
def plug(home: Home) -> Thing:
    """Return one that announces nothing."""
    return thing(home, "Plug")


@pytest.fixture
def three(relay: Thing, bulb: Thing, plug: Thing) -> list[Thing]:
    """Return one of each."""
    return [relay, bulb, plug]
