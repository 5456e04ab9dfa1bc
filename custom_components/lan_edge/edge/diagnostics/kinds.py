"""Private texts that are recognized without being known: addresses, ids, keys, coordinates."""

from contextlib import suppress
from ipaddress import IPv6Address
import re

from .redaction import REDACTED

COMMON_FIELDS = (
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "authorization",
    "bssid",
    "client_secret",
    "cnonce",
    "cookie",
    "credentials",
    "email",
    "lat",
    "latitude",
    "latitude_i",
    "lng",
    "lon",
    "longitude",
    "longitude_i",
    "nonce",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "private_key",
    "psk",
    "pwd",
    "refresh_token",
    "secret",
    "secret_key",
    "session_id",
    "sessionid",
    "set-cookie",
    "ssid",
    "token",
    "user",
    "username",
)
"""Fields that are private in the messages of every device."""

_MAC = r"(?<![0-9a-f])[0-9a-f]{2}(?:(?:[:-]|%3a)[0-9a-f]{2}){5,7}(?![0-9a-f])"
_MAC_IN_OTHERS = (
    r"(?<![0-9a-f])(?:[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{2}(?: [0-9a-f]{2}){5})(?![0-9a-f])"
    r"|(?<![0-9a-f:])[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}(?![0-9a-f:])"
)
"""As Cisco's devices write it, as bytes are often written, and without zeros."""
_UUID = r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])"
_HEXADECIMAL = r"(?<![0-9a-f])(?<!\d\.)[0-9a-f]{12,}(?![0-9a-f])"
"""A MAC address without separators, an id, a digest or a key."""
_IP_V4 = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)"
_EMAIL = r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_COORDINATES = r"(?<![\d.])-?\d{1,3}\.\d{4,}\s*[,;/ ]\s*-?\d{1,3}\.\d{4,}"
_LOGIN = r"(?<=Basic )[\w+/=.~-]{4,}|(?<=Bearer )[\w+/=.~-]{4,}"
_OTHER_ID = r"(?<=[\d\]] is )(?s:.+)(?=, not )"
"""The id of another device, in the message of an IdentityError."""
_KINDS = re.compile(
    f"{_OTHER_ID}|{_LOGIN}|{_EMAIL}|{_UUID}|{_MAC}|{_MAC_IN_OTHERS}|{_HEXADECIMAL}|{_IP_V4}|{_COORDINATES}",
    re.IGNORECASE | re.ASCII,
)
_MAYBE_IP_V6 = re.compile(
    r"(?<![^\W_])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?![^\W_])", re.IGNORECASE
)
_PATH_TOKEN = re.compile(
    r"(?<=/)(?<!//)(?![\w-]{1,64}\.py\b)(?=[^/\s]*\d)(?=[^/\s]*[A-Za-z])[\w~.+=%-]{16,}|(?<=://)[^\s/?#\"'<>@]+(?=@)"
)
"""A part of a URL's path that looks like a token: long, of letters and digits; or its login.

The name of a Python file with a line number is none.
"""


def without_kinds(text: str) -> str:
    """Return a text without MAC and IP addresses, e-mails, coordinates, ids, digests and keys."""
    return _MAYBE_IP_V6.sub(_ip_v6, without_path_tokens(_KINDS.sub(REDACTED, text)))


def without_path_tokens(text: str) -> str:
    """Return a text without the logins in URLs, and what looks like a token in their paths."""
    return _PATH_TOKEN.sub(REDACTED, text)


def _ip_v6(found: re.Match[str]) -> str:
    with suppress(ValueError):
        if len(found[0]) > len("::1"):
            IPv6Address(found[0])
            return REDACTED
    return found[0]
