"""The rules by which capabilities that belong together are folded into one entity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeassistant.const import Platform

from lan_edge import (
    AirConditionerFanMode,
    AirConditionerMode,
    AirPurifierFanMode,
    Alarm,
    Attribute,
    AudioMute,
    AudioNotification,
    AudioTrackData,
    AudioVolume,
    Capability,
    ColorControl,
    ColorTemperature,
    Command,
    Component,
    DoorControl,
    FanMode,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    FirmwareUpdate,
    GarageDoorControl,
    HumidifierMode,
    ImageCapture,
    Lock,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaPresets,
    MediaTrackControl,
    Mode,
    RelativeHumidityMeasurement,
    RobotCleanerMovement,
    SecuritySystem,
    StatelessAudioMuteButton,
    StatelessAudioVolumeButton,
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
    Valve,
    VideoStream,
    WindMode,
    WindowShade,
    WindowShadeLevel,
    WindowShadeTiltLevel,
)

type Capabilities = tuple[type[Capability], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """An entity of at least one of `any_of`, all of `needs`, and those of `takes` there are."""

    platform: Platform
    subject: type[Capability]
    """The capability whose id is part of the unique id, so it must not change.

    The component need not have it.
    """
    any_of: Capabilities
    takes: Capabilities = ()
    needs: Capabilities = ()
    category: str = ""
    """A component of this category needs none of `any_of`."""
    separate: tuple[Attribute[Any] | Command[...], ...] = ()
    """The attributes and commands of these capabilities that have entities of their own."""
    takes_presets: bool = False
    """Whether it also takes each capability that has a preset which can be set."""

    def fold(self, component: Component, remaining: Sequence[type[Capability]]) -> Capabilities:
        """Return which of the remaining capabilities the entity covers; none if it is not made."""
        has_any = any(c in remaining for c in self.any_of)
        has_category = bool(self.category) and component.category == self.category
        if not (has_any or has_category) or not all(c in remaining for c in self.needs):
            return ()
        return tuple(c for c in remaining if c in self.any_of + self.takes + self.needs)


RULES = (
    Rule(
        Platform.MEDIA_PLAYER,
        AudioVolume,
        any_of=(
            AudioVolume,
            StatelessAudioVolumeButton,
            StatelessAudioMuteButton,
            MediaPlayback,
            MediaPresets,
            AudioTrackData,
            AudioNotification,
        ),
        takes=(
            AudioMute,
            MediaGroup,
            MediaInputSource,
            MediaPlaybackRepeat,
            MediaPlaybackShuffle,
            MediaTrackControl,
            Switch,
        ),
        separate=(MediaGroup.group_volume, MediaGroup.group_mute),
    ),
    Rule(
        Platform.CLIMATE,
        ThermostatMode,
        any_of=(
            ThermostatMode,
            ThermostatHeatingSetpoint,
            ThermostatCoolingSetpoint,
            AirConditionerMode,
        ),
        takes=(
            AirConditionerFanMode,
            FanOscillationMode,
            RelativeHumidityMeasurement,
            Switch,
            TemperatureMeasurement,
            ThermostatFanMode,
            ThermostatOperatingState,
        ),
        takes_presets=True,
    ),
    Rule(
        Platform.HUMIDIFIER,
        HumidifierMode,
        any_of=(HumidifierMode,),
        takes=(RelativeHumidityMeasurement,),
        needs=(Switch,),
    ),
    Rule(
        Platform.FAN,
        FanSpeed,
        any_of=(FanSpeed, FanSpeedPercent, FanMode, AirPurifierFanMode),
        takes=(FanOscillationMode, WindMode, Switch),
    ),
    Rule(
        Platform.COVER,
        WindowShade,
        any_of=(WindowShade, WindowShadeLevel, DoorControl, GarageDoorControl),
        takes=(WindowShadeTiltLevel,),
    ),
    Rule(
        Platform.LIGHT,
        Switch,
        any_of=(SwitchLevel, ColorControl, ColorTemperature),
        takes=(Mode, StatelessColorTemperatureStep, StatelessSwitchLevelStep),
        needs=(Switch,),
        category="light",
    ),
    Rule(Platform.LOCK, Lock, any_of=(Lock,)),
    Rule(Platform.VACUUM, RobotCleanerMovement, any_of=(RobotCleanerMovement,)),
    Rule(Platform.VALVE, Valve, any_of=(Valve,)),
    Rule(Platform.SIREN, Alarm, any_of=(Alarm,)),
    Rule(Platform.ALARM_CONTROL_PANEL, SecuritySystem, any_of=(SecuritySystem,)),
    Rule(
        Platform.UPDATE,
        FirmwareUpdate,
        any_of=(FirmwareUpdate,),
        separate=(FirmwareUpdate.check_for_firmware_update,),
    ),
    Rule(Platform.CAMERA, VideoStream, any_of=(VideoStream,), takes=(ImageCapture,)),
    Rule(Platform.IMAGE, ImageCapture, any_of=(ImageCapture,), separate=(ImageCapture.take,)),
    Rule(Platform.SWITCH, Switch, any_of=(Switch,)),
)
"""In order of precedence."""
