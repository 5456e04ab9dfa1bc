"""Devices that post to a URL which their owner enters in them, from the dialog to entities."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest
import pytest_socket

from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import Listener, ListenerSettings, description_values
from tests.emulators.posting_relay import PostingRelay, posted

from ..conftest import LOOPBACK
from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..states import becomes, call
from .dialog import GET, NO_LOGIN, choose, empty_form, option, options_of

HOST = "127.0.0.63"
SENT: dict[str, Any] = {"path": "/relay", "method": "PUT", "body_kind": "json"}

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


@pytest.fixture(autouse=True)
async def listener(
    hass: HomeAssistant, driver_files: DriverFiles, monkeypatch: pytest.MonkeyPatch
) -> Listener:
    """Have Home Assistant listen on any free port; wait only a moment for what may be posted."""
    pytest_socket.socket_allow_hosts([*LOOPBACK, HOST])
    monkeypatch.setattr("custom_components.lan_edge.describing.listening.SETTLING", 0.01)
    monkeypatch.setattr(
        "custom_components.lan_edge.describing.listening.FIRST_MESSAGE_WITHIN", 0.05
    )
    data = await async_load_domain_data(hass)
    await data.runtime.listener.configure(ListenerSettings(port=0))
    return data.runtime.listener


@pytest.fixture
async def relay() -> AsyncGenerator[PostingRelay]:
    async with PostingRelay() as made:
        yield made


def secret_of(url: str) -> str:
    """Return what is the same in a URL for good; the port of this test's listener is not."""
    return url.strip("`").rpartition("/")[2]


async def there(
    hass: HomeAssistant, relay: PostingRelay, way: str = "posts", path: str = "/relay"
) -> Any:
    """Begin to describe the relay, up to its answer."""
    flow = await empty_form(hass, way)
    place = {"host": relay.host, "port": relay.port, "path": path}
    return await go_on(hass, flow, **place, access=NO_LOGIN, request=GET)


async def url_in(hass: HomeAssistant, flow: Any) -> tuple[Any, str]:
    """Go to the step with the URL; return it, and the URL."""
    flow = await choose(hass, flow, "describe_listen")
    assert flow["step_id"] == "describe_listen_url", flow["errors"]
    return flow, words(flow)["url"].strip("`")


async def picked(hass: HomeAssistant, flow: Any, beginning: str) -> Any:
    """Go on to what was posted, and pick what begins so."""
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "describe_heard"
    [found] = [each for each in options_of(flow, "message") if each["label"].startswith(beginning)]
    return await go_on(hass, flow, message=found["value"])


async def with_switch(hass: HomeAssistant, flow: Any) -> Any:
    """Add the switch of the relay."""
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field=option(flow, "field", "on = "))
    for is_on in ("true", "false"):
        flow = await go_on(hass, flow, **SENT, body=f'{{"on": {is_on}}}', **{"try": True})
        assert flow["step_id"] == "describe_tried", flow["errors"]
        flow = await choose(hass, flow, "describe_keep")
    return flow


@pytest.mark.parametrize("way", ["posts", "http"])
async def test_a_relay_whose_url_is_entered_by_hand(
    hass: HomeAssistant, relay: PostingRelay, driver_files: DriverFiles, way: str
) -> None:
    flow = await there(hass, relay, way)
    assert flow["step_id"] == "describe_answer"
    if way == "http":
        flow = await choose(hass, flow, "describe_overview")
    flow, url = await url_in(hass, flow)
    relay.url = url
    await relay.change(on=True)
    flow = await picked(hass, flow, '{"on": true}')
    flow = await with_switch(hass, flow)
    flow = await choose(hass, flow, "describe_finish")
    serial = option(flow, "identity", "serial = ")
    result = await go_on(hass, flow, name="Thing", identity=serial)
    assert result["description"] == "enter_url"
    assert secret_of(words(result)["url"]) == secret_of(url)
    entry: ConfigEntry[Any] = created(result)
    await comes_online(entry)
    written = description_values((driver_files.devices / "thing.yaml").read_text())
    assert written["posts"] is True
    assert written["messages"] == {"relay": {"when": {"path": "on"}}}
    [switch] = hass.states.async_entity_ids("switch")
    data = await async_load_domain_data(hass)
    relay.url = f"http://127.0.0.1:{data.runtime.listener.port}/{secret_of(url)}"
    for is_on in (True, False):
        await relay.change(on=is_on)
        await becomes(hass, switch, "on" if is_on else "off")
    await call(hass, "switch.turn_on", switch)
    assert relay.state["on"]
    await shown_again(hass, entry, url)
    await hass.config_entries.async_unload(entry.entry_id)
    await shown_again(hass, entry, url)


async def shown_again(hass: HomeAssistant, entry: ConfigEntry[Any], url: str) -> None:
    """Expect that Configure shows the URL."""
    options = hass.config_entries.options
    shown = await options.async_init(entry.entry_id)
    flow_id = shown["flow_id"]
    assert "describe_url" in shown["menu_options"]
    shown = await options.async_configure(flow_id, {"next_step_id": "describe_url"})
    assert secret_of(words(shown)["url"]) == secret_of(url)
    shown = await options.async_configure(flow_id, {"next_step_id": "describe_back"})
    assert shown["step_id"] == "describe_entry"
    options.async_abort(flow_id)


