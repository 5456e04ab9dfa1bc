"""The description of a device is changed from its entry, by the steps that describe one."""

from functools import partial
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge import runtime
from custom_components.lan_edge.describing.edited_thing import EditedThing
from custom_components.lan_edge.description_files import copies
from lan_edge import (
    DescriptionDraft,
    bundled_descriptions,
    description_values,
    load_descriptions,
)
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DESCRIBED, DriverFiles
from ..entries import add_service, set_up
from ..states import becomes, call

COMMENTED = DESCRIBED.replace(
    "    switch:\n", "    powerMeter: {power: {fixed: 5}}  # not measured\n    switch:\n"
)
ON = {
    "path": "/switch",
    "method": "POST",
    "body_kind": "text",
    "body": "on",
    "headers": list[str](),
    "try": False,
}
OFF = {**ON, "body": "off"}

pytestmark = pytest.mark.usefixtures("driver_files")


class Dialog:
    """The options of a device in a browser."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        self._hass, self._entry = hass, entry
        self.shown: dict[str, Any] = {}
        """The step that is shown."""

    async def open(self, *choices: str) -> None:
        """Open the options, and choose in the menus."""
        flows = self._hass.config_entries.options
        self.shown = dict(await flows.async_init(self._entry.entry_id))
        await self.choose(*choices)

    async def choose(self, *choices: str) -> None:
        for choice in choices:
            assert choice in self.shown["menu_options"], self.shown["menu_options"]
            await self.fill(next_step_id=choice)

    async def fill(self, **entered: Any) -> None:
        """Submit a form."""
        flows = self._hass.config_entries.options
        self.shown = dict(await flows.async_configure(self.shown["flow_id"], entered))
        await self._hass.async_block_till_done()

    def close(self) -> None:
        self._hass.config_entries.options.async_abort(self.shown["flow_id"])

    @property
    def step(self) -> str:
        """The step that is shown, or how it ended."""
        return str(self.shown.get("step_id") or self.shown["type"])

    @property
    def words(self) -> dict[str, str]:
        """What the texts of the step have in place of their placeholders."""
        return dict(self.shown["description_placeholders"])

    @property
    def suggested(self) -> dict[str, Any]:
        """What the form has in it."""
        fields = {
            str(key): (key.description or {}).get("suggested_value")
            for key in self.shown["data_schema"].schema
        }
        return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
async def valve(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> ConfigEntry[Any]:
    """Return the entry of a device whose description was written by hand."""
    driver_files.describe("valve.yaml", COMMENTED)
    await add_service(hass)
    entry: ConfigEntry[Any] = await set_up(hass, "own_valve", "relay-1", switch)
    return entry


@pytest.fixture
def dialog(hass: HomeAssistant, valve: ConfigEntry[Any]) -> Dialog:
    return Dialog(hass, valve)


async def test_nothing_changes_without_a_change(dialog: Dialog, driver_files: DriverFiles) -> None:
    await dialog.open()
    assert dialog.step == "describe_entry"
    assert dialog.words["devices"] == "Fountain"
    await dialog.choose("describe_change", "describe_edit")
    await dialog.fill(thing="main")
    await dialog.fill(name="")
    assert dialog.suggested["field"] == '"off"'
    assert (dialog.suggested["on_value"], dialog.suggested["off_value"]) == ("on", "off")
    await dialog.fill(**dialog.suggested)
    assert dialog.suggested == ON
    await dialog.fill(**ON)
    await dialog.fill(**OFF)
    await dialog.choose("describe_save")
    await dialog.fill(**dialog.suggested)
    assert dialog.step == "create_entry"
    assert (driver_files.devices / "valve.yaml").read_text() == COMMENTED


async def test_what_is_added_is_there_at_once_and_comments_stay(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    await dialog.open("describe_change", "describe_add")
    await dialog.fill(kind="button", name="Rinse")
    await dialog.fill(**{**ON, "try": True})
    assert switch.state["on"]
    await dialog.choose("describe_keep", "describe_save")
    assert dialog.step == "describe_save"
    await dialog.fill(**dialog.suggested)
    text = (driver_files.devices / "valve.yaml").read_text()
    assert "powerMeter: {power: {fixed: 5}}  # not measured" in text
    assert description_values(text)["components"]["main"]["own"]["rinse"]["name"] == "Rinse"
    await becomes(hass, "button.fountain_rinse", "unknown")
    await call(hass, "button.press", "button.fountain_rinse")


async def test_how_often_it_is_read_is_shown_and_changed(
    dialog: Dialog, driver_files: DriverFiles, valve: ConfigEntry[Any]
) -> None:
    device = valve.runtime_data.device
    await dialog.open("describe_change")
    assert f"every {device.driver.poll_interval:g} s" in dialog.words["read"]
    await dialog.choose("describe_save")
    assert dialog.suggested["poll"] == device.driver.poll_interval
    await dialog.fill(**{**dialog.suggested, "poll": 45})
    assert dialog.step == "create_entry"
    assert description_values((driver_files.devices / "valve.yaml").read_text())["poll"] == 45
    assert device.driver.poll_interval == 45
    await dialog.open("describe_change", "describe_save")
    await dialog.fill(**{**dialog.suggested, "poll": 10})
    text = (driver_files.devices / "valve.yaml").read_text()
    assert "poll" not in description_values(text)  # as usual


async def test_a_command_is_changed(dialog: Dialog, driver_files: DriverFiles) -> None:
    await dialog.open("describe_change", "describe_edit")
    await dialog.fill(thing="main")
    await dialog.fill(name="")
    await dialog.fill(**dialog.suggested)
    await dialog.fill(**{**ON, "path": "/power"})
    await dialog.fill(**OFF)
    await dialog.choose("describe_save")
    await dialog.fill(**dialog.suggested)
    text = (driver_files.devices / "valve.yaml").read_text()
    changed = "'on': {post: /power, text: 'on'}"
    assert text == COMMENTED.replace('on: {post: /switch, text: "on"}', changed)


async def test_a_request_is_changed(dialog: Dialog, driver_files: DriverFiles) -> None:
    wrong = COMMENTED.replace("{get: /switch}", "{get: /state, optional: true}")
    driver_files.describe("valve.yaml", wrong)
    await driver_files.looked_at()
    await dialog.open("describe_change", "describe_requests")
    await dialog.fill(request="state")
    assert dialog.suggested["path"] == "/state"
    await dialog.fill(path="/switch", method="GET", body_kind="none")
    assert dialog.step == "describe_answer"
    await dialog.choose("describe_overview", "describe_save")
    await dialog.fill(**dialog.suggested)
    text = (driver_files.devices / "valve.yaml").read_text()
    request = {"get": "/switch", "optional": True}
    assert description_values(text)["requests"] == {"state": request}


async def test_what_devices_lose_is_said_before(dialog: Dialog, driver_files: DriverFiles) -> None:
    await dialog.open("describe_change", "describe_add")
    await dialog.fill(kind="button", name="Rinse")
    await dialog.fill(**ON)
    await dialog.choose("describe_remove")
    await dialog.fill(things=["main"])
    await dialog.choose("describe_save")
    assert dialog.step == "describe_save_lost"
    assert dialog.words["lost"] == "Own \u2217valve\u2217"  # the switch has the name of the device
    assert (driver_files.devices / "valve.yaml").read_text() == COMMENTED


async def test_the_main_switch_is_called_what_its_owner_calls_it(
    hass: HomeAssistant, dialog: Dialog, driver_files: DriverFiles
) -> None:
    [entity_id] = hass.states.async_entity_ids("switch")
    assert hass.states.get(entity_id).name == "Fountain"  # type: ignore[union-attr]
    await dialog.open("describe_change", "describe_edit")
    await dialog.fill(thing="main")
    await dialog.fill(name="Router")
    await dialog.fill(**dialog.suggested)
    await dialog.fill(**ON)
    await dialog.fill(**OFF)
    await dialog.choose("describe_save")
    assert dialog.words["switch"] == "Router"
    await dialog.fill(**dialog.suggested)
    await becomes(hass, entity_id, "off", friendly_name="Fountain Router")


async def test_what_else_is_lost_is_said(dialog: Dialog) -> None:
    lamp = COMMENTED.replace("    switch:\n", "    category: light\n    switch:\n")
    level = "    switchLevel: {level: {fixed: 5}, setLevel: {post: /level, text: '{level}'}}\n"
    dims = lamp.replace("    switch:\n", f"{level}    switch:\n")
    parts = "`main.switchLevel.level`, `main.switchLevel.setLevel`"
    is_a_lamp_now = "Own \u2217valve\u2217"
    for text, lost in ((dims, is_a_lamp_now), (lamp, parts)):
        await dialog.open("describe_change", "describe_text")
        await dialog.fill(text=text)
        await dialog.choose("describe_save")
        assert dialog.words.get("lost", "") == lost
        await dialog.fill(**dialog.suggested)


async def test_the_text_keeps_its_id(dialog: Dialog) -> None:
    await dialog.open("describe_change", "describe_text")
    assert dialog.suggested["text"] == COMMENTED
    await dialog.fill(text=COMMENTED.replace("own_valve", "other"))
    assert dialog.shown["errors"] == {"text": "id_in_use"}
    edited = COMMENTED.replace("# not", "# never")
    await dialog.fill(text=edited)
    assert dialog.step == "describe_overview_change"
    await dialog.choose("describe_text")
    assert dialog.suggested["text"] == edited


async def test_a_closed_change_is_offered_again(dialog: Dialog, driver_files: DriverFiles) -> None:
    await dialog.open("describe_change", "describe_add")
    await dialog.fill(kind="button", name="Rinse")
    await dialog.fill(**ON)
    dialog.close()
    await dialog.open("describe_resume")
    assert dialog.words["things"].endswith("Rinse\n- `main.powerMeter`")
    dialog.close()
    await dialog.open("describe_change")
    assert "Rinse" not in dialog.words["things"]
    dialog.close()
    driver_files.describe("valve.yaml", DESCRIBED)  # what it was begun with is no more
    await dialog.open()
    assert "describe_resume" not in dialog.shown["menu_options"]


async def test_of_two_dialogs_at_once_the_second_overwrites_nothing(
    hass: HomeAssistant, dialog: Dialog, valve: ConfigEntry[Any], driver_files: DriverFiles
) -> None:
    other = Dialog(hass, valve)
    for each in (dialog, other):
        await each.open("describe_change", "describe_save")
    await dialog.fill(**{**dialog.suggested, "name": "First"})
    assert dialog.step == "create_entry"
    await other.fill(**{**other.suggested, "name": "Second"})
    assert other.shown["errors"] == {"base": "changed_meanwhile"}
    assert "name: First\n" in (driver_files.devices / "valve.yaml").read_text()


async def test_a_file_that_is_deleted_meanwhile_stays_deleted(
    dialog: Dialog, driver_files: DriverFiles
) -> None:
    await dialog.open("describe_change", "describe_save")
    file = driver_files.devices / "valve.yaml"
    file.unlink()
    await driver_files.looked_at()
    await dialog.fill(**{**dialog.suggested, "name": "Other"})
    assert dialog.shown["errors"] == {"base": "changed_meanwhile"}
    assert not file.exists()


async def test_an_entry_that_is_removed_meanwhile(
    hass: HomeAssistant, dialog: Dialog, valve: ConfigEntry[Any]
) -> None:
    await dialog.open("describe_change")
    await hass.config_entries.async_remove(valve.entry_id)
    await dialog.fill(next_step_id="describe_text")
    assert (dialog.step, dialog.shown.get("reason")) == ("abort", "removed")


async def test_a_text_that_is_wrong_is_corrected(dialog: Dialog, driver_files: DriverFiles) -> None:
    driver_files.describe("valve.yaml", COMMENTED.replace("get:", "gett:"))
    await driver_files.looked_at()
    await dialog.open("describe_change")
    assert dialog.step == "describe_text"
    assert "Did you mean get?" in dialog.words["faults"]
    await dialog.fill(text=COMMENTED)
    await dialog.choose("describe_save")
    await dialog.fill(**dialog.suggested)
    assert dialog.step == "create_entry"
    assert (driver_files.devices / "valve.yaml").read_text() == COMMENTED


async def test_a_copy_of_a_bundled_one_is_changed(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    switch: RestSwitchEmulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "bundled"
    folder.mkdir()
    (folder / "own_valve.yaml").write_text(COMMENTED)
    load = partial(load_descriptions, folder=str(folder))
    monkeypatch.setattr(runtime, "load_descriptions", load)
    monkeypatch.setattr(copies, "bundled_descriptions", partial(bundled_descriptions, str(folder)))
    await add_service(hass)
    entry = await set_up(hass, "own_valve", "relay-1", switch)
    dialog = Dialog(hass, entry)
    await dialog.open()
    assert dialog.step == "describe_entry_bundled"
    await dialog.choose("describe_change", "describe_add")
    await dialog.fill(kind="button", name="Rinse")
    await dialog.fill(**ON)
    await dialog.choose("describe_save")
    assert not driver_files.devices.exists()
    await dialog.fill(**dialog.suggested)
    assert "# not measured" in (driver_files.devices / "own_valve.yaml").read_text()
    assert (folder / "own_valve.yaml").read_text() == COMMENTED
    await becomes(hass, "button.fountain_rinse", "unknown")
    await dialog.open()
    assert dialog.step == "describe_entry"


async def test_a_device_that_is_off_can_be_changed(
    dialog: Dialog, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    await switch.stop()
    await dialog.open("describe_change", "describe_edit")
    await dialog.fill(thing="main")
    await dialog.fill(name="Valve")
    assert dialog.shown["errors"]["base"]
    await dialog.fill(**dialog.suggested)
    await dialog.fill(**ON)
    await dialog.fill(**OFF)
    await dialog.choose("describe_save")
    await dialog.fill(**dialog.suggested)
    assert "name: Valve" in (driver_files.devices / "valve.yaml").read_text()


LINES = """\
description: 1
id: amplifier
name: Amplifier
talks: lines
options: {port: 23}
requests: {power: {line: "PWR?"}}
components:
  main:
    switch:
      switch: {word: 1}
      on: {line: PWR ON}
      off: [{line: PWR OFF}, {line: SAVE, wait: 1}]
"""


def test_a_command_that_is_a_line_is_in_the_form_and_one_of_two_lines_is_not() -> None:
    edited = EditedThing(DescriptionDraft(description_values(LINES)), "main")
    assert edited.suggested_commands() == {"on": {"message": "PWR ON", "answered": False}}
