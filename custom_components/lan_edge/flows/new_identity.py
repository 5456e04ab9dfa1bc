"""A device that came back with another id, after a reset or a repair: its entry takes it.

Only what a device says at an address that the user has entered counts, on a connection without a
login and with the pinned certificate, if there is one. What was announced does not. The login that
the device had is dropped, as the new one may be another device.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import BooleanSelector

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    EdgeError,
    Identity,
    IdentityError,
    Record,
    one_id,
    settings_of,
)

from ..const import (
    CONF_IDENTITY,
    CONF_RECORD,
    CONF_REGISTERED_AS,
    CONF_SECRETS,
    CONF_SEEN_AS,
    DOMAIN,
)
from ..discovery.entries import find_entry_by_id, find_ignored, is_id_of_another
from ..discovery.new_devices import end_offer
from ..errors import NoIdError, TakenError
from ..reporting.markdown import placeholders
from ..runtime import async_load_domain_data, driver_of
from ..storage import INITIAL, async_load_stored, record_of, record_store, registered_as
from ..vol import Optional
from .entered_address import as_entered

OTHER_DEVICE = (CredentialsError, IdentityError)
"""What an entry's device is not found with where it may have got another id."""
CONF_SAME = "same_device"
SAME_FIELD = {Optional(CONF_SAME, default=False): BooleanSelector()}
"""The form field with which the user says that another device is the same."""


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """Who is at an address, and whom the entry is about so far."""

    address: Address
    known: Identity
    found: Identity

    @property
    def entered(self) -> dict[str, Any]:
        """The address as a form has it."""
        return as_entered(self.address.host, self.address.port)

    @property
    def texts(self) -> dict[str, str]:
        """The placeholders of the form that shows what differs."""
        details = {
            f"{when}_{name}": getattr(identity, field)
            for when, identity in (("old", self.known), ("new", self.found))
            for name, field in (
                ("id", "unique_id"),
                ("name", "name"),
                ("model", "model"),
                ("mac", "mac"),
            )
        }
        return placeholders(address=str(self.address), **details)


async def async_new_identity(
    hass: HomeAssistant, entry: ConfigEntry[Any], *addresses: Address
) -> NewIdentity:
    """Ask who is at the first address that answers, of those that the user entered.

    Raises EdgeError if it cannot be a new one: what came of the last address.
    """
    *first, last = addresses
    for address in first:
        with suppress(EdgeError):
            return await _async_new_identity(hass, entry, address)
    return await _async_new_identity(hass, entry, last)


async def _async_new_identity(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address
) -> NewIdentity:
    record = record_of(entry, await async_load_stored(hass, entry))
    found = await _async_ask(hass, entry, address, record.pin)
    if not found.unique_id:
        raise NoIdError(str(address))
    if is_id_of_another(hass, entry, found.unique_id):
        other = find_entry_by_id(hass, one_id(found.unique_id))
        raise TakenError(other.title if other else found.unique_id)
    return NewIdentity(address, record.identity, found)


async def async_may_be_new(
    hass: HomeAssistant, entry: ConfigEntry[Any], addresses: Sequence[Address], error: Exception
) -> bool:
    """Return whether the user can say that whoever answered at an address is an entry's device.

    `error` is why it was not taken for it.
    """
    if not addresses or not isinstance(error, OTHER_DEVICE):
        return False
    with suppress(EdgeError):
        await async_new_identity(hass, entry, *addresses)
        return True
    return False


async def _async_ask(
    hass: HomeAssistant, entry: ConfigEntry[Any], address: Address, pin: str
) -> Identity:
    runtime = (await async_load_domain_data(hass)).runtime
    stranger = Device(
        driver_of(hass, entry), Record(pin=pin), settings=entry.options, runtime=runtime
    )
    return await stranger.identify(address)


async def async_take_identity(
    hass: HomeAssistant, entry: ConfigEntry[Any], shown: NewIdentity
) -> None:
    """Have an entry stand for the device that the user was shown, if it is still there.

    Its entities, with their names, areas and history, stay. Raises EdgeError.
    """
    now = await async_new_identity(hass, entry, shown.address)
    wanted, found = one_id(shown.found.unique_id), one_id(now.found.unique_id)
    if wanted != found:
        raise IdentityError(wanted, found, shown.address)
    if entry.state is ConfigEntryState.LOADED:  # which writes its record when it is unloaded
        await hass.config_entries.async_unload(entry.entry_id)
    record = record_of(entry, await async_load_stored(hass, entry))
    identity = replace(now.found, name=now.found.name or record.identity.name)
    renewed = Record(identity, (shown.address,), record.profile, pin=record.pin, is_identified=True)
    await record_store(hass, entry.entry_id).async_save({**renewed.as_dict(), CONF_SECRETS: {}})
    _keep_name(hass, entry, identity)
    if ignored := find_ignored(hass, found):
        await hass.config_entries.async_remove(ignored.entry_id)
    _update_entry(hass, entry, renewed)
    end_offer(hass, found)


@callback
def _update_entry(hass: HomeAssistant, entry: ConfigEntry[Any], record: Record) -> None:
    address, identity = record.addresses[0], record.identity
    settings = settings_of(driver_of(hass, entry).Settings)
    passwords = {setting.key for setting in settings if setting.label.secret}
    stored, unique_id = record.as_dict(), one_id(identity.unique_id)
    data = {
        **entry.data,
        CONF_HOST: address.host,
        CONF_PORT: address.port,
        CONF_IDENTITY: asdict(identity),
        CONF_SEEN_AS: unique_id,
        CONF_REGISTERED_AS: registered_as(entry),
        CONF_RECORD: {key: stored[key] for key in INITIAL},
        CONF_SECRETS: {},
    }
    hass.config_entries.async_update_entry(
        entry,
        unique_id=unique_id,
        data=data,
        options={k: v for k, v in entry.options.items() if k not in passwords},
    )


@callback
def _keep_name(hass: HomeAssistant, entry: ConfigEntry[Any], identity: Identity) -> None:
    """Keep the name that a device has in Home Assistant, and forget its former MAC address."""
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier((DOMAIN, registered_as(entry)), entry.entry_id)
    if device is None:
        return
    name = device.name_by_user
    if device.name != identity.name:
        name = name or device.name
    registry.async_update_device(device.id, name_by_user=name, new_connections=set())
