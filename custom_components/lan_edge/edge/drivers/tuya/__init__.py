"""Tuya: frames with AES on port 6668, versions 3.1 to 3.5; numbered data points; UDP beacons.

Tuya has not published the protocol on the local network. Sources: the documentation of tinytuya
(commands, frames, session keys, the eight vocabularies of covers) and of TuyAPI; frames of real
devices in users' reports, which the tests repeat; Tuya's own lists of standard data points by
category (developer.tuya.com). Not documented, but assumed:
- what a device is, by its points: the same numbers have another meaning in another category, so
  the user can correct it in the settings;
- that white is 2000 to 6500 K, and that a cover at 0 is open: as Home Assistant's `tuya` has it;
- that a device takes five messages a second for long: users report that faster ones disconnect.
Version 3.1 reads the state without the key, and 3.1 and 3.3 do not prevent that old messages are
sent again by others. Devices that only answer a request on port 7000 are not found by it.
"""

from dataclasses import dataclass, field, replace
from functools import partial
import re
import time
from typing import Annotated, Any

from lan_edge import (
    MAIN,
    Ask,
    CredentialsError,
    Driver,
    FanSpeed,
    Frames,
    FramesOptions,
    Json,
    LengthFramer,
    LightIntent,
    Pace,
    PowerMeter,
    Profile,
    RefusedError,
    ReplyError,
    Stored,
    Switch,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UdpBeacon,
    WindowShade,
    WindowShadeLevel,
    handles,
    list_at,
    optional_object,
    register,
    text_at,
)

from .kinds import CAPABILITIES, MAKERS, position_of, recognized, words_of
from .lights import light_values
from .parts import Part, TuyaKind, TuyaSettings, TuyaVersion
from .protocol import (
    CONTROL,
    DEVICE_ID,
    EXTENDED,
    GCM_PREFIX,
    HEARTBEAT,
    KEY_SIZE,
    MAX_TEXT,
    NEW_CONTROL,
    NEW_QUERY,
    PREFIX,
    QUERY,
    STATUS,
    UPDATE,
    USUAL,
    VERSIONS,
    WITH_GCM,
    WITH_SESSION,
    WRONG_KEY,
    TuyaCodec,
    TuyaMessage,
    negotiate,
    read_beacon,
)

PORT, BEACON_PORTS = 6668, (6666, 6667, 7000)
OPTIONS = FramesOptions(
    port=PORT,
    framer=partial(LengthFramer, 4, start=PREFIX, header=8),
    codec=TuyaCodec,
    pace=Pace(gap=0.2, burst=4),
    pipelined=False,
)
GCM_FRAMER = partial(LengthFramer, 4, start=GCM_PREFIX, header=10, extra=-4)
CONTROLS = (CONTROL, NEW_CONTROL)
BEAT = 9  # seconds; a device to which nothing is sent for 30 closes the connection
METER_INTERVAL = 30  # seconds; many plugs report what they measure only when they are asked
UNVALID = "data unvalid"  # of a device whose points have to be asked for by their numbers
LIST = "subdev_online_stat_query"
ANY_POINT = [str(n) for part in (range(1, 51), range(51, 71), range(101, 141)) for n in part]
AT_ONCE = 20  # points in one request, which may have 255 bytes
MAX_POINTS, MAX_UNITS, MAX_ID = 128, 64, 64
ASK_ID = "Enter the ID of the device. The Tuya or Smart Life app shows it as *Virtual ID*."
ASK_VERSION = "Choose the version of its protocol. Most devices have 3.3, 3.4 or 3.5."
ASK_KEY = (
    "Enter the local key of the device: 16 characters. With an account at platform.tuya.com to "
    "which your app is linked, `python -m tinytuya wizard` lists the keys of all your devices."
)


@dataclass
class TuyaMemory:
    device_id: Annotated[str, Stored()] = ""  # as the device spells it
    version: Annotated[str, Stored()] = ""
    kinds: Annotated[tuple[str, ...], Stored()] = ()  # each a kind, a blank and the id of its unit
    is_asked_by_number: bool = False
    is_agreed: bool = False  # whether the last negotiation has proven the key
    units: dict[str, Json] = field(default_factory=dict[str, Json])
    """What each unit reports now: the device itself, and the devices behind it."""
    offline: set[str] = field(default_factory=set[str])  # the units that a gateway does not reach
    seen: dict[str, Json] = field(default_factory=dict[str, Json])
    """The points that each unit has, also those that it does not report at the moment."""


