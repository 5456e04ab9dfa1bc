"""The clock of its own that the library's tests have."""

import asyncio
import os
import socket
import sys
import threading
import time

import pytest

from .clock import VirtualTimeLoop, advance, now, require_real_time


@pytest.fixture
def runner() -> asyncio.Runner:
    return asyncio.Runner(loop_factory=VirtualTimeLoop)


def test_a_day_takes_no_time(runner: asyncio.Runner) -> None:
    async def test() -> None:
        before = now()
        await asyncio.sleep(86400)
        assert now() - before == pytest.approx(86400, abs=1e-3)

    began = time.monotonic()
    with runner:
        runner.run(test())
    assert time.monotonic() - began < 60


def test_work_takes_no_time(runner: asyncio.Runner) -> None:
    async def test() -> None:
        async with asyncio.timeout(0.001):
            time.sleep(0.05)  # noqa: ASYNC251  # as on a busy machine
            await asyncio.sleep(0)

    with runner:
        runner.run(test())


def test_what_is_on_its_way_comes_before_a_timer(runner: asyncio.Runner) -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            async with asyncio.timeout(0.001):
                theirs.send(b"here")
                assert await loop.sock_recv(ours, 10) == b"here"

    with runner:
        runner.run(test())


def test_a_job_of_the_executor_takes_real_time(runner: asyncio.Runner) -> None:
    async def test() -> None:
        async with asyncio.timeout(60):
            await asyncio.to_thread(time.sleep, 0.05)
        is_over = threading.Event()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.to_thread(is_over.wait)
        is_over.set()

    with runner:
        runner.run(test())


def test_a_timer_that_is_due_at_once_makes_time_pass(runner: asyncio.Runner) -> None:
    """Rounding leaves a timer due a little earlier than it was meant to be; it is set again."""

    async def test() -> None:
        due = now() + 1e-5
        while now() < due:  # noqa: ASYNC110  # the time itself is waited for
            await asyncio.sleep(1e-12)

    with runner:
        runner.run(test())


def test_time_can_be_let_pass(runner: asyncio.Runner) -> None:
    async def test() -> None:
        before = now()
        advance(2)
        assert now() - before == 2

    with runner:
        runner.run(test())


def test_a_process_is_refused(runner: asyncio.Runner) -> None:
    async def test() -> None:
        require_real_time()

    require_real_time()
    with runner, pytest.raises(AssertionError, match="real_time"):
        runner.run(test())


@pytest.mark.skipif(sys.platform != "linux", reason="processors are chosen on Linux only")
def test_what_is_sent_is_sent_by_one_processor(runner: asyncio.Runner) -> None:
    """The kernel keeps the order of what one sends, not that of what two send."""

    async def test() -> set[int]:
        assert await asyncio.to_thread(os.sched_getaffinity, 0) == os.sched_getaffinity(0)
        return os.sched_getaffinity(0)

    had = os.sched_getaffinity(0)
    with runner:
        assert len(runner.run(test())) == 1
    assert os.sched_getaffinity(0) == had
