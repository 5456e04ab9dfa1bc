"""JSON lines over TCP: requests with an id, replies that carry it, and notifications.

Each line is a JSON object of JSON-RPC 2.0 (https://www.jsonrpc.org/specification); the `jsonrpc`
member may be missing, as many devices leave it out. Replies, like notifications, go to the driver
before their caller wakes.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
import itertools
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, cast, override

import orjson

from ...errors import ArgumentError, EdgeError, RefusedError, ReplyError
from ...network.parsing import parse_json
from ..base import Link, Options
from ..hiding import HIDDEN
from ..login import log_in
from ..messages.correlation import UNEXPECTED_REPLY, Correlator, PendingRequest
from ..messages.framing import Framer, LineFramer
from .stream import TcpTransport

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_BLANK = 0x20
"""JSON is written without any character below this one."""


class RpcMessage(NamedTuple):
    """What the device sent: a notification, or the reply to a request.

    `method` is the name of the notification, or of the request; `value` the params or the result,
    and `data` the same if it is an object, else {}. `asked` are the request's named params, and
    `positions` those by position, which the reply may not repeat.
    """

    method: str
    data: dict[str, Any]
    value: Any
    is_reply: bool
    asked: Mapping[str, Any] = _NOTHING
    positions: tuple[Any, ...] = ()

    @property
    def items(self) -> list[Any]:
        """Return `value` if it is a list, else []."""
        return self.value if isinstance(self.value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRpcOptions(Options):
    """Options of JsonRpc."""

    version: bool = False
    """Whether requests carry `"jsonrpc": "2.0"`."""
    delimiter: bytes = b"\n"
    """What ends a message, in both directions."""
    secret: tuple[str, ...] = ()
    """The methods whose requests the trace does not show, since they carry a password."""
    login: Callable[[JsonRpc], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""

    @override
    def __post_init__(self) -> None:
        """Raise ArgumentError for a delimiter that a message could contain."""
        Options.__post_init__(self)
        if min(self.delimiter, default=_BLANK) >= _BLANK:
            raise ArgumentError(f"the delimiter {self.delimiter!r} contains no control character")


class JsonRpc(TcpTransport):
    """JSON-RPC over one TCP connection, one message a line."""

    Message: TypeAlias = RpcMessage  # noqa: UP040  # it is called as well
    options_type = JsonRpcOptions
    _options: JsonRpcOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start without a request."""
        super().__init__(link, options)
        self._ids = itertools.count(1)
        self._correlator = Correlator(link)

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    async def call(self, method: str, /, *positions: Any, **params: Any) -> Any:
        """Send a request with params by name or by position; return its result.

        Raises RefusedError with the device's words, TimedOutError or UnreachableError.
        """
        if positions and params:
            raise ArgumentError(f"{method}: params go by name or by position, not both")
        number = next(self._ids)
        request: dict[str, Any] = {"id": number, "method": method}
        if self._options.version:
            request["jsonrpc"] = "2.0"
        if positions or params:
            request["params"] = positions or params
        if self._link.pacing.is_active:
            await self._ready(method)
            self._link.pacing.use_turn()
        options, connection = self._options, self._connected()
        asked = params, positions
        pending = self._correlator.expect(method, options.timeout, key=number, context=asked)
        with pending as reply:
            line = orjson.dumps(request)
            connection.transport.write(line + options.delimiter)
            # as text, since orjson's bytes take 1 kB at least
            self._link.trace.add("sent", HIDDEN if method in options.secret else line.decode())
            return await reply

    @override
    def _framer(self) -> Framer:
        return LineFramer(self._options.delimiter, self._options.limit)

    @override
    def _received(self, message: bytes) -> Iterator[object] | None:
        if not message.strip():
            return None
        parsed: object = None
        with suppress(ReplyError):
            parsed = parse_json(message, "a line")
        if isinstance(parsed, list):
            return self._steps(cast("list[object]", parsed))
        self._take(parsed)
        return None

    def _steps(self, messages: list[object]) -> Iterator[object]:
        for message in messages:
            self._take(message)
            yield from self._link.backlog.steps()
            yield None

    def _take(self, message: object) -> None:
        if not isinstance(message, dict):
            self._link.count_oddity("a line that is not a JSON object")
            return
        item = cast("dict[str, Any]", message)
        method = item.get("method")
        if isinstance(method, str):
            self._report(method, item.get("params"), is_reply=False)
            return
        number = item.get("id")
        request = self._correlator.find(number) if type(number) is int else None
        if request is None:
            self._link.count_oddity(UNEXPECTED_REPLY)
        else:
            self._take_reply(request, item)

    def _take_reply(self, request: PendingRequest, item: dict[str, Any]) -> None:
        method, asked = request.name, request.context
        if (error := item.get("error")) is not None:
            request.fail(_refusal(method, error))
        elif "result" in item:
            self._report(method, item["result"], *asked, is_reply=True)
            request.resolve(item["result"])
        else:
            request.fail(ReplyError(t"{method}: a reply without result"))

    def _report(
        self,
        method: str,
        value: Any,
        asked: Mapping[str, Any] = _NOTHING,
        positions: tuple[Any, ...] = (),
        *,
        is_reply: bool,
    ) -> None:
        data = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        self._link.on_message(RpcMessage(method, data, value, is_reply, asked, positions))

    @override
    def _dropped(self, reason: EdgeError) -> None:
        self._correlator.fail_all(reason)


def _refusal(method: str, error: object) -> RefusedError:
    if not isinstance(error, dict):
        return RefusedError(t"{method}: {error}")
    fields = cast("dict[str, Any]", error)
    words = (text for name in ("message", "data") if isinstance(text := fields.get(name), str))
    return RefusedError(t"{method}: {': '.join(filter(None, words))}")
