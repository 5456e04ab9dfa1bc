"""One try of a command: it is sent, and the device is read, once more whenever its owner wants."""

from collections.abc import Mapping
from typing import Any

from lan_edge import DraftThing, EdgeError, ReadNow, TrialAnswer

from ..flows.entered_address import EnteredAddressError
from ..flows.form_errors import form_errors
from ..reporting.blank import async_filled
from ..reporting.markdown import as_code, as_plain_markdown
from .command_value import (
    TAKES_VALUE,
    shown_as_sent,
    typed_value,
    with_login,
    without_parameters,
)
from .learned import part_of
from .message_dialog import MAX_HEARD_SHOWN
from .message_form import HTTP
from .noticed import async_noticed
from .refusals import label_of_value, single_values
from .restless import restless_in
from .session import DescribeSession
from .shown import answer_block, once_each
from .success import says_success
from .tried_state import async_meaning, state_of
from .tried_value import async_read_again

COMMAND = "command"
"""The name of the request that is tried."""


class CommandTrial:
    """What came of a command, and what its device is now."""

    def __init__(
        self, session: DescribeSession, thing: DraftThing, command: str, value: str | None
    ) -> None:
        """Take the command of a thing, and the value to try; send nothing yet."""
        self._session = session
        self._thing = thing
        self._command = command
        self._value = value
        self._before: Mapping[str, TrialAnswer] = {}
        """The answers before the command."""
        self._was: Mapping[str, ReadNow] = {}
        """What the thing was before it, as far as the device was read then."""
        self._since: list[TrialAnswer] = []
        """All messages since it was sent."""
        self._answer = TrialAnswer("", ())
        """What the device answered to it."""
        self.heard: list[TrialAnswer] = []
        """What the device sent by itself since then."""
        self.now: dict[str, ReadNow] = {}
        """What the thing would be now."""
        self.texts: dict[str, str] = {}
        """What is said of it."""

    @property
    def can_look_again(self) -> bool:
        """Whether the device is read, or tells something by itself."""
        draft = self._session.open.draft
        return bool(draft.requests) or draft.talks != HTTP

    async def send(self, sending: Mapping[str, Any]) -> None:
        """Send the command, and read the device; raise EdgeError or EnteredAddressError."""
        session = self._session
        is_http = session.open.draft.talks == HTTP
        if is_http and session.open.draft.requests:
            await self._read_before()
        tried = sending if is_http else {"answered": False, **sending}
        requests = {COMMAND: tried, **session.open.draft.requests}
        value = typed_value(self._value, sending)
        session.is_commanded = True
        answers = await session.ask(requests, value, is_command=True)
        answer = self._answer = answers.pop(COMMAND)
        self._before = session.answers
        shown = answer_block(answer) if answer.text else ""
        self.texts |= {"sent": await self._sent(sending, value), "answer": shown}
        await self._take(answers)

    async def _sent(self, sending: Mapping[str, Any], value: str | float | None) -> str:
        """Return what is sent, with the login and with how its body is, in Markdown."""
        draft = self._session.open.draft
        if draft.talks != HTTP:
            return as_code(without_parameters(draft, shown_as_sent(sending, value)))
        line = shown_as_sent(with_login(draft, sending), value)
        login = draft.values.get("login", {})
        tried = await self._session.words("tried")
        said = [tried["with_login"]] if login and "query" not in login else []
        words = await self._session.words("body_kind")
        said += [word for kind, word in words.items() if kind in sending]
        return " ".join([as_code(without_parameters(draft, line)), *(f"({w})" for w in said)])

    def note_worked(self) -> None:
        """Note that its owner says that it has worked: its answer may say so, too."""
        thing = self._thing
        if self._answer.text:
            self._session.worked[thing.kind, thing.name, self._command] = self._answer

    async def look_again(self) -> None:
        """Read the device once more: it may need longer than it was given."""
        session = self._session
        try:
            await self._take(await session.ask(session.open.draft.requests))
        except (EdgeError, EnteredAddressError) as err:
            words = await session.words("tried")
            _, reason = form_errors(err, session.patterns)
            self.texts["meaning"] = words["not_read"].replace("{reason}", as_plain_markdown(reason))

    async def _read_before(self) -> None:
        """Read the device before the command, to know what changes without it."""
        session = self._session
        known = session.answers
        session.answers = known | await session.ask(session.open.draft.requests)
        if not session.is_commanded:
            session.restless |= {*restless_in(known, session.answers)}
        self._was = await async_noticed(session, self._thing)

    async def _take(self, answers: Mapping[str, TrialAnswer]) -> None:
        """Take what the device has answered, and sent by itself; say what that means."""
        session, thing, command = self._session, self._thing, self._command
        session.answers = {**session.answers, **answers}
        self._since += session.since
        latest_first = [*reversed(session.heard), *reversed(self.heard)]
        self.heard = [*reversed(once_each(latest_first))]
        self.now = await async_noticed(session, thing, self._since)
        wanted = (self._value or "").strip() if command in TAKES_VALUE else ""
        if session.open.draft.talks == HTTP:
            again = (session, thing, command, wanted, self.now)
            self.now = await async_read_again(*again)
        answers = {name: session.answers[name] for name in answers}
        heard = self.heard[-MAX_HEARD_SHOWN:]
        value = getattr(thing, part_of(thing, command))
        state = state_of(value, self._before, answers, heard, session.restless)
        texts = {**self.texts, "state": state}
        self.texts = await async_filled(session.flow.hass, texts, nothing=texts)
        said = (session, thing, command, self.now)
        meaning = await async_meaning(*said, tried=wanted, was=self._was)
        self.texts["meaning"] = "\n".join(filter(None, (await self._doubt(), meaning)))

    async def _doubt(self) -> str:
        """Return that the answer looks like a refusal, if it does, as a line of Markdown."""
        values = single_values(self._answer).values()
        doubtful = (each for each in values if says_success(each) is False)
        if (field := next(doubtful, None)) is None:
            return ""
        line = (await self._session.words("tried")).get("doubt", "")
        return f"- {line.replace('{value}', as_code(label_of_value(field)))}"
