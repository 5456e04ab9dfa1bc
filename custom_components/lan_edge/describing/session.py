"""What the dialogs that describe a device share: the draft, the answers, and the overview."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownFlow

from lan_edge import (
    DescriptionError,
    DraftThing,
    EdgeError,
    Fault,
    TrialAnswer,
    TypedError,
    said_in,
)

from ..description_files.checking import fault_text
from ..flows.entered_address import EnteredAddressError
from ..flows.form_errors import form_errors
from ..reporting.language import Patterns, async_patterns, async_words
from ..reporting.markdown import as_plain_markdown, as_plain_text
from ..vol import Schema
from .drafts import async_keep
from .kind_words import KindWords, async_kind_words
from .numbers import number_text
from .open_draft import OpenDraft
from .restless import PlacedField
from .sending_form import IN_FORMS
from .shown import answer_block, count_of, things_list
from .trying import async_try

MAX_FAULTS_SHOWN = 10

type Problem = tuple[Mapping[str, str], str]
"""The errors of a form by field, and their reason."""
type EnteredError = EdgeError | EnteredAddressError


class DescribeSession:
    """The draft that is made, or changed, in the dialog of a flow."""

    def __init__(self, flow: ConfigEntryBaseFlow) -> None:
        """Begin an empty draft."""
        self.flow = flow
        self.open = OpenDraft()
        self.answers: dict[str, TrialAnswer] = {}
        """The last answers, by the names of the requests, and examples of other messages."""
        self._shown = ""
        """The name of the request whose answer is shown."""
        self.heard: list[TrialAnswer] = []
        """What the device sent by itself at the last try."""
        self.since: list[TrialAnswer] = []
        """All messages at the last try since its first request was sent."""
        self.worked: dict[tuple[str, str, str], TrialAnswer] = {}
        """The answers to commands that have worked, by kind and name of the thing, and command."""
        self.restless: set[PlacedField] = set()
        """Where values have changed by themselves."""
        self.is_commanded = False
        """Whether a command was sent: what changes after it may be late."""
        self._is_said_to_post = False
        self.patterns: Patterns = {}
        """What the library says, in the user's language."""
        self.kind_words: KindWords = {}
        """What things without a name are called, in the user's language."""
        self._help: Mapping[str, str] = {}
        """How messages are typed and values picked, in the user's language."""
        self._running: asyncio.Task[Any] | None = None
        self._is_closed = False

    @property
    def posts(self) -> bool:
        """Whether the device posts to a URL that its owner enters in it, and may do only that."""
        return self._is_said_to_post or "posts" in self.open.draft.values

    @posts.setter
    def posts(self, posts: bool) -> None:
        self._is_said_to_post = posts

    async def begin(self) -> None:
        """Learn the language of the user."""
        self.patterns = await async_patterns(self.flow.hass)
        self.kind_words = await async_kind_words(self.flow.hass)
        self._help = await self.words("typing_help")

    async def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of something that lasts; it is cancelled when the dialog is closed."""
        self._running = task = asyncio.create_task(work)
        try:
            return await task
        except asyncio.CancelledError:
            if self._is_closed:
                raise UnknownFlow(self.flow.flow_id) from None
            raise

    @callback
    def close(self) -> None:
        """Cancel what is running, as the dialog was closed."""
        self._is_closed = True
        if self._running is not None:
            self._running.cancel()

    async def ask(
        self,
        requests: Mapping[str, Mapping[str, Any]],
        value: str | float | None = None,
        *,
        is_command: bool = False,
    ) -> dict[str, TrialAnswer]:
        """Send requests in order; return the answers by name, and keep what else was sent.

        `value` is for `{value}` in them; `is_command`: the first one is a command. Raises
        EdgeError or EnteredAddressError.
        """
        trying = async_try(self.flow.hass, self.open, requests, value, is_command=is_command)
        tried = await self.run(trying)
        self.heard, self.since = tried.heard, tried.since
        return tried.answers

    def hear(self, message: TrialAnswer) -> None:
        """Expect messages like one that the device has sent by itself."""
        name = self.open.draft.hear(message, self.answers)
        self.answers.setdefault(name, message)

    async def keep(self) -> None:
        """Keep the draft, so that it is offered when this dialog is closed.

        A secret that was typed into something before it was entered as the login is hidden now.
        """
        self.open.draft.hide_secrets(self.open.settings)
        if self.open.is_changed:
            await async_keep(self.flow.hass, self.open)

    async def load_answers(self) -> None:
        """Send the requests of a draft that were not answered yet; raise EdgeError."""
        requests = self.open.draft.requests
        if missing := {name: each for name, each in requests.items() if name not in self.answers}:
            self.answers |= await self.ask(missing)

    def put_first(self, name: str) -> TrialAnswer:
        """Have the values of an answer at the top where values are picked; return the answer."""
        answer = self.answers[name]
        self.answers = {name: answer, **self.answers}
        return answer

    async def show_answer(self, name: str = "") -> ConfigFlowResult:
        """Show what the device answered to a request; without a name, to the same one again."""
        self._shown = name or self._shown
        answer = self.put_first(self._shown)
        is_first = self._shown == next(iter(self.open.draft.requests), "")
        is_where = is_first and self.open.change is None
        again = "describe_where" if is_where else "describe_requests"
        listen = ["describe_listen"] if self.posts else []
        return self.flow.async_show_menu(
            step_id="describe_answer",
            menu_options=[
                "describe_add",
                *self.several,
                *listen,
                again,
                "describe_overview",
                *self.finish,
            ],
            description_placeholders={
                "answer": answer_block(answer),
                "count": await self.count_of(answer),
            },
        )

    async def count_of(self, answer: TrialAnswer | None) -> str:
        """Return how many values an answer has, and whether they are only the first of them."""
        count = str(count_of(answer))
        if answer is None or answer.data or not answer.has_more_fields:
            return count
        return (await self.words("values"))["first"].replace("{count}", count)

    @property
    def several(self) -> list[str]:
        """The step that adds several values at once, if it is known how they are divided."""
        draft = self.open.draft
        return (
            [] if draft.is_bytes or not (draft.requests or self.answers) else ["describe_several"]
        )

    @property
    def finish(self) -> list[str]:
        """The last step, if it is possible: its form leads to another request, and back."""
        is_possible = self.open.change is None and self.open.draft.things
        return ["describe_finish"] if is_possible else []

    async def overview(self) -> ConfigFlowResult:
        """Show what the device has so far, and offer what can be done."""
        await self.keep()
        draft, change = self.open.draft, self.open.change
        step, options, asked = "describe_overview_empty", list[str](), list[str]()
        if draft.talks in IN_FORMS:
            options = ["describe_add", *self.several]
            change_requests = ["describe_requests"] if draft.requests else []
            asked = ["describe_request", "describe_listen", *change_requests]
        if draft.things:
            step = "describe_overview"
            options += ["describe_edit", "describe_remove"]
        options += asked
        if change is not None:
            step, options = "describe_overview_change", ["describe_save", *options]
        else:
            options.append("describe_where")
            options[:0] = self.finish
        return self.flow.async_show_menu(
            step_id=step,
            menu_options=[*options, "describe_text"],
            description_placeholders={
                "things": things_list(draft, self.kind_words),
                "read": await self._read_every(),
            },
        )

    async def _read_every(self) -> str:
        """Return how often the device is read; empty if it is not polled."""
        draft = self.open.draft
        if not draft.things or (poll := draft.poll) is None:
            return ""
        every = (await self.words("values"))["read_every"]
        return every.replace("{seconds}", number_text(poll))

    def called(self, thing: DraftThing) -> str:
        """Return what a thing is called in a form: by its kind, if it has no name."""
        return as_plain_markdown(thing.name or self.kind_words[thing.kind])

    async def words(self, selector: str) -> dict[str, str]:
        """Return the words of a selector in the user's language."""
        return await async_words(self.flow.hass, selector)

    @property
    def typing(self) -> dict[str, str]:
        """The texts about how a message is typed, and what stands for the new value in it."""
        return self.typing_of(is_bytes=self.open.draft.is_bytes)

    def typing_of(self, *, is_bytes: bool) -> dict[str, str]:
        """Return these texts for messages that are bytes, or not."""
        number, value = ("{number:u8}", "{value:u8}") if is_bytes else ("{number}", "{value}")
        said = self._help.get("type_bytes" if is_bytes else "type_text", "")
        return {"typing": said.replace("{number}", number), "value": value}

    @property
    def login_help(self) -> str:
        """The sentence that the login is added by itself; empty if there is none."""
        return self._help["login_added"] if self.open.draft.values.get("login") else ""

    @property
    def picking(self) -> dict[str, str]:
        """The text about values that are picked, or typed."""
        is_bytes = self.open.draft.is_bytes or any(each.data for each in self.answers.values())
        key = "pick_bytes" if is_bytes else "pick_path"
        return {"picking": self._help.get(key, "")}

    @callback
    def show(
        self,
        step: str,
        schema: Schema,
        suggested: Mapping[str, Any],
        problem: Problem | None = None,
        **texts: str,
    ) -> ConfigFlowResult:
        """Show a form with what was entered, and what is wrong with it."""
        errors, reason = problem or ({}, "")
        return self.flow.async_show_form(
            step_id=step,
            data_schema=self.flow.add_suggested_values_to_schema(schema, suggested),
            errors=dict(errors),
            description_placeholders={"reason": reason, **texts},
        )

    def request_problem(self, error: EnteredError) -> Problem:
        """Return what is wrong with a request that was entered, or what came of it."""
        if isinstance(error, TypedError):
            return {error.field: "value"}, as_plain_text(said_in(error.reason, self.patterns))
        if isinstance(error, DescriptionError):
            return self.faults_problem(error.faults)
        errors, reason = form_errors(error, self.patterns)
        return errors, as_plain_text(reason)

    def faults_problem(self, faults: Sequence[Fault], field: str = "base") -> Problem:
        """Return all that is wrong in a draft, as an error of a form."""
        texts = (fault_text(each, self.patterns) for each in faults[:MAX_FAULTS_SHOWN])
        return {field: "faults"}, " ".join(map(as_plain_text, texts))
