"""Which capabilities a device has, and on which of its components."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from sys import getsizeof
from typing import Any, Self, override

from ..errors import DriverError, ReplyError, one_line
from ..network.text import MAX_FIELD, is_encodable
from .definition import Attribute, Capability, Command, capability
from .schema import short

__all__ = [
    "MAIN",
    "Component",
    "Profile",
]

MAIN = "main"
"""The id of the component that a device has unless its profile says otherwise."""
MAX_COMPONENTS = 256
"""The most components that are accepted from a device."""
MAX_ABSENT = 64
"""The most components that are kept while the device does not list them."""
MAX_SHOWN_TEXTS = 96 * 1024
"""The most bytes of memory that their ids and names may take."""


_DETAILS = ("manufacturer", "model", "firmware", "serial_number")
_SHOWN_TEXTS = ("name", *_DETAILS)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a device, such as an outlet of a power strip or a player of a server.

    `name` is shown to the user. With `child`, the component is presented as a device of its own.
    `category` is the vocabulary's word for what it is (light, outlet, fan), where that matters.
    """

    capabilities: tuple[type[Capability], ...]
    """What it can do."""
    name: str = ""
    child: bool = False
    category: str = ""
    manufacturer: str = ""
    """Who made it, if it is not by the maker of the device, as a lamp at a bridge."""
    model: str = ""
    """Its model, likewise."""
    firmware: str = ""
    """The version of its firmware."""
    serial_number: str = ""
    """Its serial number; it is left out of what users publish."""

    def __post_init__(self) -> None:
        """Make the texts, which may come from the device, one line of bounded length each.

        Raises DriverError unless `capabilities` is a tuple of capabilities.
        """
        if not isinstance(self.capabilities, tuple):
            raise DriverError(
                f"Component takes a tuple of capabilities, such as (Switch,), not"
                f" {short(self.capabilities)}",
                "put them in parentheses of their own: Component((Switch,))",
            )
        _check_capabilities("Component", self.capabilities)
        for name in _SHOWN_TEXTS:
            if text := getattr(self, name):
                object.__setattr__(self, name, one_line(text[:MAX_FIELD]))

    @property
    def details(self) -> dict[str, str]:
        """Its manufacturer, model, firmware and serial number, as far as they are known."""
        return {name: text for name in _DETAILS if (text := getattr(self, name))}

    def has(self, member: Attribute[Any] | Command[...]) -> bool:
        """Return whether the attribute or command belongs to one of its capabilities."""
        return member.capability in self.capabilities


class Profile:
    """The components of a device; `Profile(Switch, SwitchLevel)` has only one, called `main`."""

    def __init__(self, /, *main: type[Capability], **components: Component) -> None:
        """Take the capabilities of `main`, and the other components by their ids.

        Raises DriverError for anything else.
        """
        _check_capabilities("Profile", main)
        for name, component in components.items():
            if not isinstance(component, Component):
                raise DriverError(
                    f"Profile: {name} is {short(component)}, not a Component",
                    f"write {name}=Component((Switch,))",
                )
        own = {MAIN: Component(main)} if main else {}
        self.components: Mapping[str, Component] = {**own, **components}
        """The components by their ids, `main` first if there is one."""

    @override
    def __eq__(self, other: object) -> bool:
        """Return whether both have the same components."""
        return isinstance(other, Profile) and self.components == other.components

    @override
    def __hash__(self) -> int:
        """Return a hash that is consistent with equality."""
        return hash(tuple(self.components.items()))

    def commands(self) -> list[Command[...]]:
        """Return every command, each once."""
        commands = [
            command
            for component in self.components.values()
            for each in component.capabilities
            for command in each.commands
        ]
        return list(dict.fromkeys(commands))

    def check(self) -> None:
        """Raise ReplyError if it has more components, or other ids, than are accepted."""
        if len(self.components) > MAX_COMPONENTS:
            raise ReplyError(f"the device has more than {MAX_COMPONENTS} components")
        if any(len(component_id) > MAX_FIELD for component_id in self.components):
            raise ReplyError(f"the id of a component is longer than {MAX_FIELD} characters")
        if not all(map(is_encodable, self.components)):
            raise ReplyError("the id of a component is not valid text")
        texts = (
            text
            for name, part in self.components.items()
            for text in (name, part.name, *part.details.values())
        )
        if sum(map(getsizeof, texts)) > MAX_SHOWN_TEXTS:
            raise ReplyError(f"the names of the components take more than {MAX_SHOWN_TEXTS} bytes")

    def with_absent(self, former: Profile) -> Profile:
        """Return the profile with the components that it lacks and `former` has, apart from `main`.

        They are last, the ones that have been absent longest at the end; beyond a limit, these are
        left out.
        """
        absent = (n for n in former.components if n != MAIN and n not in self.components)
        kept = {name: former.components[name] for name in islice(absent, MAX_ABSENT)}
        return Profile(**self.components, **kept)

    def adding(
        self, capabilities: tuple[type[Capability], ...], component: str, name: str = ""
    ) -> Profile:
        """Return the profile with more capabilities of a component; a new one is called `name`."""
        old = self.components.get(component, Component((), name))
        new = dict.fromkeys((*old.capabilities, *capabilities))
        return Profile(**{**self.components, component: replace(old, capabilities=(*new,))})

    def without(self, components: Container[str]) -> Profile:
        """Return the profile without some components."""
        return Profile(**{n: each for n, each in self.components.items() if n not in components})

    def renewed(self) -> Self:
        """Return the profile with the capabilities that have their ids now."""
        return type(self).from_dict(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """Return the profile as JSON data."""
        return {
            component_id: {
                "capabilities": [c.id for c in component.capabilities],
                "name": component.name,
                "child": component.child,
                "category": component.category,
                **component.details,
            }
            for component_id, component in self.components.items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the profile that `as_dict` wrote, without capabilities that no longer exist."""
        components = {key: _component(value) for key, value in data.items()}
        return cls(**{key: each for key, each in components.items() if each is not None})


def _check_capabilities(what: str, capabilities: tuple[object, ...]) -> None:
    for each in capabilities:
        if not isinstance(each, type) or not issubclass(each, Capability):
            raise DriverError(
                f"{what} takes capabilities such as Switch, not {short(each)}",
                "write the class of each capability, without quotes",
            )


def _component(data: Any) -> Component | None:
    match data:
        case {
            "capabilities": [*ids],
            "name": str(name),
            "child": bool(child),
            "category": str(category),
        }:
            known = (capability(i) for i in ids if isinstance(i, str))
            details = {key: text for key in _DETAILS if isinstance(text := data.get(key), str)}
            capabilities = tuple(c for c in known if c is not None)
            return Component(capabilities, name, child, category, **details)
        case _:
            return None
