"""What a description does, and what changes with it, before it is kept."""

from pathlib import PurePath

from homeassistant.core import HomeAssistant, callback

from lan_edge import Description, Traffic, described_by, members_lost, traffic_of

from ..reporting.markdown import as_code, as_plain_markdown
from ..runtime import domain_data
from .listed import label_of, users_of

MAX_REQUESTS = 40
"""Requests of one kind that are displayed."""
NOT_GIVEN = ("source", "requirements", "port", "poll")
"""What a description need not say."""
MAX_LOST = 20
"""Names that devices lose which are displayed."""


@callback
def id_taken_by(hass: HomeAssistant, id_: str, path: str) -> str:
    """Return what has the id that a text in a file would have; nothing if it may have it.

    A text may have that of a bundled description, instead of which it is used then.
    """
    registry = domain_data(hass).registry
    if id_ not in registry.drivers:
        return ""
    origin, driver = registry.origin(id_), registry.drivers[id_]
    if origin.file is not None:
        return "" if origin.file.path == path else PurePath(origin.file.path).name
    return "" if described_by(driver) is not None else driver.name


@callback
def lost_with(hass: HomeAssistant, description: Description) -> tuple[str, ...]:
    """Return what the devices of a description that is changed have now, and then no longer."""
    driver = domain_data(hass).registry.drivers.get(description.id)
    former = described_by(driver) if driver is not None else None
    if former is None or not users_of(hass, description.id):
        return ()
    return members_lost(former, description)


@callback
def replaced_by(hass: HomeAssistant, description: Description, path: str) -> str:
    """Return the name of what is no longer used once a description in a file is."""
    registry = domain_data(hass).registry
    if description.id not in registry.drivers:
        return ""
    origin = registry.origin(description.id)
    if origin.file is not None and origin.file.path == path and origin.overridden is None:
        return ""
    replaced = origin.overridden or registry.drivers[description.id]
    return as_plain_markdown(replaced.name)


def summary(hass: HomeAssistant, description: Description, path: str) -> dict[str, str]:
    """Return what a description does, as the placeholders of a dialog."""
    traffic = traffic_of(description)
    lost = lost_with(hass, description)
    products = [each.label for each in description.products]
    return {
        "name": as_plain_markdown(label_of(description.name, products)),
        "id": as_code(description.id),
        "source": as_code(description.source) if description.source else "",
        "requirements": as_plain_markdown(description.requirements),
        "transport": traffic.talks,
        "port": str(traffic.port or ""),
        "asked": as_plain_markdown(_parameters(description)),
        "secrets": as_plain_markdown(", ".join(traffic.secrets)),
        "poll": f"{traffic.poll:g}" if traffic.poll is not None else "",
        "replaces": replaced_by(hass, description, path),
        "devices": as_plain_markdown(", ".join(users_of(hass, description.id))),
        "lost": ", ".join(map(as_code, lost[:MAX_LOST])),
        **_requests(traffic),
    }


def _parameters(description: Description) -> str:
    each = description.parameters.items()
    return ", ".join(p.label or name for name, p in each if p.asked)


def _requests(traffic: Traffic) -> dict[str, str]:
    return {
        "login": _list(traffic.login),
        "connected": _list(traffic.connected),
        "read": _list(traffic.read),
        "commands": "\n".join(
            f"- {as_code(place)}: {as_code(text)}"
            for place, text in traffic.commands[:MAX_REQUESTS]
        ),
    }


def _list(requests: tuple[str, ...]) -> str:
    return "\n".join(f"- {as_code(each)}" for each in requests[:MAX_REQUESTS])
