"""Requests that command something: which ones they are, and which two are a switch."""

from collections.abc import Iterator
import re
from typing import Any

from .request import PlainRequest
from .urls import Url

_VERBS = {
    *("toggle", "set", "close", "stop", "start", "reboot", "restart", "reset", "press", "send"),
    *("play", "pause", "next", "previous", "skip", "seek", "enable", "disable", "trigger", "wake"),
    *("turnon", "turnoff", "poweron", "poweroff", "shutdown", "unlock", "activate", "deactivate"),
    *("disarm", "pulse", "ring", "clear", "delete", "erase", "remove", "create", "flash"),
    *("identify", "beep", "upgrade", "upload", "save", "write", "apply", "calibrate", "move"),
    *("goto", "increase", "decrease", "dim", "brew", "feed", "dispense", "blink", "flush"),
    *("pair", "unpair", "subscribe", "switchon", "switchoff", "execute", "fire"),
}
"""Words that say that something is done, whatever is beside them."""
_VERBS_OR_STATES = {
    *("on", "off", "open", "up", "down", "run", "sleep", "control", "command", "cmd"),
}
"""Words that say the same, but may also be part of the name of what is read."""
_ALL_VERBS_OR_STATES = _VERBS_OR_STATES | {"lock", "arm", "update", "mute", "unmute", "boost"}
"""Those and more, which never follow the name of what is read by the same word."""
_HOW_IT_IS_READ = {("update", "1"), ("update", "true"), ("update", "yes")}
"""Parts of a query that only say how something is read."""
_READINGS = {"config", "data", "info", "list", "measurements", "reading", "readings", "sensor"}
_READINGS |= {"sensors", "settings", "state", "states", "stats", "status", "values", "version"}
"""Words at the end of a path that say that something is read, whatever is before them."""
_HOW_OR_WHICH = {
    *("_", "addr", "address", "all", "api", "apikey", "auth", "cache", "callback", "ch", "channel"),
    *("count", "date", "day", "days", "depth", "detail", "details", "dev", "device", "did", "end"),
    *("format", "from", "full", "gateway", "group", "hour", "hours", "id", "idx", "indent"),
    *("index", "inline", "interval", "json", "key", "lang", "limit", "meter", "minutes", "node"),
    *("nocache", "offset", "page", "pass", "password", "per", "period", "phase", "pin", "port"),
    *("pretty", "pwd", "rand", "random", "raw", "register", "rid", "room", "rows", "sensor", "sid"),
    *("since", "size", "slave", "t", "time", "timestamp", "token", "ts", "type", "uid", "unit"),
    *("units", "user", "username", "v", "verbose", "version", "year", "zone"),
}
"""Words of the name of a number in a query that says how or which is read: others are set by it."""
_SET = re.compile(r"(?i)[-+]?\d+([.,]\d+)?%?|true|false|yes|no|#[0-9a-f]{3,8}")
"""What a value is set to, wholly."""
_SET_IN_PATH = re.compile(r"=|/[-+]\d+(/|$)")
"""What sets something in a path: an assignment, or a step up or down."""
_WORD_OF_REQUEST = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OPPOSITES = (
    ("on", "off"),
    ("true", "false"),
    ("1", "0"),
    ("turnon", "turnoff"),
    ("poweron", "poweroff"),
    ("enable", "disable"),
    ("enabled", "disabled"),
    ("start", "stop"),
)


def is_command(url: Url, request: PlainRequest) -> bool:
    """Return whether a request that could read does something, as it seems."""
    query = [pair for pair in (*url.query, *request.query) if pair not in _HOW_IT_IS_READ]
    asked = {word for pair in query for text in pair for word in _words_in(text)}
    steps = {word for text in url.path.split("/") for word in _words_in(text)}
    words = asked | steps
    if words & _VERBS or _SET_IN_PATH.search(url.path) or any(_sets(*pair) for pair in query):
        return True
    last = _words_in(url.path.rpartition("/")[2].partition(".")[0])
    is_read = not query and bool(last) and last[-1] in _READINGS
    return bool(words & _ALL_VERBS_OR_STATES) and not is_read


def _sets(name: str, value: str) -> bool:
    """Return whether a part of a query sets a value, as `brightness=50` does."""
    whole, *words = _words_in(name)
    told = {whole, *(word for word in words if len(word) > 1)}  # `target_t` is no time
    return _HOW_OR_WHICH.isdisjoint(told) and _SET.fullmatch(value) is not None


def is_name_of_value(url: Url, request: PlainRequest) -> bool:
    """Return whether a path may be that of a value, which can also be set there.

    `open-window` may be one, `open` and `turn_on` are not.
    """
    steps = [_words_in(step) for step in url.path.split("/")]
    is_plain = not url.query and not request.query
    does_something = any(
        not _VERBS.isdisjoint(words) or words[-1] in _ALL_VERBS_OR_STATES for words in steps
    )
    return is_plain and not does_something


def _words_in(text: str) -> list[str]:
    """Return the words in a text, and the whole as the first: `turnOn` has turn and on, too."""
    return [word.lower() for word in (text, *_WORD_OF_REQUEST.findall(text))]


def opposite(one: Any, other: Any) -> tuple[Any, Any] | None:
    """Return two requests as the one for on and the one for off; None if they are no such pair."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return None
    leaves, others = dict(_leaves(one)), dict(_leaves(other))
    changed = [path for path in {*leaves, *others} if leaves.get(path) != others.get(path)]
    if len(changed) != 1 or changed[0] not in leaves or changed[0] not in others:
        return None
    first, second = _words(leaves[changed[0]]), _words(others[changed[0]])
    if len(first) != len(second):
        return None
    pairs = {(a, b) for a, b in zip(first, second, strict=True) if a != b}
    if len(pairs) != 1:
        return None
    [pair] = pairs
    if pair in _OPPOSITES:
        return one, other
    return (other, one) if pair[::-1] in _OPPOSITES else None


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the single values in a request, with where they are."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in pairs:
            yield from _leaves(each, (*path, key))
    else:
        # 1 and true are different values, though they are equal
        yield path, (type(value).__name__, value)


def _words(leaf: tuple[str, Any]) -> list[str]:
    return re.split(r"(?<![A-Za-z0-9])|(?![A-Za-z0-9])", str(leaf[1]).lower())
