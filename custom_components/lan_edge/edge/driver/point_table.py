"""A table of the kinds of devices of a family: their signs, and what their points are.

    thermostat  1=flag 2=5..35 3=number
      1       thermostatMode.thermostatMode              off_or_heat
      2       thermostatHeatingSetpoint.heatingSetpoint
      3       temperatureMeasurement.temperature
      4|5=0..100  battery.battery  if 6=none

A line that is not indented is a kind, and its signs (see `Signs`); of several for the same rows,
one has to fit, and the first kind that fits counts. A row is a point (of `4|5`, the first that is
as it has to be), the id of an attribute, and the name of a form. Behind it can be `on:<component>`
(with `?`, it is the main one where it is alone), `sets:<point>`, `as:<category>`, `mode:<point>`
for what says whether it counts now, and what the device has to have besides. The range of an
attribute, or its choices, need no row: its form lists them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any, override

from ..capabilities.definition import Attribute, Capability
from ..capabilities.profile import MAIN
from ..errors import DriverError, RefusedError
from .changing import Values
from .codings import Coding
from .forms import PointForm, PointUnit
from .message_values import Json
from .parts import Part, PartReading
from .signs import Names, Sign, Signs, points_in, sign_of

type Forms = Mapping[str, Coding | PointForm]
"""Forms by their names; a coding is the form of what depends on nothing else."""
PLAIN = PointForm()
OPTIONS = frozenset(("on", "sets", "as", "mode"))
"""What can be behind a row, besides its form."""
OF_POINTS = frozenset(("sets", "mode"))
"""Those that name a point."""


@dataclass(frozen=True)
class PointRow:
    """A point, the attribute that it is, and how its values say so."""

    where: tuple[str, ...]
    """The points where it can be."""
    sign: Sign
    attribute: Attribute[Any]
    form: PointForm
    needs: Signs
    options: Mapping[str, str]

    def at(self, unit: PointUnit) -> str:
        """Return the point where a unit has it; empty: it has not."""
        if not self.needs.fit(unit.seen):
            return ""
        return next(
            (n for n in self.where if n not in unit.ignored and self.sign(unit.seen.get(n))), ""
        )

    def set_at(self, point: str) -> str:
        """Return the point that sets it, where a device has it at a point."""
        return self.options.get("sets", point)

    @property
    def component(self) -> str:
        """The component; empty: the main one."""
        return self.options.get("on", "").removesuffix("?")

    @property
    def group(self) -> str:
        """How the names of components begin of which a single one is the main one."""
        component = self.options.get("on", "")
        return component.partition("_")[0] if component.endswith("?") else ""


@dataclass(frozen=True)
class TableKind:
    """A kind of devices: its signs, of which one has to fit, and what their points are."""

    name: str
    signs: tuple[Signs, ...]
    rows: tuple[PointRow, ...]

    def shown(self, unit: PointUnit) -> Iterator[tuple[str, str, PointRow]]:
        """Yield the rows that a unit has, each with its component and its point."""
        found = [(row, n) for row in self.rows if (n := row.at(unit))]
        members = {(row.group, row.component) for row, _ in found if row.group}
        several = [group for group, _ in members]
        for row, n in found:
            is_alone = row.group and several.count(row.group) == 1
            yield "" if is_alone else row.component, n, row


@dataclass(frozen=True)
class PointsPart(Part):
    """A component of a unit: what it reads, and the points that change it."""

    unit: PointUnit = field(default_factory=PointUnit)
    """What it is part of."""
    rows: tuple[tuple[str, PointRow], ...] = ()
    """Each with its point; of several of an attribute, the first counts."""

    @property
    @override
    def is_available(self) -> bool:
        return self.unit.is_available

    @override
    def readings(self) -> Iterator[PartReading]:
        for point, row in self.rows:
            read = partial(row.form.read, row.attribute, self.unit, point)
            yield PartReading(row.attribute, read)
            listing = row.attribute.options or row.attribute.range
            if listing and (listed := row.form.listed(self.unit, point)) is not None:
                yield PartReading.known(listing, listed)

    @property
    def meanings(self) -> dict[str, str]:
        """What each point is, as the id of an attribute, or `mode`."""
        known = {n: row.attribute.id for n, row in reversed(self.rows)}
        for _, row in self.rows:
            meant = {"sets": row.attribute.id, "mode": "mode"}
            known |= {n: meant[option] for option, n in row.options.items() if option in meant}
        return known

    def changes(self, values: Values) -> Json:
        """Return the points that give attributes these values; raise RefusedError."""
        points: Json = {}
        for attribute in values:
            own = ((n, row) for n, row in self.rows if row.attribute is attribute)
            if (first := next(own, None)) is None:
                raise RefusedError(t"it has no point for {attribute.id}")
            point, row = first
            points |= row.form.changes(attribute, values, self.unit, row.set_at(point))
        return points


class PointTable:
    """The kinds of devices of a family."""

    def __init__(
        self,
        text: str,
        forms: Forms,
        signs: Names,
        capabilities: Iterable[type[Capability]],
    ) -> None:
        """Take the text, and the forms, signs and capabilities that it names.

        Raises DriverError with the line that is wrong.
        """
        known = {a.id: a for each in capabilities for a in each.attributes}
        lines = [line for line in text.splitlines() if line.strip()]
        self.kinds: list[TableKind] = []
        """The kinds, in the order in which they are tried."""
        heads = list[tuple[str, Signs]]()
        for is_row, group in groupby(lines, key=lambda line: line[0] == " "):
            if not is_row:
                heads = [_head(line, signs) for line in group]
                continue
            rows = tuple(_row(line, forms, signs, known) for line in group)
            if not heads:
                raise DriverError(f"{lines[0].strip()!r}: a row of no kind")
            self.kinds += _kinds(heads, rows)
        if lines and lines[-1][0] != " ":
            raise DriverError(f"{lines[-1]!r}: a kind without rows")

    @property
    def capabilities(self) -> tuple[type[Capability], ...]:
        """What the devices of all kinds can do."""
        rows = (row for kind in self.kinds for row in kind.rows)
        return tuple(dict.fromkeys(row.attribute.capability for row in rows))

    def recognized(self, points: Json, *, without: str = "") -> str:
        """Return the name of the kind of a device; empty: nothing is certain."""
        fitting = (each.name for each in self.kinds if any(s.fit(points) for s in each.signs))
        return next((name for name in fitting if name != without), "")

    def kind(self, name: str, unit: PointUnit) -> TableKind:
        """Return the kind of that name that fits a unit, or else of which it has most."""
        named = [each for each in self.kinds if each.name == name]
        fitting = (each for each in named if any(s.fit(unit.seen) for s in each.signs))
        return next(fitting, max(named, key=lambda each: len(list(each.shown(unit)))))

    def parts(self, name: str, unit: PointUnit) -> Iterator[PointsPart]:
        """Yield the components of a unit of a kind; those behind a device are of their own."""
        parts: dict[str, list[tuple[str, PointRow]]] = {}
        for component, point, row in self.kind(name, unit).shown(unit):
            own = parts.setdefault(component, [])
            if all(known.attribute is not row.attribute for _, known in own):
                own.append((point, row))
        for key, rows in parts.items():
            component = (f"{unit.id}/{key}" if key else unit.id) if unit.id else key or MAIN
            category = next((c for _, row in rows if (c := row.options.get("as"))), "")
            title, is_child = key.replace("_", " ").title(), bool(unit.id)
            yield PointsPart(component, title, unit, tuple(rows), child=is_child, category=category)


def _kinds(heads: Iterable[tuple[str, Signs]], rows: tuple[PointRow, ...]) -> Iterator[TableKind]:
    for name, group in groupby(heads, key=lambda head: head[0]):
        yield TableKind(name, tuple(signs for _, signs in group), rows)


def _head(line: str, signs: Names) -> tuple[str, Signs]:
    name, _, rest = line.partition(" ")
    if not rest.strip():
        raise DriverError(f"{line!r}: a kind without signs is every device's")
    try:
        return name, Signs(rest, signs)
    except ValueError as err:
        raise DriverError(f"{line!r}: {err}", "write signs such as 1=flag or 2=5..95") from None


def _row(
    line: str,
    forms: Forms,
    signs: Names,
    attributes: Mapping[str, Attribute[Any]],
) -> PointRow:
    own, _, needs = line.partition(" if ")
    try:
        point, attribute, *rest = own.split()
        where, _, how = point.partition("=")
        sign, needed = sign_of(how or "any", signs), Signs(needs, signs)
        options = dict(each.split(":", 1) for each in rest if ":" in each)
        points = _points(where, *(options[name] for name in options.keys() & OF_POINTS))
    except ValueError as err:
        remedy = "write a point and an attribute, such as 1=flag switch.switch"
        raise DriverError(f"{line.strip()!r}: {err}", remedy) from None
    named = [each for each in rest if ":" not in each]
    _check(line, "attribute", {attribute}, attributes)
    _check(line, "form", named, forms)
    _check(line, "option", options, OPTIONS)
    form = forms[named[0]] if named else PLAIN
    form = PointForm(form) if isinstance(form, Coding) else form
    return PointRow(points, sign, attributes[attribute], form, needed, options)


def _points(where: str, *others: str) -> tuple[str, ...]:
    """Return where a row can have its point; raise ValueError, also for another that is none."""
    for each in (where, *others):
        if not points_in(each.removeprefix("^")):
            raise ValueError(f"{each!r} is no point")
    return tuple(points_in(where))


def _check(line: str, what: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise DriverError for the first of some names that is not known."""
    for name in names:
        if name not in known:
            raise DriverError(f"{line.strip()!r}: there is no {what} {name!r}")
