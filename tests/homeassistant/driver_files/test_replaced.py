"""A driver file is saved while Home Assistant shows its device."""

from homeassistant.components.light import LightEntityFeature
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_SUPPORTED_FEATURES, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import set_up
from ..waiting import eventually

LAMP = '''"""Own lamp: HTTP with the paths of a REST switch."""

from lan_edge import (
    Attribute, Capability, Component, Driver, Http, HttpOptions, Mode, Profile, Switch,
    SwitchLevel, TemperatureMeasurement, command, handles, register,
)


class Glow(Capability, id="own.glow"):
    glow = Attribute(int, minimum=0, maximum=10)

    @command(sets="glow")
    def set_glow(self, glow: int) -> None: ...


@register
class OwnLamp(Driver[Http]):
    id = "own_lamp"
    profile = Profile(Switch, SwitchLevel, Glow)
    poll = 3600

    async def refresh(self):
        self.emit(Switch.switch, Switch.switch.parse(await self.io.get_text("/switch")))
        self.emit(SwitchLevel.level, 50)
        self.emit(Glow.glow, 5)
        # more

    @handles(Switch.on)
    async def turn_on(self):
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self):
        await self.io.post("/switch", "off")

    @handles(SwitchLevel.set_level)
    async def set_level(self, level, rate=None):
        await self.io.post("/switch", "on")

    @handles(Glow.set_glow)
    async def set_glow(self, glow):
        """Do nothing."""
'''
SAVES = 20


class Home:
    """A Home Assistant with a lamp whose driver is a file, and what it has shown."""

    def __init__(self, hass: HomeAssistant, files: DriverFiles, entry: MockConfigEntry) -> None:
        self.hass = hass
        self.files = files
        self.entry = entry
        self.shown: list[tuple[str, str]] = []
        hass.bus.async_listen("state_changed", self._changed)

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        self.shown.append((event.data["entity_id"], "gone" if new is None else new.state))

    @property
    def flips(self) -> list[tuple[str, str]]:
        """What was shown as unavailable, unknown or gone."""
        bad = {STATE_UNAVAILABLE, STATE_UNKNOWN, "gone"}
        return [each for each in self.shown if each[1] in bad]

    @property
    def entities(self) -> dict[str, str]:
        """The ids of the entities, by those of their registry entries."""
        registry = er.async_get(self.hass)
        entries = er.async_entries_for_config_entry(registry, self.entry.entry_id)
        return {entity.id: entity.entity_id for entity in entries}

    async def save(self, *changes: tuple[str, str]) -> None:
        """Save the file with changes, and have it used."""
        text = LAMP
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.files.write("lamp.py", text)
        await self.files.looked_at()
        await self.hass.async_block_till_done()

    def features(self) -> int:
        state = self.hass.states.get("light.fountain")
        assert state is not None
        return int(state.attributes[ATTR_SUPPORTED_FEATURES])


@pytest.fixture
async def home(hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator) -> Home:
    driver_files.write("lamp.py", LAMP)
    entry = await set_up(hass, "own_lamp", "relay-1", switch)
    return Home(hass, driver_files, entry)


async def test_entities_stay_with_their_states_however_often_it_is_saved(home: Home) -> None:
    device, entities = home.entry.runtime_data.device, home.entities
    assert len(entities) == 2
    for number in range(SAVES):
        await home.save(("# more", f"self.number = {number}"))
        services = home.hass.services
        action = "turn_on" if number % 2 else "turn_off"
        await services.async_call("light", action, {"entity_id": "light.fountain"}, blocking=True)
        value = {"entity_id": "number.fountain_glow", "value": 5}
        await services.async_call("number", "set_value", value, blocking=True)
        assert device.driver.number == number
    assert home.entry.runtime_data.device is device
    assert home.entry.state is ConfigEntryState.LOADED
    assert home.entities == entities
    assert home.flips == []
    assert device.connection.attempts == 1


async def test_what_an_entity_can_do_changes_without_a_flip(home: Home) -> None:
    assert home.features() & LightEntityFeature.TRANSITION
    await home.save(("poll = 3600", "poll = 3600\n    fades = False"))
    assert not home.features() & LightEntityFeature.TRANSITION
    await home.save()
    assert home.features() & LightEntityFeature.TRANSITION
    assert home.flips == []


async def test_what_comes_gets_entities_and_what_goes_loses_them(home: Home) -> None:
    before = home.entities
    await home.save(
        (
            "Profile(Switch, SwitchLevel, Glow)",
            "Profile(Switch, SwitchLevel, TemperatureMeasurement)",
        ),
        ("self.emit(Glow.glow, 5)", "self.emit(TemperatureMeasurement.temperature, 20)"),
        ("    @handles(Glow.set_glow)\n", ""),
    )
    await eventually(lambda: home.hass.states.get("sensor.fountain_temperature") is not None)
    await eventually(lambda: "number.fountain_glow" not in home.entities.values())
    assert "light.fountain" not in {entity_id for entity_id, _ in home.flips}
    light = home.hass.states.get("light.fountain")
    assert light is not None
    await home.save()
    await eventually(lambda: {*home.entities.values()} == {*before.values()})


async def test_the_limits_of_an_attribute_change_in_place(home: Home) -> None:
    await home.save(("maximum=10", "maximum=20"))
    number = home.hass.states.get("number.fountain_glow")
    assert number is not None
    assert number.attributes["max"] == 20
    assert number.state == "5"
    assert home.flips == []


async def test_a_class_that_cannot_be_used_leaves_the_former_one(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    device = home.entry.runtime_data.device
    former = type(device.driver)
    await home.save(
        (
            "    async def refresh",
            "    def __init__(self, context):\n        1 / 0\n\n    async def refresh",
        )
    )
    assert type(device.driver) is former
    assert home.entry.state is ConfigEntryState.LOADED
    assert "its former driver stays: OwnLamp cannot be used: ZeroDivisionError" in caplog.text
    assert home.flips == []
    caplog.clear()
    await home.save()
    assert type(device.driver) is not former
