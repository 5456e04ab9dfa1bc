"""A device is described with what its owner has already: curl, YAML, or an OpenAPI document."""

from collections.abc import AsyncGenerator
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values
from tests.edge.certificates import certificate
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..states import becomes, call
from ..tls_proxy import TlsProxy
from .dialog import choose, options_of
from .documents import SWITCH_DOCUMENT

LOGIN = {"username": "admin", "password": "s3cret"}
SWITCH = "mdi:toggle-switch"

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


@pytest.fixture
async def locked() -> AsyncGenerator[RestSwitchEmulator]:
    """Return a REST switch with a login."""
    async with RestSwitchEmulator(login="admin:s3cret") as device:
        yield device


async def begin(hass: HomeAssistant, step: str, **given: Any) -> Any:
    """Begin to describe a device with something."""
    return await go_on(hass, await choose(hass, await menu(hass, "describe"), step), **given)


async def access(
    hass: HomeAssistant, flow: Any, device: RestSwitchEmulator, **parameters: str
) -> Any:
    """Fill in where an imported device is, and its parameters."""
    given = {"parameters": parameters} if parameters else {}
    return await go_on(hass, flow, host=device.host, port=device.port, **given)


async def finished(hass: HomeAssistant, flow: Any, files: DriverFiles) -> Any:
    """Finish the description of the garden relay, switch it on, and return its text's values."""
    flow = await choose(hass, flow, "describe_finish")
    await comes_online(created(await go_on(hass, flow, name="Garden relay")))
    await call(hass, "switch.turn_on", "switch.garden_relay")
    await becomes(hass, "switch.garden_relay", "on")
    text = (files.devices / "garden_relay.yaml").read_text()
    assert "s3cret" not in text
    return description_values(text)


async def test_a_device_with_a_login_from_its_curl_line(
    hass: HomeAssistant, locked: RestSwitchEmulator, driver_files: DriverFiles
) -> None:
    curl = f"curl -s -u admin:forgotten http://{locked.host}:{locked.port}/switch"
    flow = await begin(hass, "describe_curl", text=curl)
    assert flow["step_id"] == "describe_access"
    assert words(flow)["requests"] == "- `GET /switch`"
    assert "silent" in words(flow)["notes"]
    flow = await access(hass, flow, locked, username="admin", password="wrong")
    assert flow["errors"] == {"base": "credentials"}
    flow = await access(hass, flow, locked, **LOGIN)
    assert flow["step_id"] == "describe_answer"
    assert "off" in words(flow)["answer"]
    flow = await go_on(hass, await choose(hass, flow, "describe_add"), kind="switch")
    flow = await go_on(hass, flow, field=options_of(flow, "field")[0])
    for body in ("on", "off"):
        sent = {"path": "/switch", "method": "POST", "body_kind": "text", "body": body}
        flow = await go_on(hass, flow, **sent, **{"try": True})
        flow = await choose(hass, flow, "describe_keep")
    values = await finished(hass, flow, driver_files)
    assert locked.state["on"]
    assert values["login"] == {"basic": {"username": "{username}", "password": "{password}"}}
    assert values["components"]["main"]["switch"]["on"] == {"post": "/switch", "text": "on"}


async def test_what_curl_commands(
    hass: HomeAssistant, locked: RestSwitchEmulator, driver_files: DriverFiles
) -> None:
    url = f"http://{locked.host}:{locked.port}/switch"
    lines = (f"curl -u a:b -H 'Content-Type: text/plain' -d {each} {url}" for each in ("on", "off"))
    flow = await begin(hass, "describe_curl", text="\n".join(lines))
    assert SWITCH in words(flow)["things"]
    flow = await access(hass, flow, locked, **LOGIN)
    assert flow["step_id"] == "describe_overview"
    values = await finished(hass, flow, driver_files)
    assert locked.state["on"]
    assert values["confirm"] == "echo"


async def test_what_curl_commands_is_read_once_it_was_picked(
    hass: HomeAssistant, locked: RestSwitchEmulator, driver_files: DriverFiles
) -> None:
    line = f"curl -u a:b http://{locked.host}:{locked.port}/switch"
    sent = (f"{line} -H 'Content-Type: text/plain' -d {each}" for each in ("on", "off"))
    flow = await begin(hass, "describe_curl", text="\n".join([line, *sent]))
    flow = await choose(hass, await access(hass, flow, locked, **LOGIN), "describe_edit")
    flow = await go_on(hass, await go_on(hass, flow, thing="main"))
    assert flow["step_id"] == "describe_state"
    flow = await go_on(hass, flow, field=options_of(flow, "field")[0])
    for body in ("on", "off"):
        command = {"path": "/switch", "method": "POST", "body_kind": "text", "body": body}
        flow = await go_on(hass, flow, **command, **{"try": False})
    values = await finished(hass, flow, driver_files)
    assert values["components"]["main"]["switch"]["switch"] == {"from": "switch"}
    assert "confirm" not in values


