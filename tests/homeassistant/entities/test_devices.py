"""The device registry: devices are registered in set-up and with the profile, not by reading."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from lan_edge import Component, Profile, Switch
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, device_of, set_up
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
    await hass.async_block_till_done()
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


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "not a URL",
        "http://",
        "http://[",
        "http://[]@",
        "homeassistant://config",
        "https://127.0.0.2/",
        "https://127.0.0.1@elsewhere.example/",
        "http://localhost/",
    ],
)
async def test_a_web_page_elsewhere_is_left_out(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, url: str
) -> None:
    lab()
    identity = {"unique_id": BULB_ID, "name": "Desk lamp", "url": url}
    entry = await set_up(hass, "lab", BULB_ID, bulb, identity=identity)
    assert hass.states.get("light.desk_lamp")
    registry = dr.async_get(hass)

    def main() -> dr.DeviceEntry:
        [found] = dr.async_entries_for_config_entry(registry, entry.entry_id)
        return found

    assert main().configuration_url is None
    own = f"http://{bulb.host}:8080/set-up"
    await push(bulb, told={"url": own})
    await eventually(lambda: main().configuration_url == own)
    await push(bulb, told={"url": url})
    await eventually(lambda: main().configuration_url is None)
    assert device_of(entry).identity.url == url


async def test_a_web_page_with_a_login_is_left_out(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb, secrets={"token": "hunter2 & co"})
    registry = dr.async_get(hass)

    def page() -> str | None:
        [main] = dr.async_entries_for_config_entry(registry, entry.entry_id)
        return main.configuration_url

    for number, secret in enumerate(
        ("admin:pw@{}/", "admin@{}/", "{}/?t=hunter2%20%26%20co", "{}/a/0123456789abcdefXYZ/b")
    ):
        own, url = f"http://{bulb.host}/{number}", f"http://{secret.format(bulb.host)}"
        await push(bulb, told={"url": own})
        await eventually(lambda: page() == own)  # noqa: B023  # it is awaited at once
        await push(bulb, told={"url": url})
        await eventually(lambda: device_of(entry).identity.url == url)  # noqa: B023
        await hass.async_block_till_done()
        assert page() is None, secret
