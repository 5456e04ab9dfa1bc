"""Sends requests to a device that is being described."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant

from lan_edge import Address, Device, EdgeError, Runtime, Trial, TrialAnswer

from ..flows.address_form import async_resolve
from ..runtime import async_load_domain_data
from .message_form import HTTP
from .open_draft import OpenDraft

SETTLE, LISTEN_AFTER = 0.5, 2.0
"""Seconds in which a device that can send by itself may greet before a command, and in which it
may tell more after it has answered."""


class Tried(NamedTuple):
    """What came of a try."""

    answers: dict[str, TrialAnswer]
    """By the names of the requests."""
    heard: list[TrialAnswer]
    """What the device sent by itself."""
    since: list[TrialAnswer]
    """All messages since the first request was sent."""


async def async_try(
    hass: HomeAssistant,
    open_draft: OpenDraft,
    requests: Mapping[str, Mapping[str, Any]],
    value: str | float | None = None,
    *,
    is_command: bool = False,
) -> Tried:
    """Send requests in order; return the answers, and what else the device sent.

    `value` is for `{value}` in them; `is_command`: the first one is a command. Raises EdgeError
    or EnteredAddressError.
    """
    values = open_draft.draft.values
    sends = open_draft.draft.talks != HTTP
    settle, listen = SETTLE * (sends and is_command), LISTEN_AFTER * sends
    make = partial(Trial, values, requests, value, settle=settle, listen=listen)
    trial = await hass.async_add_executor_job(make)
    data = await async_load_domain_data(hass)
    *first, last = await async_resolve(hass, open_draft.where)
    for address in first:
        try:
            await _async_check(trial, address, open_draft, data.runtime)
        except EdgeError:
            continue
        break
    else:
        await _async_check(trial, last, open_draft, data.runtime)
    return await hass.async_add_executor_job(_tried, trial)


def _tried(trial: Trial) -> Tried:
    return Tried(trial.answers(), trial.heard(), trial.since())


async def _async_check(
    trial: Trial, address: Address, open_draft: OpenDraft, runtime: Runtime
) -> None:
    record = open_draft.record_to_try()
    device = Device(trial.driver, record, settings=open_draft.settings, runtime=runtime)
    await device.check(address)
    open_draft.learn(record)
