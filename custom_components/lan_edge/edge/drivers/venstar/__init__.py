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

from collections.abc import Mapping
from dataclasses import dataclass
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
    object_at,
    register,
    text_at,
)

from .scale import Scale, fan_of, scale_of, setpoints
from .sensors import (
    MAX_SENSORS,
    components_of,
    is_ambiguous,
    keyed_by_id,
    name_of,
    sensors_in,
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
NEAR = 5.0
"""Degrees Celsius from 0 within which a sensor that reports 0 was before, if it is connected."""
ESSENTIAL = ("mode", "spacetemp", "heattemp", "cooltemp")
PIN_DIGITS = 4
ASK_USER = (
    t"Enter the user name of its Local API. It was set on the thermostat, in the Wi-Fi menu, for "
    t"*Basic Auth*."
)
ASK_PASSWORD = t"Enter the password of its Local API, which was set together with the user name."
LIMIT = 64 * 1024  # an answer has about 1 KiB


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
            self.set_secret("user", await ask.text("user", ASK_USER, secret=False))
            self.set_secret("password", await ask.text("password", ASK_PASSWORD))

    async def identify(self) -> str:
        about = await self.request("/")
        if "api_ver" not in about:
            raise ReplyError(t"this is not a Venstar thermostat")
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
            raise ReplyError(t"this is not the state of a thermostat")
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


def answer(message: Any) -> Json:
    """Return the reply of a thermostat; raise RefusedError if it is a refusal."""
    reply = object_at(message)
    if reply.get("error"):
        raise RefusedError(str(reply.get("reason") or "")[:200])
    return reply


def meaning(words: tuple[Any, ...], value: Any) -> Any:
    """Return the word that a number stands for; anything else unchanged, for `emit` to refuse."""
    return words[value] if type(value) is int and 0 <= value < len(words) else value


def number_of(words: tuple[Any, ...], word: str) -> int:
    """Return the number that stands for a word; raise ArgumentError."""
    if word not in words:
        raise ArgumentError(t"{word} is not one of {', '.join(words)}")
    return words.index(word)


def measured() -> tuple[type[Capability], ...]:
    """Return all that a sensor may measure besides its temperature."""
    return tuple(attribute.capability for attribute in READINGS.values())
