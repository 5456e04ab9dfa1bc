"""Writes the login by a request, with whose answer all others are sent."""

from collections.abc import Iterator, Mapping

from ...declarative import Description
from ...declarative.compiling.parameters import secret_parameters
from ...declarative.description import TOKEN, LoginSession
from ...declarative.reading import ValueReading
from ...declarative.sending.building import builder_of
from .fills import Filler, Substitutes
from .python_text import text_in
from .readings import ReadingWriter
from .refusal import UnwritableError
from .sendings import SendingWriter
from .source_file import SourceFile


class SessionWriter:
    """Writes `log_in` for a login that ends, and is made again."""

    def __init__(
        self,
        description: Description,
        file: SourceFile,
        requests: SendingWriter,
        readings: ReadingWriter,
    ) -> None:
        """Take the file that is written."""
        self._description = description
        self._file = file
        self._requests = requests
        self._readings = readings

    def lines(self, settings: Substitutes) -> Iterator[str]:
        """Yield the lines of the method, if there is such a login."""
        if (session := self._description.login_session) is None:
            return
        http, given = self._file.uses("Http"), self._file.uses("HttpSession")
        yield f"\n    async def log_in(self, _io: {http}) -> {given} | None:"
        if condition := self._lacking(session, settings):
            yield f"        if {condition}:"
            yield "            return None"
        asked = self._requests.asked(("login", "session"), session.sending, settings)
        yield f"        answer = {asked}"
        if (reading := session.token) is None:
            yield '        headers = {"Cookie": answer.cookie} if answer.cookie else {}'
            yield f"        return {given}(headers=headers)"
            return
        text_of = self._file.uses("text_of")
        yield f"        value = {self._token(reading, session.header)}"
        yield f'        token = {text_of}(value) if value is not None else ""'
        yield "        if not token:"
        error = self._file.uses("CredentialsError")
        yield f'            raise {error}("the login was answered without a token")'
        if not session.header:
            yield f"        return {given}({self._carried(settings)})"
            return
        by = f"renewed_by={text_in(session.header)}, renew=session_of"
        yield f"\n        def session_of(token: str) -> {given}:"
        yield f"            return {given}({self._carried(settings)}, {by})"
        yield "\n        return session_of(token)"

    def _lacking(self, session: LoginSession, settings: Substitutes) -> str:
        """Return the condition for what the user has to enter, and has not."""
        names = sorted(builder_of(session.sending).names & settings.code.keys())
        parameters, secret = self._description.parameters, secret_parameters(self._description)
        needed = [name for name in names if name in secret and parameters[name].required]
        all_of = (" and " if needed else " or ").join(settings.code[n] for n in needed or names)
        is_several = len(needed or names) > 1
        return f"not {f'({all_of})' if is_several else all_of}" if names else ""

    def _token(self, reading: ValueReading, header: str) -> str:
        conversion, path = reading.conversion, ("login", "token")
        if conversion.map or conversion.template or reading.bytes_at is not None:
            raise UnwritableError(path, "a token that is converted")
        if header and (reading.pattern or reading.word is not None):
            raise UnwritableError(path, "a part of a header")
        if header:
            return f"answer.headers.get({text_in(header)})"
        return self._readings.value(path, reading, "answer", "response")

    def _carried(self, settings: Substitutes) -> str:
        values = Substitutes({**settings.code, TOKEN: "token"}, settings.types)
        ways = self._description.login
        headers: Mapping[str, str] = ways.get("header", {})
        if "bearer" in ways:
            headers = {"Authorization": f"Bearer {ways['bearer']}"}
        parts = {"headers": headers, "query": ways.get("query", {})}
        filler = Filler(self._file)
        written = (
            f"{name}={filler.fields(('login',), texts, values)}"
            for name, texts in parts.items()
            if texts
        )
        return ", ".join(written)
