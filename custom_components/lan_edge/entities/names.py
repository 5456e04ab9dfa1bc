"""Names for what a device or its driver gives no name for people."""

import re
from typing import Any

from homeassistant.config_entries import ConfigEntry

from lan_edge import Component

from ..const import CONF_IDENTITY

_HOST = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\d.])"


def in_words(name: str) -> str:
    """Return a camelCase name as a label: `filterLife` is `Filter life`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).capitalize()


def name_of_part(component_id: str, component: Component) -> str:
    """Return the name of a component, else its id in words: `outlet_1` is `Outlet 1`."""
    return component.name or in_words(component_id.replace("_", " ").strip() or component_id)


def without_address(name: str) -> str:
    """Return the name of a device without its IP address: `Demo` for "Demo (10.99.0.27)".

    Some devices have it in their name; it may have changed since, and tells people nothing.
    """
    own = re.sub(rf"[(\[]?{_HOST}[)\]]?", " ", name)
    return " ".join(own.split()).strip(" -,:@")


def registered_name(own: str, entry: ConfigEntry[Any]) -> str:
    """Return the name of an entry's device in the registry: its own, as it reports it now.

    If it was added with an addition that tells it apart, such as "Lamp c3d4", it keeps that.
    """
    name, given = without_address(own), str(entry.data[CONF_IDENTITY].get("name", ""))
    plain, _, addition = given.rpartition(" ")
    digits, end = (re.sub(r"\W", "", text.lower()) for text in (str(entry.unique_id), addition))
    is_apart = (end and digits.endswith(end)) or re.fullmatch(_HOST, addition)
    if name and is_apart and name.lower() in plain.lower():
        return given
    return name or entry.title
