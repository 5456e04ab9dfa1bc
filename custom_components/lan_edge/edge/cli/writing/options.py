"""Writes the options of the transport, the login among them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from ...declarative import Description
from ...declarative.compiling.filled import names_used
from ...declarative.compiling.options import OF_MESSAGES, messages_of
from ...declarative.compiling.talks import TALK_BY_WORD
from ...declarative.reading import ValueReading
from ...declarative.walk import LITERAL_OPTIONS
from ...transports import HttpOptions
from .fills import Filler, Substitutes
from .python_text import text_in, value_in
from .readings import ReadingWriter
from .refusal import UnwritableError
from .source_file import SourceFile

_CODECS = {"json": "JsonCodec", "text": "TextCodec", "binary": "PlainCodec"}


class OptionsWriter:
    """Writes the options of one description."""

    def __init__(self, description: Description, file: SourceFile, readings: ReadingWriter) -> None:
        """Take the file that is written."""
        self._description = description
        self._file = file
        self._filler = Filler(file)
        self._readings = readings
        self._kind = TALK_BY_WORD[description.talks].transport.options_type

    @property
    def name(self) -> str:
        """The name of the class of the options."""
        return self._kind.__name__

    def written(self, settings: Substitutes) -> str:
        """Return the options as an expression; empty if they are all as usual."""
        options = ", ".join(f"{name}={code}" for name, code in self._options(settings))
        return f"{self._file.uses(self.name)}({options})" if options else ""

    def _options(self, settings: Substitutes) -> Iterator[tuple[str, str]]:
        description = self._description
        known = {each.name for each in fields(self._kind)} - {"framer", "key", "messages"}
        headers = dict(description.options.get("headers", {}))
        for name, value in description.options.items():
            if name in known and name != "headers":
                yield name, self._option(name, value, settings)
        yield from self._special()
        yield from self._login(headers, settings)

    def _option(self, name: str, value: Any, settings: Substitutes) -> str:
        hints = get_type_hints(self._kind)
        match name:
            case "pace":
                return f"{self._file.uses('Pace')}({_arguments(value)})"
            case "standing":
                return f"{self._file.uses('Standing')}({_arguments(value)})"
            case "tls":
                trust = str(value.get("trust", "pin"))
                given = {key: each for key, each in value.items() if key != "trust"}
                more = f", {_arguments(given)}" if given else ""
                trusted = f"trust={self._file.uses('Trust')}.{trust.upper()}"
                return f"{self._file.uses('Tls')}({trusted}{more})"
            case _ if name in LITERAL_OPTIONS or not any(True for _ in names_used(value)):
                is_bytes = hints[name] is bytes and isinstance(value, str)
                plain = value if name in LITERAL_OPTIONS else _unescaped(value)
                return value_in(plain.encode() if is_bytes else _tuple(plain))
            case _ if isinstance(value, str):
                return self._filler.value(("options", name), value, settings)
            case _:
                raise UnwritableError(("options", name), "a list with placeholders")

    def _special(self) -> Iterator[tuple[str, str]]:
        description, talks = self._description, self._description.talks
        if talks == "frames":
            yield "framer", self._framer(description.options.get("framer", {}))
        if "key" in description.options:
            self._number_of(description.options["key"])
            yield "key", "number_of"
        if talks in {"frames", "udp"}:
            yield "codec", self._file.uses(_CODECS[messages_of(description)])
        elif talks in OF_MESSAGES and (kind := messages_of(description)) != "json":
            yield "messages", text_in(kind)
        if talks == "inbound" and "name" not in description.options:
            yield (
                "name",
                text_in(next((f["calls"] for f in description.found_by if "calls" in f), "")),
            )
        if talks == "lines" and description.refused is not None and description.refused.pattern:
            yield "refused", value_in(description.refused.pattern)

    def _framer(self, text: Mapping[str, Any]) -> str:
        self._file.imports("from functools import partial")
        if "fixed" in text:
            return f"partial({self._file.uses('FixedFramer')}, {text['fixed']})"
        given = {k: bytes.fromhex(v) if k == "start" else v for k, v in text.items()}
        arguments = f", {_arguments(given)}" if given else ""
        return f"partial({self._file.uses('LengthFramer')}{arguments})"

    def _number_of(self, reading: ValueReading) -> None:
        """Write the function for what a request and its answer have in common."""
        value = self._readings.value(("options", "key"), reading, "message")
        self._file.blocks.append(
            "def number_of(message: Any) -> str | None:\n"
            '    """Return the number that an answer has in common with its request, if any."""\n'
            f"    key = {value}\n"
            f"    return {self._file.uses('text_of')}(key) if key else None"
        )

    # logins

    def _login(self, headers: dict[str, str], settings: Substitutes) -> Iterator[tuple[str, str]]:
        description = self._description
        if issubclass(self._kind, HttpOptions) and description.login_refused is not None:
            yield "login_refusal", "denial"
        if description.login_exchange or description.login_session:
            yield "login", "self.log_in"
        is_later = description.login_session is not None
        for way, entered in () if is_later else description.login.items():
            if way in {"basic", "digest"}:
                yield "login", self._user(way, entered, settings)
            elif way != "query":
                headers |= {"Authorization": f"Bearer {entered}"} if way == "bearer" else entered
            elif not issubclass(self._kind, HttpOptions):
                raise UnwritableError(("login", way), "a login in the path of a connection")
        if headers:
            yield "headers", self._headers(headers, settings)

    def _headers(self, headers: Mapping[str, str], settings: Substitutes) -> str:
        written = self._filler.fields(("login",), headers, settings)
        return self._unless_empty(written, "{}", settings, self._description.login)

    def _user(self, way: str, entered: Mapping[str, str], settings: Substitutes) -> str:
        if not issubclass(self._kind, HttpOptions):
            raise UnwritableError(("login", way), "a user name and password of a connection")
        user, password = (
            self._filler.text(("login", way, name), entered[name], settings)
            for name in ("username", "password")
        )
        digest = ", digest=True" if way == "digest" else ""
        login = f"{self._file.uses('Login')}({user}, {password}{digest})"
        return self._unless_empty(login, "None", settings, entered)

    def _unless_empty(self, code: str, otherwise: str, settings: Substitutes, entered: Any) -> str:
        """Return a login that is left out if the user has entered nothing for it."""
        names = [n for n in dict.fromkeys(names_used(entered)) if self._may_be_empty(n)]
        entered_all = all(self._may_be_empty(n) for n in names_used(entered))
        condition = " or ".join(settings.code[name] for name in names)
        return f"{code} if {condition} else {otherwise}" if names and entered_all else code

    def _may_be_empty(self, name: str) -> bool:
        return not self._description.parameters[name].required


def _arguments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value_in(_tuple(value))}" for name, value in values.items())


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unescaped(value: Any) -> Any:
    """Return an option without placeholders, in which braces were written twice."""
    return value.replace("{{", "{").replace("}}", "}") if isinstance(value, str) else value
