"""Waiting for a condition."""

import asyncio
from collections.abc import Callable
from typing import Any


async def eventually(true: Callable[[], Any], patience: float = 60.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.005)
