"""Xiaomi (miIO, MIoT): JSON over UDP port 54321, encrypted with a token; mDNS and hello.

Xiaomi has not published how its devices are asked on the local network. Sources: the notes on the
protocol by OpenMiHome and the documentation of python-miio (header, clock, token, requests);
miot-spec.org, Xiaomi's list of what each model has by number, as python-miio, homebridge-miot and
others repeat it (`specs.py`); frames and answers in the issues of python-miio, hass-xiaomi-miot and
Home Assistant's xiaomi_miio, which the tests name. Not documented, but assumed:
- that a token is wrong: a device answers hello, but nothing that is encrypted;
- that a device can be asked for 15 properties at once, or for half as many if it cannot;
- what the older Yeelights and Philips lights have as their range of white.
Not tested with a real device yet.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
import re
from typing import cast, override

from lan_edge import (
    Ask,
    BatchReader,
    CleanerMovement,
    ColorControl,
    Confirm,
    CredentialsError,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    HumidifierMode,
    Json,
    Mdns,
    Pace,
    PartsDriver,
    Profile,
    RefusedError,
    ReplyError,
    RobotCleanerMovement,
    Sighting,
    Switch,
    SwitchLevel,
    TimedOutError,
    Udp,
    UdpOptions,
    UdpProbe,
    Values,
    mac_address,
    optional_object,
    register,
    text_at,
)

from .parts import NOTHING, MiotMemory, Properties, is_told, parts_of
from .points import MEANINGS, WORDS, Spec, is_numbered, spec
from .protocol import GREETING, HELLO, TOKEN_SIZE, MiotCodec, MiotRefusalError, read_hello
from .requests import act, call, greet, is_lacking, read_some, set_named, set_numbered
from .specs import spec_of

PORT = 54321
UNHEARD = "the device answers, but not to this token"
ASK = (
    "Enter the token of the device: 32 digits and letters from a to f. Xiaomi's cloud has it, and "
    "so has Home Assistant's own integration Xiaomi Home, if the device is set up there."
)
UNKNOWN = spec(switch="2.1")
FOUND = {"numbered": UNKNOWN, "named": spec(switch=("power set_power", *WORDS))}
"""What a device of an unknown model can be."""

AMOUNTS = (SwitchLevel.level, FanSpeed.fan_speed, FanSpeedPercent.percent)
"""What is off at 0."""
OPTIONS = UdpOptions(
    port=PORT,
    codec=MiotCodec,
    login=greet,
    greeting=HELLO,
    resend=1.0,
    timeout=5.0,
    answers_within=5.5,
    pace=Pace(gap=0.1, burst=4),
)


def model_of(sighting: Sighting) -> str:
    """Return the model that a name such as `zhimi-fan-za5_miio12345678` begins with."""
    match = re.match(r"[\w-]+(?=_mi[a-z]{2})", sighting.name)
    return match[0].replace("-", ".") if match else ""


def mac_of(sighting: Sighting) -> str:
    """Return the MAC address in a record: in a field of its own, or within another."""
    told = sighting.text("{txt[mac]}") or sighting.text(r"{txt[poch].find(mac=(\w+))}")
    return mac_address(told)


@register
class Miot(PartsDriver[Udp]):
    id = "miot"
    help = (
        "The token of the device is needed. A device that was reset, or joined to another Wi-Fi, "
        "has a new token."
    )
    memory: MiotMemory
    discovery = (
        Mdns(
            "_miio._udp.local.",
            unique_id=r"{name.find(_miio(\d+))}",
            name="Xiaomi {name}",
            manufacturer="Xiaomi",
            model=model_of,
            fields={"mac": mac_of},
        ),
        UdpProbe(
            PORT,
            GREETING,
            read=read_hello,
            where={"reply[did]": "?*"},
            unique_id="{reply[did]}",
            name="Xiaomi {reply[did]}",
            manufacturer="Xiaomi",
        ),
    )
    profile = Profile()
    parts = tuple(dict.fromkeys(each.attribute.capability for each in MEANINGS.values()))
    options = OPTIONS
    poll = 15
    confirm = Confirm.READ  # it reports nothing unless it is asked
    fades = False
    is_general = True  # a Yeelight, for example, answers hello as well
    is_proven_by_key = True
    private = ("token", "ssid", "bssid", "did", "uid", "partner_id")

    # who it is, and its token

    def transport_options(self) -> UdpOptions:
        token = token_in(self.secrets.get("token", ""))
        return replace(OPTIONS, codec=partial(MiotCodec, token))

    @property
    def codec(self) -> MiotCodec:
        return cast("MiotCodec", self.io.codec)

    async def pair(self, ask: Ask) -> None:
        """Ask for the token, unless the device tells it, as one does that is not set up yet."""
        told = self.codec.disclosed
        if not told or told == self.secrets.get("token"):
            told = token_in(await ask.text("token", ASK, self.try_token)).hex()
        self.set_secret("token", told)

    async def try_token(self, text: str) -> None:
        """Raise CredentialsError for a token to which the device does not answer."""
        if not (token := token_in(text)):
            raise RefusedError("a token has 32 digits and letters from a to f")
        self.codec.use(token)
        await self.read_info()

    async def identify(self) -> str:
        if not self.secrets.get("token"):
            await greet(self.io)
            return str(self.codec.device_id)
        memory = self.memory
        try:
            info = await self.read_info()
        except CredentialsError as err:
            memory.unanswered += 1
            if memory.has_answered and memory.unanswered == 1 and not self.codec.is_foreign:
                raise TimedOutError(str(err)) from None  # once, it may be lost or busy
            raise
        memory.unanswered, memory.has_answered = 0, True
        self.describe(
            manufacturer="Xiaomi",
            model=text_at(info, "model"),
            firmware=text_at(info, "fw_ver"),
            mac=text_at(info, "mac") or memory.mac,
        )
        return str(self.codec.device_id)

    async def read_info(self) -> Json:
        """Return what the device says of itself; {} if it refuses, without a token if it may.

        Raises CredentialsError if it answers hello, but not this.
        """
        try:
            return optional_object(await call(self.io, "miIO.info", []))
        except MiotRefusalError:
            return {}  # without internet, some write what nobody can read
        except TimedOutError:
            await greet(self.io)
            raise CredentialsError(UNHEARD) from None

    async def ping(self) -> str:
        """Read one property: to hello alone, anybody could answer."""
        spec = self.spec or UNKNOWN
        with suppress(MiotRefusalError):
            await read_some(self.io, spec, spec.addresses[:1])
        return str(self.codec.device_id)

    # reading

    async def connected(self) -> None:
        self.memory.reader = BatchReader()

    @property
    def spec(self) -> Spec | None:
        return spec_of(self.identity.model) or FOUND.get(self.memory.found)

    async def refresh(self) -> None:
        if (spec := self.spec) is not None:
            if not self.report(spec, await self.read_own(spec)):
                raise ReplyError("the device tells nothing that LAN Edge knows")
            return
        for name, each in FOUND.items():
            if self.report(each, await self.read_own(each)):
                self.memory.found = name
                return
        raise ReplyError(f"{self.identity.model or 'the model'} is unknown, and tells no switch")

    async def read_own(self, spec: Spec) -> Json:
        """Return all values, unless they are those of another device."""
        ask, most = partial(read_some, self.io, spec), spec.at_once
        values = await self.memory.reader.read(
            spec.addresses, ask, most=most, is_lacking=is_lacking
        )
        if str(self.codec.device_id) != self.identity.unique_id:
            raise ReplyError("another device has the address")
        return values

    def report(self, spec: Spec, values: Json) -> bool:
        """Report all values, and learn what the device has; return whether there is any."""
        memory, told = self.memory, [m for m in spec.points if is_told(spec.points[m], values)]
        if told:
            memory.seen, memory.values = tuple(dict.fromkeys((*memory.seen, *told))), values
            self.show_parts(parts_of(spec, memory.seen, values))
        return bool(told)

    @override
    def consists_of(self) -> Iterator[Properties]:
        return parts_of(self.spec or NOTHING, self.memory.seen, self.memory.values)

    # commands

    async def change(self, values: Values) -> None:
        """Set properties; what sets one of a lamp or a fan turns it on, or off at 0."""
        spec = self.spec or NOTHING
        if (mode := values.get(RobotCleanerMovement.robot_cleaner_movement)) is not None:
            await self.act(spec, mode)
            return
        if values.get(Switch.switch) is False or any(values.get(each) == 0 for each in AMOUNTS):
            values = {Switch.switch: False}
        elif self.turns_on(values):
            values = {Switch.switch: True, **values}
        if ColorControl.hue in values:
            color = values[ColorControl.hue], values[ColorControl.saturation]
            values = {**values, ColorControl.hue: color}
        wanted = {name: v for name, v in values.items() if name is not ColorControl.saturation}
        is_manual = spec.manual is not None and FanSpeed.fan_speed in wanted
        first = {spec.points["purifier"].at: spec.manual} if is_manual else {}
        for part, own in self.parts_for(Properties, wanted):
            await self.set(part, own, first)

    def turns_on(self, values: Values) -> bool:
        """Return whether a device must be on for what is asked."""
        if HumidifierMode.humidifier_mode in values:
            return self.get(Switch.switch) is False  # some refuse to be turned on again
        return FanOscillationMode.fan_oscillation_mode not in values

    async def set(self, part: Properties, values: Values, first: Json) -> None:
        """Set properties of a component, after those of `first` by where they are."""
        points = {each.attribute: each for each in reversed(part.table)}
        wanted = [(points[name], points[name].coding.write(v)) for name, v in values.items()]
        if all(is_numbered(point.at) for point, _ in wanted):
            await set_numbered(self.io, first | {point.at: code for point, code in wanted})
            return
        for point, code in wanted:
            await set_named(self.io, point, code)

    async def act(self, spec: Spec, mode: CleanerMovement) -> None:
        """Have a robot do something."""
        if mode not in spec.actions:
            raise RefusedError(f"it cannot be told to do {mode}")
        for at in spec.actions[mode]:
            await act(self.io, at)


def token_in(text: str) -> bytes:
    """Return the token that a text is; empty if it is none."""
    digits = text.strip().lower()
    return bytes.fromhex(digits) if re.fullmatch(f"[0-9a-f]{{{2 * TOKEN_SIZE}}}", digits) else b""
