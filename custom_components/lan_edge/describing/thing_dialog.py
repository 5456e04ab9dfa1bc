"""The steps that add one thing to a description: its kind, and its value."""

from collections.abc import Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from lan_edge import (
    AnswerField,
    DescriptionDraft,
    DescriptionError,
    DraftThing,
    EdgeError,
    ThingKind,
)

from ..flows.entered_address import EnteredAddressError
from ..flows.nothing_picked import NOTHING_PICKED
from ..reporting.markdown import as_plain_text
from ..vol import Optional, Required, Schema
from .choice_lines import NoChoicesError
from .climate_form import CONF_TARGET
from .command_dialog import CONF_BACK, CommandDialog
from .cover_form import range_of_last_cover
from .edited_thing import EditedThing
from .guess import guess_of, range_problem, shown_now, wider_range, without_guess
from .meant_bytes import may_be_of, place_of_number
from .noticed import async_unread
from .numbers import number_text
from .place_form import place_schema
from .quantity import quantity_problem
from .session import DescribeSession, Problem
from .shown import Readings, field_at, picked, readings_of
from .thing_form import (
    CONF_CHOICES,
    CONF_FIELD,
    CONF_MAX,
    CONF_MIN,
    async_class_options,
    suggested_thing,
    take_thing,
    thing_problem,
    thing_schema,
)
from .tried_state import VALUE_STEPS

CONF_KIND, CONF_THING = "kind", "thing"
_NAME_SCHEMA = Schema({Optional(CONF_NAME): TextSelector()})
_ADD_SCHEMA = Schema(
    {
        Optional(CONF_NAME): TextSelector(),
        Required(CONF_KIND): SelectSelector(
            SelectSelectorConfig(
                options=[each.value for each in ThingKind],
                translation_key="thing_kind",
                mode=SelectSelectorMode.LIST,
            )
        ),
    }
)
_NOTHING_YET = dict.fromkeys((CONF_FIELD, CONF_TARGET), NOTHING_PICKED)


