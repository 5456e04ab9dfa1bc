"""Meross: signed JSON by HTTP to one path, encrypted by newer firmware; polled.

Meross has not published the protocol. Sources: MerossIot and its description of the protocol
(headers, signature, namespaces), meross_lan (encryption, limits of answers, what owners' devices
answer, in its traces and issues), homebridge-meross, refoss_ha and meross-scripts (the search by
UDP). Not documented, but assumed:
- that the end of a UUID is the MAC address, as in all published ones;
- that every device that is asked by broadcast at port 9988 answers, to port 9989 of the hub;
- white from 2700 to 6500 K, as meross_lan has it;
- how often a device may be asked: users report that some hang when they are asked too fast.
Changes are reported by MQTT only, to a broker that the device is bound to: not used here.
Not tested with a real device yet.
"""

from functools import partial
import re
from typing import Any

from lan_edge import (
    Ask,
    AudioMute,
    AudioVolume,
    CredentialsError,
    Dhcp,
    DoorState,
    FanSpeed,
    GarageDoorControl,
    HttpOptions,
    HumidifierMode,
    HumidifierModeValue,
    LightIntent,
    Pace,
    Profile,
    Switch,
    ThermostatCoolingSetpoint,
    ThermostatFanMode,
    ThermostatFanModeValue,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UdpProbe,
    WindowShade,
    WindowShadeLevel,
    handles,
    optional_object,
    register,
    text_at,
)

from .air import Fan, Spray
from .climate import Thermostat
from .hvac import Hvac
from .lights import Light
from .parts import STOP, TOGGLE_X, Door, Outlet, Shutter, channel_of, listed
from .protocol import ABILITY, CODEC, GET, WRONG_KEY, mac_of
from .sensors import Sound
from .talking import MerossTalk
from .told import CAPABILITIES

MAKERS = ("48e1e9*", "c4e7ae*", "34298f1*")
PROBE_PORT, ANSWER_PORT = 9988, 9989
PROBE = b'{"id":"6c616e2d656467652d7365617263682d","devName":"*"}'
MODELS = re.compile(r"(m[a-z]{2}|hp)\d.*", re.IGNORECASE)  # those of Refoss answer, too
MOVES = 60.0  # seconds for which a garage door may move
ASK_KEY = (
    "Enter the device key of your Meross account. It is the same for all devices of the account; "
    "LAN Edge's page on Meross says how to get it."
)


def read_answer(data: bytes) -> Any:
    """Return what answers a search; nothing for a device of another maker."""
    answer = CODEC.decode(data)
    return answer if MODELS.fullmatch(text_at(answer, "deviceType")) else {}


