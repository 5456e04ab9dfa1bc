"""JSON lines over TCP: requests with an id, replies that carry it, and notifications.

One JSON object a line, as JSON-RPC 2.0 (https://www.jsonrpc.org/specification) has them; the
`jsonrpc` member may be missing, as in many devices. One reader takes replies and notifications
alike and hands both to the driver before it wakes who asked.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
import itertools
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, cast, override

import orjson

from ...errors import ArgumentError, EdgeError, RefusedError, ReplyError
from ...network.parsing import parse_json
from ..base import Link, Options
from ..login import log_in
from ..messages.framing import Framer, LineFramer
from ..messages.pending import Pending
from .stream import Stream


class RpcMessage(NamedTuple):
    """What the device says: a notification, or the answer to a request, with its data.

    `method` is the notification's name, or the name of the request that is answered; `data`
    the params or the result, {} where that is no object (then it is in `value`). `asked` are
    the params by name of the request that is answered, which the answer may not repeat.
    """

    method: str
    data: dict[str, Any]
    value: Any
    is_reply: bool
    asked: Mapping[str, Any] = MappingProxyType({})


class _Request(NamedTuple):
    """What was asked."""

    method: str
    params: dict[str, Any]

    @override
    def __str__(self) -> str:
        """Name it."""
        return self.method


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRpcOptions(Options):
    """Options of JsonRpc."""

    version: bool = False
    """Whether requests carry `"jsonrpc": "2.0"`."""
    delimiter: bytes = b"\n"
    """What ends a message, ours and the device's."""
    login: Callable[[JsonRpc], Awaitable[None]] | None = None
    """Runs on each new connection before anything else."""


class JsonRpc(Stream):
    """JSON-RPC over one TCP connection, a message a line."""

    Message: TypeAlias = RpcMessage  # noqa: UP040  # it is called as well
    options_type = JsonRpcOptions
    _options: JsonRpcOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start with no request under way."""
        super().__init__(link, options)
        self._ids = itertools.count(1)
        self._pending = Pending[int, _Request, Any]()

    @override
    async def _log_in(self) -> None:
        await log_in(self, self._options.login)

    async def call(self, method: str, /, *positions: Any, **params: Any) -> Any:
        """Send a request, its params by name or by position, and return its result.

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
        connection = self._connected()  # else nothing is expected
        asked = _Request(method, params)
        reply = self._pending.expect(number, asked, self._options.timeout)
        try:
            line = orjson.dumps(request)
            connection.write(line)
            self._link.trace.add("sent", line.decode())  # orjson's bytes take 1 kB at least
            return await reply
        finally:
            self._pending.forget(number)

    @override
    def _framer(self) -> Framer:
        return LineFramer(self._options.delimiter, self._options.limit)

    @override
    def _received(self, message: bytes) -> None:
        try:
            parsed: object = parse_json(message, "a line")
        except ReplyError:
            parsed = None if message.strip() else []
        if not isinstance(parsed, list):
            self._take(parsed)
            return
        for item in cast("list[object]", parsed):
            self._take(item)

    def _take(self, message: object) -> None:
        if not isinstance(message, dict):
            self._link.count_oddity("a line that is not a JSON object")
            return
        item = cast("dict[str, Any]", message)
        method = item.get("method")
        if isinstance(method, str):
            self._tell(method, item.get("params"))
            return
        number = item.get("id")
        asked = self._pending.asked(number) if type(number) is int else None
        if type(number) is not int or asked is None:
            self._link.count_oddity("a reply nobody waits for")
        else:
            self._take_reply(number, asked, item)

    def _take_reply(self, number: int, asked: _Request, item: dict[str, Any]) -> None:
        method, params = asked
        if (error := item.get("error")) is not None:
            self._pending.fail(number, _refusal(method, error))
        elif "result" in item:
            self._tell(method, item["result"], params)
            self._pending.resolve(number, item["result"])
        else:
            self._pending.fail(number, ReplyError(f"{method}: a reply without result"))

    def _tell(self, method: str, value: Any, asked: dict[str, Any] | None = None) -> None:
        data = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        self._link.on_message(RpcMessage(method, data, value, asked is not None, asked or {}))

    @override
    def _dropped(self, reason: EdgeError) -> None:
        self._pending.fail_all(reason)


def _refusal(method: str, error: object) -> RefusedError:
    words: object = error
    if isinstance(error, dict):
        told = cast("dict[str, Any]", error)
        more = told.get("data")
        words = f"{told.get('message')}{f': {more}' if isinstance(more, str) else ''}"
    return RefusedError(f"{method}: {words}"[:500])
