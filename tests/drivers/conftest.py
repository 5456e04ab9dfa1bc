"""Devices that are found out in tenths of a second."""

import pytest

from lan_edge import Http
from lan_edge.connection import availability, connection
from tests.clock import LoopFactories, loop_factories

pytest.register_assert_rewrite("tests.drivers.contract")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "DOUBT_TIMEOUT", 0.4)
    monkeypatch.setattr(availability, "GRACE", 0.1)
    monkeypatch.setattr(Http, "poll", 0.1)


def pytest_asyncio_loop_factories(item: pytest.Item) -> LoopFactories:
    """Give each test a clock of its own."""
    return loop_factories(item)
