"""A flag that can be waited for, and weighs nothing while nobody waits: devices have many."""

import asyncio


class Flag:
    """As asyncio.Event, which takes 800 bytes at once; this one has its queue for who waits."""

    __slots__ = ("_event", "_is_set")

    def __init__(self, *, is_set: bool = False) -> None:
        """Start down, or up."""
        self._is_set = is_set
        self._event: asyncio.Event | None = None

    def is_set(self) -> bool:
        """Whether it is up."""
        return self._is_set

    def set(self) -> None:
        """Put it up, and let all go who wait."""
        self._is_set = True
        if self._event is not None:
            self._event.set()
            self._event = None

    def clear(self) -> None:
        """Put it down."""
        self._is_set = False

    async def wait(self) -> None:
        """Wait until it is up."""
        if not self._is_set:
            self._event = self._event or asyncio.Event()
            await self._event.wait()
