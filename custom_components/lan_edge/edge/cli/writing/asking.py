"""Writes the method that asks, and the one that logs in."""

from collections.abc import Iterator

from ...declarative.compiling.plan import Plan
from ...declarative.places import Path
from ...declarative.sending import Sending
from .fills import Substitutes
from .sendings import SendingWriter
from .source_file import SourceFile


class AskWriter:
    """Writes `ask` and `log_in`."""

    def __init__(self, plan: Plan, file: SourceFile, requests: SendingWriter) -> None:
        """Take the plan of the description."""
        self._description = plan.description
        self._plan = plan
        self._file = file
        self._requests = requests

    def lines(self, settings: Substitutes) -> Iterator[str]:
        """Yield the lines of the methods."""
        if self._requests.is_wrapped:
            yield from self._ask(settings)
        yield from self._log_in(settings)

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
        if self._requests.has_login_query:
            query = self._description.login["query"]
            fields = self._requests.fields(("login", "query"), query, settings)
            yield f'        how["query"] = {{**how.get("query", {{}}), **{fields}}}'
        sent = f"await self.io.{ask}({given}, **how)"
        is_denied = self._description.login_refused is not None and not self._requests.is_http
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
        exchange, login = self._description.login_exchange, self._plan.login
        if exchange is None or login is None:
            return
        transport = self._plan.talk.transport.__name__
        yield f"\n    async def log_in(self, io: {self._file.uses(transport)}) -> None:"
        code = settings.code
        needed = [code[name] for name in sorted(login.needed)]
        names = needed or [code[name] for name in sorted(login.names)]
        if names:
            all_of = (" and " if needed else " or ").join(names)
            yield f"        if not {f'({all_of})' if len(names) > 1 else all_of}:"
            yield "            return"
        steps = [*self._login_steps(exchange.sendings, settings)]
        if not self._may_be_refused_by_transport:
            yield from steps
            return
        yield "        try:"
        yield from (f"    {line}" for line in steps)
        yield f"        except {self._file.uses('RefusedError')} as err:"
        yield f"            raise {self._file.uses('CredentialsError')}(str(err)) from err"

    @property
    def _may_be_refused_by_transport(self) -> bool:
        """Whether the transport itself knows what is a refusal."""
        is_line = self._description.talks == "lines" and not self._requests.has_refusal
        return self._description.talks == "json_rpc" or (
            is_line and self._description.refused is not None
        )

    @property
    def _has_denial(self) -> bool:
        exchange = self._description.login_exchange
        return exchange is not None and exchange.refused is not None

    def _login_steps(self, sendings: tuple[Sending, ...], settings: Substitutes) -> Iterator[str]:
        refusals = ["denial"] * (self._has_denial)
        refusals += ["refusal"] * self._requests.has_refusal
        words = " or ".join(f"{each}(answer)" for each in refusals)
        for at, sending in enumerate(sendings):
            path: Path = ("login", "send", at) if len(sendings) > 1 else ("login", "send")
            if at and sending.wait:
                self._file.imports("import asyncio")
                yield f"        await asyncio.sleep({sending.wait!r})"
            statement = self._requests.login_step(path, sending, settings)
            if not statement.startswith("answer = "):
                yield f"        {statement}"
                continue
            if self._has_denial and ", match=" in statement:
                head, _, match = statement.removesuffix(")").partition(", match=")
                either = f"lambda message: {match}(message) or bool(denial(message))"
                statement = f"{head}, match={either})"
            yield f"        {statement}"
            if words:
                yield f"        if words := {words}:"
                yield f"            raise {self._file.uses('CredentialsError')}(words)"
