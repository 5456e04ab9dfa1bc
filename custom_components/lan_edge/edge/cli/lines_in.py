"""Lines from the user or a pipe, read in a thread, so that devices go on meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from getpass import getpass
import os
import sys
import threading
from typing import Any

try:
    import readline
except ImportError:  # not on every system; lines can be typed without it
    readline = None  # type: ignore[assignment]

STDIN = 0
"""The file descriptor of standard input."""


class LineReader:
    """Reads lines from standard input, with editing and completion on a terminal."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self.is_terminal = os.isatty(STDIN) and sys.stdout.isatty()
        self.is_asking = False
        """Whether a prompt is shown at the moment."""
        self._prompt = ""
        self._settings = _terminal_settings() if self.is_terminal else None

    def complete_with(self, words: Callable[[], Sequence[str]]) -> None:
        """Complete the first word of a line with what `words` returns when it is needed."""
        if readline is None or not self.is_terminal:
            return

        def complete(text: str, state: int) -> str | None:
            fitting = [f"{word} " for word in words() if word.lower().startswith(text.lower())]
            return fitting[state] if state < len(fitting) else None

        readline.set_completer_delims(" ")
        readline.set_completer(complete)
        readline.parse_and_bind("tab: complete")

    async def line(self, prompt: str = "", *, secret: bool = False) -> str | None:
        """Return the next line without its end; None if there is none. A secret is not shown."""
        self._prompt, self.is_asking = prompt, self.is_terminal and not secret
        try:
            return await _in_daemon(self._read, prompt, secret)
        finally:
            self.is_asking = False

    def _read(self, prompt: str, secret: bool) -> str | None:
        try:
            if self.is_terminal:
                return getpass(prompt) if secret else input(prompt)
            with open(STDIN, "rb", buffering=0, closefd=False) as raw:
                line = raw.readline()  # unbuffered: the next call goes on where this one ends
            return line.decode(errors="replace").rstrip("\r\n") if line else None
        except EOFError:
            return None

    async def lines(self, prompt: str = "") -> AsyncGenerator[str]:
        """Yield lines until there are none."""
        while (line := await self.line(prompt)) is not None:
            yield line

    def redraw(self) -> str:
        """Return what shows the prompt again with what has been typed, after other output."""
        typed = readline.get_line_buffer() if readline is not None else ""
        return f"{self._prompt}{typed}" if self.is_asking else ""

    def restore(self) -> None:
        """Leave the terminal as it was: a line may be half typed."""
        if self._settings is not None:
            import termios  # noqa: PLC0415  # not on every system

            termios.tcsetattr(STDIN, termios.TCSADRAIN, self._settings)


def _terminal_settings() -> list[Any] | None:
    try:
        import termios  # noqa: PLC0415  # not on every system
    except ImportError:
        return None
    return termios.tcgetattr(STDIN)


async def _in_daemon[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a thread that need not end before the program does."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def work() -> None:
        try:
            value = function(*args, **kwargs)
        except BaseException as err:  # noqa: BLE001  # whatever it is, the caller gets it
            _set(result.set_exception, err)
        else:
            _set(result.set_result, value)

    def _set[V](setter: Callable[[V], None], value: V) -> None:
        def set_if_wanted() -> None:
            if not result.done():
                setter(value)

        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(set_if_wanted)

    threading.Thread(target=work, daemon=True).start()
    return await result
