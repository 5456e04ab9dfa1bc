"""What of a message is secret, and how the message is shown without it."""

import re

from ..diagnostics.spellings import spellings

HIDDEN = "(secret)"
"""What errors and traces show of a message that is secret."""
type Secret = bool | str | bytes
"""Whether a message is secret; or the part of it that is, such as a password."""


def part_of(secret: Secret) -> str:
    """Return the part that is secret; empty: all of the message, or nothing."""
    if isinstance(secret, bytes):
        return secret.decode(errors="replace")
    return secret if isinstance(secret, str) else ""


def text_without(secret: Secret, text: str) -> str:
    """Return a text without what is secret of it, as it may be spelled in JSON, a URL or a form."""
    if not secret:
        return text
    if secret is True:
        return HIDDEN
    found = "|".join(map(re.escape, _spelled(secret)))
    return re.sub(found, HIDDEN, text, flags=re.IGNORECASE)


def bytes_without(secret: Secret, data: bytes) -> bytes:
    """Return bytes without what is secret of them, likewise."""
    if not secret:
        return data
    if secret is True:
        return HIDDEN.encode()
    plain = [secret] if isinstance(secret, bytes) else []
    spelled = (each.encode(errors="replace") for each in _spelled(secret))
    found = b"|".join(map(re.escape, [*plain, *spelled]))
    return re.sub(found, HIDDEN.encode(), data, flags=re.IGNORECASE)


def _spelled(secret: Secret) -> list[str]:
    """Return the spellings of a part, the longest first."""
    return sorted({each for each in spellings(part_of(secret)) if each}, key=len, reverse=True)
