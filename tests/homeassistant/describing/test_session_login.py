"""A device that wants a login by a request first, described in the dialog."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values
from tests.emulators.session_switch import PASSWORD, USER, SessionSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes, call
from .dialog import GET, choose, empty_form

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
BODY = '{"user": "{username}", "password": "{password}"}'
ACCESS = {"ssl": False, "login": "session", "username": USER, "password": PASSWORD}
CARRIED = {
    "bearer": {"login_token": "token", "carried": "bearer"},
    "header": {"login_token": "token", "carried": "header", "login_name": "X-Session"},
    "query": {"login_token": "token", "carried": "query", "login_name": "sid"},
    "cookie": {"carried": "bearer"},
}


@pytest.fixture(params=CARRIED)
async def switch(request: pytest.FixtureRequest) -> AsyncGenerator[SessionSwitchEmulator]:
    async with SessionSwitchEmulator(request.param) as device:
        yield device


async def at(hass: HomeAssistant, device: SessionSwitchEmulator, flow: Any) -> Any:
    """Fill in where the device is, and that it wants a request first."""
    place = {"host": device.host, "port": device.port, "path": "/switch", "request": GET}
    flow = await go_on(hass, flow, **place, access=ACCESS)
    assert flow["step_id"] == "describe_login"
    return flow


def suggested(flow: Any) -> dict[str, Any]:
    """Return what a form has in it."""
    keys = flow["data_schema"].schema
    made = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in made.items() if value}


async def test_what_the_login_gives_is_carried(
    hass: HomeAssistant, switch: SessionSwitchEmulator, driver_files: DriverFiles
) -> None:
    flow = await at(hass, switch, await empty_form(hass))
    session = {"login_path": "/login", "login_message": BODY, **CARRIED[switch.carried]}
    entered = {"username": USER, "password": PASSWORD, **session}
    flow = await go_on(hass, flow, **{**entered, "password": "wrong"})
    assert flow["step_id"] == "describe_login"
    assert flow["errors"] == {"base": "credentials"}
    flow = await go_on(hass, flow, **entered)
    assert '"off"' in words(flow)["answer"] or "off" in words(flow)["answer"]
    again = await at(hass, switch, await choose(hass, flow, "describe_where"))
    known = suggested(again)
    assert {key: known.get(key) for key in session} == session
    flow = await go_on(hass, again, **entered)
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field='"off"')
    for body in ("on", "off"):
        sent = {"path": "/switch", "method": "POST", "body_kind": "text", "body": body}
        flow = await go_on(hass, flow, **sent, **{"try": False})
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Thing"))
    await comes_online(entry)
    text = (driver_files.devices / "thing.yaml").read_text()
    values: Any = description_values(text)
    assert values["login"]["session"] == {
        "post": "/login",
        "json": {"user": "{username}", "password": "{password}"},
    }
    assert PASSWORD not in text
    switch.forget()
    await call(hass, "switch.turn_on", "switch.thing")
    await becomes(hass, "switch.thing", "on")
    assert switch.state["on"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_cannot_be_sent_is_said_at_its_field(hass: HomeAssistant) -> None:
    async with SessionSwitchEmulator("header") as device:
        flow = await at(hass, device, await empty_form(hass))
        for given, field in (
            ({"login_path": "/a b", "login_message": BODY}, "login_path"),
            ({"login_path": "/login", "login_message": '{"user": }'}, "login_message"),
            ({"login_path": "/login", "login_token": "token", "carried": "query"}, "login_name"),
        ):
            flow = await go_on(hass, flow, **{"carried": "bearer", **given})
            assert flow["step_id"] == "describe_login"
            assert flow["errors"] == {field: "value"}
        assert not device.logins
