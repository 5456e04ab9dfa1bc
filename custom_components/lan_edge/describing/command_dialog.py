"""The steps for the commands of a thing: what is sent, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping
import json
import re
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import BooleanSelector, TextSelector

from lan_edge import DraftThing, EdgeError, ThingKind, TrialAnswer

from ..flows.entered_address import EnteredAddressError
from ..reporting.blank import async_filled
from ..reporting.markdown import as_code_block, as_plain_markdown
from ..vol import Optional, Required, Schema
from .heard_dialog import NOTHING_YET, picker_of
from .message_dialog import MAX_HEARD_SHOWN
from .message_form import CONF_MESSAGE, HTTP
from .sending_form import begun_like, entered_sending, sending_fields, suggested_sending
from .session import DescribeSession, Problem
from .shown import (
    MAX_LINES_SHOWN,
    answer_block,
    field_at,
    label_of_reading,
    once_each,
    readings_of,
    value_text,
)

CONF_TRY, CONF_VALUE = "try", "value"
COMMAND = "command"
"""The name of the request that is tried."""
_WITH_VALUE = re.compile(r"\{value\b")
_AS_TEXT = re.compile(r"\{value:(?:ascii|hex)\}")
_TAKES_VALUE = {"set", "level", "temperature", "mode"}
"""The commands that set a value."""
_STEPS_OF_HTTP = ("describe_command", "describe_command_value")
"""The steps for a command without a value, and with one."""
_STEPS_OF_MESSAGES = ("describe_send", "describe_send_value")

type Add = Callable[[], Awaitable[ConfigFlowResult]]


class CommandDialog:
    """Asks for one command after another, and tries each."""

    def __init__(self, session: DescribeSession, add: Add) -> None:
        """Carry out the steps in `session`; `add` adds the thing that has all its commands."""
        self._session = session
        self._add = add
        self._thing = DraftThing(ThingKind.SWITCH)
        self._left: list[str] = []
        """The commands that were not asked for yet."""
        self._entered: dict[str, dict[str, Any]] = {}
        """What was entered for each command."""
        self._before: list[dict[str, Any]] = []
        """What was entered last for the thing before."""
        self._heard: list[TrialAnswer] = []
        """What the device sent by itself at the last try."""
        self._tried: dict[str, str] = {}
        """The texts about the last try."""

    @property
    def _talks(self) -> str:
        return self._session.open.draft.talks

    async def begin(
        self, thing: DraftThing, known: Mapping[str, Mapping[str, Any]]
    ) -> ConfigFlowResult:
        """Ask for the commands of a thing; those that it has are `known` as the form has them.

        One that it has but that the form cannot show is not asked for.
        """
        if thing is not self._thing:
            self._before = list(self._entered.values())[-1:] or self._before
            self._entered = {}
        self._thing = thing
        self._entered = {k: {**each, CONF_TRY: False} for k, each in known.items()} | self._entered
        names = thing.command_names
        self._left = [name for name in names if name in known or name not in thing.commands]
        return await self._next()

    async def _next(self) -> ConfigFlowResult:
        return await self.command(None) if self._left else await self._add()

    async def command(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what is sent for a command, and try it."""
        command = self._left[0]
        if user_input is None:
            return await self._show(self._suggested(command))
        self._entered[command] = user_input
        try:
            sending = entered_sending(self._session.open.draft, user_input)
            sending = _still_answered(self._thing.commands.get(command), sending)
            self._session.open.draft.note_number(sending)
            self._thing.commands[command] = sending
            if not user_input[CONF_TRY]:
                return await self.keep()
            if _WITH_VALUE.search(json.dumps(sending)) and not user_input.get(CONF_VALUE):
                return await self._show(user_input, ({CONF_VALUE: "required"}, ""))
            await self._try(sending, user_input.get(CONF_VALUE))
        except (EdgeError, EnteredAddressError) as err:
            return await self._show(user_input, self._session.request_problem(err))
        return await self.tried()

    async def _try(self, sending: Mapping[str, Any], value: str | None) -> None:
        """Send a command, then read the device."""
        session = self._session
        tried = sending if self._talks == HTTP else {"answered": False, **sending}
        requests = {COMMAND: tried, **session.open.draft.requests}
        answers = await session.ask(requests, _typed(value, sending))
        answer = answers.pop(COMMAND)
        session.answers |= answers
        self._heard = once_each(session.heard)
        heard = self._heard[-MAX_HEARD_SHOWN:]
        texts = {
            "answer": answer_block(answer) if answer.text else "",
            "state": self._state(answers, heard),
        }
        self._tried = await async_filled(session.flow.hass, texts, nothing=texts)

    def _state(self, answers: Mapping[str, TrialAnswer], heard: list[TrialAnswer]) -> str:
        """Return what a device reports now; of what is long, only the value of the thing."""
        shown = "\n".join(map(answer_block, (*answers.values(), *heard)))
        readings = readings_of(answers)
        value = label_of_reading(self._thing.reading, readings)
        is_long = shown.count("\n") > MAX_LINES_SHOWN
        return as_code_block(value) if is_long and value in readings else shown

    async def tried(self) -> ConfigFlowResult:
        """Show what the device answered to a command, and how it is read then."""
        return self._session.flow.async_show_menu(
            step_id="describe_tried",
            menu_options=[
                "describe_keep",
                "describe_command",
                *(["describe_command_answered_by"] if self._may_be_another else []),
                "describe_overview",
            ],
            description_placeholders=self._tried,
        )

    @property
    def _may_be_another(self) -> bool:
        """Whether the device may have sent something by itself before it answered."""
        sending = self._thing.commands.get(self._left[0], {})
        is_numbered = self._talks == HTTP or self._session.open.draft.is_numbered
        return bool(self._heard and sending.get("answered") and not is_numbered)

    async def answered_by(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of what the device sent is the answer to the command, and try it again."""
        session, command = self._session, self._left[0]
        if user_input is None:
            return self._show_answers(NOTHING_YET)
        before = dict(session.open.draft.messages)
        name = session.open.draft.hear(self._heard[int(user_input[CONF_MESSAGE])], session.answers)
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
        schema = picker_of(self._heard)
        return self._session.show("describe_command_answered_by", schema, suggested, problem)

    async def keep(self) -> ConfigFlowResult:
        """Continue after a command."""
        self._left.pop(0)
        return await self._next()

    def _suggested(self, command: str) -> dict[str, Any]:
        """Return what was entered for a command, else that for the one before."""
        if command in self._entered:
            return self._entered[command]
        known = [
            *list(self._entered.values())[-1:],
            *(begun_like(self._talks, each) for each in self._before),
            suggested_sending(self._talks),
        ]
        return {**known[0], CONF_TRY: True, CONF_VALUE: self._value_now(command)}

    def _value_now(self, command: str) -> str:
        """Return the value that a command would set to what it is; empty if that is not known."""
        thing = self._thing
        readings = {"level": thing.level, "mode": thing.mode}
        field = field_at(self._session.answers, readings.get(command, thing.reading))
        return value_text(field.value) if field is not None else ""

    async def _show(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        command = self._left[0]
        fields: dict[Any, Any] = {Required(CONF_TRY, default=True): BooleanSelector()}
        step, with_value = _STEPS_OF_HTTP if self._talks == HTTP else _STEPS_OF_MESSAGES
        if command in _TAKES_VALUE:
            step = with_value
            fields = {Optional(CONF_VALUE): TextSelector(), **fields}
        words = await self._session.words("thing_command")
        texts = {"command": words.get(command, command), **self._session.typing}
        name = as_plain_markdown(self._thing.name or self._session.open.title)
        schema = Schema({**sending_fields(self._talks), **fields})
        return self._session.show(step, schema, suggested, problem, name=name, **texts)


def _still_answered(before: Any, sending: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent with the kind of message that answers it, if that was picked before."""
    known = before.get("answered") if isinstance(before, dict) else None
    return {**sending, "answered": known} if known and sending.get("answered") else sending


def _typed(value: str | None, sending: Mapping[str, Any]) -> str | float | None:
    """Return a value to try as a number, if it is one and is not sent as a text among bytes."""
    if not value:
        return None
    if _AS_TEXT.search(json.dumps(sending)):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number
