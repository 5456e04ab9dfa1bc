"""The head of an HTTP answer, read as browsers read it. No I/O.

RFC 9112 says how a head is written, and in 2.2, 5.2 and 6.3 what clients may put up with; Chromium
(net/http) puts up with more. Nothing is smuggled by it: one client reads one device's answers, each
to the one request under way, so nobody sees other borders between them than it does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
import re

_STATUS_LINE = re.compile(
    rb"(?:HTTP(?:/([01])(?:\.([0-9]))?)?|ICY)[ \t]+([1-9][0-9]{2})(?:[ \t]+(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_HEADER_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(rb"[0-9]{1,15}")
_BLANKS = b" \t"
CHUNKED = (b"Transfer-Encoding", b"chunked")
_CLOSE = (b"Connection", b"close")

type Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of an answer says."""

    status: int
    reason: bytes
    headers: Sequence[Header]
    """Without those that frame the body, and without `Connection: close`."""
    closes: bool
    """Whether the connection ends with the answer."""
    chunked: bool
    length: int | None
    """The length of the body; None: it says none."""

    @property
    def has_body(self) -> bool:
        """Whether an answer of its status can have a body."""
        return self.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}

    def written(self, *framing: Header) -> bytes:
        """Return it as the RFC has it, with these headers to frame the body."""
        more = (*framing, _CLOSE) if self.closes else framing
        lines = (b"%b: %b" % header for header in (*self.headers, *more))
        return b"\r\n".join((b"HTTP/1.1 %d %b" % (self.status, self.reason), *lines, b"", b""))


def may_begin(line: bytes) -> bool:
    """Return whether a head may begin so."""
    begin = line[:4].upper()
    return b"HTTP".startswith(begin) or b"ICY".startswith(begin[:3])


def parse_head(lines: Sequence[bytes]) -> Head | None:
    """Return what the lines of a head say; None if they make no sense, or contradict each other."""
    if (said := _STATUS_LINE.fullmatch(lines[0])) is None:
        return None
    headers, status = list(_headers(lines[1:])), int(said[3])
    closes = status != HTTPStatus.SWITCHING_PROTOCOLS and _closes(said, headers)
    lengths = _listed(headers, b"content-length")
    codings = _listed(headers, b"transfer-encoding") - {b"identity"}
    numbers = {int(length) for length in lengths if _LENGTH.fullmatch(length)}
    is_clear = len(lengths) == len(numbers) <= 1 or (not numbers and closes)
    if codings - {b"chunked"} or not (codings or is_clear):
        return None
    taken = {b"content-length", b"transfer-encoding", b"connection" if closes else b""}
    return Head(
        status,
        said[4] or b"",
        [(name, value) for name, value in headers if name.lower() not in taken],
        closes,
        bool(codings),
        min(numbers, default=None) if not codings else None,
    )


def _closes(status: re.Match[bytes], headers: Iterable[Header]) -> bool:
    """Return whether the device closes the connection after its answer (RFC 9112, 9.3)."""
    options = _listed(headers, b"connection")
    stays = (status[1] == b"1" and (status[2] or b"0") > b"0") or b"keep-alive" in options
    return b"close" in options or not stays


def _headers(lines: Iterable[bytes]) -> Iterator[Header]:
    """Yield the headers; a line that is none is left out."""
    for line in _unfolded(lines):
        name, colon, value = line.partition(b":")
        name = name.strip(_BLANKS)
        if colon and _HEADER_NAME.fullmatch(name):
            yield name, value.strip(_BLANKS)


def _unfolded(lines: Iterable[bytes]) -> list[bytes]:
    """Return the lines, each with those that continue it: they begin with a blank."""
    whole: list[bytes] = []
    for line in lines:
        if line[:1] in {b" ", b"\t"}:
            whole[-1:] = [b" ".join((*whole[-1:], line.strip(_BLANKS)))]
        else:
            whole.append(line)
    return whole


def _listed(headers: Iterable[Header], name: bytes) -> set[bytes]:
    """Return what all headers of a name list, in lower case."""
    values = b",".join(value for each, value in headers if each.lower() == name)
    return {value.strip(_BLANKS).lower() for value in values.split(b",")} - {b""}
