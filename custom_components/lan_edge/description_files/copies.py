"""Copies of descriptions: of the bundled ones, and with another id."""

from collections.abc import Container

from homeassistant.core import HomeAssistant

from lan_edge import (
    DescriptionError,
    bundled_descriptions,
    read_description,
    with_another_id,
)

from ..runtime import domain_data


async def async_bundled_text(hass: HomeAssistant, id_: str) -> str:
    """Return the text of a bundled description; an empty one if there is none of that id."""
    texts = await hass.async_add_executor_job(bundled_descriptions)
    return texts.get(id_, "")


async def async_duplicate(hass: HomeAssistant, text: str) -> str:
    """Return a text with an id and a name of its own; one that is no description as it is."""
    taken = set(domain_data(hass).registry.drivers)
    return await hass.async_add_executor_job(_duplicate, text, taken)


def _duplicate(text: str, taken: Container[str]) -> str:
    try:
        description = read_description(text)
        number = next(n for n in range(2, 10_000) if f"{description.id}_{n}" not in taken)
        return with_another_id(text, f"{description.id}_{number}", f"{description.name} {number}")
    except DescriptionError:
        return text
