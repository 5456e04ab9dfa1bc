"""Xiaomi (miIO, MIoT): JSON over UDP port 54321, encrypted with a token; mDNS and hello.

Sources: those of `protocol` and of `kinds`. Not documented, but assumed:
- that a token is wrong: a device answers hello, but nothing that is encrypted;
- that a device can be asked for 15 properties at once, or for half as many if it cannot.
Not tested with a real device yet.
"""

from dataclasses import replace
from functools import partial
import re

from lan_edge import (
    Ask,
    ColorControl,
    Confirm,
    CredentialsError,
    FanOscillationMode,
    FanSpeed,
    FanSpeedPercent,
    HumidifierMode,
    Mdns,
    Pace,
    Profile,
    RefusedError,
    RobotCleanerMovement,
    Sighting,
    Switch,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    TimedOutError,
    UdpOptions,
    UdpProbe,
    Values,
    mac_address,
    register,
    text_at,
    turns_off,
)

from .kinds.meanings import MEANINGS
from .kinds.parts import Properties
from .kinds.specs import NOTHING
from .protocol.packets import GREETING, HELLO, MiotCodec, read_hello, token_in
from .protocol.requests import greet
from .reading import MiotReading

PORT = 54321
ASK = (
    t"Enter the token of the device: 32 digits and letters from a to f. Xiaomi's cloud has it: "
    t"`miiocli cloud` of python-miio lists the tokens of an account."
)
SPEEDS = {FanSpeed.fan_speed, FanSpeedPercent.percent}
THERMOSTAT = {ThermostatMode.thermostat_mode, ThermostatHeatingSetpoint.heating_setpoint}
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
class Miot(MiotReading):
    id = "miot"
    help = (
        "The token of the device is needed. A device that was reset, or joined to another Wi-Fi, "
        "has a new token."
    )
    discovery = (
        Mdns(
            "_miio._udp.local.",
            unique_id=r"{name.find(_miio(\d+))}",
            name=r"Xiaomi {name.find(_miio(\d+))}",
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

    async def pair(self, ask: Ask) -> None:
        """Ask for the token, unless the device tells it, as one does that is not set up yet."""
        told = self.codec.disclosed
        if not told or told == self.secrets.get("token"):
            told = token_in(await ask.text("miot_token", ASK, self.try_token)).hex()
        self.set_secret("token", told)

    async def try_token(self, text: str) -> None:
        """Raise CredentialsError for a token to which the device does not answer."""
        if not (token := token_in(text)):
            raise RefusedError(t"a token has 32 digits and letters from a to f")
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
                raise TimedOutError(*err.args) from None  # once, it may be lost or busy
            raise
        memory.unanswered, memory.has_answered = 0, True
        self.describe(
            manufacturer="Xiaomi",
            model=text_at(info, "model"),
            firmware=text_at(info, "fw_ver"),
            mac=text_at(info, "mac") or memory.mac,
        )
        return str(self.codec.device_id)

    # commands

    async def change(self, values: Values) -> None:
        """Set properties; what sets one of a lamp or a fan turns it on, or off at 0."""
        spec = self.spec or NOTHING
        if (mode := values.get(RobotCleanerMovement.robot_cleaner_movement)) is not None:
            await self.act(spec, mode)
            return
        if turns_off(values):
            values = {Switch.switch: False}
        elif self.turns_on(values):
            values = {Switch.switch: True, **values}
        if ColorControl.hue in values:
            color = values[ColorControl.hue], values[ColorControl.saturation]
            values = {**values, ColorControl.hue: color}
        wanted = {name: v for name, v in values.items() if name is not ColorControl.saturation}
        is_manual = spec.manual is not None and not SPEEDS.isdisjoint(wanted)
        first = {spec.points["purifier"].at: spec.manual} if is_manual else {}
        for part, own in self.parts_for(Properties, wanted):
            await self.set(part, own, first)

    def turns_on(self, values: Values) -> bool:
        """Return whether a device must be on for what is asked."""
        if not THERMOSTAT.isdisjoint(values):
            return False
        if HumidifierMode.humidifier_mode in values:
            return self.get(Switch.switch) is False  # some refuse to be turned on again
        return FanOscillationMode.fan_oscillation_mode not in values
