"""Fans: speed, preset modes, oscillation and switch of a component; also air purifiers."""

from math import ceil
from typing import Any, override

from homeassistant.components.fan import FanEntity, FanEntityFeature as Feature
from homeassistant.const import Platform
from homeassistant.util.percentage import percentage_to_ranged_value, ranged_value_to_percentage

from lan_edge import (
    AirPurifierFanMode,
    Attribute,
    FanIntent,
    FanMode,
    FanModeValue,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    Oscillation,
    PurifierMode,
    Switch,
    Wind,
    WindMode,
)

from .coordinator import LanEdgeCoordinator
from .entities.choices import listed
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

MAX_SPEED = 100
"""The highest speed of a fan that takes percentages, or does not report its range."""
DEFAULT_PERCENTAGE = 50
"""The speed at which a fan without a switch is turned on."""
STILL = (Oscillation.OFF, Oscillation.FIXED, Oscillation.FIXED_CENTER)
OSCILLATING = (Oscillation.ALL, Oscillation.SWING, Oscillation.HORIZONTAL, Oscillation.VERTICAL)
"""The modes for oscillation off and on; the first that a fan supports is used."""

type Mode = FanModeValue | PurifierMode | Wind


class LanEdgeFan(LanEdgeEntity, FanEntity):
    """A fan or an air purifier."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use what the component supports."""
        super().__init__(coordinator, spec)
        self._attr_translation_key = "fan"
        self._has_switch = Switch.on in self.commands and Switch.off in self.commands
        self._takes_percent = FanSpeedPercent.set_percent in self.commands
        self._has_speed = self._takes_percent or FanSpeed.set_fan_speed in self.commands

    # speed

    @property
    def _speed(self) -> Attribute[int]:
        return FanSpeedPercent.percent if self._takes_percent else FanSpeed.fan_speed

    @property
    @override
    def speed_count(self) -> int:
        """Return the number of speeds."""
        if self._takes_percent:
            return MAX_SPEED
        return max((self.read(FanSpeed.fan_speed_range) or (0, MAX_SPEED))[1], 1)

    @property
    @override
    def percentage(self) -> int | None:
        """Return the speed in percent; 0 while the switch is off."""
        speed = self.read(self._speed) if self._has_speed else None
        if self.read(Switch.switch) is False and speed is not None:
            return 0
        return None if speed is None else percentage_of(speed, self.speed_count)

    # preset modes

    @property
    def _modes(self) -> dict[str, Mode]:
        """Return the modes of all capabilities except off, by their preset mode."""
        modes: list[Mode] = []
        if FanMode.set_fan_mode in self.commands:
            fan_modes = self.read(FanMode.supported_fan_modes)
            modes += fan_modes or FanModeValue
        if AirPurifierFanMode.set_air_purifier_fan_mode in self.commands:
            purifier_modes = self.read(AirPurifierFanMode.supported_air_purifier_fan_modes)
            modes += purifier_modes or PurifierMode
        if WindMode.set_wind_mode in self.commands:
            wind_modes = self.read(WindMode.supported_wind_modes)
            modes += wind_modes or Wind
        return {m.name.lower(): m for m in modes if m.name != "OFF"}

    @property
    def _mode(self) -> Mode | None:
        """Return the current mode; a wind mode takes precedence over a fan mode."""
        wind = self.read(WindMode.wind_mode)
        if wind not in {None, Wind.NO_WIND}:
            return wind
        mode = self.read(FanMode.fan_mode)
        return mode or self.read(AirPurifierFanMode.air_purifier_fan_mode) or wind

    @property
    @override
    def preset_modes(self) -> list[str] | None:
        """Return the modes that the fan supports."""
        return list(self._modes) or None

    @property
    @override
    def preset_mode(self) -> str | None:
        """Return the current mode, or None if it is off, or not one of those that can be set."""
        mode = self._mode
        return None if mode is None else listed(mode.name.lower(), self._modes)

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on: by its switch, else by its speed, else by its mode."""
        if (on := self.read(Switch.switch)) is not None or self._has_switch:
            return on
        if (speed := self.percentage) is not None or self._has_speed:
            return None if speed is None else speed > 0
        return None if self._mode is None else self._mode.name != "OFF"

    # oscillation

    def _oscillation(self, candidates: tuple[Oscillation, ...]) -> Oscillation | None:
        """Return the first of some modes that the fan supports."""
        if FanOscillationMode.set_fan_oscillation_mode not in self.commands:
            return None
        listed = self.read(FanOscillationMode.supported_fan_oscillation_modes)
        supported = listed or (*STILL, *OSCILLATING)
        return next((mode for mode in candidates if mode in supported), None)

    @property
    @override
    def oscillating(self) -> bool | None:
        """Return whether it oscillates."""
        mode = self.read(FanOscillationMode.fan_oscillation_mode)
        return None if mode is None else mode in OSCILLATING

    # features and commands

    @property
    @override
    def supported_features(self) -> Feature:
        """Return what is supported now; the device may list its modes."""
        features = Feature(0)
        if self._has_speed:
            features |= Feature.SET_SPEED
        if self._modes:
            features |= Feature.PRESET_MODE
        if self._oscillation(OSCILLATING) is not None and self._oscillation(STILL) is not None:
            features |= Feature.OSCILLATE
        if self._has_switch or self._has_speed or self._modes:
            features |= Feature.TURN_ON
        if self._off_intent() is not None:
            features |= Feature.TURN_OFF
        return features

    def _off_intent(self) -> FanIntent | None:
        """Return the intent that turns it off, or None if it cannot be turned off."""
        if self._has_switch:
            return FanIntent(on=False)
        if self._has_speed:
            return self._speed_intent(0)
        modes = self.read(FanMode.supported_fan_modes) or FanModeValue
        if FanMode.set_fan_mode in self.commands and FanModeValue.OFF in modes:
            return FanIntent(mode=FanModeValue.OFF)
        purifier_modes = self.read(AirPurifierFanMode.supported_air_purifier_fan_modes)
        has_modes = AirPurifierFanMode.set_air_purifier_fan_mode in self.commands
        if has_modes and PurifierMode.OFF in (purifier_modes or PurifierMode):
            return FanIntent(purifier_mode=PurifierMode.OFF)
        return None

    def _speed_intent(self, percentage: int | None) -> FanIntent:
        if percentage is None:
            return FanIntent()
        speed = speed_of(percentage, self.speed_count)
        return FanIntent(percent=speed) if self._takes_percent else FanIntent(speed=speed)

    def _mode_intent(self, mode: Mode | None) -> FanIntent:
        match mode:
            case FanModeValue():
                return FanIntent(mode=mode)
            case PurifierMode():
                return FanIntent(purifier_mode=mode)
            case _:
                return FanIntent(wind=mode)

    @override
    async def async_turn_on(
        self, percentage: int | None = None, preset_mode: str | None = None, **kwargs: Any
    ) -> None:
        """Turn it on, at a speed and in a mode if these are given."""
        if percentage == 0:
            await self.async_turn_off()
            return
        if percentage is None and preset_mode is None and not self._has_switch:
            percentage = DEFAULT_PERCENTAGE if self._has_speed else None
            preset_mode = None if self._has_speed else self._default_mode
        changes = dict(self._speed_intent(percentage).asked())
        if preset_mode is not None:
            changes |= self._mode_intent(self._modes[preset_mode]).asked()
        await self.perform(FanIntent(on=True if self._has_switch else None, **changes))

    @property
    def _default_mode(self) -> str | None:
        """The mode in which a fan without switch and speed is turned on."""
        return "auto" if "auto" in self._modes else next(iter(self._modes), None)

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        """Set the speed in percent; 0 turns it off."""
        await self.async_turn_on(percentage)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Set the mode."""
        await self.async_turn_on(preset_mode=preset_mode)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off, by its switch, else by its speed or mode."""
        if (intent := self._off_intent()) is not None:
            await self.perform(intent)

    @override
    async def async_oscillate(self, oscillating: bool) -> None:
        """Start or stop oscillating."""
        if (mode := self._oscillation(OSCILLATING if oscillating else STILL)) is not None:
            await self.send(FanOscillationMode.set_fan_oscillation_mode, mode)


def percentage_of(speed: int, steps: int) -> int:
    """Return the percentage of a speed of 0 to `steps`; higher ones count as `steps`."""
    return ranged_value_to_percentage((1, steps), min(speed, steps)) if speed else 0


def speed_of(percentage: int, steps: int) -> int:
    """Return the speed of 0 to `steps` for a percentage; 0 only for 0 percent."""
    return ceil(round(percentage_to_ranged_value((1, steps), percentage), 6)) if percentage else 0


async_setup_entry = setup_entry_of(Platform.FAN, LanEdgeFan)
