"""What a described device may lack has no entity until it was told; then it has one for good."""

from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from tests.emulators.rest_switch import RestSwitchEmulator

from .driver_folder import DriverFiles
from .entries import set_up

TEXT = """\
description: 1
id: optional
name: Optional
talks: http
poll: 3600
requests: {state: {get: /switch}}
components:
  main:
    switch:
      switch: {map: {"on": true, "off": false}}
      on: {post: /switch, text: "on"}
      off: {post: /switch, text: "off"}
    own:
      alarm: {text: true, pattern: "alarm.{1,9}", optional: true}
      level:
        {number: [0, 9], pattern: "[0-9]", optional: true, set: {post: /switch, text: "{value}"}}
  socket:
    name: Socket
    optional: true
    own:
      power: {number: true, pattern: "on", map: {"on": 5}}
"""


async def test_it_comes_and_stays(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    driver_files.describe("optional.yaml", TEXT)
    entry: Any = await set_up(hass, "optional", "relay-1", switch)
    registry = er.async_get(hass)

    def entities() -> dict[str, str]:
        """Return the ids of the entities, by the ends of their unique ids."""
        registered = er.async_entries_for_config_entry(registry, entry.entry_id)
        return {each.unique_id.removeprefix("relay-1-"): each.entity_id for each in registered}

    def told(key: str) -> str:
        state = hass.states.get(entities()[key])
        return state.state if state is not None else ""

    [key] = entities()
    await turn(hass, entities()[key], "on")
    assert entities().keys() == {key, POWER}
    assert told(POWER) == "5.0"
    await turn(hass, entities()[key], "off")
    assert entities().keys() == {key, POWER}
    assert told(POWER) == STATE_UNKNOWN


async def turn(hass: HomeAssistant, entity_id: str, way: str) -> None:
    await hass.services.async_call("switch", f"turn_{way}", {"entity_id": entity_id}, blocking=True)
    await hass.async_block_till_done()


POWER = "socket-optional.socket.power"
