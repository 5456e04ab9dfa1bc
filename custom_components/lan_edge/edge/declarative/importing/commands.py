"""Requests that command something: which ones they are."""

import json
import re

from .request import PlainRequest
from .urls import Url

_VERBS = {
    *("toggle", "set", "close", "stop", "start", "reboot", "restart", "reset", "press", "send"),
    *("play", "pause", "next", "previous", "skip", "seek", "enable", "disable", "trigger", "wake"),
    *("turnon", "turnoff", "poweron", "poweroff", "shutdown", "unlock", "activate", "deactivate"),
    *("disarm", "pulse", "ring", "clear", "delete", "erase", "remove", "create", "flash"),
    *("identify", "beep", "upgrade", "upload", "save", "write", "apply", "calibrate", "move"),
    *("goto", "increase", "decrease", "dim", "brew", "feed", "dispense", "blink", "flush"),
    *("pair", "unpair", "subscribe", "switchon", "switchoff", "execute", "fire", "connect"),
    *("disconnect", "login", "logout", "mkdir", "rename", "eject", "cycle", "gcode"),
}
"""Words that say that something is done, whatever is beside them."""
_VERBS_OR_STATES = {
    *("on", "off", "open", "up", "down", "run", "sleep", "control", "command", "cmd"),
}
"""Words that say the same, but may also be part of the name of what is read."""
_ALL_VERBS_OR_STATES = _VERBS_OR_STATES | {"lock", "arm", "update", "mute", "unmute", "boost"}
"""Those and more, which never follow the name of what is read by the same word."""
_HOW_IT_IS_READ = {(name, text) for name in ("update", "raw") for text in ("1", "true", "yes")}
"""Parts of a query that only say how something is read."""
_SAYS_GET = re.compile(r"(?:.*[.:])?(?:get|Get|GET)(?=[A-Z_. -]|$)")
"""What says in a query or body that something is read: `getStatus`, `Switch.GetStatus`."""
_READINGS = {"config", "data", "info", "list", "measurements", "reading", "readings", "sensor"}
_READINGS |= {"sensors", "settings", "state", "states", "stats", "status", "values", "version"}
"""Words at the end of a path that say that something is read, whatever is before them."""
_READS = _READINGS | {
    "get",
    "read",
    "query",
    "request",
    "show",
    "fetch",
    "report",
    "recent",
    "meter",
}
_READS |= {"log", "logs", "history", "live", "livedata", "measure", "measurement", "metrics"}
"""Words in a request that say that it reads, if nothing says that it does something."""
_FIRST_THAT_READS = {"get", "read", "return", "retrieve", "fetch", "obtain", "list", "query"}
_FIRST_THAT_DOES = {"attempt", "turn", "change", "put", "add"}
_HOW_OR_WHICH = {
    *("_", "addr", "address", "all", "api", "apikey", "auth", "cache", "callback", "ch", "channel"),
    *(
        "collection",
        "count",
        "date",
        "day",
        "days",
        "depth",
        "detail",
        "details",
        "dev",
        "device",
        "did",
        "end",
    ),
    *("format", "from", "full", "gateway", "group", "hour", "hours", "id", "idx", "indent"),
    *(
        "index",
        "inline",
        "inv",
        "inverter",
        "interval",
        "json",
        "key",
        "limit",
        "meter",
        "minutes",
        "node",
    ),
    *("f", "field", "fields", "filter", "include", "jq", "lang", "mac", "name", "names", "nocache"),
    *("offset", "output", "page", "pass", "password", "path", "per", "period", "phase", "pin"),
    *("port", "pretty", "pwd", "q", "query", "rand", "random", "register", "resolution"),
    *("rid", "room", "rows", "scope", "select", "sensor", "serial", "sid", "since", "size"),
    *("slave", "sn", "sort", "src", "t", "time", "timestamp", "token", "ts", "type", "uid"),
    *("unit", "units", "user", "username", "uuid", "v", "verbose", "version", "year", "zone"),
}
"""Words of the name of a number in a query that says how or which is read: others are set by it."""
_ACTIONS = {"action", "cmd", "cmnd", "command", "do", "func", "function", "method", "op", "req"}
"""Names of what a device is to do, which may be to say something."""
_ACTIVATED = {"scene", "preset", "macro", "remote", "ir", "input", "favourite", "favorite"}
_ACTIVATED |= {"program", "station", "scenes", "presets", "apps", "app", "key", "keys"}
"""Words in a path of what is activated by a query, whatever that says."""
_SET = re.compile(r"(?i)[-+]?\d+([.,]\d+)?%?|true|false|yes|no|#[0-9a-f]{3,8}")
"""What a value is set to, wholly."""
_SET_IN_PATH = re.compile(r"=|/[-+]\d+(/|$)")
"""What sets something in a path: an assignment, or a step up or down."""
_WORD_OF_REQUEST = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def is_command(url: Url, request: PlainRequest) -> bool:
    """Return whether a request that could read does something, as it seems."""
    query = [pair for pair in (*url.query, *request.query) if pair not in _HOW_IT_IS_READ]
    asking = [pair for pair in query if _asks(*pair)]
    others = [pair for pair in query if pair not in asking]
    asked = {word for pair in others for text in pair for word in _words_in(text)}
    steps = {word for text in url.path.split("/") for word in _words_in(text)}
    words = asked | steps
    if words & _VERBS or _SET_IN_PATH.search(url.path) or any(_sets(*pair) for pair in others):
        return True
    if others and steps & _ACTIVATED:
        return True
    last = _words_in(url.path.rpartition("/")[2].partition(".")[0])
    says_get = bool(asking) or _SAYS_GET.match(url.path.rpartition("/")[2]) is not None
    is_read = says_get or (not query and bool(last) and last[-1] in _READINGS)
    if (asked if is_read else words) & _ALL_VERBS_OR_STATES:
        return True
    unknown = [pair for pair in others if not says_how(pair[0])]
    return not says_get and any(value or not words & _READS for _, value in unknown)


