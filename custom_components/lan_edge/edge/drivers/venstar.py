"""Venstar: JSON by HTTP; GET /query/info and /query/sensors, POST forms to /control and /settings.

Sources: Venstar's documentation of its Local API (discovery, paths, fields); venstarcolortouch,
which Home Assistant uses (which fields go together, units of old firmware, PIN, Digest login); the
Hubitat driver of toggledbits. They disagree on the meaning of availablemodes 1 to 3, but none of
these includes auto. Not documented, but assumed: setpoints are accepted in half degrees; a sensor
that has only ever reported 0 is not connected; lockout and error mean idle. Not tested with a real
thermostat yet.
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
"""What a sensor may report besides its temperature."""
OWN_SENSORS = ("Space Temp", "Thermostat")
PIN_DIGITS = 4
LIMIT = 64 * 1024  # an answer has about 1 KiB
CELSIUS_MODELS, CELSIUS_UNTIL = ("T2", "T3"), (5, 28)
"""Models that always use degrees Celsius, whatever they display, before that firmware."""
HOTTEST = 40
"""The highest setpoint is below this in degrees Celsius, and above it in degrees Fahrenheit."""


class Away(Capability, id="venstar.away"):
    away = Attribute(bool, preset="away")

    @command(sets="away")
    def set_away(self, away: bool) -> None:
        """Use the temperatures for an empty home."""


class Schedule(Capability, id="venstar.schedule"):
    schedule = Attribute(bool, daily=True)

    @command(sets="schedule")
    def set_schedule(self, schedule: bool) -> None:
        """Follow the thermostat's own schedule."""


@dataclass(frozen=True, slots=True)
class VenstarSettings:
    pin: Annotated[str, Label("PIN", "The PIN of the screen lock, if it is on", secret=True)] = ""


@dataclass
class VenstarMemory:
    location: str = ""  # its URL, from discovery


