"""The command line as a process: arguments, pipes, a terminal, Ctrl-C."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
import json
import os
from pathlib import Path
import pty
import re
import signal
import subprocess
import sys

import pytest

from .console import write_driver

pytestmark = pytest.mark.real_time
EDGE = (sys.executable, "-m", "lan_edge.cli")


def edge(*arguments: object, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [*EDGE, *map(str, arguments)]
    return subprocess.run(command, input=typed, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module", autouse=True)
def _interruptible() -> Generator[None]:
    """Let programs be interrupted even if the tests cannot be, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_driver(tmp_path_factory.mktemp("driver"))


@pytest.fixture(scope="module")
def host(driver: Path) -> Generator[str]:
    """Run the emulator as `lan-edge new` writes it, but at a free port."""
    emulator = driver.with_name(f"{driver.stem}_emulator.py")
    emulator.write_text(emulator.read_text().replace("PORT = 4999", "PORT = 0"))
    command = [sys.executable, str(emulator)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        yield re.findall(r"127\.0\.0\.1:\d+", said)[0]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


class Terminal:
    """A program on a terminal."""

    def __init__(self, *arguments: object) -> None:
        self.pid, self._fd = pty.fork()
        if not self.pid:  # the child
            os.execv(sys.executable, [*EDGE, *map(str, arguments)])  # noqa: S606
        self.seen = ""

    def until(self, text: str) -> None:
        """Wait until a text has been written since the last one."""
        while text not in self.seen:
            read = self._read()
            assert read, f"no {text!r} in {self.seen!r}"
            self.seen += read
        self.seen = self.seen.partition(text)[2]

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        while read := self._read():
            self.seen += read
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> str:
        with suppress(OSError):  # the other side is closed
            return os.read(self._fd, 4096).decode()
        return ""

    def close(self) -> None:
        with suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self._fd)


@contextmanager
def terminal(*arguments: object) -> Generator[Terminal]:
    made = Terminal(*arguments)
    try:
        yield made
    finally:
        made.close()


def test_help_and_version() -> None:
    assert edge("--version").stdout.startswith("lan-edge")
    said = edge("--help").stdout
    assert "exit codes:" in said
    for command in ("identify", "run", "send", "new"):
        assert f"    {command} " in said
        assert edge(command, "--help").returncode == 0


@pytest.mark.parametrize("arguments", [(), ("dance",), ("run",), ("new", "a", "--kind", "coap")])
def test_a_call_that_makes_no_sense(arguments: tuple[str, ...]) -> None:
    done = edge(*arguments)
    assert done.returncode == 2
    assert "usage: lan-edge" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_and_its_json(driver: Path, host: str) -> None:
    done = edge("send", host, "level.set", 30, "--driver", driver, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["value"] == 30


def test_identification(driver: Path, host: str) -> None:
    done = edge("identify", host, "--drivers", driver)
    assert done.returncode == 0
    assert "0001" in done.stdout
    assert "\033" not in done.stdout


def test_commands_from_a_pipe(driver: Path, host: str) -> None:
    done = edge("run", driver, host, typed="switch.on\nlevel.set 10\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "  switchLevel.level = 10 %"


def test_an_error_is_one_sentence(driver: Path, host: str) -> None:
    done = edge("run", driver, "127.0.0.1:1")
    assert done.returncode == 1
    assert (
        done.stderr
        == "error: the device could not be reached: connecting to 127.0.0.1:1: Connection refused\n"
    )


def test_who_reads_the_output_may_leave(driver: Path, host: str) -> None:
    command = [*EDGE, "run", str(driver), host]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write("state\n" * 100)
        process.stdin.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "Exception" not in said


def test_a_terminal(driver: Path, host: str) -> None:
    with terminal("run", driver, host) as tty:
        tty.until("> ")
        tty.type("level.set 4")
        tty.type("4\r")
        tty.until("= \033[32m44 %\033[0m")
        tty.until("> ")
        tty.type("sw\t")
        tty.until("itch")
        tty.type("\x15switch.explode\r")
        tty.until("the device has no command 'switch.explode'")
        tty.until("> ")
        tty.type("quit\r")
        assert tty.end() == 0


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["ctrl-d", "ctrl-c"])
def test_a_key_ends_it(driver: Path, host: str, key: str) -> None:
    with terminal("run", driver, host) as tty:
        tty.until("> ")
        tty.type(key)
        assert tty.end() == (130 if key == "\x03" else 0)
        assert "Traceback" not in tty.seen
        assert "Exception" not in tty.seen


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_stream_that_the_caller_has_closed(driver: Path, closed: str) -> None:
    command = f'"$@" {closed}'
    called = [*EDGE, "check", str(driver), "--types", "none"]
    done = subprocess.run(
        ["sh", "-c", command, "sh", *called], text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_cannot_be_written(
    driver: Path, form: tuple[str, ...], unbuffered: str
) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = [*EDGE, "check", str(driver), "--types", "none", *form]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "error: [Errno 28] No space left on device\n"
