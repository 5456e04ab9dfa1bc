"""A description that somebody has shared: from its text, or its URL, to the device."""

import json
from pathlib import Path
from typing import Any

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

import custom_components.lan_edge
from custom_components.lan_edge import PLATFORMS
from custom_components.lan_edge.driver_files.watch import async_look_now
from custom_components.lan_edge.service_entry import service_entry
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.ports import free_port

from ..driver_folder import DESCRIBED, DriverFiles
from ..entries import add_service, comes_online
from ..flow_steps import created, go_on, menu, words

TEXT = DESCRIBED.replace(
    "talks: http",
    """\
requirements: Switch on its local API.
source: https://example.com/api
parameters: {token: {kind: secret, label: Access token}}
login: {bearer: "{token}"}
talks: http""",
)


VACUUM = """\
description: 1
id: own_vacuum
name: Own vacuum
talks: http
requests:
  status: {get: /status}
components:
  main:
    robotCleanerMovement:
      robotCleanerMovement: {from: status, path: does, map: {1: cleaning, 0: idle}}
      setRobotCleanerMovement: {post: /do, json: {does: "{mode}"}}
"""
TRANSLATIONS = Path(custom_components.lan_edge.__file__).parent / "translations"


async def pasted(hass: HomeAssistant, text: str) -> Any:
    """Paste a text in the dialog that adds a device."""
    flow = await menu(hass, "describe")
    assert "described_import" in (flow["menu_options"] or ())
    flow = await go_on(hass, flow, next_step_id="described_import")
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "described_import")
    return await go_on(hass, flow, text=text)


async def test_from_a_text_to_its_device_without_any_entry(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    assert service_entry(hass) is None
    flow = await pasted(hass, TEXT)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.MENU, "described_review")
    assert flow["menu_options"] == ["described_save", "described_text", "describe"]
    assert words(flow)["about"].splitlines() == [
        "Source that the text names: `https://example.com/api`",
        "What to do at the device first: Switch on its local API.",
        "You will be asked for: Access token (secret)",
    ]
    assert not driver_files.devices.exists()
    flow = await go_on(hass, flow, next_step_id="described_save")
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "described_device")
    assert words(flow)["name"] == "Own \u2217valve\u2217"
    assert words(flow)["help"] == "Switch on its local API."
    schema: Any = flow["data_schema"]
    assert list(schema.schema) == ["host", "port"]
    flow = await go_on(hass, flow, host=switch.host, port=switch.port)
    assert flow["step_id"] == "asked"
    entry = created(await go_on(hass, flow, **{"Access token": "s3cret"}))
    await comes_online(entry)
    [state] = hass.states.async_all("switch")
    assert state.state == "off"


