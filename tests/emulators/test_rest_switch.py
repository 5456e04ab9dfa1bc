"""The switch's protocol and its faults, over real sockets; and the control server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from .control import Control
from .faults import HttpOverride
from .rest_switch import RestSwitchEmulator

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def switch() -> AsyncIterator[RestSwitchEmulator]:
    async with RestSwitchEmulator() as made:
        yield made


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(2)
    async with aiohttp.ClientSession(timeout=timeout) as made:
        yield made


async def ask(
    session: aiohttp.ClientSession,
    switch: RestSwitchEmulator,
    method: str = "GET",
    path: str = "/switch",
    **options: Any,
) -> tuple[int, str]:
    url = f"http://{switch.host}:{switch.port}{path}"
    async with session.request(method, url, **options) as answer:
        return answer.status, await answer.text()


async def test_protocol(switch: RestSwitchEmulator, session: aiohttp.ClientSession) -> None:
    assert await ask(session, switch) == (200, "off")
    assert await ask(session, switch, "POST", data="on") == (200, "on")
    assert switch.state == {"on": True}
    await switch.change(on=False)
    assert await ask(session, switch) == (200, "off")
    assert [r.command for r in switch.log] == ["GET", "POST", "GET"]
    assert switch.log[1].params == {"path": "/switch", "body": "on"}
    assert switch.connections == (1, 1)


@pytest.mark.parametrize(
    ("request_line", "body", "status"),
    [
        ("POST /switch", "ON", 400),
        ("POST /switch", "", 400),
        ("POST /switch", "x" * 70000, 413),
        ("GET /", "", 404),
        ("PUT /switch", "on", 405),
        ("DELETE /switch", "", 405),
    ],
)
async def test_anything_else(
    switch: RestSwitchEmulator,
    session: aiohttp.ClientSession,
    request_line: str,
    body: str,
    status: int,
) -> None:
    method, path = request_line.split()
    assert (await ask(session, switch, method, path, data=body))[0] == status
    assert switch.state == {"on": False}


async def test_garbage_gets_400_and_the_end(switch: RestSwitchEmulator) -> None:
    reader, writer = await asyncio.open_connection(switch.host, switch.port)
    writer.write(b"nonsense\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), 2)).startswith(b"HTTP/1.1 400 ")
    writer.close()


async def test_faults(switch: RestSwitchEmulator, session: aiohttp.ClientSession) -> None:
    switch.faults.split = 3
    assert await ask(session, switch) == (200, "off")
    switch.faults.lie = True
    assert await ask(session, switch, "POST", data="on") == (200, "on")
    assert await ask(session, switch) == (200, "off")
    switch.faults.ignore = True
    assert await ask(session, switch, "POST", data="on") == (200, "off")
    switch.faults.refuse = ["POST"]
    assert (await ask(session, switch, "POST", data="on"))[0] == 500
    assert await ask(session, switch) == (200, "off")


async def test_silent_keeps_the_connection(
    switch: RestSwitchEmulator, session: aiohttp.ClientSession
) -> None:
    switch.faults.silent = True
    with pytest.raises(TimeoutError):
        await ask(
            session,
            switch,
            headers={"Connection": "close"},
            timeout=aiohttp.ClientTimeout(0.1),
        )
    switch.faults.silent = False
    assert await ask(session, switch) == (200, "off")


async def test_a_cut_answer(switch: RestSwitchEmulator, session: aiohttp.ClientSession) -> None:
    switch.close_after(90)
    with pytest.raises(aiohttp.ClientError):
        await ask(session, switch)
    assert await ask(session, switch) == (200, "off")


@pytest.mark.parametrize(
    "override",
    [
        HttpOverride(500, b"broken"),
        HttpOverride(302, b"", {"Location": "http://127.0.0.2:1/"}),
        HttpOverride(200, b""),
        HttpOverride(200, b"<html>", {"Content-Type": "text/html"}),
        HttpOverride(200, b"x" * 1_000_000),
    ],
)
async def test_override(
    switch: RestSwitchEmulator,
    session: aiohttp.ClientSession,
    override: HttpOverride,
) -> None:
    switch.faults.override = override
    answer = await ask(session, switch, "POST", data="on", allow_redirects=False)
    assert answer == (override.status, override.body.decode())
    assert switch.state == {"on": False}


async def test_a_client_that_never_reads_does_not_stop_the_stop() -> None:
    async with RestSwitchEmulator() as switch:
        switch.faults.override = HttpOverride(body=b"x" * 30_000_000)
        _, writer = await asyncio.open_connection(switch.host, switch.port)
        writer.write(b"GET /switch HTTP/1.1\r\n\r\n")
        await asyncio.sleep(0.05)
    writer.close()


async def test_control(switch: RestSwitchEmulator, session: aiohttp.ClientSession) -> None:
    async with Control(switch, "127.0.0.1", 0) as control:
        url = f"http://{control.host}:{control.port}"
        async with session.post(f"{url}/change", json={"on": True}) as answer:
            assert (await answer.json())["state"] == {"on": True}
        async with session.post(f"{url}/change", json={"on": 7}) as answer:
            assert answer.status == 400
        wanted = {
            "slow": 0.01,
            "refuse": ["POST"],
            "override": {"status": 503, "size": 10},
            "drop": True,
            "move": {"host": "127.0.0.2"},
        }
        async with session.post(f"{url}/fault", json=wanted) as answer:
            assert answer.status == 200
        async with session.post(f"{url}/fault", json={"restart": 0.01}) as answer:
            assert answer.status == 200
        await asyncio.sleep(0.1)
        async with session.post(f"{url}/fault", json={"explode": 1}) as answer:
            assert answer.status == 400
        async with session.post(f"{url}/fault", json={"move": 7}) as answer:
            assert answer.status == 400
        async with session.get(url) as answer:
            shown = await answer.json()
    assert shown["address"] == {"host": "127.0.0.2", "port": switch.port}
    assert shown["state"] == {"on": True}
    assert shown["faults"]["refuse"] == ["POST"]
    assert await ask(session, switch) == (503, "x" * 10)
