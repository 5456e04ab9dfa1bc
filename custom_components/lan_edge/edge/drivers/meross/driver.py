"""Meross: signed JSON by HTTP to one path, encrypted by newer firmware; polled.

Not documented, but assumed:
- that the end of a UUID is the MAC address, as in all published ones;
- that every device that is asked by broadcast at port 9988 answers, to port 9989 of the hub;
- white from 2700 to 6500 K, as meross_lan has it;
- how often a device may be asked: users report that some hang when they are asked too fast.
Changes are reported by MQTT only, to a broker that the device is bound to: not used here.
Not tested with a real device yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
import re
from typing import Any, override

from lan_edge import (
    Ask,
    BatchReader,
    CredentialsError,
    Dhcp,
    DoorState,
    GarageDoorControl,
    Http,
    HttpOptions,
    Json,
    JsonCodec,
    Pace,
    PartsDriver,
    Profile,
    ReplyError,
    ShadeState,
    Switch,
    UdpProbe,
    Values,
    WindowShade,
    handles,
    object_at,
    optional_object,
    register,
    text_at,
)

from .kinds.lights import Light
from .kinds.parts import MerossPart
from .kinds.table import CAPABILITIES, parts_of
from .memory import MerossMemory
from .protocol.exchange import ENCRYPTS, cipher_of, exchange
from .protocol.messages import NO_KEY, WRONG_KEY, Request, mac_of
from .protocol.questions import ABILITIES, EVERYTHING, Question, answers_in, together

MAKERS = ("48e1e9*", "c4e7ae*", "34298f1*")
PROBE_PORT, ANSWER_PORT = 9988, 9989
PROBE = b'{"id":"6c616e2d656467652d7365617263682d","devName":"*"}'
MODELS = re.compile(r"(m[a-z]{1,4}|hp)\d.*", re.IGNORECASE)  # those of Refoss answer, too
SELDOM = 60.0  # seconds from one reading of what changes rarely, or is long, to the next
MOVES = {DoorState.OPEN: DoorState.OPENING, DoorState.CLOSED: DoorState.CLOSING}
MOVES_FOR = 60.0  # seconds for which a garage door may move
ASK_KEY = (
    t"Enter the device key of your Meross account: 32 characters, the same for all its devices. "
    t"Programs that log in to the account, such as the library MerossIot, can show it."
)


def read_answer(data: bytes) -> Any:
    """Return what answers a search; nothing for a device of another maker."""
    answer = JsonCodec().decode(data)
    return answer if MODELS.fullmatch(text_at(answer, "deviceType")) else {}


@register
class Meross(PartsDriver[Http]):
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
    memory: MerossMemory

    # who it is, and its key

    async def identify(self) -> str:
        """Return the MAC address: a device says who it is even to somebody without its key."""
        reply = await exchange(self.io, ABILITIES.signed(self.key))
        mac, memory = mac_of(reply.uuid), self.memory
        if self.key or reply.error != WRONG_KEY:
            ABILITIES.answer(reply)
        memory.is_refused = bool(reply.error)
        memory.hear_abilities(optional_object(reply.payload, "ability"))
        self.describe(manufacturer="Meross", serial_number=reply.uuid)
        return mac

    @property
    def key(self) -> str:
        return self.secrets.get("key", "")

    async def pair(self, ask: Ask) -> None:
        try:
            await self.check_key("")
        except CredentialsError:
            self.set_secret("key", (await ask.text("device_key", ASK_KEY, self.check_key)).strip())

    async def check_key(self, text: str) -> None:
        """Raise CredentialsError unless the device takes the key."""
        ABILITIES.answer(await exchange(self.io, ABILITIES.signed(text.strip())))

    async def ask(self, request: Request) -> Json:
        """Return the payload of the answer to a request."""
        memory, uuid = self.memory, self.identity.serial_number
        if memory.is_refused:
            raise CredentialsError(NO_KEY)
        cipher = cipher_of(uuid, self.key) if ENCRYPTS in memory.abilities else None
        reply = await exchange(self.io, request.signed(self.key), cipher)
        if reply.uuid not in {"", uuid}:
            raise ReplyError(t"another device has the address")
        return request.answer(reply)

    # reading

    async def connected(self) -> None:
        self.memory.reader = BatchReader()
        self.every(SELDOM, self.forget)

    async def forget(self) -> None:
        self.memory.forget_seldom()

    async def refresh(self) -> None:
        await self.read_all()
        due = self.memory.due()
        short = [question for question in due if not question.is_long]
        await self.optional(partial(self.read_together, short))
        for question in due:
            if question not in self.memory.told:
                await self.optional(partial(self.read, question))
        parts = list(self.consists_of())
        if not parts and "hub" not in self.memory.digest:
            raise ReplyError(t"the device reports nothing that LAN Edge knows")
        self.show_parts(parts)

    async def read_all(self) -> None:
        """Read what the device is, and most of its state."""
        every = object_at(await self.ask(EVERYTHING), "all")
        version = text_at(optional_object(every, "system", "firmware"), "version")
        model = text_at(optional_object(every, "system", "hardware"), "type")
        self.describe(model=model, firmware=version)
        self.memory.model = model
        self.memory.firmware = tuple(int(n) for n in re.findall(r"\d{1,9}", version))
        self.memory.uuid = self.identity.serial_number
        old = optional_object(every, "control")  # of firmware 1
        self.memory.hear_digest(old | optional_object(every, "digest"))

    async def read(self, question: Question) -> None:
        self.memory.hear(question, await self.ask(question.request))

    async def read_together(self, questions: Sequence[Question]) -> None:
        """Ask several questions in one request, or in a few."""
        most = self.memory.most_at_once
        told = await self.memory.reader.read(questions, self.read_some, most=most)
        for question, payload in told.items():
            self.memory.hear(question, payload)

    async def read_some(self, questions: Sequence[Question]) -> dict[Question, Json]:
        """Return the answers to several questions in one request; one alone is not asked so."""
        if len(questions) == 1:
            return {}
        return answers_in(await self.ask(together(questions, self.key)), questions)

    @override
    def consists_of(self) -> Iterator[MerossPart]:
        return parts_of(self.memory)

    # commands

    async def change(self, values: Values) -> None:
        for part, own in self.parts_for(MerossPart, values):
            await self.send(part.changes(own))
            if isinstance(part, Light) and part.may_stay_off(own):
                await self.turn_on()
        if door := values.get(GarageDoorControl.door):
            self.show_meanwhile(GarageDoorControl.door, MOVES[door], until=door, within=MOVES_FOR)

    async def send(self, requests: Iterable[Request]) -> None:
        self.memory.forget_seldom()
        for request in requests:
            await self.ask(request)

    async def turn_on(self) -> None:
        """Turn a light on that is still off after it was changed: its state says so, read anew."""
        await self.read_all()
        if (light := self.part(Light)).is_off:
            await self.send(light.change(Switch.switch, value=True))

    @handles(WindowShade.pause)
    async def stop_shutter(self) -> None:
        await self.change({WindowShade.window_shade: ShadeState.PAUSED})
