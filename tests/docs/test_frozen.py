"""A device whose program is stopped, by each transport: its system answers, nothing else does."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import signal
import sys
import time

import pytest

from lan_edge import Address, Device, EdgeError, Identity, OfflineError, Record
from tests.drivers.house import until

from . import pages
from .test_examples import CASES, Case

HOST = "127.0.0.77"
"""Theirs alone: other tests have a UPnP device too, and those fix a port."""
WITHIN = 3.5
SPARE = 6.0
"""Seconds more on a machine that is busy."""
AT_ONCE = 2.5
"""Seconds that nothing takes which waits for the device."""


@asynccontextmanager
async def program(case: Case) -> AsyncGenerator[tuple[asyncio.subprocess.Process, Address]]:
    """Have a device run, and end it."""
    words = ("-m", "tests.docs.one_device", case.device.__name__, HOST)
    made = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    try:
        assert made.stdout
        yield made, Address(HOST, int(await made.stdout.readline()))
    finally:
        made.kill()
        await made.wait()


async def fails_after(page: str, all_there: asyncio.Barrier) -> tuple[float, float]:
    """Stop a device and command it, twice; return what each of them took.

    It begins once all devices are there: the programs of the others take long to start.
    """
    case = CASES[page]
    async with program(case) as (there, address):
        driver = pages.loaded(page)
        device = Device(driver, Record(Identity(case.device.id), (address,)))
        device.start()
        try:
            await until(lambda: device.available, lambda: device.connection.reason)
            await device.commands.execute(case.command, case.arguments)
            await all_there.wait()
            there.send_signal(signal.SIGSTOP)
            first = await failed(device, case, EdgeError)
            await until(lambda: not device.available)
            return first, await failed(device, case, OfflineError)
        finally:
            await device.stop()


async def failed(device: Device, case: Case, how: type[EdgeError]) -> float:
    """Command it in vain; return what that took."""
    began = time.monotonic()
    with pytest.raises(how):
        await device.commands.execute(case.command, case.arguments)
    return time.monotonic() - began


async def test_it_fails_a_command_in_time_and_the_next_at_once() -> None:
    all_there = asyncio.Barrier(len(CASES))
    took = await asyncio.gather(*(fails_after(page, all_there) for page in CASES))
    times = dict(zip(CASES, took, strict=True))
    print(times)  # noqa: T201
    assert {p: first for p, (first, _) in times.items() if first > WITHIN + SPARE} == {}
    assert {p: again for p, (_, again) in times.items() if again > AT_ONCE} == {}
