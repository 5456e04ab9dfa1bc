"""A thread for what may take as long as it likes: importing a driver file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
import threading
from typing import override

END = 0.1
"""Seconds in which a thread ends whose call has returned: it has nothing left to do."""


async def in_own_thread[T](call: Callable[[], T]) -> T:
    """Call a function in a thread of its own; if it hangs, nobody waits for it in the end."""
    thread = _OwnThread()
    result = await asyncio.get_running_loop().run_in_executor(thread, call)
    thread.join()
    return result


class _OwnThread(Executor):
    """Runs one call in a daemon thread."""

    @override
    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future = Future[T]()
        future.set_running_or_notify_cancel()  # it cannot be cancelled: the thread goes on

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as err:  # noqa: BLE001  # whoever waits gets it
                future.set_exception(err)

        self._thread = threading.Thread(target=run, name="lan_edge driver file", daemon=True)
        self._thread.start()
        return future

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join(END)
