"""The device registry: devices are registered in set-up and with the profile, not by reading."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from lan_edge import Component, Profile, Switch
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, set_up
from ..json_bulb import push
from ..lab import lab
from ..waiting import eventually

REGISTRY = dr.DeviceRegistry
STRIP = Profile(
    Switch,
    relay=Component((Switch,), "Relay", child=True),
    empty=Component((), "Empty", child=True),
)


async def test_reading_the_device_of_an_entity_registers_nothing(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=STRIP.as_dict())
    await eventually(lambda: len(hass.states.async_entity_ids("switch")) == 2)
    entities = hass.data["switch"].entities
    with (
        patch.object(REGISTRY, "async_get_or_create") as main,
        patch.object(REGISTRY, "async_get_or_create_child") as child,
    ):
        described = [entity.device_info for entity in entities]
        described += [entry.runtime_data.registry_devices.info("empty")]
    assert len(described) == 3
    assert not main.called
    assert not child.called


async def test_a_device_is_registered_with_what_has_entities(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=STRIP.as_dict())
    registry = dr.async_get(hass)

    def children() -> list[dr.ChildDeviceEntry]:
        return dr.async_child_entries_for_config_entry(registry, entry.entry_id)

    await eventually(children)
    await hass.async_block_till_done()
    [main] = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert [(c.name, c.parent_device_id) for c in children()] == [("Relay", main.id)]
    # what nobody has enabled keeps its device
    [relay] = er.async_entries_for_device(er.async_get(hass), children()[0].id)
    er.async_get(hass).async_update_entity(
        relay.entity_id, disabled_by=er.RegistryEntryDisabler.USER
    )
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert [c.name for c in children()] == ["Relay"]
