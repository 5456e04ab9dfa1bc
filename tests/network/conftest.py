"""Tests here run in a network of their own, where scripts/test puts them."""

from collections.abc import Iterator
from pathlib import Path
import warnings

import pytest
from pytest_asyncio import is_async_test

from tests.real.isolated import reason_not_isolated

from .lab import Lan, lan as make_lan


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
