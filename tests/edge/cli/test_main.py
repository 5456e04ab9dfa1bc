"""How the command line ends."""

import argparse
from io import StringIO
import logging

import pytest

from lan_edge import DriverError, UnreachableError
from lan_edge.cli import completion
from lan_edge.cli.exits import Exit
from lan_edge.cli.main import main, perform
from lan_edge.cli.output import Output


def given(error: BaseException, *, verbose: bool = False) -> argparse.Namespace:
    """Return a call whose command fails."""

    async def run(_given: argparse.Namespace, _output: Output) -> Exit:
        raise error

    return argparse.Namespace(run=run, verbose=verbose, json=False)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UnreachableError("lamp: no answer"), Exit.FAILED, "lamp: no answer"),
        (DriverError("lamp.py: no id"), Exit.MISTAKES, "lamp.py: no id"),
        (PermissionError(13, "Permission denied", "lamp.py"), Exit.FAILED, "Permission denied"),
        (KeyError("mac"), Exit.INTERNAL, "This is a mistake in lan-edge"),
    ],
)
async def test_a_command_that_fails(error: Exception, code: Exit, said: str) -> None:
    errors = StringIO()
    assert await perform(given(error), Output(out=StringIO(), errors=errors)) is code
    assert said in errors.getvalue()
    assert "Traceback" not in errors.getvalue()


async def test_verbose_shows_where_our_mistake_is() -> None:
    with pytest.raises(KeyError):
        await perform(given(KeyError("mac"), verbose=True), Output(is_json=False))


def test_a_command_that_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    level = logging.root.level
    assert main(["completion", "bash"]) == Exit.DONE
    assert "lan-edge" in capsys.readouterr().out
    assert logging.root.level == level  # the program that runs it has set up its own log


def test_a_command_that_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_given: argparse.Namespace, _output: Output) -> Exit:
        raise KeyboardInterrupt

    monkeypatch.setattr(completion, "run", interrupted)
    assert main(["completion", "bash"]) == Exit.INTERRUPTED
