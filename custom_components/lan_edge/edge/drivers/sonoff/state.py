"""What a Sonoff shows of what it reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from lan_edge import (
    MAIN,
    Attribute,
    CarbonDioxideMeasurement,
    Component,
    CurrentMeasurement,
    Driver,
    DustSensor,
    FanSpeed,
    Http,
    Json,
    Label,
    PowerMeter,
    Profile,
    Range,
    RelativeHumidityMeasurement,
    ReplyError,
    ShadeState,
    Stored,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    number,
    objects_at,
    scaled,
    text_at,
    word_of,
)

from .covers import MOVES, TURNS, is_cover, opened, position
from .fans import FAN_LIGHT, LIGHT, MOST, PROFILE

OUTLETS = range(4)
MAINS_VOLTS = 1000  # a voltage over this is in hundredths of volts
HOTTEST = 270
WORDS = {"on": True, "off": False}
METERS: Mapping[str, Attribute[float]] = {
    "power": PowerMeter.power,
    "actPow": PowerMeter.power,
    "current": CurrentMeasurement.current,
    "voltage": VoltageMeasurement.voltage,
}
AIR: Mapping[str, Attribute[float]] = {
    "co2": CarbonDioxideMeasurement.carbon_dioxide,
    "pm2_5": DustSensor.fine_dust_level,
    "pm10": DustSensor.dust_level,
}
METERED = {"": None, "00": 0, "01": 1}  # of which outlet, by what follows such a name


@dataclass(frozen=True, slots=True)
class SonoffSettings:
    outlets: Annotated[
        int, Range(1, len(OUTLETS)), Label("Outlets", "How many it has: most list four.")
    ] = len(OUTLETS)


@dataclass
class SonoffMemory:
    kind: Annotated[str, Stored()] = ""  # these four from its mDNS record
    encrypt: Annotated[str, Stored()] = ""
    data: Annotated[str, Stored()] = ""  # what it announced last that its key has to decrypt
    iv: Annotated[str, Stored()] = ""
    device_id: Annotated[str, Stored()] = ""  # of a device that was added by its address
    outlets: Annotated[int, Stored()] = 0  # how many it has listed; 0: it lists none
    divisor: Annotated[int, Stored()] = 1  # of what it measures
    by_position: Annotated[bool, Stored()] = False  # whether a cover is moved by `setclose`
    speed: int = 1  # at which a fan turns, or would if it were on
    led: str = ""
    seq: int = 0  # of its last answer
    is_misread: bool = False  # whether the last announcement did not decrypt


class SonoffState(Driver[Http]):
    """The state of all kinds."""

    settings: SonoffSettings
    memory: SonoffMemory

    @property
    def is_diy(self) -> bool:
        return not (self.secrets.get("key") or self.memory.encrypt.lower() == "true")

    def hear(self, params: Json) -> None:
        """Report what a message has of the state: all of it, or only what has changed."""
        if (led := text_at(params, "sledOnline")) in WORDS:
            self.memory.led = led
        if self.memory.kind == FAN_LIGHT:
            self.hear_fan(params)
            return
        if is_cover(params):
            self.add_capabilities(WindowShade, WindowShadeLevel)
        if self.has(WindowShade):
            self.hear_cover(params)
        elif "switches" in params:
            self.hear_outlets(objects_at(params, "switches"))
        elif "switch" in params:
            self.add_capabilities(Switch)
            self.emit_field(Switch.switch, params, "switch", convert=is_on)
        if "brightness" in params:
            self.add_capabilities(SwitchLevel)
            self.emit_field(SwitchLevel.level, params, "brightness")
        self.hear_meters(params)
        self.hear_climate(params)
        self.hear_air(params)

    def hear_fan(self, params: Json) -> None:
        self.set_profile(PROFILE)
        self.emit_field(Switch.switch, params, LIGHT, LIGHT, convert=is_on, unchanged=True)
        self.emit_field(Switch.switch, params, "fan", convert=is_on, unchanged=True)
        self.emit(FanSpeed.fan_speed_range, (0, MOST))
        if "speed" in params:
            self.memory.speed = round(number(params["speed"], "speed", 1, MOST))
        turns = self.get(Switch.switch)
        self.emit(FanSpeed.fan_speed, self.memory.speed if turns else None if turns is None else 0)

    def hear_outlets(self, listed: list[Json]) -> None:
        words = {n: each for each in listed for n in OUTLETS if each.get("outlet") == n}
        self.memory.outlets = max(self.memory.outlets, *(n + 1 for n in words), 0)
        if self.outlets > 1 and self.has(Switch):
            self.set_profile(Profile(main=Component(()), **self.known_outlets))
        for n, each in words.items():
            if n < self.outlets:
                component = self.outlet(n)
                self.add_capabilities(Switch, component=component, name=name_of(component))
                self.emit_field(Switch.switch, each, "switch", component, convert=is_on)

    @property
    def outlets(self) -> int:
        """How many outlets are shown; a device in DIY mode has one, though it may list four."""
        return min(self.memory.outlets, self.settings.outlets, 1 if self.is_diy else len(OUTLETS))

    @property
    def known_outlets(self) -> dict[str, Component]:
        return {key: each for key, each in self.known_components.items() if key != MAIN}

    def outlet(self, n: int) -> str:
        return f"outlet_{n + 1}" if self.outlets > 1 else MAIN

    def hear_meters(self, params: Json) -> None:
        for key in params:
            name, _, outlet = key.partition("_")
            if name in METERS and outlet in METERED:
                self.hear_meter(params, key, METERS[name], METERED[outlet])

    def hear_meter(
        self, params: Json, key: str, attribute: Attribute[float], outlet: int | None
    ) -> None:
        is_part = outlet is not None and not self.has(WindowShade)
        component = self.outlet(outlet or 0) if is_part else MAIN
        own = attribute.capability
        self.add_capabilities(own, component=component, name=name_of(component))
        if key.startswith("voltage") and (reading(params[key]) or 0) > MAINS_VOLTS:
            self.memory.divisor = 100
        measured = scaled(1 / self.memory.divisor)
        self.emit_field(attribute, params, key, component, convert=measured)

    def hear_climate(self, params: Json) -> None:
        new, old = ("currentTemperature", "currentHumidity"), ("temperature", "humidity")
        names = old if old[0] in params else new
        if names[0] not in params:
            return
        degrees, humidity = (reading(params.get(name)) for name in names)
        if degrees == 0 and not humidity:
            return  # both are 0 for a moment before each reading
        is_possible = degrees is not None and abs(degrees) <= HOTTEST
        self.add_capabilities(TemperatureMeasurement)
        self.emit(TemperatureMeasurement.temperature, degrees if is_possible else None)
        if humidity:
            self.add_capabilities(RelativeHumidityMeasurement)
            self.emit(RelativeHumidityMeasurement.humidity, humidity)

    def hear_air(self, params: Json) -> None:
        for key in AIR.keys() & params.keys():
            self.add_capabilities(AIR[key].capability)
            self.emit(AIR[key], reading(params[key]))

    def hear_cover(self, params: Json) -> None:
        memory = self.memory
        memory.by_position = memory.by_position or "setclose" in params
        key, convert = ("setclose", opened) if memory.by_position else ("currLocation", position)
        self.emit_field(WindowShadeLevel.shade_level, params, key, unchanged=True, convert=convert)
        moves = MOVES if memory.by_position else TURNS
        move = params.get("switch" if memory.by_position else "motorTurn")
        state = moves.get(move) if isinstance(move, str | int) else None
        level = self.get(WindowShadeLevel.shade_level)
        if state in {None, ShadeState.PAUSED} or (memory.by_position and "setclose" in params):
            state = ShadeState.at(level)
        self.emit(WindowShade.window_shade, state)


def name_of(component: str) -> str:
    """Return the name of an outlet; a device with only one has no other name."""
    return "" if component == MAIN else f"Outlet {component[-1]}"


def is_on(word: object) -> bool:
    """Return whether an outlet is on."""
    return word_of(WORDS, word)


def reading(value: object) -> float | None:
    """Return what a sensor reports; None if it is no number, such as *unavailable*."""
    try:
        return number(value)
    except ReplyError:
        return None
