"""A device by lines that says something first on each connection, before it answers."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import description_values

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes, call
from .dialog import choose, empty_form, option
from .projector import Projector

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


@pytest.fixture
async def projector() -> AsyncGenerator[Projector]:
    async with Projector() as device:
        yield device


async def asked(hass: HomeAssistant, device: Projector, flow: Any, message: str) -> Any:
    """Fill in where the projector is, and what it is asked."""
    given = {"host": device.host, "port": device.port, "ending": "cr", "ssl": False}
    return await go_on(hass, flow, **given, message=message)


async def test_the_answer_comes_after_the_greeting(
    hass: HomeAssistant, projector: Projector, driver_files: DriverFiles
) -> None:
    flow = await asked(hass, projector, await empty_form(hass, "lines"), "POWR ?")
    assert "LINK 0" in words(flow)["answer"]
    assert "POWR=0" in words(flow)["heard"]
    flow = await choose(hass, flow, "describe_greeting")
    assert "POWR=0" in words(flow)["answer"]
    assert "LINK" not in words(flow)["heard"]
    assert "describe_greeting" not in flow["menu_options"]
    flow = await choose(hass, flow, "describe_address")
    flow = await asked(hass, projector, flow, "POWR ?")  # the greeting is still known
    assert "POWR=0" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field=option(flow, "field", "POWR= = "))
    for power in ("1", "0"):
        flow = await go_on(hass, flow, message=f"POWR {power}", answered=True, **{"try": True})
        assert "POWR=OK" in words(flow)["answer"]
        assert f"POWR={power}" in words(flow)["state"]
        flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Thing"))
    await comes_online(entry)
    values: Any = description_values((driver_files.devices / "thing.yaml").read_text())
    assert values["options"]["greeting"] == "LINK .{0,400}"
    await call(hass, "switch.turn_on", "switch.thing")
    assert projector.power == "1"
    await becomes(hass, "switch.thing", "on")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_no_greeting_after_all(hass: HomeAssistant, projector: Projector) -> None:
    flow = await asked(hass, projector, await empty_form(hass, "lines"), "POWR ?")
    projector.greeting = "HELLO"
    flow = await choose(hass, flow, "describe_greeting")
    assert flow["step_id"] == "describe_address"
    assert flow["errors"] == {"base": "reply"}
    flow = await asked(hass, projector, flow, "POWR ?")
    assert "describe_greeting" in flow["menu_options"]
