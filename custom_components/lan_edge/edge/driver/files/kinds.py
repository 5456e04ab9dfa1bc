"""Kinds of files that have drivers: how they are found in a folder, and how one is loaded."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from .loaded import Loaded, OnClaims, load_source
from .source import Found, find_sources

type Find = Callable[[str, str], Found]
"""Returns what lies in a folder, or only what has a name; it reads no file and never raises."""
type Load = Callable[[str, Collection[str], OnClaims | None], Loaded]
"""Loads one, unless the hash of its text is known; it never raises."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files that have drivers."""

    find: Find
    load: Load


PYTHON = FileKind(find_sources, load_source)
"""Driver files and packages."""
