"""A login by a request: sent once for all who wait, never elsewhere, and shown nowhere."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, override

from aiohttp import web
import pytest
from yarl import URL

from lan_edge import (
    Address,
    CredentialsError,
    DriverError,
    Http,
    HttpOptions,
    HttpSession,
    RefusedError,
    Sse,
    SseOptions,
    UnreachableError,
)
from lan_edge.transports.http.messages import Request, Response
from lan_edge.transports.http.session_login import SessionLogin, carrying, renewed

from ...peers import LOOPBACK
from ..contract import Heard

PASSWORD = "s3cret-enough"


class Device:
    """A web server whose pages are for those with a session."""

    def __init__(self) -> None:
        self.logins = 0
        self.valid = ""
        self.asked = list[str]()
        self.answered = asyncio.Event()
        self.answered.set()
        self.ended = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path == "/login":
            self.logins += 1
            await self.answered.wait()
            self.valid = f"t0ken-{self.logins:06}"
            return web.Response(text=self.valid)
        given = request.headers.get("X-Session", request.query.get("sid"))
        if given != self.valid:
            return web.Response(status=401, text="who is it?")
        if request.path != "/events":
            return web.Response(text=f"fine, {given}")
        events = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await events.prepare(request)
        await events.write(b"data: hello\n\n")
        await self.ended.wait()
        return events


async def log_in(io: Http) -> HttpSession:
    answer = await io.post("/login", PASSWORD, secret=PASSWORD)
    return HttpSession(headers={"X-Session": answer.text()})


@asynccontextmanager
async def served(device: Device) -> AsyncGenerator[Address]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", device.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0).start()
        yield Address(LOOPBACK, runner.addresses[0][1])
    finally:
        device.answered.set()
        device.ended.set()
        await runner.cleanup()


@asynccontextmanager
async def opened(device: Device, heard: Heard, login: Any = log_in) -> AsyncGenerator[Http]:
    http = Http(heard.link(), HttpOptions(login=login, connections=4, timeout=1))
    async with served(device) as address:
        await http.open(address)
        try:
            yield http
        finally:
            await http.close()


async def test_one_login_is_for_all_who_wait() -> None:
    device, heard = Device(), Heard()
    async with opened(device, heard) as http:
        for number in (1, 2):
            answers = await asyncio.gather(*(http.get_text("/") for _ in range(4)))
            assert answers == [f"fine, t0ken-{number:06}"] * 4
            assert device.logins == number
            device.valid = "another"


async def test_what_it_gives_is_shown_nowhere() -> None:
    device, heard = Device(), Heard()
    shown = list[str]()
    async with opened(device, heard) as http:
        http._link.trace.subscribe(lambda entry: shown.append(entry.text))
        assert await http.get_text("/") == "fine, t0ken-000001"
    assert len(shown) == 4
    assert "t0ken" not in str(shown)
    assert PASSWORD not in str(shown)


async def test_a_login_ends_with_the_connection_that_it_was_for() -> None:
    device, heard = Device(), Heard()
    device.answered.clear()
    async with opened(device, heard) as http, served(other := Device()) as elsewhere:
        asking = asyncio.ensure_future(http.get_text("/"))
        async with asyncio.timeout(5):
            while not device.logins:  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(0.005)
        await http.close()
        await http.open(elsewhere)
        with pytest.raises(UnreachableError, match="given up"):
            await asking
        assert other.asked == []
        assert await http.get_text("/") == "fine, t0ken-000001"
        assert other.asked == ["/login", "/"]


async def test_what_is_wrong_in_a_driver_is_said() -> None:
    async def broken(_io: Http) -> HttpSession:
        raise KeyError("token")

    async with opened(Device(), Heard(), broken) as http:
        with pytest.raises(DriverError, match="the login failed: KeyError"):
            await http.get_text("/")


async def test_a_device_that_asks_for_a_pause_has_not_refused_the_login() -> None:
    async def refused(_io: Http) -> HttpSession:
        raise RefusedError("later", status=503)

    async with opened(Device(), Heard(), refused) as http:
        with pytest.raises(RefusedError, match="later"):
            await http.get_text("/")


@pytest.mark.parametrize("query", [False, True])
async def test_the_event_stream_carries_it_too(*, query: bool) -> None:
    device, heard = Device(), Heard()

    async def log_in_by_query(io: Http) -> HttpSession:
        return HttpSession(query={"sid": (await io.get("/login")).text()})

    login = log_in_by_query if query else log_in
    sse = Sse(heard.link(), SseOptions(login=login, timeout=1))
    async with served(device) as address:
        await sse.open(address)
        try:
            assert await sse.get_text("/") == "fine, t0ken-000001"
            device.valid = "another"
            assert await sse.get_text("/") == "fine, t0ken-000002"
        finally:
            await sse.close()
    assert device.logins == 2


async def test_a_stream_that_is_refused_with_a_new_session_is_refused() -> None:
    device, heard = Device(), Heard()

    async def wrong(io: Http) -> HttpSession:
        await io.get("/login")
        return HttpSession(headers={"X-Session": "wrong"})

    sse = Sse(heard.link(), SseOptions(login=wrong, timeout=1))
    async with served(device) as address:
        with pytest.raises(CredentialsError, match="who is it"):
            await sse.open(address)
    assert device.asked == ["/login", "/events"]


@pytest.mark.parametrize(
    ("headers", "cookie"),
    [
        ({}, ""),
        ({"Set-Cookie": "a=b; Path=/; HttpOnly"}, "a=b"),
        ({"Set-Cookie": "a=; Max-Age=0"}, ""),
        ({"Set-Cookie": "nothing"}, ""),
    ],
)
def test_cookies(headers: dict[str, str], cookie: str) -> None:
    assert Response("GET /", 200, headers, b"").cookie == cookie


async def test_several_cookies() -> None:
    class Baker(Device):
        @override
        async def answer(self, request: web.Request) -> web.StreamResponse:
            response = web.Response()
            response.set_cookie("a", "1", httponly=True)
            response.set_cookie("b", "2")
            return response

    async with opened(Baker(), Heard(), None) as http:
        assert (await http.get("/")).cookie == "a=1; b=2"


class Rotating(Device):
    """It gives another session with each answer, by a cookie or a header."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/login":
            return await super().answer(request)
        given = request.headers.get("Cookie", request.headers.get("X-Token", ""))
        if given.removeprefix("sid=") != self.valid:
            return web.Response(status=401, text="who is it?")
        self.asked.append(request.path)
        self.valid = f"rotated-{len(self.asked):06}"
        in_cookie, in_header = {"Set-Cookie": f"sid={self.valid}; Path=/"}, {"X-Token": self.valid}
        return web.Response(text="fine", headers=in_cookie if self.way == "cookie" else in_header)


