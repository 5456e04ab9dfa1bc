"""The components of the device: each capability alone, and what belongs together."""

from lan_edge import (
    STANDARD,
    AirConditionerFanMode,
    AirConditionerMode,
    AirPurifierFanMode,
    AudioMute,
    AudioNotification,
    AudioTrackData,
    AudioVolume,
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    FanMode,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    HumidifierMode,
    ImageCapture,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaPresets,
    MediaTrackControl,
    Mode,
    Profile,
    RelativeHumidityMeasurement,
    StatelessColorTemperatureStep,
    StatelessSwitchLevelStep,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatOperatingState,
    VideoStream,
    WindMode,
    WindowShade,
    WindowShadeLevel,
    WindowShadeTiltLevel,
)

type Capabilities = tuple[type[Capability], ...]

TOGETHER: dict[str, tuple[str, Capabilities]] = {
    "player": (
        "media_player",
        (
            AudioVolume,
            MediaPlayback,
            MediaPresets,
            AudioTrackData,
            AudioNotification,
            AudioMute,
            MediaGroup,
            MediaInputSource,
            MediaPlaybackRepeat,
            MediaPlaybackShuffle,
            MediaTrackControl,
            Switch,
        ),
    ),
    "kitchen": ("media_player", (AudioVolume, MediaGroup)),
    "thermostat": (
        "climate",
        (
            ThermostatMode,
            ThermostatHeatingSetpoint,
            ThermostatCoolingSetpoint,
            ThermostatFanMode,
            ThermostatOperatingState,
            RelativeHumidityMeasurement,
            TemperatureMeasurement,
        ),
    ),
    "aircon": (
        "climate",
        (
            AirConditionerMode,
            AirConditionerFanMode,
            FanOscillationMode,
            ThermostatCoolingSetpoint,
            TemperatureMeasurement,
            Switch,
        ),
    ),
    "moist": ("humidifier", (HumidifierMode, RelativeHumidityMeasurement, Switch)),
    "blower": ("fan", (FanSpeedPercent, FanMode, FanOscillationMode, WindMode, Switch)),
    "steps": ("fan", (FanSpeed, Switch)),
    "purifier": ("fan", (AirPurifierFanMode, Switch)),
    "blind": ("cover", (WindowShade, WindowShadeLevel, WindowShadeTiltLevel)),
    "lamp": (
        "light",
        (
            Switch,
            SwitchLevel,
            ColorControl,
            ColorTemperature,
            Mode,
            StatelessColorTemperatureStep,
            StatelessSwitchLevelStep,
        ),
    ),
    "cam": ("camera", (VideoStream, ImageCapture)),
}
"""What belongs together, and the platform of the one entity that it is."""

HOMES: dict[str, Capabilities] = {
    **{c.id: (c,) for c in STANDARD},
    **{name: capabilities for name, (_, capabilities) in TOGETHER.items()},
}
"""Each capability alone by its id, and what belongs together by its name there."""

ALL = Profile(**{name: Component(its, name) for name, its in HOMES.items()})
