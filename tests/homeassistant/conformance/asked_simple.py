"""What buttons, numbers, choices and settings do: by hand."""

from typing import Any

import lan_edge as edge
from lan_edge import Attribute

from .asked import Asked
from .shown import Given

PRESSED = (
    edge.Chime.chime,
    edge.Chime.off,
    edge.EnergyMeter.reset_energy_meter,
    edge.FirmwareUpdate.check_for_firmware_update,
    edge.ImageCapture.take,
    edge.MediaGroup.group_volume_down,
    edge.MediaGroup.group_volume_up,
    edge.MediaTrackControl.next_track,
    edge.MediaTrackControl.previous_track,
    edge.Momentary.push,
    edge.Refresh.refresh,
    edge.Tone.beep,
    edge.WindowShadePreset.preset_position,
)
"""What has a button."""
STEPPED = (
    edge.StatelessColorTemperatureStep.step_color_temperature_by_percent,
    edge.StatelessSwitchLevelStep.step_level,
)
"""What has a button for up, and one for down."""


def pressed() -> list[Asked]:
    """Return what buttons do."""
    plain = [Asked("button.press", c.capability.id, c.id, {}, ((c, {}),)) for c in PRESSED]
    return plain + [
        Asked("button.press", c.capability.id, c.id + way, {}, ((c, {"step_size": step}),))
        for c in STEPPED
        for way, step in ((".up", 10), (".down", -10))
    ]


def number(attribute: Attribute[Any], argument: str, *values: float, **more: Any) -> list[Asked]:
    """Return what setting a number does."""
    setter, home = attribute.setter, attribute.capability.id
    assert setter is not None
    return [
        Asked(
            "number.set_value",
            home,
            attribute.id,
            {"value": value},
            ((setter, {argument: value, **more}),),
        )
        for value in values
    ]


def choice(
    attribute: Attribute[Any], argument: str, words: dict[str, Any], given: Given = ()
) -> list[Asked]:
    """Return what selecting an option does."""
    setter, home = attribute.setter, attribute.capability.id
    assert setter is not None
    return [
        Asked(
            "select.select_option",
            home,
            attribute.id,
            {"option": option},
            ((setter, {argument: value}),),
            given,
        )
        for option, value in words.items()
    ]


def yes_no(attribute: Attribute[Any], argument: str) -> list[Asked]:
    """Return what turning a setting on and off does."""
    setter, home = attribute.setter, attribute.capability.id
    assert setter is not None
    return [
        Asked(f"switch.turn_{way}", home, attribute.id, {}, ((setter, {argument: value}),))
        for way, value in (("on", True), ("off", False))
    ]


ASKED: tuple[Asked, ...] = (
    *pressed(),
    *number(edge.ColorTemperature.color_temperature, "temperature", 1, 30000, 2700),
    *number(edge.MediaGroup.group_volume, "group_volume", 0, 100, 33),
    *number(edge.SwitchLevel.level, "level", 0, 100, 50, rate=None),
    *number(edge.WindowShadePreset.position, "position", 0, 100, 70),
    *number(edge.WindowShadeTiltLevel.shade_tilt_level, "level", 0, 100, 20),
    *number(edge.ColorControl.hue, "hue", 0, 100, 33.3),
    *number(edge.ColorControl.saturation, "saturation", 0, 100, 66.6),
    *choice(edge.Mode.mode, "mode", {"Day": "Day"}, ((edge.Mode.supported_modes, ("Day",)),)),
    *choice(
        edge.MediaInputSource.input_source,
        "mode",
        {"Radio": "Radio"},
        ((edge.MediaInputSource.supported_input_sources, ("Radio",)),),
    ),
    *choice(
        edge.AirConditionerFanMode.fan_mode,
        "fan_mode",
        {"low": "low"},
        ((edge.AirConditionerFanMode.supported_ac_fan_modes, ("low",)),),
    ),
    *choice(edge.HumidifierMode.humidifier_mode, "humidifier_mode", {"high": "high"}),
    *choice(edge.MediaPlaybackRepeat.playback_repeat_mode, "mode", {"one": "one"}),
    *choice(edge.ThermostatFanMode.thermostat_fan_mode, "mode", {"on": "on"}),
    *choice(edge.WindMode.wind_mode, "wind_mode", {"sleep_wind": "sleepWind"}),
    *choice(
        edge.FanOscillationMode.fan_oscillation_mode,
        "fan_oscillation_mode",
        {"fixed_center": "fixedCenter", "all": "all"},
    ),
    *yes_no(edge.AudioMute.muted, "state"),
    *yes_no(edge.MediaGroup.group_mute, "state"),
    *yes_no(edge.MediaPlaybackShuffle.playback_shuffle, "shuffle"),
)
