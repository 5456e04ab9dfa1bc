"""What the dialog finds among the values: what is shown on the device's page, and as what."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from lan_edge import description_values

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes
from .dialog import choose, option, options_of
from .heater import Heater
from .test_noticed import DEGREES, MODES, add, another, post, suggested

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
MAC = "7c:df:a1:00:00:01"


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


async def test_firmware_and_mac_are_found_and_shown(
    hass: HomeAssistant, heater: Heater, driver_files: DriverFiles
) -> None:
    said = {"api_version": 2, "sw": {"version": "0x230630"}, "wifiMac": MAC, "bssid": MAC}
    heater.state |= {**said, "mac_count": "1"}
    flow = await add(hass, heater, "sensor", "Power")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, unit="W", device_class="power")
    flow = await choose(hass, flow, "describe_finish")
    assert suggested(flow)["firmware"] == 'sw.version = "0x230630"'
    assert suggested(flow)["mac"] == f'wifiMac = "{MAC}"'
    flow = await go_on(hass, flow, firmware="", mac=option(flow, "mac", "bssid = "))
    assert flow["errors"] == {"name": "required"}
    given = {key: each for key, each in suggested(flow).items() if key != "sensor"}
    assert given["mac"].startswith("bssid")
    assert "firmware" not in given
    flow = await go_on(hass, flow, name="Heater", firmware="sw.version", mac=given["mac"])
    entry = created(flow)
    await comes_online(entry)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert device.sw_version == "0x230630"
    assert device.connections == {(dr.CONNECTION_NETWORK_MAC, MAC)}
    text = description_values((driver_files.devices / "heater.yaml").read_text())
    assert text["device"]["firmware"] == {"from": "status", "path": "sw.version"}


@pytest.mark.parametrize(
    ("said", "presets"),
    [
        (
            {"config_version": 2, "ver": 7, "sw": {"version": "v5.1.5"}, "macaddress": MAC},
            ('sw.version = "v5.1.5"', f'macaddress = "{MAC}"', f'macaddress = "{MAC}"'),
        ),
        (
            {"ver": 7, "ap_mac": MAC, "hwaddr": MAC, "sys": {"serialNumber": "A100042"}},
            ("ver = 7", f'hwaddr = "{MAC}"', 'sys.serialNumber = "A100042"'),
        ),
        (
            {"ver": 7, "version": "beta", "peers": [{"mac": MAC}], "sn": 1, "uuid": "ab-12-34"},
            ('version = "beta"', f'peers[0].mac = "{MAC}"', 'uuid = "ab-12-34"'),
        ),
        ({"version": None, "mac": 5, "serial": "none yet", "id": 4}, (None, None, None)),
    ],
)
async def test_what_seems_the_most_to_be_it(
    hass: HomeAssistant,
    heater: Heater,
    said: dict[str, object],
    presets: tuple[str | None, ...],
) -> None:
    heater.state |= said
    flow = await add(hass, heater, "sensor", "Power")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, unit="W", device_class="power")
    flow = await choose(hass, flow, "describe_finish")
    assert tuple(map(suggested(flow).get, ("firmware", "mac", "identity"))) == presets


@pytest.mark.parametrize(
    ("said", "presets"),
    [
        (
            {"Agent": {"Model": "PowerPDU 4C", "Vendor": "NETIO", "SerialNumber": MAC}},
            ("NETIO", "PowerPDU 4C", f'Agent.SerialNumber = "{MAC}"'),
        ),
        (
            {"parts": [{"model": "X1"}], "model": 4, "modelName": "Y", "brand": "\n"},
            (None, None, None),
        ),
        ({"model": "X1", "sub": {"model": "X2"}}, (None, None, None)),
    ],
)
async def test_maker_and_model_are_found(
    hass: HomeAssistant, heater: Heater, said: dict[str, object], presets: tuple[str | None, ...]
) -> None:
    heater.state |= said
    flow = await add(hass, heater, "sensor", "Power")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, unit="W", device_class="power")
    flow = await choose(hass, flow, "describe_finish")
    assert tuple(map(suggested(flow).get, ("manufacturer", "model", "mac"))) == presets


async def test_what_is_known_of_the_page_stays(hass: HomeAssistant, heater: Heater) -> None:
    heater.state["firmware"] = "1.2"
    flow = await add(hass, heater, "sensor", "Power")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, unit="W", device_class="power")
    flow = await choose(hass, flow, "describe_text")
    [text] = flow["data_schema"].schema
    known = "device: {model: {from: status, path: fan}, firmware: {from: status, path: power}}\n"
    text = text.description["suggested_value"].replace("components:", f"{known}components:")
    flow = await choose(hass, await go_on(hass, flow, text=text), "describe_finish")
    assert suggested(flow)["firmware"] == "power = 900"
    flow = await go_on(hass, flow, name="Heater", firmware="power = 900")
    entry = created(flow)
    await comes_online(entry)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert (device.model, device.sw_version) == ("2", "900")


async def test_what_a_binary_sensor_is_shown_as(hass: HomeAssistant, heater: Heater) -> None:
    heater.state |= {"open_window_active_now": False, "beeps": True}
    flow = await add(hass, heater, "binary_sensor", "Open window")
    flow = await go_on(hass, flow, field=option(flow, "field", "open_window"))
    assert flow["step_id"] == "describe_guess"
    assert suggested(flow)["shown_as"] == "window"
    assert {"value": "motion", "label": "Motion"} in options_of(flow, "shown_as")
    flow = await go_on(hass, flow, **suggested(flow))
    flow = await another(hass, flow, "binary_sensor", "Beeps")
    flow = await go_on(hass, flow, field=option(flow, "field", "beeps"))
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main.own.openWindow"), name="Window")
    assert suggested(flow)["shown_as"] == "window"
    flow = await go_on(hass, flow, **suggested(flow))
    flow = await choose(hass, flow, "describe_finish")
    assert words(flow)["binary_sensor"] == "Window (Window), Beeps"
    entry = created(await go_on(hass, flow, name="Heater"))
    await comes_online(entry)
    await becomes(hass, "binary_sensor.heater_window", "off", device_class="window")
    await becomes(hass, "binary_sensor.heater_beeps", "on", device_class=None)


async def test_a_heater_that_is_off_has_no_target(hass: HomeAssistant, heater: Heater) -> None:
    heater.state |= {"set_temperature": 0, "operation_mode": "Off"}
    flow = await add(hass, heater, "climate")
    picks = {"target": option(flow, "target", "set_temp"), "mode": option(flow, "mode", "operat")}
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    assert flow["errors"] == {"lowest": "no_target"}
    assert words(flow)["reason"] == "0 °C"
    heater.state["set_temperature"] = 31
    flow = await go_on(hass, flow, **picks, **DEGREES, **MODES)
    assert flow["step_id"] == "describe_command_value"
    flow = await post(hass, flow, "set_temperature", '{"value": {value}}', **{"try": False})
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', **{"try": False})
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main"))
    flow = await go_on(hass, flow, **suggested(flow))  # as it was: not asked again
    assert flow["step_id"] == "describe_command_value"
    flow = await choose(
        hass,
        await post(hass, flow, "set_temperature", '{"value": {value}}', value="0"),
        "describe_climate",
    )
    flow = await go_on(hass, flow, **suggested(flow) | {"highest": 29, "lowest": 6})
    assert flow["errors"] == {"lowest": "no_target"}
