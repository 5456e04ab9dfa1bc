"""What covers, valves, lights, locks, sirens and alarm panels do: by hand."""

import lan_edge as edge

from .asked import Asked, by
from .shown import Given

ON: Given = ((edge.Switch.switch, True),)
OFF: Given = ((edge.Switch.switch, False),)
NEWER: Given = (
    (edge.FirmwareUpdate.state, edge.FirmwareState.NORMAL_OPERATION),
    (edge.FirmwareUpdate.current_version, "1.0"),
    (edge.FirmwareUpdate.available_version, "2.0"),
    (edge.FirmwareUpdate.update_available, True),
)


def openings() -> list[Asked]:
    """Return what covers, locks, valves and robots do."""
    shade, level, tilt = edge.WindowShade, edge.WindowShadeLevel, edge.WindowShadeTiltLevel
    robot = edge.RobotCleanerMovement.set_robot_cleaner_movement
    return [
        *by(
            "cover",
            "windowShade",
            ("open_cover", "blind", {}, (shade.open, {}), ()),
            ("close_cover", "blind", {}, (shade.close, {}), ()),
            ("stop_cover", "blind", {}, (shade.pause, {}), ()),
            (
                "open_cover",
                "windowShadeLevel",
                {},
                (level.set_shade_level, {"shade_level": 100}),
                ((level.shade_level, 30),),
            ),
            (
                "set_cover_position",
                "blind",
                {"position": 0},
                (level.set_shade_level, {"shade_level": 0}),
                (),
            ),
            (
                "set_cover_position",
                "blind",
                {"position": 37},
                (level.set_shade_level, {"shade_level": 37}),
                (),
            ),
            ("open_cover_tilt", "blind", {}, (tilt.set_shade_tilt_level, {"level": 100}), ()),
            ("close_cover_tilt", "blind", {}, (tilt.set_shade_tilt_level, {"level": 0}), ()),
            (
                "set_cover_tilt_position",
                "blind",
                {"tilt_position": 45},
                (tilt.set_shade_tilt_level, {"level": 45}),
                (),
            ),
            ("open_cover", "doorControl", {}, (edge.DoorControl.open, {}), ()),
            ("close_cover", "doorControl", {}, (edge.DoorControl.close, {}), ()),
            ("open_cover", "garageDoorControl", {}, (edge.GarageDoorControl.open, {}), ()),
            ("close_cover", "garageDoorControl", {}, (edge.GarageDoorControl.close, {}), ()),
        ),
        *by(
            "lock",
            "lock",
            ("lock", "lock", {}, (edge.Lock.lock, {}), ()),
            ("unlock", "lock", {}, (edge.Lock.unlock, {}), ()),
            ("open", "lock", {}, (edge.Lock.unlatch, {}), ()),
        ),
        *by(
            "vacuum",
            "robotCleanerMovement",
            ("start", "robotCleanerMovement", {}, (robot, {"mode": "cleaning"}), ()),
            ("pause", "robotCleanerMovement", {}, (robot, {"mode": "pause"}), ()),
            ("stop", "robotCleanerMovement", {}, (robot, {"mode": "idle"}), ()),
            ("return_to_base", "robotCleanerMovement", {}, (robot, {"mode": "homing"}), ()),
        ),
        *by(
            "valve",
            "valve",
            ("open_valve", "valve", {}, (edge.Valve.open, {}), ()),
            ("close_valve", "valve", {}, (edge.Valve.close, {}), ()),
        ),
    ]


def lamps() -> list[Asked]:
    """Return what lamps and switches do."""
    level, color = edge.SwitchLevel, edge.ColorControl
    return [
        *by(
            "light",
            "switch",
            ("turn_on", "lamp", {}, (edge.Switch.on, {}), OFF),
            ("turn_off", "lamp", {}, (edge.Switch.off, {}), ON),
            (
                "turn_on",
                "lamp",
                {"brightness": 255},
                (level.set_level, {"level": 100, "rate": None}),
                ON,
            ),
            (
                "turn_on",
                "lamp",
                {"brightness_pct": 1, "transition": 2},
                (level.set_level, {"level": 1, "rate": 2.0}),
                ON,
            ),
            (
                "turn_on",
                "lamp",
                {"hs_color": [180, 100]},
                (color.set_color, {"hue": 50.0, "saturation": 100.0}),
                ON,
            ),
            (
                "turn_on",
                "lamp",
                {"color_temp_kelvin": 2700},
                (edge.ColorTemperature.set_color_temperature, {"temperature": 2700}),
                (*ON, (edge.ColorTemperature.color_temperature_range, (2200, 6500))),
            ),
            (
                "turn_on",
                "lamp",
                {"effect": "Ocean", "brightness_pct": 40},
                [
                    (edge.Mode.set_mode, {"mode": "Ocean"}),
                    (level.set_level, {"level": 40, "rate": None}),
                ],
                (*ON, (edge.Mode.supported_modes, ("Ocean", "Cozy"))),
            ),
        ),
        *by(
            "switch",
            "switch",
            ("turn_on", "switch", {}, (edge.Switch.on, {}), ()),
            ("turn_off", "switch", {}, (edge.Switch.off, {}), ()),
        ),
    ]


def guards() -> list[Asked]:
    """Return what sirens, alarm systems and updates do."""
    alarm, house = edge.Alarm, edge.SecuritySystem
    return [
        *by(
            "siren",
            "alarm",
            ("turn_on", "alarm", {}, (alarm.siren, {}), ()),
            ("turn_on", "alarm", {"tone": "siren"}, (alarm.siren, {}), ()),
            ("turn_on", "alarm", {"tone": "strobe"}, (alarm.strobe, {}), ()),
            ("turn_on", "alarm", {"tone": "both"}, (alarm.both, {}), ()),
            ("turn_off", "alarm", {}, (alarm.off, {}), ()),
        ),
        *by(
            "alarm_control_panel",
            "securitySystem",
            ("alarm_arm_away", "securitySystem", {}, (house.arm_away, {"bypass_all": None}), ()),
            ("alarm_arm_home", "securitySystem", {}, (house.arm_stay, {"bypass_all": None}), ()),
            ("alarm_disarm", "securitySystem", {}, (house.disarm, {}), ()),
        ),
        *by(
            "update",
            "firmwareUpdate",
            ("install", "firmwareUpdate", {}, (edge.FirmwareUpdate.update_firmware, {}), NEWER),
        ),
    ]


ASKED: tuple[Asked, ...] = (*openings(), *lamps(), *guards())
