"""JSON lines over TCP: requests with an id, replies that carry it, and notifications.

One JSON object a line, as JSON-RPC 2.0 (https://www.jsonrpc.org/specification) has them; the
`jsonrpc` member may be missing, as in many devices. One reader takes replies and notifications
alike and hands both to the driver before it wakes who asked.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import itertools
from typing import Any, cast, override

import orjson

from ..errors import ArgumentError, EdgeError, RefusedError, ReplyError
from ..framing import Framer, LineFramer
from .base import Link, Options
from .login import log_in
from .pending import Pending
from .stream import Stream


@dataclass(frozen=True, slots=True)
class RpcMessage:
    """What the device says: a notification, or the answer to a request, with its data.

    `method` is the notification's name, or the name of the request that is answered; `data`
    the params or the result, {} where that is no object (then it is in `value`). `asked` are
    the params by name of the request that is answered, which the answer may not repeat.
    """

    method: str
    data: dict[str, Any]
    value: Any
    is_reply: bool
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])


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

    options_type = JsonRpcOptions
    _options: JsonRpcOptions

    def __init__(self, link: Link, options: Options) -> None:
        """Start with no request under way."""
        super().__init__(link, options)
        self._ids = itertools.count(1)
        self._pending = Pending[int, Any]()
        self._asked: dict[int, tuple[str, dict[str, Any]]] = {}

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
        self._asked[number] = (method, params)
        try:
            return await self._pending.ask(
                number,
                lambda: self.write(orjson.dumps(request)),
                self._options.timeout,
                method,
            )
        finally:
            del self._asked[number]

    @override
    def _framer(self) -> Framer:
        return LineFramer(self._options.delimiter, self._options.limit)

    @override
    def _received(self, message: bytes) -> None:
        try:
            parsed: object = orjson.loads(message) if message.strip() else []
        except orjson.JSONDecodeError:
            parsed = None
        items = cast("list[object]", parsed) if isinstance(parsed, list) else [parsed]
        for item in items:
            if isinstance(item, dict):
                self._take(cast("dict[str, Any]", item))
            else:
                self._link.odd("a line that is not a JSON object")

    def _take(self, item: dict[str, Any]) -> None:
        method, number = item.get("method"), item.get("id")
        if isinstance(method, str):
            self._tell(method, item.get("params"))
        elif type(number) is not int or number not in self._pending:
            self._link.odd("a reply nobody waits for")
        else:
            self._take_reply(number, item)

    def _take_reply(self, number: int, item: dict[str, Any]) -> None:
        method, params = self._asked[number]
        if (error := item.get("error")) is not None:
            self._pending.fail(number, _refusal(method, error))
        elif "result" in item:
            self._tell(method, item["result"], params)
            self._pending.resolve(number, item["result"])
        else:
            self._pending.fail(number, ReplyError(f"{method}: a reply without result"))

    def _tell(self, method: str, value: Any, asked: dict[str, Any] | None = None) -> None:
        data = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        self._link.message(RpcMessage(method, data, value, asked is not None, asked or {}))

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
