"""A described device with standard capabilities: its text is made from these, and its emulator."""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import asdict, is_dataclass
from enum import Enum
from itertools import batched
from typing import Any, NamedTuple, override

import yaml

from lan_edge import (
    Attribute,
    Capability,
    Command,
    Driver,
    compile_description,
    read_description,
)
from lan_edge.capabilities.spelling import uncamel
from tests.emulators.device import Announcer, State
from tests.emulators.json_calls import Call, JsonCallEmulator, read_object
from tests.emulators.listener import Peer

from .homes import HOMES, Capabilities

MOST = 55
"""The homes of one text, which has at most 64 components."""
TEXTS = [dict(batch) for batch in batched(HOMES.items(), MOST, strict=False)]
"""The homes of each text."""


class Told(NamedTuple):
    """A command as it reached the device."""

    command: str
    arguments: dict[str, Any]
    component: str


def component_of(home: str) -> str:
    """Return a home's name as a text can have it."""
    return uncamel(home).replace(" ", "_")


def text_of(homes: dict[str, Capabilities]) -> str:
    """Return the text of a device with these homes, each a component."""
    return yaml.safe_dump(
        {
            "description": 1,
            "id": "puppet",
            "name": "Puppet",
            "talks": "json_rpc",
            "requests": {"id": {"call": "id"}, "values": {"call": "values"}},
            "messages": {"values": {"event": "values"}},
            "identity": {"from": "id", "path": "id"},
            "confirm": "echo",
            "components": {
                component_of(home): dict(_component(home, capabilities))
                for home, capabilities in homes.items()
            },
        },
        sort_keys=False,
    )


def _component(home: str, capabilities: Capabilities) -> Iterator[tuple[str, Any]]:
    yield "name", home
    for capability in capabilities:
        yield capability.id, dict(_capability(component_of(home), capability))


def _capability(component: str, capability: type[Capability]) -> Iterator[tuple[str, Any]]:
    names = {attribute.name for attribute in capability.attributes}
    for attribute in capability.attributes:
        yield attribute.name, {"from": "values", "path": f"{component}.{key_of(attribute)}"}
    for command in capability.commands:
        if command.builtin is None:
            arguments = {each.name: f"{{{each.name}}}" for each in command.arguments}
            params = {"component": component, "arguments": arguments}
            name = f"{command.name}()" if command.name in names else command.name
            yield name, {"call": command.id, "params": params}


def key_of(attribute: Attribute[Any]) -> str:
    """Return the field in which the device reports an attribute."""
    return attribute.id.replace(".", "_")


def driver_of(homes: dict[str, Capabilities]) -> type[Driver[Any]]:
    """Return the driver of the text of these homes."""
    return compile_description(read_description(text_of(homes)))


def as_json(value: Any) -> Any:
    """Return a value of an attribute as the device reports it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [as_json(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(each) for name, each in asdict(value).items()}
    return value


class DescribedPuppet(JsonCallEmulator):
    """The device: it does as it is told, notes each command, and reports what that sets."""

    def __init__(self, commands: Iterable[Command[...]]) -> None:
        super().__init__("127.0.0.1", 0, "puppet-1", "Puppet", announce=False)
        self._commands = {command.id: command for command in commands}
        self._reported = dict[str, dict[str, Any]]()
        self._log = list[Told]()

    @override
    def new_announcer(self) -> Announcer:
        raise NotImplementedError

    @override
    def check(self, state: State) -> None:
        pass

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Call]:
        async for line in peer.lines():
            request = read_object(line) or {}
            yield Call(request["id"], request["method"], request.get("params", {}))

    @override
    def _outcome(self, call: Call) -> tuple[Any, State]:
        match call.method:
            case "id":
                return {"id": self.id}, {}
            case "values":
                return self._reported, {}
        component, arguments = call.params["component"], call.params["arguments"]
        self._log.append(Told(call.method, arguments, component))
        command = self._commands[call.method]
        given = {each.name: arguments.get(each.name) for each in command.arguments}
        for attribute, value in command.effects(given):
            self.report(component, attribute, as_json(value))
        return True, {}

    def report(self, component: str, attribute: Attribute[Any], value: Any) -> None:
        """Report a value."""
        field = {key_of(attribute): value}
        self._reported.setdefault(component, {}).update(field)
        line = self.encode({"method": "values", "params": {component: field}})
        for peer in self.peers:
            peer.send(line)

    @property
    def told(self) -> list[Told]:
        """What it was told since this was asked last."""
        told, self._log = self._log, []
        return told
