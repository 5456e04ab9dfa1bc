"""What an owner sees of fans, of what opens and closes, and of lamps: by hand."""

import lan_edge as edge

from .shown import Given, Row, on_off, same, state, told, word

SHADES = {
    edge.ShadeState.CLOSED: "closed",
    edge.ShadeState.CLOSING: "closing",
    edge.ShadeState.OPEN: "open",
    edge.ShadeState.OPENING: "opening",
    edge.ShadeState.PARTIALLY_OPEN: "open",
    edge.ShadeState.PAUSED: "open",
}
DOORS = {d: SHADES.get(edge.ShadeState(d.value), "unknown") for d in edge.DoorState}
LOCKS = {
    edge.LockState.LOCKED: "locked",
    edge.LockState.UNLOCKED: "unlocked",
    edge.LockState.UNLOCKED_WITH_TIMEOUT: "unlocked",
    edge.LockState.NOT_FULLY_LOCKED: "jammed",
    edge.LockState.UNLATCHED: "open",
    edge.LockState.UNKNOWN: "unknown",
}
ROBOTS = {
    edge.CleanerMovement.HOMING: "returning",
    edge.CleanerMovement.CHARGING: "docked",
    edge.CleanerMovement.ALARM: "error",
    edge.CleanerMovement.CLEANING: "cleaning",
    edge.CleanerMovement.POINT: "cleaning",
    edge.CleanerMovement.PAUSE: "paused",
}
ROBOTS = {movement: ROBOTS.get(movement, "idle") for movement in edge.CleanerMovement}
SWINGING = {edge.Oscillation.ALL, edge.Oscillation.SWING}
SWINGING |= {edge.Oscillation.HORIZONTAL, edge.Oscillation.VERTICAL}
BRIGHT = {0: 0, 1: 3, 2: 5, 10: 26, 50: 128, 99: 252, 100: 255}
"""The brightness by the level."""

ON: Given = ((edge.Switch.switch, True),)
LIT: Given = (*ON, (edge.SwitchLevel.level, 100))
WHITE: Given = (*LIT, (edge.ColorControl.hue, 0.0), (edge.ColorControl.saturation, 0.0))
CALM: Given = (
    *ON,
    (edge.WindMode.wind_mode, edge.Wind.NO_WIND),
    (edge.FanMode.fan_mode, edge.FanModeValue.AUTO),
)

ROWS: tuple[Row, ...] = (
    ("fan", "blower steps purifier", edge.Switch.switch, state, on_off, ()),
    (
        "fan",
        "blower fanSpeedPercent",
        edge.FanSpeedPercent.percent,
        told("percentage"),
        same,
        CALM,
    ),
    ("fan", "fanSpeedPercent", edge.FanSpeedPercent.percent, state, on_off, ()),
    ("fan", "steps fanSpeed", edge.FanSpeed.fan_speed, told("percentage"), same, ON),
    (
        "fan",
        "steps fanSpeed",
        edge.FanSpeed.fan_speed,
        told("percentage"),
        {0: 0, 1: 25, 2: 50, 3: 75, 4: 100},
        (*ON, (edge.FanSpeed.fan_speed_range, (0, 4))),
    ),
    (
        "fan",
        "blower fanMode",
        edge.FanMode.fan_mode,
        told("preset_mode"),
        lambda m: None if m == "off" else str(m),
        CALM,
    ),
    ("fan", "fanMode", edge.FanMode.fan_mode, state, lambda m: on_off(m != "off"), ()),
    (
        "fan",
        "blower",
        edge.WindMode.wind_mode,
        told("preset_mode"),
        {
            edge.Wind.NO_WIND: "auto",
            edge.Wind.SLEEP_WIND: "sleep_wind",
            edge.Wind.NATURAL_WIND: "natural_wind",
        },
        CALM,
    ),
    (
        "fan",
        "blower",
        edge.FanOscillationMode.fan_oscillation_mode,
        told("oscillating"),
        lambda o: o in SWINGING,
        CALM,
    ),
    (
        "fan",
        "purifier airPurifierFanMode",
        edge.AirPurifierFanMode.air_purifier_fan_mode,
        told("preset_mode"),
        lambda m: None if m == "off" else word(m),
        ON,
    ),
    (
        "cover",
        "windowShade",
        edge.WindowShade.window_shade,
        state,
        {**SHADES, edge.ShadeState.UNKNOWN: "unknown"},
        (),
    ),
    (
        "cover",
        "blind",
        edge.WindowShade.window_shade,
        state,
        {**SHADES, edge.ShadeState.UNKNOWN: "open"},
        ((edge.WindowShadeLevel.shade_level, 50),),
    ),
    (
        "cover",
        "blind windowShadeLevel",
        edge.WindowShadeLevel.shade_level,
        told("current_position"),
        same,
        (),
    ),
    (
        "cover",
        "windowShadeLevel",
        edge.WindowShadeLevel.shade_level,
        state,
        lambda v: "open" if v else "closed",
        (),
    ),
    (
        "cover",
        "blind",
        edge.WindowShadeTiltLevel.shade_tilt_level,
        told("current_tilt_position"),
        same,
        (),
    ),
    ("cover", "doorControl", edge.DoorControl.door, state, DOORS, ()),
    ("cover", "garageDoorControl", edge.GarageDoorControl.door, state, DOORS, ()),
    ("lock", "lock", edge.Lock.lock_state, state, LOCKS, ()),
    (
        "vacuum",
        "robotCleanerMovement",
        edge.RobotCleanerMovement.robot_cleaner_movement,
        state,
        ROBOTS,
        (),
    ),
    ("valve", "valve", edge.Valve.valve, state, {True: "open", False: "closed"}, ()),
    ("light", "lamp", edge.Switch.switch, state, on_off, ()),
    ("light", "lamp", edge.SwitchLevel.level, told("brightness"), BRIGHT, ON),
    (
        "light",
        "lamp",
        edge.ColorControl.hue,
        lambda s: s.attributes["hs_color"][0],
        lambda hue: round(hue * 3.6, 3),
        (*LIT, (edge.ColorControl.saturation, 100.0)),
    ),
    (
        "light",
        "lamp",
        edge.ColorControl.saturation,
        lambda s: s.attributes["hs_color"][1] if s.attributes["color_mode"] == "hs" else 0,
        lambda saturation: round(saturation, 3),
        (*LIT, (edge.ColorControl.hue, 50.0)),
    ),
    (
        "light",
        "lamp",
        edge.ColorTemperature.color_temperature,
        told("color_temp_kelvin"),
        same,
        WHITE,
    ),
    (
        "light",
        "lamp",
        edge.Mode.mode,
        told("effect"),
        {"Ocean": "Ocean", "1000": None, "": "off"},
        (*LIT, (edge.Mode.supported_modes, ("Ocean", "Cozy"))),
    ),
)
