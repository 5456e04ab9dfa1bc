"""Venstar: JSON by HTTP; GET /query/info and /query/sensors, POST forms to /control and /settings.

Sources: Venstar's documentation of its Local API (discovery, paths, fields); venstarcolortouch,
which Home Assistant uses (which fields go together, units of old firmware, PIN, Digest login); the
Hubitat driver of toggledbits; home-assistant/core issues 50549 (sensors with id and type), 97972
(a remote sensor that is offline is not listed) and 98066 (fan and fanstate of the T2000 with 5.28
are swapped). They disagree on the meaning of availablemodes 1 to 3, but none of these includes
auto. Not documented, but assumed: setpoints are accepted in half degrees; a sensor that reports 0
without having been near it is not connected; lockout and error mean idle. Not tested with a real
thermostat yet.
"""

from collections import Counter
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
    Stored,
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
    text_at,
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
MAX_SENSORS, MAX_NAME = 64, 64
NEAR = 5.0
"""Degrees Celsius from 0 within which a sensor that reports 0 was before, if it is connected."""
SWAPPED = "T2000", (5, 28)
"""The model and firmware of which `fan` and `fanstate` are swapped."""
ESSENTIAL = ("mode", "spacetemp", "heattemp", "cooltemp")
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


PROGRAM: Mapping[str, Attribute[bool]] = {"away": Away.away, "schedule": Schedule.schedule}


@dataclass(frozen=True, slots=True)
class VenstarSettings:
    pin: Annotated[str, Label("PIN", "The PIN of the screen lock, if it is on", secret=True)] = ""


