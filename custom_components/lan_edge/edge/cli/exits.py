"""The exit codes of the command line, and which error has which."""

from enum import IntEnum

from ..errors import CredentialsError, DriverError, EdgeError, UsageError


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """The device or the network failed: check them, or try again."""
    USAGE = 2
    """The call is wrong: an argument, a name, a file that is not there."""
    NOT_FOUND = 3
    """Nothing was found."""
    MISTAKES = 4
    """The driver has mistakes."""
    LOGIN = 5
    """The device requires a login."""
    INTERNAL = 70
    """A bug in the command line itself; `--verbose` shows where."""
    INTERRUPTED = 130
    """Ended by Ctrl-C."""


class CallError(UsageError):
    """The command line cannot be carried out as it was typed."""


def exit_code(error: EdgeError) -> Exit:
    """Return the exit code for an error."""
    match error:
        case DriverError():
            return Exit.MISTAKES
        case UsageError():
            return Exit.USAGE
        case CredentialsError():
            return Exit.LOGIN
        case _:
            return Exit.FAILED
