"""Devices that talk by messages, from the dialog to entities that follow what they send."""

from collections.abc import AsyncGenerator, Callable
from typing import Any
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
import pytest
import pytest_socket

from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import ListenerSettings, description_values
from tests.docs.devices import HOST, Amplifier, Chime, ExampleDevice, Purifier
from tests.emulators.dialing_relay import DialingRelay
from tests.emulators.json_bulb import JsonBulbEmulator

from ..conftest import LOOPBACK
from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes, call
from ..waiting import eventually
from .dialog import choose, empty_form, option, options_of

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


@pytest.fixture(autouse=True)
def short_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait only a moment for what may come after an answer: the tests have it asked for."""
    monkeypatch.setattr("custom_components.lan_edge.describing.trying.LISTEN_AFTER", 0.01)
    monkeypatch.setattr("custom_components.lan_edge.describing.listening.SETTLING", 0.01)


@pytest.fixture
async def start(
    hass: HomeAssistant, start_discovery: AsyncMock
) -> AsyncGenerator[Callable[[ExampleDevice], Any]]:
    """Return a function that starts a device of the examples."""
    pytest_socket.socket_allow_hosts([*LOOPBACK, HOST])
    devices: list[ExampleDevice] = []

    async def started(device: ExampleDevice) -> Any:
        await device.start()
        devices.append(device)
        return device

    yield started
    for device in devices:
        await device.stop()


async def where(hass: HomeAssistant, flow: Any, port: int, **given: Any) -> Any:
    """Fill in where a device of the examples is."""
    return await go_on(hass, flow, host=HOST, port=port, **given)


async def heard(hass: HomeAssistant, flow: Any, change: Callable[[], Any], text: str) -> Any:
    """Listen while something is changed, and pick the message that begins with a text."""
    flow = await choose(hass, flow, "describe_listen")
    assert flow["step_id"] == "describe_listen"
    assert not flow["errors"]
    await change()
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "describe_heard"
    [picked] = [each for each in options_of(flow, "message") if each["label"].startswith(text)]
    return await go_on(hass, flow, message=picked["value"])


async def add(hass: HomeAssistant, flow: Any, kind: str, name: str = "", **state: Any) -> Any:
    """Add a thing, up to its commands."""
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind=kind, **({"name": name} if name else {}))
    picks = {field: option(flow, field, text) for field, text in state.items()}
    flow = await go_on(hass, flow, **picks)
    if flow["step_id"] in {
        "describe_guess",
        "describe_guess_number",
    }:  # what was guessed is shown once
        flow = await go_on(hass, flow, **filled(flow))
    return flow


def filled(flow: Any) -> dict[str, Any]:
    """Return what a form has in it."""
    keys = flow["data_schema"].schema
    suggested = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in suggested.items() if value not in {None, ""}}


async def send(hass: HomeAssistant, flow: Any, message: str, **given: Any) -> Any:
    """Fill in a command, and try it; return to what is next."""
    flow = await go_on(hass, flow, message=message, **{"try": True}, **given)
    assert flow["step_id"] == "describe_tried", flow["errors"]
    return flow


async def finish(hass: HomeAssistant, flow: Any, **given: Any) -> Any:
    """Add the device; return its entry."""
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Thing", **given))
    await comes_online(entry)
    return entry


def text_in(files: DriverFiles) -> dict[str, Any]:
    """Return what was written."""
    values: dict[str, Any] = description_values((files.devices / "thing.yaml").read_text())
    return values


async def test_lines_that_report_changes(
    hass: HomeAssistant, start: Any, driver_files: DriverFiles
) -> None:
    device = await start(Amplifier())
    flow = await empty_form(hass, "lines")
    assert flow["step_id"] == "describe_address"
    flow = await where(hass, flow, device.port, message="VOLUME?", ending="crlf", ssl=False)
    assert flow["step_id"] == "describe_received"
    assert "VOLUME 20" in words(flow)["answer"]
    flow = await heard(hass, flow, lambda: device.change(volume=30), "*VOLUME 30")
    flow = await add(hass, flow, "number", "Volume", field="VOLUME ")
    assert flow["step_id"] == "describe_send_value"
    flow = await send(hass, flow, "VOLUME {value}", value="40", answered=True)
    assert device.state["volume"] == 40
    assert "VOLUME 40" in words(flow)["state"]
    flow = await choose(hass, flow, "describe_keep")
    flow = await changed_again(hass, flow)
    entry = await finish(hass, flow)
    written = text_in(driver_files)
    assert written["messages"] == {"status": {"pattern": r"(?:\*)?VOLUME .{0,400}"}}
    assert written["options"]["sent_delimiter"] == "\r\n"
    await becomes(hass, "number.thing_volume", "40")
    await device.change(volume=55)
    await becomes(hass, "number.thing_volume", "55")
    await call(hass, "number.set_value", "number.thing_volume", value=10)
    assert device.state["volume"] == 10
    await hass.config_entries.async_unload(entry.entry_id)


async def changed_again(hass: HomeAssistant, flow: Any) -> Any:
    """Go through the steps of the only thing once more, and change nothing."""
    flow = await choose(hass, flow, "describe_edit")
    [picked] = options_of(flow, "thing")
    flow = await go_on(hass, flow, thing=picked["value"])
    while flow["step_id"] != "describe_send_value":
        flow = await go_on(hass, flow, **filled(flow))
    assert filled(flow)["message"] == "VOLUME {value}"
    assert filled(flow)["answered"]
    return await go_on(hass, flow, **filled(flow))


async def test_lines_of_json_that_are_calls(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    flow = await empty_form(hass, "json_lines")
    given = {"host": bulb.host, "port": bulb.port, "ssl": False}
    flow = await go_on(hass, flow, **given, message='{"id": 1, "method": "get"}')
    assert flow["step_id"] == "describe_received"
    flow = await heard(hass, flow, lambda: bulb.change(level=30), "state: ")
    flow = await add(hass, flow, "light", field="on = ", level="level = ")
    for state in ("true", "false"):
        flow = await send(hass, flow, f'{{"id": 2, "method": "set", "params": {{"on": {state}}}}}')
        assert bulb.state["on"] == (state == "true")
        flow = await choose(hass, flow, "describe_keep")
    level = '{"id": 3, "method": "set", "params": {"level": {value}}}'
    flow = await choose(hass, await send(hass, flow, level, value="80"), "describe_keep")
    entry = await finish(hass, flow)
    for is_on in (False, True):
        await bulb.change(on=is_on)
        await becomes(hass, "light.thing", "on" if is_on else "off")
    await call(hass, "light.turn_on", "light.thing", brightness_pct=20)
    assert bulb.state["level"] == 20
    await hass.config_entries.async_unload(entry.entry_id)


# aiohttp begins its heartbeat anew when the answer to a closing arrives; it ends by itself
@pytest.mark.parametrize("expected_lingering_timers", [True])
@pytest.mark.parametrize("news_first", [False, True])
async def test_a_websocket_with_numbered_requests(
    hass: HomeAssistant,
    start: Any,
    *,
    news_first: bool,
    expected_lingering_timers: bool,  # of verify_cleanup
) -> None:
    device = await start(Purifier())
    flow = await empty_form(hass, "websocket")
    ask = '{"id": {number}, "do": "read"}'
    device.news_first = news_first
    flow = await where(hass, flow, device.port, path="ws", message=ask, ssl=False)
    assert '"on": false' in words(flow)["answer"]
    assert ('"on": false' in words(flow)["heard"]) == news_first
    device.news_first = False
    flow = await heard(hass, flow, lambda: device.change(on=True), '{"on": true')
    flow = await add(hass, flow, "switch", field="on = ")
    for state in ("true", "false"):
        write = f'{{"id": {{number}}, "do": "write", "on": {state}}}'
        flow = await send(hass, flow, write, answered=True)
        assert device.state["on"] == (state == "true")
        flow = await choose(hass, flow, "describe_keep")
    entry = await finish(hass, flow)
    await device.change(on=True)
    await becomes(hass, "switch.thing", "on")
    await call(hass, "switch.turn_off", "switch.thing")
    assert not device.state["on"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_datagrams(hass: HomeAssistant, start: Any) -> None:
    device = await start(Chime())
    flow = await empty_form(hass, "udp")
    ask = '{"id": {number}, "method": "status"}'
    flow = await where(hass, flow, device.port, message=ask)
    flow = await heard(hass, flow, lambda: device.change(volume=7), '{"volume": 7')
    flow = await add(hass, flow, "number", "Volume", field="volume = ")
    change = '{"id": {number}, "method": "set", "volume": {value}}'
    flow = await send(hass, flow, change, value="4", answered=True)
    assert device.state["volume"] == 4
    flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_request")
    assert flow["step_id"] == "describe_message"
    flow = await go_on(hass, flow, message='{"id": {number}, "method": "hello"}')
    flow = await choose(hass, flow, "describe_overview")
    finishing = await choose(hass, flow, "describe_finish")
    serial = option(finishing, "identity", "hello: mac = ")
    entry = created(await go_on(hass, finishing, name="Thing", identity=serial))
    await comes_online(entry)
    assert entry.unique_id == device.id
    [volume] = hass.states.async_entity_ids("number")
    await device.change(volume=9)
    await becomes(hass, volume, "9")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_is_asked_for_nothing(hass: HomeAssistant, start: Any) -> None:
    device = await start(Amplifier())
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, device.port, ending="crlf", ssl=False)
    assert flow["step_id"] == "describe_listen"
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "describe_silent"
    flow = await heard(hass, flow, lambda: device.change(volume=30), "*VOLUME 30")
    flow = await add(hass, flow, "sensor", "Volume", field="*VOLUME ")
    entry = await finish(hass, flow)
    await device.change(volume=31)
    await becomes(hass, "sensor.thing_volume", "31.0")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_is_not_there(hass: HomeAssistant, start: Any) -> None:
    device = await start(Amplifier())
    port = device.port
    await device.stop()
    flow = await empty_form(hass, "lines")
    for given in ({"message": "VOLUME?"}, {}):
        flow = await where(hass, flow, port, ending="lf", ssl=False, **given)
        assert flow["step_id"] == "describe_address"
        assert flow["errors"] == {"base": "unreachable"}
    flow = await where(hass, flow, port, ending="lf", ssl=False, message="A\nB")
    assert flow["errors"] == {"message": "value"}


async def test_nothing_outlives_a_dialog_that_is_closed(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    given = {"host": bulb.host, "port": bulb.port, "ssl": False}
    flow = await go_on(hass, await empty_form(hass, "json_lines"), **given)
    assert flow["step_id"] == "describe_listen"
    await eventually(lambda: bulb.connections.open == 1)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    await eventually(lambda: bulb.connections.open == 0)


async def test_a_try_ends_when_the_dialog_is_closed(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    bulb.faults.hold = True
    flow = await empty_form(hass, "json_lines")
    given = {"host": bulb.host, "port": bulb.port, "ssl": False, "message": '{"method": "get"}'}
    trying = hass.async_create_task(go_on(hass, flow, **given))
    await eventually(lambda: bulb.log)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    with pytest.raises(UnknownFlow):
        await trying
    await eventually(lambda: bulb.connections.open == 0)


async def test_another_way_to_talk(hass: HomeAssistant, start: Any) -> None:
    device = await start(Amplifier())
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, device.port, message="VOLUME?", ending="crlf", ssl=False)
    flow = await choose(hass, flow, "describe_address")
    assert flow["type"] is FlowResultType.FORM
    assert filled(flow) == {
        "host": HOST,
        "port": device.port,
        "message": "VOLUME?",
        "ending": "crlf",
        "ssl": False,
    }


async def test_a_device_that_connects_by_itself(hass: HomeAssistant) -> None:
    data = await async_load_domain_data(hass)
    await data.runtime.listener.configure(ListenerSettings(port=0))
    await data.runtime.listener.welcome({"garden-relay": lambda *_: None})
    url = f"http://127.0.0.1:{data.runtime.listener.port}/garden-relay/RELAY1"
    async with DialingRelay(url) as relay:
        relay.again_after = 0.2
        flow = await empty_form(hass, "inbound")
        given = {"host": "127.0.0.1", "message": '{"id": {number}, "do": "read"}'}
        flow = await go_on(hass, flow, **given, call_name="Garden", call_id="RELAY1")
        assert flow["errors"] == {"call_name": "value"}
        flow = await go_on(hass, flow, **given, call_name="garden-relay", call_id="RELAY 1")
        assert flow["errors"] == {"call_id": "value"}
        flow = await go_on(hass, flow, **given, call_name="garden-relay", call_id="RELAY1")
        assert flow["step_id"] == "describe_received", flow["errors"]
        flow = await heard(hass, flow, lambda: relay.change(on=True), '{"on": true')
        flow = await add(hass, flow, "switch", field="on = ")
        for state in ("true", "false"):
            write = f'{{"id": {{number}}, "do": "write", "on": {state}}}'
            flow = await send(hass, flow, write, answered=True)
            assert relay.state["on"] == (state == "true")
            flow = await choose(hass, flow, "describe_keep")
        flow = await choose(hass, flow, "describe_request")
        flow = await go_on(hass, flow, message='{"id": {number}, "do": "hello"}')
        flow = await choose(hass, flow, "describe_overview")
        flow = await choose(hass, flow, "describe_finish")
        flow = await go_on(hass, flow, name="Thing")
        assert flow["errors"] == {"identity": "required"}
        serial = option(flow, "identity", "hello: serial = ")
        entry = created(await go_on(hass, flow, name="Thing", identity=serial))
        await comes_online(entry)
        assert entry.unique_id == "relay1"
        [switch] = hass.states.async_entity_ids("switch")
        await relay.change(on=True)
        await becomes(hass, switch, "on")
        await call(hass, "switch.turn_off", switch)
        assert not relay.state["on"]
        await hass.config_entries.async_unload(entry.entry_id)
    await data.runtime.listener.welcome({})
