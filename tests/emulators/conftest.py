"""Tests of the emulators use real sockets on loopback, in their fixtures already."""

import pytest
import pytest_socket

from tests.clock import LoopFactories, loop_factories


@pytest.fixture(autouse=True)
def real_sockets() -> None:
    """Take back what the Home Assistant plugin forbids, before other fixtures run."""
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


def pytest_asyncio_loop_factories(item: pytest.Item) -> LoopFactories:
    """Give each test a clock of its own."""
    return loop_factories(item)