class ThingDialog:
    """Asks for one thing after another."""

    def __init__(self, session: DescribeSession) -> None:
        """Carry out the steps for the draft of `session`."""
        self._session = session
        self.commands = CommandDialog(session, self._finish, partial(self.state, None))
        self._thing = DraftThing(ThingKind.SWITCH)
        self._edited: EditedThing | None = None
        """What is changed; None: a thing is added."""
        self._unfinished: DraftThing | None = None
        """What was begun to be added, until it is."""
        self._left_out: DraftThing | None = None
        """What was begun last, but not added: it goes on if the same is added after all."""
        self._entered: dict[str, Any] = {}
        """What was entered for its value."""
        self._guess: dict[str, Any] = {}
        """What the value that is picked seems to be."""
        self._guessed_for = ("", "")
        """The value, and the name, for which that was said, or nothing was to be said."""
        self._readings: Readings = {}
        """The values that can be picked."""
        self._unread: dict[str, Any] = {}
        """What was entered, but cannot be read now; entered again, it is kept."""

    async def edit(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of the things is to be changed."""
        draft = self._session.open.draft
        if user_input is None:
            schema = place_schema(draft, CONF_THING, self._session.kind_words)
            return self._session.show("describe_edit", schema, {})
        self._edited = EditedThing(draft, user_input[CONF_THING])
        self._unfinished = self._left_out = None
        return await self.name(None)

    async def name(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for the name of a thing that is changed."""
        if (edited := self._edited) is None:
            return await self._session.overview()
        if user_input is None:
            return self._show_name(edited.thing.name)
        name = user_input.get(CONF_NAME, "").strip()
        if not name and not edited.thing.kind.is_component:
            return self._show_name("", ({CONF_NAME: "required"}, ""))
        self._thing, self._guess, self._unread = deepcopy(edited.thing), {}, {}
        self._thing.name = name
        if not self._thing.kind.is_read:
            return await self.commands.begin(self._thing, edited.suggested_commands())
        problem = await self._load_answers()
        self._readings = edited.readings(self._session.answers)
        self._entered = edited.suggested_value(self._readings)
        self._guessed_for = (self._entered.get(CONF_FIELD, ""), name)
        return await self._show_state(self._entered, problem)

    def _show_name(self, name: str, problem: Problem | None = None) -> ConfigFlowResult:
        return self._session.show("describe_name", _NAME_SCHEMA, {CONF_NAME: name}, problem)

    async def _load_answers(self) -> Problem | None:
        """Ask the device for its values, unless it was; return why there are none."""
        try:
            await self._session.load_answers()
        except (EdgeError, EnteredAddressError) as err:
            return self._session.request_problem(err)
        return None

    async def add(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask what kind of thing it is."""
        if user_input is None:
            self._left_out, self._unfinished = self._unfinished or self._left_out, None
            return self._show_add({CONF_KIND: ThingKind.SWITCH, CONF_NAME: ""})
        kind, name = ThingKind(user_input[CONF_KIND]), user_input.get(CONF_NAME, "").strip()
        if not name and not kind.is_component:
            return self._show_add(user_input, ({CONF_NAME: "required"}, ""))
        self._begin(kind, name)
        if not kind.is_read:
            return await self.commands.begin(self._thing, {})
        if problem := await self._load_answers():
            return self._show_add(user_input, problem)
        number = place_of_number(self._session.open.draft)
        self._readings = readings_of(self._session.answers, partial(may_be_of, kind, number))
        return await self.state(None)

    def _begin(self, kind: ThingKind, name: str) -> None:
        """Begin a thing, or go on with the same one where it was left."""
        begun, left_out = self._unfinished, self._left_out
        if begun is None and left_out is not None and left_out.name == name:
            begun = left_out
        if begun is None or begun.kind is not kind:
            is_changed, field = self._unfinished is not None, self._entered.get(CONF_FIELD, "")
            self._entered = {CONF_FIELD: field} if is_changed and field else {}
            if kind is ThingKind.COVER:
                self._entered |= range_of_last_cover(self._session.open.draft)
            begun, self._guess, self._guessed_for = DraftThing(kind), {}, ("", "")
        begun.name, begun.commands = name, {}  # the commands are shown once more
        self._thing = self._unfinished = begun
        self._edited, self._unread = None, {}

    def _show_add(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        return self._session.show("describe_add", _ADD_SCHEMA, suggested, problem)

    async def state(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which value it is, and what that means.

        What it seems to be is shown once more, for the user to correct.
        """
        if user_input is None:
            return await self._show_state(self._entered)
        if user_input.pop(CONF_BACK, False):
            return self._back(user_input)
        field = self._field(user_input)
        others = [f for each in self._session.answers.values() for f in each.fields]
        about = (user_input.get(CONF_FIELD, ""), self._thing.name)
        if about != self._guessed_for:
            self._guessed_for = about
            user_input = without_guess(user_input, self._guess)
            self._guess = guess = guess_of(self._thing, field, others, user_input)
        else:
            guess = wider_range(self._thing, field, others, user_input, self._guess)
            self._guess |= guess
        if guess:
            self._entered = {**user_input, **guess}
            return await self._show_state(self._entered, is_guess=True)
        self._entered = user_input
        if problem := await self._take(user_input, field):
            return await self._show_state(user_input, problem)
        known = self._edited.suggested_commands() if self._edited is not None else {}
        return await self.commands.begin(self._thing, known)

    def _back(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        """Show the name once more; what was entered for the value stays."""
        self._entered = user_input
        return self._show_add({CONF_KIND: self._thing.kind, CONF_NAME: self._thing.name})

    async def _take(self, user_input: dict[str, Any], field: AnswerField | None) -> Problem | None:
        """Take what was entered for a value; return what is wrong with it."""
        if errors := thing_problem(self._thing, user_input, self._readings):
            return errors, ""
        kind = self._thing.kind
        if problem := quantity_problem(kind, user_input) or range_problem(kind, field, user_input):
            return problem
        try:
            take_thing(self._thing, user_input, self._readings)
        except NoChoicesError as err:
            return {CONF_CHOICES: "choices"}, as_plain_text(str(err))
        shown = self._edited.shown if self._edited is not None else None
        unread = await async_unread(self._session, self._thing, shown)
        was_told, self._unread = user_input == self._unread, dict(user_input) if unread else {}
        return None if was_told else unread

    async def learn(self) -> ConfigFlowResult:
        """Take the word that the device has used for what it was told to do, and go on."""
        self.commands.learn()
        self._entered |= suggested_thing(self._thing, self._readings)
        return await self.commands.keep()

    async def _show_state(
        self,
        suggested: Mapping[str, Any],
        problem: Problem | None = None,
        *,
        is_guess: bool = False,
    ) -> ConfigFlowResult:
        session, kind = self._session, self._thing.kind
        classes = await async_class_options(session.flow.hass, kind)
        fields = dict(thing_schema(kind, list(self._readings), classes).schema)
        if self._edited is None:
            fields[Required(CONF_BACK, default=False)] = BooleanSelector()
        name = session.called(self._thing)
        step = VALUE_STEPS.get(kind, "describe_state")
        suggested = {**_NOTHING_YET, **suggested}
        texts = {"name": name, **session.picking}
        if is_guess:
            step = "describe_guess"
            texts["now"] = shown_now(self._field(suggested), suggested)
        if is_guess and kind is ThingKind.NUMBER:
            step = "describe_guess_number"
            texts |= {key: number_text(suggested[key]) for key in (CONF_MIN, CONF_MAX)}
        return session.show(step, Schema(fields), suggested, problem, **texts)

    def _field(self, user_input: Mapping[str, Any]) -> AnswerField | None:
        """Return the value that was picked, None if a path was entered instead."""
        reading = picked(user_input.get(CONF_FIELD, ""), self._readings)
        return field_at(self._session.answers, reading)

    async def _finish(self) -> ConfigFlowResult:
        """Add the thing that has all it needs."""
        session = self._session
        draft = DescriptionDraft(deepcopy(session.open.draft.values))
        if self._edited is None:
            draft.add(self._thing)
        else:
            draft.change(self._edited.place, self._edited.shown, self._thing)
        try:
            await session.flow.hass.async_add_executor_job(draft.check)
        except DescriptionError as err:
            return await self._show_again(self._session.faults_problem(err.faults))
        session.open.draft, self._unfinished, self._left_out = draft, None, None
        return await session.overview()

    async def _show_again(self, problem: Problem) -> ConfigFlowResult:
        """Show what was entered for a thing that cannot be used like that."""
        if self._thing.kind.is_read:
            return await self._show_state(self._entered, problem)
        if self._edited is not None:
            return self._show_name(self._thing.name, problem)
        return self._show_add({CONF_KIND: self._thing.kind, CONF_NAME: self._thing.name}, problem)
