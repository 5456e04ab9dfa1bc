"""Which devices that were discovered are offered to the user."""

from collections.abc import Generator
from contextlib import contextmanager
import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import AbortFlow

from lan_edge import Candidate, CredentialsError, EdgeError, asked_settings

from ..const import DOMAIN
from ..discovery.controllers import controller_of
from ..discovery.entries import (
    find_entry,
    find_entry_at,
    find_entry_known_at,
    find_ignored,
)
from ..discovery.general_offers import is_offered_by_its_own_driver
from ..discovery.one_host import has_entry_of_another_driver
from ..discovery.routing import handle_known, notify_device
from ..reporting.markdown import as_plain_text, placeholders
from ..service_entry import is_hidden
from .candidates import async_identify, each_address

_LOGGER = logging.getLogger(__name__)

MAX_FLOWS = 100
"""Discovery flows at a time; more of them are probably due to a flood of announcements."""


@contextmanager
def logged_reason(what: str) -> Generator[None]:
    """Write to the log why there is no card for a device, which nobody asks about otherwise."""
    try:
        yield
    except AbortFlow as err:
        cause = f": {err.__cause__}" if err.__cause__ else ""
        _LOGGER.debug("%s is not offered: %s%s", as_plain_text(what), err.reason, cause)
        raise


async def async_check_offer(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with its id if its device is to be offered; else raise AbortFlow.

    The id is missing if the device does not report it without a login.
    """
    candidate = await _async_identified(hass, candidate)
    _raise_if_known(hass, candidate)
    return candidate


@callback
def is_online_at(hass: HomeAssistant, candidate: Candidate) -> bool:
    """Return whether the device of an entry is connected at one of a candidate's addresses."""
    entries = (find_entry_at(hass, there) for there in each_address(candidate))
    return any(
        entry.state is ConfigEntryState.LOADED and entry.runtime_data.device.available
        for entry in entries
        if entry is not None
    )


async def _async_identified(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with its id, which its device is asked for if necessary."""
    if candidate.match.unique_id or find_entry(hass, candidate) is not None:
        return candidate
    if is_online_at(hass, candidate):
        raise AbortFlow(reason="already_configured")
    _raise_if_too_many(hass)
    try:
        identified = await async_identify(hass, candidate)
    except CredentialsError as err:
        if (known := find_entry_known_at(hass, candidate)) is not None:
            notify_device(hass, known, candidate)  # nothing says that it is another one
            raise AbortFlow(reason="already_configured") from err
        if candidate.driver.pairs() or asked_settings(candidate.driver.Settings):
            return candidate  # the user has to log in first
        raise AbortFlow(reason="cannot_connect") from err
    except EdgeError as err:
        raise AbortFlow(reason="cannot_connect") from err
    if not identified.match.unique_id:
        raise AbortFlow(reason="cannot_identify")
    return identified


@callback
def _raise_if_known(hass: HomeAssistant, candidate: Candidate) -> None:
    """Raise AbortFlow if the device has an entry, here or elsewhere, or is not wanted."""
    if handle_known(hass, candidate) or find_ignored(hass, candidate.match.unique_id):
        raise AbortFlow(reason="already_configured")
    if has_entry_of_another_driver(hass, candidate):
        raise AbortFlow(reason="already_configured")
    if is_offered_by_its_own_driver(hass, candidate):
        raise AbortFlow(reason="already_in_progress")
    if is_hidden(hass, candidate.driver.id):
        raise AbortFlow(reason="hidden")
    if (integration := controller_of(hass, candidate)) is not None:
        raise AbortFlow(
            reason="other_integration",
            description_placeholders=placeholders(integration=integration),
        )
    _raise_if_too_many(hass)


@callback
def _raise_if_too_many(hass: HomeAssistant) -> None:
    flows = hass.config_entries.flow
    if len(flows.async_progress_by_handler(DOMAIN, include_uninitialized=True)) > MAX_FLOWS:
        raise AbortFlow(reason="too_many")
