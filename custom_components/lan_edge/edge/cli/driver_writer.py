"""Writes a description as a driver file; `from_description` checks whether that can be done."""

from collections.abc import Iterator
import re
from typing import Any

from ..capabilities.definition import Attribute, Capability, capability
from ..declarative import Description
from ..declarative.compiling.matchers import MATCHER_KINDS
from ..declarative.reading import ValueReading
from .handler_writer import HandlerWriter
from .python_text import text_in, value_in

WRITABLE_TRANSPORTS = {"http": ("Http", "HttpOptions"), "json_rpc": ("JsonRpc", "JsonRpcOptions")}
"""The transports that can be written, with their options."""
TRUTH_CODE = '''
TRUTH = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}


def truth(value: object) -> bool:
    """Return what a word, a number or a boolean of the device means."""
    return word_of(TRUTH, str(value).lower())
'''


class DriverWriter:
    """Writes the driver of one description."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self._is_http = description.talks == "http"
        self._names = {"Driver", "Profile", "register", *WRITABLE_TRANSPORTS[description.talks][:1]}
        """What the file imports."""
        self._sending = HandlerWriter(description, self._names)

    def text(self) -> str:
        """Return the file."""
        body = "\n".join([*self._head(), *self._reading(), *self._sending.handlers()])
        description = self._description
        how = "HTTP" if self._is_http else "JSON-RPC"
        first = f'"""{description.name}: by {how}, written from its description."""'
        imports = "".join(f"    {name},\n" for name in sorted(self._names, key=_import_order))
        typing = "from typing import Any\n\n" if re.search(r"\bAny\b", body) else ""
        truth = f"{TRUTH_CODE}\n\n" if "truth" in body else "\n\n"
        return f"{first}\n\n{typing}from lan_edge import (\n{imports})\n{truth}{body}\n"

    def _uses(self, name: str) -> str:
        self._names.add(name)
        return name

    # the declarations

    def _head(self) -> Iterator[str]:
        description, transport = self._description, WRITABLE_TRANSPORTS[self._description.talks]
        title = "".join(word.title() for word in description.id.split("_"))
        yield "@register"
        yield f"class {title}(Driver[{transport[0]}]):"
        yield f"    id = {description.id!r}".replace("'", '"')
        yield f"    name = {text_in(description.name)}"
        if description.requirements:
            yield f"    help = {text_in(description.requirements)}"
        if description.found_by:
            found_by = map(self._matcher, description.found_by)
            matchers = "".join(f"        {each},\n" for each in found_by)
            yield f"    discovery = (\n{matchers}    )"
        yield f"    profile = {self._profile()}"
        if description.options:
            options = ", ".join(f"{n}={value_in(v)}" for n, v in description.options.items())
            yield f"    options = {self._uses(transport[1])}({options})"
        if description.poll != -1:
            yield f"    poll = {description.poll!r}"

    def _matcher(self, fields: Any) -> str:
        name = next(each for each in MATCHER_KINDS if each in fields)
        kind, main = MATCHER_KINDS[name]
        given = {main if key == name else key: value for key, value in fields.items()}
        if "request" in given:
            given["request"] = given["request"].encode()
        arguments = ", ".join(f"{key}={value_in(value)}" for key, value in given.items())
        return f"{self._uses(getattr(kind, '__name__', name))}({arguments})"

    def _profile(self) -> str:
        parts: list[str] = []
        for component_id, each in self._description.components.items():
            kinds = [self._capability(text.id) for text in each.capabilities]
            if component_id == "main" and not (each.name or each.child or each.category):
                parts = [*kinds, *parts]
                continue
            more = [f"name={text_in(each.name)}"] if each.name else []
            more += ["child=True"] if each.child else []
            more += [f"category={text_in(each.category)}"] if each.category else []
            listed = ", ".join([f"({', '.join(kinds)},)", *more])
            parts.append(f"{component_id}={self._uses('Component')}({listed})")
        return f"Profile({', '.join(parts)})"

    def _capability(self, capability_id: str) -> str:
        kind: type[Capability] = capability(capability_id) or Capability
        return self._uses(kind.__name__)

    # what is read

    def _reading(self) -> Iterator[str]:
        description = self._description
        if (identity := description.identity) is not None:
            source = self._source(identity)
            asked = self._sending.asked(description.requests[source].sending)
            yield "\n    async def identify(self) -> str:"
            yield f"        reply: Any = {asked}"
            details = [
                f"{name}={self._uses('text_at')}({self._parent('reply', each)}, {_last(each)})"
                for name, each in description.details.items()
                if self._source(each) == source
            ]
            if details:
                yield f"        self.describe({', '.join(details)})"
            steps = ", ".join(text_in(part) for part in identity.path.split("."))
            yield f"        return {self._uses('id_at')}(reply, {steps})"
        yield from self._refresh()

    def _refresh(self) -> Iterator[str]:
        description = self._description
        emits = {name: list(self._emits(name)) for name in self._sources()}
        yield "\n    async def refresh(self) -> None:"
        asked = [name for name in description.requests if emits.get(name)]
        for name in asked:
            request = description.requests[name]
            if request.optional:
                yield f"        {name} = await self.optional(self.read_{name}, {self._of(name)})"
                yield from (f"        {line}" for line in emits[name])
            elif self._is_http:
                reply = self._sending.asked(request.sending, as_text=self._is_text(name))
                yield f"        {name}: Any = {reply}"
                yield from (f"        {line}" for line in emits[name])
            else:
                yield f"        {self._sending.asked(request.sending)}"
        if not asked:
            yield "        pass"
        for name in asked:
            if description.requests[name].optional:
                yield f"\n    async def read_{name}(self) -> Any:"
                yield f"        return {self._sending.asked(description.requests[name].sending)}"
        if not self._is_http:
            yield from self._on_message(emits)

    def _on_message(self, emits: dict[str, list[str]]) -> Iterator[str]:
        description = self._description
        yield "\n    def on_message(self, message: JsonRpc.Message) -> None:"
        for name, lines in emits.items():
            if not lines:
                continue
            calls = (
                [description.requests[name].sending.call] if name in description.requests else []
            )
            events = [description.messages[name].event] if name in description.messages else []
            methods = ", ".join(map(text_in, dict.fromkeys((*calls, *events))))
            yield f"        if message.method in {{{methods}}}:"
            yield "            partly = not message.is_reply"
            yield f"            {name}: Any = message.value"
            yield from (f"            {line[:-1]}, unchanged=partly)" for line in lines)

    def _sources(self) -> list[str]:
        description = self._description
        return [*dict.fromkeys((*description.requests, *description.messages))]

    def _source(self, reading: ValueReading) -> str:
        return reading.source or self._sources()[0]

    def _is_text(self, name: str) -> bool:
        return any(not r.path for _, _, _, r in self._readings() if self._source(r) == name)

    def _readings(self) -> Iterator[tuple[str, str, str, ValueReading]]:
        """Yield component, capability, attribute's Python name and reading."""
        for component_id, component in self._description.components.items():
            for each in component.capabilities:
                kind = capability(each.id) or Capability
                names = {v.name: n for n, v in vars(kind).items() if v in kind.attributes}
                for name, reading in each.attributes.items():
                    yield component_id, kind.__name__, names[name], reading

    def _emits(self, source: str) -> Iterator[str]:
        for component_id, kind, name, reading in self._readings():
            if self._source(reading) != source:
                continue
            where = "" if component_id == "main" else f", {text_in(component_id)}"
            convert = self._convert(reading, kind, name)
            if not reading.path:
                yield f"self.emit_parsed({kind}.{name}, {source}{where}{convert})"
                continue
            parent = self._parent(source, reading)
            yield f"self.emit_field({kind}.{name}, {parent}, {_last(reading)}{where}{convert})"

    def _convert(self, reading: ValueReading, kind: str, name: str) -> str:
        if words := reading.conversion.map:
            known = ", ".join(f"{text_in(key)}: {value_in(value)}" for key, value in words.items())
            return f", convert=lambda value: {self._uses('word_of')}({{{known}}}, str(value))"
        owner = next(c for c in self._capabilities() if c.__name__ == kind)
        attribute: Attribute[Any] = vars(owner)[name]
        if attribute.schema.type is bool:
            self._uses("word_of")
            return ", convert=truth"
        if attribute.schema.type is float:
            return f", convert={self._uses('number')}"
        if attribute.schema.type is int:
            return f", convert=lambda value: round({self._uses('number')}(value))"
        return ""

    def _capabilities(self) -> Iterator[type[Capability]]:
        for component in self._description.components.values():
            yield from (capability(each.id) or Capability for each in component.capabilities)

    def _parent(self, message: str, reading: ValueReading) -> str:
        *steps, _ = reading.path.split(".")
        if not steps:
            return message
        return f"{self._uses('optional_object')}({message}, {', '.join(map(text_in, steps))})"

    def _of(self, source: str) -> str:
        found = [
            f"{kind}.{name}" for _, kind, name, r in self._readings() if self._source(r) == source
        ]
        return ", ".join(dict.fromkeys(found))


def _import_order(name: str) -> tuple[bool, str]:
    return name.islower(), name


def _last(reading: ValueReading) -> str:
    return text_in(reading.path.rpartition(".")[2])
