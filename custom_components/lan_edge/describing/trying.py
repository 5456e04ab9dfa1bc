"""Sends requests to a device that is being described."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant

from lan_edge import Address, Device, EdgeError, Runtime, Trial, TrialAnswer

from ..flows.address_form import async_resolve
from ..runtime import async_load_domain_data
from .open_draft import OpenDraft


async def async_try(
    hass: HomeAssistant,
    open_draft: OpenDraft,
    requests: Mapping[str, Mapping[str, Any]],
    value: str | float | None = None,
) -> dict[str, TrialAnswer]:
    """Send requests in order; return the answers by the names of the requests.

    `value` is for `{value}` in them. Raises EdgeError or EnteredAddressError.
    """
    values = open_draft.draft.values
    trial = await hass.async_add_executor_job(Trial, values, requests, value)
    data = await async_load_domain_data(hass)
    *first, last = await async_resolve(hass, open_draft.where)
    for address in first:
        try:
            await _async_check(trial, address, open_draft, data.runtime)
        except EdgeError:
            continue
        return await hass.async_add_executor_job(trial.answers)
    await _async_check(trial, last, open_draft, data.runtime)
    return await hass.async_add_executor_job(trial.answers)


async def _async_check(
    trial: Trial, address: Address, open_draft: OpenDraft, runtime: Runtime
) -> None:
    record = replace(open_draft.record)
    device = Device(trial.driver, record, settings=open_draft.settings, runtime=runtime)
    await device.check(address)
    open_draft.record.pin = record.pin  # no other certificate from now on
