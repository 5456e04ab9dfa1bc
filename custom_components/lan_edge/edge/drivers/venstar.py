"""Venstar: JSON by HTTP; GET /query/info and /query/sensors, POST forms to /control and /settings.

From Venstar's documentation of its Local API (discovery, paths, fields), from venstarcolortouch,
which Home Assistant uses (what goes together, old firmware's units, PIN, login by Digest), and from
the Hubitat driver of toggledbits. They disagree on what availablemodes 1 to 3 mean, but in none of
these there is auto. Not known, and done so: half degrees are what a thermostat takes; a sensor
that has never told anything but 0 is not connected; lockout and error are waiting. No real one has
been driven yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Annotated, Any
from urllib.parse import urlencode

from lan_edge import (
    MAIN,
    ArgumentError,
    Ask,
    Attribute,
    Battery,
    Capability,
    CarbonDioxideMeasurement,
    ClimateIntent,
    Component,
    CredentialsError,
    Driver,
    Http,
    HttpOptions,
    Identity,
    Json,
    Label,
    Login,
    OperatingState,
    Profile,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    Ssdp,
    TemperatureMeasurement,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    ThermostatOperatingState,
    Tls,
    command,
    handles,
    mac_address,
    number,
    object_at,
    objects_at,
    register,
)

MODES = (
    ThermostatModeValue.OFF,
    ThermostatModeValue.HEAT,
    ThermostatModeValue.COOL,
    ThermostatModeValue.AUTO,
)
FANS = (ThermostatFanModeValue.AUTO, ThermostatFanModeValue.ON)
LOCKOUT, ERROR = OperatingState.IDLE, OperatingState.IDLE
STATES = (OperatingState.IDLE, OperatingState.HEATING, OperatingState.COOLING, LOCKOUT, ERROR)
READINGS: Mapping[str, Attribute[Any]] = {
    "hum": RelativeHumidityMeasurement.humidity,
    "co2": CarbonDioxideMeasurement.carbon_dioxide,
    "battery": Battery.battery,
}
"""What a sensor may tell beside its temperature."""
OWN_SENSORS = ("Space Temp", "Thermostat")
PIN_DIGITS = 4
CELSIUS_MODELS, CELSIUS_UNTIL = ("T2", "T3"), (5, 28)
"""Models that tell degrees Celsius whatever they show, before that firmware."""
HOTTEST = 40
"""No setpoint goes up to this in degrees Celsius; in degrees Fahrenheit all do."""


class Away(Capability, id="venstar.away"):
    away = Attribute(bool, daily=True)

    @command(sets="away")
    def set_away(self, away: bool) -> None:
        """Keep the temperatures for nobody at home."""


class Schedule(Capability, id="venstar.schedule"):
    schedule = Attribute(bool, daily=True)

    @command(sets="schedule")
    def set_schedule(self, schedule: bool) -> None:
        """Go by the thermostat's own schedule."""


@dataclass(frozen=True, slots=True)
class VenstarSettings:
    pin: Annotated[str, Label("PIN", "Of the screen lock, if it is on", secret=True)] = ""


@dataclass
class VenstarMemory:
    location: str = ""  # where discovery saw it