async def test_a_device_that_cannot_be_asked(
    hass: HomeAssistant, driver_files: DriverFiles
) -> None:
    flow = await empty_form(hass, "posts")
    assert flow["step_id"] == "describe_posts"
    flow = await go_on(hass, flow, host=HOST, access=NO_LOGIN, request=GET)
    assert flow["step_id"] == "describe_listen_url", flow["errors"]
    url = words(flow)["url"].strip("`")
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "describe_silent_url"
    flow = await choose(hass, flow, "describe_where")
    assert flow["step_id"] == "describe_posts"
    flow = await go_on(hass, flow, host=HOST, access=NO_LOGIN, request=GET)
    assert secret_of(words(flow)["url"]) == secret_of(url)
    url = words(flow)["url"].strip("`")
    assert await posted(url, b'{"rain": 3}', HOST) == 200
    flow = await picked(hass, flow, '{"rain": 3}')
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name="Rain")
    flow = await go_on(hass, flow, field="rain = 3", unit="mm")
    assert flow["step_id"] == "describe_overview"
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Thing"))
    await comes_online(entry)
    data = await async_load_domain_data(hass)
    url = f"http://127.0.0.1:{data.runtime.listener.port}/{secret_of(url)}"
    assert await posted(url, b'{"rain": 5}', HOST) == 200
    await becomes(hass, "sensor.thing_rain", "5.0")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_url_outlives_a_dialog_that_is_closed(
    hass: HomeAssistant, relay: PostingRelay, listener: Listener
) -> None:
    flow, url = await url_in(hass, await there(hass, relay))
    relay.url = url
    await relay.change(on=True)
    flow = await picked(hass, flow, '{"on": true}')
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
    [draft] = options_of(flow, "draft")
    flow = await go_on(hass, flow, draft=draft["value"], delete=False)
    flow = await choose(hass, flow, "describe_where")
    assert flow["step_id"] == "describe_posts"
    flow = await go_on(
        hass,
        flow,
        host=relay.host,
        port=relay.port,
        path="/relay",
        access=NO_LOGIN,
        request=GET,
    )
    _, again = await url_in(hass, flow)
    assert secret_of(again) == secret_of(url)


async def test_one_that_is_given_its_url_needs_none_to_be_entered(
    hass: HomeAssistant, relay: PostingRelay
) -> None:
    flow = await choose(hass, await there(hass, relay), "describe_overview")
    flow = await choose(hass, flow, "describe_text")
    given = 'connected: {put: /report, json: {url: "{callback_url}"}}\n'
    text = (
        f"description: 1\nid: draft\nname: x\ntalks: http\noptions: {{port: {relay.port}}}\n{given}"
        "requests: {status: {get: /relay}}\ncomponents: {main: {own: {on: {switch: true, "
        "name: On, from: status, path: on}}}}\n"
    )
    flow = await go_on(hass, flow, text=text)
    flow = await choose(hass, flow, "describe_listen")
    assert flow["step_id"] == "describe_listen", flow["errors"]
    await relay.change(on=True)
    flow = await picked(hass, flow, '{"on": true}')
    flow = await choose(hass, flow, "describe_text")
    schema = flow["data_schema"]
    assert schema is not None
    [key] = schema.schema
    assert "messages:" in key.description["suggested_value"]
    assert "posts:" not in key.description["suggested_value"]


@pytest.mark.parametrize("is_serial_known", [True, False])
async def test_the_url_is_shown_before_a_device_of_the_list_is_added(
    hass: HomeAssistant, relay: PostingRelay, driver_files: DriverFiles, is_serial_known: bool
) -> None:
    identity = "identity: {path: serial}\n" if is_serial_known else ""
    driver_files.describe(
        "gate.yaml",
        f"description: 1\nid: gate\nname: Gate\ntalks: http\noptions: {{port: {relay.port}}}\n"
        "posts: true\nrequests: {status: {get: /relay}}\nmessages: {status: {when: {path: 'on'}}}\n"
        f"{identity}components: {{main: {{switch: {{switch: {{path: 'on'}}, "
        "'on': {put: /relay, json: {'on': true}}, 'off': {put: /relay, json: {'on': false}}}}}\n",
    )
    flow: Any = await menu(hass, "manual")
    flow = await go_on(hass, flow, driver="gate", host=relay.host)
    assert flow["step_id"] == "enter_url"
    url = words(flow)["url"]
    entries = hass.config_entries.async_entries("lan_edge")
    assert not [each for each in entries if each.unique_id != "lan_edge"]
    result = await go_on(hass, flow)
    assert secret_of(words(result)["url"]) == secret_of(url)
    entry: ConfigEntry[Any] = created(result)
    await comes_online(entry)
    data = await async_load_domain_data(hass)
    secret = secret_of(url.strip("`"))
    relay.url = f"http://127.0.0.1:{data.runtime.listener.port}/{secret}"
    [switch] = hass.states.async_entity_ids("switch")
    for is_on in (True, False):
        await relay.change(on=is_on)
        await becomes(hass, switch, "on" if is_on else "off")
    await hass.config_entries.async_unload(entry.entry_id)
