"""What waits in a device's command queue, and for whom."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol


class QueuedRequest(Protocol):
    """Something to be run in a device's command queue."""

    @property
    def key(self) -> Hashable | None:
        """A newer request with the same key replaces this one while it waits; None: none does."""
        ...

    @property
    def only_if_last(self) -> bool:
        """Whether it replaces an older request only if that is the last one that waits."""
        ...

    async def run(self) -> Any:
        """Run the request; the result is returned to its callers."""


@dataclass(frozen=True, slots=True)
class FunctionRequest:
    """A request that calls a function and awaits it."""

    function: Callable[[], Awaitable[Any]]
    key: Hashable | None = None
    only_if_last: bool = False

    async def run(self) -> Any:
        """Call the function."""
        return await self.function()


@dataclass(slots=True, eq=False)
class WaitingRequest:
    """A request that waits, and the callers that wait for its result."""

    request: QueuedRequest
    seconds: float
    """Within which it must be done; a poll, once it runs."""
    came_at: float
    callers: list[asyncio.Future[Any]] = field(default_factory=list[asyncio.Future[Any]])

    @property
    def expires_at(self) -> float:
        """When its time is over, in loop time."""
        return self.came_at + self.seconds

    @property
    def open_callers(self) -> list[asyncio.Future[Any]]:
        """Those who still wait."""
        return [caller for caller in self.callers if not caller.done()]

    def fail(self, error: Exception) -> None:
        """Report an error to them."""
        for caller in self.open_callers:
            caller.set_exception(error)
