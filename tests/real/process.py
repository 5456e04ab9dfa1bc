"""A program we start: its output in a file, ended with us whatever happens."""

import asyncio
from collections.abc import Mapping
import contextlib
import os
from pathlib import Path
import shutil
import signal
import subprocess

from tests.clock import require_real_time

REPOSITORY = Path(__file__).parents[2]


class Process:
    """A running program and all it started."""

    def __init__(
        self, *command: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        require_real_time()
        self.name = Path(command[0]).name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                [*_with_us(), *command],
                cwd=REPOSITORY,
                env={
                    **os.environ,
                    "PYTHONWARNINGS": "default::ResourceWarning",
                    **(environment or {}),
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id, also its group's."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen.poll() is None

    async def printed(self, text: str, patience: float = 60.0) -> None:
        """Wait until it has printed a text; end it if it does not."""
        try:
            async with asyncio.timeout(patience):
                while text not in self.log.read_text(errors="replace"):
                    self.check()
                    await asyncio.sleep(0.05)
        except BaseException:
            self.kill()
            raise

    def check(self) -> None:
        """Raise, with its last words, if it has ended."""
        if not self.running:
            raise RuntimeError(f"{self.name} ended by itself:\n{self.tail()}")

    async def stop(self, patience: float = 60.0) -> None:
        """Ask it to end, insist when it does not, leave none of its children."""
        if self.running:
            self._popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._popen.wait, patience)
        self.kill()

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone, not to its children."""
        self._popen.send_signal(number)

    def wait(self, patience: float) -> int:
        """Wait for its end; return its exit code."""
        return self._popen.wait(patience)

    def kill(self) -> None:
        """End it and its children at once, with no chance to say goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def tail(self, lines: int = 30) -> str:
        """Return the end of its output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _with_us() -> list[str]:
    """Where the system can, have the kernel end a child whose parent was killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []
