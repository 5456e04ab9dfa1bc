"""Text from the network: how it is decoded and shown, how much is kept, and what is sent back."""

import re

MAX_FIELD = 256
"""The most characters of a name, an id or another text to be shown that are kept."""
MAX_VALUE = 1024
"""The most characters of a value for a driver that are kept, such as a list of methods."""
REPLACEMENT = "\ufffd"
"""Stands for what is not text."""
PADDING = " \t\r\n\0"
"""What surrounds text and is none: devices send the NUL at the end of their buffer, too."""
_BYTE_ORDER_MARK = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSENDABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def decode_text(data: bytes) -> str:
    """Return UTF-8 as text, without a BOM, and with a replacement character for what is not."""
    return data.decode(errors="replace").removeprefix(_BYTE_ORDER_MARK)


def encodable(text: str) -> str:
    """Return `text` with a replacement character for each lone surrogate."""
    return text if is_encodable(text) else _SURROGATE.sub(REPLACEMENT, text)


def is_encodable(text: str) -> bool:
    """Return whether UTF-8 can encode `text`: a header that is not UTF-8 has lone surrogates."""
    return text.isascii() or _SURROGATE.search(text) is None


def is_sendable(text: str) -> bool:
    """Return whether `text` fits into a line or header: valid, and without control characters."""
    return _UNSENDABLE.search(text) is None


def printable(text: str) -> str:
    """Return `text` with every unprintable character as its escape sequence."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
