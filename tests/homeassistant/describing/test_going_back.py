"""Going back loses nothing: things that are begun, names, requests, and what was trusted."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest
import pytest_socket

from lan_edge import description_values
from tests.docs.devices import HOST, Amplifier, Chime
from tests.edge.certificates import certificate
from tests.emulators.json_bulb import JsonBulbEmulator

from ..conftest import LOOPBACK
from ..driver_folder import DriverFiles
from ..entries import add_service, comes_online, new_entry
from ..flow_steps import created, go_on, menu, words
from ..tls_proxy import TlsProxy
from .dialog import GET, NO_LOGIN, choose, empty_form, option
from .house import House
from .test_changing import Dialog

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
SENT: dict[str, Any] = {"path": "/set?pos=1", "method": "GET", "body_kind": "none"}


@pytest.fixture(autouse=True)
def short_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest_socket.socket_allow_hosts([*LOOPBACK, HOST])
    monkeypatch.setattr("custom_components.lan_edge.describing.trying.LISTEN_AFTER", 0.01)
    monkeypatch.setattr("custom_components.lan_edge.describing.listening.SETTLING", 0.01)


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with House() as made:
        yield made


async def at(hass: HomeAssistant, house: House) -> Any:
    """Describe a house, up to its answer."""
    place = {"host": house.host, "port": house.port, "path": "/state"}
    return await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN, request=GET)


def suggested(flow: Any) -> dict[str, Any]:
    """Return what a form has in it."""
    keys = flow["data_schema"].schema
    made = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in made.items() if value is not None}


async def test_what_was_begun_is_there_again(hass: HomeAssistant, house: House) -> None:
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="switch", name="Fan")
    assert suggested(flow)["field"] == ""
    flow = await go_on(hass, flow, field="")
    assert flow["errors"] == {"field": "required"}
    flow = await go_on(hass, flow, field=option(flow, "field", "moves = "), on_value="true")
    flow = await go_on(hass, flow, **SENT, **{"try": True})
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_add")
    assert suggested(flow) == {"kind": "switch", "name": ""}
    flow = await go_on(hass, flow, kind="switch", name="Fan")
    assert suggested(flow)["field"].startswith("moves = ")
    assert suggested(flow)["on_value"] == "true"
    given = {key: each for key, each in suggested(flow).items() if each != ""}
    flow = await go_on(hass, flow, **given)
    assert suggested(flow)["path"] == "/set?pos=1"
    for path in ("/set?pos=1", "/set?pos=0"):
        flow = await go_on(hass, flow, **{**SENT, "path": path, "try": False})
    assert flow["step_id"] == "describe_overview"
    assert "Fan" in words(flow)["things"]
    flow = await choose(hass, flow, "describe_add")
    assert suggested(flow) == {"kind": "switch", "name": ""}


async def test_the_name_can_be_changed_before_the_value_is_picked(
    hass: HomeAssistant, house: House
) -> None:
    flow = await choose(hass, await at(hass, house), "describe_add")
    assert next(iter(flow["data_schema"].schema)) == "name"  # above the long list of kinds
    flow = await go_on(hass, flow, kind="select")
    assert flow["errors"] == {"name": "required"}
    flow = await go_on(hass, flow, kind="select", name="Mod")
    flow = await go_on(hass, flow, field="mode", back=True)
    assert suggested(flow) == {"kind": "select", "name": "Mod"}
    flow = await go_on(hass, flow, kind="select", name="Mode")
    assert words(flow)["name"] == "Mode"
    assert suggested(flow)["field"] == "mode"
    flow = await go_on(hass, flow, field="mode")
    assert flow["errors"] == {"choices": "required"}
    flow = await go_on(hass, flow, field="mode", choices=["0=Off", "1=On"])
    assert flow["step_id"] == "describe_command_value"


async def test_what_a_value_seems_to_be_is_asked_after_the_name_is_changed(
    hass: HomeAssistant, house: House
) -> None:
    house.state |= {"power": 900, "temp": 21}
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name="Powr")
    power = option(flow, "field", "power = ")
    flow = await go_on(hass, flow, field=power, back=True)
    flow = await go_on(hass, flow, kind="sensor", name="Power")
    flow = await go_on(hass, flow, field=power)
    assert flow["step_id"] == "describe_guess"
    given = {**suggested(flow), "field": option(flow, "field", "temp = "), "back": True}
    flow = await go_on(hass, flow, **given)
    flow = await go_on(hass, flow, kind="sensor", name="Power")
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["step_id"] == "describe_guess"
    assert suggested(flow)["unit"] == "°C"
    flow = await go_on(hass, flow, **{**suggested(flow), "back": True})
    flow = await go_on(hass, flow, kind="number", name="Power")
    assert suggested(flow)["field"].startswith("temp = ")
    assert "unit" not in suggested(flow)


async def test_a_thermostat_needs_its_temperature(hass: HomeAssistant, house: House) -> None:
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="climate")
    assert suggested(flow)["target"] == ""
    given = {key: each for key, each in suggested(flow).items() if each != ""}
    flow = await go_on(hass, flow, **{**given, "target": " ", "lowest": 5, "highest": 30})
    assert flow["errors"] == {"target": "required"}


async def test_more_is_read_from_the_last_step(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    async with Chime() as chime:
        flow = await empty_form(hass, "udp")
        ask = '{"id": {number}, "method": "status"}'
        flow = await go_on(hass, flow, host=HOST, port=chime.port, message=ask)
        assert "describe_finish" not in flow["menu_options"]
        flow = await choose(hass, flow, "describe_add")
        flow = await go_on(hass, flow, kind="sensor", name="Volume")
        volume = option(flow, "field", "volume = ")
        flow = await go_on(hass, flow, field=volume, unit="%")
        flow = await choose(hass, flow, "describe_finish")
        flow = await go_on(hass, flow, manufacturer="Bell", read_more=True)
        assert flow["step_id"] == "describe_message"
        flow = await go_on(hass, flow, message='{"id": {number}, "method": "hello"}')
        flow = await choose(hass, flow, "describe_finish")
        assert suggested(flow)["manufacturer"] == "Bell"
        flow = await go_on(hass, flow, manufacturer="Bell")
        assert flow["errors"] == {"name": "required"}
        serial = option(flow, "identity", "hello: mac = ")
        entry = created(await go_on(hass, flow, name="Thing", identity=serial))
        await comes_online(entry)
        assert entry.unique_id == chime.id
        await hass.config_entries.async_unload(entry.entry_id)


async def test_more_is_read_by_http_from_the_last_step(hass: HomeAssistant, house: House) -> None:
    flow = await choose(hass, await at(hass, house), "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name="Mode")
    flow = await go_on(hass, flow, field=option(flow, "field", "mode = "), unit="h")
    flow = await choose(hass, flow, "describe_finish")
    flow = await go_on(hass, flow, read_more=True)
    assert flow["step_id"] == "describe_request"
    flow = await go_on(hass, flow, path="/set", method="GET", body_kind="none")
    assert flow["step_id"] == "describe_answer"
    assert "describe_finish" in flow["menu_options"]


@pytest.fixture
async def amplifier(hass: HomeAssistant) -> AsyncGenerator[Amplifier]:
    async with Amplifier() as made:
        yield made


async def test_a_message_that_reads_a_device_is_changed_later(
    hass: HomeAssistant, amplifier: Amplifier, driver_files: DriverFiles
) -> None:
    text = (
        "description: 1\nid: amp\nname: Amp\ntalks: lines\n"
        f'options: {{port: {amplifier.port}, sent_delimiter: "\\r\\n"}}\n'
        "requests:\n  volume: {line: 'SOUND?', optional: true}\n"
        "components: {main: {own: {volume: {number: true, name: Volume, from: volume, word: 1}}}}\n"
    )
    file = driver_files.describe("amp.yaml", text)
    await add_service(hass)
    await driver_files.looked_at()
    entry: ConfigEntry[Any] = new_entry(
        hass, "amp", "amp-1", host=HOST, port=amplifier.port, seen_as=""
    )
    await hass.config_entries.async_setup(entry.entry_id)
    dialog = Dialog(hass, entry)
    await dialog.open("describe_change", "describe_requests")
    await dialog.fill(request="volume")
    assert dialog.suggested == {"message": "SOUND?"}
    await dialog.fill(message=" ")
    assert dialog.shown["errors"] == {"message": "value"}
    await dialog.fill(message="VOLUME?")
    assert dialog.step == "describe_received", dialog.shown["errors"]
    assert "VOLUME 20" in dialog.words["answer"]
    await dialog.choose("describe_overview", "describe_save")
    await dialog.fill(**dialog.suggested)
    requests = description_values(file.read_text())["requests"]
    assert requests == {"volume": {"line": "VOLUME?", "optional": True}}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_listening_uses_the_certificate_that_was_trusted(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    async with TlsProxy(bulb.port, certificate("first")) as proxy:
        given = {"host": "127.0.0.1", "port": proxy.port, "ssl": True}
        flow = await empty_form(hass, "json_lines")
        flow = await go_on(hass, flow, **given, message='{"id": 1, "method": "get"}')
        assert flow["step_id"] == "describe_received", flow["errors"]
        flow = await choose(hass, flow, "describe_listen")
        assert not flow["errors"]
        heard = proxy.heard
        await proxy.show(certificate("second"))
        flow = await choose(hass, await go_on(hass, flow), "describe_listen")
        assert flow["errors"] == {"base": "certificate"}
        assert proxy.heard == heard


async def test_a_certificate_that_was_first_seen_while_listening_is_the_only_one(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    async with TlsProxy(bulb.port, certificate("first")) as proxy:
        given = {"host": "127.0.0.1", "port": proxy.port, "ssl": True}
        flow = await go_on(hass, await empty_form(hass, "json_lines"), **given)
        assert flow["step_id"] == "describe_listen", flow["errors"]
        await proxy.show(certificate("second"))
        flow = await choose(hass, await go_on(hass, flow), "describe_address")
        flow = await go_on(hass, flow, **given, message='{"id": 1, "method": "get"}')
        assert flow["errors"] == {"base": "certificate"}


async def test_a_file_that_was_just_written_can_be_picked(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    driver_files.describe(
        "spa.yaml",
        "description: 1\nid: spa\nname: Spa\nproducts: [{manufacturer: Spa, model: Spa 3}]\n"
        "talks: http\nrequests: {a: {get: /}}\ncomponents: {main: {own: {a: {text: true, "
        "name: A, from: a}}}}\n",
    )
    flow: Any = await menu(hass, "manual")
    options = flow["data_schema"].schema["driver"].config["options"]
    assert {"value": "spa", "label": "Spa 3"} in options
    assert suggested(flow)["driver"] == ""


async def test_a_long_answer_is_folded(hass: HomeAssistant, house: House) -> None:
    flow = await at(hass, house)
    assert not words(flow)["answer"].startswith("<details>")
    house.state |= {f"<b>{number}": number for number in range(40)}
    flow = await choose(hass, flow, "describe_where")
    place = {"host": house.host, "port": house.port, "path": "/state"}
    flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=GET)
    answer = words(flow)["answer"]
    head, _, rest = answer.partition("</summary>")
    assert head.startswith("<details><summary><code>{&quot;pos&quot;: 100")
    assert '"<b>39": 39' in rest
