"""How each transport sends what a description says, and how it shows what the device sends."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from ...errors import ReplyError
from ...transports import Frames, Http, Inbound, JsonRpc, Lines, Sse, Transport, Udp, WebSocket
from ...transports.http.messages import Response
from ..reading.received import Received, ReceivedJson, received_of
from ..sending.ready import Ready, ReadyBytes, ReadyCall, ReadyHttp, ReadyJson, ReadyText

type ReadyMessage = ReadyText | ReadyJson | ReadyBytes


class AnswerRule(Protocol):
    """How a request is answered."""

    @property
    def is_answered(self) -> bool:
        """Whether the device answers it."""
        ...

    @property
    def again(self) -> bool:
        """Whether it may be sent again if the answer is missing."""
        ...

    @property
    def match(self) -> Callable[[Any], bool] | None:
        """Which message is the answer; None: the next one."""
        ...


type Send = Callable[[Any, Any, AnswerRule, str | None], Awaitable[Any]]
"""Sends a request by a transport; returns its answer, or None if it has none.

The last argument is the number that the request shares with its answer, as text.
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """How a transport is used."""

    transport: type[Transport]
    send: Send
    is_http: bool = False
    """Whether answers come as such, not among the messages."""
    is_datagrams: bool = False
    """Whether it is not known that the device is there before it answers."""
    always_answered: bool = False
    """Whether all that is sent is answered, unless it is said otherwise."""
    received: Callable[[Any], Received] = received_of
    """Returns a message as readings take it."""


def content_of(request: Ready) -> Any:
    """Return a message as the transports of messages take it."""
    match request:
        case ReadyJson(message=message):
            return message
        case ReadyBytes(data=data):
            return data
        case ReadyText(text=text):
            return text
        case _:
            raise TypeError(f"{type(request).__name__} is not a message")


async def http_response(io: Http, request: ReadyHttp) -> Response:
    """Send a request by HTTP; return its answer with its headers."""
    return await io.request(
        request.method,
        request.path,
        request.body,
        query=request.query,
        headers=request.headers,
        again=request.again,
        secret=bool(request.secret),
    )


async def _by_http(io: Http, request: ReadyHttp, _how: AnswerRule, _key: str | None) -> bytes:
    return (await http_response(io, request)).body


async def _by_line(io: Lines, request: ReadyText, how: AnswerRule, _key: str | None) -> str | None:
    if how.is_answered:
        return await io.ask(request.text, match=how.match, secret=request.secret)
    io.send(request.text, secret=request.secret)
    return None


def _by_call(io: JsonRpc, request: ReadyCall, _how: AnswerRule, _key: str | None) -> Awaitable[Any]:
    return io.call(request.method, *request.positions, **request.params)


async def _by_message(
    io: WebSocket | Inbound, request: ReadyMessage, how: AnswerRule, key: str | None
) -> Any:
    content, secret = content_of(request), request.secret
    if how.is_answered:
        return await io.ask(content, key=key, match=how.match, secret=secret)
    await io.send(content, secret=secret)
    return None


async def _by_frame(io: Frames, request: ReadyMessage, how: AnswerRule, key: str | None) -> Any:
    content, secret = content_of(request), request.secret
    if how.is_answered:
        return await io.ask(content, key=key, match=how.match, secret=secret)
    io.send(content, secret=secret)
    return None


async def _by_datagram(io: Udp, request: ReadyMessage, how: AnswerRule, key: str | None) -> Any:
    content, secret = content_of(request), request.secret
    if how.is_answered:
        return await io.ask(content, key=key, match=how.match, again=how.again, secret=secret)
    io.send(content, secret=secret)
    return None


def _of_call(message: JsonRpc.Message) -> Received:
    if isinstance(message.value, str):
        return Received(message.value, event=message.method, is_reply=message.is_reply)
    return ReceivedJson(message.value, message.method, message.is_reply)


def _of_event(event: Sse.Event) -> Received:
    if event.data[:1] in {"{", "["}:
        with suppress(ReplyError):
            return ReceivedJson(event.json(), event.type)
    return Received(event.data, event=event.type)


TALK_BY_WORD: Mapping[str, Talk] = {
    "http": Talk(Http, _by_http, is_http=True, always_answered=True),
    "sse": Talk(Sse, _by_http, is_http=True, always_answered=True, received=_of_event),
    "websocket": Talk(WebSocket, _by_message),
    "json_rpc": Talk(JsonRpc, _by_call, always_answered=True, received=_of_call),
    "lines": Talk(Lines, _by_line),
    "frames": Talk(Frames, _by_frame),
    "udp": Talk(Udp, _by_datagram, is_datagrams=True),
    "inbound": Talk(Inbound, _by_message),
}
"""By the word for it in a text."""
