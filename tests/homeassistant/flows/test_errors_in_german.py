"""Why a device cannot be reached or understood is said in the language of the user."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
import socket
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.lan_edge.const import DOMAIN
from lan_edge import Address
from tests.drivers.described import compiled
from tests.edge.declarative.compiling.charger import Charger
from tests.ports import free_port

from ..describing.dialog import GET, NO_LOGIN, empty_form
from ..entries import comes_online
from ..flow_steps import created, go_on, menu, words
from ..own_drivers import add_driver

TEXT = """\
description: 1
id: worded
name: Worded
talks: http
options: {timeout: 30}
requests:
  status: {get: /api/status}
identity: {from: status, path: name}
components:
  main:
    switchLevel:
      level: {from: status, path: amp}
      setLevel: {get: /api/set, query: {amp: "{level}"}}
"""
BODY = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n"
MUCH = 100_000_000
ANSWERS = {
    "nothing": ("unreachable", "GET /: das Gerät hat die Verbindung beendet", b""),
    "no HTTP": ("reply", "GET /: kein gültiges HTTP", b"hello\r\n\r\n"),
    "a part": (
        "unreachable",
        "GET /: die Antwort wurde abgebrochen",
        BODY.format(9).encode() + b"1",
    ),
    "too much": (
        "reply",
        "GET /: ein Inhalt mit mehr als 1048576 Bytes",
        BODY.format(MUCH).encode() + b"1" * 2_000_000,
    ),
    "an error": ("refused", "GET /: Status 500", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
    "a login": (
        "credentials",
        "GET / wurde abgelehnt",
        b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
    ),
    "elsewhere": (
        "reply",
        "GET /: auf einen anderen Host umgeleitet",
        b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
    ),
}


@asynccontextmanager
async def answering(answer: bytes) -> AsyncGenerator[Address]:
    """Answer each request so, and hang up."""

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.read(4096)
            writer.write(answer)
            try:
                await writer.drain()
            except ConnectionError:
                return  # it has read enough

    server = await asyncio.start_server(answer_one, "127.0.0.1", 0)
    async with server:
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1])


async def tried(hass: HomeAssistant, address: Address, **access: Any) -> tuple[str, str]:
    """Try a request in the dialog that describes a device; return the error and its reason."""
    flow = await empty_form(hass)
    place = {"host": address.host, "port": address.port, "path": "/"}
    flow = await go_on(hass, flow, **place, access={**NO_LOGIN, **access}, request=GET)
    assert flow["step_id"] == "describe_where"
    [error] = (flow["errors"] or {}).values()
    return error, words(flow)["reason"]


@pytest.mark.usefixtures("driver_files", "start_discovery")
@pytest.mark.parametrize("kind", ANSWERS)
async def test_a_request_is_tried(hass: HomeAssistant, kind: str) -> None:
    hass.config.language = "de"
    error, reason, answer = ANSWERS[kind]
    async with answering(answer) as address:
        assert await tried(hass, address) == (error, reason)


@pytest.mark.usefixtures("driver_files", "start_discovery")
async def test_nobody_is_there_or_without_tls(hass: HomeAssistant) -> None:
    hass.config.language = "de"
    gone = Address("127.0.0.1", free_port("127.0.0.1"))
    assert await tried(hass, gone) == ("unreachable", "GET /: Verbindung abgelehnt")
    async with answering(b"hello\r\n\r\n") as address:
        error, reason = await tried(hass, address, ssl=True)
    assert (error, reason) == ("unreachable", "GET /: das Gerät verwendet kein TLS")


@pytest.fixture
async def charger(
    hass: HomeAssistant, start_discovery: Any, drivers: None
) -> AsyncGenerator[Charger]:
    hass.config.language = "de"
    add_driver(compiled(TEXT))
    async with Charger().there() as made:
        made.token = ""
        yield made
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)


async def entered(hass: HomeAssistant, address: Address) -> Any:
    """Enter where a device is."""
    flow: Any = await menu(hass, "manual")
    return await go_on(hass, flow, driver="worded", host=address.host, port=address.port)


@pytest.mark.usefixtures("drivers", "start_discovery")
async def test_a_device_to_be_added_does_not_answer(hass: HomeAssistant) -> None:
    hass.config.language = "de"
    add_driver(compiled(TEXT.replace("timeout: 30", "timeout: 0.3")))
    with socket.create_server(("127.0.0.1", 0)) as server:
        flow = await entered(hass, Address("127.0.0.1", server.getsockname()[1]))
    assert flow["errors"] == {"base": "timed_out"}
    assert words(flow)["reason"] == "GET /api/status: keine rechtzeitige Antwort"


async def refused(hass: HomeAssistant, **arguments: Any) -> str:
    """Return what is wrong with the arguments of a command."""
    [level] = hass.states.async_entity_ids("number")
    command = {"capability": "switchLevel", "command": "setLevel", "arguments": arguments}
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN, "send_command", {**command, "entity_id": level}, blocking=True
        )
    assert caught.value.translation_placeholders is not None
    return caught.value.translation_placeholders["reason"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"level": 150}, "außerhalb des Bereichs von 0 bis 100"),
        ({"level": "much"}, "'much' ist keine ganze Zahl"),
        ({}, "braucht das Argument level"),
        ({"level": 1, "color": 2}, "hat kein Argument color"),
    ],
)
async def test_an_action_with_other_arguments(
    hass: HomeAssistant, charger: Charger, given: dict[str, Any], reason: str
) -> None:
    entry = created(await entered(hass, charger.address))
    await comes_online(entry)
    assert reason in await refused(hass, **given)
