"""The body of a request: one that GET would send is told once; how it is sent is shown."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.command_value import shown_as_sent
from custom_components.lan_edge.describing.request_form import kind_of_body

from ..flow_steps import go_on
from .dialog import GET, NO_LOGIN, choose, empty_form
from .heater import Heater
from .test_noticed import add, suggested

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
    assert suggested(flow)["body_kind"] == "none"  # as it was chosen
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


@pytest.mark.parametrize(
    ("body", "headers", "kind"),
    [
        ("", [], ""),
        ('{"on": 1}', [], "json"),
        (" [1]", [], "json"),
        ("on=1", [], "form"),
        ("on={value}&speed=%20x", [], "form"),
        ("on=1", ["content-type: text/plain"], "text"),
        ("dGVzdA==", [], "text"),
        ("on=1 off=2", [], "text"),
        ("<on/>", [], "text"),
    ],
)
def test_a_body_is_sent_as_it_looks(body: str, headers: list[str], kind: str) -> None:
    assert kind_of_body(body, headers) == kind


@pytest.mark.parametrize(
    ("sending", "value", "shown"),
    [
        ({"get": "/set", "query": {"on": "{value}"}}, 5, "GET /set?on=5"),
        ({"post": "/set", "json": {"a": "{value}"}}, 5, 'POST /set {"a": 5}'),
        ({"post": "/set", "json": {"a": "{value}"}}, "Off", 'POST /set {"a": "Off"}'),
        ({"put": "/on"}, None, "PUT /on"),
        ({"line": "VOL{value:03d}"}, 5, "VOL{value:03d}"),
        ({"bytes": "55 {value:u8}"}, 5, "55 {value:u8}"),
    ],
)
def test_what_was_sent_is_shown(sending: dict[str, Any], value: Any, shown: str) -> None:
    assert shown_as_sent(sending, value) == shown
