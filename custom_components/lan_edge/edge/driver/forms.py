"""Forms: how the values of a point say what an attribute is, and the other way round.

A form is mostly a `Coding`. What a value means may also depend on what else the device has
reported: then it is a `PointForm` of its own, which finds the coding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import partial
from typing import Any, override

from ..capabilities.definition import Attribute
from ..errors import RefusedError
from .changing import Values
from .codings import Coding
from .message_values import Json, value_at, word_of

type Facts = tuple[str, ...]
"""What a form has kept of the values of a point."""


@dataclass(frozen=True)
class PointUnit:
    """What a device, or one behind it, has reported."""

    id: str = ""
    """Empty: the device itself."""
    points: Json = field(default_factory=dict[str, Any])
    """What it reports now."""
    seen: Json = field(default_factory=dict[str, Any])
    """Its points, also those that it does not report at the moment."""
    kept: Mapping[str, Facts] = field(default_factory=dict[str, Facts])
    """What forms have kept, by point."""
    settings: Any = None
    """The settings of its driver."""
    is_available: bool = True
    """Whether it is available while the device itself is."""
    ignored: frozenset[str] = frozenset()
    """Points that tell what it is, but are not read."""

    def has(self, point: str) -> bool:
        """Return whether it has a point that is read."""
        return point in self.seen and point not in self.ignored


@dataclass(frozen=True)
class PointForm:
    """The plainest form: a coding, which always is the same."""

    codes: Coding = Coding()  # noqa: RUF009  # it is immutable
    """How the point's values are coded, if that is always the same."""
    _: KW_ONLY
    lists: Any = None
    """The range or the choices of the attribute, if they are always the same."""

    def coding(self, unit: PointUnit, point: str) -> Coding:
        """Return how a unit codes the values of a point now."""
        del unit, point
        return self.codes

    def listed(self, unit: PointUnit, point: str) -> Any:
        """Return the range of the attribute, or all its choices; None: nothing is known."""
        del unit, point
        return self.lists

    def read(self, attribute: Attribute[Any], unit: PointUnit, point: str) -> Any:
        """Return what a point of a unit says of an attribute; None: nothing. Raises ReplyError."""
        del attribute
        return value_at(unit.points, point, self.coding(unit, point).read)

    def changes(
        self, attribute: Attribute[Any], values: Values, unit: PointUnit, point: str
    ) -> Json:
        """Return the points that give an attribute what is asked; raise RefusedError.

        `values` has all that is asked at once.
        """
        return {point: self.coding(unit, point).write(values[attribute])}

    def keep(self, unit: PointUnit, point: str) -> Facts:
        """Return what is to be remembered, now that a point was reported."""
        return unit.kept.get(point, ())


@dataclass(frozen=True)
class VocabularyForm(PointForm):
    """Words of one of several vocabularies: those that were heard decide between them."""

    _: KW_ONLY
    shown: Sequence[Any]
    """What the words mean, in the order of each vocabulary; it also lists the choices."""
    vocabularies: Sequence[Sequence[str]]
    """Of several that have what was heard, the first counts."""
    skips: bool = False
    """Whether a word that none has says nothing; otherwise no vocabulary fits it."""

    def fitting(self, heard: Iterable[object]) -> Sequence[Sequence[str]]:
        """Return the vocabularies that have all of these words."""
        said = [word for word in heard if not self.skips or self.has(word)]
        return [each for each in self.vocabularies if all(word in each for word in said)]

    def has(self, word: object) -> bool:
        """Return whether a word, which is not empty, is in any vocabulary."""
        return bool(word) and any(word in each for each in self.vocabularies)

    @override
    def coding(self, unit: PointUnit, point: str) -> Coding:
        meant: dict[Any, Any] = {}
        for each in reversed(self.vocabularies):
            meant |= dict(zip(each, self.shown, strict=True))
        fits = self.fitting((*unit.kept.get(point, ()), unit.points.get(point)))
        return Coding(partial(word_of, meant), partial(self._word, fits))

    def _word(self, fits: Sequence[Sequence[str]], value: Any) -> Any:
        if not fits:
            raise RefusedError(t"it does not know {value!r:.20}")
        return Coding.words(dict(zip(fits[0], self.shown, strict=True))).write(value)

    @override
    def listed(self, unit: PointUnit, point: str) -> Any:
        return self.lists or tuple(self.shown)

    @override
    def keep(self, unit: PointUnit, point: str) -> Facts:
        heard, now = unit.kept.get(point, ()), unit.points.get(point)
        if not isinstance(now, str) or not self.has(now):
            return heard
        if not (fits := self.fitting((*heard, now))):
            return (now,)
        return heard if len(fits) == len(self.fitting(heard)) else (*heard, now)
