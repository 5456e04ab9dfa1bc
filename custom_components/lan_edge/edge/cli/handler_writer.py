"""Writes what a description sends as the code of a driver: its requests and its handlers."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from ..capabilities.arguments import Argument
from ..capabilities.definition import Capability, Command, capability
from ..capabilities.spelling import uncamel
from ..declarative import Description
from ..declarative.sending import Body, Sending
from .python_text import ONE_PLACEHOLDER, filled_in, text_in, words_in_query


class HandlerWriter:
    """Writes the requests and handlers of one description."""

    def __init__(self, description: Description, names: set[str]) -> None:
        """Add what the code imports to `names`."""
        self._description = description
        self._is_http = description.talks == "http"
        self._names = names
        self._optional: set[str] = set()
        """The arguments of the present command that need not be given."""

    def _uses(self, name: str) -> str:
        self._names.add(name)
        return name

    def handlers(self) -> Iterator[str]:
        """Yield the lines of all handlers."""
        commands: dict[tuple[str, str], dict[str, tuple[Sending, ...]]] = {}
        for component_id, component in self._description.components.items():
            for each in component.capabilities:
                for name, sendings in each.commands.items():
                    commands.setdefault((each.id, name), {})[component_id] = sendings
        for (capability_id, name), by_component in commands.items():
            yield from self._handler(capability_id, name, by_component)

    def _handler(
        self, capability_id: str, name: str, by_component: dict[str, tuple[Sending, ...]]
    ) -> Iterator[str]:
        kind = capability(capability_id) or Capability
        command: Command[...]
        member, command = next(
            (n, v) for n, v in vars(kind).items() if v in kind.commands and v.name == name
        )
        arguments = "".join(map(self._argument, command.arguments))
        self._optional = {each.name for each in command.arguments if not each.required}
        method = f"{uncamel(capability_id).replace(' ', '_')}_{member}"
        yield f"\n    @{self._uses('handles')}({self._uses(kind.__name__)}.{member})"
        yield f"    async def {method}(self{arguments}) -> None:"
        if len(by_component) == 1:
            [sendings] = by_component.values()
            yield from (f"        {self.sent(each)}" for each in sendings)
            return
        for at, (component_id, sendings) in enumerate(by_component.items()):
            word = "elif" if at else "if"
            yield f"        {word} self.component == {text_in(component_id)}:"
            yield from (f"            {self.sent(each)}" for each in sendings)

    def _argument(self, argument: Argument) -> str:
        kind = argument.schema.type
        name = self._uses(kind.__name__) if issubclass(kind, Enum) else kind.__name__
        return f", {argument.name}: {name}" + ("" if argument.required else " | None = None")

    def asked(self, sending: Sending, *, as_text: bool = False) -> str:
        """Return the expression that sends a request and awaits what it answers."""
        if not self._is_http:
            return self.sent(sending)
        if sending.method == "GET" and not sending.body.json:
            query = "".join(
                f", {n}={text_in(v)}" for n, v in sending.query.items() if n.isidentifier()
            )
            if len(query.split(", ")) - 1 == len(sending.query):
                how = "get_text" if as_text else "get_json"
                return f"await self.io.{how}({text_in(sending.path)}{query})"
        return f"({self.sent(sending)}).{'text' if as_text else 'json'}()"

    def sent(self, sending: Sending) -> str:
        """Return the expression that sends a request."""
        if not self._is_http:
            given, optional = self._params(sending.params or {})
            return f"await self.io.call({text_in(sending.call)}{given}{optional})"
        parts = [text_in(sending.method), text_in(sending.path)]
        if sending.body != Body():
            body = sending.body
            parts.append(text_in(body.text) if body.json is None else filled_in(body.json))
        if sending.query:
            given = ", ".join(
                f"{text_in(n)}: {words_in_query(v)}" for n, v in sending.query.items()
            )
            parts.append(f"query={{{given}}}")
        if sending.again is not None:
            parts.append(f"again={sending.again}")
        return f"await self.io.request({', '.join(parts)})"

    def _params(self, params: dict[str, Any]) -> tuple[str, str]:
        """Return the params of a call, and those that are left out if they are not given."""
        given, optional = "", ""
        for name, value in params.items():
            found = ONE_PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
            if found and found[1] in self._optional:
                optional += f"{text_in(name)}: {found[1]}, "
            else:
                given += f", {name}={filled_in(value)}"
        if not optional:
            return given, ""
        kept = "{key: value for key, value in given.items() if value is not None}"
        return given, f", **{kept.replace('given', '{' + optional.rstrip(', ') + '}')}"
