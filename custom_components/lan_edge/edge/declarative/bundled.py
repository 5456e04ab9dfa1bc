"""The bundled descriptions: listed in an index, and each compiled when it is first needed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
import json
import logging
from pathlib import Path
from typing import Any

from ..capabilities.definition import add_capabilities
from ..driver.driver import AnyDriver
from ..driver.lazy import LazyDriver
from ..driver.loader import LoadFailure
from ..driver.registry import Registry
from ..driver.summary import DriverSummary
from .compiling.matchers import matcher_of
from .description import Description
from .files import claimed_id, load_description
from .texts import described_driver, import_all, missing_package

__all__ = ["bundled_descriptions", "load_descriptions"]

_LOGGER = logging.getLogger(__name__)

BUNDLED_FOLDER = str(Path(__file__).parents[1] / "descriptions")
"""The descriptions that are part of the library."""
INDEX = "index.json"
"""The file in their folder with what is known of each without compiling it."""


def bundled_descriptions(folder: str = BUNDLED_FOLDER) -> dict[str, str]:
    """Return the texts of the bundled descriptions by id. Reads files: not in the event loop."""
    texts = {claimed_id(text): text for path in _files(folder) if (text := _text(path))}
    return {id_: text for id_, text in texts.items() if id_}


def load_descriptions(
    registry: Registry, folder: str = BUNDLED_FOLDER, *, needed: Collection[str] | None = None
) -> list[LoadFailure]:
    """Add the drivers of the descriptions in a folder; by default those of the bundled ones.

    One that is in the folder's index is compiled when it is first needed. Those whose ids are
    `needed` are compiled at once; with any collection, what compiling imports is imported, too, so
    that the others can be compiled in the event loop, where each takes some milliseconds. One that
    cannot be used is left out; why is logged and returned. Reads files: do not call it in the event
    loop.
    """
    if (missing := missing_package()) is not None:
        return [LoadFailure(folder, 0, missing.reason, missing.remedy)]
    if needed is not None:
        import_all()
    failures = list(_load(registry, folder))
    for failure in failures:
        _LOGGER.error("%s is not loaded: %s", failure.file, failure)
    for id_ in needed or ():
        registry.drivers.get(id_)
    return failures


def index_of(texts: Iterable[tuple[str, Description]]) -> str:
    """Return the index of texts, with the descriptions that they are."""
    entries = {
        _digest(text): {
            "id": each.id,
            "name": each.name,
            "products": [product.label for product in each.products],
            "found_by": each.found_by,
        }
        for text, each in texts
    }
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _load(registry: Registry, folder: str) -> Iterator[LoadFailure]:
    """Add the drivers of a folder to a registry; yield why others cannot be used."""
    index, lazy, names = _index(folder), list[LazyDriver](), dict[str, str]()
    for path in _files(folder):
        text = _text(path)
        id_ = claimed_id(text)
        if id_ and (id_ in names or id_ in registry.drivers):
            yield _taken(path, text, id_, names.get(id_, "a driver"))
        elif (entry := index.get(_digest(text))) is not None:
            lazy.append(LazyDriver(_summary(entry), partial(_compiled, text)))
        else:
            yield from _load_at_once(registry, path)
        names.setdefault(id_, path.name)
    registry.add_lazy(lazy)


def _load_at_once(registry: Registry, path: Path) -> Iterator[LoadFailure]:
    """Compile a description that is in no index, and add its driver; yield why that fails."""
    loaded = load_description(str(path))
    if loaded.failure is not None:
        yield loaded.failure
    elif loaded.file is not None:
        add_capabilities(loaded.file.capabilities)
        for driver in loaded.file.drivers:
            registry.add(driver)


def _compiled(text: str) -> AnyDriver:
    driver, capabilities = described_driver(text)
    add_capabilities(capabilities)
    return driver


def _taken(path: Path, text: str, id_: str, by: str) -> LoadFailure:
    line = next((n for n, each in enumerate(text.split("\n"), 1) if each.startswith("id:")), 0)
    return LoadFailure(str(path), line, f"id {id_} is that of {by}, too", "give it another id")


def _files(folder: str) -> list[Path]:
    return sorted(Path(folder).glob("*.yaml"))


def _text(path: Path) -> str:
    """Return the text of a file; an empty one if it cannot be read, which is reported later."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError, UnicodeDecodeError:
        return ""


def _index(folder: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of the texts in a folder, by their digests; empty without an index."""
    text = _text(Path(folder) / INDEX)
    entries: Mapping[str, Mapping[str, Any]] = json.loads(text) if text else {}
    return entries


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _summary(entry: Mapping[str, Any]) -> DriverSummary:
    return DriverSummary(
        id=entry["id"],
        name=entry["name"],
        discovery=tuple(map(matcher_of, entry["found_by"])),
        products=tuple(entry["products"]),
        is_described=True,
    )