async def test_an_address_where_nothing_answers_is_asked_for_again(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    flow = await pasted(hass, DESCRIBED)
    flow = await go_on(hass, flow, next_step_id="described_save")
    flow = await go_on(hass, flow, host=switch.host, port=free_port())
    assert (flow["step_id"], flow["errors"]) == ("described_device", {"base": "unreachable"})
    entry = created(await go_on(hass, flow, host=switch.host, port=switch.port))
    await comes_online(entry)


@pytest.mark.usefixtures("switch")
async def test_the_same_text_again_leads_to_another_device(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    flow = await pasted(hass, DESCRIBED)
    await go_on(hass, flow, next_step_id="described_save")
    assert (await pasted(hass, f"\n{DESCRIBED}"))["step_id"] == "described_device"
    other = await pasted(hass, DESCRIBED.replace("3600", "60"))
    assert (other["step_id"], other["errors"]) == ("described_text", {"text": "id_taken"})


async def test_what_is_wrong_is_told_at_its_line(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    long = f"state: {{gett: /{'x' * 200}}}"
    flow = await pasted(hass, DESCRIBED.replace("state: {get: /switch}", long))
    assert (flow["step_id"], flow["errors"]) == ("described_text", {"text": "text_faults"})
    said, line = words(flow)["faults"].splitlines()
    assert said.startswith("- `Line 9: requests.state.gett is an unknown field.")
    assert line.startswith("  `9 | state: {gett: /xxx")
    assert line.endswith("x…`")
    flow = await go_on(hass, flow, text=DESCRIBED)
    flow = await go_on(hass, flow, next_step_id="describe")
    assert flow["step_id"] == "describe"
    assert not driver_files.devices.exists()


MANY = "\n".join(
    f"""\
  outlet_{number}:
    {"name: Outlet of the pump" if number == 2 else "child: false"}
    own:
      power{number}:
        switch: true
        name: Power {number}
        assumed: true
        set: {{get: "/set?p={{value}}"}}
      limit: {{number: true, assumed: true, set: {{get: "/limit?p={{value}}"}}}}
    switchLevel:
      level: {{from: state}}
      setLevel: {{get: "/level/{number}?to={{level}}"}}"""
    for number in range(1, 5)
)


@pytest.mark.usefixtures("driver_files")
async def test_a_review_of_much_is_folded(hass: HomeAssistant) -> None:
    flow = await pasted(hass, DESCRIBED + MANY)
    sent = words(flow)["sent"]
    assert "<details><summary>When you operate it:</summary>\n\n- The device itself: `POST" in sent
    assert "\n- Outlet of the pump: `GET /level/2?to={level}`" in sent
    assert "\n- Outlet 1: `GET /level/1?to={level}`" in sent
    assert "\n- Power 3: `GET /set?p={value}`" in sent
    assert "\n- Limit: `GET /limit?p={value}`, `GET /limit?p={value}`" in sent
    assert sent.endswith("</details>")
    assert "Outlet of the pump Level (%)" in words(flow)["entities"]


async def test_from_configure_to_the_dialog_that_adds_a_device(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    options, flows = hass.config_entries.options, hass.config_entries.flow
    service = await add_service(hass)
    flow: Any = await options.async_init(service.entry_id)
    for choice in ("described", "described_import"):
        flow = await options.async_configure(flow["flow_id"], {"next_step_id": choice})
    flow = await options.async_configure(flow["flow_id"], {"text": DESCRIBED})
    for choice in ("described_save", "described_add"):
        flow = await options.async_configure(flow["flow_id"], {"next_step_id": choice})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "add_device")
    kind, flow_id = flow["next_flow"]
    assert kind == "config_flow"
    shown = await flows.async_configure(flow_id)
    assert shown["step_id"] == "described_device"
    entry = created(await go_on(hass, shown, host=switch.host, port=switch.port))
    await comes_online(entry)


async def test_who_deletes_the_file_before_the_address_is_told(
    hass: HomeAssistant, driver_files: DriverFiles, switch: RestSwitchEmulator
) -> None:
    flow = await pasted(hass, DESCRIBED)
    flow = await go_on(hass, flow, next_step_id="described_save")
    for path in driver_files.devices.glob("*.yaml"):
        path.unlink()
    await async_look_now(hass)
    flow = await go_on(hass, flow, host=switch.host, port=switch.port)
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "not_supported")


@pytest.mark.usefixtures("driver_files")
async def test_a_vacuum_cleaner_is_reviewed_like_all_else(hass: HomeAssistant) -> None:
    flow = await pasted(hass, VACUUM)
    assert flow["step_id"] == "described_review"
    assert "- Vacuum cleaners: Own vacuum" in words(flow)["entities"]


def test_every_kind_of_entity_has_its_words() -> None:
    english: Any = json.loads((TRANSLATIONS / "en.json").read_text(encoding="utf-8"))
    groups = {*map(str, PLATFORMS), *map(str, (EntityCategory.CONFIG, EntityCategory.DIAGNOSTIC))}
    for part in ("config", "options"):
        sections = english[part]["step"]["describe_finish"]["sections"]
        said = {group: each["description"] for group, each in sections.items()}
        assert said == {group: f"{{{group}}}" for group in groups}
