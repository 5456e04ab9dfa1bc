"""What is announced at the end of a dialog is what Home Assistant shows then."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.lan_edge.describing.open_draft import OpenDraft
from custom_components.lan_edge.describing.preview import async_preview
from custom_components.lan_edge.flows.preview import previewed
from lan_edge import DescriptionDraft, description_values
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import set_up

TEXT = """\
description: 1
id: preview
name: Preview
talks: http
poll: 3600
requests: {state: {get: /switch}}
components:
  main:
    switch:
      switch: {map: {"on": true, "off": false}}
      on: {post: /switch, text: "on"}
      off: {post: /switch, text: "off"}
    powerMeter: {power: {fixed: 5.0}}
    own:
      charging: {number: [6, 32], unit: A, device_class: current, from: state,
        set: {post: /switch, text: "{value}"}}
      level: {number: true, unit: dBm, diagnostic: true, from: state}
      alarm: {switch: true, map: {"on": true, "off": false}}
      restart: {button: {post: /switch, text: "on"}}
      mode: {choice: ["on", "off"], from: state, set: {post: /switch, text: "{value}"}}
  outlet_1:
    name: Outlet
    switch:
      switch: {map: {"on": true, "off": false}}
      on: {post: /switch, text: "on"}
      off: {post: /switch, text: "off"}
    energyMeter: {energy: {fixed: 1.0}}
  pump:
    child: true
    category: light
    switch:
      switch: {map: {"on": true, "off": false}}
      on: {post: /switch, text: "on"}
      off: {post: /switch, text: "off"}
"""


async def test_it_is_what_is_registered_then(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("preview.yaml", TEXT)
    entry: Any = await set_up(hass, "preview", "relay-1", switch)
    device = entry.runtime_data.device
    registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    shown = [
        (
            each.domain,
            each.original_name or "",
            each.unit_of_measurement or "",
            each.original_device_class or "",
            each.entity_category,
        )
        for each in registered
    ]
    announced = []
    for each in previewed(device):
        name = TRANSLATED.get(each.translation_key, each.name)
        announced.append((each.platform, name, each.unit, each.device_class, each.category))
    assert sorted(announced, key=str) == sorted(shown, key=str)
    assert len(shown) == 10


async def test_it_is_grouped_as_home_assistant_groups_it(hass: HomeAssistant) -> None:
    draft = DescriptionDraft(description_values(TEXT))
    sections, texts = await async_preview(hass, OpenDraft(draft))
    assert [str(each) for each in sections] == [*texts]
    assert texts == {
        "switch": "Preview, Outlet",
        "sensor": "Power (Power, W), Outlet Energy (Energy, kWh)",
        "config": "Charging (Current, A), Mode",
        "diagnostic": "Level (dBm)",
        "binary_sensor": "Alarm",
        "button": "Restart",
        "light": "Pump",
    }


async def test_a_draft_that_cannot_be_used_announces_nothing(hass: HomeAssistant) -> None:
    assert await async_preview(hass, OpenDraft()) == ({}, {})


TRANSLATED = {"power_meter_power": "Power", "energy_meter_energy": "Energy"}
