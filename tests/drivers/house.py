"""A device as the library drives it, for one test."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from lan_edge import MAIN, Address, Attribute, Device, Driver, Identity, Record, Runtime
from tests.clock import is_virtual

PATIENCE = 8.0
"""Seconds of the tests' own clock."""
REAL_PATIENCE = 60.0
"""Seconds of a clock that passes while the machine is busy."""


@asynccontextmanager
async def driven(
    driver: type[Driver[Any]],
    address: Address,
    unique_id: str = "",
    *,
    runtime: Runtime | None = None,
    settings: Mapping[str, Any] | None = None,
    record: Record | None = None,
) -> AsyncGenerator[Device]:
    """Drive the device at an address for the length of a block, connected at its start."""
    known = record or Record(Identity(unique_id=unique_id))
    record = replace(known, addresses=(address,))
    device = Device(driver, record, runtime=runtime, settings=settings or {})
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


async def shows[T](
    device: Device, attribute: Attribute[T], value: T | None, component: str = MAIN
) -> None:
    """Wait until the device's state is a value, or unknown."""
    state = device.state
    await until(
        lambda: state.get(attribute, component) == value, lambda: f"not {attribute} {value}"
    )


async def until(
    condition: Callable[[], object], why: Callable[[], object] = lambda: "too late"
) -> None:
    """Wait until a condition holds."""
    patience = PATIENCE if is_virtual() else REAL_PATIENCE
    try:
        async with asyncio.timeout(patience):
            while not condition():  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(why()) from None
