"""The modes of a thermostat or an air conditioner: those that it has, and the current one."""

from collections.abc import Iterable, Iterator

from homeassistant.components.climate import PRESET_NONE, HVACAction, HVACMode

from lan_edge import (
    AirConditionerMode,
    ClimateIntent,
    Command,
    OperatingState,
    Switch,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
)

from ..entities.mapping import EntitySpec, is_preset
from ..entity import Read
from .modes import AUTO, OFF, Modes
from .setpoints import Setpoints

ACTIONS = {
    OperatingState.HEATING: HVACAction.HEATING,
    OperatingState.COOLING: HVACAction.COOLING,
    OperatingState.FAN_ONLY: HVACAction.FAN,
    OperatingState.VENT_ECONOMIZER: HVACAction.FAN,
}
"""Any other state is idle."""


class ModeState:
    """The modes of a component: its words for them, its switch, or both."""

    def __init__(self, spec: EntitySpec, setpoints: Setpoints, read: Read) -> None:
        """Use what the component supports."""
        self._commands = spec.commands
        self._setpoints = setpoints
        self._read = read
        self.has_switch = Switch.on in spec.commands and Switch.off in spec.commands
        self._is_thermostat = ThermostatMode in spec.capabilities
        self._switched = {
            attribute.preset: attribute
            for capability in spec.capabilities
            for attribute in capability.attributes
            if attribute.preset and is_preset(attribute, spec.commands)
        }
        """The presets that do not change the mode."""
        self._has_words = self._is_thermostat or AirConditionerMode in spec.capabilities

    @property
    def modes(self) -> Modes:
        """The device's words for its modes, sorted."""
        return Modes.of(self._words(), ranged=self._setpoints.are_two)

    @property
    def _word(self) -> str | None:
        """The device's word for the current mode."""
        if not self._has_words:
            return self._only_word
        if self._is_thermostat:
            return self._read(ThermostatMode.thermostat_mode)
        return self._read(AirConditionerMode.air_conditioner_mode)

    @property
    def _only_word(self) -> str:
        """The word for the only mode of a device without modes."""
        if self._setpoints.are_two:
            return AUTO
        return "heat" if self._setpoints.heats else "cool"

    def _words(self) -> Iterable[str]:
        """Return the words that can be set, as the device lists them, and the current one."""
        word = self._word
        current = (word,) if word is not None else ()
        if not self._has_words:
            return current
        if self._is_thermostat and ThermostatMode.set_thermostat_mode in self._commands:
            modes = self._read(ThermostatMode.supported_thermostat_modes)
            return (*(modes or self._default_words()), *current)
        if AirConditionerMode.set_air_conditioner_mode not in self._commands:
            return current
        words = self._read(AirConditionerMode.supported_ac_modes)
        return (*(words or ()), *current)

    def _default_words(self) -> Iterable[str]:
        """Return the words of a thermostat that does not list them, by its setpoints."""
        heats, cools = self._setpoints.heats, self._setpoints.cools
        heat = ["heat"] if heats or not cools else []
        cool = ["cool"] if cools or not heats else []
        return (OFF, *heat, *cool, self._only_word)

    @property
    def hvac_modes(self) -> list[HVACMode]:
        """The HVAC modes; off also by the switch."""
        modes = self.modes.hvac
        off = [HVACMode.OFF] if self.has_switch and HVACMode.OFF not in modes else []
        return [*off, *modes]

    @property
    def hvac_mode(self) -> HVACMode | None:
        """The current HVAC mode."""
        if self._read(Switch.switch) is False:
            return HVACMode.OFF
        return self.modes.mode_of(self._word)

    @property
    def hvac_action(self) -> HVACAction | None:
        """What the device is doing now, if it reports that."""
        state = self._read(ThermostatOperatingState.thermostat_operating_state)
        if state is None:
            return None
        default = HVACAction.OFF if self.hvac_mode is HVACMode.OFF else HVACAction.IDLE
        return ACTIONS.get(state, default)

    @property
    def preset_modes(self) -> list[str] | None:
        """The presets, or None if there are none."""
        presets = [*self.modes.presets, *self._switched]
        return list(dict.fromkeys((PRESET_NONE, *presets))) if presets else None

    @property
    def preset_mode(self) -> str | None:
        """The current preset."""
        active = (name for name, attribute in self._switched.items() if self._read(attribute))
        return next(active, self._mode_preset)

    @property
    def _mode_preset(self) -> str | None:
        """The preset that is a mode of the device, `PRESET_NONE` in an HVAC mode."""
        return self.modes.preset_of(self._word)

    def preset_switches(self, preset: str) -> Iterator[tuple[Command[...], bool]]:
        """Yield what turns `preset` on, after what turns others off that are on."""
        for name, attribute in self._switched.items():
            if attribute.setter and name != preset and self._read(attribute):
                yield attribute.setter, False
        if preset in self._switched and (setter := self._switched[preset].setter):
            yield setter, True

    def mode_intent(self, mode: HVACMode) -> ClimateIntent:
        """Return the intent that sets an HVAC mode."""
        if mode is HVACMode.OFF and self.has_switch:
            return ClimateIntent(on=False)
        return self._intent(self.modes.hvac[mode])

    def preset_intent(self, preset: str) -> ClimateIntent | None:
        """Return the intent that sets the mode of a preset; None if the mode stays as it is."""
        if preset in self.modes.presets:
            return self._intent(self.modes.presets[preset])
        default = self.modes.default
        is_left = preset == PRESET_NONE and self._mode_preset != PRESET_NONE
        return self.mode_intent(default) if is_left and default is not None else None

    def _intent(self, word: str) -> ClimateIntent:
        on = True if self.has_switch else None
        if not self._has_words:
            return ClimateIntent(on=on)
        if self._is_thermostat:
            return ClimateIntent(on=on, mode=ThermostatModeValue(word))
        return ClimateIntent(on=on, ac_mode=word)
