"""A text is fetched from a URL: once, within limits, and only as what it is."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.description_files import fetch
from custom_components.lan_edge.description_files.fetch import FetchError, async_fetch
from custom_components.lan_edge.description_files.texts import MAX_SAVED_TEXT

from ..driver_folder import DESCRIBED

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Answer], Awaitable[str]]


@pytest.fixture
async def serve(hass: HomeAssistant) -> AsyncGenerator[Serve]:
    """Return a function that has a web server give one answer, and returns its URL."""
    servers: list[TestServer] = []

    async def start(answer: Answer) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        server = TestServer(app)
        servers.append(server)
        await server.start_server()
        return str(server.make_url("/device.yaml"))

    yield start
    for server in servers:
        await server.close()


async def test_a_text(hass: HomeAssistant, serve: Serve) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text=f"\ufeff{DESCRIBED}")

    assert await async_fetch(hass, f" {await serve(answer)} ") == DESCRIBED
    assert asked == ["/device.yaml"]


@pytest.mark.parametrize(
    ("body", "kind", "key"),
    [
        (b"x" * (MAX_SAVED_TEXT + 1), "text/plain", "too_long"),
        (b"\xff\xfe\x00", "text/plain", "no_text"),
        (b"<html>", "text/html", "web_page"),
    ],
)
async def test_what_is_no_text(
    hass: HomeAssistant, serve: Serve, body: bytes, kind: str, key: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind)

    with pytest.raises(FetchError) as failed:
        await async_fetch(hass, await serve(answer))
    assert failed.value.key == key


async def test_a_body_without_end_is_not_read_further(hass: HomeAssistant, serve: Serve) -> None:
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)
            sent += 65536

    with pytest.raises(FetchError) as failed:
        await async_fetch(hass, await serve(answer))
    assert failed.value.key == "too_long"
    assert sent < 100 * MAX_SAVED_TEXT


@pytest.mark.parametrize("target", ["/again", "file:///etc/hostname", "ftp://127.0.0.1/x"])
async def test_redirects_end(hass: HomeAssistant, serve: Serve, target: str) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": target})

    with pytest.raises(FetchError) as failed:
        await async_fetch(hass, await serve(answer))
    assert failed.value.key == "fetch_failed"
    assert len(asked) <= fetch.MAX_REDIRECTS + 1


async def test_a_server_without_an_answer(
    hass: HomeAssistant, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "FETCH_TIMEOUT", 0.05)

    ended = asyncio.Event()

    async def answer(_request: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    url = await serve(answer)
    with pytest.raises(FetchError) as failed:
        await async_fetch(hass, url)
    ended.set()
    assert failed.value.key == "fetch_failed"


async def test_an_error_of_the_server(hass: HomeAssistant, serve: Serve) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    with pytest.raises(FetchError, match="404") as failed:
        await async_fetch(hass, await serve(answer))
    assert failed.value.key == "fetch_failed"


@pytest.mark.parametrize(
    "address", ["", "device.yaml", "file:///etc/hostname", "ftp://a/b", "http://", "http://[x"]
)
async def test_what_is_no_url_of_a_text(hass: HomeAssistant, address: str) -> None:
    with pytest.raises(FetchError) as failed:
        await async_fetch(hass, address)
    assert failed.value.key == "no_url"
