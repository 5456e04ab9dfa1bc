"""Threads for what may take as long as it likes: reading a folder, and running a driver file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
import threading
from typing import override


class _ThreadForEach(Executor):
    """Runs each call in a thread that nobody waits for at the end: it may hang."""

    @override
    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future = Future[T]()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as err:  # noqa: BLE001  # whoever waits gets it
                future.set_exception(err)

        threading.Thread(target=run, name="lan_edge driver files", daemon=True).start()
        return future


_THREADS = _ThreadForEach()


def in_thread[T](call: Callable[[], T]) -> asyncio.Future[T]:
    """Call a function in a thread of its own; nothing else has to wait if it hangs."""
    return asyncio.get_running_loop().run_in_executor(_THREADS, call)
