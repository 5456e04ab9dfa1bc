"""Server-sent events without I/O: bytes to events, by the WHATWG standard.

https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from dataclasses import dataclass
import re
from typing import Any

from ...errors import ReplyError
from ...network.parsing import parse_json
from ...network.text import is_sendable
from ..messages.framing import MAX_MESSAGE

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = b"\xef\xbb\xbf"
MAX_RETRY_DIGITS = 9
MAX_ID = 1024
"""The longest event id that is kept, in characters; a longer one is ignored."""


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One event; `id` is the last id received, with this event or an earlier one."""

    type: str
    data: str
    id: str = ""

    def json(self) -> Any:
        """Return the data parsed as JSON; raise ReplyError."""
        return parse_json(self.data, f"event {self.type}: the data")


class EventParser:
    """Parses the events of one stream; buffers at most one of them."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        """Refuse events over `limit` bytes."""
        self._limit = limit
        self._rest = bytearray()
        self._first = True
        self._after_cr = False
        self._type = ""
        self._data = bytearray()
        """The lines of the data, each with a newline."""
        self.last_id = ""
        self.resume_id = ""
        """The last id that can be sent back, to continue the stream."""
        self.retry: int | None = None
        """Milliseconds that the device asks to wait before a new connection."""

    def feed(self, data: bytes) -> list[SseEvent]:
        """Return the events completed by `data`; raise ReplyError on one that is too large."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n")  # the second half of a CR LF
            self._after_cr = False
        self._after_cr = self._after_cr or data.endswith(b"\r")
        first, *others = _LINE_END.split(data)
        self._rest += first
        events: list[SseEvent] = []
        for rest in others:
            self._check()
            events += self._line(bytes(self._rest))
            self._rest = bytearray(rest)
        self._check()
        return events

    def _check(self) -> None:
        if len(self._rest) + len(self._data) + len(self._type) > self._limit:
            raise ReplyError(t"an event of more than {self._limit} bytes")

    def _line(self, line: bytes) -> list[SseEvent]:
        if self._first:
            line, self._first = line.removeprefix(_BOM), False
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data += value + b"\n"
        else:
            self._field(name.decode(errors="replace"), value.decode(errors="replace"))
        return []

    def _field(self, name: str, value: str) -> None:
        match name:
            case "event":
                self._type = value
            case "id" if "\0" not in value and len(value) <= MAX_ID:
                self.last_id = value
                if is_sendable(value):
                    self.resume_id = value
            case "retry" if value.isascii() and value.isdigit() and len(value) <= MAX_RETRY_DIGITS:
                self.retry = int(value)
            case _:
                pass  # a comment, or a field of a later standard

    def _dispatch(self) -> list[SseEvent]:
        kind, data = self._type or "message", self._data
        self._type, self._data = "", bytearray()
        text = data[:-1].decode(errors="replace")
        return [SseEvent(kind, text, self.last_id)] if data else []
