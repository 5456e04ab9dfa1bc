"""Cleaning robots."""

from homeassistant.components.vacuum import VacuumEntityFeature
from homeassistant.core import HomeAssistant
import pytest

from lan_edge import Profile, RobotCleanerMovement

from .stage import Actor, enter, stage, told_by
from .states import becomes

ROBOT = "vacuum.device"


async def test_states(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(RobotCleanerMovement))
    await enter(hass, device)
    await becomes(hass, ROBOT, "unknown")
    for told, shown in (
        ("cleaning", "cleaning"),
        ("pause", "paused"),
        ("homing", "returning"),
        ("charging", "docked"),
        ("idle", "idle"),
        ("alarm", "error"),
    ):
        device.show(RobotCleanerMovement.robot_cleaner_movement, told)
        await becomes(hass, ROBOT, shown)
    await device.down()
    await becomes(hass, ROBOT, "unavailable")
    await device.up()
    await becomes(hass, ROBOT, "error")


@pytest.mark.parametrize(
    ("service", "mode"),
    [
        ("start", "cleaning"),
        ("pause", "pause"),
        ("stop", "idle"),
        ("return_to_base", "homing"),
    ],
)
async def test_commands(hass: HomeAssistant, device: Actor, service: str, mode: str) -> None:
    stage(Profile(RobotCleanerMovement))
    await enter(hass, device)
    every = (
        VacuumEntityFeature.STATE
        | VacuumEntityFeature.START
        | VacuumEntityFeature.PAUSE
        | VacuumEntityFeature.STOP
        | VacuumEntityFeature.RETURN_HOME
    )
    await becomes(hass, ROBOT, "unknown", supported_features=every)
    said = await told_by(hass, device, f"vacuum.{service}", ROBOT)
    command = "robotCleanerMovement.setRobotCleanerMovement"
    assert said == (command, {"mode": mode}, "main")
