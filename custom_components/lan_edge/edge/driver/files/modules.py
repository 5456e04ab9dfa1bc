"""Imports the text of driver files: each file or package by itself, under a name nobody else has.

The modules are made of what was read, not of what is on the disk by then: neither is a package put
together of two versions, nor is there a cache that may be older than the file. Nothing is written,
and nothing else in the folder can be imported.
"""

from collections.abc import Iterator, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import count
from pathlib import Path
import sys
from threading import Lock
from types import CodeType, ModuleType
from typing import override

from ...capabilities.definition import APART
from .source import Source

_NUMBERS = count(1)
_LOCK = Lock()


class _Finder(MetaPathFinder, InspectLoader):
    """Finds the modules of driver files, by their full names."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[str, bytes, bool]] = {}
        """Path and text of each module, and whether it is a package."""

    def add(self, modules: dict[str, tuple[str, bytes, bool]]) -> None:
        """Make modules importable."""
        with _LOCK:
            self._texts.update(modules)
            if self not in sys.meta_path:
                sys.meta_path.insert(0, self)

    def remove(self, name: str) -> None:
        """Forget a module, and all that is in it."""
        with _LOCK:
            for each in [n for n in self._texts if f"{n}.".startswith(f"{name}.")]:
                del self._texts[each]
            for each in [n for n in tuple(sys.modules) if f"{n}.".startswith(f"{name}.")]:
                del sys.modules[each]

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if (source := self._texts.get(fullname)) is None:
            return None
        file, _, is_package = source
        spec = ModuleSpec(fullname, self, origin=file, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [str(Path(file).parent)]
        return spec

    @override
    def is_package(self, fullname: str) -> bool:
        return self._texts[fullname][2]

    @override
    def get_source(self, fullname: str) -> str:
        return self._texts[fullname][1].decode(errors="replace")

    @override
    def get_code(self, fullname: str) -> CodeType:
        path, text, _ = self._texts[fullname]
        return self.source_to_code(text, path)


_FINDER = _Finder()


def add_source(source: Source) -> str:
    """Make a file or package importable; return its new name, which begins with `APART`.

    `forget_module` must be called in the end.
    """
    name = f"{APART}{next(_NUMBERS)}_{Path(source.path).name.removesuffix('.py')}"
    _FINDER.add(dict(_modules(name, source)))
    return name


def _modules(name: str, source: Source) -> Iterator[tuple[str, tuple[str, bytes, bool]]]:
    if not source.is_package:
        ((path, text),) = source.texts.items()
        yield name, (path, text, False)
        return
    for path, text in source.texts.items():
        if path.endswith(".py"):
            parts = [*Path(path).relative_to(source.path).with_suffix("").parts]
            is_package = parts[-1] == "__init__"
            below = parts[:-1] if is_package else parts
            yield ".".join((name, *below)), (path, text, is_package)


def forget_module(name: str) -> None:
    """Forget a module that is no longer used, and all that is in it."""
    _FINDER.remove(name)


def modules_of(name: str) -> list[ModuleType]:
    """Return a module and all that was imported in it."""
    return [m for n, m in tuple(sys.modules.items()) if f"{n}.".startswith(f"{name}.")]
