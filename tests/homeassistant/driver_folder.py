"""The folder of driver files in the configuration of a test's Home Assistant."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from custom_components.lan_edge.driver_files.watch import async_look

RELAY = '''"""Own relay: HTTP with the paths of a REST switch."""

from lan_edge import Driver, Http, Mdns, Profile, Switch, handles, register


@register
class OwnRelay(Driver[Http]):
    id = "own_relay"
    discovery = (Mdns("_own-relay._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile(Switch)
    poll = 3600

    async def refresh(self):
        self.emit(Switch.switch, Switch.switch.parse(await self.io.get_text("/switch")))

    @handles(Switch.on)
    async def turn_on(self):
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self):
        await self.io.post("/switch", "off")
'''
"""A driver for `RestSwitchEmulator`."""


class DriverFiles:
    """The user's folder of driver files."""

    def __init__(self, hass: HomeAssistant, path: Path) -> None:
        self._hass = hass
        self.path = path
        self.devices = path.with_name("devices")
        """The folder of described devices."""

    def describe(self, name: str, text: str) -> Path:
        """Write a description, as an editor saves it."""
        self.devices.mkdir(parents=True, exist_ok=True)
        file = self.devices / name
        file.write_text(text)
        return file

    def write(self, name: str, text: str = RELAY) -> Path:
        """Write a file, as an editor saves it."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = self.path / name
        file.write_text(text)
        return file

    async def looked_at(self) -> None:
        """Have it looked at twice, as Home Assistant does every two seconds."""
        for _ in range(2):
            await async_look(self._hass)
            await self._hass.async_block_till_done()


DESCRIBED = """\
description: 1
id: own_valve
name: Own *valve*
talks: http
poll: 3600
found_by:
  - {mdns: _own-valve._tcp.local., unique_id: "{txt[id]}"}
requests:
  state: {get: /switch}
components:
  main:
    switch:
      switch: {map: {"on": true, "off": false}}
      on: {post: /switch, text: "on"}
      off: {post: /switch, text: "off"}
"""
"""A description for `RestSwitchEmulator`."""
