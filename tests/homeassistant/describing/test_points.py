"""What the points of a Tuya device mean, as its owner says in *Configure*."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.describing import points_dialog
from custom_components.lan_edge.description_files.checking import CheckedText, async_check_text
from custom_components.lan_edge.discovery.routing import route_or_offer
from lan_edge import Address
from tests.emulators.tuya import ID, KEY, TuyaEmulator

from ..discovery.test_cloud_keys import seen
from ..driver_folder import DriverFiles
from ..entries import add_service, new_entry
from ..states import becomes, call
from ..waiting import eventually

POINTS: dict[str, Any] = {"1": False, "9": 0, "19": 805, "20": 2301, "101": 215, "102": "0"}


@pytest.fixture
async def plug() -> AsyncGenerator[TuyaEmulator]:
    async with TuyaEmulator(POINTS, version="3.4", most_clients=4) as emulator:
        yield emulator


@pytest.fixture
async def entry(
    hass: HomeAssistant, plug: TuyaEmulator, driver_files: DriverFiles
) -> MockConfigEntry:
    del driver_files  # in a folder of its own
    await add_service(hass)
    fields = {"device_id": ID, "version": "3.4"}
    made = new_entry(
        *(hass, "tuya", ID, plug),
        secrets={"local_key": KEY},
        record={"fields": fields},
    )
    assert await hass.config_entries.async_setup(made.entry_id)
    await becomes(hass, "switch.tuya", "off")
    return made


async def begun(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["describe_points", "settings"]
    return await go_on(hass, menu, next_step_id="describe_points")


async def go_on(hass: HomeAssistant, flow: ConfigFlowResult, **given: Any) -> ConfigFlowResult:
    step: ConfigFlowResult = await hass.config_entries.options.async_configure(
        flow["flow_id"], given
    )
    await hass.async_block_till_done()
    return step


async def meant(
    hass: HomeAssistant, flow: ConfigFlowResult, point: str, **given: Any
) -> ConfigFlowResult:
    form = await go_on(hass, flow, point=point)
    assert form["step_id"] == "describe_point"
    return await go_on(hass, form, **given)


def labels(form: ConfigFlowResult) -> dict[str, str]:
    assert form["data_schema"] is not None
    (field,) = form["data_schema"].schema.values()
    return {each["value"]: each["label"] for each in field.config["options"]}


def kinds(form: ConfigFlowResult) -> list[str]:
    assert form["data_schema"] is not None
    offered: list[str] = form["data_schema"].schema["meaning"].config["options"]
    return offered


async def test_each_point_is_there_with_its_value_and_what_it_is_taken_for(
    hass: HomeAssistant, plug: TuyaEmulator, entry: MockConfigEntry
) -> None:
    form = await begun(hass, entry)
    assert labels(form) == {
        "1": "1 = false (Switch)",
        "9": "9 = 0",
        "19": "19 = 805 (Power in W)",
        "20": "20 = 2301 (Voltage in V)",
        "101": "101 = 215",
        "102": "102 = 0",
    }
    assert form["description_placeholders"] == {"shared": ""}
    del plug


async def test_they_are_in_the_language_of_the_user(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.language = "de"
    form = await begun(hass, entry)
    assert labels(form)["1"] == "1 = false (Schalter)"
    form = await go_on(hass, form, point="19")
    assert form["description_placeholders"] == {
        "point": "`19`",
        "value": "`805`",
        "meaning": "Leistung in W",
        "reason": "",
    }


async def test_other_devices_are_named_that_have_the_same_description(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await meant(hass, await begun(hass, entry), "101", meaning="number")
    assert form["description_placeholders"] == {"shared": ""}
    MockConfigEntry(
        domain=entry.domain, title="Other plug", unique_id="other", data=dict(entry.data)
    ).add_to_hass(hass)
    form = await begun(hass, entry)
    shared = (form["description_placeholders"] or {})["shared"]
    assert "Other plug" in shared
    assert entry.title not in shared


async def test_entities_follow_what_points_mean(
    hass: HomeAssistant, plug: TuyaEmulator, entry: MockConfigEntry
) -> None:
    registry = er.async_get(hass)
    before = registry.async_get("switch.tuya")
    await becomes(hass, "sensor.tuya_power", "80.5")
    form = await begun(hass, entry)
    form = await meant(hass, form, "101", meaning="temperature", divisor=10)
    assert form["step_id"] == "describe_points"
    assert labels(form)["101"] == "101 = 215 (Temperature in °C)"
    await becomes(hass, "sensor.tuya_temperature", "21.5")
    form = await meant(hass, form, "19", meaning="power")
    await becomes(hass, "sensor.tuya_power", "805.0")
    form = await meant(hass, form, "102", meaning="choice", name="Mode", choices=[])
    assert form["errors"] == {"choices": "required"}
    form = await go_on(hass, form, meaning="choice", name="Mode", choices=["eco"])
    assert form["errors"] == {"choices": "choices"}
    form = await go_on(hass, form, meaning="choice", name="Mode", choices=["0=eco", "1=boost"])
    await becomes(hass, "select.tuya_mode", "eco")
    await call(hass, "select.select_option", "select.tuya_mode", option="boost")
    assert plug.points["102"] == "1"
    await call(hass, "switch.turn_on", "switch.tuya")
    assert plug.points["1"] is True
    assert registry.async_get("switch.tuya") == before
    assert entry.data["driver"] == f"tuya_{ID}"
    plug.report({"101": 230})
    await becomes(hass, "sensor.tuya_temperature", "23.0")


async def test_what_was_said_of_a_point_is_in_its_form(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flow = await begun(hass, entry)
    said = {"meaning": "temperature", "name": "Chip", "divisor": 10}
    form = await meant(hass, flow, "101", **said)
    form = await go_on(hass, form, point="101")
    assert form["data_schema"] is not None
    shown = {str(key): (key.description or {}) for key in form["data_schema"].schema}
    again = {name: each["suggested_value"] for name, each in shown.items()}
    assert said.items() <= again.items()
    await go_on(hass, form, **again)  # as it is
    await becomes(hass, "sensor.tuya_chip_temperature", "21.5")


async def test_what_means_nothing_goes_and_comes_back_with_the_description_gone(
    hass: HomeAssistant, entry: MockConfigEntry, driver_files: DriverFiles
) -> None:
    await becomes(hass, "sensor.tuya_power", "80.5")
    form = await meant(hass, await begun(hass, entry), "19", meaning="nothing")
    await becomes(hass, "switch.tuya", "off")
    assert labels(form)["19"] == "19 = 805"
    assert "powerMeter" not in str(entry.runtime_data.device.profile)
    form = await meant(hass, form, "19", meaning="automatic")
    assert labels(form)["19"] == "19 = 805 (Power in W)"
    await becomes(hass, "sensor.tuya_power", "80.5")
    assert entry.data["driver"] == "tuya"
    assert not [*driver_files.devices.glob("*.yaml")]


async def test_what_was_written_by_hand_stays_if_its_form_is_submitted_as_it_is(
    hass: HomeAssistant, entry: MockConfigEntry, driver_files: DriverFiles
) -> None:
    form = await meant(hass, await begun(hass, entry), "101", meaning="number", name="Chip")
    path = driver_files.devices / f"tuya_{ID}.yaml"
    path.write_text(
        by_hand := path.read_text()
        .replace("number: true", "number: true # °C\n")
        .replace("path:", "unit: °C\n        path:")
    )
    form = await go_on(hass, form, point="101")
    assert form["data_schema"] is not None
    shown = {str(key): key for key in form["data_schema"].schema}
    assert shown["meaning"].description == {"suggested_value": "described"}
    assert "described" in kinds(form)
    form = await go_on(hass, form, meaning="described")
    assert form["step_id"] == "describe_points"
    assert path.read_text() == by_hand
    form = await go_on(hass, form, point="102")
    assert "described" not in kinds(form)


@pytest.mark.parametrize("meaning", ["automatic", "nothing"])
async def test_an_entity_that_its_owner_takes_back_leaves_the_registry(
    hass: HomeAssistant, entry: MockConfigEntry, meaning: str
) -> None:
    form = await begun(hass, entry)
    form = await meant(hass, form, "101", meaning="temperature", name="Chip", divisor=10)
    await becomes(hass, "sensor.tuya_chip_temperature", "21.5")
    assert labels(form)["101"] == "101 = 215 (Chip: Temperature in °C)"
    await meant(hass, form, "101", meaning=meaning)
    await becomes(hass, "switch.tuya", "off")
    await eventually(lambda: "sensor.tuya_chip_temperature" not in er.async_get(hass).entities)
    assert hass.states.get("sensor.tuya_chip_temperature") is None


async def test_a_device_that_is_off_is_not_waited_for_for_long(
    hass: HomeAssistant,
    plug: TuyaEmulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(points_dialog, "REPORT_TIMEOUT", 0.1)
    form = await begun(hass, entry)
    await plug.down()
    form = await meant(hass, form, "101", meaning="temperature", divisor=10)
    assert form["step_id"] == "describe_points"
    assert labels(form)["101"] == "101 = 215"


async def test_it_is_followed_by_the_beacons_of_its_family(
    hass: HomeAssistant, plug: TuyaEmulator, entry: MockConfigEntry
) -> None:
    await meant(hass, await begun(hass, entry), "101", meaning="number")
    await becomes(hass, "switch.tuya", "off")
    await plug.move("127.0.0.2")
    route_or_offer(hass, seen(plug))
    device = entry.runtime_data.device
    await becomes(hass, "switch.tuya", "off")
    await eventually(lambda: device.connection.address == Address("127.0.0.2", plug.port))


async def test_what_cannot_be_saved_is_said(
    hass: HomeAssistant, entry: MockConfigEntry, driver_files: DriverFiles
) -> None:
    form = await go_on(hass, await begun(hass, entry), point="101")
    path = driver_files.devices / f"tuya_{ID}.yaml"
    path.mkdir(parents=True)
    form = await go_on(hass, form, meaning="number")
    assert form["errors"] == {"base": "not_written"}
    path.rmdir()
    form = await go_on(hass, form, meaning="number")
    assert form["step_id"] == "describe_points"


async def test_a_text_that_was_made_wrong_by_hand_is_named(
    hass: HomeAssistant, entry: MockConfigEntry, driver_files: DriverFiles
) -> None:
    form = await meant(hass, await begun(hass, entry), "101", meaning="number")
    path = driver_files.devices / f"tuya_{ID}.yaml"
    path.write_text(f"{path.read_text()}poll: 5\n")
    form = await meant(hass, form, "102", meaning="text")
    assert form["errors"] == {"base": "faults"}
    assert "poll" in (form["description_placeholders"] or {})["reason"]


async def test_a_file_that_changes_while_it_is_saved_is_not_overwritten(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    driver_files: DriverFiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = await meant(hass, await begun(hass, entry), "101", meaning="number")
    path = driver_files.devices / f"tuya_{ID}.yaml"

    async def checked(hass: HomeAssistant, text: str) -> CheckedText:
        path.write_text(f"{path.read_text()}# by hand\n")
        return await async_check_text(hass, text)

    monkeypatch.setattr(points_dialog, "async_check_text", checked)
    form = await meant(hass, form, "102", meaning="text")
    assert form["errors"] == {"base": "changed_meanwhile"}
    assert path.read_text().endswith("# by hand\n")
