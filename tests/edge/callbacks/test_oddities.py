"""Whatever a known device or a stranger sends to the listener: one line in the log at most."""

import asyncio
from collections.abc import AsyncGenerator
from http import HTTPStatus
import logging

import pytest

from lan_edge import CallbackRequest, Listener, ListenerSettings
from lan_edge.callbacks.registration import CallbackHandler, CallbackRegistration

from ..peers import LOOPBACK
from .test_body import exchange, status

HEAD = b" HTTP/1.1\r\nHost: hub\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
)
WEBSOCKET = UPGRADE + b"dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
HOSTILE = "no\r\nERROR all is lost\x1b[2J \u202e\udcff hunter2" + " x" * 500

ODD = {
    "a path that is not UTF-8": b"GET /\xff\xfe%b\r\n" % HEAD,
    "an escaped path that is not UTF-8": b"GET /%%ff?a=%%fe%b\r\n" % HEAD,
    "a target that is no URL": b"GET http://[/%b\r\n" % HEAD,
    "a target with another port": b"POST http://a:99999/x%b\r\n" % HEAD,
    "a target that is none": b"CONNECT [%b\r\n" % HEAD,
    "a control character": b"GET /\x1b[2J%b\r\n" % HEAD,
    "headers that are not UTF-8": b"GET /%bX: \xff\r\nCookie: \xff=\xfe\r\n\r\n" % HEAD,
    "an event that is not UTF-8": b"NOTIFY /%bSID: \xff\r\n\r\n" % HEAD,
    "a body that is not UTF-8": b"POST /%bContent-Length: 2\r\n\r\n\xff\xfe" % HEAD,
    "a type that is not UTF-8": b"POST /%bContent-Type: a; charset=\xff\r\n\r\n" % HEAD,
    "a body that is cut off": b"POST /%bContent-Length: 50\r\n\r\nabc" % HEAD,
    "a body that is expected": b"POST /%bContent-Length: 9\r\nExpect: \xff\r\n\r\nabc" % HEAD,
    "chunks that are cut off": b"POST /%bTransfer-Encoding: chunked\r\n\r\n5\r\nabc" % HEAD,
    "chunks that are none": b"POST /%bTransfer-Encoding: chunked\r\n\r\nzz\r\n" % HEAD,
    "a broken encoding": b"POST /%bContent-Length: 1\r\nContent-Encoding: gzip\r\n\r\nx" % HEAD,
    "a WebSocket's key that is not ASCII": b"GET /%b%b\xff\r\n\r\n" % (HEAD, UPGRADE),
    "a WebSocket's text that is not UTF-8": b"GET /%b%b\x81\x81\0\0\0\0\xff" % (HEAD, WEBSOCKET),
    "a WebSocket's length": b"GET /%b%b\x82\xff%b" % (HEAD, WEBSOCKET, b"\xff" * 12),
    "a WebSocket's code": b"GET /%b%b\x88\x82\0\0\0\0\0\0" % (HEAD, WEBSOCKET),
    "a WebSocket's subprotocols": b"GET /%bSec-WebSocket-Protocol: an, attack\r\n%b"
    % (HEAD, WEBSOCKET),
    "a WebSocket's message": b"GET /%b%b\x81\x82\0\0\0\0hi" % (HEAD, WEBSOCKET),
}


def repeat(request: CallbackRequest) -> str:
    """Return all that is known of a request, and what cannot be sent."""
    headers = dict(request.headers)
    return f"no {request.path} {dict(request.query)} {headers} {request.body!r} \udcff"


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    made = Listener(ListenerSettings(port=0))
    yield made
    await made.close()


async def registered(
    listener: Listener, handler: CallbackHandler, host: str
) -> CallbackRegistration:
    registration = listener.register(handler)
    await registration.attach(host, by_address=True)
    await registration.url()
    return registration


@pytest.mark.parametrize("host", [LOOPBACK, "127.0.0.11"], ids=["device", "stranger"])
@pytest.mark.parametrize("what", ODD)
async def test_odd_requests_are_not_logged(
    listener: Listener, what: str, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    handler = CallbackHandler(repeat, lambda: None, lambda: None)
    registration = await registered(listener, handler, host)
    reader, writer = await asyncio.open_connection(LOOPBACK, listener.port)
    writer.write(ODD[what])
    writer.write_eof()
    async with asyncio.timeout(5):
        await writer.drain()
        await reader.read()
    writer.close()
    assert "failed" not in listener.rejections
    assert not [r for r in caplog.records if r.name.startswith(("lan_edge", "aiohttp"))]
    assert not [r for r in caplog.records if r.levelno > logging.DEBUG]
    await registration.close()


async def test_an_answer_that_repeats_what_cannot_be_sent(listener: Listener) -> None:
    handler = CallbackHandler(lambda _: "a\udcffb", lambda: None, lambda: None)
    registration = await registered(listener, handler, LOOPBACK)
    answer = await exchange(listener.port, b"GET /%b\r\n" % HEAD)
    assert status(answer) == HTTPStatus.OK
    assert answer.endswith(b"\r\n\r\na?b")
    await registration.close()


async def test_a_bug_is_one_line_once(listener: Listener, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> str:
        raise ValueError(HOSTILE)

    registration = await registered(
        listener, CallbackHandler(fail, lambda: None, lambda: None), LOOPBACK
    )
    for _ in range(3):
        answer = await exchange(listener.port, b"GET /?pin=hunter2%b\r\n" % HEAD)
        assert status(answer) == HTTPStatus.INTERNAL_SERVER_ERROR
        assert answer.endswith(b"\r\n\r\n")
    assert listener.rejections == {"failed": 3}
    (record,) = caplog.records
    message = record.getMessage()
    assert record.exc_info is None
    assert message.startswith("a request from 127.0.0.1 failed: ValueError at ")
    assert "test_oddities.py:" in message
    assert message.isprintable()
    assert len(message) <= 200
    assert "hunter2" not in message
    await registration.close()
