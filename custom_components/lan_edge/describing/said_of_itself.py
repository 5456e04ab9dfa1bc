"""Which value in the answers seems to be the firmware, the MAC address or the ID of a device."""

from collections.abc import Callable, Collection, Mapping
import re
from typing import Any

from lan_edge import AnswerField, DescriptionDraft, TrialAnswer

type Rank = Callable[[list[str], AnswerField], int | None]
"""How much a value seems to be it, by the words of its place: 0 the most; None: it is not."""

_PLACE_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VERSION_WORDS = {"firmware", "fw", "fwv", "ver", "version"}
_OTHER_VERSIONS = {
    "api",
    "app",
    "available",
    "cfg",
    "config",
    "configuration",
    "hardware",
    "hw",
    "latest",
    "new",
    "protocol",
    "schema",
}
"""Words of versions that are not that of the firmware in use."""
_VERSION_TEXT = re.compile(r"\D{0,16}\d+(?:\.\w+)+.*", re.DOTALL)
_COUNT_TEXT = re.compile(r"\s*\d+\s*")
_MAC_WORD = re.compile(r"\w*mac(?:addr(?:ess)?|id)?|hw(?:addr|address)")
_OTHER_MACS = {"ap", "bssid", "gateway", "gw", "peer", "router"}
"""Words of MAC addresses that are those of other devices."""
_MAC_TEXT = re.compile(r"\s*(?:[0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}\s*")
_SERIAL_WORD = re.compile(r"\w*serial(?:no|num|nr|number)?|sn")
_SERIAL_TEXT = re.compile(r"\s*+(?=\D*\d)[\w.:-]{5,64}\s*")
_UNIQUE_WORDS = {"guid", "udn", "uuid"}
_NAME_FIELDS = ("friendlyname", "devicename", "name", "hostname")
"""What the name that the owner of a device has given it is called; the first is the best."""
_LABEL = re.compile(r"\s*+(?=.*[A-Za-z])\S.{1,39}\s*")
"""The name of a model, or of a maker."""


def rank_as_firmware(words: list[str], field: AnswerField) -> int | None:
    """Rank a value as the version of the firmware: a bare number may be a counter."""
    if words[-1:] == [] or words[-1] not in _VERSION_WORDS or _OTHER_VERSIONS & {*words}:
        return None
    if isinstance(field.value, bool) or field.value is None:
        return None
    text = str(field.value)
    return 0 if _VERSION_TEXT.fullmatch(text) else 2 if _COUNT_TEXT.fullmatch(text) else 1


def rank_as_mac(words: list[str], field: AnswerField) -> int | None:
    """Rank a value as the MAC address; in a list, it may be that of another device."""
    text = field.value
    if not isinstance(text, str) or not _MAC_TEXT.fullmatch(text) or _OTHER_MACS & {*words}:
        return None
    if any(map(_MAC_WORD.fullmatch, words)):
        return int("[" in field.place)
    is_written_so = not {":", "-"}.isdisjoint(text)
    return 2 if is_written_so and _is_serial(words) and "[" not in field.place else None


def rank_as_id(words: list[str], field: AnswerField) -> int | None:
    """Rank a value as what no other device has: its serial number, or its MAC address."""
    if "[" in field.place or isinstance(field.value, bool):
        return None
    if rank_as_mac(words, field) is not None:
        return 1
    if not _SERIAL_TEXT.fullmatch(str(field.value)):
        return None
    if _is_serial(words):
        return 0
    return 2 if "".join(words[-1:]) in _UNIQUE_WORDS else None


def _is_serial(words: list[str]) -> bool:
    return any(_SERIAL_WORD.fullmatch("".join(words[-many:])) for many in (1, 2))


def text_said(words: Collection[str], answers: Mapping[str, TrialAnswer]) -> str:
    """Return the text that is called by one of some words, and by no more; empty: there is none.

    What is in a list is of a part of the device.
    """
    found = [
        str(field.value).strip()
        for answer in answers.values()
        for field in answer.fields
        if "".join(place_words(field)[-1:]) in words and "[" not in field.place
        if isinstance(field.value, str) and _LABEL.fullmatch(field.value)
    ]
    return found[0] if len({*found}) == 1 else ""


def name_said(answers: Mapping[str, TrialAnswer]) -> str:
    """Return what the device is called by its owner: a text at the top of an answer; else empty."""
    found = {
        "".join(place_words(field)): field.value.strip()
        for answer in answers.values()
        for field in answer.fields
        if field.place.isidentifier() and isinstance(field.value, str)
        if _LABEL.fullmatch(field.value)
    }
    return next((found[each] for each in _NAME_FIELDS if each in found), "")


def place_ranked(
    rank: Rank, draft: DescriptionDraft, answers: Mapping[str, TrialAnswer]
) -> dict[str, Any]:
    """Return where the value is that seems to be it the most; empty: none does."""
    ranked = [
        (place, request, field)
        for request, answer in answers.items()
        if request in draft.requests
        for field in answer.fields
        if (place := rank(place_words(field), field)) is not None
    ]
    if not ranked:
        return {}
    _, request, field = min(ranked, key=lambda each: each[0])
    return DescriptionDraft.place(request, field)


def place_words(field: AnswerField) -> list[str]:
    """Return the words in the names that lead to a value, in lower case."""
    return words_in(field.place)


def words_in(name: str) -> list[str]:
    """Return the words in a name, in lower case: those of `maxCurrent`, and of `max_current`."""
    return [word.lower() for word in _PLACE_WORDS.findall(name)]