@dataclass
class VenstarMemory:
    location: str = ""  # its URL, from discovery
    sensors: Annotated[tuple[str, ...], Stored()] = ()  # as `key_of` names them, in this order


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
    private = ("name", "sensors")  # of the thermostat and its sensors

    def transport_options(self) -> HttpOptions:
        user, password = self.secrets.get("user", ""), self.secrets.get("password", "")
        login = Login(user, password, digest=True) if user else None
        if self.memory.location.startswith("https:"):
            return HttpOptions(port=443, tls=Tls(), login=login, again=True, limit=LIMIT)
        return HttpOptions(login=login, again=True, limit=LIMIT)

    async def pair(self, ask: Ask) -> None:
        try:
            self.describe(name=text_at(await self.request("/query/info"), "name"))
        except CredentialsError:
            user = await ask.text("user", "Enter the user name of its Local API.", secret=False)
            self.set_secret("user", user)
            self.set_secret(
                "password", await ask.text("password", "Enter the password of its Local API.")
            )

    async def identify(self) -> str:
        about = await self.request("/")
        if "api_ver" not in about:
            raise ReplyError("this is not a Venstar thermostat")
        self.describe(
            manufacturer="Venstar",
            model=text_at(about, "model", "COLORTOUCH"),
            firmware=text_at(about, "firmware"),
            mac=mac_address(self.identity.unique_id),
        )
        return ""  # only its announcement identifies it

    async def refresh(self) -> None:
        info = await self.request("/query/info")
        if info.keys().isdisjoint(ESSENTIAL):
            raise ReplyError("this is not the state of a thermostat")
        scale = scale_of(self.identity, info)
        sensors = await self.optional(self.read_sensors, *measured()) or []
        own = {k: v for s in sensors if s["name"] in OWN_SENSORS for k, v in s.items()}
        others = self.number_sensors([s for s in sensors if s["name"] not in OWN_SENSORS])
        program = [a.capability for k, a in PROGRAM.items() if k in info or self.has(a.capability)]
        main = type(self).profile.components[MAIN].capabilities
        parts = {
            part: Component(self.measured_by(sensor, part), name_of(sensor, part), child=True)
            for part, sensor in others.items()
        }
        self.set_profile(Profile(*main, *self.measured_by(own)[1:], *program, **parts))
        self.describe(name=text_at(info, "name"))
        self.report(info, scale)
        self.report_readings(own)
        for part, sensor in others.items():
            self.emit(TemperatureMeasurement.temperature, self.warmth(sensor, scale, part), part)
            self.report_readings(sensor, part)

    # reading

    async def read_sensors(self) -> list[Json]:
        return sensors_in(await self.request("/query/sensors"))

    async def request(self, path: str) -> Json:
        return answer(await self.io.get_json(path + self.query))

    @property
    def query(self) -> str:
        """The query of each path: the PIN, if the user has set one."""
        pin = self.settings.pin
        return f"?{urlencode({'pin': pin.zfill(PIN_DIGITS)})}" if pin else ""

    def number_sensors(self, sensors: list[Json]) -> dict[str, Json]:
        """Return the sensors by component; each keeps its own, whichever others are listed."""
        keyed = keyed_by_id(sensors)
        known = tuple(dict.fromkeys((*self.memory.sensors, *keyed)))
        known = self.memory.sensors = known if len(known) <= MAX_SENSORS else tuple(keyed)
        alike = {key for key in known if is_ambiguous(key, known, keyed)}
        parts = components_of(known).items()
        there = {part: keyed[key] for key, part in parts if key in keyed and key not in alike}
        return {part: s for part, s in there.items() if self.is_connected(s, part)}

    def is_connected(self, sensor: Json, part: str) -> bool:
        """Return whether a sensor exists: not one that has only ever reported 0, or nothing."""
        value = sensor.get("temp")
        measures = (
            value != 0 if type(value) in {int, float} else not READINGS.keys().isdisjoint(sensor)
        )
        return self.has(TemperatureMeasurement, part) or measures

    def measured_by(self, sensor: Json, part: str = MAIN) -> tuple[type[Capability], ...]:
        """Return the capabilities of a sensor: what it measures, or has measured before."""
        also = (a.capability for name, a in READINGS.items() if name in sensor)
        before = (c for c in measured() if self.has(c, part))
        return tuple(dict.fromkeys((TemperatureMeasurement, *also, *before)))

    def warmth(self, sensor: Json, scale: Scale, part: str) -> Any:
        """Return the temperature of a sensor; 0 out of the blue is that of none."""
        value, zero = scale.read(sensor.get("temp")), scale.read(0)
        last = self.get(TemperatureMeasurement.temperature, part)
        return None if value == zero and (last is None or abs(last - zero) > NEAR) else value

    def report(self, info: Json, scale: Scale) -> None:
        modes = MODES if info.get("availablemodes") in (0, None) else MODES[:-1]
        fan, fan_state = fan_of(self.identity, info)
        state = meaning(STATES, info.get("state"))
        if state is OperatingState.IDLE and fan_state == 1:
            state = OperatingState.FAN_ONLY
        self.emit(ThermostatMode.supported_thermostat_modes, modes)
        self.emit(ThermostatMode.thermostat_mode, meaning(MODES, info.get("mode")))
        self.emit(ThermostatOperatingState.thermostat_operating_state, state)
        self.emit(ThermostatFanMode.supported_thermostat_fan_modes, FANS)
        self.emit(ThermostatFanMode.thermostat_fan_mode, meaning(FANS, fan))
        heating, cooling = ThermostatHeatingSetpoint, ThermostatCoolingSetpoint
        self.emit(TemperatureMeasurement.temperature, scale.read(info.get("spacetemp")))
        self.emit(heating.heating_setpoint, scale.read(info.get("heattemp")))
        self.emit(cooling.cooling_setpoint, scale.read(info.get("cooltemp")))
        self.emit(heating.heating_setpoint_range, scale.read_range(info, "heattemp"))
        self.emit(cooling.cooling_setpoint_range, scale.read_range(info, "cooltemp"))
        for name, attribute in PROGRAM.items():
            if self.has(attribute.capability):
                self.emit(attribute, meaning((False, True), info.get(name)))

    def report_readings(self, sensor: Json, part: str = MAIN) -> None:
        """Report what a sensor measures besides its temperature."""
        for name, attribute in READINGS.items():
            if self.has(attribute.capability, part):
                self.emit(attribute, sensor.get(name), part)

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

    celsius: bool | None
    """None: not known, so no temperature is."""

    def read(self, value: Any) -> Any:
        """Return °C to the hundredth; anything but a number unchanged, for `emit` to refuse."""
        if self.celsius is None:
            return None
        if type(value) not in {int, float} or self.celsius:
            return value
        return round((value - 32) / 1.8, 2)

    def read_range(self, info: Json, name: str) -> Any:
        lowest, highest = (self.read(info.get(f"{name}{end}")) for end in ("min", "max"))
        return None if lowest is None or highest is None else (lowest, highest)

    def write(self, celsius: float) -> float:
        """Return the thermostat's nearest half degree; raise ReplyError."""
        if self.celsius is None:
            raise ReplyError("the thermostat does not report its unit of temperature")
        return round((celsius if self.celsius else celsius * 1.8 + 32) * 2) / 2


