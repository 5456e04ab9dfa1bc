"""Tasks outside the context of whoever starts them."""

import asyncio
from contextvars import ContextVar
from types import SimpleNamespace

import pytest

from lan_edge import Profile, SwitchLevel
from lan_edge.device.state import State
from lan_edge.diagnostics.trace import Trace
from lan_edge.timing.detached import run_detached

MARK: ContextVar[str] = ContextVar("mark", default="none")


async def mark() -> str:
    """Return the mark of the context, and leave another one."""
    value = MARK.get()
    MARK.set("of the task")
    return value


async def test_it_does_not_share_its_starters_context() -> None:
    MARK.set("of the starter")
    assert await asyncio.create_task(mark()) == "of the starter"
    assert await run_detached(mark()) == "none"
    assert await run_detached(mark()) == "none"
    assert MARK.get() == "of the starter"


async def test_it_is_a_task_like_any_other() -> None:
    async def fail() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await run_detached(fail())
    task = run_detached(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_it_emits_is_not_an_answer_to_a_read() -> None:
    """A subscription that begins during a read goes on: what it tells is not a late answer."""
    state = State(SimpleNamespace(label="lamp"), Profile(SwitchLevel), Trace())
    state.is_proven = True
    asked = asyncio.Event()

    async def report(level: int) -> None:
        await asked.wait()
        state.emit(SwitchLevel.level, level)

    with state.reading():
        inherited, detached = asyncio.create_task(report(1)), run_detached(report(2))
    with state.reading():
        state.emit(SwitchLevel.level, 3)
    seen: list[int | None] = []
    state.subscribe(SwitchLevel.level, "main", lambda: seen.append(state.get(SwitchLevel.level)))
    asked.set()
    await asyncio.gather(inherited, detached)
    assert seen == [2]
