"""Pairing in `run` and `send`: questions on the terminal or from a pipe, and what is kept."""

from collections.abc import AsyncGenerator
import json
from pathlib import Path
from stat import S_IMODE
from textwrap import dedent
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from .console import cli

PIN = "4711-secret"
DRIVER = dedent('''\
    """Safe: JSON over HTTP with a token; POST /pair with a PIN."""

    from lan_edge import (
        Ask, CredentialsError, Driver, Http, HttpOptions, Profile, Switch, handles, id_at, register,
        text_at,
    )


    @register
    class Safe(Driver[Http]):
        id = "safe"
        help = "Its PIN is on the back."
        profile = Profile(Switch)

        def transport_options(self) -> HttpOptions:
            return HttpOptions(headers={"token": self.secrets["token"]})

        async def identify(self) -> str:
            return id_at(await self.io.get_json("/info"), "id")

        async def pair(self, ask: Ask) -> None:
            user = await ask.choice("user", "Who are you?", {"o": "Owner", "g": "Guest"})
            await ask.text("pin", "PIN", self.accept)
            self.set_secret("user", user)

        async def accept(self, pin: str) -> None:
            reply = await self.io.post("/pair", {"pin": pin})
            self.set_secret("token", text_at(reply.json(), "token"))

        async def refresh(self) -> None:
            self.emit_field(Switch.switch, await self.io.get_json("/state"), "on")

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.put("/state", {"on": True})

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.put("/state", {"on": False})
''')


class SafeEmulator:
    """A device that does nothing without the token that a PIN gives."""

    def __init__(self) -> None:
        self.is_on = False
        self.pins: list[str] = []

    async def info(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": "safe-1"})

    async def pair(self, request: web.Request) -> web.Response:
        self.pins.append((await request.json())["pin"])
        is_right = self.pins[-1] == PIN
        return web.json_response({"token": "t-0k3n"}, status=200 if is_right else 401)

    async def state(self, request: web.Request) -> web.Response:
        if request.headers.get("token") != "t-0k3n":
            return web.json_response({}, status=401)
        if request.method == "PUT":
            self.is_on = (await request.json())["on"]
        return web.json_response({"on": self.is_on})


@pytest.fixture
def safe() -> SafeEmulator:
    return SafeEmulator()


@pytest.fixture
async def at(safe: SafeEmulator) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_get("/info", safe.info)
    app.router.add_post("/pair", safe.pair)
    app.router.add_route("*", "/state", safe.state)
    async with TestServer(app) as server:
        yield f"127.0.0.1:{server.port}"


@pytest.fixture
def driver_file(tmp_path: Path) -> Path:
    file = tmp_path / "safe.py"
    file.write_text(DRIVER)
    return file


async def send(at: str, driver: Path, *more: Any, typed: str = "") -> Any:
    return await cli("send", at, "switch.on", "--driver", driver, *more, typed=typed)


async def test_it_asks_and_forgets(at: str, safe: SafeEmulator, driver_file: Path) -> None:
    for _ in range(2):
        safe.is_on = False
        ran = await send(at, driver_file, typed=f"1\n{PIN}\n")
        assert ran.code == 0, ran.err
        assert safe.is_on
        assert "Its PIN is on the back." in ran.err
        assert "  1  Owner" in ran.err
        assert PIN not in ran.out + ran.err
    assert safe.pins == [PIN, PIN]


async def test_a_wrong_answer_is_asked_again(
    at: str, safe: SafeEmulator, driver_file: Path
) -> None:
    ran = await send(at, driver_file, typed=f"7\n2\nwrong\n{PIN}\n")
    assert ran.code == 0, ran.err
    assert "Type the number of one of them." in ran.err
    assert "Not accepted: " in ran.err
    assert safe.pins == ["wrong", PIN]


async def test_nobody_answers(at: str, driver_file: Path) -> None:
    ran = await send(at, driver_file)
    assert ran.code == 5
    assert "it has to be paired, and nobody answers: Who are you?" in ran.err


async def test_it_is_kept_in_a_private_file(
    at: str, safe: SafeEmulator, driver_file: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    first = await send(at, driver_file, "--state", state, typed=f"1\n{PIN}\n")
    assert first.code == 0, first.err
    assert mode(state) == 0o600
    again = await send(at, driver_file, "--state", state)
    assert again.code == 0, again.err
    assert safe.pins == [PIN]
    kept = json.loads(text(state))["devices"][f"safe {at}"]
    assert kept["secrets"] == {"token": "t-0k3n", "user": "o"}
    assert kept["record"]["identity"]["unique_id"] == "safe-1"
    assert [file.name for file in files(tmp_path)] == ["safe.py", "state.json"]


async def test_what_is_kept_is_for_that_device_only(
    at: str, safe: SafeEmulator, driver_file: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    await send(at, driver_file, "--state", state, typed=f"1\n{PIN}\n")
    changed = text(state).replace("safe-1", "safe-2")
    state.write_text(changed)
    ran = await send(at, driver_file, "--state", state)
    assert ran.code == 1
    assert "is safe-1, not safe-2" in ran.err


@pytest.mark.parametrize("text_in_it", ["", "[]", '{"a": 1}', "\x00\xff", "x" * 100])
async def test_another_file_is_not_taken_for_one(
    at: str, driver_file: Path, tmp_path: Path, text_in_it: str
) -> None:
    state = tmp_path / "mine.json"
    state.write_text(text_in_it)
    ran = await send(at, driver_file, "--state", state)
    assert ran.code == 2
    assert str(state) in ran.err
    assert text(state) == text_in_it


async def test_a_file_that_cannot_be_written(at: str, driver_file: Path, tmp_path: Path) -> None:
    state = tmp_path / "nowhere" / "state.json"
    ran = await send(at, driver_file, "--state", state, typed=f"1\n{PIN}\n")
    assert ran.code == 1
    assert "cannot be written" in ran.err


def mode(file: Path) -> int:
    return S_IMODE(file.stat().st_mode)


def text(file: Path) -> str:
    return file.read_text()


def files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith("__"))
