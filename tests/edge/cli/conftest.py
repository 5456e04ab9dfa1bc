"""A driver as `lan-edge new` writes it, and its device."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from .console import emulated, write_driver


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    return write_driver(tmp_path)


@pytest.fixture
async def device(driver: Path) -> AsyncGenerator[Any]:
    async with emulated(driver) as made:
        yield made


@pytest.fixture
def host(device: Any) -> str:
    return f"127.0.0.1:{device.port}"