def _asks(name: str, value: str) -> bool:
    """Return whether a part of a query only asks for something, as `action=getStatus` does."""
    told = {*_words_in(value)}
    if _SAYS_GET.match(value) or (not value and _SAYS_GET.match(name)):
        return not told & _VERBS
    plain = {word for word in told if word.isalpha() and len(word) > 1}
    return bool({*_words_in(name)} & _ACTIONS) and bool(plain & _READINGS) and not told & _VERBS


def says_done(sentence: str) -> bool | None:
    """Return whether a sentence on a request begins with a verb that does something.

    None: it does not begin with a verb that is known.
    """
    first = (_WORD_OF_REQUEST.findall(sentence[:60]) or [""])[0].lower()
    forms = {first, first.removesuffix("s"), first.removesuffix("es")}
    if forms & (_VERBS | _FIRST_THAT_DOES):
        return True
    return False if forms & _FIRST_THAT_READS else None


def asks_for_value(request: PlainRequest) -> bool:
    """Return whether the JSON that is sent only asks for something, as it seems.

    Such a body has a method like `Switch.GetStatus` or `getPowerStatus`.
    """
    try:
        body = json.loads(request.body) if request.body else request.json
    except ValueError, RecursionError:
        return False
    method = body.get("method") if isinstance(body, dict) else None
    if not isinstance(method, str) or not _SAYS_GET.match(method[:100]):
        return False
    return not {*_words_in(method[:100])} & _VERBS


def _sets(name: str, value: str) -> bool:
    """Return whether a part of a query sets a value, as `brightness=50` does."""
    return not says_how(name) and _SET.fullmatch(value) is not None


def says_how(name: str) -> bool:
    """Return whether the name of a part of a query says how or which is read."""
    whole, *words = _words_in(name)
    told = {whole, *(word for word in words if len(word) > 1)}  # `target_t` is no time
    return not _HOW_OR_WHICH.isdisjoint(told)


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
