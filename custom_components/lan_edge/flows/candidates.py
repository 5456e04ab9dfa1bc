"""Creates the device of a candidate, and the data of its entry."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback

from lan_edge import (
    Address,
    BusyError,
    Candidate,
    CredentialsError,
    Device,
    Driver,
    Identity,
    IdentityError,
    Record,
    TimedOutError,
    UnreachableError,
    one_id,
)

from ..const import CONF_DRIVER, CONF_IDENTITY, CONF_RECORD, CONF_SECRETS, CONF_SEEN_AS
from ..discovery.cloud_keys import cloud_device_of
from ..discovery.strangers import async_ask_once
from ..runtime import async_load_domain_data
from ..storage import INITIAL


async def async_create_device(
    hass: HomeAssistant,
    candidate: Candidate,
    settings: Mapping[str, Any] | None = None,
    known: Record | None = None,
) -> Device:
    """Return the `Device` of a candidate, to be connected once, with what the user entered.

    `known` is what earlier connections to it have shown, such as its certificate.
    """
    match = candidate.match
    identity = Identity(
        match.unique_id, match.name, match.manufacturer, match.model, room=match.room
    )
    record = replace(known or Record(), identity=identity, fields=dict(match.fields))
    data = await async_load_domain_data(hass)
    # its file may have changed since the dialog began
    driver = data.registry.drivers.get(candidate.driver.id, candidate.driver)
    cloud = cloud_device_of(hass, candidate)
    secrets = cloud.secrets if cloud is not None else None
    return Device(driver, record, settings=settings, secrets=secrets, runtime=data.runtime)


async def async_is_paired(device: Device, candidate: Candidate) -> bool:
    """Return whether a device needs no pairing, as it accepts a key that another integration has.

    It has been connected then. Raises EdgeError if it does not answer.
    """
    if not candidate.driver.pairs():
        return True
    if device.secrets:
        with suppress(CredentialsError):
            await device.check(candidate.match.address)
            return True
    return False


@callback
def as_named_by_cloud(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate with the name that its device has in the cloud which knows its key."""
    cloud = cloud_device_of(hass, candidate)
    name = cloud.name if cloud is not None else ""
    return replace(candidate, match=replace(candidate.match, name=name)) if name else candidate


async def async_identify(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    """Return a candidate at its first address where its device answers, with the id it reports.

    Raises EdgeError: what came of the last one. Where a login is needed first, the error has that
    address.
    """
    return await _async_first(partial(_async_identify, hass), candidate)


async def _async_identify(hass: HomeAssistant, candidate: Candidate) -> Candidate:
    device = await async_create_device(hass, candidate)
    ask = partial(device.identify, candidate.match.address)
    identity = await async_ask_once(hass, candidate, ask)
    return with_details(with_unique_id(candidate, identity.unique_id), identity)


async def async_identify_entered(
    hass: HomeAssistant,
    candidate: Candidate,
    settings: Mapping[str, Any],
    known: Record | None = None,
) -> Candidate:
    """Do the same for a candidate whose address was entered: it may be asked at any time.

    Where a login is needed first, the candidate at that address has no id.
    """
    return await _async_first(partial(_async_identify_entered, hass, settings, known), candidate)


async def _async_identify_entered(
    hass: HomeAssistant, settings: Mapping[str, Any], known: Record | None, candidate: Candidate
) -> Candidate:
    device = await async_create_device(hass, candidate, settings, known)
    try:
        identity = await device.identify(candidate.match.address)
    except CredentialsError:
        return candidate
    return with_unique_id(with_details(candidate, identity), identity.unique_id)


async def _async_first(
    ask: Callable[[Candidate], Awaitable[Candidate]], candidate: Candidate
) -> Candidate:
    """Return the answer from the first of a candidate's addresses; raise the last's EdgeError."""
    *first, last = each_address(candidate)
    for there in first:
        with suppress(UnreachableError, TimedOutError, BusyError):
            return await ask(there)
    return await ask(last)


def each_address(candidate: Candidate) -> list[Candidate]:
    """Return a candidate at each of its addresses, with the others as its others."""
    addresses = (candidate.match.address, *candidate.match.others)
    return [at_address(candidate, each) for each in addresses]


def at_address(candidate: Candidate, address: Address) -> Candidate:
    """Return a candidate with one of its addresses before the others."""
    match = candidate.match
    others = tuple(each for each in (match.address, *match.others) if each != address)
    return replace(candidate, match=replace(match, address=address, others=others))


async def async_check_there(device: Device, candidate: Candidate) -> None:
    """Raise EdgeError unless the device that is to be paired answers at a candidate's address."""
    address = candidate.match.address
    with suppress(CredentialsError):  # so it is there
        if candidate.driver.identify is Driver.identify:
            await device.check(address)
            return
        found = one_id((await device.identify(address)).unique_id)
        if candidate.match.unique_id and found not in {"", candidate.match.unique_id}:
            raise IdentityError(candidate.match.unique_id, found, address)


def with_unique_id(candidate: Candidate, unique_id: str) -> Candidate:
    """Return a candidate with a unique id."""
    return replace(candidate, match=replace(candidate.match, unique_id=unique_id))


def with_details(candidate: Candidate, identity: Identity) -> Candidate:
    """Return a candidate with what its device said about itself."""
    match = candidate.match
    completed = replace(
        match,
        name=identity.name or match.name,
        manufacturer=identity.manufacturer or match.manufacturer,
        model=identity.model or match.model,
        room=identity.room or match.room,
    )
    return replace(candidate, match=completed)


def entry_data(candidate: Candidate, device: Device, unique_id: str, name: str) -> dict[str, Any]:
    """Return the data of the entry of a candidate's device, which has been connected."""
    match = with_details(candidate, device.identity).match
    details = {"manufacturer": match.manufacturer, "model": match.model, "room": match.room}
    record = replace(device.record, addresses=(match.address,)).as_dict()
    record["fields"] = {**match.fields, **record["fields"]}
    return {
        CONF_DRIVER: candidate.driver.id,
        CONF_HOST: match.address.host,
        CONF_PORT: match.address.port,
        CONF_IDENTITY: asdict(replace(_identity(device, name, unique_id), **details)),
        CONF_SEEN_AS: match.unique_id,
        CONF_RECORD: {key: record[key] for key in INITIAL},
        CONF_SECRETS: dict(device.secrets),
    }


def _identity(device: Device, name: str, unique_id: str) -> Identity:
    """Return the identity to be stored: with the id as the device spells it, if it reports one."""
    return replace(device.identity, name=name, unique_id=device.identity.unique_id or unique_id)
