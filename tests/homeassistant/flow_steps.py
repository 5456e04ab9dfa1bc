"""Steps of config flows: start one, continue it, and look at its result."""

import asyncio
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN

NO_SUCH_HOST = "no-such-host.invalid"


async def start(hass: HomeAssistant, source: str, data: Any = None) -> ConfigFlowResult:
    """Begin a flow."""
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": source}, data=data)


async def go_on(hass: HomeAssistant, flow: ConfigFlowResult, **given: Any) -> ConfigFlowResult:
    """Fill in the form that a flow shows."""
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], given)
    await hass.async_block_till_done()
    return result


async def waited(hass: HomeAssistant, flow: ConfigFlowResult) -> ConfigFlowResult:
    """Return what comes after a flow's progress, as a browser gets it.

    It goes on when Home Assistant says so: to ask meanwhile is a step, too.
    """
    manager = hass.config_entries.flow
    async with asyncio.timeout(60):  # on a busy machine
        while flow["type"] is FlowResultType.SHOW_PROGRESS:
            while manager.async_get(flow["flow_id"])["step_id"] == flow["step_id"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            flow = await manager.async_configure(flow["flow_id"])
    await hass.async_block_till_done()
    return flow


async def answered(hass: HomeAssistant, flow: ConfigFlowResult, answer: str) -> ConfigFlowResult:
    """Fill in the only field of a form, such as a question of a pairing; return what follows."""
    assert flow["data_schema"] is not None
    [field] = flow["data_schema"].schema
    return await waited(hass, await go_on(hass, flow, **{str(field): answer}))


def created(result: ConfigFlowResult) -> MockConfigEntry:
    """Return the entry that a flow made."""
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry: MockConfigEntry = result["result"]
    return entry


def aborted(result: ConfigFlowResult) -> str:
    """Return why a flow ended."""
    assert result["type"] is FlowResultType.ABORT, result
    return result["reason"]


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the fields of a form are filled in with."""
    schema = result["data_schema"]
    assert schema is not None
    keys = [key for key in schema.schema if key.description]
    return {str(key): key.description["suggested_value"] for key in keys}


def words(result: ConfigFlowResult) -> dict[str, str]:
    """Return what the texts of a step have in place of their placeholders."""
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    return {k: str(v) for k, v in placeholders.items()}


async def menu(hass: HomeAssistant, choice: str) -> ConfigFlowResult:
    flow = await start(hass, SOURCE_USER)
    assert flow["type"] is FlowResultType.MENU
    assert flow["menu_options"] in (
        ["search", "manual", "describe"],
        ["search", "manual", "describe", "system"],
    )
    return await go_on(hass, flow, next_step_id=choice)
