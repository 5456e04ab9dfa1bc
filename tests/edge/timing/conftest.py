"""What the tests of our timing pieces share."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def timers(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[list[asyncio.TimerHandle]]:
    loop = asyncio.get_running_loop()
    made: list[asyncio.TimerHandle] = []
    call_at = loop.call_at

    def noted(*arguments: object, **more: object) -> asyncio.TimerHandle:
        made.append(call_at(*arguments, **more))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(loop, "call_at", noted)
    yield made
