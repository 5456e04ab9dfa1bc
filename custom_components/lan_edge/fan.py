"""Fans: speed, ways to run, swinging and switch of one component; air purifiers are fans too."""

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
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

FULL = 100
"""The most of a fan that is told percents, or does not tell its steps."""
HALF = 50
"""The percentage to begin with of a fan that is on by its speed alone."""
STANDS = (Oscillation.OFF, Oscillation.FIXED, Oscillation.FIXED_CENTER)
SWINGS = (Oscillation.ALL, Oscillation.SWING, Oscillation.HORIZONTAL, Oscillation.VERTICAL)
"""What swings, and what does not: the first that a fan has is the one."""

type Mode = FanModeValue | PurifierMode | Wind


class LanEdgeFan(LanEdgeEntity, FanEntity):
    """A fan or an air purifier."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the component can do."""
        super().__init__(coordinator, view)
        self._attr_translation_key = "fan"
        self._switched = Switch.on in self.can and Switch.off in self.can
        self._in_percent = FanSpeedPercent.set_percent in self.can
        self._has_speed = self._in_percent or FanSpeed.set_fan_speed in self.can

    # how fast

    @property
    def _speed(self) -> Attribute[int]:
        return FanSpeedPercent.percent if self._in_percent else FanSpeed.fan_speed

    @property
    @override
    def speed_count(self) -> int:
        """How many steps it has."""
        if self._in_percent:
            return FULL
        return max((self.read(FanSpeed.fan_speed_range) or (0, FULL))[1], 1)

    @property
    @override
    def percentage(self) -> int | None:
        """How fast it is, in percent; 0 while it is off."""
        speed = self.read(self._speed) if self._has_speed else None
        if self.read(Switch.switch) is False and speed is not None:
            return 0
        return None if speed is None else percentage_of(speed, self.speed_count)

    # how it runs

    @property
    def _modes(self) -> dict[str, Mode]:
        """Return how it can run, but for off: by the words of all its capabilities."""
        modes: list[Mode] = []
        if FanMode.set_fan_mode in self.can:
            known = self.read(FanMode.supported_fan_modes)
            modes += known or FanModeValue
        if AirPurifierFanMode.set_air_purifier_fan_mode in self.can:
            told = self.read(AirPurifierFanMode.supported_air_purifier_fan_modes)
            modes += told or PurifierMode
        if WindMode.set_wind_mode in self.can:
            winds = self.read(WindMode.supported_wind_modes)
            modes += winds or Wind
        return {m.name.lower(): m for m in modes if m.name != "OFF"}

    @property
    def _mode(self) -> Mode | None:
        """Return how it runs: an imitated wind goes before what it is made of."""
        wind = self.read(WindMode.wind_mode)
        if wind not in {None, Wind.NO_WIND}:
            return wind
        mode = self.read(FanMode.fan_mode)
        return mode or self.read(AirPurifierFanMode.air_purifier_fan_mode) or wind

    @property
    @override
    def preset_modes(self) -> list[str] | None:
        """How it can run."""
        return list(self._modes) or None

    @property
    @override
    def preset_mode(self) -> str | None:
        """How it runs; None while it does not."""
        mode = self._mode
        return None if mode is None or mode.name == "OFF" else mode.name.lower()

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it runs: by its switch, its speed or its mode, the first that it has."""
        if (on := self.read(Switch.switch)) is not None or self._switched:
            return on
        if (speed := self.percentage) is not None or self._has_speed:
            return None if speed is None else speed > 0
        return None if self._mode is None else self._mode.name != "OFF"

    # swinging

    def _swing(self, ways: tuple[Oscillation, ...]) -> Oscillation | None:
        """Return which of some ways to swing, or not to, the fan has."""
        if FanOscillationMode.set_fan_oscillation_mode not in self.can:
            return None
        told = self.read(FanOscillationMode.supported_fan_oscillation_modes) or (*STANDS, *SWINGS)
        return next((way for way in ways if way in told), None)

    @property
    @override
    def oscillating(self) -> bool | None:
        """Whether it swings."""
        way = self.read(FanOscillationMode.fan_oscillation_mode)
        return None if way is None else way in SWINGS

    # what can be done

    @property
    @override
    def supported_features(self) -> Feature:
        """What can be done now: the device may say so."""
        features = Feature.SET_SPEED if self._has_speed else Feature(0)
        features |= Feature.PRESET_MODE if self._modes else Feature(0)
        swings = self._swing(SWINGS) is not None and self._swing(STANDS) is not None
        features |= Feature.OSCILLATE if swings else Feature(0)
        features |= (
            Feature.TURN_ON if self._switched or self._has_speed or self._modes else features
        )
        return features | (Feature.TURN_OFF if self._off() is not None else Feature(0))

    def _off(self) -> FanIntent | None:
        """Return what turns it off; None if it cannot be."""
        if self._switched:
            return FanIntent(on=False)
        if self._has_speed:
            return self._at(0)
        told = self.read(FanMode.supported_fan_modes) or FanModeValue
        if FanMode.set_fan_mode in self.can and FanModeValue.OFF in told:
            return FanIntent(mode=FanModeValue.OFF)
        pure = self.read(AirPurifierFanMode.supported_air_purifier_fan_modes) or PurifierMode
        if AirPurifierFanMode.set_air_purifier_fan_mode in self.can and PurifierMode.OFF in pure:
            return FanIntent(purifier_mode=PurifierMode.OFF)
        return None

    def _at(self, percentage: int | None) -> FanIntent:
        """Return what makes it run so fast."""
        if percentage is None:
            return FanIntent()
        speed = speed_of(percentage, self.speed_count)
        return FanIntent(percent=speed) if self._in_percent else FanIntent(speed=speed)

    def _in(self, mode: Mode | None) -> FanIntent:
        """Return what makes it run that way."""
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
        """Turn it on, as fast and in the way that is asked for, in one go."""
        if percentage == 0:
            await self.async_turn_off()
            return
        if percentage is None and preset_mode is None and not self._switched:
            percentage = HALF if self._has_speed else None
            preset_mode = None if self._has_speed else self._usual
        wanted = {**self._at(percentage).asked()}
        if preset_mode is not None:
            wanted |= self._in(self._modes[preset_mode]).asked()
        await self.perform(FanIntent(on=True if self._switched else None, **wanted))

    @property
    def _usual(self) -> str | None:
        """How it begins to run, if it is on by its mode alone."""
        return "auto" if "auto" in self._modes else next(iter(self._modes), None)

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        """Have it run so fast; 0 turns it off."""
        await self.async_turn_on(percentage)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Have it run that way."""
        await self.async_turn_on(preset_mode=preset_mode)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off, by what it has for that."""
        if (intent := self._off()) is not None:
            await self.perform(intent)

    @override
    async def async_oscillate(self, oscillating: bool) -> None:
        """Have it swing, or not."""
        if (way := self._swing(SWINGS if oscillating else STANDS)) is not None:
            await self.send(FanOscillationMode.set_fan_oscillation_mode, way)


def percentage_of(speed: int, steps: int) -> int:
    """Return a step in percent; one beyond the last is the last."""
    return ranged_value_to_percentage((1, steps), min(speed, steps)) if speed else 0


def speed_of(percentage: int, steps: int) -> int:
    """Return the step for a percentage; the least of a fan that is to run is the first."""
    return ceil(round(percentage_to_ranged_value((1, steps), percentage), 6)) if percentage else 0


async_setup_entry = setup_entry_of(Platform.FAN, LanEdgeFan)
