"""What a driver keeps of a device's messages: only what it needs, and bounded in bytes.

Parsed, a message takes up to thirty times the memory that it takes on the wire.
"""

from collections import deque
from collections.abc import Collection, Container, Iterator
from sys import getsizeof
from typing import Any, cast

from ..capabilities.schema import short
from ..errors import ReplyError
from .message_values import Json

MAX_KEPT_SIZE = 256 * 1024
"""Bytes of memory."""
MAX_WAITING_SIZE = 64 * 1024
"""Bytes of memory."""
MAX_KEPT_DEPTH = 32
"""How deeply what is kept may be nested."""
MAX_PLAIN_TEXT = 512
"""Characters of a plain value."""
MAX_PLAIN_BITS = 64
"""Bits of a plain value that is a whole number."""


def only_fields(message: Any, names: Collection[str], *, limit: int = MAX_KEPT_SIZE) -> Any:
    """Return a copy of a JSON message, of whose objects only these fields are left, at any depth.

    Raises ReplyError if the copy would take more than `limit` bytes of memory.
    """
    return _Copy(names, limit).of(message, 0)


def plain_fields(message: Json, names: Container[str]) -> Json:
    """Return the fields of a message with these names, with their values as `plain` keeps them."""
    return {name: plain(value) for name, value in message.items() if name in names}


def plain(value: object) -> object:
    """Return a value to be kept that has to be a flag, a number or a short text, or null.

    All else is cut to a short text that shows how it begins: it makes no sense, but is not nothing.
    """
    if isinstance(value, str):
        return value[:MAX_PLAIN_TEXT]
    is_small = isinstance(value, int) and value.bit_length() <= MAX_PLAIN_BITS
    return value if value is None or is_small or isinstance(value, float) else short(value)


class KeptMessages[T]:
    """Messages that are handled later: the last ones, in at most `limit` bytes of memory."""

    def __init__(self, limit: int = MAX_WAITING_SIZE) -> None:
        """Start empty."""
        self._limit = limit
        self._messages = deque[tuple[T, int]]()
        self._size = 0

    def append(self, message: T) -> None:
        """Add a message; the oldest ones are dropped if it needs their room."""
        self._messages.append((message, size := memory_of(message)))
        self._size += size
        while self._size > self._limit:
            self._size -= self._messages.popleft()[1]

    def __iter__(self) -> Iterator[T]:
        """Return the messages, oldest first."""
        return (message for message, _ in self._messages)


def memory_of(value: object) -> int:
    """Return the bytes of memory that JSON data takes."""
    size, left = 0, [value]
    while left:
        each = left.pop()
        size += getsizeof(each)
        if isinstance(each, dict):
            left += cast("dict[str, object]", each).values()
        elif isinstance(each, list | tuple):
            left += cast("list[object]", each)
    return size


class _Copy:
    """The copy of a message, which ends as soon as it is too large."""

    def __init__(self, names: Collection[str], limit: int) -> None:
        self._names = names
        self._limit = self._left = limit

    def of(self, value: Any, depth: int) -> Any:
        if depth > MAX_KEPT_DEPTH:
            raise ReplyError(t"a message that is nested more than {MAX_KEPT_DEPTH} times")
        if isinstance(value, dict):
            fields = cast("dict[str, Any]", value).items()
            value = {n: self.of(v, depth + 1) for n, v in fields if n in self._names}
        elif isinstance(value, list):
            value = [self.of(each, depth + 1) for each in value]
        self._left -= getsizeof(value)
        if self._left < 0:
            raise ReplyError(t"a message of which more than {self._limit} bytes would be kept")
        return value
