"""What a model consists of, by the tables of models.

    plug
        as=outlet switch=2.1
      cuco.plug.v3  power=11.2
      chuangmi.plug.m?

A line that is not indented names a kind, and one that it has everything of. Below are its models,
as patterns of which the first that fits counts, each with what is different; a line with rows only
belongs to the one above, and so does what follows a comma at its end. A row is a meaning, and where
the property is: `2.1` is property 1 of service 2 of MIoT; older devices have it by name, with the
request that sets it, as in `on>set_power`, or one for off and one for on: `on>set_off|set_on`. What
its meaning takes follows: the codes of off and on, a range, a unit, or the codes of each word of a
choice (`auto:0,-:2/3`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
import re
from typing import Any

from lan_edge import Attribute, CleanerMovement, DriverError, Json, Property

from . import air, house, robots
from .meanings import FLAG, MEANINGS, choice

CLEANING, HOMING = CleanerMovement.CLEANING, CleanerMovement.HOMING
IDLE, PAUSE = CleanerMovement.IDLE, CleanerMovement.PAUSE
AT_ONCE, GET_PROP = 15, "get_prop"
OTHERS = {
    *("as", "manual", "at_once", "request", "rather", "when", "proof"),
    *("start", "stop", "pause", "home"),
}
"""What a line can say of a model besides its properties."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a model consists of."""

    points: Mapping[str, Property]
    """By their meaning."""
    category: str = ""
    actions: Mapping[CleanerMovement, tuple[str, ...]] = field(
        default_factory=dict[CleanerMovement, tuple[str, ...]]
    )
    """What has a robot do something, in order: actions of MIoT by their numbers, or requests."""
    manual: int | None = None
    """The mode in which the speed of an air purifier counts."""
    at_once: int = AT_ONCE
    """How many properties are read in one request."""
    request: str = GET_PROP
    """What reads an older device; any other than this has all in one answer, by name."""
    rather: tuple[str, str] = ("", "")
    """A property, and the one that counts instead while it is not 0."""
    when: tuple[str, str, Any] = ("", "", None)
    """A property that counts only now and then; another one, and the value that it has then."""
    proof: str = ""
    """Where something must be told; if it is not, all but the flag may be something else."""

    @property
    def addresses(self) -> list[str]:
        """The properties to read."""
        every = (*(point.at for point in self.points.values()), self.rather[1], self.when[1])
        return [at for at in dict.fromkeys(every) if at]

    def code_in(self, at: str, values: Json) -> Any:
        """Return what the device tells at a place; None if it does not, or it does not count."""
        shown, other, wanted = self.when
        if at == shown and values.get(other) != wanted:
            return None
        first, rather = self.rather
        return (values.get(rather) if at == first else None) or values.get(at)

    def believed(self, values: Json) -> Json:
        """Return what counts of all that the device tells."""
        if not self.proof or values.get(self.proof) is not None:
            return values
        return {at: value for at, value in values.items() if at == self.points[FLAG].at}


def code(text: str) -> Any:
    """Return the number that a text is, or else the text."""
    return int(text) if text.isdecimal() else float(text) if "." in text else text


def words_in(attribute: Attribute[Any], args: list[str]) -> dict[Any, Any]:
    """Return the words of a choice by their codes; None for `-`."""
    pairs = (each.split(":") for each in args)
    return {
        code(each): None if word == "-" else attribute.parse(word)
        for word, codes in pairs
        for each in codes.split("/")
    }


def point(meaning: str, row: str) -> Property:
    """Return the property that a row of a table is."""
    place, *args = row.split(",")
    at, _, setter = place.partition(">")
    attribute, form, lists, off = MEANINGS[meaning]
    taken = [words_in(attribute, args)] if form is choice else [code(each) for each in args]
    coding, listed = form(*taken)
    own = {} if lists is None else {lists: listed}
    return Property(attribute, at, coding, setter, own, off=off)


def spec(**rows: str) -> Spec:
    """Return a spec by its rows, and by what else is known of it."""
    at, _, rather = rows.get("rather", "").partition(":")
    shown, other, value = rows.get("when", "::").split(":")
    return Spec(
        {name: point(name, row) for name, row in rows.items() if name in MEANINGS},
        rows.get("as", ""),
        actions=actions_of(rows),
        manual=int(rows["manual"]) if "manual" in rows else None,
        at_once=int(rows.get("at_once", AT_ONCE)),
        request=rows.get("request", GET_PROP),
        rather=(at, rather),
        when=(shown, other, code(value)),
        proof=rows.get("proof", ""),
    )


def actions_of(rows: Mapping[str, str]) -> dict[CleanerMovement, tuple[str, ...]]:
    """Return what has a robot do something, if it is one; one that cannot pause is stopped."""
    names = {CLEANING: "start", IDLE: "stop", PAUSE: "pause", HOMING: "home"}
    given = {"pause": rows.get("stop", ""), **rows}
    return {to: tuple(given[name].split("+")) for to, name in names.items() if given.get(name)}


def specs_in(table: str) -> Iterator[tuple[str, Spec]]:
    """Yield the specs of a table, each with the pattern of a model."""
    kinds: dict[str, dict[str, str]] = {}
    models: list[tuple[list[str], dict[str, str], dict[str, str]]] = []
    kind = rows = dict[str, str]()
    for line in re.sub(r",\s+", ",", table).splitlines():
        names = [each for each in line.split() if "=" not in each]
        own = dict(each.split("=", 1) for each in line.split() if "=" in each)
        for name in own.keys() - MEANINGS.keys() - OTHERS:
            raise DriverError(f"{line.strip()!r}: there is no {name!r}")
        if not names:
            rows |= own
        elif line.startswith(" "):
            models.append((names, kind, own))
            rows = own
        else:
            name, *parents = names
            kind = rows = kinds[name] = {k: v for each in parents for k, v in kinds[each].items()}
            rows |= own
    for names, kind, own in models:
        yield from ((name, spec(**(kind | own))) for name in names)


SPECS = dict(specs_in(air.TABLE + house.TABLE + robots.TABLE))
"""By the pattern of a model; the first that fits counts."""
UNKNOWN = """
unknown
    flag=2.1
  *.airp.* *.airpurifier.*  humidity=3.1 dust=3.4 temperature=3.7 filter=4.1 proof=3.4
  *.airm.*  humidity=3.1 temperature=3.7 co2=3.8 battery=4.1
  *.humidifier.*  humidity=3.1 temperature=3.7
  *.heater.*  temperature=4.7
  *
"""
"""What models that are in no table may have, where nearly all tell it: what is there counts."""
BY_TYPE = dict(specs_in(UNKNOWN))
NAMED = spec(switch="power>set_power,off,on")
"""What a model that does not know numbers may have."""
NOTHING = Spec({})


def first_of(specs: Mapping[str, Spec], model: str) -> Spec | None:
    """Return the first that fits a model."""
    return next((known for pattern, known in specs.items() if fnmatchcase(model, pattern)), None)


def spec_of(model: str) -> Spec | None:
    """Return what is known of a model."""
    return first_of(SPECS, model)


def unknown(model: str) -> Spec:
    """Return what a model that is in no table may have."""
    return first_of(BY_TYPE, model) or NOTHING
