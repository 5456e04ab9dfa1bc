"""Reads the command line, runs a command, and ends with its exit code."""

import argparse
import asyncio
from collections.abc import Coroutine, Sequence
from importlib.metadata import PackageNotFoundError, version
import logging
import os
from pathlib import Path
import sys
from typing import Any

from ..errors import EdgeError
from . import check, completion, discover, identify, new, run, send
from .exits import Exit, exit_code
from .output import Output

COMMANDS = (discover, identify, run, send, check, new, completion)
EPILOG = """\
exit codes:
  0  done                       3  nothing was found
  1  the device failed          4  the driver has mistakes
  2  the call is wrong          5  the device requires a login
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    _replace_closed_streams()
    given = build_parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if given.verbose else logging.WARNING,
        format="%(levelname)s: %(message)s",
    )
    code = Exit.DONE
    try:
        code = Exit(asyncio.run(perform(given, Output(is_json=given.json))))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        _discard_output()
        return Exit.DONE
    except OSError as err:  # the output cannot be written, not even why
        _discard_output()
        if code != Exit.FAILED:  # otherwise it has been written already
            sys.stderr.write(f"error: {err}\n")
        return Exit.FAILED
    return code


def _discard_output() -> None:
    """Let what is still to be written go nowhere: Python would try it again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_closed_streams() -> None:
    """Let what is written to a stream that the caller has closed go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the end
            setattr(sys, name, nowhere)


async def perform(given: argparse.Namespace, output: Output) -> Exit:
    """Run the command that was given; return how it ended. Whatever fails is written."""
    try:
        result: Exit | Coroutine[Any, Any, Exit] = given.run(given, output)
        return result if isinstance(result, Exit) else await result
    except BrokenPipeError:
        raise
    except EdgeError as err:
        output.fail(err)
        return exit_code(err)
    except OSError as err:
        output.fail(err)
        return Exit.FAILED
    except Exception as err:
        if given.verbose:
            raise
        output.fail(err, "This is a mistake in lan-edge; --verbose shows where.")
        return Exit.INTERNAL


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="lan-edge",
        description="Devices on the local network, and drivers for them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        summary = (command.__doc__ or "").partition("\n")[0]
        added = commands.add_parser(
            name,
            help=summary[:1].lower() + summary[1:].rstrip("."),
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(added)
        added.add_argument("--json", action="store_true", help="write JSON, one document a line")
        added.add_argument("--verbose", action="store_true", help="write the log, too")
        added.set_defaults(run=command.run, parser=parser)
    return parser


def _version() -> str:
    try:
        return f"lan-edge {version('lan-edge')}"
    except PackageNotFoundError:
        return "lan-edge, from a clone"
