"""Creates the device of a candidate, and the data of its entry."""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant

from lan_edge import Candidate, CredentialsError, Device, Identity, Record

from ..const import CONF_DRIVER, CONF_IDENTITY, CONF_RECORD, CONF_SECRETS, CONF_SEEN_AS
from ..discovery.strangers import async_ask_once
from ..runtime import async_load_domain_data


async def async_create_device(hass: HomeAssistant, candidate: Candidate) -> Device:
    """Return the `Device` of a candidate, to be connected once."""
    match = candidate.match
    identity = Identity(
        match.unique_id, match.name, match.manufacturer, match.model, room=match.room
    )
    record = Record(identity, fields=dict(match.fields))
    runtime = (await async_load_domain_data(hass)).runtime
    return Device(candidate.driver, record, runtime=runtime)


async def async_identify(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with the unique id that its device reports; raise EdgeError."""
    device = await async_create_device(hass, candidate)
    ask = partial(device.identify, candidate.match.address)
    identity = await async_ask_once(hass, candidate, ask)
    return with_details(with_unique_id(candidate, identity.unique_id), identity)


async def async_identify_entered(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with what is told at its address without a login; raise EdgeError."""
    device = await async_create_device(hass, candidate)
    try:
        identity = await device.identify(candidate.match.address)
    except CredentialsError:
        return candidate
    return with_unique_id(with_details(candidate, identity), identity.unique_id)


def with_unique_id(candidate: Candidate, unique_id: str) -> Candidate:
    """Return a candidate with a unique id."""
    return replace(candidate, match=replace(candidate.match, unique_id=unique_id))


def with_details(candidate: Candidate, identity: Identity) -> Candidate:
    """Return a candidate with what its device said about itself."""
    match = candidate.match
    told = replace(
        match,
        name=identity.name or match.name,
        manufacturer=identity.manufacturer or match.manufacturer,
        model=identity.model or match.model,
        room=identity.room or match.room,
    )
    return replace(candidate, match=told)


def entry_data(candidate: Candidate, device: Device, unique_id: str, name: str) -> dict[str, Any]:
    """Return the data of the entry of a candidate's device, which has been connected."""
    match, record = with_details(candidate, device.identity).match, device.record.as_dict()
    told = {"manufacturer": match.manufacturer, "model": match.model, "room": match.room}
    record["fields"] = {**match.fields, **record["fields"]}
    return {
        CONF_DRIVER: candidate.driver.id,
        CONF_HOST: match.address.host,
        CONF_PORT: match.address.port,
        CONF_IDENTITY: asdict(replace(device.identity, name=name, unique_id=unique_id, **told)),
        CONF_SEEN_AS: match.unique_id,
        CONF_RECORD: {key: record[key] for key in ("profile", "fields", "pin", "challenge")},
        CONF_SECRETS: dict(device.secrets),
    }
