"""A driver's settings: their form, what is entered, and what the device says to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, override

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from homeassistant.helpers.selector import Selector
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.flows.settings_form import UNCHANGED
from lan_edge import (
    Driver,
    JsonRpc,
    Label,
    Profile,
    Range,
    Refresh,
    RefusedError,
)
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, new_entry, set_up
from ..own_drivers import add_driver
from ..waiting import eventually

pytestmark = pytest.mark.usefixtures("drivers")


class Edge(StrEnum):
    """How a dimmer cuts."""

    LEADING = "leading"
    TRAILING = "trailing"


@dataclass(frozen=True)
class BulbSettings:
    """One of each kind."""

    inverted: bool = False
    interval: Annotated[int, Range(5, 60), Label("Pause", "Between readings.", unit="s")] = 30
    offset: float = 0.0
    edge: Edge = Edge.LEADING
    note: str = ""
    token: Annotated[str, Label("Token", secret=True)] = ""
    fade: Annotated[float, Range(0, 30)] = 1.0


def settable() -> list[tuple[BulbSettings, BulbSettings]]:
    """Register a driver with settings; return the changes that it was told of."""
    told = list[tuple[BulbSettings, BulbSettings]]()

    @add_driver
    class Settable(Driver[JsonRpc]):
        id = "settable"
        profile = Profile(Refresh)
        settings: BulbSettings

        @override
        async def identify(self) -> str:
            return str((await self.io.call("info"))["id"])

        @override
        async def settings_changed(self, old: Any) -> None:
            if self.settings.note == "refuse me":
                raise RefusedError("not that note")
            told.append((old, self.settings))

    return told


async def form(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Open the options flow."""
    return dict(await hass.config_entries.options.async_init(entry.entry_id))


async def fill(hass: HomeAssistant, shown: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """Send the form back, filled as it came but for what is `typed`."""
    schema = shown["data_schema"].schema
    given = {str(k): k.description["suggested_value"] for k in schema} | typed
    return dict(await hass.config_entries.options.async_configure(shown["flow_id"], given))


async def test_each_setting_has_its_field(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    shown = await form(hass, entry)
    fields: dict[str, Selector[Any]] = {str(k): v for k, v in shown["data_schema"].schema.items()}
    drawn = {name: (field.selector_type, field.config) for name, field in fields.items()}
    assert {name: kind for name, (kind, _) in drawn.items()} == {
        "Inverted": "boolean",
        "Pause": "number",
        "Offset": "number",
        "Edge": "select",
        "Note": "text",
        "Token": "text",
        "Fade": "number",
    }
    assert drawn["Pause"][1] == {
        "min": 5,
        "max": 60,
        "mode": "box",
        "step": 1.0,
        "unit_of_measurement": "s",
    }
    assert [o["value"] for o in drawn["Edge"][1]["options"]] == ["leading", "trailing"]
    assert drawn["Token"][1]["type"] == "password"
    assert shown["description_placeholders"]["help"] == "- **Pause**: Between readings."


async def test_entered_settings_reach_the_driver_and_are_stored(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    told = settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    device = entry.runtime_data.device
    await eventually(lambda: device.available)
    done = await fill(hass, await form(hass, entry), Pause=7.0, Edge="trailing", Token="s3cret")
    assert done["type"] == "create_entry"
    expected = BulbSettings(interval=7, edge=Edge.TRAILING, token="s3cret")
    assert told == [(BulbSettings(), expected)]
    assert entry.options["token"] == "s3cret"
    assert device.driver.settings == expected

    shown = await form(hass, entry)
    token = next(k for k in shown["data_schema"].schema if str(k) == "Token")
    assert token.description == {"suggested_value": UNCHANGED}  # it is shown to nobody
    await fill(hass, shown, Note="hall")
    assert device.driver.settings == BulbSettings(
        interval=7, edge=Edge.TRAILING, token="s3cret", note="hall"
    )
    await fill(hass, await form(hass, entry), Token="")
    assert device.driver.settings.token == ""
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.device.driver.settings.interval == 7


async def test_an_invalid_setting_is_reported_at_its_field(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    told = settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    await eventually(lambda: entry.runtime_data.device.available)
    shown = await fill(hass, await form(hass, entry), Pause=7.5)
    assert shown["errors"] == {"Pause": "value"}
    assert shown["description_placeholders"]["reason"] == "7.5 is not a whole number"
    shown = await fill(hass, shown, Pause=8, Note="refuse me")
    assert shown["errors"] == {"base": "not_taken"}
    assert shown["description_placeholders"]["reason"] == "not that note"
    assert entry.runtime_data.device.driver.settings == BulbSettings()
    assert dict(entry.options) == {}
    done = await fill(hass, shown, Note="fine")
    assert (done["type"], len(told)) == ("create_entry", 1)


async def test_a_number_out_of_range_is_reported_with_the_range(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    with pytest.raises(InvalidData) as caught:
        await fill(hass, await form(hass, entry), Fade=99)
    assert caught.value.schema_errors == {"Fade": "99 is not a number from 0 to 30"}


async def test_without_settings_there_are_no_options(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    assert not entry.supports_options
    shown: Any = await hass.config_entries.options.async_init(entry.entry_id)
    assert (shown["type"], shown["reason"]) == ("abort", "no_settings")


async def test_with_settings_there_are_options(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    settable()
    assert new_entry(hass, "settable", "early").supports_options  # nothing is loaded yet
    assert (await set_up(hass, "settable", BULB_ID, bulb)).supports_options


async def test_a_setting_that_cannot_matter_is_offered_only_to_who_has_changed_it(
    hass: HomeAssistant, bulb: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    driver = type(entry.runtime_data.device.driver)
    monkeypatch.setattr(driver, "setting_matters", lambda _, name: name == "inverted")
    shown: Any = await hass.config_entries.options.async_init(entry.entry_id)
    assert [*map(str, shown["data_schema"].schema)] == ["Inverted"]
    shown = await hass.config_entries.options.async_configure(shown["flow_id"], {"Inverted": True})
    assert shown["data"] == {"inverted": True}
    monkeypatch.setattr(driver, "setting_matters", lambda _, name: name == 1 / 0)
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert len(shown["data_schema"].schema) == 7  # it fails, so all are offered
    monkeypatch.setattr(driver, "setting_matters", lambda *_: False)
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert [*map(str, shown["data_schema"].schema)] == ["Inverted"]
    await hass.config_entries.options.async_configure(shown["flow_id"], {"Inverted": False})
    assert not entry.supports_options


async def test_options_of_an_entry_that_was_never_set_up(hass: HomeAssistant) -> None:
    settable()
    entry = new_entry(hass, "settable", BULB_ID)
    done = await fill(hass, await form(hass, entry), Pause=11)
    assert done["type"] == "create_entry"
    assert dict(entry.options)["interval"] == 11


@pytest.mark.parametrize("loaded", [True, False])
async def test_while_it_is_away_they_are_kept(
    hass: HomeAssistant, bulb: JsonBulbEmulator, loaded: bool
) -> None:
    told = settable()
    entry = await set_up(hass, "settable", BULB_ID, bulb)
    await eventually(lambda: entry.runtime_data.device.available)
    await bulb.stop()
    await eventually(lambda: not entry.runtime_data.device.available)
    if not loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    done = await fill(hass, await form(hass, entry), Pause=11)
    assert done["type"] == "create_entry"
    assert told == []
    if not loaded:
        await hass.config_entries.async_setup(entry.entry_id)
    assert entry.runtime_data.device.driver.settings.interval == 11
