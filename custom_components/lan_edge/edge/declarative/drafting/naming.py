"""The names of requests and of kinds of messages: what an owner would call them."""

from collections.abc import Container, Mapping
from typing import Any

from .messages import message_name
from .names import free_name, identifier
from .trial import TrialAnswer

FIRST_REQUEST = "status"
_UPDATE = "update"
"""What a kind is called that has no word of its own."""
_NO_NAMES = {"id", "no", "off", "on", "params", "result", "value", "yes"}
"""Words of a message that do not say of what it is."""
_MAX_KIND_WORD = 30
"""Characters of a word that a kind is named by."""


def request_name(request: Mapping[str, Any], requests: Mapping[str, Any]) -> str:
    """Return the name of a request: the one that it has, or one that is free."""
    for name, known in requests.items():
        if known == request:
            return name
    if name := identifier(message_name(request)):
        return free_name(name, requests) if requests else FIRST_REQUEST
    path = str(next(iter(request.values())))
    last = [each for each in path.split("/") if each][-1:]
    return free_name(identifier(last[0] if last else "") or FIRST_REQUEST, requests)


def kind_name(
    kind: Mapping[str, Any],
    message: TrialAnswer,
    messages: Mapping[str, Any],
    taken: Container[str],
) -> str:
    """Return the name of a kind of messages: the one that it has, or one that is free.

    It is what the device itself calls it, or the value that is always in it.
    """
    for name, known in messages.items():
        if known == kind:
            return name
    return free_name(_word_of(kind, message), taken)


def _word_of(kind: Mapping[str, Any], message: TrialAnswer) -> str:
    match kind:
        case {"event": str(word)} | {"when": {"path": _}, "equals": str(word)}:
            pass
        case {"when": {"path": str(path)}}:
            word = path.rpartition(".")[2]
        case {"pattern": _}:
            word = message.text.partition(" ")[0]
        case _:
            word = ""
    name = identifier(word[:_MAX_KIND_WORD])
    return _UPDATE if not name or name in _NO_NAMES else name