async def test_a_certificate_is_trusted_only_if_the_user_says_so(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    async with TlsProxy(switch.port, certificate("first")) as proxy:
        curl = f"curl https://127.0.0.1:{proxy.port}/switch"
        flow = await begin(hass, "describe_curl", text=curl)
        flow = await go_on(hass, flow, host="127.0.0.1", trust=False)
        assert flow["errors"] == {"base": "certificate"}
        flow = await go_on(hass, flow, host="127.0.0.1", trust=True)
        assert flow["step_id"] == "describe_answer"


async def test_yaml_for_several_devices(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    text = f"""
switch:
  - {{platform: rest, resource: 'http://{switch.host}:{switch.port}/switch', body_on: "on",
     body_off: "off", headers: {{Content-Type: text/plain}}}}
sensor: [{{platform: rest, resource: 'http://10.9.9.9/x', colour: red}}]
"""
    flow = await begin(hass, "describe_rest", text=text)
    assert flow["step_id"] == "describe_device"
    assert [each["label"] for each in options_of(flow, "device")] == [switch.host, "10.9.9.9"]
    flow = await go_on(hass, flow, device="0")
    assert SWITCH in words(flow)["things"]
    assert "colour" in words(flow)["notes"]
    flow = await access(hass, flow, switch)
    assert flow["step_id"] == "describe_overview"
    # address and login are changed where they were asked for
    flow = await choose(hass, flow, "describe_where")
    assert flow["step_id"] == "describe_access"


async def test_an_openapi_document(
    hass: HomeAssistant, locked: RestSwitchEmulator, driver_files: DriverFiles
) -> None:
    flow = await begin(hass, "describe_openapi", text=SWITCH_DOCUMENT)
    assert flow["step_id"] == "describe_pick"
    assert words(flow)["title"] == "Garden relay"
    assert "image/png" in words(flow)["notes"]
    assert [each["label"] for each in options_of(flow, "picked")] == [
        "Binary sensor: Switch, GET /switch",
        "Switch: Switch, POST /switch",
    ]
    flow = await go_on(hass, flow)
    assert flow["errors"] == {"picked": "required"}
    flow = await go_on(hass, flow, picked=["POST /switch"])
    flow = await access(hass, flow, locked, username="admin")
    assert flow["errors"] == {"base": "not_entered"}
    assert words(flow)["reason"] == "password"
    flow = await access(hass, flow, locked, **LOGIN)
    assert SWITCH in words(flow)["things"]
    values = await finished(hass, flow, driver_files)
    assert locked.state["on"]
    assert values["components"]["main"]["switch"]["switch"] == {"from": "switch"}


async def test_a_document_that_the_device_has(hass: HomeAssistant) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        found = request.path == "/swagger.json"
        return web.Response(text=SWITCH_DOCUMENT) if found else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        flow = await begin(hass, "describe_openapi", url=f"{server.host}:{server.port}")
        assert flow["step_id"] == "describe_pick"
        assert asked == ["/openapi.json", "/openapi.yaml", "/swagger.json"]
        url = str(server.make_url("/none.json"))
        flow = await begin(hass, "describe_openapi", url=url)
        assert flow["errors"] == {"url": "fetch_failed"}
        assert words(flow)["reason"] == "status 404"


async def test_a_draft_that_was_imported_is_continued(
    hass: HomeAssistant, locked: RestSwitchEmulator
) -> None:
    flow = await begin(hass, "describe_openapi", text=SWITCH_DOCUMENT)
    flow = await access(hass, await go_on(hass, flow, picked=["POST /switch"]), locked, **LOGIN)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    flow = await choose(hass, await menu(hass, "describe"), "describe_draft")
    [draft] = options_of(flow, "draft")
    assert draft["label"] == "Garden relay"
    flow = await go_on(hass, flow, draft=draft["value"], delete=False)
    flow = await choose(hass, flow, "describe_where")
    assert flow["step_id"] == "describe_access"


WRONG = {
    "curl": ("describe_curl", {"text": "wget x"}, {"text": "faults"}),
    "YAML": ("describe_rest", {"text": "a: ["}, {"text": "faults"}),
    "a document": ("describe_openapi", {"text": "{}"}, {"text": "faults"}),
    "nothing": ("describe_openapi", {}, {"text": "faults"}),
    "a URL": ("describe_openapi", {"url": "ftp://x/y"}, {"url": "no_url"}),
}


@pytest.mark.parametrize(("step", "given", "errors"), WRONG.values(), ids=WRONG)
async def test_what_is_wrong_is_an_error_of_the_form(
    hass: HomeAssistant, step: str, given: dict[str, str], errors: dict[str, str]
) -> None:
    flow = await begin(hass, step, **given)
    assert (flow["step_id"], flow["errors"]) == (step, errors)
