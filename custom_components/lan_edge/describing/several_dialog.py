"""The step that adds several values at once which are only shown, as what they seem to be."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import SelectOptionDict

from lan_edge import (
    AnswerField,
    DescriptionDraft,
    DescriptionError,
    DraftThing,
    EdgeError,
    FieldKind,
    ThingKind,
)

from ..flows.entered_address import EnteredAddressError
from ..vol import Optional, Schema
from .cover_form import CONF_SHOWN_AS
from .guess import guess_of
from .kind_words import KindWords
from .pick_list import several_of
from .session import DescribeSession, Problem
from .shown import Readings, field_at, label_of_reading, readings_of
from .thing_form import CONF_CLASS, CONF_FIELD, async_class_options, take_thing
from .value_names import Nameless, names_of

CONF_VALUES = "values"

type _Words = Mapping[ThingKind, Mapping[str, str]]
"""Home Assistant's words for its classes, by the kind of thing."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A value that is not used yet, as the thing that it seems to be."""

    thing: DraftThing
    field: AnswerField
    quantity: str
    """What it measures, or what is on or off, in the user's language; empty: unknown."""

    def label(self, shown: str) -> str:
        """Return what is said of it, after what is shown of its value."""
        seems = ", ".join(filter(None, (self.quantity, self.thing.unit)))
        return f"{shown} → {seems}" if seems else shown

    def nameless(self, kinds: KindWords) -> Nameless:
        """Return what its name is made of."""
        return Nameless(self.quantity, self.field.place, self.field.called, kinds[self.thing.kind])


class SeveralDialog:
    """Asks which values are to be shown."""

    def __init__(self, session: DescribeSession) -> None:
        """Carry out the step for the draft of `session`."""
        self._session = session
        self._found: Mapping[str, _Found] = {}

    async def pick(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of the values that are not used yet are to be shown, and add them."""
        if user_input is None:
            problem = await self._load()
            self._found = await self._values()
            return self._show([], problem or (None if self._found else ({"base": "all_used"}, "")))
        labels = [each for each in user_input.get(CONF_VALUES, ()) if each in self._found]
        if not labels:
            return self._show([], ({CONF_VALUES: "required"}, ""))
        try:
            await self._add([self._found[label] for label in labels])
        except DescriptionError as err:
            return self._show(labels, self._session.faults_problem(err.faults))
        return await self._session.overview()

    async def _load(self) -> Problem | None:
        """Ask the device for its values, unless it was; return why there are none."""
        try:
            await self._session.load_answers()
        except (EdgeError, EnteredAddressError) as err:
            return self._session.request_problem(err)
        return None

    async def _add(self, found: list[_Found]) -> None:
        session = self._session
        draft = DescriptionDraft(deepcopy(session.open.draft.values))
        nameless = [each.nameless(session.kind_words) for each in found]
        taken = [name for _, name in draft.things.values()]
        for each, name in zip(found, names_of(nameless, taken), strict=True):
            each.thing.name = name
            draft.add(each.thing)
        await session.flow.hass.async_add_executor_job(draft.check)
        session.open.draft = draft

    async def _values(self) -> dict[str, _Found]:
        """Return the values that are not used yet, by what is shown of each."""
        answers, words = self._session.answers, await self._words()
        readings = readings_of(answers, _is_offered)
        used = {*self._used(readings)}
        fields = {label: field_at(answers, each) for label, each in readings.items()}
        found = {
            label: _found(label, field, readings, words)
            for label, field in fields.items()
            if field is not None and label not in used
        }
        return _once(found)

    async def _words(self) -> _Words:
        hass, kinds = self._session.flow.hass, (ThingKind.SENSOR, ThingKind.BINARY_SENSOR)
        options = {kind: await async_class_options(hass, kind) for kind in kinds}
        return {
            kind: {each["value"]: each["label"] for each in classes}
            for kind, classes in options.items()
        }

    def _used(self, readings: Readings) -> Iterator[str]:
        """Yield what is shown of the values that the device's things have."""
        draft = self._session.open.draft
        for thing in map(draft.thing, draft.things):
            for each in (thing.reading, thing.level, thing.current, thing.mode):
                yield label_of_reading(each, readings)

    def _show(self, picked: list[str], problem: Problem | None) -> ConfigFlowResult:
        options = [
            SelectOptionDict(value=shown, label=each.label(shown))
            for shown, each in self._found.items()
        ]
        # what is required is preset with the first
        schema = Schema({Optional(CONF_VALUES): several_of(options)})
        return self._session.show("describe_several", schema, {CONF_VALUES: picked}, problem)


def _is_offered(field: AnswerField) -> bool:
    """Return whether a value is one of its own: no part of a text that is offered as a whole."""
    is_part = field.kind in {FieldKind.AFTER, FieldKind.WORD} and bool(field.reading.path)
    return field.value is not None and not is_part


def _once(found: Mapping[str, _Found]) -> dict[str, _Found]:
    """Return each value once: one in a list is found by the name of its item, or by its number."""
    named = {_in_item(each) for each in found.values() if _is_named(each)}
    return {k: each for k, each in found.items() if _is_named(each) or _in_item(each) not in named}


def _is_named(found: _Found) -> bool:
    return "=" in found.field.place


def _in_item(found: _Found) -> tuple[str, ...]:
    """Return which value of which item it is: of which answer, list, and item, and where in it."""
    place, source = found.field.place, str(found.thing.reading.get("from", ""))
    return source, place.partition("[")[0], found.field.called, place.rpartition("]")[2]


def _found(shown: str, field: AnswerField, readings: Readings, words: _Words) -> _Found:
    """Return a value as the thing that it seems to be."""
    is_truth = isinstance(field.value, bool)
    thing = DraftThing(ThingKind.BINARY_SENSOR if is_truth else ThingKind.SENSOR)
    seems = guess_of(thing, field, (), {})
    take_thing(thing, {CONF_FIELD: shown, **seems}, readings)
    quantity = seems.get(CONF_SHOWN_AS if is_truth else CONF_CLASS, "")
    return _Found(thing, field, words[thing.kind].get(quantity, ""))
