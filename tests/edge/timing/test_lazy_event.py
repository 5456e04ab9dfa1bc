"""An event: waited for by several, set and cleared, and light while nobody waits."""

import asyncio
import tracemalloc

import pytest

from lan_edge.timing.lazy_event import LazyEvent

from ..peers import until


async def test_it_wakes_all_waiters() -> None:
    event, gone = LazyEvent(), list[int]()

    async def wait(number: int) -> None:
        await event.wait()
        gone.append(number)

    async with asyncio.TaskGroup() as tasks:
        for number in range(3):
            tasks.create_task(wait(number))
        await asyncio.sleep(0.01)
        assert not gone
        event.set()
    assert gone == [0, 1, 2]
    await event.wait()


async def test_cleared_it_holds_waiters_again() -> None:
    event = LazyEvent(is_set=True)
    assert event.is_set()
    event.clear()
    assert not event.is_set()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await event.wait()


async def test_a_cancelled_waiter_does_not_affect_others() -> None:
    event = LazyEvent()
    first, second = asyncio.create_task(event.wait()), asyncio.create_task(event.wait())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    event.set()
    await until(second.done)
    assert not second.cancelled()


def test_it_is_light() -> None:
    def weight(kind: type[LazyEvent | asyncio.Event]) -> int:
        tracemalloc.start()
        kept = [kind() for _ in range(100)]
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return held // len(kept)

    assert weight(LazyEvent) * 5 < weight(asyncio.Event)
