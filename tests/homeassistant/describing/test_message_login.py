"""Devices that talk by messages and want a login, and devices that want a token in a header."""

from collections.abc import AsyncGenerator
from typing import Any, override

from homeassistant.core import HomeAssistant
import pytest
import pytest_socket

from lan_edge import description_values
from tests.docs.devices import HOST, Amplifier
from tests.tcp import Connection

from ..conftest import LOOPBACK
from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes
from .dialog import GET, choose, empty_form, option
from .house import House

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
LOGIN = {
    "login": "send",
    "login_message": "PASS {password}",
    "login_answered": True,
    "login_refused": "DENIED",
}


class GuardedAmplifier(Amplifier):
    """It answers nothing on a connection before `PASS right`."""

    @override
    async def _attend(self, connection: Connection) -> None:
        while (await self.read(connection.reader)).strip() != b"PASS right":
            connection.write(b"DENIED 7\r\n")
        connection.write(b"OK\r\n")
        await super()._attend(connection)


@pytest.fixture(autouse=True)
def short_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.lan_edge.describing.trying.LISTEN_AFTER", 0.01)


@pytest.fixture
async def amplifier(hass: HomeAssistant) -> AsyncGenerator[GuardedAmplifier]:
    pytest_socket.socket_allow_hosts([*LOOPBACK, HOST])
    async with GuardedAmplifier() as made:
        yield made


def access(flow: Any) -> Any:
    """Return the section with the login."""
    return flow["data_schema"].schema["access"]


def suggested_login(flow: Any) -> dict[str, Any]:
    """Return what is in the fields of the login."""
    keys = access(flow).schema.schema
    made = {str(key): (key.description or {}).get("suggested_value") for key in keys}
    return {key: value for key, value in made.items() if value is not None}


async def where(hass: HomeAssistant, flow: Any, amplifier: Amplifier, **login: Any) -> Any:
    """Fill in where the amplifier is."""
    place = {"host": HOST, "port": amplifier.port, "ending": "crlf", "ssl": False}
    return await go_on(hass, flow, **place, message="VOLUME?", access=login)


async def test_a_login_by_a_line(
    hass: HomeAssistant, amplifier: GuardedAmplifier, driver_files: DriverFiles
) -> None:
    flow = await empty_form(hass, "lines")
    assert access(flow).options["collapsed"]
    assert (words(flow)["username"], words(flow)["password"]) == ("{username}", "{password}")
    flow = await where(hass, flow, amplifier, **LOGIN, password="wrong")
    assert flow["errors"] == {"base": "credentials"}
    assert not access(flow).options["collapsed"]
    flow = await where(hass, flow, amplifier, **LOGIN, password="right")
    assert flow["step_id"] == "describe_received", flow["errors"]
    assert "VOLUME 20" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_address")
    shown = suggested_login(flow)
    assert {key: shown[key] for key in LOGIN} == LOGIN
    flow = await where(hass, flow, amplifier, **shown)
    assert flow["step_id"] == "describe_received", flow["errors"]
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name="Volume")
    volume = option(flow, "field", "VOLUME ")
    flow = await go_on(hass, flow, field=volume, is_text=False, unit="%")
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Thing"))
    await comes_online(entry)
    await becomes(hass, "sensor.thing_volume", "20.0")
    text = (driver_files.devices / "thing.yaml").read_text()
    assert "right" not in text
    assert description_values(text)["login"] == {
        "send": {"line": "PASS {password}", "answered": True},
        "refused": {"pattern": "DENIED.{0,400}"},
    }
    assert entry.options == {"password": "right"}
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_login_message_that_cannot_be_sent(
    hass: HomeAssistant, amplifier: GuardedAmplifier
) -> None:
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, amplifier, **{**LOGIN, "login_message": " "})
    assert flow["errors"] == {"base": "value"}


async def test_a_login_that_the_form_cannot_show_stays(
    hass: HomeAssistant, amplifier: GuardedAmplifier
) -> None:
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, amplifier, **LOGIN, password="right")
    flow = await choose(hass, await choose(hass, flow, "describe_overview"), "describe_text")
    text = (
        "description: 1\nid: draft\nname: x\ntalks: lines\n"
        f"options: {{port: {amplifier.port}, sent_delimiter: '\\r\\n'}}\n"
        "parameters: {password: {kind: secret}}\n"
        "login: {send: [{line: HELLO, answered: true}, "
        "{line: 'PASS {password}', answered: true}]}\n"
        "requests: {status: {line: 'VOLUME?'}}\n"
        "components: {main: {own: {volume: {text: true, name: Volume, from: status}}}}\n"
    )
    flow = await go_on(hass, flow, text=text.replace("'\\r\\n'", '"\\r\\n"'))
    assert flow["step_id"] == "describe_overview", words(flow)
    flow = await choose(hass, flow, "describe_where")
    shown = suggested_login(flow)
    assert shown["login"] == "kept"
    flow = await where(hass, flow, amplifier, **shown)
    assert flow["step_id"] == "describe_received", flow["errors"]


async def test_a_token_in_a_header(hass: HomeAssistant) -> None:
    async with House() as house:
        house.token = "right"
        place = {"host": house.host, "port": house.port, "path": "/state", "request": GET}
        login = {"ssl": False, "login": "header", "password": "Bearer right"}
        flow = await empty_form(hass)
        flow = await go_on(hass, flow, **place, access=login)
        assert flow["errors"] == {"base": "value"}
        flow = await go_on(hass, flow, **place, access={**login, "login_name": "Authorization"})
        assert flow["step_id"] == "describe_answer", flow["errors"]
        flow = await choose(hass, flow, "describe_where")
        shown = suggested_login(flow)
        assert (shown["login"], shown["login_name"]) == ("header", "Authorization")