@register
class Venstar(Driver[Http]):
    id = "venstar"
    settings: VenstarSettings
    memory: VenstarMemory
    discovery = (
        Ssdp(
            "venstar:thermostat:ecp",
            search=True,  # what it answers names no UUID, so that others pass it over
            unique_id="{usn.mac}",
            name="{usn.name}",
            manufacturer="Venstar",
            fields={"location": "{headers[location]}"},
        ),
    )
    profile = Profile(
        TemperatureMeasurement,
        ThermostatMode,
        ThermostatHeatingSetpoint,
        ThermostatCoolingSetpoint,
        ThermostatOperatingState,
        ThermostatFanMode,
    )
    parts = (Away, Schedule, *(attribute.capability for attribute in READINGS.values()))
    poll = 30.0

    def transport_options(self) -> HttpOptions:
        user, password = self.secrets.get("user", ""), self.secrets.get("password", "")
        login = Login(user, password, digest=True) if user else None
        if self.memory.location.startswith("https:"):
            return HttpOptions(port=443, tls=Tls(), login=login)
        return HttpOptions(login=login)

    async def pair(self, ask: Ask) -> None:
        try:
            self.describe(name=str((await self.ask("/query/info")).get("name", "")))
        except CredentialsError:
            user = await ask.text("user", "The user name of its Local API", secret=False)
            self.set_secret("user", user)
            self.set_secret("password", await ask.text("password", "The password of its Local API"))

    async def identify(self) -> str:
        told = await self.ask("/")
        if "api_ver" not in told:
            raise ReplyError("it is no Venstar thermostat")
        self.describe(
            manufacturer="Venstar",
            model=str(told.get("model", "COLORTOUCH")),
            firmware=str(told.get("firmware", "")),
            mac=mac_address(self.identity.unique_id),
        )
        return ""  # only its announcement says which one it is

    async def refresh(self) -> None:
        info = await self.ask("/query/info")
        sensors = sensors_in(await self.ask("/query/sensors"))
        scale = scale_of(self.identity, info)
        own = {k: v for name in OWN_SENSORS for k, v in sensors.get(name, {}).items()}
        others = {part_of(n): (n, s) for n, s in sensors.items() if self.is_one(n, s)}
        program = [c for name, c in (("away", Away), ("schedule", Schedule)) if name in info]
        main = (*type(self).profile.components[MAIN].capabilities, *measured(own), *program)
        parts = {
            part: Component((TemperatureMeasurement, *measured(sensor)), name)
            for part, (name, sensor) in others.items()
        }
        self.set_profile(Profile(*main, **parts))
        self.describe(name=str(info.get("name", "")))
        self.report(info, scale)
        self.report_sensor({**own, "temp": info.get("spacetemp")}, scale)
        for part, (_, sensor) in others.items():
            self.report_sensor(sensor, scale, part)

    # what it tells

    async def ask(self, path: str) -> Json:
        return answer(await self.io.get_json(path + self.query))

    @property
    def query(self) -> str:
        """What goes behind each path: the PIN, if the user gave one."""
        pin = self.settings.pin
        return f"?{urlencode({'pin': pin.zfill(PIN_DIGITS)})}" if pin else ""

    def is_one(self, name: str, sensor: Json) -> bool:
        """Whether a sensor beside the thermostat's own is there: one that is not tells 0."""
        is_known = self.has(TemperatureMeasurement, part_of(name))
        return name not in OWN_SENSORS and (is_known or sensor.get("temp") != 0)

    def report(self, info: Json, scale: Scale) -> None:
        modes = MODES if info.get("availablemodes", 0) == 0 else MODES[:-1]
        state = meant(STATES, info.get("state"))
        if state is OperatingState.IDLE and info.get("fanstate") == 1:
            state = OperatingState.FAN_ONLY
        self.emit(ThermostatMode.supported_thermostat_modes, modes)
        self.emit(ThermostatMode.thermostat_mode, meant(MODES, info.get("mode")))
        self.emit(ThermostatOperatingState.thermostat_operating_state, state)
        self.emit(ThermostatFanMode.supported_thermostat_fan_modes, FANS)
        self.emit(ThermostatFanMode.thermostat_fan_mode, meant(FANS, info.get("fan")))
        heating, cooling = ThermostatHeatingSetpoint, ThermostatCoolingSetpoint
        self.emit(heating.heating_setpoint, scale.read(info.get("heattemp")))
        self.emit(cooling.cooling_setpoint, scale.read(info.get("cooltemp")))
        self.emit(heating.heating_setpoint_range, scale.read_range(info, "heattemp"))
        self.emit(cooling.cooling_setpoint_range, scale.read_range(info, "cooltemp"))
        for name, attribute in (("away", Away.away), ("schedule", Schedule.schedule)):
            if name in info:
                self.emit(attribute, meant((False, True), info[name]))

    def report_sensor(self, sensor: Json, scale: Scale, part: str = MAIN) -> None:
        self.emit(TemperatureMeasurement.temperature, scale.read(sensor.get("temp")), part)
        for name, attribute in READINGS.items():
            if name in sensor:
                self.emit(attribute, sensor[name], part)

    # what it is told

    async def tell(self, path: str, **fields: Any) -> None:
        told = await self.io.post_form(path + self.query, **{k: str(v) for k, v in fields.items()})
        answer(told.json())

    @handles(ClimateIntent)
    async def control(self, wanted: ClimateIntent) -> None:
        """Say all of it in one request; with a mode, or one setpoint, it wants both setpoints."""
        fields: dict[str, int | float] = {}
        if wanted.mode is not None:
            fields["mode"] = number_of(MODES, wanted.mode)
        if wanted.fan_mode is not None:
            fields["fan"] = number_of(FANS, wanted.fan_mode)
        if wanted.asked().keys() != {"fan_mode"}:
            info = await self.ask("/query/info")  # somebody may have turned it since
            fields |= setpoints(wanted, info, scale_of(self.identity, info))
        await self.tell("/control", **fields)

    @handles(Away.set_away)
    async def set_away(self, away: bool) -> None:
        await self.tell("/settings", away=int(away))

    @handles(Schedule.set_schedule)
    async def set_schedule(self, schedule: bool) -> None:
        await self.tell("/settings", schedule=int(schedule))


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit that a thermostat talks in."""

    celsius: bool

    def read(self, told: Any) -> Any:
        """Return °C to the hundredth; anything but a number is not for here to judge."""
        if type(told) not in {int, float} or self.celsius:
            return told
        return round((told - 32) / 1.8, 2)

    def read_range(self, info: Json, name: str) -> Any:
        return self.read(info.get(f"{name}min")), self.read(info.get(f"{name}max"))

    def write(self, celsius: float) -> float:
        """Return the thermostat's nearest half degree."""
        return round((celsius if self.celsius else celsius * 1.8 + 32) * 2) / 2


