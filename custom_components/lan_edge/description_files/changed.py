"""What a description would change if it were kept."""

from pathlib import PurePath

from homeassistant.core import HomeAssistant, callback

from lan_edge import Description, described_by, members_lost

from ..runtime import domain_data
from .listed import users_of
from .texts import async_read


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


async def async_is_saved(hass: HomeAssistant, id_: str, text: str) -> bool:
    """Return whether a text is in use already, from a file of the user's."""
    registry = domain_data(hass).registry
    if id_ not in registry.drivers or (file := registry.origin(id_).file) is None:
        return False
    return (await async_read(hass, file.path)).text.strip() == text.strip()


@callback
def used_before(hass: HomeAssistant, description: Description) -> Description | None:
    """Return what the devices of a description use until it is kept; None: there are none."""
    driver = domain_data(hass).registry.drivers.get(description.id)
    former = described_by(driver) if driver is not None else None
    return former if users_of(hass, description.id) else None


@callback
def lost_with(hass: HomeAssistant, description: Description) -> tuple[str, ...]:
    """Return what the devices of a description that is changed have now, and then no longer."""
    former = used_before(hass, description)
    return () if former is None else members_lost(former, description)


@callback
def replaced_by(hass: HomeAssistant, description: Description, path: str) -> str:
    """Return the name of what is no longer used once a description in a file is."""
    registry = domain_data(hass).registry
    if description.id not in registry.drivers:
        return ""
    origin = registry.origin(description.id)
    if origin.file is not None and origin.file.path == path and origin.overridden is None:
        return ""
    return (origin.overridden or registry.drivers[description.id]).name