@register
class Tuya(Driver[Frames]):
    id = "tuya"
    help = (
        "Close the Tuya or Smart Life app on all phones: many devices take one connection at a "
        "time. A device that was paired again in the app has another local key."
    )
    settings: TuyaSettings
    memory: TuyaMemory
    discovery = tuple(
        UdpBeacon(
            port,
            read=read_beacon,
            unique_id="{beacon[gwId]}",
            name="Tuya {beacon[gwId][-6:]}",
            manufacturer="Tuya",
            fields={"device_id": "{beacon[gwId]}", "version": "{beacon[version]}"},
        )
        for port in BEACON_PORTS
    )
    profile = Profile()
    parts = CAPABILITIES
    options = OPTIONS
    fades = False
    is_proven_by_key = True
    private = ("gwId", "devId", "uid", "cid", "cids")

    def transport_options(self) -> FramesOptions:
        key, version = self.secrets["local_key"].encode(), self.version
        return replace(
            OPTIONS,
            codec=partial(TuyaCodec, version, key),
            framer=GCM_FRAMER if version == WITH_GCM else OPTIONS.framer,
            login=self.log_in if version >= WITH_SESSION else None,
        )

    async def log_in(self, io: Frames) -> None:
        memory, is_certain = self.memory, self.memory.is_agreed or self.version < WITH_GCM
        memory.is_agreed = False
        await negotiate(io, is_certain=is_certain)
        memory.is_agreed = True

    @property
    def version(self) -> str:
        chosen, announced = self.settings.protocol, self.memory.version
        if chosen is not TuyaVersion.AUTOMATIC:
            return chosen
        return announced if announced in VERSIONS else USUAL

    async def pair(self, ask: Ask) -> None:
        """Ask for the key, and for what the device announces otherwise; they are tried then."""
        memory = self.memory
        if not memory.device_id:
            memory.device_id = await ask.text("device_id", ASK_ID, check_id, secret=False)
            versions = {version: version for version in reversed(VERSIONS)}
            memory.version = await ask.choice("version", ASK_VERSION, versions)
        self.set_secret("local_key", clean_key(await ask.text("local_key", ASK_KEY, check_key)))

    async def identify(self) -> str:
        self.describe(manufacturer="Tuya", serial_number=self.memory.device_id)
        if self.secrets["local_key"] and self.version < WITH_SESSION:
            reported = (await self.query()).data
            return text_at(reported, "devId") or self.memory.device_id
        return self.memory.device_id  # the negotiation has proven it

    async def connected(self) -> None:
        self.memory.is_asked_by_number = False
        self.every(BEAT, self.beat)
        self.every(METER_INTERVAL, self.measure)

    async def beat(self) -> None:
        self.io.send(TuyaMessage(HEARTBEAT, self.own_id()))

    async def measure(self) -> None:
        """Have a plug measure: it reports what has changed."""
        if self.has(PowerMeter):
            self.io.send(TuyaMessage(UPDATE, {"dpId": [18, 19, 20]}))

    async def ping(self) -> str:
        await self.ask(TuyaMessage(HEARTBEAT, self.own_id()))
        return ""

    # reading

    async def refresh(self) -> None:
        if not self.memory.is_asked_by_number:
            reply = await self.query()
            if UNVALID in str(reply.data) and not await self.optional(self.read_subdevices):
                self.memory.is_asked_by_number = True
        if self.memory.is_asked_by_number:
            await self.read_by_number()
        for unit in self.subdevices:
            await self.optional(partial(self.query, unit))
        if not self.report():
            raise ReplyError("the device reports no point that LAN Edge knows")

    async def query(self, unit: str = "") -> TuyaMessage:
        """Have a unit report all of its points."""
        if self.version >= WITH_SESSION:
            return await self.ask(TuyaMessage(NEW_QUERY, {"cid": unit} if unit else {}))
        stamp = {"uid": self.memory.device_id, "t": str(int(time.time()))}
        return await self.ask(
            TuyaMessage(QUERY, self.own_id() | stamp | ({"cid": unit} if unit else {}))
        )

    async def read_by_number(self) -> None:
        """Have it report the points that are asked for by their numbers: the known ones, or any."""
        known = sorted(self.memory.seen.get("", {}), key=int)
        for first in range(0, len(known or ANY_POINT), AT_ONCE):
            points = (known or ANY_POINT)[first : first + AT_ONCE]
            await self.ask(self.control(dict.fromkeys(points)))  # refused where it has none of them

    async def read_subdevices(self) -> bool:
        """Have a gateway list the devices behind it; return whether there are any."""
        reply = await self.ask(TuyaMessage(EXTENDED, {"reqType": LIST, "data": {"cids": []}}))
        lists = optional_object(optional_object(reply.data), "data")
        names = ("online", "offline")
        online, offline = (set(map(str, list_at(lists, n) if n in lists else ())) for n in names)
        for unit in online | offline:
            self.learn(unit, {})
        self.memory.offline = offline - online
        return bool(online or offline)

    def own_id(self) -> Json:
        return {"gwId": self.memory.device_id, "devId": self.memory.device_id}

    async def ask(self, message: TuyaMessage) -> TuyaMessage:
        """Return the reply to a message; a device may report what has changed instead."""
        replies = {message.command, *((STATUS,) if message.command in CONTROLS else ())}
        reply: TuyaMessage = await self.io.ask(message, match=lambda m: m.command in replies)
        if reply.is_foreign:
            raise CredentialsError(WRONG_KEY)
        return reply

    @property
    def subdevices(self) -> list[str]:
        known = (kind.partition(" ")[2] for kind in self.memory.kinds)
        return [unit for unit in dict.fromkeys((*self.memory.seen, *known)) if unit]

    def on_message(self, message: TuyaMessage) -> None:
        told = optional_object(message.data)
        news = optional_object(told, "data") or told
        if points := optional_object(news, "dps"):
            unit = text_at(news, "cid") or text_at(told, "cid")
            self.learn(unit, points, is_whole=message.command in {QUERY, NEW_QUERY})
            self.report()

    def learn(self, unit: str, points: Json, *, is_whole: bool = False) -> None:
        """Keep the points that a unit has reported, which may be all that it has."""
        units, known = self.memory.units, self.memory.seen
        if unit not in known and (len(known) >= MAX_UNITS or len(unit) > MAX_ID):
            return
        seen = known.setdefault(unit, {})
        news = {n: points[n] for n in list(points)[:MAX_POINTS] if is_usable(n, points[n])}
        units[unit] = news if is_whole else units.get(unit, {}) | news
        seen |= {n: value for n, value in news.items() if type(seen.get(n, value)) is type(value)}
        if seen and self.kind_of(unit) is None:
            kind = recognized(seen, is_behind=bool(unit))
            self.memory.kinds = (*self.memory.kinds, f"{kind} {unit}")

    def kind_of(self, unit: str) -> TuyaKind | None:
        """Return what a unit is: as the user has chosen, or as it was recognized at first."""
        if not unit and self.settings.kind is not TuyaKind.AUTOMATIC:
            return self.settings.kind
        known = (kind.partition(" ") for kind in self.memory.kinds)
        return next(
            (TuyaKind(kind) for kind, _, own in known if own == unit and kind in TuyaKind), None
        )

    def shown(self) -> dict[str, Part]:
        """Return the parts of all units, by component."""
        shown: dict[str, Part] = {}
        for unit, points in self.memory.seen.items():
            if (kind := self.kind_of(unit)) and points:
                for key, part in MAKERS[kind](points, self.settings):
                    component = (f"{unit}/{key}" if key else unit) if unit else key or MAIN
                    shown[component] = replace(part, unit=unit)
        return shown

    def report(self) -> bool:
        """Report all that is known; return whether that is anything."""
        shown = self.shown()
        self.set_profile(Profile(**{key: part.component for key, part in shown.items()}))
        for component, part in shown.items():
            self.set_available(component, part.unit not in self.memory.offline)
            for _, attribute, read in part.readings:
                try:
                    self.emit(attribute, read(self.memory.units.get(part.unit, {})), component)
                except ReplyError as err:
                    self.reject(attribute, str(err), component)
        return bool(shown) or bool(self.subdevices)

    # commands

    @property
    def part(self) -> Part:
        if self.component not in (shown := self.shown()):
            raise RefusedError("the device has not reported its points yet")
        return shown[self.component]

    @property
    def points(self) -> Json:
        """The points of the unit that is commanded."""
        return self.memory.units.get(self.part.unit, {})

    def control(self, points: Json, unit: str = "") -> TuyaMessage:
        """Return a message that sets points; a device reports those that are None."""
        now = int(time.time())
        if self.version >= WITH_SESSION:
            of_unit = {"cid": unit, "ctype": 0} if unit else {}
            data = {"protocol": 5, "t": now, "data": {**of_unit, "dps": points}}
            return TuyaMessage(NEW_CONTROL, data | ({"cid": unit} if unit else {}))
        command = NEW_CONTROL if None in points.values() else CONTROL
        whom = (
            {"cid": unit}
            if unit
            else {"devId": self.memory.device_id, "uid": self.memory.device_id}
        )
        return TuyaMessage(command, {**whom, "t": now if unit else str(now), "dps": points})

    async def set(self, **values: Any) -> None:
        """Set points of the component, by what they mean."""
        part = self.part
        if missing := values.keys() - part.points.keys():
            raise RefusedError(f"it has no point for {', '.join(sorted(missing))}")
        points = {part.points[name]: value for name, value in values.items()}
        reply = await self.ask(self.control(points, part.unit))
        if reply.error:
            raise RefusedError(f"error {reply.error}: {reply.data!s:.100}")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.set(switch=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.set(switch=False)

    @handles(LightIntent)
    async def change_light(self, intent: LightIntent) -> None:
        if intent.on is False or intent.level == 0:
            await self.set(switch=False)
        else:
            await self.set(switch=True, **light_values(self.part, self.points, intent))

    @handles(WindowShade.open)
    async def open_cover(self) -> None:
        await self.set(control=words_of(self.points)[0])

    @handles(WindowShade.close)
    async def close_cover(self) -> None:
        await self.set(control=words_of(self.points)[1])

    @handles(WindowShade.pause)
    async def stop_cover(self) -> None:
        await self.set(control=words_of(self.points)[2])

    @handles(WindowShadeLevel.set_shade_level)
    async def set_position(self, shade_level: int) -> None:
        await self.set(position=position_of(shade_level, self.settings))

    @handles(ThermostatMode.set_thermostat_mode)
    async def set_thermostat_mode(self, mode: ThermostatModeValue) -> None:
        await self.set(switch=mode is not ThermostatModeValue.OFF)

    @handles(ThermostatHeatingSetpoint.set_heating_setpoint)
    async def set_target(self, setpoint: float) -> None:
        await self.set(target=round(setpoint * self.part.scale))

    @handles(FanSpeed.set_fan_speed)
    async def set_speed(self, speed: int) -> None:
        if not speed:
            await self.set(switch=False)
            return
        is_text = isinstance(self.points.get(self.part.points["speed"]), str)
        await self.set(switch=True, speed=str(speed) if is_text else speed)


# what is typed


async def check_id(text: str) -> None:
    """Raise RefusedError for what cannot be the ID of a device."""
    if not re.fullmatch(DEVICE_ID, text.strip()):
        raise RefusedError("a device ID has 8 to 40 letters and digits")


async def check_key(text: str) -> None:
    """Raise RefusedError for what cannot be a local key."""
    if len(clean_key(text).encode()) != KEY_SIZE:
        raise RefusedError("a local key has 16 characters")


def clean_key(text: str) -> str:
    """Return a key without blanks around it, and as it was before it was written as JSON."""
    return re.sub(r"\\u00([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text.strip())


def is_usable(point: str, value: Any) -> bool:
    """Return whether a point, which may have any value, can be kept."""
    is_small = (
        isinstance(value, bool | int | float)
        or len(value if isinstance(value, str) else "") <= MAX_TEXT
    )
    return bool(re.fullmatch(r"\d{1,3}", point)) and is_small and value is not None
