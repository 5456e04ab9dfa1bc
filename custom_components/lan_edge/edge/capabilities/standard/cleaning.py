"""Robots that clean."""

from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability

__all__ = ["CleanerMovement", "RobotCleanerMovement"]


class CleanerMovement(StrEnum):
    """What a cleaning robot does."""

    HOMING = "homing"
    IDLE = "idle"
    CHARGING = "charging"
    ALARM = "alarm"
    POWER_OFF = "powerOff"
    RESERVE = "reserve"
    POINT = "point"
    AFTER = "after"
    CLEANING = "cleaning"
    PAUSE = "pause"


class RobotCleanerMovement(Capability):
    """What a cleaning robot does: it cleans, pauses, drives home, charges, or needs help."""

    robot_cleaner_movement = Attribute(CleanerMovement)

    @command(sets="robot_cleaner_movement")
    def set_robot_cleaner_movement(self, mode: CleanerMovement) -> None:
        """Have it clean, pause, stop (idle) or drive home (homing)."""
