"""The version of the driver API, and its deprecated names (docs/api-policy.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import logging
from pathlib import Path
import sys
from types import FrameType
from typing import Any
import warnings

__all__ = ["API_VERSION"]

API_VERSION = (1, 1)
"""Major and minor: a minor version adds names; a major one removes deprecated names."""

_LOGGER = logging.getLogger(__name__)
_LIBRARY = str(Path(__file__).resolve().parent)
_reported = set[tuple[str, int, str]]()
"""The uses that were reported already: file, line and name."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A public name that will be removed."""

    replacement: str
    """What to write instead."""
    since: str
    """The release that deprecated it; it stays for at least two minor releases."""
    value: Callable[[], Any]
    """Returns what the name stands for."""


DEPRECATED: Mapping[str, Deprecation] = {}
"""The deprecated names of `lan_edge` itself."""


def deprecated_name(name: str) -> Any:
    """Return what a deprecated name stands for; raise AttributeError for any other name."""
    if (deprecation := DEPRECATED.get(name)) is None:
        raise AttributeError(f"module 'lan_edge' has no attribute {name!r}")
    report_deprecated(f"lan_edge.{name}", deprecation.replacement, deprecation.since)
    return deprecation.value()


def report_deprecated(name: str, replacement: str, since: str) -> None:
    """Warn that the caller's file uses `name`, with file, line and what to write instead.

    Once for each use: in the log, for the hub's owner, and as a DeprecationWarning, for the author.
    """
    file, line = _caller()
    if (file, line, name) in _reported:
        return
    _reported.add((file, line, name))
    message = f"{name} is deprecated since {since}: use {replacement}"
    _LOGGER.warning("%s:%d: %s", file, line, message)
    warnings.warn_explicit(message, DeprecationWarning, file, line)


def _caller() -> tuple[str, int]:
    """Return the file and line of the innermost code that is neither ours nor importlib's."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # what `warnings` uses, too
    while frame is not None:
        file = frame.f_code.co_filename
        is_ours = str(Path(file).resolve()).startswith(_LIBRARY) and "/drivers/" not in file
        if not is_ours and "importlib" not in file:
            return file, frame.f_lineno
        frame = frame.f_back
    return "<unknown>", 0
