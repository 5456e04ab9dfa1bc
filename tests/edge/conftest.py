"""What the library's tests share: assertions explained in helpers too, and nothing left behind."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest

from tests.clock import LoopFactories, VirtualTimeLoop, loop_factories

from .peers import loop_timers, sockets, until


@pytest.fixture(autouse=True)
async def no_socket_or_timer_left() -> AsyncGenerator[None]:
    """Fail a test that leaves a socket or a timer of ours behind."""
    before = sockets()
    yield
    for _ in range(20):  # a closed socket is gone a few steps later
        await asyncio.sleep(0)
    assert not loop_timers(), "timers left running"
    if not isinstance(asyncio.get_running_loop(), VirtualTimeLoop):
        with suppress(TimeoutError):  # what the other end still has to close takes real time
            await until(lambda: not sockets() - before)
    assert not sockets() - before, "sockets left open"


def pytest_asyncio_loop_factories(item: pytest.Item) -> LoopFactories:
    """Give each test a clock of its own."""
    return loop_factories(item)
