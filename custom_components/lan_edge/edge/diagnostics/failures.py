"""What a log says of an error whose words may be a stranger's, or have a secret."""

from pathlib import PurePath
from traceback import walk_tb

MAX_CALLS = 3
"""The last calls that are named."""


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised: `ValueError at server.py:9, body.py:7`.

    It is one line without any word of the error, and reads no file.
    """
    calls = [
        f"{PurePath(frame.f_code.co_filename).name}:{line}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} at {', '.join(calls[-MAX_CALLS:])}"
