"""The units of a Tuya device, itself and what is behind it: their points, and what they show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Annotated, Any, override

from lan_edge import (
    Frames,
    Json,
    Points,
    PointsDriver,
    PointsPart,
    PointUnit,
    Stored,
    list_at,
    optional_object,
    text_at,
)

from .kinds import KINDS
from .protocol import EXTENDED, MAX_TEXT, NEW_QUERY, QUERY, TuyaMessage
from .settings import TuyaKind, TuyaSettings

MAX_POINTS, MAX_UNITS, MAX_ID = 128, 64, 64


@dataclass
class TuyaMemory:
    device_id: Annotated[str, Stored()] = ""  # as the device spells it
    version: Annotated[str, Stored()] = ""
    kinds: Annotated[tuple[str, ...], Stored()] = ()  # each a kind, a blank and the id of its unit
    kept: Annotated[tuple[str, ...], Stored()] = ()
    """What forms have kept: each a point, a fact and the id of its unit."""
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
    """The points that each unit has, also those that it does not report at the moment."""


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
        seen |= {n: value for n, value in news.items() if type(seen.get(n, value)) is type(value)}
        if not self.recognize(unit):
            self.keep(unit, news)

    def recognize(self, unit: str) -> bool:
        """Note what a unit is, once it has reported what says so: the device itself, all of it.

        Return whether that is known from now on.
        """
        memory = self.memory
        if self.kind_of(unit) is not None or not (unit or memory.is_listed):
            return False
        seen = memory.seen.get(unit, {})
        kind = KINDS.recognized(seen, without="" if unit else TuyaKind.CONTACT)
        if kind in {"", TuyaKind.AUTOMATIC}:
            return False
        memory.kinds = (*memory.kinds, f"{kind} {unit}")
        self.keep(unit, seen)
        return True

    def keep(self, id_: str, news: Json) -> None:
        """Keep what a unit's values say for later, such as of its vocabulary."""
        unit = self.unit(id_)
        for part in self.parts_of(unit):
            for point, row in part.rows:
                kept = row.form.keep(unit, point) if point in news else ()
                if point in news and kept != (known := unit.kept.get(point, ())):
                    gone = {f"{point} {fact} {id_}" for fact in known}
                    others = (each for each in self.memory.kept if each not in gone)
                    self.memory.kept = (*others, *(f"{point} {fact} {id_}" for fact in kept))

    def unit(self, id_: str) -> PointUnit:
        """Return what is known of a unit."""
        memory, kept = self.memory, dict[str, tuple[str, ...]]()
        for point, fact, unit in (each.split(" ", 2) for each in memory.kept):
            if unit == id_:
                kept[point] = (*kept.get(point, ()), fact)
        points, seen = memory.units.get(id_, {}), memory.seen.get(id_, {})
        return PointUnit(id_, points, seen, kept, self.settings, id_ not in memory.offline)

    def kind_of(self, unit: str) -> TuyaKind | None:
        """Return what a unit is: as the user has chosen, or as it was recognized at first."""
        if not unit and self.settings.kind is not TuyaKind.AUTOMATIC:
            return self.settings.kind
        known = (kind.partition(" ") for kind in self.memory.kinds)
        return next(
            (TuyaKind(kind) for kind, _, own in known if own == unit and kind in TuyaKind), None
        )

    def parts_of(self, unit: PointUnit) -> Iterator[PointsPart]:
        """Yield the components of a unit, which is an outlet as long as nothing says otherwise."""
        kind = self.kind_of(unit.id)
        if unit.seen and (unit.id or self.memory.is_listed or kind is not None):
            yield from KINDS.parts(kind or TuyaKind.OUTLET, unit)

    @override
    def consists_of(self) -> Iterator[PointsPart]:
        for id_ in self.memory.seen:
            yield from self.parts_of(self.unit(id_))

    def report(self) -> bool:
        """Report all that is known; return whether it has any points."""
        parts = [*self.consists_of()]
        self.show_parts(parts)
        return bool(parts or self.described or self.memory.seen)

    @property
    @override
    def points(self) -> Points:
        return {**self.memory.seen.get("", {}), **self.memory.units.get("", {})}

    @property
    @override
    def meanings(self) -> Mapping[str, str]:
        known: dict[str, str] = {}
        for part in self.parts_of(self.unit("")):
            known = part.meanings | known
        return {**known, **super().meanings}  # what is described counts


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
