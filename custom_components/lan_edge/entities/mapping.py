"""Which entities a device has: what folds into one, and what becomes of the rest.

A rule names the capabilities that one entity shows together; of the rules that fit a component,
the first takes them. Each attribute and command that is left becomes an entity by what it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
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
    Device,
    DoorControl,
    FanMode,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    FirmwareUpdate,
    GarageDoorControl,
    HealthCheck,
    HumidifierMode,
    ImageCapture,
    Kind,
    Lock,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaPresets,
    MediaTrackControl,
    Mode,
    Profile,
    Refresh,
    RelativeHumidityMeasurement,
    SecuritySystem,
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

from .choices import slug

type Capabilities = tuple[type[Capability], ...]
type Commands = frozenset[Command[...]]
type Part = type[Capability] | Attribute[Any] | Command[...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Capabilities that one entity shows: one of `any_of` at least, and what it `takes`.

    `part` gives the entity its unique id, so it never changes; it need not be there.
    """

    platform: Platform
    part: type[Capability]
    any_of: Capabilities
    takes: Capabilities = ()
    needs: Capabilities = ()
    """All of these must be there too."""
    category: str = ""
    """A component of this category needs none of `any_of`."""
    leaves: tuple[Attribute[Any] | Command[...], ...] = ()
    """What the entity cannot show of the capabilities it takes: an entity of its own."""

    def shows(self, component: Component, left: Sequence[type[Capability]]) -> Capabilities:
        """Return what the entity shows of the capabilities `left`; nothing if it does not fit."""
        first = any(c in left for c in self.any_of)
        named = bool(self.category) and component.category == self.category
        if not (first or named) or not all(c in left for c in self.needs):
            return ()
        return tuple(c for c in left if c in self.any_of + self.takes + self.needs)


RULES = (
    Rule(
        Platform.MEDIA_PLAYER,
        AudioVolume,
        any_of=(AudioVolume, MediaPlayback, MediaPresets, AudioTrackData, AudioNotification),
        takes=(
            AudioMute,
            MediaGroup,
            MediaInputSource,
            MediaPlaybackRepeat,
            MediaPlaybackShuffle,
            MediaTrackControl,
            Switch,
        ),
        leaves=(MediaGroup.group_volume, MediaGroup.group_mute),
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
    Rule(Platform.VALVE, Valve, any_of=(Valve,)),
    Rule(Platform.SIREN, Alarm, any_of=(Alarm,)),
    Rule(Platform.ALARM_CONTROL_PANEL, SecuritySystem, any_of=(SecuritySystem,)),
    Rule(
        Platform.UPDATE,
        FirmwareUpdate,
        any_of=(FirmwareUpdate,),
        leaves=(FirmwareUpdate.check_for_firmware_update,),
    ),
    Rule(Platform.CAMERA, VideoStream, any_of=(VideoStream,), takes=(ImageCapture,)),
    Rule(Platform.IMAGE, ImageCapture, any_of=(ImageCapture,), leaves=(ImageCapture.take,)),
    Rule(Platform.SWITCH, Switch, any_of=(Switch,)),
)

STEPPED: tuple[Command[...], ...] = (
    StatelessColorTemperatureStep.step_color_temperature_by_percent,
    StatelessSwitchLevelStep.step_level,
)
"""What only knows more and less has a button for each."""
STEP = 10


@dataclass(frozen=True, slots=True)
class View:
    """One entity to be: what it shows of which component, and its key within the device."""

    platform: Platform
    component: str
    part: Part
    shows: Capabilities = ()
    """All capabilities that the entity shows, where it is made of some."""
    step: int = 0
    """By how much a button changes something, up or down."""
    can: Commands = frozenset()
    """The commands of the capabilities shown that the device carries out."""

    @property
    def key(self) -> str:
        """The entity's part of its unique id: it must never change."""
        return f"{self.component}-{self.part.id}{self._direction}"

    @property
    def translation_key(self) -> str:
        """The key of the entity's name and icon: `switch_level_level`."""
        return slug(self.part.id + self._direction)

    @property
    def _direction(self) -> str:
        return "" if not self.step else ".up" if self.step > 0 else ".down"


def views(device: Device) -> tuple[View, ...]:
    """Return every entity of a device, in the order of its profile."""
    known = device.profile.commands()
    return _views(device.profile, frozenset(c for c in known if device.handles(c)))


@lru_cache(maxsize=256)
def _views(profile: Profile, handled: Commands) -> tuple[View, ...]:
    """Return what all devices of that profile share, if they carry out the same commands."""
    parts = profile.components.items()
    return tuple(v for name, part in parts for v in _component_views(handled, name, part))


def _component_views(handled: Commands, name: str, component: Component) -> Iterator[View]:
    left = list(component.capabilities)
    for rule in RULES:
        if shown := rule.shows(component, left):
            can = frozenset(c for each in shown for c in each.commands) & handled
            yield View(rule.platform, name, rule.part, shown, can=can)
            left = [c for c in left if c not in shown]
            for part in rule.leaves:
                if part.capability in shown:
                    yield from _part_views(handled, name, part)
    for capability in left:
        for attribute in capability.attributes:
            yield from _part_views(handled, name, attribute)
        for command in capability.commands:
            yield from _part_views(handled, name, command)


def _part_views(
    handled: Commands, name: str, part: Attribute[Any] | Command[...]
) -> Iterator[View]:
    platform = (
        _of_attribute(handled, part) if isinstance(part, Attribute) else _of_command(handled, part)
    )
    if platform is not None:
        yield View(platform, name, part)
    elif isinstance(part, Command) and part in STEPPED and part in handled:
        yield from (View(Platform.BUTTON, name, part, step=step) for step in (STEP, -STEP))


def _of_attribute(handled: Commands, attribute: Attribute[Any]) -> Platform | None:
    kind = attribute.schema.type
    if attribute.kind is Kind.HIDDEN or not issubclass(kind, bool | int | float | str | Enum):
        return None
    if attribute.kind is Kind.EVENT:
        return Platform.EVENT
    if attribute.setter is None or attribute.setter not in handled:
        plain = kind is not bool and attribute.words is None
        return Platform.SENSOR if plain else Platform.BINARY_SENSOR
    if kind is bool:
        return Platform.SWITCH
    if attribute.options is not None or issubclass(kind, Enum):
        return Platform.SELECT
    return Platform.TEXT if issubclass(kind, str) else Platform.NUMBER


def _of_command(handled: Commands, command: Command[...]) -> Platform | None:
    """Make a button of a command without arguments that says nothing about the state."""
    silent = not command.arguments and command.sets is None and command is not HealthCheck.ping
    pressed = command is Refresh.refresh or (silent and command in handled)
    return Platform.BUTTON if pressed else None
