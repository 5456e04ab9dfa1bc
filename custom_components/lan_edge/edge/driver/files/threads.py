"""A thread for what may take as long as it likes: importing a driver file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
import ctypes
from functools import partial
import sys
import threading
from traceback import walk_stack
from typing import Any, override

END = 0.1
"""Seconds in which a thread ends whose call has returned: it has nothing left to do."""


class Stopped(BaseException):  # as KeyboardInterrupt, it is no error of the code
    """Raised in a thread that is to end: what it does is no longer wanted."""


class OwnThread[T](Executor):
    """Runs one call in a daemon thread; if it hangs, nobody waits for it in the end."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._future = Future[Any]()
        self._has_returned = False

    async def run(self, call: Callable[[], T]) -> T:
        """Call a function in the thread, and return what it returns."""
        result = await asyncio.get_running_loop().run_in_executor(self, call)
        if self._thread is not None:
            self._thread.join(END)
        return result

    @override
    def submit[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        self._future.set_running_or_notify_cancel()  # whoever cancels only stops waiting
        run = partial(self._run, partial(fn, *args, **kwargs))
        self._thread = threading.Thread(target=run, name="lan_edge driver file", daemon=True)
        self._thread.start()
        return self._future

    def _run(self, call: Callable[[], Any]) -> None:
        try:
            end = partial(self._future.set_result, call())
        except BaseException as err:  # noqa: BLE001  # whoever waits gets it
            end = partial(self._future.set_exception, err)
        with self._lock:
            self._has_returned = True
        end()

    @property
    def is_alive(self) -> bool:
        """Whether the call still runs."""
        return self._thread is not None and self._thread.is_alive()

    def line_in(self, path: str) -> tuple[str, int]:
        """Return which line of a file, or of which file of a package, it runs; 0: none."""
        ident = self._thread.ident if self._thread is not None else None
        frame = sys._current_frames().get(ident or 0)  # noqa: SLF001  # documented
        lines = [(f.f_code.co_filename, line) for f, line in walk_stack(frame)] if frame else []
        own = ((file, line) for file, line in lines if f"{file}/".startswith(f"{path}/"))
        return next(own, (path, 0))

    def abandon(self, on_result: Callable[[T], None]) -> None:
        """Stop the call if that is possible; what it still returns goes to `on_result`.

        Python code is stopped by an exception, as by Ctrl-C. Nothing can stop a call into C, such
        as one that waits for a lock: the exception is raised once that returns.
        """
        if self._thread is None:
            return
        self._future.add_done_callback(partial(_pass_on, on_result))
        with self._lock:
            if not self._has_returned and self._thread.ident is not None:
                ident = ctypes.c_ulong(self._thread.ident)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Stopped))


def _pass_on[T](on_result: Callable[[T], None], future: Future[T]) -> None:
    if future.exception() is None:
        on_result(future.result())
