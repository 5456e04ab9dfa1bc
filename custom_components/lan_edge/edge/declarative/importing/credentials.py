"""What in a request is a credential, by the names under which it stands."""

import re

from .variables import has_variable

_STRONG = (
    "api_?key|app_?key|token|secret|password|passwd|passwort|pass|pwd|authorization|credentials?"
    "|cookie|bearer|psk|usr|user|username"
)
_WEAK = "key|pin|auth|session|sid|login"
_BEFORE_WORD, _AFTER_WORD = r"(?:^|[_.-]|(?<=[a-z])(?=[A-Z]))", r"(?:$|[_.-]|(?=[A-Z]))"
_STRONG_NAME = re.compile(f"{_BEFORE_WORD}(?i:{_STRONG}){_AFTER_WORD}")
_RUN_TOGETHER = re.compile(
    r"(?:password|passwd|passwort|pwd|apikey)$"
    r"|(?:acc(?:ount)?|admin|auth|http|login|user|usr|web|wifi|wlan)pass?$"
    r"|(?<![a-z])(?:access|app|auth|d|dev|device|login|secret|user|web)key$"
    r"|[a-z](?:token|secret)$",
    re.IGNORECASE,
)
"""Names of several words without a mark between them: `loginpas` and `dkey`, not `bypass`."""
_WEAK_NAME = re.compile(f"{_BEFORE_WORD}(?i:{_WEAK}){_AFTER_WORD}")
"""Those that are not always of a credential: the key of a remote control, the pin of a chip."""
_ACCESS_CODE = re.compile(r"(?=.*[0-9]).{4,}", re.DOTALL)
_USER_FIELD = re.compile(r"(?:user|username|usr|login)$", re.IGNORECASE)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{20,200}")
"""A word that nobody chose: letters and digits, and long."""
_SIMPLE = re.compile(r"true|false|on|off|[0-9]{1,2}|", re.IGNORECASE)
"""What is set or read, whatever it is called."""


def is_secret_field(name: str, value: str) -> bool:
    """Return whether a field of a header, query or body is a credential."""
    if _SIMPLE.fullmatch(value):
        return False
    if _STRONG_NAME.search(name[:200]) or _RUN_TOGETHER.search(name[:200]) or is_random(value):
        return True
    return bool(_WEAK_NAME.search(name[:200]) and _ACCESS_CODE.fullmatch(value))


def is_user_name(name: str) -> bool:
    """Return whether a field is the name of a user, which is no secret itself."""
    return _USER_FIELD.search(name[:200]) is not None


def is_random(text: str) -> bool:
    """Return whether a text looks like a key that a device made."""
    return not has_variable(text) and _RANDOM.fullmatch(text) is not None
