"""Requests from devices to the hub: by HTTP, as a datagram or as a WebSocket message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any
from urllib.parse import parse_qsl

from ..diagnostics.trace import MAX_ENTRY
from ..errors import ReplyError
from ..network.parsing import parse_json
from ..network.text import PADDING, decode_text

MAX_FORM_FIELDS = 1000
"""The most fields of a form that are accepted."""
_PAIR = re.compile(r"([^\s=:]+)[\s=:]*(.*)")


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """One request, which used the device's token, subscription or IP address."""

    method: str
    """The HTTP method; UDP for a datagram, WEBSOCKET for a message."""
    path: str = "/"
    """What follows the device's own part of the path."""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    """The URL's parameters."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name, in any case."""
    body: bytes = b""
    """The body, the datagram or the message."""
    source: str = ""
    """The sender's IP address."""

    @property
    def traced(self) -> str:
        """The request as the trace shows it."""
        return f"{self.method} {self.path} {self.body[:MAX_ENTRY]!r}"

    def text(self) -> str:
        """Return the body as UTF-8 text without surrounding blanks, BOM and NUL.

        What is not UTF-8 becomes replacement characters.
        """
        return decode_text(self.body).strip(PADDING)

    def json(self) -> Any:
        """Return the body parsed as JSON; raise ReplyError."""
        return parse_json(self.body, f"{self.method} {self.path}: the body")

    def form(self) -> dict[str, str]:
        """Return the body parsed as a form, `a=1&b=2`; raise ReplyError."""
        text = self.text()
        try:
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
        except ValueError as err:
            raise ReplyError(t"{self.method} {self.path}: the body is not a form") from err

    def pairs(self) -> dict[str, str]:
        """Return the body's lines as keys and values, separated by blanks, a colon or `=`."""
        pairs = (_PAIR.match(line.strip()) for line in self.text().splitlines())
        return {pair[1]: pair[2] for pair in pairs if pair}
