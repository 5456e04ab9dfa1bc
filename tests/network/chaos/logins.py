"""The logins of devices, and how they would look on the wire."""

from base64 import b64encode
from hashlib import sha256
from urllib.parse import quote

from .families import Family

TELLING = 8
"""Letters that nobody sends by chance."""

type Login = dict[str, str]
"""What only a device may get to know, by what it is."""


def login_of(family: Family, number: int) -> Login:
    """Return the login of the n-th device; its PIN has four digits, all else is long."""
    found = {what: sha256(f"{what} {number}".encode()).hexdigest()[:16] for what in family.login}
    if "pin" in found:
        found["pin"] = f"{int(found['pin'], 16) % 9000 + 1000}"
    return found


def traces_of(login: Login) -> list[bytes]:
    """Return what shows a login in what somebody received, however it is written."""
    words = [f"pin={value}" if what == "pin" else value for what, value in login.items()]
    if "password" in login:
        words.append(f"{login['user']}:{login['password']}")
    forms = [form for word in words for form in _forms(word.encode())]
    return sorted({form.lower() for form in forms})


def _forms(word: bytes) -> list[bytes]:
    # Base64 of a word within another text has other letters at its ends
    within = [b64encode(b"\0" * n + word)[4:-4] for n in range(3)]
    telling = [form for form in within if len(form) >= TELLING]
    return [word, word.hex().encode(), quote(word).encode(), b64encode(word), *telling]
