"""The blueprints of the docs are valid, and do what they say, in Home Assistant itself."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
import shutil
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from tests.emulators.json_bulb import JsonBulbEmulator

from .entries import BULB_ID, set_up
from .states import becomes, call
from .waiting import eventually

FOLDER = Path(__file__).parents[2] / "docs/blueprints/automation"
BLUEPRINTS = sorted(FOLDER.glob("*.yaml"))
LIGHT, REMOTE = "light.desk_lamp", "event.remote"


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda p: p.stem)
def test_it_is_valid(path: Path) -> None:
    blueprint = Blueprint(
        load_yaml_dict(str(path)),
        path=str(path),
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )
    assert blueprint.validate() is None
    source = (
        f"https://github.com/lan-edge/lan-edge/blob/main/docs/blueprints/automation/{path.name}"
    )
    assert blueprint.metadata["source_url"] == source
    assert all(value.get("name") for value in blueprint.inputs.values())


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation of a blueprint, as a user who has imported it does."""
    home = hass.config.path("blueprints/automation/lan_edge")
    await hass.async_add_executor_job(shutil.copytree, FOLDER, home)
    automation = {"use_blueprint": {"path": f"lan_edge/{name}", "input": inputs}}
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    made = hass.states.async_all("automation")
    assert [state.state for state in made] == ["on"]


@pytest.fixture
def press(hass: HomeAssistant) -> Callable[[str], Any]:
    """Return what has the remote tell an event."""
    seconds = count()

    async def press(event_type: str) -> None:
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))
        hass.states.async_set(REMOTE, at.isoformat(), {"event_type": event_type})
        await hass.async_block_till_done()

    return press


@pytest.fixture(autouse=True)
async def config_folder(hass: HomeAssistant, tmp_path: Path) -> None:
    """Have what is imported end with the test."""
    hass.config.config_dir = str(tmp_path)


async def test_a_button_for_a_light(
    hass: HomeAssistant, bulb: JsonBulbEmulator, press: Callable[[str], Any]
) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    assert await async_setup_component(hass, "event", {})
    await press("none")
    await automate(hass, "button_light.yaml", button=REMOTE, light={"entity_id": LIGHT}, step=25)
    await press("pushed")
    await becomes(hass, LIGHT, "on")
    assert bulb.state == {"on": True, "level": 100}
    await press("held")
    await eventually(lambda: bulb.state["level"] == 75)
    await becomes(hass, LIGHT, "on", brightness=191)
    await press("held")
    await eventually(lambda: bulb.state["level"] == 50)
    await press("double")
    await eventually(lambda: bulb.state["level"] == 75)
    await press("pushed_3x")  # nobody asked for it
    await press("press_end")
    await becomes(hass, LIGHT, "off")
    assert bulb.state == {"on": False, "level": 75}


async def test_a_device_is_away_and_back(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    calls: list[ServiceCall] = async_mock_service(hass, "persistent_notification", "create")

    def told() -> list[str]:
        return [call.data["message"] for call in calls]

    await set_up(hass, "json_bulb", BULB_ID, bulb)
    await automate(hass, "device_away.yaml", entities=[LIGHT], minutes=0.01)
    # a short time away is not reported
    hass.states.async_set(LIGHT, "unavailable")
    await asyncio.sleep(0.2)
    hass.states.async_set(LIGHT, "off")
    await asyncio.sleep(0.8)
    assert not told()
    # a long one is
    await bulb.down()
    await becomes(hass, LIGHT, "unavailable")
    await eventually(told)
    assert told() == ["Desk lamp has been unavailable for 0.01 minutes."]
    await bulb.up()
    await becomes(hass, LIGHT, "off")
    await eventually(lambda: len(told()) > 1)
    assert told()[1:] == ["Desk lamp is back."]
    await call(hass, "automation.turn_off", hass.states.async_all("automation")[0].entity_id)
