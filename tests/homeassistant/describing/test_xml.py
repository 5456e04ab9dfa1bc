"""A WeMo is described in the dialog: XML by POST, with a header, and an answer in XML."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from tests.emulators.wemo import WemoEmulator

from ..entries import comes_online
from ..flow_steps import created, go_on
from ..states import becomes, call
from .dialog import NO_LOGIN, choose, empty_form, option, options_of

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


async def test_a_plug_that_speaks_soap(hass: HomeAssistant) -> None:
    async with WemoEmulator() as device:
        flow = await empty_form(hass)
        place = {"host": device.host, "port": device.port, "path": PATH}
        wrong = {**soap("GetBinaryState"), "headers": ["SOAPACTION"]}
        flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=wrong)
        assert flow["errors"] == {"base": "value"}
        asked = soap("GetBinaryState")
        flow = await go_on(hass, flow, **place, access=NO_LOGIN, request=asked)
        flow = await choose(hass, flow, "describe_add")
        flow = await go_on(hass, flow, kind="switch")
        assert options_of(flow, "field")
        flow = await go_on(hass, flow, field=option(flow, "field", "Body/"))
        for state in "10":
            binary = f"<BinaryState>{state}</BinaryState>"
            sent = {"path": PATH, **soap("SetBinaryState", binary), "try": True}
            flow = await go_on(hass, flow, **sent)
            assert device.state["on"] == (state == "1")
            flow = await choose(hass, flow, "describe_keep")
        flow = await choose(hass, flow, "describe_finish")
        entry = created(await go_on(hass, flow, name="Plug"))
        await comes_online(entry)
        await becomes(hass, "switch.plug", "off")
        await call(hass, "switch.turn_on", "switch.plug")
        assert device.state["on"]
        assert await hass.config_entries.async_unload(entry.entry_id)
