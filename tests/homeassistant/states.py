"""States and actions of entities."""

from contextlib import suppress
from typing import Any

from homeassistant.const import ENTITY_MATCH_ALL, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from .waiting import eventually

A_MOMENT = 2.0
"""Seconds in which an entity is available that is going to be, on a busy machine."""


async def becomes(hass: HomeAssistant, entity_id: str, state: str, **attributes: Any) -> None:
    """Wait until an entity has a state."""

    def is_so() -> bool:
        now = hass.states.get(entity_id)
        if now is None or now.state != state:
            return False
        return all(now.attributes.get(k) == v for k, v in attributes.items())

    try:
        await eventually(is_so)
    except TimeoutError:
        raise AssertionError(f"{entity_id} is {hass.states.get(entity_id)}") from None


async def call(hass: HomeAssistant, service: str, entity_id: str, **data: Any) -> None:
    """Call a service of an entity, once it is there, and wait for its end.

    Home Assistant says nothing of a call for an entity that is not there yet, or not available:
    that may only be a moment after its device is, and is waited for.
    """
    if entity_id != ENTITY_MATCH_ALL:
        await eventually(lambda: hass.states.get(entity_id) is not None)
        with suppress(TimeoutError):
            await eventually(lambda: not unavailable(hass, entity_id), A_MOMENT)
    domain, _, name = service.partition(".")
    await hass.services.async_call(domain, name, {"entity_id": entity_id, **data}, blocking=True)


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    now = hass.states.get(entity_id)
    assert now is not None, f"there is no {entity_id}"
    return now.state


def unavailable(hass: HomeAssistant, entity_id: str) -> bool:
    """Tell whether an entity is there, and unavailable."""
    return state(hass, entity_id) == STATE_UNAVAILABLE
