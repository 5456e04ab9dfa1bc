"""The units of a Tuya device, itself and what is behind it: their points, and what they show."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
import re
from typing import Annotated, Any, override

from lan_edge import (
    MAIN,
    Frames,
    Json,
    Points,
    PointsDriver,
    Profile,
    ReplyError,
    Stored,
    list_at,
    optional_object,
    text_at,
)

from .air import VOCABULARIES, Words, remembered
from .kinds import MAKERS
from .parts import Part, Reading, TuyaKind, TuyaSettings
from .protocol import EXTENDED, MAX_TEXT, NEW_QUERY, QUERY, TuyaMessage
from .recognizing import recognized
from .temperatures import ALL, says, size_of, telling
from .thermostats import temperatures_at

MAX_POINTS, MAX_UNITS, MAX_ID = 128, 64, 64


@dataclass
class TuyaMemory:
    device_id: Annotated[str, Stored()] = ""  # as the device spells it
    version: Annotated[str, Stored()] = ""
    kinds: Annotated[tuple[str, ...], Stored()] = ()  # each a kind, a blank and the id of its unit
    words: Annotated[tuple[str, ...], Stored()] = ()
    """What decides between vocabularies: each a point, a word it had and the id of its unit."""
    warmest: Annotated[tuple[str, ...], Stored()] = ()
    """What decides on divisors: each a point, a large value that it had and the id of its unit."""
    warm: dict[str, float] = field(default_factory=dict[str, float])
    """Values that the last report had, which say more than those, each by a point and a unit."""
    is_listed: bool = False  # whether it has listed its points since the start
    is_asked_by_number: bool = False
    numbered: dict[int, bool] = field(default_factory=dict[int, bool])
    """Whether it repeats the number of a command when it answers; False: not always."""
    is_measuring: bool = False  # whether it was told to measure just now
    endings: int = 0  # connections in a row that have ended by that
    trust: int = 0  # how many more negotiations may fail before the key is doubted
    units: dict[str, Json] = field(default_factory=dict[str, Json])
    """What each unit reports now: the device itself, and the devices behind it."""
    offline: set[str] = field(default_factory=set[str])  # the units that a gateway does not reach
    seen: dict[str, Json] = field(default_factory=dict[str, Json])
    """The points that each unit has, also those that it does not report at the moment.

    Of the temperatures of some kinds, it is the value that says most of its divisor.
    """


class TuyaUnits(PointsDriver[Frames]):
    """What a Tuya device shows of what its units have reported."""

    settings: TuyaSettings
    memory: TuyaMemory

    def on_message(self, message: TuyaMessage) -> None:
        told = optional_object(message.data)
        news = optional_object(told, "data") or told
        if points := points_in(message):
            unit = text_at(news, "cid") or text_at(told, "cid")
            self.learn(unit, points, is_whole=message.command in {QUERY, NEW_QUERY})
            self.report()
        elif message.command == EXTENDED:
            self.hear_units(news)
            self.report()

    def hear_units(self, lists: Json) -> None:
        """Note which units a gateway reaches, and which it does not, of those that it lists."""
        names = ("online", "offline")
        online, offline = (set(map(str, list_at(lists, n) if n in lists else ())) for n in names)
        for unit in online | offline:
            self.learn(unit, {})
        self.memory.offline = (self.memory.offline | offline) - online

    @property
    def subdevices(self) -> list[str]:
        known = (kind.partition(" ")[2] for kind in self.memory.kinds)
        return [unit for unit in dict.fromkeys((*self.memory.seen, *known)) if unit]

    def learn(self, unit: str, points: Json, *, is_whole: bool = False) -> None:
        """Keep the points that a unit has reported, which may be all that it has."""
        units, known = self.memory.units, self.memory.seen
        if unit not in known and (len(known) >= MAX_UNITS or len(unit) > MAX_ID):
            return
        seen = known.setdefault(unit, {})
        given = {n: points[n] for n in list(points)[:MAX_POINTS] if is_usable(n, points[n])}
        news = {n: value for n, value in given.items() if unit or n not in self.ignored}
        units[unit] = news if is_whole else units.get(unit, {}) | news
        fresh = {n: value for n, value in news.items() if type(seen.get(n, value)) is type(value)}
        if self.kind_of(unit) is TuyaKind.AIR:
            fresh = telling(seen, fresh, self.settings)
        seen |= fresh
        self.recognize(unit)
        if self.kind_of(unit) is TuyaKind.THERMOSTAT:
            self.keep_warmest(unit, seen, news)
        if self.kind_of(unit) is TuyaKind.AIR:
            self.hear_words(unit, news)

    def recognize(self, unit: str) -> None:
        """Note what a unit is, once it has reported what says so: the device itself, all of it."""
        memory = self.memory
        if self.kind_of(unit) is None and (unit or memory.is_listed):
            kind = recognized(memory.seen.get(unit, {}), is_behind=bool(unit))
            if kind is not TuyaKind.AUTOMATIC:
                memory.kinds = (*memory.kinds, f"{kind} {unit}")
            if kind is TuyaKind.AIR:
                self.hear_words(unit, memory.seen[unit])

    def keep_warmest(self, unit: str, seen: Json, news: Json) -> None:
        """Remember what temperatures say of their divisors: all may be cold later, or at a restart.

        A value counts from then on once two reports have said as much: a sensor may fail for a
        moment.
        """
        memory = self.memory
        if self.settings.temperature:
            memory.warmest = ()  # its owner knows
        for point in temperatures_at(seen) or ():
            known = [each for each in memory.warmest if each.split(" ", 2)[::2] == [point, unit]]
            most = max((int(each.split(" ", 2)[1]) for each in known), default=0)
            if size_of(seen.get(point)) < most:
                seen[point] = most
            if point in news:
                now, key = size_of(news[point]), f"{point} {unit}"
                before = memory.warm.pop(key, 0)
                if now <= ALL and says(now) > says(most):
                    memory.warm[key] = now
                    if says(least := min(before, now)) > says(most):
                        others = (each for each in memory.warmest if each not in known)
                        memory.warmest = (*others, f"{point} {least:.0f} {unit}")

    def hear_words(self, unit: str, news: Json) -> None:
        """Remember what the words of an air conditioner say of its vocabulary."""
        for point, (words, _) in VOCABULARIES.items():
            heard = self.heard(unit, point)
            if (now := remembered(words, heard, news.get(point))) != heard:
                known = {f"{point} {word} {unit}" for word in heard}
                others = (each for each in self.memory.words if each not in known)
                self.memory.words = (*others, *(f"{point} {word} {unit}" for word in now))

    def heard(self, unit: str, point: str) -> Words:
        """Return the words of a unit that decide between vocabularies of a point."""
        said = (each.split(" ", 2) for each in self.memory.words)
        return tuple(each[1] for each in said if each[::2] == [point, unit])

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
            kind = self.kind_of(unit) or TuyaKind.AUTOMATIC
            if points and (unit or self.memory.is_listed or kind is not TuyaKind.AUTOMATIC):
                for key, part in MAKERS[kind](points, self.settings):
                    component = (f"{unit}/{key}" if key else unit) if unit else key or MAIN
                    shown[component] = replace(part, unit=unit)
        return shown

    def report(self) -> bool:
        """Report all that is known; return whether it has any points."""
        shown = self.shown()
        components = {key: part.component for key, part in shown.items()}
        self.set_profile(Profile(**self.with_described(components)))
        for component, part in shown.items():
            self.set_available(component, part.unit not in self.memory.offline)
            for reading in part.readings:
                if not self.is_described(component, reading.attribute.id):
                    self.show(reading, part.unit, component)
        self.show_described()
        return bool(shown or self.described or self.memory.seen)

    def show(self, reading: Reading, unit: str, component: str) -> None:
        try:
            value = reading.read(self.memory.units.get(unit, {}))
        except ReplyError as err:
            self.reject(reading.attribute, str(err), component)
        else:
            self.emit(reading.attribute, value, component)

    @property
    @override
    def points(self) -> Points:
        return {**self.memory.seen.get("", {}), **self.memory.units.get("", {})}

    @property
    @override
    def meanings(self) -> Mapping[str, str]:
        own = [part for part in self.shown().values() if not part.unit]
        known = {n: name for part in own for name, n in part.points.items()}
        readings = (each for part in own for each in part.readings if each.point)
        read = {each.point: each.attribute.id for each in readings}
        return {**known, **read, **super().meanings}  # what is described counts


def points_in(message: TuyaMessage) -> Json:
    """Return the points that a message has; {}: none."""
    told = optional_object(message.data)
    return optional_object(optional_object(told, "data") or told, "dps")


def typed_as(known: Any, value: Any) -> Any:
    """Return a value with the type that its point has, as far as it means the same."""
    if isinstance(known, str) and type(value) in {int, float}:
        return str(value)
    return round(value) if type(known) is int and isinstance(value, float) else value


def is_usable(point: str, value: Any) -> bool:
    """Return whether a point, which may have any value, can be kept."""
    is_small = (
        isinstance(value, bool | int | float)
        or len(value if isinstance(value, str) else "") <= MAX_TEXT
    )
    return bool(re.fullmatch(r"\d{1,3}", point)) and is_small and value is not None
