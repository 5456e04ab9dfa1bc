"""What a thread has waited for a processor is told apart from its work, and from its sleep."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
import os
import subprocess
import sys
from time import perf_counter, sleep, thread_time

import pytest

from lan_edge.timing import processor
from lan_edge.timing.processor import ProcessorWait

BUSY = (sys.executable, "-c", "print(flush=True)\nwhile True: pass")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that work took, and of these those without a processor."""
    wait, began = ProcessorWait(), perf_counter()
    wait.mark(began)
    work()
    waited = wait.since_mark()  # first: it may wait between the two
    return perf_counter() - began, waited


def work_for(seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        pass


def share_a_processor() -> tuple[float, float, float]:
    """Work in a thread while two programs use its processor; return also its own time there."""
    one = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {one})  # of this thread, and of what it starts
    others = [subprocess.Popen(BUSY, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for each in others:
            assert each.stdout is not None
            each.stdout.readline()
        own = thread_time()
        took, waited = measured(lambda: work_for(0.5))
        return took, waited, thread_time() - own
    finally:
        for each in others:
            each.kill()
            each.communicate()


def test_a_busy_machine_is_no_work_of_its_own() -> None:
    with ThreadPoolExecutor(1) as thread:  # which has an affinity of its own
        took, waited, own = thread.submit(share_a_processor).result()
    assert waited > 0.1
    assert took - waited == pytest.approx(own, abs=waited / 2)


def test_sleep_is_no_waiting_for_a_processor() -> None:
    took, waited = measured(lambda: sleep(0.3))
    assert took - waited > 0.3 - processor.FRESH


def test_it_may_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "COUNTED_IN", "/nowhere")
    assert measured(lambda: work_for(0.05))[1] == 0


def test_a_mark_of_a_moment_ago_is_good_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    wait = ProcessorWait()
    wait.mark(1.0)
    monkeypatch.setattr(processor, "_waited", lambda: 1e6)
    wait.mark(1.0 + processor.FRESH / 2)
    assert wait.since_mark() > 1
    wait.mark(1.0 + processor.FRESH * 2)
    assert wait.since_mark() == 0
