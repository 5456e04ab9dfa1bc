"""Removal from the registries, which remember what was removed so that the user can have it back.

What was shown for a short time only, and was not changed by the user, is not remembered: a device
decides what it is made of, and must not fill the registries.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

MIN_AGE = timedelta(minutes=10)
"""How long something must have been there to be remembered."""
MAX_REMEMBERED = 256
"""The most removed entities of an entry that are remembered, those aside that the user changed."""


class Ages:
    """How long something has been in a registry, by its unique id or identifier there.

    The wall clock may jump, as that of a board without a battery does after its start. So the time
    in this run is that of the event loop, and `created_at` counts only for what is older.
    """

    __slots__ = ("_hass", "_older", "_since")

    def __init__(self, hass: HomeAssistant) -> None:
        """Know of nothing yet."""
        self._hass = hass
        self._since: dict[str, float] = {}
        self._older = set[str]()

    @callback
    def begin(self, name: str, *, is_registered: bool) -> None:
        """Note that something is shown from now on; it may be in the registry already."""
        if name not in self._since:
            self._since[name] = self._hass.loop.time()
            if is_registered:
                self._older.add(name)

    @callback
    def end(self, name: str, created_at: datetime) -> timedelta:
        """Return the age of something that is removed."""
        since, is_older = self._since.get(name), name in self._older
        self.forget(name)
        by_wall_clock = dt_util.utcnow() - created_at
        if since is None:
            return by_wall_clock
        in_this_run = timedelta(seconds=self._hass.loop.time() - since)
        return max(in_this_run, by_wall_clock) if is_older else in_this_run

    @callback
    def forget(self, name: str) -> None:
        """Take note that something is shown no longer."""
        self._since.pop(name, None)
        self._older.discard(name)


@callback
def async_remove_entity(hass: HomeAssistant, ages: Ages, entity: er.RegistryEntry) -> None:
    """Remove an entity."""
    registry = er.async_get(hass)
    age = ages.end(entity.unique_id, entity.created_at)
    is_remembered = _is_changed_entity(entity) or _is_worth_it(hass, entity, age)
    registry.async_remove(entity.entity_id)
    if not is_remembered:
        registry.deleted_entities.pop((entity.domain, entity.platform, entity.unique_id), None)


@callback
def async_remove_children(
    hass: HomeAssistant, ages: Ages, main_id: str, children: Iterable[dr.ChildDeviceEntry]
) -> None:
    """Remove child devices of the device with the id `main_id`."""
    registry = dr.async_get(hass)
    main = registry.async_get(main_id, include_child_devices=False)
    forgotten = set[tuple[str, str]]()
    for child in children:
        age = ages.end(next(iter(child.identifiers))[1], child.created_at)
        if not _is_changed_device(child) and not _is_worth_it(hass, child, age):
            forgotten |= child.identifiers
        registry.async_remove_device(child.id)
    if forgotten and main is not None:
        # The registry forgets a removed device whose identifiers another one has.
        registry.async_update_device(main.id, new_identifiers=main.identifiers | forgotten)
        registry.async_update_device(main.id, new_identifiers=main.identifiers)


def _is_worth_it(
    hass: HomeAssistant, entry: er.RegistryEntry | dr.ChildDeviceEntry, age: timedelta
) -> bool:
    """Return whether something is to be remembered even if the user has not changed it."""
    if age < MIN_AGE:
        return False
    removed = er.async_get(hass).deleted_entities.values()
    remembered = sum(each.config_entry_id == entry.config_entry_id for each in removed)
    return remembered < MAX_REMEMBERED


def _is_changed_entity(entity: er.RegistryEntry) -> bool:
    by_user = entity.disabled_by is er.RegistryEntryDisabler.USER or entity.hidden_by is not None
    texts = (entity.name, entity.icon, entity.area_id, entity.device_class)
    return by_user or any((*texts, entity.labels, entity.categories))


def _is_changed_device(device: dr.ChildDeviceEntry) -> bool:
    by_user = device.disabled_by is dr.DeviceEntryDisabler.USER
    return by_user or any((device.name_by_user, device.area_id, device.labels))
