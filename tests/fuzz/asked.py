"""Replies on transports whose drivers are not bundled, and the challenge of a login."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
import re
from types import SimpleNamespace
from typing import Any

from multidict import CIMultiDict
from yarl import URL

from lan_edge import EdgeError, Lines, LinesOptions, Standing, pairs_in, words_in
from lan_edge.transports.base import Link
from lan_edge.transports.challenge import KnownChallenge
from lan_edge.transports.http.cookies import MAX_COOKIES, cookies_after
from lan_edge.transports.http.login import Login, middlewares
from lan_edge.transports.http.messages import client_errors
from lan_edge.transports.messages.framing import MAX_MESSAGE

from .target import target


@target(
    "edge/transports/tcp/lines.py",
    "edge/transports/messages/line_patterns.py",
    seeds=(
        b"power=on\nvolume 12\nOK\n",
        b"\xff\n!\n",
        b"ACK [5@0] {} unknown command\n",
        b"changed: power\nACK [] {} \nOK\nOK\npower\n",
    ),
)
def replies_in_lines(data: bytes) -> None:
    """Lines reach the driver, and answer requests, also one that stands."""
    asyncio.run(_lines(data))


LINES = LinesOptions(
    is_reply=lambda line: line != "!",
    until="OK",
    refused=r"ACK \[.*?\] \{.*?\} (.*)",
    standing=Standing(request="idle", withdraw="noidle"),
)


async def _lines(data: bytes) -> None:
    messages: list[Any] = []
    io = Lines(Link(messages.append, messages.append), LINES)
    framer = io._framer()

    def answer() -> None:
        try:
            for line in framer.feed(data):
                io.received(line)
        except EdgeError as err:
            io._dropped(err)
        io._dropped(EdgeError("gone"))

    def write(_message: bytes, _traced: str = "", **_secret: object) -> None:
        asyncio.get_running_loop().call_soon(answer)

    io.write = write  # type: ignore[method-assign,assignment]
    io._connected = lambda: None  # type: ignore[method-assign,assignment,return-value]
    for asking in (partial(io.ask, "power?", match="power.*"), partial(io.ask_all, "all?")):
        io._standing.begin(LINES.standing, "OK".__eq__)
        with suppress(EdgeError):
            reply = await asking()
            assert reply.startswith("power") if isinstance(reply, str) else reply[-1] == "OK"
    io._dropped(EdgeError("gone"))
    await asyncio.sleep(0)
    assert not io._correlator.is_waiting
    assert all(len(line) <= MAX_MESSAGE for line in messages)


@target(
    "edge/driver/message_values.py",
    seeds=(
        b'VAR ups ups.mfr "The \\"Power\\" & \\\\ Co"\nvolume: 50\nTitle: a: b\n',
        b'"open a b\n""\n=\n: \n',
    ),
)
def words_of_lines(data: bytes) -> None:
    """Words and pairs are texts of the line; what is quoted and what is not come out alike."""
    lines = data.decode(errors="replace").split("\n")
    assert all(name in data.decode(errors="replace") for name in pairs_in(lines))
    for line in lines:
        words = words_in(line)
        assert sum(map(len, words)) <= len(line)
        quoted = " ".join('"' + w.replace("\\", "\\\\").replace('"', '\\"') + '"' for w in words)
        assert words_in(quoted) == words


@target(
    "edge/transports/http/cookies.py",
    seeds=(b"sid=1; Path=/\0sid=2; Max-Age=60\0lang=; Max-Age=0", b"a=b=c; expires=x 1970 y\0=;;"),
)
def carried_cookies(data: bytes) -> None:
    """Cookies are carried once each, and stay what they are while a device sets no others."""
    lines = data.decode("latin-1").split("\0")
    carried = cookies_after("", lines)
    assert cookies_after(carried, ()) == carried
    names = [pair.partition("=")[0].strip() for pair in carried.split(";")]
    assert len(names) == len(set(names)) <= MAX_COOKIES


@target(
    "edge/transports/http/login.py",
    "edge/transports/http/offered.py",
    "edge/transports/challenge.py",
    seeds=(
        b'Digest realm="thermostat", qop="auth", nonce="7f3c1d2b"',
        b'Digest realm="a", nonce="b", algorithm=SHA-256, opaque="c", qop="auth,auth-int", stale=1',
        b"Basic realm=x",
        b'NTLM, Basic realm="b, Digest", DIGEST Realm="a" Nonce=b, QOP="AUTH", Digest x=y',
    ),
)
def login_challenges(data: bytes) -> None:
    """What asks for a login gets a proof without the password, or an error.

    Once it is known how the device asks, only that or something stronger gets one.
    """
    asyncio.run(_challenged(data.decode("latin-1"), KnownChallenge()))
    for proof in asyncio.run(_challenged(data.decode("latin-1"), KnownChallenge(KNOWN))):
        assert re.search(r', realm="a", nonce="', proof)
        assert re.search(r'", algorithm=SHA-?(256|512)\b.*, qop=auth', proof, re.IGNORECASE)


async def _challenged(challenge: str, known: KnownChallenge) -> list[str]:
    sent: list[str] = []

    async def body() -> AsyncIterator[bytes]:
        yield b"no"

    async def handler(request: Any) -> Any:
        sent.append(request.headers.get("Authorization", ""))
        headers = CIMultiDict({"WWW-Authenticate": re.sub(r"[\r\n\0]", " ", challenge)})
        about: dict[str, Any] = {"status": 401, "headers": headers, "method": "GET", "url": HERE}
        content = SimpleNamespace(iter_any=body)
        return SimpleNamespace(content=content, close=lambda: None, **about)

    (login,) = middlewares(Login("user", "pass word", digest=True), 1000, known)
    for _ in range(2):
        request: Any = SimpleNamespace(headers=CIMultiDict(), method="GET", url=HERE, body=b"")
        with suppress(EdgeError), client_errors("GET /"):
            await login(request, handler)
    assert len(sent) <= 4
    for proof in sent:
        assert "pass word" not in proof
    return [proof for proof in sent if proof]


KNOWN = "SHA-256 auth a"
HERE = URL("http://10.0.0.5/query/info?a=b")
