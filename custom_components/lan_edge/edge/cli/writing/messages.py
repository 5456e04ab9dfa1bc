"""Writes how messages are recognized: kinds of messages, refusals, logins."""

from collections.abc import Iterator

from ...declarative.compiling.options import OF_MESSAGES, messages_of
from ...declarative.compiling.plan import Plan
from ...declarative.description import MessageKind
from ...declarative.places import Path
from .emits import EmitWriter
from .fills import Substitutes
from .python_text import text_in, value_in
from .refusal import UnwritableError
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
    ) -> None:
        """Take the plan of the description."""
        self._description = plan.description
        self._plan = plan
        self._file = file
        self._emits = emits
        self._requests = requests

    def lines(self, settings: Substitutes) -> Iterator[str]:
        """Yield the lines of the methods."""
        if self._requests.is_wrapped:
            yield from self._ask(settings)
        yield from self._log_in(settings)
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
        refusal, denied = self._description.refused, self._description.login_refused
        if self._requests.has_refusal and refusal is not None:
            yield self._refusal("refusal", refusal, ("refused",))
        if denied is not None:
            yield self._refusal("denial", denied, ("login", "refused"))

    _used: frozenset[str] = frozenset()

    def note_used(self, text: str) -> None:
        """Note which functions of `recognizers` a text uses."""
        names = (f"is_{name}" for name in self._description.messages)
        self._used = frozenset(name for name in names if f"match={name}" in text)

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
        yield "        message: Any = request.json() if request.body else dict(request.query)"
        for source in posted:
            kind, path = self._description.messages[source.name], ("messages", source.name)
            readings = (each.reading for each in self._emits.of(source.name))
            if kind.when is None or not all(each.path for each in (kind.when, *readings)):
                raise UnwritableError(path, "what a device posts, unless it is JSON")
            yield f"        if {self._condition(path, kind, 'message', source.name)}:"
            for line in self._emits.lines(source.name, "message", partly=True):
                yield f"            {line}"

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
                content = source.name
                yield f"            {content}: Any = message.{'json()' if is_json else 'data'}"
            for line in self._emits.lines(source.name, content, partly=True):
                yield f"            {line}"

    def _replies(self) -> Iterator[str]:
        """Yield how the replies and notifications of JSON-RPC are read."""
        description = self._description
        for name in self._emits.sources():
            request, kind = description.requests.get(name), description.messages.get(name)
            methods = [request.sending.call] if request is not None else []
            methods += [kind.event] if kind is not None and kind.event else []
            lines = [*self._emits.lines(name, name)] if name not in self._plan.described_by else []
            if not methods or not self._emits.of(name):
                continue
            if kind is not None and not kind.event:
                raise UnwritableError(("messages", name), "a notification without its method")
            known = ", ".join(map(text_in, dict.fromkeys(methods)))
            yield f"        if message.method in {{{known}}}:"
            yield "            partly = not message.is_reply"
            yield f"            {name}: Any = message.value"
            for line in lines:
                is_value = line.startswith(("self.emit_field(", "self.report("))
                yield (
                    f"            {line[:-1]}, unchanged=partly)"
                    if is_value
                    else f"            {line}"
                )

    def _condition(self, path: Path, kind: MessageKind, message: str, name: str) -> str:
        """Return the condition by which a kind of messages is recognized."""
        if kind.event:
            return f"{message}.type == {text_in(kind.event)}"
        if kind.begins:
            return f"{message}.startswith({value_in(kind.begins)})"
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

    # what is refused

    def _refusal(self, name: str, kind: MessageKind, path: Path) -> str:
        """Return the function for the words of a refusal."""
        what = "is a refusal" if name == "refusal" else "refuses the login"
        head = (
            f"def {name}(answer: Any) -> str:\n"
            f'    """Return the words of an answer that {what}; empty for another one."""\n'
        )
        if kind.pattern:
            pattern = self._file.pattern(name, kind.pattern)
            text = "answer.text()" if self._requests.is_http else "answer"
            return (
                f"{head}    match = {pattern}.fullmatch({text}.strip())\n"
                f'    return {"match[1]" if "(" in kind.pattern else "match[0]"} if match else ""'
            )
        if kind.when is None:
            raise UnwritableError(path, "a refusal by its beginning")
        answer = "answer.json()" if self._requests.is_http else "answer"
        value = self._emits.readings.value(path, kind.when, answer)
        is_text = self._emits.readings.is_text(kind.when)
        text = value if is_text else f"{self._file.uses('text_of')}({value})"
        if words := kind.when.conversion.map:
            constant = self._file.words(f"{name}_words", dict(words))
            return f'{head}    return {constant}.get({text}, "")'
        if kind.equals:
            is_it = f"words == {text_in(kind.equals)}"
            return f'{head}    words = {text}\n    return words if {is_it} else ""'
        text = self._file.uses("text_of")
        return f'{head}    refused = {value}\n    return {text}(refused) if refused else ""'

    def _ask(self, settings: Substitutes) -> Iterator[str]:
        """Yield the method by which everything is asked."""
        talks, refused = self._description.talks, self._requests.has_refusal
        ask = "request" if self._requests.is_http else "call" if talks == "json_rpc" else "ask"
        first = {"request": "method: str, path: str, *more", "call": "method: str, *more"}
        arguments = first.get(ask, "message")
        given = arguments.replace(": str", "")
        what = "Send a request, and return its answer"
        yield f"\n    async def ask(self, {arguments}: Any, **how: Any) -> Any:"
        yield f'        """{what}{"; raise RefusedError" if refused else ""}."""'
        query = self._description.login.get("query", {}) if self._requests.is_http else {}
        if query:
            fields = self._requests.fields(("login", "query"), query, settings)
            yield f'        how["query"] = {{**how.get("query", {{}}), **{fields}}}'
        sent = f"await self.io.{ask}({given}, **how)"
        is_denied = self._description.login_refused is not None
        if not (refused or is_denied):
            yield f"        return {sent}"
            return
        yield f"        answer = {sent}"
        if is_denied:
            yield "        if words := denial(answer):"
            yield f"            raise {self._file.uses('CredentialsError')}(words)"
        if refused:
            yield "        if words := refusal(answer):"
            yield f"            raise {self._file.uses('RefusedError')}(words)"
        yield "        return answer"

    def _log_in(self, settings: Substitutes) -> Iterator[str]:
        exchange = self._description.login_exchange
        if exchange is None:
            return
        transport = self._plan.talk.transport.__name__
        yield f"\n    async def log_in(self, io: {self._file.uses(transport)}) -> None:"
        code = settings.code
        names = sorted(self._requests.names_in(exchange.sendings) & code.keys())
        if names:
            yield f"        if not ({' or '.join(code[name] for name in names)}):"
            yield "            return"
        for at, sending in enumerate(exchange.sendings):
            path: Path = ("login", "send", at) if len(exchange.sendings) > 1 else ("login", "send")
            if at and sending.wait:
                self._file.imports("import asyncio")
                yield f"        await asyncio.sleep({sending.wait!r})"
            statement = self._requests.login_step(path, sending, settings)
            yield f"        {statement}"
            if statement.startswith("answer = ") and exchange.refused is not None:
                condition = self._condition(
                    ("login", "refused"), exchange.refused, "answer", "denied"
                )
                yield f"        if {condition}:"
                self._file.uses("text_of")
                yield f"            raise {self._file.uses('CredentialsError')}(text_of(answer))"
