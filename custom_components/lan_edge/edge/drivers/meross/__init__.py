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

from collections.abc import Sequence
from functools import partial
import re
from typing import Any

from lan_edge import (
    Ask,
    BatchReader,
    Component,
    CredentialsError,
    Dhcp,
    DoorState,
    Driver,
    GarageDoorControl,
    Http,
    HttpOptions,
    Json,
    LightIntent,
    Pace,
    Profile,
    RefusedError,
    ReplyError,
    Switch,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatModeValue,
    UdpProbe,
    WindowShade,
    WindowShadeLevel,
    handles,
    object_at,
    optional_object,
    register,
    text_at,
)

from .climate import Thermostat, Valve
from .hub import Sensor
from .lights import Light
from .parts import (
    STOP,
    TOGGLE_X,
    Change,
    Door,
    Outlet,
    Part,
    Shutter,
    channel_of,
    is_online,
)
from .protocol import (
    ABILITY,
    ACKNOWLEDGED,
    ALL,
    CODEC,
    ENCRYPTS,
    GET,
    MULTIPLE,
    SET,
    WRONG_KEY,
    Question,
    Reply,
    Seal,
    mac_of,
    request_of,
)
from .told import CAPABILITIES, MerossMemory, listed, parts_of

MAKERS = ("48e1e9*", "c4e7ae*", "34298f1*")
PROBE_PORT, ANSWER_PORT = 9988, 9989
PROBE = b'{"id":"6c616e2d656467652d7365617263682d","devName":"*"}'
MODELS = re.compile(r"(m[a-z]{2}|hp)\d.*", re.IGNORECASE)  # those of Refoss answer, too
SELDOM = 60.0  # seconds from one reading of what changes rarely, or is long, to the next
MOVES = 60.0  # seconds for which a garage door may move
SEALED = {"Content-Type": "application/octet-stream"}
NO_KEY = "the device has another key, or needs one"
ASK_KEY = (
    "Enter the device key of your Meross account. It is the same for all devices of the account; "
    "LAN Edge's page on Meross says how to read it."
)


def read_answer(data: bytes) -> Any:
    """Return what answers a search; nothing for a device of another maker."""
    answer = CODEC.decode(data)
    return answer if MODELS.fullmatch(text_at(answer, "deviceType")) else {}


@register
class Meross(Driver[Http]):
    id = "meross"
    help = "Its device key is needed: LAN Edge's page on Meross says how to read it."
    memory: MerossMemory
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

    # messages

    @property
    def uuid(self) -> str:
        return self.identity.serial_number

    @property
    def key(self) -> str:
        return self.secrets.get("key", "")

    async def exchange(
        self,
        method: str,
        namespace: str,
        payload: Json,
        *,
        is_plain: bool = False,
        key: str | None = None,
    ) -> Reply:
        """Send a request, and return what the device answers: also an error."""
        request = request_of(method, namespace, payload, self.key if key is None else key)
        if is_plain or ENCRYPTS not in self.memory.abilities:
            return Reply.of((await self.io.post("/config", request)).json())
        seal = Seal.of(self.uuid, self.key)
        answer = await self.io.request("POST", "/config", seal.close(request), headers=SEALED)
        return Reply.of(seal.open(answer.text()))

    def check(self, reply: Reply, method: str, namespace: str) -> None:
        """Raise CredentialsError, RefusedError or ReplyError unless a request was carried out."""
        if reply.error == WRONG_KEY:
            raise CredentialsError(NO_KEY)
        if reply.error:
            raise RefusedError(f"{namespace}: error {reply.error}")
        if (reply.method, reply.namespace) != (ACKNOWLEDGED[method], namespace):
            raise ReplyError(f"{namespace}: something else was answered")

    async def ask(self, method: str, namespace: str, payload: Json) -> Json:
        """Return the payload of the answer."""
        if self.memory.is_refused:
            raise CredentialsError(NO_KEY)
        reply = await self.exchange(method, namespace, payload)
        if reply.uuid not in {"", self.uuid}:
            raise ReplyError("another device has the address")
        self.check(reply, method, namespace)
        return reply.payload

    # reading

    async def connected(self) -> None:
        self.memory.reader = BatchReader()
        self.every(SELDOM, self.forget)

    async def forget(self) -> None:
        self.memory.forget_seldom()

    async def refresh(self) -> None:
        await self.read_all()
        memory = self.memory
        due = memory.due()
        short = tuple(question for question in due if not question.ids)
        await self.optional(partial(self.read_together, short))
        for question in due:
            if question not in memory.told:
                await self.optional(partial(self.read, question))
        self.report()

    async def read_all(self) -> None:
        """Read what the device is, and most of its state."""
        every = object_at(await self.ask(GET, ALL, {"all": {}}), "all")
        firmware = optional_object(every, "system", "firmware")
        hardware, memory = optional_object(every, "system", "hardware"), self.memory
        version = text_at(firmware, "version")
        self.describe(model=text_at(hardware, "type"), firmware=version)
        memory.firmware = tuple(int(n) for n in re.findall(r"\d{1,9}", version))
        memory.digest = optional_object(every, "digest")
        memory.control = optional_object(every, "control")

    async def read(self, question: Question) -> None:
        answer = await self.ask(GET, question.namespace, question.payload)
        self.memory.hear(question, answer)

    async def read_together(self, questions: tuple[Question, ...]) -> None:
        """Ask several questions in one request, or in a few."""
        most = self.memory.most_at_once
        told = await self.memory.reader.read(questions, self.read_some, most=most)
        for question, payload in told.items():
            self.memory.hear(question, payload)

    async def read_some(self, questions: Sequence[Question]) -> dict[Question, Json]:
        """Return the answers to several questions in one request; one alone is not asked so."""
        if len(questions) == 1:
            return {}
        asked = [request_of(GET, each.namespace, each.payload, self.key) for each in questions]
        payload = await self.ask(SET, MULTIPLE, {"multiple": asked})
        replies = {reply.namespace: reply for reply in Reply("", "", payload, "").parts()}
        answers = {each: replies[each.namespace] for each in questions if each.namespace in replies}
        if not answers:
            raise ReplyError("several requests in one are not answered")
        done = ACKNOWLEDGED[GET]
        return {each: reply.payload for each, reply in answers.items() if reply.method == done}

    def report(self) -> None:
        shown = list(parts_of(self.memory, self.uuid))
        if not shown and "hub" not in self.memory.digest:
            raise ReplyError("the device reports nothing that LAN Edge knows")
        components: dict[str, Component] = {}
        for part in shown:
            others = components.get(part.component, Component(()))
            can = (*others.capabilities, *part.can)
            components[part.component] = Component(can, part.name, isinstance(part, Sensor | Valve))
        self.set_profile(Profile(**components))
        for part in shown:
            is_there = not isinstance(part, Sensor | Valve) or is_online(part.told)
            self.set_available(part.component, is_there)
            for attribute, message, name, convert in part.readings():
                self.emit_field(attribute, message, name, part.component, convert=convert)

    # commands

    def part[P: Part](self, kind: type[P]) -> P:
        """Return the part of the component that is commanded."""
        for part in parts_of(self.memory, self.uuid):
            if part.component == self.component and isinstance(part, kind):
                return part
        raise RefusedError("the device does not report that now")

    async def send(self, changes: list[Change]) -> None:
        self.memory.forget_seldom()
        for change in changes:
            await self.ask(SET, change.namespace, change.payload)

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
