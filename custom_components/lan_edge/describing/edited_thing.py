"""A thing that is changed: what the forms show of it, and what they do not, which stays."""

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from functools import partial
from typing import Any

from lan_edge import DescriptionDraft, TrialAnswer

from .choice_lines import NoChoicesError
from .meant_bytes import may_be_of, place_of_number
from .sending_form import entered_sending, shown_sending
from .shown import Readings, label_of_reading, readings_of
from .thing_form import suggested_thing, take_thing


class EditedThing:
    """A thing of a draft that is changed in the forms."""

    def __init__(self, draft: DescriptionDraft, place: str) -> None:
        """Take it from its place in the draft."""
        self.place = place
        self._draft = draft
        self.thing = draft.thing(place)
        self.shown = deepcopy(self.thing)
        """What the forms make of it if nothing is changed in them."""

    def readings(self, answers: Mapping[str, TrialAnswer]) -> dict[str, dict[str, Any]]:
        """Return what can be picked: the values in the answers, and those that it has now."""
        number = place_of_number(self._draft)
        readings = readings_of(answers, partial(may_be_of, self.thing.kind, number))
        thing = self.thing
        for each in (thing.reading, thing.level, thing.current, thing.mode):
            if label := label_of_reading(each, readings):
                readings.setdefault(label, DescriptionDraft.place_of(each))
        return readings

    def suggested_value(self, readings: Readings) -> dict[str, Any]:
        """Return its value as the form has it."""
        suggested = suggested_thing(self.thing, readings)
        with suppress(NoChoicesError):
            take_thing(self.shown, suggested, readings)
        return suggested

    def suggested_commands(self) -> dict[str, dict[str, Any]]:
        """Return its commands as the form has them, without those that it cannot show."""
        suggested = dict[str, dict[str, Any]]()
        for name, sending in self.thing.commands.items():
            if (shown := shown_sending(self._draft, sending)) is not None:
                suggested[name] = shown
                self.shown.commands[name] = entered_sending(self._draft, shown)
        return suggested
