"""What a Tuya device is asked, and what it is told to do."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
import time
from typing import override

from lan_edge import (
    BatchReader,
    CredentialsError,
    Json,
    Points,
    PowerMeter,
    RefusedError,
    ReplyError,
    TimedOutError,
)

from .protocol import (
    CONTROL,
    EXTENDED,
    HEARTBEAT,
    NEW_CONTROL,
    NEW_QUERY,
    QUERY,
    STATUS,
    UPDATE,
    USUAL,
    VERSIONS,
    WITH_GCM,
    WITH_SESSION,
    WRONG_KEY,
    TuyaMessage,
)
from .settings import TuyaVersion
from .units import TuyaUnits, points_in, typed_as

CONTROLS, QUERIES = (CONTROL, NEW_CONTROL), (QUERY, NEW_QUERY)
"""Some devices answer them by nothing but a report of points."""
MOST_ENDINGS, SOON = 2, 3
"""How many connections may end within so many seconds after it was told to measure."""
METER_INTERVAL = 30  # seconds; many plugs report what they measure only when they are asked
LIST = "subdev_online_stat_query"
ANY_POINT = [str(n) for part in (range(1, 51), range(51, 71), range(101, 141)) for n in part]
AT_ONCE = 20  # points in one request, which may have 255 bytes


class TuyaTalk(TuyaUnits):
    """The requests of all versions."""

    @property
    def version(self) -> str:
        chosen, announced = self.settings.protocol, self.memory.version
        if chosen is not TuyaVersion.AUTOMATIC:
            return chosen
        return announced if announced in VERSIONS else USUAL

    async def beat(self) -> None:
        self.io.send(TuyaMessage(HEARTBEAT, self.own_id(), number=self.io.number()))

    async def measure(self) -> None:
        """Have a plug measure: it reports what has changed, unless it does not like to be told."""
        if self.has(PowerMeter) and self.memory.endings < MOST_ENDINGS:
            self.memory.is_measuring = True
            self.after(SOON, self.stay)
            points = {"dpId": [18, 19, 20]}
            self.io.send(TuyaMessage(UPDATE, points, number=self.io.number()))

    async def stay(self) -> None:
        """Note that it has kept the connection though it was told to measure."""
        self.memory.is_measuring, self.memory.endings = False, 0

    async def disconnected(self) -> None:
        """Count the connections that it has closed as it was told to measure."""
        self.memory.endings += self.memory.is_measuring
        self.memory.is_measuring = False

    async def ping(self) -> str:
        await self.ask(TuyaMessage(HEARTBEAT, self.own_id()))
        return ""

    # reading

    async def refresh(self) -> None:
        if not self.memory.is_asked_by_number:
            reply = await self.query()
            is_listed = bool(points_in(reply))
            if self.subdevices or not is_listed:
                await self.optional(self.read_subdevices)
            self.memory.is_asked_by_number = not (is_listed or self.subdevices)
        if self.memory.is_asked_by_number:
            await self.read_by_number()
        for unit in self.subdevices:
            await self.optional(partial(self.query, unit))
        self.memory.is_listed = True
        self.recognize("")
        if not self.report():
            raise ReplyError("the device reports no points")

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
        await BatchReader().read(known or ANY_POINT, self.ask_for, most=AT_ONCE)

    async def ask_for(self, points: Sequence[str]) -> Json:
        """Have it report some points; some devices report only the first that they have."""
        left: list[str] = list(points)
        while left:
            reply = await self.ask(self.control(dict.fromkeys(left)))
            told = points_in(reply).keys() & {*left}
            left = [n for n in left if len(told) == 1 and int(n) > int(*told)]
        return {}  # what it reports is heard in any case

    async def read_subdevices(self) -> None:
        """Have a gateway list the devices behind it."""
        await self.ask(TuyaMessage(EXTENDED, {"reqType": LIST, "data": {"cids": []}}))

    def own_id(self) -> Json:
        return {"gwId": self.memory.device_id, "devId": self.memory.device_id}

    async def ask(self, message: TuyaMessage) -> TuyaMessage:
        """Return the reply to a message; a device may report what has changed instead."""
        asked, passed = replace(message, number=self.io.number()), list[TuyaMessage]()
        try:
            match = partial(self.answers, asked, passed)
            reply: TuyaMessage = await self.io.ask(asked, match=match)
        except TimedOutError:
            if not passed:
                raise
            reply = passed[-1]  # that was the answer: it does not always repeat the number
            self.memory.numbered[asked.command] = False
        if reply.is_foreign:
            raise CredentialsError(WRONG_KEY)
        return reply

    def answers(self, asked: TuyaMessage, passed: list[TuyaMessage], heard: TuyaMessage) -> bool:
        """Return whether a message answers a request; add what would, but is older, to `passed`.

        Most devices repeat its number: then nothing that is older does, such as a late report of
        what was done before. Others have 0, always or sometimes, or, in 3.5 all of them, a number
        of their own.
        """
        command, numbered = asked.command, self.memory.numbered
        if heard.command == command and heard.number == asked.number and self.version < WITH_GCM:
            numbered.setdefault(command, True)
        is_report = heard.command == STATUS and command in CONTROLS + QUERIES
        if heard.command != command and not is_report:
            return False
        is_usual = numbered.get(command, is_report and command in QUERIES)
        is_older = heard.number < asked.number or heard.command != command
        if is_usual and is_older and (is_report or not heard.number):
            passed.append(heard)
        return not (is_usual and is_older)

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

    @override
    async def set_points(self, points: Points) -> None:
        known = self.points
        await self.send_points({n: typed_as(known.get(n), value) for n, value in points.items()})

    async def send_points(self, points: Json, unit: str = "") -> None:
        reply = await self.ask(self.control(points, unit))
        if reply.error:
            raise RefusedError(f"error {reply.error}: {reply.data!s:.100}")