async def log_in_by_cookie(io: Http) -> HttpSession:
    answer = await io.post("/login", PASSWORD, secret=PASSWORD)
    return HttpSession(headers={"Cookie": f"sid={answer.text()}"})


async def log_in_by_header(io: Http) -> HttpSession:
    token = (await io.post("/login", PASSWORD, secret=PASSWORD)).text()
    return session_of(token)


def session_of(token: str) -> HttpSession:
    return HttpSession(
        headers={"X-Token": token}, query={"t": token}, renewed_by="X-Token", renew=session_of
    )


@pytest.mark.parametrize(
    ("way", "login"), [("cookie", log_in_by_cookie), ("header", log_in_by_header)]
)
async def test_a_session_that_each_answer_renews_is_followed(way: str, login: Any) -> None:
    device, heard, shown = Rotating(way), Heard(), list[str]()
    async with opened(device, heard, login) as http:
        http._link.trace.subscribe(lambda entry: shown.append(entry.text))
        for _ in range(4):
            assert await http.get_text("/state") == "fine"
    assert device.logins == 1
    assert "rotated-" not in str(shown)


async def test_a_token_that_cannot_be_sent_is_not_followed() -> None:
    session = session_of("first")

    async def give() -> HttpSession:
        return session

    client: Any = None  # nothing is sent
    login, sent = SessionLogin(give, None, client, lambda _texts: None), list[HttpSession]()

    async def send(used: HttpSession) -> Response:
        sent.append(used)
        answer = Response("GET /", 200, {"X-Token": "\udc80"}, b"")
        login.follow(used, answer)
        return answer

    for _ in range(2):
        await login.run("GET /", send)
    assert sent == [session, session]


def after(session: HttpSession, **headers: str) -> HttpSession:
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return renewed(session, Response("GET /", 200, given, b""))


def test_cookies_that_were_all_taken_back_may_come_again() -> None:
    session = after(HttpSession(headers={"Cookie": "sid=1"}), Set_Cookie="sid=; Max-Age=0")
    request = Request("GET", URL("http://device/"), "", {}, "")
    assert "Cookie" not in carrying(session, request).headers
    session = after(after(session), Set_Cookie="sid=2; Path=/")
    assert carrying(session, request).headers["Cookie"] == "sid=2"
    assert after(HttpSession(), Set_Cookie="sid=3") == HttpSession()


def test_a_token_in_a_cookie_is_renewed_beside_other_cookies() -> None:
    def of(token: str) -> HttpSession | None:
        cookie = {"Cookie": f"token={token}"}
        return HttpSession(headers=cookie, renewed_by="X-Token", renew=of) if token != "-" else None

    session = after(HttpSession(headers={"Cookie": "a=1"}, renewed_by="X-Token", renew=of))
    session = after(session, X_Token="one", Set_Cookie="b=2")
    assert session.headers == {"Cookie": "a=1; token=one; b=2"}
    assert after(session, X_Token="-") == session
    assert after(session, X_Token="two").headers == {"Cookie": "a=1; b=2; token=two"}
