"""Descriptions in a folder of the user's: found as driver files are, and loaded into drivers."""

from collections.abc import Collection
from hashlib import sha256
import os
import re
import stat
import time

from ..driver.files.folder import DriverFolder
from ..driver.files.kinds import FileKind
from ..driver.files.loaded import Loaded, OnClaims
from ..driver.files.source import (
    Found,
    Signature,
    SourceError,
    check_size,
    find_files,
    read_bytes,
    signature_of,
    unreadable,
)
from ..driver.loader import LoadFailure, combined, failure_of
from ..driver.registry import DriverFile, Registry
from ..network.text import decode_text
from ..sentences import said
from .places import DescriptionError, Fault
from .texts import described_driver

__all__ = ["check_description", "description_folder"]

MAX_FILE = 256 * 1024
"""The largest file of a description, in bytes."""
ENDINGS = (".yaml", ".yml")
_CLAIM = re.compile(r"^id:[ \t]*[\"']?([a-z][a-z0-9_]{0,99})\b", re.MULTILINE)
"""How the id is written in a text."""


def description_folder(registry: Registry, path: str, *, only: str = "") -> DriverFolder:
    """Return a folder of descriptions, which are used as driver files are."""
    return _DescriptionFolder(registry, path, only=only)


def check_description(path: str) -> list[LoadFailure]:
    """Return what is wrong in the file of a description; nothing if it can be used.

    It takes milliseconds: not in the event loop.
    """
    failure = load_description(path).failure
    return [] if failure is None else [failure, *failure.others]


def claimed_id(text: str) -> str:
    """Return the id that a text has, whether or not it is a description; empty if it has none."""
    found = _CLAIM.search(text)
    return found.group(1) if found else ""


def find_descriptions(folder: str, only: str = "") -> Found:
    """Return the files with descriptions in a folder, as `find_sources` does driver files."""
    return find_files(folder, only, _is_description, _signature)


def load_description(
    path: str, known: Collection[str] = (), on_claims: OnClaims | None = None
) -> Loaded:
    """Read a file and compile its description, unless the hash of its text is `known`.

    Never raises, whatever is in the file.
    """
    try:
        data = read_bytes(path, MAX_FILE)
    except SourceError as err:
        return Loaded("", failure=err.failure)
    except OSError as err:
        return Loaded("", failure=LoadFailure(path, 0, unreadable(err)))
    digest, text = sha256(data).hexdigest(), decode_text(data)
    if digest in known:
        return Loaded(digest)
    claims = frozenset(_CLAIM.findall(text)[:1])
    if on_claims is not None:
        on_claims(claims)
    try:
        driver, capabilities = described_driver(text)
    except DescriptionError as err:
        failure = combined(failure_of_fault(fault, path) for fault in err.faults)
        return Loaded(digest, failure=failure, claims=claims)
    except Exception as err:  # noqa: BLE001  # whatever is in the text concerns no other
        return Loaded(digest, failure=failure_of(err, path), claims=claims)
    return Loaded(digest, DriverFile(path, (driver,), (), capabilities, time.time()))


def failure_of_fault(fault: Fault, path: str) -> LoadFailure:
    """Return what is wrong in a text as that of a file."""
    place, reason = fault.place, fault.reason
    if place:
        why = said(reason)
        reason = said(t"{place} {why}")
    return LoadFailure(path, fault.line, reason, fault.remedy)


def _is_description(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(ENDINGS)


def _signature(path: str) -> Signature:
    status = os.stat(path)  # noqa: PTH116
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(path, "it is not a file")
    check_size(path, status.st_size, MAX_FILE)
    return (signature_of(path, status),)


DESCRIPTIONS = FileKind(find_descriptions, load_description)


class _DescriptionFolder(DriverFolder):
    """A folder of descriptions instead of driver files."""

    _kind = DESCRIPTIONS
