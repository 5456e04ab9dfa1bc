"""What a device sends the hub on its own: a request, a datagram, or a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any
from urllib.parse import parse_qsl

from ..errors import ReplyError
from ..network.parsing import parse_json

MAX_FIELDS = 1000
"""The most fields of a form that are taken."""
_PAIR = re.compile(r"([^\s=:]+)[\s=:]*(.*)")


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """One request; whoever sent it, it came in where only this device should know to."""

    method: str
    """As HTTP has it; UDP for a datagram, WEBSOCKET for a message."""
    path: str = "/"
    """What follows the device's own part of the path."""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name, in any case."""
    body: bytes = b""
    source: str = ""
    """The IP address it came from."""

    def text(self) -> str:
        """Return the body as UTF-8 text without surrounding blanks; raise ReplyError."""
        try:
            return self.body.decode().strip(" \t\r\n\0")
        except UnicodeDecodeError as err:
            msg = f"{self.method} {self.path}: the body is not UTF-8 text"
            raise ReplyError(msg) from err

    def json(self) -> Any:
        """Return the body parsed as JSON; raise ReplyError."""
        return parse_json(self.body, f"{self.method} {self.path}: the body")

    def form(self) -> dict[str, str]:
        """Return the body parsed as a form, `a=1&b=2`; raise ReplyError."""
        try:
            return dict(parse_qsl(self.text(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
        except ValueError as err:
            msg = f"{self.method} {self.path}: the body is not a form"
            raise ReplyError(msg) from err

    def pairs(self) -> dict[str, str]:
        """Return the body's lines as `key value`, also with a colon or an equals sign between."""
        found = (_PAIR.match(line.strip()) for line in self.text().splitlines())
        return {pair[1]: pair[2] for pair in found if pair}
