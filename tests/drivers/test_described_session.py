"""A described device with a login that ends, and the driver that is written for it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
import json
from typing import Any, cast, override

import pytest

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    Driver,
    Identity,
    Record,
    RefusedError,
    Switch,
    read_description,
)
from lan_edge.cli.writing import UnwritableError, written
from lan_edge.diagnostics.privacy import MAX_KEPT
from lan_edge.transports.http.messages import Response
from lan_edge.transports.http.session_login import renewed
from tests.docs import pages
from tests.emulators.device import EmulatedDevice
from tests.emulators.http_messages import Answer
from tests.emulators.session_switch import PASSWORD, USER, SessionSwitchEmulator

from .contract import ELSEWHERE, OldHttpContract, SwitchContract
from .described import compiled, text_of
from .house import driven, shows, until

pytestmark = pytest.mark.usefixtures("nothing_left_running")

SETTINGS = {"user": USER, "password": PASSWORD}
TOKEN = "  token: {path: token}\n"
CARRIED = {
    "auth": '  token: {header: X-Auth-Token}\n  header: {X-Auth-Token: "{token}"}\n',
    "bearer": TOKEN,
    "cookie": "",
    "header": f'{TOKEN}  header: {{X-Session: "{{token}}"}}\n',
    "query": f'{TOKEN}  query: {{sid: "{{token}}"}}\n',
}
"""The lines of the login, by how the device takes the session."""
MINUTES = 180.0


def text_for(carried: str) -> str:
    text = text_of("session_switch").replace(TOKEN, CARRIED[carried])
    return text.replace("talks: http\n", "talks: http\noptions: {timeout: 0.2}\n")


def driver_for(way: str, text: str) -> type[Driver[Any]]:
    """Return the driver of a text: compiled, or written."""
    if way == "described":
        return compiled(text)
    description = read_description(text)
    return pages.driver_in(description.id, written(description))


@pytest.fixture(params=["described", "written"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=list(CARRIED))
def carried(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def added(
    driver: type[Driver[Any]],
    emulator: SessionSwitchEmulator,
    settings: Mapping[str, Any] = SETTINGS,
) -> AsyncGenerator[Device]:
    """Start the device, which need not become available."""
    record = Record(Identity("relay-1"), (Address(emulator.host, emulator.port),))
    device = Device(driver, record, settings=settings)
    device.start()
    try:
        yield device
    finally:
        await device.stop()


class TestWithASession(SwitchContract, OldHttpContract):
    """What every switch does; with a token, a cookie, a header or a query."""

    @pytest.fixture
    async def emulator(self, carried: str) -> AsyncGenerator[SessionSwitchEmulator]:
        async with SessionSwitchEmulator(carried) as made:
            yield made

    @pytest.fixture
    async def device(
        self, way: str, carried: str, emulator: SessionSwitchEmulator
    ) -> AsyncGenerator[Device]:
        driver, at = driver_for(way, text_for(carried)), Address(emulator.host, emulator.port)
        async with driven(driver, at, "relay-1", settings=SETTINGS) as made:
            yield made

    @override
    async def test_it_is_followed_to_another_address(
        self, device: Device, emulator: EmulatedDevice[Any]
    ) -> None:
        """Follow it once it has failed for a minute: a password is at stake."""
        await emulator.move(ELSEWHERE)
        new = Address(ELSEWHERE, emulator.port)
        async with asyncio.timeout(MINUTES):
            while not (device.available and device.connection.address == new):
                device.connection.sighted(new)
                await asyncio.sleep(1)
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True

    async def test_a_session_that_ends_is_renewed_unseen(
        self, device: Device, emulator: SessionSwitchEmulator
    ) -> None:
        attempts, before = device.connection.attempts, len(emulator.logins)
        emulator.forget()
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        await shows(device, Switch.switch, True)
        assert (device.connection.attempts, len(emulator.logins)) == (attempts, before + 1)
        shown = str([entry.text for entry in device.trace.entries()])
        assert PASSWORD not in shown
        assert "t0ken" not in shown


async def test_a_session_may_end_with_403(way: str) -> None:
    async with (
        SessionSwitchEmulator() as emulator,
        added(driver_for(way, text_for("bearer")), emulator) as device,
    ):
        emulator.over = Answer(403, b"log in first")
        await until(lambda: device.available, lambda: device.connection.reason)
        emulator.forget()
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True


async def test_what_is_never_allowed_takes_one_login(way: str) -> None:
    async with (
        SessionSwitchEmulator() as emulator,
        added(driver_for(way, text_for("bearer")), emulator) as device,
    ):
        await until(lambda: device.available, lambda: device.connection.reason)
        emulator.forbidden, before = {"POST"}, len(emulator.logins)
        for _ in range(3):
            with pytest.raises(RefusedError, match="not for you"):
                await device.commands.execute(Switch.on, {})
        assert len(emulator.logins) == before + 1
        assert device.available


@pytest.mark.parametrize("refused", ["{when: {path: state}, equals: '2'}", "{pattern: '.*NO.*'}"])
async def test_an_answer_with_a_code_ends_a_session(way: str, refused: str) -> None:
    text = text_for("bearer").replace(TOKEN, f"{TOKEN}  refused: {refused}\n")
    async with SessionSwitchEmulator() as emulator:
        emulator.over = Answer(200, b'{"state": 2, "why": "NO"}')
        async with added(driver_for(way, text), emulator) as device:
            await until(lambda: device.available, lambda: device.connection.reason)
            emulator.forget()
            await device.commands.execute(Switch.on, {})
            assert emulator.state["on"] is True


@pytest.mark.parametrize(
    ("settings", "given", "logins"),
    [
        ({**SETTINGS, "password": "wr0ng-one"}, None, 1),
        ({"user": USER}, None, 0),
        (SETTINGS, "{}", 1),
        (SETTINGS, '{"token": null}', 1),
    ],
)
async def test_a_login_that_gives_nothing_is_refused(
    way: str, settings: dict[str, str], given: str | None, logins: int
) -> None:
    async with SessionSwitchEmulator() as emulator:
        emulator.given = given
        async with added(driver_for(way, text_for("bearer")), emulator, settings) as device:
            await until(lambda: device.connection.reason is not None)
            assert isinstance(device.connection.reason, CredentialsError)
            assert len(emulator.logins) == logins


async def test_an_answer_without_the_header_is_no_login(way: str) -> None:
    async with SessionSwitchEmulator("auth") as emulator:
        emulator.given = "{}"
        async with added(driver_for(way, text_for("auth")), emulator) as device:
            await until(lambda: device.connection.reason is not None)
            assert isinstance(device.connection.reason, CredentialsError)


def test_a_part_of_a_header_is_not_written_as_a_driver() -> None:
    text = text_for("auth").replace("{header: X-Auth-Token}", "{header: X-Auth-Token, word: 0}")
    with pytest.raises(UnwritableError, match="a part of a header"):
        written(read_description(text))


@pytest.mark.parametrize("token", ["a\r\nX-More: b", ["a"]])
async def test_a_token_that_cannot_be_sent_back_is_no_login(way: str, token: object) -> None:
    async with SessionSwitchEmulator() as emulator:
        emulator.given = json.dumps({"token": token})
        async with added(driver_for(way, text_for("bearer")), emulator) as device:
            await until(lambda: device.connection.reason is not None)
            assert not device.available
            if isinstance(token, str) or way == "described":
                assert [each.command for each in emulator.log] == ["POST"]


async def test_the_driver_of_the_page_renews_its_session() -> None:
    async with (
        SessionSwitchEmulator() as emulator,
        added(pages.loaded("http_login"), emulator) as device,
    ):
        await until(lambda: device.available, lambda: device.connection.reason)
        emulator.forget()
        await device.commands.execute(Switch.on, {})
        assert emulator.state["on"] is True
        emulator.given = "{}"
        emulator.forget()
        with pytest.raises(CredentialsError, match="no token"):
            await device.commands.execute(Switch.off, {})


async def test_the_driver_of_the_page_waits_for_its_password() -> None:
    async with (
        SessionSwitchEmulator() as emulator,
        added(pages.loaded("http_login"), emulator, {}) as device,
    ):
        await until(lambda: isinstance(device.connection.reason, CredentialsError))
        assert emulator.logins == []


@pytest.mark.parametrize("carried", ["auth", "cookie"])
async def test_a_session_that_each_answer_renews(way: str, carried: str) -> None:
    async with SessionSwitchEmulator(carried) as emulator:
        emulator.rotates = True
        driver, at = driver_for(way, text_for(carried)), Address(emulator.host, emulator.port)
        async with driven(driver, at, "relay-1", settings=SETTINGS) as device:
            await device.commands.execute(Switch.on, {})
            await shows(device, Switch.switch, True)
            await device.commands.refresh()
        assert emulator.opened > 3
        assert len(emulator.logins) == 1


@pytest.mark.parametrize("carried", ["auth", "cookie"])
async def test_renewals_never_bring_another_secret_out(way: str, carried: str) -> None:
    async with SessionSwitchEmulator(carried) as emulator:
        emulator.rotates = True
        driver, at = driver_for(way, text_for(carried)), Address(emulator.host, emulator.port)
        async with driven(driver, at, "relay-1", settings=SETTINGS) as device:
            device.record.call_token = "callback-token-77"  # it is made up
            device.privacy.keep("old-password-77")
            for _ in range(MAX_KEPT + 4):
                await device.commands.refresh()
            [session] = emulator.sessions
            secrets = [PASSWORD, "old-password-77", device.record.call_token, session]
            device.trace.add("received", " ".join(secrets))
            shown = [entry.text for entry in device.trace.entries()]
            shown += [device.privacy.text(f"it says {secret}") for secret in secrets]
            shown.append(str(device.privacy.publisher()({"told": secrets})))
        assert emulator.opened > MAX_KEPT
        assert len(emulator.logins) == 1
        assert not [text for text in shown if any(secret in text for secret in secrets)]


@pytest.mark.parametrize(
    ("header", "read", "taken"),
    [
        ("Bearer {}", "word: 1", "bearer"),
        ("token={}; expires=60", "pattern: 'token=([^;]+)'", "bearer"),
        ("a a {}", "word: 2", "query"),
    ],
)
async def test_a_renewed_token_is_read_as_the_first_one(header: str, read: str, taken: str) -> None:
    of_header = CARRIED[taken].replace("path: token", f"header: X-Auth-Token, {read}")
    driver = compiled(text_for("bearer").replace(TOKEN, of_header))
    async with SessionSwitchEmulator("auth") as emulator:
        emulator.rotates, emulator.header, emulator.taken = True, header, taken
        at = Address(emulator.host, emulator.port)
        async with driven(driver, at, "relay-1", settings=SETTINGS) as device:
            await device.commands.execute(Switch.on, {})
            await device.commands.refresh()
        assert emulator.opened > 3
        assert len(emulator.logins) == 1


def test_a_header_without_a_token_renews_nothing() -> None:
    of_header = TOKEN.replace("path: token", "header: X-Auth-Token, word: 1")
    driver = compiled(text_for("bearer").replace(TOKEN, of_header))
    session = cast("Any", driver.options).login._with("one")
    for text in ("Bearer", ""):
        assert renewed(session, Response("GET /", 200, {"X-Auth-Token": text}, b"")) is session
    response = Response("GET /", 200, {"X-Auth-Token": "Bearer two"}, b"")
    assert renewed(session, response).headers == {"Authorization": "Bearer two"}
