"""The descriptions that there are: the user's and the bundled ones, and the devices of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from homeassistant.core import HomeAssistant, callback

from lan_edge import LoadFailure

from ..const import CONF_DRIVER
from ..reporting.issues import is_description
from ..reporting.markdown import as_plain_markdown
from ..runtime import domain_data
from ..service_entry import device_entries

MAX_KIND_LABEL = 36
"""Characters of what a kind of devices is called: more are wider than a phone."""
WRONG = "\N{WARNING SIGN}"
"""Marks one that cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class ListedDescription:
    """A description in a list."""

    key: str
    """The path of a file of the user's; of a bundled one, its id."""
    id: str
    """Of the description; empty: that of a broken file is not known."""
    name: str
    """What users see: its name and products, or that of a broken file; whole, however long."""
    file: str = ""
    """The path of a file of the user's; empty: it is bundled."""
    users: tuple[str, ...] = ()
    """The names of the devices that use it."""
    failure: LoadFailure | None = None
    """Why the file as it is now cannot be used."""
    is_instead: bool = False
    """Whether it is used instead of a bundled one."""

    @property
    def label(self) -> str:
        """What it is called where it is picked: one of the user's may be named like another."""
        file = PurePath(self.file).name
        return f"{self.name} ({file})" if file not in {"", self.name} else self.name

    @property
    def can_be_deleted(self) -> bool:
        """Whether no device is left without a description if this one is deleted."""
        return bool(self.file) and (not self.users or self.is_instead)


@callback
def listed_descriptions(hass: HomeAssistant) -> Mapping[str, ListedDescription]:
    """Return all descriptions by key: the user's first, then the bundled ones that are in use."""
    registry = domain_data(hass).registry
    own = [_of_file(hass, path) for path in _files(hass)]
    bundled = [
        ListedDescription(
            id_, id_, whole_label_of(each.name, each.products), users=users_of(hass, id_)
        )
        for id_, each in registry.summaries.items()
        if each.is_described and registry.origin(id_).file is None
    ]
    return {
        each.key: each for each in (*own, *sorted(bundled, key=lambda each: each.name.casefold()))
    }


def _files(hass: HomeAssistant) -> list[str]:
    return [path for path in domain_data(hass).description_folder.files if is_description(path)]


@callback
def _of_file(hass: HomeAssistant, path: str) -> ListedDescription:
    data = domain_data(hass)
    status, name = data.description_folder.files[path], PurePath(path).name
    ids = sorted(status.file.ids if status.file else status.claims)
    id_ = ids[0] if ids else ""
    summary = status.file.drivers[0].summarize() if status.file else None
    origin = data.registry.origin(id_) if status.file else None
    return ListedDescription(
        path,
        id_,
        whole_label_of(summary.name, summary.products) if summary else name,
        path,
        users_of(hass, id_),
        status.failure,
        is_instead=bool(origin and origin.overridden),
    )


@callback
def users_of(hass: HomeAssistant, id_: str) -> tuple[str, ...]:
    """Return the names of the devices that use a description."""
    return tuple(e.title for e in device_entries(hass) if id_ and e.data[CONF_DRIVER] == id_)


def label_of(name: str, labels: Collection[str]) -> str:
    """Return the whole label of a kind of devices, cut so that it fits into a list on a phone."""
    return _cut(whole_label_of(name, labels), MAX_KIND_LABEL)


def whole_label_of(name: str, labels: Collection[str]) -> str:
    """Return the name of a kind of devices, with the makers and models of its products.

    Where these begin with the name, they say all.
    """
    products = ", ".join(labels)
    if labels and all(_begins_with(each, name) for each in labels):
        first, *others = labels
        return ", ".join([first, *(_without(each, name) for each in others)])
    return f"{name} ({products})" if products else name


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip(' ,(')}…"


def _without(label: str, name: str) -> str:
    """Return a label without the name that it begins with, unless that is all of it."""
    return " ".join(label.split()[len(name.split()) :]) or label


def _begins_with(label: str, name: str) -> bool:
    words = name.casefold().split()
    return label.casefold().split()[: len(words)] == words


@callback
def lists(hass: HomeAssistant) -> dict[str, str]:
    """Return the descriptions as lists in Markdown, the placeholders of a dialog."""
    listed = listed_descriptions(hass).values()
    return {
        "folder": as_plain_markdown(domain_data(hass).description_folder.path),
        "own": _rows(each for each in listed if each.file),
        "bundled": _rows(each for each in listed if not each.file),
    }


def _rows(listed: Iterable[ListedDescription]) -> str:
    return "\n".join(f"- {_row(each)}" for each in listed)


def _row(each: ListedDescription) -> str:
    mark = f"{WRONG} " if each.failure is not None else ""
    users = f": {as_plain_markdown(', '.join(each.users))}" if each.users else ""
    return f"{mark}{as_plain_markdown(each.name)}{users}"
