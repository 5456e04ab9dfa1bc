"""The names of a written file: of capabilities, their members, methods and constants."""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
import keyword
from typing import Any

from ...capabilities.definition import Attribute, Capability, Command
from ...capabilities.spelling import uncamel
from ...declarative import Description
from ...driver.driver import Driver
from .python_text import class_name, member_name
from .small_functions import HELPERS
from .source_file import SourceFile


@dataclass(slots=True)
class Names:
    """The names of one written file."""

    description: Description
    file: SourceFile
    own: dict[type[Capability], str] = field(default_factory=dict[type[Capability], str])
    """The names of the classes of its own capabilities."""
    words: dict[tuple[Any, ...], tuple[str, type[Any]]] = field(
        default_factory=dict[tuple[Any, ...], "tuple[str, type[Any]]"]
    )
    """The constants with the words of maps, by their items, each with the type of its keys."""
    methods: dict[str, str] = field(default_factory=dict[str, str])
    """The ids of commands, by the names of their methods."""

    def capability(self, kind: type[Capability]) -> str:
        """Return the name of a capability's class."""
        return self.own.get(kind) or self.file.uses(kind.__name__)

    def add_own(self, component: str, kind: type[Capability]) -> str:
        """Return the name for the class of a component's own capability."""
        device = class_name(self.description.id)
        part = "Values" if component == "main" else class_name(component)
        self.own[kind] = f"{device}{part}"
        return self.own[kind]

    def of_attribute(self, attribute: Attribute[Any]) -> str:
        """Return an attribute as code: `Switch.switch`."""
        owner = attribute.capability
        return f"{self.capability(owner)}.{self._member(owner, attribute, attribute.name)}"

    def member(self, member: Attribute[Any] | type[Capability]) -> str:
        """Return an attribute or a capability as code."""
        if isinstance(member, Attribute):
            return self.of_attribute(member)
        return self.capability(member)

    def of_command(self, command: Command[...]) -> tuple[str, str]:
        """Return the class of a command, and the name of the command in it."""
        owner = command.capability
        return self.capability(owner), self._member(owner, command, command.name)

    def method(self, command: Command[...]) -> str:
        """Return the name of a command's method."""
        owner, member = self.of_command(command)
        is_own = command.capability in self.own
        name = member if is_own and owner.endswith("Values") else f"{_snake(owner)}_{member}"
        reads = {f"read_{request}" for request in self.description.requests}
        is_taken = name in _OWN_METHODS | reads or hasattr(Driver, name)
        name = f"do_{name}" if is_taken else name
        self.methods.setdefault(name, command.id)
        return name if self.methods[name] == command.id else f"{_snake(owner)}_{name}"

    def variable(self, source: str) -> str:
        """Return the name of the variable for what a request or a message says."""
        sources = {*self.description.requests, *self.description.messages}
        taken = _MEANT_ELSEWHERE | {f"is_{name}" for name in self.description.messages}
        name = source
        while name in taken or keyword.iskeyword(name) or (name != source and name in sources):
            name += "_"
        return name

    def map_constant(
        self, attribute: Attribute[Any], words: Mapping[str, Any], *, is_number: bool
    ) -> tuple[str, type[Any]]:
        """Return the constant with the words of an attribute, and the type of its keys.

        `is_number`: the device's values are numbers where they look so.
        """
        known = (attribute.id, *words.items())
        if known not in self.words:
            meant = {key: _meaning(each, attribute) for key, each in words.items()}
            for each in meant.values():
                if isinstance(each, Enum):
                    self.file.uses(type(each).__name__)
            kind: type[Any] = int if is_number and all(map(_is_whole, meant)) else str
            made = {kind(key): each for key, each in meant.items()}
            self.words[known] = (self.file.words(attribute.name, made), kind)
        return self.words[known]

    def values_of(self, listed: object) -> str:
        """Return the words of a constant as code, if they are those that are listed."""
        for items, (constant, _) in self.words.items():
            if isinstance(listed, tuple) and tuple(value for _, value in items[1:]) == listed:
                return f"tuple({constant}.values())"
        return ""

    def _member(self, owner: type[Capability], member: object, name: str) -> str:
        if owner in self.own:
            return member_name(name)
        return next(n for n, each in vars(owner).items() if each is member)


def _is_whole(key: str) -> bool:
    return key.lstrip("-").isdecimal() and str(int(key)) == key


def _meaning(value: Any, attribute: Attribute[Any]) -> Any:
    """Return what a map gives, as the attribute has it."""
    words = attribute.words
    if attribute.schema.type is bool and not isinstance(value, bool):
        is_second = words is not None and value == words[1]
        return is_second or str(value).lower() in {"true", "on", "yes", "1"}
    return attribute.schema.check(value)


def _snake(name: str) -> str:
    return uncamel(name).replace(" ", "_")


_OWN_METHODS = frozenset({"ask", "log_in", "report", "reporting", "told"})
"""The methods of a written driver that are for its own use."""
_LOCAL = {"asyncio", "before", "err", "match", "message", "partly", "re", "request", "self"}
_IMPORTED = {"denial", "id_at", "number", "refusal", "suppress", "word_of"}
_MEANT_ELSEWHERE = frozenset({*_LOCAL, *_IMPORTED, *HELPERS, *dir(builtins)})
"""The names that the methods of a written driver use, beside those of requests and messages."""
