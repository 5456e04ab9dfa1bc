"""A body that GET would send is told once, then kept."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
import pytest

from ..flow_steps import go_on
from .dialog import GET, NO_LOGIN, choose, empty_form
from .heater import Heater
from .test_noticed import add

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
WITH_BODY = {**GET, "body": '{"value": 1}'}


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


async def test_a_command_by_get_with_a_body(hass: HomeAssistant, heater: Heater) -> None:
    flow = await add(hass, heater, "button", "Boost")
    sent = {"path": "/status", **WITH_BODY, "try": True}
    flow = await go_on(hass, flow, **sent)
    assert flow["errors"] == {"method": "get_with_body"}
    other = {"path": "/window", **WITH_BODY, "try": True}
    flow = await go_on(hass, flow, **other)
    assert flow["errors"] == {"method": "get_with_body"}
    flow = await go_on(hass, flow, **other)
    assert flow["step_id"] == "describe_tried"
    flow = await choose(hass, flow, "describe_command")
    flow = await go_on(hass, flow, **{**sent, "path": "/power", "method": "POST"})
    assert flow["step_id"] == "describe_tried"
    assert heater.sent == [{"value": 1}]


async def test_a_request_by_get_with_a_body(hass: HomeAssistant, heater: Heater) -> None:
    place = {"host": heater.host, "port": heater.port, "path": "/status", "access": NO_LOGIN}
    flow = await go_on(hass, await empty_form(hass), **place, request=WITH_BODY)
    assert flow["errors"] == {"base": "get_with_body"}
    flow = await go_on(hass, flow, **place, request=WITH_BODY)
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_request")
    flow = await go_on(hass, flow, path="/window", **WITH_BODY)
    assert flow["errors"] == {"method": "get_with_body"}
    flow = await go_on(hass, flow, path="/window", **WITH_BODY)
    assert flow["step_id"] == "describe_answer"
