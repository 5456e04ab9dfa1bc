"""What is shown of answers and drafts: lists to pick from, and blocks of text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
import json
from typing import Any

from lan_edge import (
    MAIN,
    AnswerField,
    DescriptionDraft,
    FieldKind,
    ThingKind,
    TrialAnswer,
    shown_byte_place,
    shown_request,
)

from ..entities.names import in_words
from ..reporting.markdown import as_code, as_code_block, as_plain_markdown, as_plain_text
from .field_label import field_label
from .kind_words import KindWords
from .typed_reading import typed_reading

WHOLE = "*"
"""What is shown of the whole of an answer that is not there."""
MAX_VALUE_SHOWN = 60
"""Characters of a value in a list."""
MAX_LINES_SHOWN = 16
"""Lines of an answer that are in sight: the choices are below them."""


def answer_block(answer: TrialAnswer) -> str:
    """Return an answer as it came, JSON with line breaks; a long one is folded.

    Of bytes, each line has the place of its first byte, then the bytes, and those that are text.
    """
    if answer.data:
        cut = ["..."] if len(answer.data) > MAX_BYTES_SHOWN else []
        lines = _lines_of_bytes(answer.data[:MAX_BYTES_SHOWN])
        block = as_code_block("\n".join([*lines, *cut]))
        return block if len(answer.data) <= BYTES_IN_SIGHT else _folded(answer.text, block)
    try:
        content = json.loads(answer.text)
        text = json.dumps(content, indent=2, ensure_ascii=False)
        beginning = json.dumps(content, ensure_ascii=False)  # with blanks, where lines can break
    except ValueError, RecursionError:
        text = beginning = answer.text
    block = as_code_block(text)
    return block if block.count("\n") <= MAX_LINES_SHOWN else _folded(beginning, block)


def count_of(answer: TrialAnswer | None) -> int:
    """Return how many values an answer has: of bytes, each is one."""
    return len(answer.data or answer.fields) if answer is not None else 0


def _lines_of_bytes(data: bytes) -> Iterator[str]:
    width = len(str(len(data) - 1))
    in_line = min(len(data), BYTES_IN_LINE)
    for at in range(0, len(data), BYTES_IN_LINE):
        part = data[at : at + BYTES_IN_LINE]
        digits = part.hex(" ").ljust(3 * in_line - 1)
        text = "".join(chr(each) if chr(each) in _AS_THEY_ARE else "·" for each in part)
        yield f"{at:{width}}  {digits}  {text}"


def _folded(text: str, block: str) -> str:
    """Return a block of which only the beginning of its text is seen before it is opened."""
    beginning = escape(as_plain_text(text)[: 2 * MAX_VALUE_SHOWN])
    return f"<details><summary><code>{beginning}…</code></summary>\n\n{block}\n\n</details>"


BYTES_IN_LINE = 8
"""Bytes in a line, which a phone shows without scrolling."""
BYTES_IN_SIGHT = BYTES_IN_LINE * MAX_LINES_SHOWN
MAX_BYTES_SHOWN = 512
"""Bytes of an answer that are shown; there is no value to pick beyond them."""
_AS_THEY_ARE = frozenset(map(chr, range(0x20, 0x7F)))


type Readings = Mapping[str, dict[str, Any]]
"""Where values are, by what is shown of each to pick from."""


def picked(text: str, readings: Readings) -> dict[str, Any]:
    """Return the reading that was picked in a list, or typed."""
    known = readings.get(text)
    return dict(known) if known is not None else typed_reading(text, readings)


def label_of_reading(reading: Mapping[str, Any], readings: Readings) -> str:
    """Return what is shown of where a value is; empty if nothing is known of that."""
    if not reading:
        return ""
    place = DescriptionDraft.place_of(reading)
    for label, each in readings.items():
        if each == place or ("from" not in place and {**each, "from": ""} == {**place, "from": ""}):
            return label
    is_only = {place.get("from")} == {each.get("from") for each in readings.values()}
    source = f"{place['from']}: " if "from" in place and not is_only else ""
    others = {key: value for key, value in place.items() if key != "from"}
    if set(others) == {"path"}:
        return f"{source}{others['path']}"
    if set(others) == {"path", "bit"}:
        return f"{source}{others['path']} bit {others['bit']}"
    if place_of_bytes := shown_byte_place(others):
        return source + place_of_bytes
    return source + (", ".join(f"{key} {value}" for key, value in others.items()) or WHOLE)


def readings_of(
    answers: Mapping[str, TrialAnswer], is_meant: Callable[[AnswerField], bool] = lambda _: True
) -> dict[str, dict[str, Any]]:
    """Return the readings of the values in the answers that may be meant, by what is shown of each.

    The frontend shows what was picked as it is, and not its label, where a text can be typed too.
    """
    several = len(answers) > 1
    return {
        _label(field, name if several else ""): DescriptionDraft.place(name, field)
        for name, answer in answers.items()
        for field in answer.fields
        if is_meant(field)
    }


def field_at(answers: Mapping[str, TrialAnswer], reading: Mapping[str, Any]) -> AnswerField | None:
    """Return the value that a reading selects from the answers; None: it is none of those shown."""
    place = DescriptionDraft.place_of(reading)
    for name, answer in answers.items():
        for field in answer.fields:
            if DescriptionDraft.place(name, field) == {"from": name, **place}:
                return field
    return None


def value_text(value: str | float | bool | None) -> str:
    """Return a value as the device sends it."""
    return value if isinstance(value, str) else json.dumps(value)


def once_each(messages: Iterable[TrialAnswer]) -> list[TrialAnswer]:
    """Return messages without those that are the same as another one."""
    return list({(each.event, each.text): each for each in messages}.values())


def label_of_message(message: TrialAnswer) -> str:
    """Return what is shown of a message in a list: JSON with blanks, where lines can break."""
    try:
        text = json.dumps(json.loads(message.text), ensure_ascii=False)
    except ValueError, RecursionError:
        text = message.text
    said = f"{message.event}: {text}" if message.event else text
    return as_plain_text(said)[: 2 * MAX_VALUE_SHOWN]


def _label(field: AnswerField, source: str) -> str:
    """Return what is shown of a value in the answer to a request, if that has to be said."""
    value = as_plain_text(json.dumps(field.value, ensure_ascii=False))[:MAX_VALUE_SHOWN]
    place = as_plain_text(field.place)
    before = f"{source}: " if source else ""
    match field.kind:
        case FieldKind.WHOLE:
            return before + value
        case FieldKind.WORD | FieldKind.BYTE:
            return f"{before}#{place} = {value}"
        case _:
            called = as_plain_text(field.called)[:MAX_VALUE_SHOWN]
            said = called and called not in field.place and called != field.value
            return field_label(before + place, f"{value} ({called})" if said else value)


_ICONS = {
    ThingKind.SWITCH: "mdi:toggle-switch-variant",
    ThingKind.LIGHT: "mdi:lightbulb",
    ThingKind.SENSOR: "mdi:eye",
    ThingKind.BINARY_SENSOR: "mdi:radiobox-marked",
    ThingKind.NUMBER: "mdi:ray-vertex",
    ThingKind.SELECT: "mdi:format-list-bulleted",
    ThingKind.BUTTON: "mdi:gesture-tap-button",
    ThingKind.TEXT: "mdi:form-textbox",
    ThingKind.COVER: "mdi:window-shutter",
    ThingKind.CLIMATE: "mdi:thermostat",
}
"""Those that Home Assistant has for the kinds: the server does not know the user's language."""


def label_of_thing(place: str, kind: ThingKind, name: str, words: KindWords) -> str:
    """Return what a thing is called: without a name by its place, the main one by its kind."""
    key = place.rpartition(".")[2]
    if name not in {"", key}:
        return name
    return words[kind] if place == MAIN else in_words(key.replace("_", " "))


def things_list(draft: DescriptionDraft, words: KindWords) -> str:
    """Return what a draft has as a list in Markdown, with the fields that only its text shows."""
    rows = [
        f'<ha-icon icon="{_ICONS[kind]}"></ha-icon> '
        + as_plain_markdown(label_of_thing(place, kind, name, words) + _unit_of(draft, place))
        for place, (kind, name) in draft.things.items()
    ]
    return "\n".join(f"- {row}" for row in [*rows, *map(as_code, draft.unlisted)])


def _unit_of(draft: DescriptionDraft, place: str) -> str:
    unit = draft.thing(place).unit
    return f" ({unit})" if unit else ""


def requests_list(draft: DescriptionDraft) -> str:
    """Return by what a draft reads the device, as a list in Markdown."""
    shown = map(shown_request, draft.requests.values())
    return "\n".join(f"- {as_code(f'{each["method"]} {each["path"]}')}" for each in shown)
