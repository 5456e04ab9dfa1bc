"""Texts with placeholders: `{level}`, `{level.raw}`, `{level:03d}`; `{{` and `}}` are braces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import re
from typing import Any

from ...network.text import is_encodable
from ...transports.hiding import Secret
from ..faults import field_fault
from ..places import Path

MAX_PLACEHOLDERS = 64
"""The most placeholders in one text."""
_PLACEHOLDER_OR_BRACE = re.compile(
    r"(\{\{|\}\})|\{([A-Za-z_]\w{0,63})(\.raw)?(?::([^{}]{0,40}))?\}|([{}])"
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The place of a value in a text."""

    name: str
    is_raw: bool = False
    """Whether the value is put in as it is, not converted back."""
    format: str = ""

    @property
    def key(self) -> str:
        """The key of the value among those that are put in: `level` or `level.raw`."""
        return f"{self.name}.raw" if self.is_raw else self.name


type Piece = str | Placeholder


@dataclass(slots=True)
class Filling:
    """What is put in for placeholders, and which parts of the result are secret."""

    values: Mapping[str, Any]
    """By the placeholders' keys; what is missing is like None: not given."""
    secrets: frozenset[str] = frozenset()
    """The names of those that are secret."""
    hidden: list[str | bytes] | None = None
    """The secrets that were put in, as they stand there; None: none yet."""

    def get(self, placeholder: Placeholder) -> Any:
        """Return the value for a placeholder, None if it is not given."""
        return self.values.get(placeholder.key)

    def hide[P: (str, bytes)](self, placeholder: Placeholder, part: P) -> P:
        """Return a part of a message; remember it if it is secret."""
        if part and placeholder.name in self.secrets:
            self.hidden = self.hidden or []
            if part not in self.hidden:
                self.hidden.append(part)
        return part

    @property
    def secret(self) -> Secret:
        """What a transport has to hide: nothing, the only secret, or the whole message."""
        hidden = self.hidden
        return False if hidden is None else hidden[0] if len(hidden) == 1 else True


def pieces_of_text(text: str, path: Path) -> tuple[Piece, ...]:
    """Return the literal pieces and the placeholders of a text; raise DescriptionError."""
    if not is_encodable(text):
        raise field_fault(path, t"is not valid text")
    pieces: list[Piece] = []
    literal = ""
    for piece in _split(text, path):
        if isinstance(piece, str):
            literal += piece
            continue
        pieces += [literal, piece] if literal else [piece]
        literal = ""
    if sum(isinstance(piece, Placeholder) for piece in pieces) > MAX_PLACEHOLDERS:
        raise field_fault(path, t"has more than {MAX_PLACEHOLDERS} placeholders")
    return (*pieces, literal) if literal else tuple(pieces)


def _split(text: str, path: Path) -> Iterator[Piece]:
    at = 0
    for match in _PLACEHOLDER_OR_BRACE.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        brace, name, raw, spec, wrong = match.groups()
        if wrong:
            rest, value, double = text[match.start() :], "{name}", "{{, }}"
            raise field_fault(
                path,
                t"has a brace that is no placeholder at {rest!r:.40}",
                t"write {value} for a value, {double} for a brace",
            )
        yield brace[0] if brace else Placeholder(name, bool(raw), spec or "")
    yield text[at:]


def placeholders_of(pieces: tuple[Piece, ...]) -> list[Placeholder]:
    """Return the placeholders among the pieces of a text."""
    return [piece for piece in pieces if isinstance(piece, Placeholder)]


def literal_text(text: str, path: Path) -> str:
    """Return a text in which there may be no placeholders; raise DescriptionError."""
    pieces = pieces_of_text(text, path)
    if placeholders_of(pieces):
        raise field_fault(path, t"is {text!r:.60}", t"placeholders go into values, not into names")
    return "".join(piece for piece in pieces if isinstance(piece, str))
