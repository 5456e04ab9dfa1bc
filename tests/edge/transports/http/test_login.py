"""HTTP with a login: Basic and Digest against a server that checks them, and forms."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import md5, sha256
import re
from typing import Any

from aiohttp import web
from multidict import CIMultiDict
import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Http,
    HttpOptions,
    Login,
    ReplyError,
    Sse,
    SseOptions,
    Upnp,
    UpnpOptions,
)
from lan_edge.transports.base import Link
from lan_edge.transports.http.offered import offered_digest
from tests.processor import done_within

from ...peers import LOOPBACK
from ..contract import Heard

USER, PASSWORD = "admin", "Geheim-ß:7"
BASIC, DIGEST = Login(USER, PASSWORD), Login(USER, PASSWORD, digest=True)
WRONG = "verkehrt-8"


class Device:
    """A web server that lets in who knows the password."""

    def __init__(self, *, digest: bool = True, qop: str = "auth", algorithm: str = "MD5") -> None:
        self.digest, self.qop, self.algorithm = digest, qop, algorithm
        self.offered = qop
        """The qualities of protection that it says it takes; it takes only `qop`."""
        self.nonce = "n1"
        self.challenges: tuple[str, ...] = ("{}",)
        """Its WWW-Authenticate headers; in place of `{}` is its own challenge."""
        self.counts = list[str]()
        """The nonce counts of the requests let in."""
        self.seen = list[str]()
        """The Authorization headers of all requests."""
        self.bodies = list[tuple[str, bytes]]()
        self.connections = set[Any]()
        self.refusal = "no"

    def proven(self, request: web.Request, body: bytes) -> bool:
        """Whether a request knows the password; by the RFC, without aiohttp's help."""
        header = request.headers.get("Authorization", "")
        if not self.digest:
            return header == "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        fields = {k: a or b for k, a, b in re.findall(r'(\w+)=(?:"(.*?)"|([^,]+))', header)}
        if not header.startswith("Digest ") or fields["nonce"] != self.nonce:
            return False

        def hashed(*parts: str) -> str:
            data = ":".join(parts).encode()
            return (sha256(data) if self.algorithm == "SHA-256" else md5(data)).hexdigest()  # noqa: S324

        path = request.raw_path
        asked = [request.method, path]
        if self.qop == "auth-int":
            asked.append(hashed(body.decode()))
        counted = [fields["nc"], fields["cnonce"], self.qop] if self.qop else []
        secret = hashed(USER, "the lab", PASSWORD)
        good = hashed(secret, self.nonce, *counted, hashed(*asked))
        if fields["response"] != good or fields["uri"] != path or fields["username"] != USER:
            return False
        self.counts.append(fields.get("nc", ""))
        return True

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer any request."""
        body = await request.read()
        self.connections.add(request.transport)
        self.seen.append(request.headers.get("Authorization", ""))
        if not self.proven(request, body):
            return await self.challenge(request)
        self.bodies.append((request.content_type, body))
        if request.path == "/away":
            return web.Response(status=307, headers={"Location": f"http://127.0.0.9:{self.port}/"})
        if request.path == "/old":
            there = f"http://x:y@{LOOPBACK}:{self.port}/new"
            return web.Response(status=307, headers={"Location": there})
        if request.path == "/events":
            stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await stream.prepare(request)
            await stream.write(b"data: 1\n\n")
            return stream
        return web.Response(text="fine")

    async def challenge(self, request: web.Request) -> web.StreamResponse:
        """Ask for a login; the body comes late, as from a slow device."""
        asked = f'Digest realm="the lab", nonce="{self.nonce}", algorithm={self.algorithm}'
        asked += f', qop="{self.offered}"' if self.offered else ""
        asked += ", stale=true" if self.counts else ""
        asked = asked if self.digest else 'Basic realm="the lab"'
        headers = [("WWW-Authenticate", each.format(asked)) for each in self.challenges]
        response = web.StreamResponse(status=401, headers=CIMultiDict(headers))
        await response.prepare(request)
        await asyncio.sleep(0.01)
        await response.write(self.refusal.encode())
        return response

    port = 0


@asynccontextmanager
async def served(device: Device) -> AsyncGenerator[Address]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", device.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0).start()
        device.port = runner.addresses[0][1]
        yield Address(LOOPBACK, device.port)
    finally:
        await runner.cleanup()


class Opened:
    """An Http to a device, and its link."""

    def __init__(self, device: Device, login: Login | None, **options: Any) -> None:
        self.device = device
        self.link: Link = Heard().link()
        self.http = Http(
            self.link, HttpOptions(login=login, **{"timeout": 1, "limit": 1000, **options})
        )

    async def __aenter__(self) -> Http:
        self._served = served(self.device)
        await self.http.open(await self._served.__aenter__())
        return self.http

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()
        await self._served.__aexit__(None, None, None)

    def traced(self) -> str:
        return "\n".join(f"{e.kind} {e.text}" for e in self.link.trace.entries())


async def test_basic() -> None:
    device = Device(digest=False)
    async with Opened(device, BASIC) as http:
        assert await http.get_text("/a") == "fine"
        assert (await http.post("/b", {"n": 1})).text() == "fine"
        assert (await http.get("/old")).text() == "fine"
    assert device.seen == [device.seen[0]] * 4


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("qop", ["", "auth", "auth-int"])
async def test_digest(algorithm: str, qop: str) -> None:
    device = Device(qop=qop, algorithm=algorithm)
    async with Opened(device, DIGEST) as http:
        assert await http.get_text("/a b", q="x y&ü") == "fine"
        assert (await http.post("/b", {"n": "ü"})).text() == "fine"
        assert (await http.post_form("/c", n="ü")).text() == "fine"
        assert (await http.get("/old")).text() == "fine"
    assert len(device.seen) == 6  # one challenge, then none
    assert not device.seen[0]
    assert len(device.connections) == 1
    if qop:
        assert device.counts == [f"{n:08x}" for n in range(1, 6)]


@pytest.mark.parametrize("offered", ["auth,auth-int", "auth-int, auth", "auth-int auth"])
async def test_digest_with_a_choice(offered: str) -> None:
    device = Device(qop="auth")
    device.offered = offered
    async with Opened(device, DIGEST) as http:
        assert (await http.post("/b", {"n": "\u00fc"})).text() == "fine"
        assert await http.get_text("/") == "fine"
    assert device.counts == ["00000001", "00000002"]


@pytest.mark.parametrize(
    "challenges",
    [
        ('Basic realm="the lab"', "{}"),
        ('Basic realm="the lab, Digest y", {}',),
        ("{}, Basic realm=x",),
        ("NTLM", "Negotiate", "{}"),
        ("Negotiate, {}",),
        ('Digest realm="the lab", nonce="n1", algorithm=SHA-512-256, qop="auth"', "{}"),
    ],
)
async def test_digest_beside_other_schemes(challenges: tuple[str, ...]) -> None:
    device = Device()
    device.challenges = challenges
    async with Opened(device, DIGEST) as http:
        assert await http.get_text("/") == "fine"
    assert len(device.seen) == 2


@pytest.mark.parametrize("name", ["realm", "nonce", "qop"])
async def test_digest_in_capitals(name: str) -> None:
    device = Device()
    challenge = 'DIGEST realm="the lab", nonce="n1", qop="AUTH"'.replace(name, name.title())
    device.challenges = (challenge,)
    async with Opened(device, DIGEST) as http:
        assert await http.get_text("/") == "fine"


@pytest.mark.parametrize("challenges", [("NTLM",), ("Digest",), ("",), ()])
async def test_no_challenge_that_can_be_answered(challenges: tuple[str, ...]) -> None:
    device = Device()
    device.challenges = challenges
    async with Opened(device, DIGEST) as http:
        with pytest.raises(CredentialsError):
            await http.get_text("/")
    assert device.seen == [""]


@pytest.mark.parametrize("each", ['"', '\\"', '"\\', ", ", " ", "a ", "Digest ", "Digest a=b,"])
def test_no_challenge_takes_long(each: str) -> None:
    done_within(0.1, lambda: offered_digest([(each * 4096)[:4096]] * 30))


async def test_digest_with_a_new_nonce() -> None:
    device = Device()
    async with Opened(device, DIGEST) as http:
        await http.get("/")
        device.nonce = "n2"
        assert await http.get_text("/") == "fine"
        await http.get("/")
    assert len(device.seen) == 5
    assert device.counts == ["00000001", "00000001", "00000002"]


async def test_digest_many_at_a_time() -> None:
    device = Device()
    async with Opened(device, DIGEST, connections=4) as http:
        for response in await asyncio.gather(*(http.get(f"/{n}") for n in range(20))):
            assert response.text() == "fine"
    assert len(set(device.counts)) == 20


@pytest.mark.parametrize("digest", [False, True])
async def test_a_wrong_password_is_sent_once_a_request(*, digest: bool) -> None:
    device = Device(digest=digest)
    opened = Opened(device, Login(USER, WRONG, digest=digest))
    async with opened as http:
        for tries in (1, 2):
            with pytest.raises(CredentialsError, match="POST /x was refused") as err:
                await http.post("/x", "on")
            assert WRONG not in repr(err.value)
            assert len([s for s in device.seen if s]) == tries
    assert len(device.seen) == (4 if digest else 2)
    assert not device.bodies
    assert len(device.connections) == 1


async def test_the_password_is_refused_and_then_changed() -> None:
    device = Device()
    opened = Opened(device, DIGEST)
    async with opened as http:
        await http.get("/")
        http.configure(HttpOptions(login=Login(USER, WRONG, digest=True)))
        assert await http.get_text("/") == "fine"  # until it is opened again
        await http.open(Address(LOOPBACK, device.port))
        with pytest.raises(CredentialsError):
            await http.get("/")
        http.configure(HttpOptions(login=DIGEST))
        await http.open(Address(LOOPBACK, device.port))
        assert await http.get_text("/") == "fine"


async def test_basic_instead_of_digest_and_vice_versa() -> None:
    for device, login in ((Device(), BASIC), (Device(digest=False), DIGEST), (Device(), None)):
        async with Opened(device, login) as http:
            with pytest.raises(CredentialsError):
                await http.get("/")
        assert len(device.seen) == 1


async def test_a_challenge_is_bounded() -> None:
    device = Device()
    device.refusal = "x" * 1001
    async with Opened(device, DIGEST) as http:
        with pytest.raises(ReplyError, match="a challenge with a body of more than 1000 bytes"):
            await http.get("/x")
        device.refusal = "no"
        assert await http.get_text("/x") == "fine"


async def test_a_long_challenge_on_the_only_connection() -> None:
    device = Device()
    device.refusal = "x" * 500_000  # more than is read before somebody asks for it
    async with Opened(device, DIGEST, limit=1_000_000) as http:
        assert await http.get_text("/") == "fine"
    assert len(device.connections) == 1


async def test_a_redirect_contains_no_login() -> None:
    header = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    device = Device(digest=False)
    async with Opened(device, None, headers={"Authorization": header}) as http:
        assert await http.get_text("/old") == "fine"
    assert device.seen == [header] * 2


@pytest.mark.parametrize("login", [BASIC, DIGEST])
async def test_other_hosts_get_no_login(login: Login) -> None:
    device = Device(digest=login.digest)
    async with Opened(device, login) as http:
        with pytest.raises(ReplyError, match="redirected to another host"):
            await http.get("/away")
    assert len(device.seen) == 1 + login.digest


@pytest.mark.parametrize("digest", [False, True])
@pytest.mark.parametrize(
    ("user", "password"), [("a:b", "x"), ("a\r\nb", "x"), ("a", "x\0"), ("a", "\ud800")]
)
async def test_a_login_that_cannot_be_sent(user: str, password: str, *, digest: bool) -> None:
    http = Http(Heard().link(), HttpOptions(login=Login(user, password, digest=digest)))
    with pytest.raises(CredentialsError, match="the user name or password has"):
        await http.open(Address(LOOPBACK, 1))
    await http.close()


@pytest.mark.parametrize("login", [BASIC, DIGEST])
async def test_the_password_appears_nowhere(login: Login) -> None:
    opened = Opened(Device(digest=login.digest), login)
    async with opened as http:
        await http.get("/")
        await http.post_form("/", user=USER, password=PASSWORD)
    secrets = {PASSWORD, "Geheim", "Authorization", "Basic ", "Digest "}
    assert "POST / a form: user, password" in opened.traced()
    shown = opened.traced() + repr(login) + str(HttpOptions(login=login))
    assert [s for s in secrets if s in shown] == []
    assert repr(login) == f"Login(user='admin', digest={login.digest})"


async def test_a_form() -> None:
    device = Device(digest=False)
    async with Opened(device, BASIC) as http:
        await http.post_form("/set", name="Küche & Bad", path="a=b", leer="")
        await http.post_form("/none")
    form = "application/x-www-form-urlencoded"
    body = b"name=K%C3%BCche+%26+Bad&path=a%3Db&leer="
    assert device.bodies == [(form, body), (form, b"")]


@pytest.mark.parametrize("login", [BASIC, DIGEST])
async def test_the_event_stream_and_upnp_log_in_too(login: Login) -> None:
    heard = Heard()
    device = Device(digest=login.digest)
    async with served(device) as address:
        sse = Sse(heard.link(), SseOptions(login=login))
        await sse.open(address)
        try:
            assert await sse.get_text("/") == "fine"
        finally:
            await sse.close()
        bad = Sse(heard.link(), SseOptions(login=Login(USER, WRONG, digest=login.digest)))
        with pytest.raises(CredentialsError, match="GET /events"):
            await bad.open(address)
        upnp = Upnp(heard.link(), UpnpOptions(login=login))
        await upnp.open(address)
        try:
            assert await upnp.get_text("/") == "fine"
        finally:
            await upnp.close()
