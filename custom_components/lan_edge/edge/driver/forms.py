"""Forms: how the values of a point say what an attribute is, and the other way round."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, override

from ..errors import RefusedError, ReplyError
from .message_values import Json, value_at

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


class PointForm:
    """The plainest form: the value is what the attribute is."""

    def read(self, unit: PointUnit, point: str) -> Any:
        """Return what a point of a unit says; None: nothing. Raises ReplyError."""
        return value_at(unit.points, point, lambda value: self.decode(value, unit))

    def decode(self, value: Any, unit: PointUnit) -> Any:
        """Return what a value means; raise ReplyError."""
        del unit
        return value

    def encode(self, value: Any, unit: PointUnit, point: str) -> Any:
        """Return the value that means something; raise RefusedError."""
        del unit, point
        return value

    def keep(self, unit: PointUnit, point: str) -> Facts:
        """Return what is to be remembered, now that a point was reported."""
        return unit.kept.get(point, ())


@dataclass(frozen=True)
class KnownForm(PointForm):
    """What is known anyway, such as a range."""

    value: Any
    """What it always is."""

    @override
    def read(self, unit: PointUnit, point: str) -> Any:
        return self.value


@dataclass(frozen=True)
class ConvertedForm(PointForm):
    """A value that is converted without regard to others, and set as it is."""

    convert: Callable[[Any], Any]
    """Returns what a value means; raises ReplyError."""

    @override
    def decode(self, value: Any, unit: PointUnit) -> Any:
        return self.convert(value)


@dataclass(frozen=True)
class WordsForm(PointForm):
    """A word, or true and false, for each thing that it can be."""

    words: Mapping[Any, Any]
    """What each means; the first of several that mean the same is what is set."""

    @override
    def decode(self, value: Any, unit: PointUnit) -> Any:
        if not isinstance(value, bool | str) or value not in self.words:
            raise ReplyError(f"{value!r:.20} is not a known word")
        return self.words[value]

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> Any:
        for word, meant in self.words.items():
            if meant == value:
                return word
        raise RefusedError(f"it does not know {value!r:.20}")


@dataclass(frozen=True)
class VocabularyForm(PointForm):
    """Words of one of several vocabularies: those that were heard decide between them."""

    shown: Sequence[Any]
    """What the words mean, in the order of each vocabulary."""
    vocabularies: Sequence[Sequence[str]]
    """Of several that have what was heard, the first counts."""

    def fitting(self, heard: Iterable[object]) -> list[Sequence[str]]:
        """Return the vocabularies that have all of these words."""
        said = [*heard]
        return [each for each in self.vocabularies if all(word in each for word in said)]

    @override
    def decode(self, value: Any, unit: PointUnit) -> Any:
        if not (fits := self.fitting([value])):
            raise ReplyError(f"{value!r:.20} is not a known word")
        return self.shown[fits[0].index(value)]

    @override
    def encode(self, value: Any, unit: PointUnit, point: str) -> str:
        fits = self.fitting((*unit.kept.get(point, ()), unit.points.get(point)))
        if value not in self.shown or not fits:
            raise RefusedError(f"it does not know {value!r:.20}")
        return fits[0][self.shown.index(value)]

    @override
    def keep(self, unit: PointUnit, point: str) -> Facts:
        heard, now = unit.kept.get(point, ()), unit.points.get(point)
        if not isinstance(now, str) or not self.fitting([now]):
            return heard
        if not (fits := self.fitting((*heard, now))):
            return (now,)
        return heard if len(fits) == len(self.fitting(heard)) else (*heard, now)
