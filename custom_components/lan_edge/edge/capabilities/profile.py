"""Which capabilities a device has, and on which of its components."""

from collections.abc import Collection, Container, Mapping
from dataclasses import replace
from itertools import islice
from sys import getsizeof
from typing import Any, Self, override

from ..errors import DriverError, ReplyError
from ..network.text import MAX_FIELD, is_encodable
from .component import Component, check_capabilities
from .definition import Attribute, Capability, Command
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


def place_of(component: str, attribute: Attribute[Any]) -> str:
    """Return what an attribute of a component is called where it is kept that it was told."""
    return f"{component} {attribute.id}"


class Profile:
    """The components of a device; `Profile(Switch, SwitchLevel)` has only one, called `main`."""

    def __init__(self, /, *main: type[Capability], **components: Component) -> None:
        """Take the capabilities of `main`, and the other components by their ids.

        Raises DriverError for anything else.
        """
        check_capabilities("Profile", main)
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
        commands = [each for part in self.components.values() for each in part.commands]
        return list(dict.fromkeys(commands))

    def check(self) -> None:
        """Raise ReplyError if it has more components, or other ids, than are accepted."""
        if len(self.components) > MAX_COMPONENTS:
            raise ReplyError(t"the device has more than {MAX_COMPONENTS} components")
        if any(len(component_id) > MAX_FIELD for component_id in self.components):
            raise ReplyError(t"the id of a component is longer than {MAX_FIELD} characters")
        if not all(map(is_encodable, self.components)):
            raise ReplyError(t"the id of a component is not valid text")
        texts = (
            text
            for name, part in self.components.items()
            for text in (name, part.name, *part.details.values())
        )
        if sum(map(getsizeof, texts)) > MAX_SHOWN_TEXTS:
            raise ReplyError(t"the names of the components take more than {MAX_SHOWN_TEXTS} bytes")

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

    @property
    def whole(self) -> Profile:
        """The profile of a device that lacks nothing of what it may lack."""
        parts = self.components.items()
        return Profile(**{n: replace(p, optional=False, may_lack=()) for n, p in parts})

    @property
    def may_lack(self) -> bool:
        """Whether there is anything that a device may lack."""
        return any(each.optional or each.may_lack for each in self.components.values())

    def with_told(self, told: Collection[str]) -> Profile:
        """Return the profile of a device that has told these attributes, by their places.

        It is without what it may lack and has not told.
        """
        if not self.may_lack:
            return self
        pairs = [each.rpartition(" ") for each in told]
        of = {name: [a for own, _, a in pairs if own == name] for name in self.components}
        there = {n: each for n, each in self.components.items() if of[n] or not each.optional}
        return Profile(**{name: each.with_told(of[name]) for name, each in there.items()})

    def without(self, components: Container[str]) -> Profile:
        """Return the profile without some components."""
        return Profile(**{n: each for n, each in self.components.items() if n not in components})

    def renewed(self) -> Self:
        """Return the profile with the capabilities that have their ids now."""
        return type(self).from_dict(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """Return the profile as JSON data."""
        return {
            component_id: component.as_dict() for component_id, component in self.components.items()
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the profile that `as_dict` wrote, without capabilities that no longer exist."""
        components = {key: Component.from_dict(value) for key, value in data.items()}
        return cls(**{key: each for key, each in components.items() if each is not None})
