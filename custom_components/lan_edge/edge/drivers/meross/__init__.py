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
    CredentialsError,
    Dhcp,
    DoorState,
    GarageDoorControl,
    HttpOptions,
    Pace,
    Profile,
    ShadeState,
    Switch,
    UdpProbe,
    Values,
    WindowShade,
    handles,
    optional_object,
    register,
    text_at,
)

from .kinds import TOGGLE_X
from .lights import Light
from .made import CAPABILITIES
from .parts import MerossPart, channel_of, listed
from .protocol import ABILITY, CODEC, GET, WRONG_KEY, mac_of
from .talking import MerossTalk

MAKERS = ("48e1e9*", "c4e7ae*", "34298f1*")
PROBE_PORT, ANSWER_PORT = 9988, 9989
PROBE = b'{"id":"6c616e2d656467652d7365617263682d","devName":"*"}'
MODELS = re.compile(r"(m[a-z]{1,4}|hp)\d.*", re.IGNORECASE)  # those of Refoss answer, too
MOVES = {DoorState.OPEN: DoorState.OPENING, DoorState.CLOSED: DoorState.CLOSING}
MOVES_FOR = 60.0  # seconds for which a garage door may move
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

    async def change(self, values: Values) -> None:
        for part, own in self.parts_for(MerossPart, values):
            await self.send(part.changes(own))
            if isinstance(part, Light) and own.get(Switch.switch) and not await self.is_on(part):
                await self.send(part.change(Switch.switch, value=True))
        if door := values.get(GarageDoorControl.door):
            self.follow(MOVES[door])

    async def is_on(self, light: Light) -> bool:
        """Return whether a light is on, after it was changed: some are not by what they show."""
        if not light.is_outlet:
            return True  # it was turned on by the same message
        channel = channel_of(light.told)
        answer = await self.ask(GET, TOGGLE_X, {"togglex": {"channel": channel}})
        toggles = listed(answer.get("togglex"))
        return any(each.get("onoff") == 1 for each in toggles if channel_of(each) == channel)

    @handles(WindowShade.pause)
    async def stop_shutter(self) -> None:
        await self.change({WindowShade.window_shade: ShadeState.PAUSED})

    def follow(self, move: DoorState) -> None:
        """Show that a door moves, for a while or until it is there; it does not report that."""
        memory, door = self.memory, self.component
        memory.moves[door] = move
        memory.move_ends.pop(door, lambda: None)()
        memory.move_ends[door] = self.after(MOVES_FOR, partial(self.end_move, door))

    async def end_move(self, door: str) -> None:
        """Show a door as it is: it was not moved, or has been stopped."""
        self.memory.moves.pop(door, None)
        self.report()
