"""The units of a Tuya device, itself and what is behind it: their points, and what they show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
import re
from typing import Any

from lan_edge import Json, PointsPart, PointUnit, ReplyError, memory_of, plain

from ..settings import TuyaKind, TuyaMemory, TuyaSettings
from .table import KINDS

MAX_POINTS, MAX_UNITS, MAX_ID = 128, 64, 64
MAX_KEPT = 96 * 1024  # bytes of memory, of all that the units have


@dataclass(frozen=True)
class TuyaUnits:
    """What is known of the units; the id of the device itself is empty."""

    memory: TuyaMemory
    settings: TuyaSettings
    ignored: frozenset[str] = frozenset()
    """The points of the device itself that are not read."""
    described: Mapping[str, str] = field(default_factory=dict[str, str])
    """What its owner says that its points are."""

    def learn(self, unit: str, points: Json, *, is_whole: bool = False) -> None:
        """Keep the points that a unit has reported, which may be all that it has.

        Raises ReplyError if that would be too much.
        """
        units, known = self.memory.units, self.memory.seen
        if unit not in known and (len(known) >= MAX_UNITS or len(unit) > MAX_ID):
            return
        seen = known.get(unit, {})
        news = {n: points[n] for n in list(points)[:MAX_POINTS] if is_usable(n, points[n])}
        same = {n: value for n, value in news.items() if type(seen.get(n, value)) is type(value)}
        if memory_of({**known, unit: {**seen, **news}}) > MAX_KEPT:
            raise ReplyError(t"more than {MAX_KEPT // 1024} KiB of points would be kept")
        known[unit] = seen | same
        units[unit] = news if is_whole else units.get(unit, {}) | news
        if not self.recognize(unit):
            self.keep(unit, news)

    def reach(self, online: set[str], offline: set[str]) -> None:
        """Keep which units a gateway reaches, and which it does not."""
        for unit in online | offline:
            self.learn(unit, {})
        self.memory.offline = (self.memory.offline | offline) & self.memory.seen.keys() - online

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
        unit, memory = self.unit(id_), self.memory
        for point, row in ((n, row) for part in self.parts_of(unit) for n, row in part.rows):
            known = unit.kept.get(point, ())
            if point in news and (kept := row.form.keep(unit, point)) != known:
                gone = {f"{point} {fact} {id_}" for fact in known}
                others = (each for each in memory.kept if each not in gone)
                memory.kept = (*others, *(f"{point} {fact} {id_}" for fact in kept))

    def unit(self, id_: str) -> PointUnit:
        """Return what is known of a unit."""
        memory, kept = self.memory, dict[str, tuple[str, ...]]()
        for point, fact, unit in (each.split(" ", 2) for each in memory.kept):
            if unit == id_:
                kept[point] = (*kept.get(point, ()), fact)
        own = PointUnit(
            id_,
            memory.units.get(id_, {}),
            memory.seen.get(id_, {}),
            kept,
            self.settings,
            id_ not in memory.offline,
            frozenset() if id_ else self.ignored,
        )
        return own if id_ or not self.described else self.corrected(own)

    def corrected(self, unit: PointUnit) -> PointUnit:
        """Return the device itself without the points that its owner says are something else."""
        known = meanings_of(self.parts_of(unit))
        other = {n for n, meant in self.described.items() if not meant.endswith(known.get(n, ""))}
        return replace(unit, ignored=unit.ignored | other)

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

    def parts(self) -> Iterator[PointsPart]:
        """Yield the components of all units."""
        for id_ in self.memory.seen:
            yield from self.parts_of(self.unit(id_))

    def meanings(self) -> dict[str, str]:
        """Return what the points of the device itself are taken for."""
        return meanings_of(self.parts_of(self.unit("")))

    @property
    def behind(self) -> list[str]:
        """The ids of the units behind the device, also of those that it has not named yet."""
        known = (kind.partition(" ")[2] for kind in self.memory.kinds)
        return [unit for unit in dict.fromkeys((*self.memory.seen, *known)) if unit]


def meanings_of(parts: Iterable[PointsPart]) -> dict[str, str]:
    """Return what points are, by their numbers; the first part that has one counts."""
    known: dict[str, str] = {}
    for part in parts:
        known = part.meanings | known
    return known


def is_usable(point: str, value: Any) -> bool:
    """Return whether a point, which may have any value, can be kept."""
    return value is not None and plain(value) == value and bool(re.fullmatch(r"\d{1,3}", point))
