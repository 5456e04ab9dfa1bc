"""A part of a device, with what it can do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import DriverError
from ..network.text import MAX_FIELD
from ..sentences import one_line
from .definition import Attribute, Capability, Command, capability
from .schema import short

DETAILS = ("manufacturer", "model", "firmware", "serial_number")
_SHOWN_TEXTS = ("name", *DETAILS)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a device, such as an outlet of a power strip or a player of a server.

    `name` is shown to the user; that of the main component is the name of its main feature, such as
    a switch, which otherwise has that of the device. With `child`, the component is presented as a
    device of its own. `category` is the vocabulary's word for what it is (light, outlet, fan),
    where that matters.
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
    optional: bool = False
    """Whether a device may lack it: it has it once it has told any value of it."""
    may_lack: tuple[Attribute[Any] | type[Capability], ...] = ()
    """What of it a device may lack: it has it once it has told its value, or one of its values."""
    lacks: tuple[Attribute[Any], ...] = ()
    """The attributes of its capabilities that the device has not told so far, of those it may lack.

    There is no entity for them, and no command that sets them.
    """
    described: bool = False
    """Whether the device has it only because a description of what its points mean says so."""

    def __post_init__(self) -> None:
        """Make the texts, which may come from the device, one line of bounded length each.

        Raises DriverError unless `capabilities` is a tuple of capabilities, and what a device may
        lack is among them.
        """
        if not isinstance(self.capabilities, tuple):
            raise DriverError(
                f"Component takes a tuple of capabilities, such as (Switch,), not"
                f" {short(self.capabilities)}",
                "put them in parentheses of their own: Component((Switch,))",
            )
        check_capabilities("Component", self.capabilities)
        for each in (*self.may_lack, *self.lacks):
            owner = owner_of(each)
            if owner not in self.capabilities:
                raise DriverError(
                    f"Component may lack {each.id}, but does not have {owner.id}",
                    f"add {owner.__name__}, or leave it out",
                )
        for name in _SHOWN_TEXTS:
            if text := getattr(self, name):
                object.__setattr__(self, name, one_line(text[:MAX_FIELD]))

    @property
    def details(self) -> dict[str, str]:
        """Its manufacturer, model, firmware and serial number, as far as they are known."""
        return {name: text for name in DETAILS if (text := getattr(self, name))}

    @property
    def attributes(self) -> tuple[Attribute[Any], ...]:
        """The attributes that it has."""
        return tuple(a for c in self.capabilities for a in c.attributes if a not in self.lacks)

    @property
    def commands(self) -> tuple[Command[...], ...]:
        """The commands that it has."""
        return tuple(c for each in self.capabilities for c in each.commands if self.has(c))

    def has(self, member: Attribute[Any] | Command[...]) -> bool:
        """Return whether it has an attribute or command; one that sets what it lacks is none."""
        if not self.lacks or member.capability not in self.capabilities:
            return member.capability in self.capabilities
        return (member if isinstance(member, Attribute) else member.sets) not in self.lacks

    def with_told(self, told: Collection[str]) -> Component:
        """Return it with what a device has that has told the attributes with these ids."""
        if not self.may_lack:
            return self
        known = {c for c in self.capabilities if any(a.id in told for a in c.attributes)}
        has = tuple(c for c in self.capabilities if c not in self.may_lack or c in known)
        missing = (a for a in self.may_lack if isinstance(a, Attribute) and a.id not in told)
        lacks = tuple(a for a in missing if a.capability in has)
        kept = tuple(each for each in self.may_lack if owner_of(each) in has)
        return replace(self, capabilities=has, may_lack=kept, lacks=lacks)

    def as_dict(self) -> dict[str, Any]:
        """Return the component as JSON data."""
        return {
            "capabilities": [c.id for c in self.capabilities],
            "name": self.name,
            "child": self.child,
            "category": self.category,
            **self.details,
            **({"optional": True} if self.optional else {}),
            **({"described": True} if self.described else {}),
            **({"may_lack": [each.id for each in self.may_lack]} if self.may_lack else {}),
        }

    @classmethod
    def from_dict(cls, data: object) -> Self | None:
        """Return the component that `as_dict` wrote, without capabilities that no longer exist."""
        match data:
            case {
                "capabilities": [*ids],
                "name": str(name),
                "child": bool(child),
                "category": str(category),
                **more,
            }:
                known = (capability(i) for i in ids if isinstance(i, str))
                capabilities = tuple(c for c in known if c is not None)
                given: Mapping[Any, Any] = more
                details: dict[str, Any] = {
                    key: t for key in DETAILS if isinstance(t := given.get(key), str)
                }
                return cls(
                    capabilities,
                    name,
                    child,
                    category,
                    optional=given.get("optional") is True,
                    may_lack=_members(capabilities, given.get("may_lack")),
                    described=given.get("described") is True,
                    **details,
                )
            case _:
                return None


def owner_of(member: Attribute[Any] | type[Capability]) -> type[Capability]:
    """Return the capability of an attribute, or a capability itself."""
    return member.capability if isinstance(member, Attribute) else member


def _members(
    capabilities: Iterable[type[Capability]], ids: object
) -> tuple[Attribute[Any] | type[Capability], ...]:
    """Return the capabilities and attributes that have these ids."""
    members: list[Attribute[Any] | type[Capability]] = []
    for each in capabilities:
        members += [each, *each.attributes]
    return tuple(each for each in members if isinstance(ids, list) and each.id in ids)


def check_capabilities(what: str, capabilities: tuple[object, ...]) -> None:
    """Raise DriverError for what is no capability."""
    for each in capabilities:
        if not isinstance(each, type) or not issubclass(each, Capability):
            raise DriverError(
                f"{what} takes capabilities such as Switch, not {short(each)}",
                "write the class of each capability, without quotes",
            )