def scale_of(identity: Identity, info: Json) -> Scale:
    """Return the unit that a thermostat talks in: as it says, or as its limits show."""
    firmware = tuple(int(n) for n in re.findall(r"\d+", identity.firmware))
    if identity.model.startswith(CELSIUS_MODELS) and firmware < CELSIUS_UNTIL:
        return Scale(celsius=True)
    if (told := info.get("tempunits")) in (0, 1):
        return Scale(celsius=told == 1)
    return Scale(celsius=number(info.get("heattempmax"), "heattempmax") < HOTTEST)


def setpoints(wanted: ClimateIntent, info: Json, scale: Scale) -> dict[str, float]:
    """Return both setpoints as they are to be: of those not asked for, one gives way."""
    names = ("heattemp", "cooltemp", "setpointdelta")
    heat, cool, apart = (number(info.get(name), name) for name in names)
    if wanted.heating is not None:
        heat = scale.write(wanted.heating)
    if wanted.cooling is None:
        cool = max(cool, heat + apart)
    else:
        cool = scale.write(wanted.cooling)
        heat = heat if wanted.heating is not None else min(heat, cool - apart)
    return {"heattemp": heat, "cooltemp": cool}


def answer(told: Any) -> Json:
    """Return what a thermostat answered; raise its refusal."""
    found = object_at(told)
    if found.get("error"):
        raise RefusedError(str(found.get("reason", "no reason"))[:200])
    return found


def meant(words: tuple[Any, ...], told: Any) -> Any:
    """Return what a number stands for; anything else is not for here to judge."""
    known = type(told) is int and 0 <= told < len(words)
    return words[told] if known else told


def number_of(words: tuple[Any, ...], word: str) -> int:
    """Return the number that stands for a word; raise ArgumentError."""
    if word not in words:
        raise ArgumentError(f"it knows {', '.join(words)}, not {word}")
    return words.index(word)


def sensors_in(told: Json) -> dict[str, Json]:
    """Return its sensors by their names."""
    sensors = objects_at(told, "sensors")
    return {s["name"]: s for s in sensors if isinstance(s.get("name"), str) and s["name"]}


def measured(sensor: Json) -> list[type[Capability]]:
    """Return what a sensor tells beside its temperature."""
    return [attribute.capability for name, attribute in READINGS.items() if name in sensor]


def part_of(name: str) -> str:
    """Return the component of a sensor."""
    return re.sub(r"\W+", "_", f"sensor {name}").lower()
