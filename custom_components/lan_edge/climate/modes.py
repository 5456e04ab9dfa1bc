"""The words of devices for their modes, as Home Assistant's HVAC modes and presets."""

from collections.abc import Iterable
from dataclasses import dataclass
import re

from homeassistant.components.climate import PRESET_NONE, PRESET_SLEEP, HVACMode

OFF = "off"
AUTO = "auto"
HVAC_MODES = {
    "cool": HVACMode.COOL,
    "cooling": HVACMode.COOL,
    "dry": HVACMode.DRY,
    "dryair": HVACMode.DRY,
    "fan": HVACMode.FAN_ONLY,
    "fanonly": HVACMode.FAN_ONLY,
    "heat": HVACMode.HEAT,
    "heatcool": HVACMode.HEAT_COOL,
    "heating": HVACMode.HEAT,
    "off": HVACMode.OFF,
    "wind": HVACMode.FAN_ONLY,
}
"""By normalized word; `auto` depends on the setpoints."""
PRESET_HVAC_MODES = {
    "auxheatonly": HVACMode.HEAT,
    "coolclean": HVACMode.COOL,
    "dryclean": HVACMode.DRY,
    "emergencyheat": HVACMode.HEAT,
    "energysavecool": HVACMode.COOL,
    "energysaveheat": HVACMode.HEAT,
    "heatclean": HVACMode.HEAT,
}
"""The HVAC mode that is active in a preset, by normalized word."""
PRESETS = {"asleep": PRESET_SLEEP}
"""Home Assistant's own names of presets, by word; all others are used as they are."""
DEFAULTS = (HVACMode.AUTO, HVACMode.HEAT_COOL, HVACMode.HEAT, HVACMode.COOL)
"""The modes assumed of a device that is on in an unknown mode; the first supported one counts."""


@dataclass(frozen=True, slots=True)
class Modes:
    """A device's words for its modes, each as an HVAC mode or a preset."""

    hvac: dict[HVACMode, str]
    presets: dict[str, str]

    @classmethod
    def of(cls, words: Iterable[str], *, ranged: bool) -> Modes:
        """Sort a device's words; `ranged`: whether it has setpoints for both heating and cooling.

        If several words mean the same HVAC mode, the first is used for it, and the others become
        presets.
        """
        hvac: dict[HVACMode, str] = {}
        presets: dict[str, str] = {}
        for word in dict.fromkeys(words):
            mode = hvac_mode(word, ranged=ranged)
            if mode is None or mode in hvac:
                presets[PRESETS.get(word, word)] = word
            else:
                hvac[mode] = word
        return cls(hvac, presets)

    @property
    def default(self) -> HVACMode | None:
        """The mode in which the device is turned on, and which is assumed in unknown presets."""
        modes = (*DEFAULTS, *(mode for mode in self.hvac if mode is not HVACMode.OFF))
        return next((mode for mode in modes if mode in self.hvac), None)

    def mode_of(self, word: str | None) -> HVACMode | None:
        """Return the HVAC mode that is active while the device reports a word."""
        if word is None:
            return None
        for mode, mode_word in self.hvac.items():
            if mode_word == word:
                return mode
        return {**HVAC_MODES, **PRESET_HVAC_MODES}.get(normalized(word), self.default)

    def preset_of(self, word: str | None) -> str | None:
        """Return the preset of a word; PRESET_NONE for the word of an HVAC mode."""
        if word is None:
            return None
        return next(
            (p for p, preset_word in self.presets.items() if preset_word == word), PRESET_NONE
        )


def hvac_mode(word: str, *, ranged: bool) -> HVACMode | None:
    """Return the HVAC mode that a word means, or None if it means none of them."""
    if normalized(word) == AUTO:
        return HVACMode.HEAT_COOL if ranged else HVACMode.AUTO
    return HVAC_MODES.get(normalized(word))


def normalized(word: str) -> str:
    """Return the letters and digits of a word in lower case: fanOnly and fan_only are fanonly."""
    return re.sub(r"[\W_]", "", word).lower()
