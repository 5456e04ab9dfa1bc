"""Writes how messages are recognized: kinds of messages, refusals, logins."""

from collections.abc import Iterator
import re

from ...declarative.compiling.options import OF_MESSAGES, messages_of
from ...declarative.compiling.plan import Plan
from ...declarative.description import MessageKind
from ...declarative.places import Path
from .asking import AskWriter
from .comparing import ComparisonWriter
from .emits import EmitWriter
from .fills import Substitutes
from .names import Names
from .python_text import text_in, value_in
from .refusal import UnwritableError
from .refusals import RefusalWriter
from .sendings import SendingWriter
from .source_file import SourceFile


class MessageWriter:
    """Writes `on_message`, and the methods that ask, log in and recognize refusals."""

    def __init__(
        self,
        plan: Plan,
        file: SourceFile,
        emits: EmitWriter,
        requests: SendingWriter,
        *,
        comparison: ComparisonWriter,
        names: Names,
    ) -> None:
        """Take the plan of the description."""
        self._names = names
        self._comparison = comparison
        self._description = plan.description
        self._plan = plan
        self._file = file
        self._emits = emits
        self._requests = requests

    def lines(self, settings: Substitutes) -> Iterator[str]:
        """Yield the lines of the methods."""
        yield from AskWriter(self._plan, self._file, self._requests).lines(settings)
        if self._requests.is_http:
            yield from self._on_callback()
        if self._description.talks != "http":
            yield from self._on_message()

    def recognizers(self) -> Iterator[str]:
        """Yield the functions for the kinds of messages that answer something."""
        for name, kind in self._description.messages.items():
            if f"is_{name}" in self._used:
                condition = self._condition(("messages", name), kind, "message", name)
                refused = " or bool(refusal(message))" if self._requests.has_refusal else ""
                yield (
                    f"def is_{name}(message: Any) -> bool:\n"
                    f'    """Return whether a message is the answer to `{name}`."""\n'
                    f"    return {condition}{refused}"
                )
        refusal, denied = self._description.refused, self._denied
        form = "response" if self._requests.is_http else ""
        refusals = RefusalWriter(self._file, self._emits.readings, form)
        if self._requests.has_refusal and refusal is not None:
            yield refusals.written("refusal", refusal, ("refused",))
        if denied is not None:
            yield refusals.written("denial", denied, ("login", "refused"))

    @property
    def _denied(self) -> MessageKind | None:
        """What refuses the login, by the answers to all requests or to those that log in."""
        exchange = self._description.login_exchange
        return self._description.login_refused if exchange is None else exchange.refused

    _used: frozenset[str] = frozenset()

    def note_used(self, text: str) -> None:
        """Note which functions of `recognizers` a text uses."""
        names = (f"is_{name}" for name in self._description.messages)
        self._used = frozenset(name for name in names if re.search(rf"\b{name}\b", text))

    # what is received

    def _on_message(self) -> Iterator[str]:
        talks = self._description.talks
        kinds = {"lines": "str", "sse": "Sse.Event", "json_rpc": "JsonRpc.Message"}
        blocks = list(self._replies() if talks == "json_rpc" else self._kinds())
        if blocks:
            yield f"\n    def on_message(self, message: {kinds.get(talks, 'Any')}) -> None:"
            yield from blocks

    def _on_callback(self) -> Iterator[str]:
        """Yield the method for what a device posts to the hub: JSON, or the fields of a query."""
        posted = [each for each in self._plan.kinds if not each.event]
        if not posted:
            return
        yield f"\n    def on_callback(self, request: {self._file.uses('CallbackRequest')}) -> None:"
        yield from self._comparison.posted()
        yield "        message: Any = request.json() if request.body else dict(request.query)"
        for source in posted:
            kind, path = self._description.messages[source.name], ("messages", source.name)
            readings = (each.reading for each in self._emits.of(source.name))
            if kind.when is None or not all(each.path for each in (kind.when, *readings)):
                raise UnwritableError(path, "what a device posts, unless it is JSON")
            yield f"        if {self._condition(path, kind, 'message', source.name)}:"
            yield from self._taken(path, kind, source.name, "message")

    def _kinds(self) -> Iterator[str]:
        for source in self._plan.kinds:
            if self._requests.is_http and not source.event:
                continue  # it is posted
            kind, path = self._description.messages[source.name], ("messages", source.name)
            if kind.pattern:
                self._check_text(path)
                pattern = self._file.pattern(source.name, kind.pattern)
                yield f"        if match := {pattern}.fullmatch(message):"
            else:
                yield f"        if {self._condition(path, kind, 'message', source.name)}:"
            content = "message"
            if kind.event:
                is_json = all(each.reading.path for each in self._emits.of(source.name))
                content = f"message.{'json()' if is_json or kind.within else 'data'}"
            yield from self._taken(path, kind, source.name, content)

    def _taken(self, path: Path, kind: MessageKind, name: str, content: str) -> Iterator[str]:
        """Yield the lines that take what a message of a kind says; `content` is an expression."""
        part = self._emits.readings.part(path, kind.within, content)
        is_name, variable = part == "message", self._names.variable(name)
        lines = [*self._emits.lines(name, part if is_name else variable, partly=True)]
        if kind.refresh:  # first: what it says of values may be of another shape
            yield "            self.refresh_soon(retry=True)"
        if lines and not is_name:
            yield f"            {variable}: Any = {part}"
        yield from (f"            {line}" for line in lines)

    def _replies(self) -> Iterator[str]:
        """Yield how the replies and notifications of JSON-RPC are read."""
        description = self._description
        yield from self._refreshing()
        for name in self._emits.sources():
            request, kind = description.requests.get(name), description.messages.get(name)
            methods = [request.sending.call] if request is not None else []
            methods += [kind.event] if kind is not None and kind.event else []
            variable, is_read = self._names.variable(name), name not in self._plan.described_by
            lines = [*self._emits.lines(name, variable)] if is_read else []
            if not methods or not self._emits.of(name):
                continue
            if kind is not None and not kind.event:
                raise UnwritableError(("messages", name), "a notification without its method")
            known = ", ".join(map(text_in, dict.fromkeys(methods)))
            yield f"        if message.method in {{{known}}}:"
            yield "            partly = not message.is_reply"
            yield f"            {variable}: Any = {self._value(name)}"
            for line in lines:
                is_value = line.startswith(("self.emit_field(", "self.report("))
                yield (
                    f"            {line[:-1]}, unchanged=partly)"
                    if is_value
                    else f"            {line}"
                )

    def _value(self, name: str) -> str:
        """Return the expression for what is read of a reply or notification of JSON-RPC."""
        request = self._description.requests.get(name)
        kind = self._description.messages.get(name)
        parts = {
            where: self._emits.readings.part((where, name), source.within, "message.value")
            for where, source in (("requests", request), ("messages", kind))
            if source is not None
        }
        if len({*parts.values()}) > 1:
            return f"{parts['requests']} if message.is_reply else {parts['messages']}"
        return next(iter(parts.values()))

    def _refreshing(self) -> Iterator[str]:
        """Yield what has the device read anew by notifications of JSON-RPC."""
        for kind in self._description.messages.values():
            if kind.refresh:
                method = text_in(kind.event)
                yield f"        if not message.is_reply and message.method == {method}:"
                yield "            self.refresh_soon(retry=True)"

    def _condition(self, path: Path, kind: MessageKind, message: str, name: str) -> str:
        """Return the condition by which a kind of messages is recognized."""
        if kind.event:
            return f"{message}.type == {text_in(kind.event)}"
        if kind.begins:
            data = self._emits.readings.as_form((*path, "begins"), "binary", message)
            return f"{data}.startswith({value_in(kind.begins)})"
        if kind.pattern:
            self._check_text(path)
            return f"{self._file.pattern(name, kind.pattern)}.fullmatch({message}) is not None"
        assert kind.when is not None  # noqa: S101  # one of them is there
        value = self._emits.readings.value((*path, "when"), kind.when, message)
        if kind.when.conversion.map or kind.when.conversion.template:
            raise UnwritableError((*path, "when"), "a value that is converted to recognize it")
        if not kind.equals:
            return f"{value} is not None"
        is_text = self._emits.readings.is_text(kind.when)
        text = value if is_text else f"{self._file.uses('text_of')}({value})"
        return f"{text} == {text_in(kind.equals)}"

    def _check_text(self, path: Path) -> None:
        talks = self._description.talks
        is_text = talks == "lines" or (
            talks in OF_MESSAGES and messages_of(self._description) == "text"
        )
        if not is_text:
            raise UnwritableError(
                (*path, "pattern"), "a pattern of a whole message that is no text"
            )
