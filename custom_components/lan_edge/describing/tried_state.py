"""What is shown after a command was tried: what the device reports, and what that means."""

from collections.abc import Container, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from homeassistant.helpers.translation import async_get_translations

from lan_edge import DraftThing, ReadNow, ShadeState, ThingKind, TrialAnswer, said_in

from ..const import DOMAIN
from ..reporting.language import async_language
from ..reporting.markdown import as_code, as_plain_markdown
from .learned import part_of
from .noticed import field_of_part, is_word
from .numbers import number_text
from .restless import PlacedField, without
from .session import DescribeSession
from .shown import MAX_LINES_SHOWN, answer_block, label_of_reading, readings_of
from .tried_value import missed

MAX_CHANGES_SHOWN = 8
VALUE_STEPS = {ThingKind.COVER: "describe_cover", ThingKind.CLIMATE: "describe_climate"}
"""The steps for the values of things that are not one value."""


def state_of(
    value: Mapping[str, Any],
    before: Mapping[str, TrialAnswer],
    answers: Mapping[str, TrialAnswer],
    heard: Sequence[TrialAnswer],
    restless: Container[PlacedField],
) -> str:
    """Return what a device reports now; of what is long, the `value` read and what has changed.

    What changes by itself, at the `restless` places, is left out of that.
    """
    shown = "\n".join(map(answer_block, (*answers.values(), *heard)))
    if shown.count("\n") <= MAX_LINES_SHOWN:
        return shown
    readings = readings_of(answers)
    label = label_of_reading(value, readings)
    was = readings_of({name: before[name] for name in answers if name in before})
    steady = readings_of(without(answers, restless)) if was else {}
    changed = [each for each in steady if each not in was and each != label]
    told = [*([label] if label in readings else []), *changed[:MAX_CHANGES_SHOWN]]
    return "\n".join(f"- {as_code(each)}" for each in told) or shown


async def async_meaning(
    session: DescribeSession,
    thing: DraftThing,
    command: str,
    now: dict[str, ReadNow],
    *,
    tried: str,
    was: Mapping[str, ReadNow],
) -> str:
    """Return what entities would show now: what the command changes, and all that is unknown.

    `tried` is the value that it was to set; `was` is what they would have shown before it.
    """
    hass, words = session.flow.hass, await session.words("tried")
    language = await async_language(hass)
    fields = await async_get_translations(hass, language, "config", [DOMAIN])
    step = VALUE_STEPS.get(thing.kind, "describe_state")
    wanted = missed(thing, command, tried, now)
    changed = part_of(thing, command)
    prefix, lines = f"component.{DOMAIN}.config.step.{step}.data.", list[str]()
    for part, each in _told(thing, command, now):
        field = field_of_part(thing, part)
        is_whole = part == "reading" and thing.kind not in VALUE_STEPS
        field_name = as_plain_markdown(fields.get(prefix + field, field))
        name = session.called(thing) if is_whole else field_name
        before = was.get(part) if part == changed else None
        key = _key_of_read(each, before, is_other=bool(wanted and part == changed))
        key = key if not each.problem else "no_word" if is_word(thing, part) else "unknown"
        reason = as_plain_markdown(said_in(each.problem, session.patterns))
        is_as_sent = each.problem or (key == "other" and tried)  # as what was tried is
        value = as_code(each.word if is_as_sent else _text(each.value))
        line = words.get(key, "").replace("{part}", name)
        line = line.replace("{tried}", as_code(wanted)).replace("{value}", value)
        lines.append(f"- {line.replace('{reason}', reason)}")
    return "\n".join(lines)


def _key_of_read(now: ReadNow, was: ReadNow | None, *, is_other: bool) -> str:
    """Return the key of what is said of a value that is read."""
    if is_other:
        return "other"
    return "same" if was is not None and was.value == now.value else "now"


def _told(
    thing: DraftThing, command: str, now: Mapping[str, ReadNow]
) -> Iterator[tuple[str, ReadNow]]:
    parts = {part_of(thing, command)}
    if "reading" in now and now["reading"].value == ShadeState.PAUSED:
        parts.add("level")  # which says then whether it is open
    yield from ((p, each) for p, each in now.items() if p in parts or each.problem)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Enum):
        return str(value.value)
    return number_text(value) if isinstance(value, float) else str(value)
