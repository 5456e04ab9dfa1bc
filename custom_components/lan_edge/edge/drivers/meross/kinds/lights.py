"""Meross's lights: bits say whether they show a colour, a white, and a brightness."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, override

from lan_edge import (
    Attribute,
    Coding,
    ColorControl,
    ColorTemperature,
    Json,
    Property,
    Switch,
    SwitchLevel,
    Values,
    color_number,
    int_at,
    turns_off,
)

from ..memory import MerossMemory
from ..protocol.messages import Request
from ..protocol.questions import LIGHT
from .parts import FLAG, MerossPart, Table, setting

DIFFUSER_LIGHT = "Appliance.Control.Diffuser.Light"
COLOR, WHITE, BRIGHTNESS = 1, 2, 4  # the bits
KELVINS = (2700, 6500)
DIFFUSER_COLOR = 1  # it shows a colour, not one after another
HUE, SATURATION = ColorControl.hue, ColorControl.saturation
KELVIN, RANGE = ColorTemperature.color_temperature, ColorTemperature.color_temperature_range

LEVEL = Property(SwitchLevel.level, "luminance")
WHITES = Property(KELVIN, "temperature", Coding.share(*KELVINS, 1, 100), lists={RANGE: KELVINS})
COLORS = (
    Property(HUE, "rgb", Coding.hue()),
    Property(SATURATION, "rgb", Coding.saturation()),
)
SHOWS = {BRIGHTNESS: (LEVEL,), WHITE: (WHITES,), COLOR: COLORS}
"""What a light has by its bits."""
ALONE = setting(Switch.switch, "onoff", FLAG, LIGHT, "light")
LIGHT_TABLE = (ALONE, LEVEL, WHITES, *COLORS)
ON_DIFFUSER = setting(Switch.switch, "onoff", FLAG, DIFFUSER_LIGHT, "light", is_list=True)
DIFFUSER_TABLE = (ON_DIFFUSER, LEVEL, *COLORS)


def light_table(_: Json, memory: MerossMemory) -> Table:
    """Return the table of a light by the bits of what it can show."""
    bits = int_at(memory.abilities.get(LIGHT), "capacity", BRIGHTNESS)
    return (ALONE, *(row for bit, rows in SHOWS.items() if bits & bit for row in rows))


@dataclass(frozen=True)
class Light(MerossPart):
    """A light, which gets all that it is to show in one message, and is on then."""

    alone: ClassVar[Property] = ALONE
    """The row of one that is not listed as an outlet, too."""

    @property
    def shown(self) -> int:
        """The bits of what it shows now."""
        return int_at(self.told, "capacity")

    @property
    def hidden(self) -> tuple[Attribute[Any], ...]:
        """What it does not show now."""
        return (HUE,) if self.shown & WHITE else (KELVIN,)

    @override
    def read(self, own: Property) -> Any:
        if own.attribute is SATURATION and self.shown & WHITE:
            return 0.0
        return None if own.attribute in self.hidden else super().read(own)

    @override
    def changes(self, values: Values) -> list[Request]:
        if turns_off(values) or not (fields := self.wanted(values)):
            return super().changes(values)
        turned = {} if self.is_outlet else {"onoff": 1}
        return [self.message(replace(self.alone.setter, fields=fields | turned))]

    def may_stay_off(self, values: Values) -> bool:
        """Return whether it may be off after a change: some do not turn on by what they show."""
        return self.is_outlet and not turns_off(values) and bool(self.wanted(values))

    def wanted(self, values: Values) -> Json:
        """Return the fields of what it is to show; {} for nothing but that it is on."""
        fields, shows = dict[str, Any](), self.shown & (COLOR | WHITE)
        if HUE in values:
            fields["rgb"], shows = color_number(values[HUE], values[SATURATION]), COLOR
        elif KELVIN in values:
            fields["temperature"], shows = WHITES.coding.write(values[KELVIN]), WHITE
        if SwitchLevel.level in values:
            fields["luminance"] = values[SwitchLevel.level]
        bright = BRIGHTNESS if LEVEL in self.table else 0
        return fields | {"capacity": shows | bright} if fields else {}


@dataclass(frozen=True)
class DiffuserLight(Light):
    """The light of a diffuser: a colour, one after another, or white of one temperature."""

    alone = ON_DIFFUSER

    @property
    @override
    def hidden(self) -> tuple[Attribute[Any], ...]:
        return () if self.told.get("mode") == DIFFUSER_COLOR else (HUE, SATURATION)

    @override
    def wanted(self, values: Values) -> Json:
        fields = super().wanted(values)
        fields.pop("capacity", None)
        return fields | ({"mode": DIFFUSER_COLOR} if "rgb" in fields else {})
