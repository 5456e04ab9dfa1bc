"""The steps for the commands of a thing: what is sent, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import BooleanSelector, TextSelector

from lan_edge import DraftThing, EdgeError, ThingKind

from ..flows.entered_address import EnteredAddressError
from ..vol import Optional, Required, Schema
from .command_trial import CommandTrial
from .command_value import TAKES_VALUE, has_value, place_of_value, still_answered
from .entered_commands import CONF_TRY, CONF_VALUE, EnteredCommands
from .get_body import GetBody
from .heard_dialog import NOTHING_YET, picker_of
from .learned import can_learn, learn, part_of
from .message_form import CONF_MESSAGE, HTTP
from .sending_form import (
    entered_sending,
    place_of,
    sending_fields,
    shown_commands,
    shown_requests,
    shown_sending,
)
from .session import DescribeSession, Problem
from .shown import field_at, value_text
from .tried_state import VALUE_STEPS

CONF_BACK = "back"
_STEPS_OF_HTTP = ("describe_command", "describe_command_value")
"""The steps for a command without a value, and with one."""
_CALLED = {(ThingKind.COVER, "level"): "position"}
"""What users see of a command that is called otherwise, as it is of another kind of thing, too."""
_STEPS_OF_MESSAGES = ("describe_send", "describe_send_value")

type Add = Callable[[], Awaitable[ConfigFlowResult]]


class CommandDialog:
    """Asks for one command after another, and tries each."""

    def __init__(self, session: DescribeSession, add: Add, go_back: Add) -> None:
        """Carry out the steps in `session`; `add` adds the thing that has all its commands.

        `go_back` shows the form before: which value it is.
        """
        self._session = session
        self._add = add
        self._go_back = go_back
        self._thing = DraftThing(ThingKind.SWITCH)
        self._left: list[str] = []
        """The commands that were not asked for yet."""
        self._entered = EnteredCommands()
        self._get_body = GetBody()
        self._trial = CommandTrial(session, self._thing, "on", None)
        """The last try."""

    @property
    def _talks(self) -> str:
        return self._session.open.draft.talks

    async def begin(
        self, thing: DraftThing, known: Mapping[str, Mapping[str, Any]]
    ) -> ConfigFlowResult:
        """Ask for the commands of a thing; those that it has are `known` as the form has them.

        One that it has but that the form cannot show is not asked for.
        """
        unsettled = self._left if thing is self._thing else []
        if thing is not self._thing:
            draft = self._session.open.draft
            self._entered.begin(shown_requests(draft), shown_commands(draft))
        self._thing = thing
        self._entered.know(thing, known)
        settled = thing.commands.keys() - unsettled - known.keys()
        self._left = [name for name in thing.command_names if name not in settled]
        return await self._next()

    async def _next(self) -> ConfigFlowResult:
        return await self.command(None) if self._left else await self._add()

    async def command(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what is sent for a command, and try it."""
        command = self._left[0]
        if user_input is None:
            value = self._value_now(command)
            return await self._show(self._entered.suggested(self._talks, command, value))
        user_input = {place_of(self._talks): "", **user_input}
        is_back = user_input.pop(CONF_BACK, False)
        self._entered.take(command, user_input)
        if is_back:
            return await self._go_back()
        try:
            sending, user_input = self._sending(user_input)
            self._entered.take(command, user_input)
            sending = still_answered(self._thing.commands.get(command), sending)
            self._session.open.draft.note_number(sending)
            self._thing.commands[command] = sending
            self._entered.note_typed(sending, user_input)
            if errors := self._missing(command, user_input, sending):
                return await self._show(user_input, (errors, ""))
            if not user_input[CONF_TRY]:
                return await self._go_on()
            await self._try(sending, user_input.get(CONF_VALUE))
        except (EdgeError, EnteredAddressError) as err:
            return await self._show(user_input, self._session.request_problem(err))
        return await self.tried()

    def _sending(self, user_input: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is sent, and how the form has it: without the secrets in it."""
        draft = self._session.open.draft
        typed = entered_sending(draft, user_input)
        sending = self._session.open.without_secrets(typed)
        shown = shown_sending(draft, sending) if sending != typed else None
        return sending, {**user_input, **(shown or {})}

    def _missing(
        self, command: str, user_input: Mapping[str, Any], sending: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return what is missing in a command, by field: nothing is sent that nobody entered."""
        place = place_of(self._talks)
        if not user_input[place].strip():
            return {place: "required"}
        if command in TAKES_VALUE and not has_value(sending):
            return {place_of_value(user_input): "no_value"}
        if user_input[CONF_TRY] and has_value(sending) and not user_input.get(CONF_VALUE):
            return {CONF_VALUE: "required"}
        if told := self._get_body.problem(user_input):
            return told
        return {place: "filled_in"} if self._entered.is_filled_in(user_input) else {}

    async def _try(self, sending: Mapping[str, Any], value: str | None) -> None:
        """Send a command, then read the device."""
        trial = CommandTrial(self._session, self._thing, self._left[0], value)
        await trial.send(sending)
        self._trial = trial

    async def look_again(self) -> ConfigFlowResult:
        """Read the device once more after a command."""
        await self._trial.look_again()
        return await self.tried()

    async def tried(self) -> ConfigFlowResult:
        """Show what the device answered to a command, and how it is read then."""
        return self._session.flow.async_show_menu(
            step_id="describe_tried",
            menu_options=[
                *(["describe_learn"] if self._can_learn else []),
                "describe_keep",
                *(["describe_look_again"] if self._trial.can_look_again else []),
                "describe_command",
                *([self._value_step] if self._thing.kind.is_read else []),
                *(["describe_command_answered_by"] if self._may_be_another else []),
                "describe_overview",
            ],
            description_placeholders=self._trial.texts,
        )

    @property
    def _value_step(self) -> str:
        return VALUE_STEPS.get(self._thing.kind, "describe_state")

    @property
    def _can_learn(self) -> bool:
        command, now = self._left[0], self._trial.now.get(part_of(self._thing, self._left[0]))
        return can_learn(self._thing, command, self._value(command), now)

    def _value(self, command: str) -> str:
        """Return the value that was tried."""
        return str(self._entered[command].get(CONF_VALUE) or "").strip()

    def learn(self) -> None:
        """Have the word that the device says now mean what it was told to do."""
        if self._can_learn:
            command = self._left[0]
            word = self._trial.now[part_of(self._thing, command)].word
            learn(self._thing, command, self._value(command), word)

    @property
    def _may_be_another(self) -> bool:
        """Whether the device may have sent something by itself before it answered."""
        sending = self._thing.commands.get(self._left[0], {})
        is_numbered = self._talks == HTTP or self._session.open.draft.is_numbered
        return bool(self._trial.heard and sending.get("answered") and not is_numbered)

    async def answered_by(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of what the device sent is the answer to the command, and try it again."""
        session, command = self._session, self._left[0]
        if user_input is None:
            return self._show_answers(NOTHING_YET)
        before = dict(session.open.draft.messages)
        name = session.open.draft.hear(
            self._trial.heard[int(user_input[CONF_MESSAGE])], session.answers
        )
        sending = {**self._thing.commands[command], "answered": name}
        try:
            await self._try(sending, self._entered[command].get(CONF_VALUE))
        except (EdgeError, EnteredAddressError) as err:
            session.open.draft.messages = before
            return self._show_answers(user_input, session.request_problem(err))
        self._thing.commands[command] = sending
        return await self.tried()

    def _show_answers(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        schema = picker_of(self._trial.heard)
        return self._session.show("describe_command_answered_by", schema, suggested, problem)

    async def keep(self) -> ConfigFlowResult:
        """Continue after a command that has worked."""
        self._trial.note_worked()
        return await self._go_on()

    async def _go_on(self) -> ConfigFlowResult:
        self._left.pop(0)
        return await self._next()

    def _value_now(self, command: str) -> str:
        """Return the value that a command would set to what it is; empty if that is not known."""
        reading = getattr(self._thing, part_of(self._thing, command))
        field = field_at(self._session.answers, reading)
        return value_text(field.value) if field is not None else ""

    async def _show(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        command = self._left[0]
        fields: dict[Any, Any] = {Required(CONF_TRY, default=True): BooleanSelector()}
        step, with_value = _STEPS_OF_HTTP if self._talks == HTTP else _STEPS_OF_MESSAGES
        if command in TAKES_VALUE:
            step = with_value
            fields = {Optional(CONF_VALUE): TextSelector(), **fields}
        if self._thing.kind.is_read:
            fields[Required(CONF_BACK, default=False)] = BooleanSelector()
        words = await self._session.words("thing_command")
        called = _CALLED.get((self._thing.kind, command), command)
        texts = {"command": words.get(called, called), **self._session.typing}
        texts["login"] = self._session.login_help
        name = self._session.called(self._thing)
        schema = Schema({**sending_fields(self._talks), **fields})
        return self._session.show(step, schema, suggested, problem, name=name, **texts)
