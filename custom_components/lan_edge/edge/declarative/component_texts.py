"""What a text says of the components of a device: capabilities, and values of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .reading import ValueReading
from .sending import Sending


class ValueKind(StrEnum):
    """What an attribute of a device's own holds."""

    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"
    BUTTON = "button"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAttribute:
    """A value, or a button, for which there is no standard capability."""

    kind: ValueKind
    name: str = ""
    """What users see."""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    device_class: str = ""
    """Home Assistant's name for the quantity."""
    total: bool = False
    """Whether it is a counter: it only grows, or begins again at 0."""
    diagnostic: bool = False
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    """For a choice: its words, by the device's values."""
    reading: ValueReading | None = None
    optional: bool = False
    """Whether a device may lack it: then there is no entity for it."""
    assumed: bool = False
    """Whether it is not read: its value is what was sent last."""
    set: tuple[Sending, ...] = ()
    """What is sent to change it, with `{value}`; for a button, what is sent when it is pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityText:
    """A standard capability of a component: what its attributes are read from, what is sent."""

    id: str
    """Such as `switchLevel`."""
    attributes: Mapping[str, ValueReading] = field(default_factory=dict[str, ValueReading])
    """By the attribute's name in the vocabulary's spelling, such as `level`."""
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Attributes that never change, such as the supported modes, with their values."""
    optional: frozenset[str] = frozenset()
    """The attributes that a device may lack; if it lacks all that are read, then all of this."""
    commands: Mapping[str, tuple[Sending, ...]] = field(
        default_factory=dict[str, tuple[Sending, ...]]
    )
    """What is sent for each command, in order, such as `setLevel` with `{level}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentText:
    """A component, with what it can do."""

    name: str = ""
    child: bool = False
    """Whether it is shown as a device of its own."""
    category: str = ""
    optional: bool = False
    """Whether a device may lack it: it has it once anything of it was read."""
    capabilities: tuple[CapabilityText, ...] = ()
    own: Mapping[str, OwnAttribute] = field(default_factory=dict[str, OwnAttribute])
    """What it has besides, by a name in camelCase that is stored with entities."""

    @property
    def is_read(self) -> bool:
        """Whether anything of it is read."""
        is_own_read = any(each.reading is not None for each in self.own.values())
        return is_own_read or any(each.attributes for each in self.capabilities)
