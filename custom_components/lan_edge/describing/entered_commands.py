"""What was entered for the commands of things, and what is in the form of the next one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
import json
import re
from typing import Any

from lan_edge import DraftThing, ThingKind

from .in_common import in_common, path_in_common, without_its_word
from .message_form import CONF_MESSAGE, HTTP
from .request_form import CONF_BODY, CONF_BODY_KIND, CONF_HEADERS, CONF_METHOD, CONF_PATH
from .sending_form import suggested_sending

CONF_TRY, CONF_VALUE = "try", "value"
_OF_THE_TRY = {CONF_TRY, CONF_VALUE}
_COUNTERPARTS: Sequence[Collection[str]] = (("on", "off"), ("open", "close", "stop"))
"""Commands of one thing that mostly differ by a word."""
_SETS_NUMBER = {"level", "temperature"}
"""Commands that set a number, besides that of a number."""
_QUOTED_VALUE = re.compile(r'(?<!\\)"(\{value\})"(?!\s*:)')


class EnteredCommands:
    """What was entered for the commands of one thing after another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._entered: dict[str, dict[str, Any]] = {}
        """What was entered for each command of the thing."""
        self._before: list[dict[str, Any]] = []
        """What was entered last for each of the things before."""
        self._described: list[dict[str, Any]] = []
        """All commands that the device has, as the form shows them."""
        self._paths_read = set[str]()
        """The paths by which the device is read."""
        self._begun: dict[str, Any] = {}
        """What is in the form, though its owner has not entered it for this command."""
        self._typed: dict[str, dict[str, Any]] = {}
        """How each of what is sent was typed: with its blanks, line breaks and quotes."""

    def begin(
        self, requests: Iterable[Mapping[str, Any]], described: Iterable[Mapping[str, Any]]
    ) -> None:
        """Begin another thing of a device with requests that read it, and commands so far."""
        self._before += list(self._entered.values())[-1:]
        self._described = [dict(each) for each in described]
        self._paths_read = {each.get(CONF_PATH, "") for each in requests}
        self._entered = {}

    def know(self, thing: DraftThing, known: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the commands that a thing has, as the form shows them, unless they were entered."""
        shown = {name: {**self._as_typed(thing, name, each)} for name, each in known.items()}
        self._entered = {k: {**each, CONF_TRY: False} for k, each in shown.items()} | self._entered

    def _as_typed(
        self, thing: DraftThing, command: str, known: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return a command as it was typed, if that is known still.

        The new value in JSON has no quotes where it is a number, as it is sent.
        """
        sending = thing.commands[command]
        if (typed := self._typed.get(_key(sending))) is not None:
            return typed
        is_number = command in _SETS_NUMBER or thing.kind is ThingKind.NUMBER
        is_json = bool({"json", "message", "call"} & sending.keys())
        fields = {CONF_BODY, CONF_MESSAGE} if is_number and is_json else set[str]()
        return {
            k: _QUOTED_VALUE.sub(r"\1", each) if k in fields else each for k, each in known.items()
        }

    def take(self, command: str, user_input: dict[str, Any]) -> None:
        """Keep what was entered for a command."""
        self._entered[command] = user_input

    def note_typed(self, sending: Mapping[str, Any], user_input: Mapping[str, Any]) -> None:
        """Keep how what is sent was typed."""
        self._typed[_key(sending)] = {
            key: each for key, each in user_input.items() if key not in _OF_THE_TRY
        }

    def __getitem__(self, command: str) -> dict[str, Any]:
        """Return what was entered for a command."""
        return self._entered[command]

    def suggested(self, talks: str, command: str, value: str) -> dict[str, Any]:
        """Return what was entered for a command, else what is likely to be right for it.

        `value` is what it would set to what it is now.
        """
        self._begun = {}
        if command in self._entered:
            return self._entered[command]
        begun = self._counterpart(command) or self._alike(talks)
        self._begun = {key: each for key, each in begun.items() if key not in _OF_THE_TRY}
        return {**self._begun, CONF_TRY: True, CONF_VALUE: value}

    def is_filled_in(self, user_input: Mapping[str, Any]) -> bool:
        """Return whether a form has only what was in it for another command; True only once."""
        begun, self._begun = self._begun, {}
        keys = {*begun, *user_input} - _OF_THE_TRY
        return bool(begun) and all(
            (user_input.get(k) or None) == (begun.get(k) or None) for k in keys
        )

    def _counterpart(self, command: str) -> Mapping[str, Any]:
        """Return what the command that differs by a word, or several, have in common with one."""
        names = {name for each in _COUNTERPARTS if command in each for name in each}
        known = {name: each for name, each in self._entered.items() if name in names}
        if len(known) == 1:
            return without_its_word(*known.popitem())
        return in_common([*known.values()]) if known else {}

    def _alike(self, talks: str) -> dict[str, Any]:
        """Return only what all commands of the device have in common."""
        known = [*(self._before or self._described), *list(self._entered.values())[-1:]]
        if talks != HTTP or not known:
            return suggested_sending(talks)
        same = {key: known[-1][key] for key in (CONF_METHOD, CONF_BODY_KIND)}
        return {
            CONF_PATH: self._path_of(known),
            CONF_HEADERS: known[-1].get(CONF_HEADERS, []),
            **same,
        }

    def _path_of(self, known: Sequence[Mapping[str, Any]]) -> str:
        """Return the path that all have, if what follows it says what is done; else nothing.

        That is its query, or its body where the device is read by the same path.
        """
        if len(self._entered) > 1:
            return path_in_common([each[CONF_PATH] for each in self._entered.values()])
        paths = {each[CONF_PATH].partition("?")[0] for each in known}
        is_followed = "?" in known[-1][CONF_PATH] or len(known) > 1 or paths <= self._paths_read
        return str(paths.pop()) if len(paths) == 1 and is_followed else ""


def _key(sending: Any) -> str:
    return json.dumps(sending, sort_keys=True)
