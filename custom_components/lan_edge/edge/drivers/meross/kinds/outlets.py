"""Meross's outlets, and what else is only turned on and off, or up and down."""

from dataclasses import dataclass
from typing import override

from lan_edge import (
    AudioMute,
    AudioVolume,
    Case,
    Coding,
    HumidifierMode,
    HumidifierModeValue,
    Property,
    Switch,
    Values,
)

from ..protocol.messages import Request
from ..protocol.questions import INDICATOR, SOUND
from .parts import CODE, FLAG, MerossPart, Send, Table, setting

TOGGLE, TOGGLE_X = "Appliance.Control.Toggle", "Appliance.Control.ToggleX"
SPRAY, DIFFUSER_SPRAY = "Appliance.Control.Spray", "Appliance.Control.Diffuser.Spray"

OUTLET_TABLE = (setting(Switch.switch, "onoff", FLAG, TOGGLE_X, "togglex"),)
"""The one at channel 0 is for all of them."""
OLD_OUTLET_TABLE = (setting(Switch.switch, "onoff", FLAG, TOGGLE, "toggle", own=""),)
"""With firmware 1."""
AS_OUTLET = Property(
    *(Switch.switch, "toggle.onoff", FLAG),
    Send(TOGGLE_X, "togglex", {"onoff": CODE}),
)
"""Where a device lists a light, or a fan, as an outlet, too, which turns it on and off."""
INDICATOR_TABLE = (
    setting(
        *(Switch.switch, "mode", Coding.flag(off=1, on=0)),
        *(INDICATOR.namespace, INDICATOR.key),
        own="",
    ),
)
"""The light that shows the state of a device; off while the device must not disturb."""
SOUND_TABLE = (
    setting(AudioVolume.volume, "volume", Coding.share(0, 100, 0, 16), SOUND.namespace, SOUND.key),
    setting(AudioMute.muted, "mute", FLAG, SOUND.namespace, SOUND.key),
)
"""Of a night light for children."""

# mist: with pauses, which is low, or without

MODE = HumidifierMode.humidifier_mode
HIGH, LOW = HumidifierModeValue.HIGH, HumidifierModeValue.LOW


def mist(namespace: str, high: int, low: int, off: int, *, is_list: bool) -> Table:
    """Return the table of a mist, by the numbers of its modes; it may tell the last one, too."""
    words = ((HIGH, high), (LOW, low))
    modes = [Case(word, {at: n}, n) for at in ("mode", "lastMode") for word, n in words]
    send = Send(namespace, "spray", {"mode": CODE}, is_list=is_list)
    return (
        Property(Switch.switch, "mode", Coding.words({high: True, low: True, off: False}), send),
        Property(
            *(MODE, "", Case.coding(*modes), send),
            {HumidifierMode.supported_humidifier_modes: (LOW, HIGH)},
        ),
    )


HUMIDIFIER_TABLE = mist(SPRAY, 1, 2, 0, is_list=False)
DIFFUSER_TABLE = mist(DIFFUSER_SPRAY, 1, 0, 2, is_list=True)


@dataclass(frozen=True)
class Mist(MerossPart):
    """A mist, which is turned on as it was last."""

    @override
    def changes(self, values: Values) -> list[Request]:
        if values.get(Switch.switch):
            values = {MODE: self.read(self.row(MODE)) or HIGH}
        return super().changes(values)
