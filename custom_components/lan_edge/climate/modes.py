"""What a device calls its modes, as Home Assistant's: HVAC modes, and presets for the rest."""

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
"""By a device's word in small letters, without blanks; `auto` depends on its setpoints."""
LIKE = {
    "auxheatonly": HVACMode.HEAT,
    "coolclean": HVACMode.COOL,
    "dryclean": HVACMode.DRY,
    "emergencyheat": HVACMode.HEAT,
    "energysavecool": HVACMode.COOL,
    "energysaveheat": HVACMode.HEAT,
    "heatclean": HVACMode.HEAT,
}
"""Which HVAC mode is on in a preset, where its word says so."""
PRESETS = {"asleep": PRESET_SLEEP}
"""What Home Assistant calls otherwise; all else keeps the device's word."""
WHEN_ON = (HVACMode.AUTO, HVACMode.HEAT_COOL, HVACMode.HEAT, HVACMode.COOL)
"""What a device does that is just on, as far as it can; the first is the best guess."""


@dataclass(frozen=True, slots=True)
class Modes:
    """A device's words by HVAC mode and by preset: each word is one of both."""

    hvac: dict[HVACMode, str]
    presets: dict[str, str]

    @classmethod
    def of(cls, words: Iterable[str], *, ranged: bool) -> Modes:
        """Sort a device's words; `ranged`: it has a setpoint for heating and one for cooling.

        Of several words for the same HVAC mode the first is it, and the others are presets.
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
    def when_on(self) -> HVACMode | None:
        """What it does when it is on, and no more is known: as in a preset."""
        known = (*WHEN_ON, *(mode for mode in self.hvac if mode is not HVACMode.OFF))
        return next((mode for mode in known if mode in self.hvac), None)

    def mode_of(self, word: str | None) -> HVACMode | None:
        """Return the HVAC mode that is on by a device's word."""
        if word is None:
            return None
        found = next((mode for mode, its in self.hvac.items() if its == word), None)
        return found or {**HVAC_MODES, **LIKE}.get(plain(word), self.when_on)

    def preset_of(self, word: str | None) -> str | None:
        """Return the preset that is on by a device's word: none, in an HVAC mode."""
        if word is None:
            return None
        return next((p for p, its in self.presets.items() if its == word), PRESET_NONE)


def hvac_mode(word: str, *, ranged: bool) -> HVACMode | None:
    """Return the HVAC mode that a device's word means; None: it is none of Home Assistant's."""
    if plain(word) == AUTO:
        return HVACMode.HEAT_COOL if ranged else HVACMode.AUTO
    return HVAC_MODES.get(plain(word))


def plain(word: str) -> str:
    """Return a word in small letters, without blanks: fanOnly, fan_only: fanonly."""
    return re.sub(r"[\W_]", "", word).lower()
