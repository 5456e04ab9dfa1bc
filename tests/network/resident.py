"""A device of this process that lives on a host of the LAN: in a thread of its own there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from threading import Thread
from typing import Any, Self

from .lab import Host


class Resident[T]:
    """A device with an event loop of its own; an async context manager."""

    device: T

    def __init__(self, host: Host, make: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self.host = host
        self._make = make
        self._thread = Thread(target=self._live, daemon=True)
        self._mistakes: list[Exception] = []

    async def __aenter__(self) -> Self:
        self._ready = asyncio.get_running_loop().create_future()
        self._home = asyncio.get_running_loop()
        self._thread.start()
        await self._ready
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        await asyncio.to_thread(self._thread.join, 10)
        if self._mistakes and kind is None:
            raise ExceptionGroup("a device of the test failed", self._mistakes)

    async def do[R](self, work: Callable[[T], Awaitable[R]]) -> R:
        """Have something done where the device is; return its result."""

        async def done() -> R:
            return await work(self.device)

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(done(), self._loop))

    def _live(self) -> None:
        try:
            self.host.enter()
            asyncio.run(self._serve())
        except Exception as err:
            self._home.call_soon_threadsafe(self._tell, err)
            raise

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._note)
        async with self._make() as self.device:
            self._home.call_soon_threadsafe(self._tell, None)
            await self._end.wait()

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note what nobody waited for, to fail the test by it."""
        loop.default_exception_handler(context)
        self._mistakes.append(context.get("exception") or RuntimeError(context["message"]))

    def _tell(self, error: Exception | None) -> None:
        if self._ready.done():
            return
        if error:
            self._ready.set_exception(error)
        else:
            self._ready.set_result(None)