def firmware_of(identity: Identity) -> tuple[int, ...]:
    """Return the numbers of the firmware's version."""
    return tuple(int(n) for n in re.findall(r"\d+", identity.firmware))


def scale_of(identity: Identity, info: Json) -> Scale:
    """Return the unit that a thermostat reports, or else the one that its limits suggest."""
    if identity.model.startswith(CELSIUS_MODELS) and firmware_of(identity) < CELSIUS_UNTIL:
        return Scale(celsius=True)
    if (units := info.get("tempunits")) in (0, 1):
        return Scale(celsius=units == 1)
    hottest: Any = info.get("heattempmax")
    return Scale(hottest < HOTTEST if type(hottest) in {int, float} else None)


def fan_of(identity: Identity, info: Json) -> tuple[Any, Any]:
    """Return the setting and the state of the fan."""
    fan, fan_state = info.get("fan"), info.get("fanstate")
    is_swapped = (identity.model, firmware_of(identity)) == SWAPPED
    return (fan_state, fan) if is_swapped else (fan, fan_state)


def setpoints(wanted: ClimateIntent, info: Json, scale: Scale) -> dict[str, float]:
    """Return both setpoints; one that is not requested keeps its distance from the other."""
    if wanted.heating is not None and wanted.cooling is not None:
        return {"heattemp": scale.write(wanted.heating), "cooltemp": scale.write(wanted.cooling)}
    reported: Any = info.get("setpointdelta")
    delta = reported if type(reported) in {int, float} else 0
    if wanted.cooling is not None:
        cool = scale.write(wanted.cooling)
        return {"heattemp": min(set_at(info, "heattemp"), cool - delta), "cooltemp": cool}
    heat = set_at(info, "heattemp") if wanted.heating is None else scale.write(wanted.heating)
    return {"heattemp": heat, "cooltemp": max(set_at(info, "cooltemp"), heat + delta)}


def set_at(info: Json, name: str) -> float:
    """Return a setpoint in the thermostat's own unit; raise ReplyError."""
    return number(info.get(name), name)


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


def measured() -> tuple[type[Capability], ...]:
    """Return all that a sensor may measure besides its temperature."""
    return tuple(attribute.capability for attribute in READINGS.values())


# sensors: a thermostat lists those that it hears, by name; newer firmware gives the remote ones ids


def sensors_in(reply: Json) -> list[Json]:
    """Return the sensors that have a name."""
    sensors = objects_at(reply, "sensors") if isinstance(reply.get("sensors"), list) else []
    return [sensor for sensor in sensors if text_at(sensor, "name")][:MAX_SENSORS]


def keyed_by_id(sensors: list[Json]) -> dict[str, Json]:
    """Return the sensors by name and id; those without an id are counted."""
    counts, keyed = Counter[str](), dict[str, Json]()
    for sensor in sensors:
        name, own_id = sensor["name"][:MAX_NAME], sensor.get("id")
        if type(own_id) is not int:
            own_id = f"#{counts[name]}"
            counts[name] += 1
        keyed[f"{name}\n{own_id}"] = sensor
    return keyed


def is_ambiguous(key: str, known: tuple[str, ...], keyed: Mapping[str, Json]) -> bool:
    """Return whether a sensor cannot be told from another of its name that is not listed."""
    alike = f"{name_in(key)}\n#"
    return key.startswith(alike) and any(k.startswith(alike) and k not in keyed for k in known)


def components_of(known: tuple[str, ...]) -> dict[str, str]:
    """Return the component of each sensor; only names that are alike get a number."""
    parts: dict[str, str] = {}
    counts = Counter[str]()
    for key in known:
        part = re.sub(r"\W+", "_", f"sensor {name_in(key)}").lower()
        counts[part] += 1
        parts[key] = part if counts[part] == 1 else f"{part}-{counts[part]}"
    return parts


def name_in(key: str) -> str:
    """Return the name in a key."""
    return key.partition("\n")[0]


def name_of(sensor: Json, part: str) -> str:
    """Return the name of a sensor, with its number if others have the same."""
    _, is_numbered, number_ = part.rpartition("-")
    return f"{sensor['name']} {number_}" if is_numbered else sensor["name"]
