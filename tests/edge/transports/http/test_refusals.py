"""Refusals by HTTP: the device's own words, status and body, and which of them are of a login."""

import json

from hypothesis import given, strategies as st
import pytest

from lan_edge import CredentialsError, Http, HttpOptions, RefusedError
from lan_edge.transports.http.refusals import MIN_WORDS, words_in
from tests.emulators.http_messages import Answer, requests

from ...peers import TcpPeer, Wire
from ..contract import Heard

WAIT = "Too many attempts, try again in 60 s"
PAGE = """<!DOCTYPE html><html><head><title>Error</title><style>p { color: red }</style></head>
<body><!-- 429 --><p>Too many attempts,</p> try&nbsp;again in <b>60&nbsp;s</b></body></html>"""


async def refused(
    answer: Answer, *, secret: bool = False, options: HttpOptions | None = None
) -> Exception:
    """Return the error for an answer of a device."""

    async def serve(wire: Wire) -> None:
        async for _ in requests(wire.reader):
            await wire.send(answer.encode())

    http = Http(Heard().link(), options or HttpOptions())
    async with TcpPeer(serve) as peer:
        await http.open(peer.address)
        try:
            with pytest.raises((RefusedError, CredentialsError)) as caught:
                await http.post("/pair", "1234", secret=secret)
        finally:
            await http.close()
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        WAIT,
        "  Too many attempts,\r\n\u202e try again in\n60 s ",
        PAGE,
        f"<?xml version='1.0'?><error code='7'><text>{WAIT}</text></error>",
        json.dumps({"status": 429, "error": "rate_limited", "message": WAIT}),
        json.dumps({"Error": {"code": 7, "Description": WAIT}}),
        json.dumps([{"error": {"type": 101, "address": "/", "description": WAIT}}]),
        json.dumps({"errors": [{"detail": WAIT}, {"detail": "another"}]}),
        json.dumps({"error": "busy", "error_description": WAIT}),
    ],
)
async def test_the_devices_words_instead_of_the_status(body: str) -> None:
    error = await refused(Answer(429, body.encode()))
    assert isinstance(error, RefusedError)
    assert str(error) == f"POST /pair: {WAIT}"
    assert error.status == 429
    assert error.body == body.strip()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", "status 429"),
        (b"no", "status 429"),
        (b"locked", "status 429: locked"),
        (b"<html></html>", "status 429"),
        (b"\xff\xfe\x00 \x01 and so on", "status 429"),
        (b'{"code": 7}', 'status 429: {"code": 7}'),
        (b'{"error": "rate_limited"}', "status 429: rate_limited"),
        (b'{"code": 7,', 'status 429: {"code": 7,'),
    ],
)
async def test_the_status_where_it_says_little(body: bytes, shown: str) -> None:
    assert str(await refused(Answer(429, body))) == f"POST /pair: {shown}"


async def test_what_is_shown_and_kept_is_bounded() -> None:
    error = await refused(Answer(500, b"a long story " * 100_000), options=HttpOptions(limit=2**21))
    assert isinstance(error, RefusedError)
    assert len(str(error)) == RefusedError.max_length
    assert len(error.body) == RefusedError.max_body


@given(st.binary(max_size=300) | st.text(alphabet='<>!-/&;"[]{}:, ahestyle').map(str.encode))
def test_any_body(body: bytes) -> None:
    words = words_in(body)
    assert not words or len(words) >= MIN_WORDS


@pytest.mark.parametrize("status", [403, 429])
async def test_of_a_secret_request_nothing_is_shown(status: int) -> None:
    options = HttpOptions(login_statuses={403})
    error = await refused(Answer(status, b"1234 is not it"), secret=True, options=options)
    assert "1234" not in f"{error} {getattr(error, 'body', '')}"


@pytest.mark.parametrize("status", [401, 403])
async def test_which_statuses_refuse_a_login(status: int) -> None:
    options = HttpOptions(login_statuses={401, 403})
    error = await refused(Answer(status, b"Pair this device first"), options=options)
    assert isinstance(error, CredentialsError)
    assert str(error) == "POST /pair was refused: Pair this device first"


async def test_only_401_does_unless_the_driver_says_more() -> None:
    assert isinstance(await refused(Answer(401)), CredentialsError)
    error = await refused(Answer(403, b"Not allowed here"))
    assert isinstance(error, RefusedError)
    assert (str(error), error.status) == ("POST /pair: Not allowed here", 403)