@register
class Meross(MerossTalk):
    id = "meross"
    help = "The device key is needed: LAN Edge's page on Meross says how to get it."
    discovery = (
        *(Dhcp(mac=maker, unique_id="{dhcp[mac]}", manufacturer="Meross") for maker in MAKERS),
        UdpProbe(
            PROBE_PORT,
            PROBE,
            read=read_answer,
            answer_port=ANSWER_PORT,
            where={"reply[mac]": "?*"},
            port="80",  # the answer comes from another one
            unique_id="{reply[mac]}",
            name="{reply[devName]}",
            manufacturer="Meross",
            model="{reply[deviceType]}",
        ),
    )
    profile = Profile()
    parts = CAPABILITIES
    options = HttpOptions(pace=Pace(gap=0.1, burst=4), again=True)
    fades = False
    private = ("uuid", "from", "sign", "userId", "id", "hubId", "wifiMac", "innerIp", "devName")

    # who it is, and its key

    async def identify(self) -> str:
        """Return the MAC address: a device says who it is even to somebody without its key."""
        reply = await self.exchange(GET, ABILITY, {"ability": {}}, is_plain=True)
        mac = mac_of(reply.uuid)
        if self.key or reply.error != WRONG_KEY:
            self.check(reply, GET, ABILITY)
        self.memory.is_refused = bool(reply.error)
        self.memory.abilities = optional_object(reply.payload, "ability")
        self.describe(manufacturer="Meross", serial_number=reply.uuid)
        return mac

    async def pair(self, ask: Ask) -> None:
        try:
            await self.check_key("")
        except CredentialsError:
            key = await ask.text("device_key", ASK_KEY, self.check_key)
            self.set_secret("key", key.strip())

    async def check_key(self, text: str) -> None:
        """Raise CredentialsError unless the device takes the key."""
        reply = await self.exchange(GET, ABILITY, {"ability": {}}, is_plain=True, key=text.strip())
        self.check(reply, GET, ABILITY)

    # commands

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.send(self.part(Outlet).turned(on=True))

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.send(self.part(Outlet).turned(on=False))

    @handles(LightIntent)
    async def change_light(self, intent: LightIntent) -> None:
        """Most lights turn on with what they are to show; some must be turned on besides."""
        light = self.part(Light)
        if intent.on is False or intent.level == 0:
            await self.send(light.turned(on=False))
            return
        changes = light.changed(intent)
        await self.send(changes)
        if intent.on and not (changes and await self.is_on(light)):
            await self.send(light.turned(on=True))

    async def is_on(self, light: Light) -> bool:
        """Return whether a light is on, after it was changed."""
        if light.toggle is None:
            return True  # it was turned on by the same message
        channel = channel_of(light.told)
        answer = await self.ask(GET, TOGGLE_X, {"togglex": {"channel": channel}})
        toggles = listed(answer.get("togglex"))
        return any(each.get("onoff") == 1 for each in toggles if channel_of(each) == channel)

    @handles(GarageDoorControl.open)
    async def open_door(self) -> None:
        await self.move_door(is_opened=True)

    @handles(GarageDoorControl.close)
    async def close_door(self) -> None:
        await self.move_door(is_opened=False)

    async def move_door(self, *, is_opened: bool) -> None:
        await self.send(self.part(Door).moved(100 * is_opened))
        memory, door = self.memory, self.component
        memory.moves[door] = DoorState.OPENING if is_opened else DoorState.CLOSING
        memory.move_ends.pop(door, lambda: None)()
        memory.move_ends[door] = self.after(MOVES, partial(self.end_move, door))

    async def end_move(self, door: str) -> None:
        """Show a door as it is: it was not moved, or has been stopped."""
        self.memory.moves.pop(door, None)
        self.report()

    @handles(WindowShade.open)
    async def open_shutter(self) -> None:
        await self.send(self.part(Shutter).moved(100))

    @handles(WindowShade.close)
    async def close_shutter(self) -> None:
        await self.send(self.part(Shutter).moved(0))

    @handles(WindowShade.pause)
    async def stop_shutter(self) -> None:
        await self.send(self.part(Shutter).moved(STOP))

    @handles(WindowShadeLevel.set_shade_level)
    async def set_position(self, shade_level: int) -> None:
        await self.send(self.part(Shutter).moved(shade_level))

    @handles(ThermostatMode.set_thermostat_mode)
    async def set_thermostat_mode(self, mode: ThermostatModeValue) -> None:
        await self.send(self.part(Thermostat).set_to(mode))

    @handles(ThermostatHeatingSetpoint.set_heating_setpoint)
    async def set_heating_setpoint(self, setpoint: float) -> None:
        await self.send(self.part(Thermostat).heated(setpoint))

    @handles(ThermostatCoolingSetpoint.set_cooling_setpoint)
    async def set_cooling_setpoint(self, setpoint: float) -> None:
        await self.send(self.part(Hvac).cooled(setpoint))

    @handles(ThermostatFanMode.set_thermostat_fan_mode)
    async def set_thermostat_fan_mode(self, mode: ThermostatFanModeValue) -> None:
        await self.send(self.part(Hvac).fanned(mode))

    @handles(FanSpeed.set_fan_speed)
    async def set_fan_speed(self, speed: int) -> None:
        await self.send(self.part(Fan).turning(speed))

    @handles(HumidifierMode.set_humidifier_mode)
    async def set_humidifier_mode(self, humidifier_mode: HumidifierModeValue) -> None:
        await self.send(self.part(Spray).spraying(humidifier_mode))

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.send(self.part(Sound).loud(volume))

    @handles(AudioMute.set_mute)
    async def set_mute(self, state: bool) -> None:
        await self.send(self.part(Sound).muted(on=state))
