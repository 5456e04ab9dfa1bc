"""Which capabilities a device has, and on which of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, override

from ..errors import ReplyError
from ..network.text import MAX_FIELD, one_line
from .definition import Attribute, Capability, Command, capability

__all__ = [
    "MAIN",
    "Component",
    "Profile",
]

MAIN = "main"
MAX_COMPONENTS = 256
"""The most parts that a device is believed to have."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a device: an outlet of a strip, a player of a server.

    `name` is what people call it; `child`: it is a device of its own to them. `category` is
    the vocabulary's word for what it is (light, outlet, fan), where that matters.
    """

    capabilities: tuple[type[Capability], ...]
    name: str = ""
    child: bool = False
    category: str = ""

    def __post_init__(self) -> None:
        """Have the name, which a device may have told, be one line, and not a long one."""
        object.__setattr__(self, "name", one_line(self.name[:MAX_FIELD]))

    def has(self, part: Attribute[Any] | Command[...]) -> bool:
        """Whether the attribute or command belongs to one of its capabilities."""
        return part.capability in self.capabilities


class Profile:
    """A device's components; `Profile(Switch, SwitchLevel)` is one with the part `main`."""

    def __init__(self, /, *main: type[Capability], **components: Component) -> None:
        """Take the capabilities of `main`, and the other components by their id."""
        own = {MAIN: Component(main)} if main else {}
        self.components: Mapping[str, Component] = {**own, **components}

    @override
    def __eq__(self, other: object) -> bool:
        """Whether both have the same components."""
        return isinstance(other, Profile) and self.components == other.components

    @override
    def __hash__(self) -> int:
        """Go with equality."""
        return hash(tuple(self.components.items()))

    def commands(self) -> list[Command[...]]:
        """Return every command, each once."""
        found = [
            m for c in self.components.values() for cap in c.capabilities for m in cap.commands
        ]
        return list(dict.fromkeys(found))

    def check(self) -> None:
        """See that a device can have it; raise ReplyError."""
        if len(self.components) > MAX_COMPONENTS or any(
            len(k) > MAX_FIELD for k in self.components
        ):
            msg = f"more than {MAX_COMPONENTS} parts, or one of too long a name"
            raise ReplyError(msg)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            key: {
                "capabilities": [c.id for c in part.capabilities],
                "name": part.name,
                "child": part.child,
                "category": part.category,
            }
            for key, part in self.components.items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the profile that `as_dict` wrote; what is unknown by now is left out."""
        parts = {key: _component(value) for key, value in data.items()}
        return cls(**{key: part for key, part in parts.items() if part is not None})


def _component(data: object) -> Component | None:
    match data:
        case {
            "capabilities": [*ids],
            "name": str(name),
            "child": bool(child),
            "category": str(category),
        }:
            found = (capability(i) for i in ids if isinstance(i, str))
            return Component(tuple(c for c in found if c is not None), name, child, category)
        case _:
            return None
