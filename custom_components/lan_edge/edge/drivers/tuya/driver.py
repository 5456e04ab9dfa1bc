"""Tuya: frames with AES on port 6668, versions 3.1 to 3.5; numbered data points; UDP beacons.

`protocol` and `kinds` have their sources. Not documented, but assumed: five messages a second are
not too many. Devices that only answer a request on port 7000 are not found by it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import override

from lan_edge import (
    Alarm,
    AlarmState,
    Ask,
    BatchReader,
    CredentialsError,
    Frames,
    FramesOptions,
    Json,
    Points,
    PointsDriver,
    PointsPart,
    PowerMeter,
    Profile,
    RefusedError,
    ReplyError,
    ShadeState,
    Switch,
    TimedOutError,
    UdpBeacon,
    Values,
    WindowShade,
    handles,
    register,
    switched,
    text_at,
)

from .kinds import KINDS, TuyaUnits
from .protocol import codec as wire, keys, messages, session
from .protocol.codec import TuyaMessage
from .settings import TuyaMemory, TuyaSettings, TuyaVersion

TRUST = 3
"""How many negotiations may fail in a row before the key that was right is doubted."""
BEAT = 9  # seconds; a device to which nothing is sent for 30 closes the connection
METER_INTERVAL = 30  # seconds; many plugs report what they measure only when they are asked
MOST_ENDINGS, SOON = 2, 3
"""How many connections may end within so many seconds after it was told to measure."""


@register
class Tuya(PointsDriver[Frames]):
    id = "tuya"
    help = (
        "Close the Tuya or Smart Life app on all phones: many devices accept only one connection "
        "at a time. A device that was paired again in the app has a new local key."
    )
    discovery = tuple(
        UdpBeacon(
            port,
            read=wire.read_beacon,
            unique_id="{beacon[gwId]}",
            name="Tuya {beacon[gwId][-6:]}",
            manufacturer="Tuya",
            model="{beacon[productKey]}",
            fields={"device_id": "{beacon[gwId]}", "version": "{beacon[version]}"},
        )
        for port in (6666, 6667, 7000)
    )
    profile = Profile()
    parts = KINDS.capabilities
    options = session.options_for()
    fades = False
    is_proven_by_key = True
    private = ("gwId", "devId", "uid", "cid", "cids")
    settings: TuyaSettings
    memory: TuyaMemory

    def transport_options(self) -> FramesOptions:
        key = self.secrets["local_key"].encode()
        return session.options_for(self.requests.version, key, self.log_in)

    async def log_in(self, io: Frames) -> None:
        memory = self.memory
        is_certain = memory.trust > 0 or self.requests.version < wire.WITH_GCM
        memory.trust = max(memory.trust - 1, 0)
        await session.negotiate(io, is_certain=is_certain)
        memory.trust = TRUST

    async def pair(self, ask: Ask) -> None:
        """Ask for the key, and for what the device announces otherwise; they are tried then."""
        memory = self.memory
        if not memory.device_id:
            entered = await ask.text("device_id", keys.ASK_ID, keys.check_id, secret=False)
            memory.device_id = entered.strip()
            memory.is_entered = True
        if memory.is_entered:  # again, if a key was wrong: that may be the version
            memory.version = await ask.choice("protocol_version", keys.ASK_VERSION, keys.CHOICES)
        key = await ask.text("local_key", keys.ASK_KEY, keys.check_key)
        self.set_secret("local_key", keys.clean_key(key))

    async def identify(self) -> str:
        self.describe(manufacturer="Tuya", serial_number=self.memory.device_id)
        if self.secrets["local_key"] and self.requests.version < wire.WITH_SESSION:
            reported = (await self.ask(self.requests.query())).data
            return text_at(reported, "devId") or self.memory.device_id
        return self.memory.device_id  # the negotiation has proven it

    async def connected(self) -> None:
        self.memory.is_asked_by_number = False
        self.every(BEAT, self.beat)
        self.every(METER_INTERVAL, self.measure)

    async def disconnected(self) -> None:
        """Count the connections that it has closed as it was told to measure."""
        self.memory.endings += self.memory.is_measuring
        self.memory.is_measuring = False

    async def beat(self) -> None:
        self.io.send(replace(self.requests.beat(), number=self.io.number()))

    async def measure(self) -> None:
        """Have a plug measure: it reports what has changed, unless it does not like to be told."""
        if self.has(PowerMeter) and self.memory.endings < MOST_ENDINGS:
            self.memory.is_measuring = True
            self.after(SOON, self.stay)
            self.io.send(replace(self.requests.measure(), number=self.io.number()))

    async def stay(self) -> None:
        """Note that it has kept the connection though it was told to measure."""
        self.memory.is_measuring, self.memory.endings = False, 0

    async def ping(self) -> str:
        await self.ask(self.requests.beat())
        return ""

    @property
    def requests(self) -> messages.Requests:
        """The requests of the version that its owner has chosen, or that it announces."""
        chosen, announced = self.settings.protocol, self.memory.version
        usual = announced if announced in wire.VERSIONS else wire.USUAL
        version = usual if chosen is TuyaVersion.AUTOMATIC else chosen
        return messages.Requests(version, self.memory.device_id)

    async def ask(self, message: TuyaMessage) -> TuyaMessage:
        """Return the reply to a message; a device may report what has changed instead."""
        asked, numbered = replace(message, number=self.io.number()), self.memory.numbered
        answers = messages.Answers(self.requests.version, asked, numbered)
        try:
            reply: TuyaMessage = await self.io.ask(asked, match=answers.has)
        except TimedOutError:
            if not answers.passed:
                raise
            reply = answers.passed[-1]  # that was the answer: it does not always repeat the number
            numbered[asked.command] = False
        if reply.is_foreign:
            raise CredentialsError(session.WRONG_KEY)
        return reply

    # reading

    async def refresh(self) -> None:
        memory, units = self.memory, self.units
        if not memory.is_asked_by_number:
            is_listed = bool(messages.points_in(await self.ask(self.requests.query())))
            if units.behind or not is_listed:
                await self.optional(partial(self.ask, self.requests.list_units()))
            memory.is_asked_by_number = not (is_listed or units.behind)
        if memory.is_asked_by_number:
            known = sorted(memory.seen.get("", {}), key=int)
            await BatchReader().read(
                known or messages.ANY_POINT, self.ask_for, most=messages.AT_ONCE
            )
        for unit in units.behind:
            await self.optional(partial(self.ask, self.requests.query(unit)))
        memory.is_listed = True
        units.recognize("")
        self.show_parts(units.parts())
        if not (memory.seen or self.described):
            raise ReplyError(t"the device reports no points")

    async def ask_for(self, points: Sequence[str]) -> Json:
        """Have it report some points; some devices report only the first that they have."""
        left: list[str] = list(points)
        while left:
            reply = await self.ask(self.requests.control(dict.fromkeys(left)))
            told = messages.points_in(reply).keys() & {*left}
            left = [n for n in left if len(told) == 1 and int(n) > int(*told)]
        return {}  # what it reports is heard in any case

    def on_message(self, message: TuyaMessage) -> None:
        if points := messages.points_in(message):
            self.units.learn(
                messages.unit_in(message), points, is_whole=message.command in messages.QUERIES
            )
        elif message.command == wire.EXTENDED:
            self.units.reach(*messages.units_in(message))
        else:
            return
        self.show_parts(self.units.parts())

    @property
    def units(self) -> TuyaUnits:
        """What it and the devices behind it have reported."""
        return TuyaUnits(self.memory, self.settings, self.ignored, super().meanings)

    @override
    def consists_of(self) -> Iterator[PointsPart]:
        return self.units.parts()

    @property
    @override
    def points(self) -> Points:
        return {**self.memory.seen.get("", {}), **self.memory.units.get("", {})}

    @property
    @override
    def meanings(self) -> Mapping[str, str]:
        return {**self.units.meanings(), **super().meanings}  # what is described counts

    @override
    async def change(self, values: Values) -> None:
        part = self.part(PointsPart)
        has_switch = Switch in part.capabilities  # a light need not have told its own
        wanted = {n: v for n, v in switched(values).items() if has_switch or n != Switch.switch}
        await self.send_points(part.changes(wanted), part.unit.id)

    @handles(Alarm.siren)
    async def sound(self) -> None:
        await self.change({Alarm.alarm: AlarmState.SIREN})

    @handles(WindowShade.pause)
    async def stop_cover(self) -> None:
        await self.change({WindowShade.window_shade: ShadeState.PARTIALLY_OPEN})

    @override
    async def set_points(self, points: Points) -> None:
        known = self.points
        await self.send_points(
            {n: messages.typed_as(known.get(n), value) for n, value in points.items()}
        )

    async def send_points(self, points: Json, unit: str = "") -> None:
        if not points:
            raise RefusedError(t"it has no point for that now")
        reply = await self.ask(self.requests.control(points, unit))
        if reply.error:
            raise RefusedError(t"error {reply.error}: {reply.data!s:.100}")