@register
class Venstar(Driver[Http]):
    id = "venstar"
    help = "On the thermostat, turn on *Local API* in the Wi-Fi menu."
    settings: VenstarSettings
    memory: VenstarMemory
    discovery = (
        Ssdp(
            "venstar:thermostat:ecp",
            search=True,  # its reply has no UUID, so Home Assistant ignores it
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
    private = ("name",)  # of the thermostat and its sensors

    def transport_options(self) -> HttpOptions:
        user, password = self.secrets.get("user", ""), self.secrets.get("password", "")
        login = Login(user, password, digest=True) if user else None
        if self.memory.location.startswith("https:"):
            return HttpOptions(port=443, tls=Tls(), login=login, again=True, limit=LIMIT)
        return HttpOptions(login=login, again=True, limit=LIMIT)

    async def pair(self, ask: Ask) -> None:
        try:
            self.describe(name=str((await self.request("/query/info")).get("name", "")))
        except CredentialsError:
            user = await ask.text("user", "The user name of its Local API", secret=False)
            self.set_secret("user", user)
            self.set_secret("password", await ask.text("password", "The password of its Local API"))

    async def identify(self) -> str:
        about = await self.request("/")
        if "api_ver" not in about:
            raise ReplyError("this is not a Venstar thermostat")
        self.describe(
            manufacturer="Venstar",
            model=str(about.get("model", "COLORTOUCH")),
            firmware=str(about.get("firmware", "")),
            mac=mac_address(self.identity.unique_id),
        )
        return ""  # only its announcement identifies it

    async def refresh(self) -> None:
        info = await self.request("/query/info")
        sensors = sensors_in(await self.request("/query/sensors"))
        scale = scale_of(self.identity, info)
        own = {k: v for name in OWN_SENSORS for k, v in sensors.get(name, {}).items()}
        others = {component_of(n): (n, s) for n, s in sensors.items() if self.is_other(n, s)}
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

    # reading

    async def request(self, path: str) -> Json:
        return answer(await self.io.get_json(path + self.query))

    @property
    def query(self) -> str:
        """The query of each path: the PIN, if the user has set one."""
        pin = self.settings.pin
        return f"?{urlencode({'pin': pin.zfill(PIN_DIGITS)})}" if pin else ""

    def is_other(self, name: str, sensor: Json) -> bool:
        """Return whether a sensor is not the thermostat's own, and connected: not always 0."""
        is_known = self.has(TemperatureMeasurement, component_of(name))
        return name not in OWN_SENSORS and (is_known or sensor.get("temp") != 0)

    def report(self, info: Json, scale: Scale) -> None:
        modes = MODES if info.get("availablemodes", 0) == 0 else MODES[:-1]
        state = meaning(STATES, info.get("state"))
        if state is OperatingState.IDLE and info.get("fanstate") == 1:
            state = OperatingState.FAN_ONLY
        self.emit(ThermostatMode.supported_thermostat_modes, modes)
        self.emit(ThermostatMode.thermostat_mode, meaning(MODES, info.get("mode")))
        self.emit(ThermostatOperatingState.thermostat_operating_state, state)
        self.emit(ThermostatFanMode.supported_thermostat_fan_modes, FANS)
        self.emit(ThermostatFanMode.thermostat_fan_mode, meaning(FANS, info.get("fan")))
        heating, cooling = ThermostatHeatingSetpoint, ThermostatCoolingSetpoint
        self.emit(heating.heating_setpoint, scale.read(info.get("heattemp")))
        self.emit(cooling.cooling_setpoint, scale.read(info.get("cooltemp")))
        self.emit(heating.heating_setpoint_range, scale.read_range(info, "heattemp"))
        self.emit(cooling.cooling_setpoint_range, scale.read_range(info, "cooltemp"))
        for name, attribute in (("away", Away.away), ("schedule", Schedule.schedule)):
            if name in info:
                self.emit(attribute, meaning((False, True), info[name]))

    def report_sensor(self, sensor: Json, scale: Scale, part: str = MAIN) -> None:
        self.emit(TemperatureMeasurement.temperature, scale.read(sensor.get("temp")), part)
        for name, attribute in READINGS.items():
            if name in sensor:
                self.emit(attribute, sensor[name], part)

    # commands

    async def send(self, path: str, **fields: Any) -> None:
        form = {name: str(value) for name, value in fields.items()}
        answer((await self.io.post_form(path + self.query, form)).json())

    @handles(ClimateIntent)
    async def control(self, wanted: ClimateIntent) -> None:
        """Send everything in one request; a mode, or one setpoint, needs both setpoints."""
        fields: dict[str, int | float] = {}
        if wanted.mode is not None:
            fields["mode"] = number_of(MODES, wanted.mode)
        if wanted.fan_mode is not None:
            fields["fan"] = number_of(FANS, wanted.fan_mode)
        if wanted.asked().keys() != {"fan_mode"}:
            info = await self.request("/query/info")  # it may have been changed at the device
            fields |= setpoints(wanted, info, scale_of(self.identity, info))
        await self.send("/control", **fields)

    @handles(Away.set_away)
    async def set_away(self, away: bool) -> None:
        await self.send("/settings", away=int(away))

    @handles(Schedule.set_schedule)
    async def set_schedule(self, schedule: bool) -> None:
        await self.send("/settings", schedule=int(schedule))


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of temperature that a thermostat uses."""

    celsius: bool

    def read(self, value: Any) -> Any:
        """Return °C to the hundredth; anything but a number unchanged, for `emit` to refuse."""
        if type(value) not in {int, float} or self.celsius:
            return value
        return round((value - 32) / 1.8, 2)

    def read_range(self, info: Json, name: str) -> Any:
        return self.read(info.get(f"{name}min")), self.read(info.get(f"{name}max"))

    def write(self, celsius: float) -> float:
        """Return the thermostat's nearest half degree."""
        return round((celsius if self.celsius else celsius * 1.8 + 32) * 2) / 2


def scale_of(identity: Identity, info: Json) -> Scale:
    """Return the unit that a thermostat reports, or else the one that its limits suggest."""
    firmware = tuple(int(n) for n in re.findall(r"\d+", identity.firmware))
    if identity.model.startswith(CELSIUS_MODELS) and firmware < CELSIUS_UNTIL:
        return Scale(celsius=True)
    if (units := info.get("tempunits")) in (0, 1):
        return Scale(celsius=units == 1)
    return Scale(celsius=number(info.get("heattempmax"), "heattempmax") < HOTTEST)


def setpoints(wanted: ClimateIntent, info: Json, scale: Scale) -> dict[str, float]:
    """Return both setpoints; one that is not requested keeps its distance from the other."""
    names = ("heattemp", "cooltemp", "setpointdelta")
    heat, cool, delta = (number(info.get(name), name) for name in names)
    if wanted.heating is not None:
        heat = scale.write(wanted.heating)
    if wanted.cooling is None:
        cool = max(cool, heat + delta)
    else:
        cool = scale.write(wanted.cooling)
        heat = heat if wanted.heating is not None else min(heat, cool - delta)
    return {"heattemp": heat, "cooltemp": cool}


def answer(message: Any) -> Json:
    """Return the reply of a thermostat; raise RefusedError if it is a refusal."""
    reply = object_at(message)
    if reply.get("error"):
        raise RefusedError(str(reply.get("reason", "no reason given"))[:200])
    return reply


def meaning(words: tuple[Any, ...], value: Any) -> Any:
    """Return the word that a number stands for; anything else unchanged, for `emit` to refuse."""
    return words[value] if type(value) is int and 0 <= value < len(words) else value


def number_of(words: tuple[Any, ...], word: str) -> int:
    """Return the number that stands for a word; raise ArgumentError."""
    if word not in words:
        raise ArgumentError(f"{word} is not one of {', '.join(words)}")
    return words.index(word)


def sensors_in(reply: Json) -> dict[str, Json]:
    """Return the sensors by name."""
    sensors = objects_at(reply, "sensors")
    return {s["name"]: s for s in sensors if isinstance(s.get("name"), str) and s["name"]}


def measured(sensor: Json) -> list[type[Capability]]:
    """Return the capabilities of a sensor besides its temperature."""
    return [attribute.capability for name, attribute in READINGS.items() if name in sensor]


def component_of(name: str) -> str:
    """Return the component of a sensor."""
    return re.sub(r"\W+", "_", f"sensor {name}").lower()
