"""Settings that a driver needs before its device is added: asked for first, and when refused."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, override

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.flows.settings_form import UNCHANGED
from lan_edge import Http, HttpOptions, Label, Range
from tests.edge.locked import TOKEN, Locked

from ..entries import comes_online
from ..flow_steps import created, go_on, menu, start, words
from ..gate import OpenedGate, announced
from ..own_drivers import add_driver
from ..waiting import eventually


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class GateSettings:
    token: Annotated[
        str, Label("Token", "It is on the label.", secret=True, asked=True, required=True)
    ] = ""
    side: Annotated[Side, Label(asked=True, choices={"left": "On the left"})] = Side.LEFT
    wait: Annotated[int, Range(0, 60), Label("Wait", unit="s")] = 5


@pytest.fixture(autouse=True)
def driver(gate: Locked) -> None:
    @add_driver
    class TokenGate(OpenedGate[Http]):
        id = "gate"
        help = "Switch on the *local API*."
        settings: GateSettings

        @override
        def transport_options(self) -> HttpOptions:
            headers = {"X-Token": self.settings.token}
            return HttpOptions(headers=headers, login_statuses={401, 403})


async def entered(hass: HomeAssistant, gate: Locked) -> Any:
    """Enter the address of the gate; return the form that follows."""
    flow = await menu(hass, "manual")
    host, port = gate.address.host, gate.address.port
    flow = await go_on(hass, flow, driver="gate", host=host, port=port)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "asked")
    return flow


async def added(hass: HomeAssistant, gate: Locked) -> MockConfigEntry:
    flow = await entered(hass, gate)
    entry = created(await go_on(hass, flow, Token=TOKEN, Side="right"))
    await comes_online(entry)
    return entry


def suggested(flow: Any) -> dict[str, Any]:
    return {str(key): key.description["suggested_value"] for key in flow["data_schema"].schema}


async def test_they_are_asked_before_the_device_is(hass: HomeAssistant, gate: Locked) -> None:
    flow = await entered(hass, gate)
    assert not gate.asked
    assert suggested(flow) == {"Token": "", "Side": "left"}
    assert words(flow)["help"] == "Switch on the *local API*."
    assert words(flow)["fields"] == "- **Token**: It is on the label."
    entry = created(await go_on(hass, flow, Token=TOKEN, Side="right"))
    assert entry.unique_id == "gate-1"
    assert entry.options == {"token": TOKEN, "side": "right"}
    assert TOKEN not in str(dict(entry.data))
    await comes_online(entry)


async def test_one_that_is_required_must_not_be_empty(hass: HomeAssistant, gate: Locked) -> None:
    flow = await go_on(hass, await entered(hass, gate), Token="", Side="left")
    assert (flow["step_id"], flow["errors"]) == ("asked", {"Token": "required"})
    assert not gate.asked


async def test_a_wrong_one_is_asked_for_again_and_not_shown(
    hass: HomeAssistant, gate: Locked
) -> None:
    flow = await go_on(hass, await entered(hass, gate), Token="wr0ng", Side="right")
    assert (flow["step_id"], flow["errors"]) == ("asked", {"base": "credentials"})
    assert suggested(flow) == {"Token": UNCHANGED, "Side": "right"}
    assert "wr0ng" not in str(flow)
    assert created(await go_on(hass, flow, Token=TOKEN, Side="right")).unique_id == "gate-1"


async def test_where_nothing_answers_the_address_is_asked_for_again(
    hass: HomeAssistant, gate: Locked
) -> None:
    flow = await menu(hass, "manual")
    flow = await go_on(hass, flow, driver="gate", host="127.0.0.2", port=1)
    flow = await go_on(hass, flow, Token=TOKEN, Side="left")
    assert (flow["step_id"], flow["errors"]) == ("manual", {"base": "unreachable"})
    flow = await go_on(hass, flow, driver="gate", host="127.0.0.2", port=gate.address.port)
    assert suggested(flow) == {"Token": UNCHANGED, "Side": "left"}
    assert created(await go_on(hass, flow, Token=UNCHANGED, Side="left")).unique_id == "gate-1"


async def test_from_the_card_to_the_entry(hass: HomeAssistant, gate: Locked) -> None:
    flow = await start(hass, SOURCE_ZEROCONF, announced(gate.address))
    flow = await go_on(hass, flow)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "asked")
    entry = created(await go_on(hass, flow, Token=TOKEN, Side="left"))
    assert entry.unique_id == "gate-1"


async def test_configure_changes_them_later(hass: HomeAssistant, gate: Locked) -> None:
    entry = await added(hass, gate)
    flow: Any = await hass.config_entries.options.async_init(entry.entry_id)
    assert {*suggested(flow)} == {"Token", "Side", "Wait"}
    options = hass.config_entries.options
    given = {"Token": "", "Side": "left", "Wait": 7}
    flow = await options.async_configure(flow["flow_id"], given)
    assert flow["errors"] == {"Token": "required"}
    await options.async_configure(flow["flow_id"], {**given, "Token": TOKEN})
    assert entry.options == {"token": TOKEN, "side": "left", "wait": 7}


async def test_a_refused_login_is_asked_for_once_and_not_tried_all_the_time(
    hass: HomeAssistant, gate: Locked
) -> None:
    entry = await added(hass, gate)
    gate.lock()
    await eventually(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    refused = gate.refused
    [card] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert card["context"]["source"] == SOURCE_REAUTH
    flow = await go_on(hass, card)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "reauth_asked")
    assert suggested(flow) == {"Token": UNCHANGED}
    assert gate.refused <= refused + 2
    flow = await go_on(hass, flow, Token="wr0ng")
    assert flow["errors"] == {"base": "credentials"}
    flow = await go_on(hass, flow, Token=gate.token)
    assert flow["reason"] == "reauth_successful"
    assert entry.options == {"token": gate.token, "side": "right"}
    await comes_online(entry)


async def test_nothing_is_asked_for_once_the_login_works_again(
    hass: HomeAssistant, gate: Locked
) -> None:
    entry = await added(hass, gate)
    gate.lock()
    await eventually(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    issue = "homeassistant", f"config_entry_reauth_{DOMAIN}_{entry.entry_id}"
    issues = ir.async_get(hass)
    await eventually(lambda: issues.async_get_issue(*issue))
    gate.token = TOKEN
    entry.runtime_data.device.connection.retry()
    await eventually(lambda: not hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    await comes_online(entry)
    assert issues.async_get_issue(*issue) is None
    assert entry.options == {"token": TOKEN, "side": "right"}


async def test_they_are_in_no_diagnostics(
    hass: HomeAssistant, gate: Locked, hass_client: ClientSessionGenerator
) -> None:
    entry = await added(hass, gate)
    shared = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert TOKEN not in str(shared)
    assert "right" in str(shared)
