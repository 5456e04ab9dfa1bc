"""The login of a device that is described: what is shown when the device refuses it."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from ..flow_steps import go_on
from .dialog import GET, NO_LOGIN, choose, empty_form
from .house import House

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
TOKEN = {"ssl": False, "login": "bearer", "password": "wrong"}


def is_login_open(flow: Any) -> bool:
    """Return whether the fields of the login are shown."""
    return not flow["data_schema"].schema["access"].options["collapsed"]


async def test_the_login_is_shown_when_it_is_refused(hass: HomeAssistant) -> None:
    async with House() as house:
        house.token = "right"
        place = {"host": house.host, "port": house.port, "path": "/state", "request": GET}
        flow = await empty_form(hass)
        assert not is_login_open(flow)
        for access in (NO_LOGIN, TOKEN):
            flow = await go_on(hass, flow, **place, access=access)
            assert flow["errors"] == {"base": "credentials"}
            assert is_login_open(flow)
        flow = await go_on(hass, flow, **place, access={**TOKEN, "password": "right"})
        flow = await choose(hass, flow, "describe_where")
        assert is_login_open(flow)


async def test_it_stays_hidden_after_another_error(hass: HomeAssistant) -> None:
    async with House() as house:
        place = {"host": house.host, "port": house.port, "path": "/nothing", "request": GET}
        flow = await go_on(hass, await empty_form(hass), **place, access=NO_LOGIN)
    assert flow["errors"]
    assert not is_login_open(flow)
