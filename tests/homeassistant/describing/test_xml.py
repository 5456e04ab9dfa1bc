"""A WeMo is described in the dialog: XML by POST, with a header, and an answer in XML."""

from collections.abc import Callable
from pathlib import Path
import socket
import sys
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from tests.emulators.wemo import WemoEmulator
from tests.real.devices import Plug

from ..entries import comes_online
from ..flow_steps import created, go_on
from ..states import becomes, call
from .dialog import NO_LOGIN, choose, empty_form, option

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
PATH = "/upnp/control/basicevent1"
SERVICE = "urn:Belkin:service:basicevent:1"


def soap(action: str, arguments: str = "") -> dict[str, Any]:
    """Return a request as its documentation has it, for the form."""
    body = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<u:{action} xmlns:u="{SERVICE}">{arguments}</u:{action}></s:Body></s:Envelope>'
    )
    headers = ['Content-Type: text/xml; charset="utf-8"', f'SOAPACTION: "{SERVICE}#{action}"']
    return {"method": "POST", "body_kind": "none", "body": body, "headers": headers}


async def described(hass: HomeAssistant, host: str, port: int, is_on: Callable[[], bool]) -> None:
    """Describe a plug from nothing, and switch it on by its entity."""
    flow = await empty_form(hass)
    place = {"host": host, "port": port, "path": PATH}
    wrong = {**soap("GetBinaryState"), "headers": ["SOAPACTION"]}
    flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=wrong)
    assert flow["errors"] == {"base": "value"}
    asked = soap("GetBinaryState")
    flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=asked)
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field=option(flow, "field", "Body/"))
    for state in "10":
        binary = f"<BinaryState>{state}</BinaryState>"
        sent = {"path": PATH, **soap("SetBinaryState", binary), "try": True}
        flow = await go_on(hass, flow, **sent)
        assert is_on() == (state == "1")
        flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Plug"))
    await comes_online(entry)
    await becomes(hass, "switch.plug", "off")
    await call(hass, "switch.turn_on", "switch.plug")
    assert is_on()
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_a_plug_that_speaks_soap(hass: HomeAssistant) -> None:
    async with WemoEmulator() as device:
        await described(hass, device.host, device.port, lambda: bool(device.state["on"]))


async def test_fauxmo_which_we_did_not_write(hass: HomeAssistant, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.4", 0)) as probe:
        host, port = probe.getsockname()
    via = (sys.executable, "-m", "tests.drivers.unicast")
    async with Plug("Plug", host, tmp_path, port=port, via=via) as plug:
        await described(hass, host, port, lambda: plug.on)
