"""Announcements that do not say who a device is: each address is asked once, and few are in all."""

import asyncio
from collections.abc import Callable, Coroutine
from ipaddress import ip_address
from typing import Any

from homeassistant.config_entries import SOURCE_ZEROCONF, ConfigFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.helpers import discovery_flow
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import strangers
from custom_components.lan_edge.discovery.strangers import (
    MAX_PER_HOST,
    MAX_RECENT,
    async_ask_once,
)
from custom_components.lan_edge.runtime import MAX_ASKING, async_load_domain_data
from lan_edge import (
    Address,
    BusyError,
    Candidate,
    CredentialsError,
    Identity,
    Match,
    UnreachableError,
)
from tests.bundled import driver_for
from tests.edge.peers import TcpPeer, Wire

from ..waiting import eventually

TYPE = "_snapcast-jsonrpc._tcp.local."
WHO = Identity("snap-1")


class Asked:
    """Counts who is asked."""

    def __init__(self) -> None:
        self.count = self.now = self.most = 0
        self.error: Exception | None = None

    def ask(self) -> Callable[[], Coroutine[Any, Any, Identity]]:
        async def answer() -> Identity:
            self.count += 1
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.01)
            self.now -= 1
            if self.error is not None:
                raise self.error
            return WHO

        return answer


@pytest.fixture
async def asked(hass: HomeAssistant) -> Asked:
    await async_load_domain_data(hass)
    return Asked()


def at(host: str, port: int = 1705) -> Candidate:
    return Candidate(driver_for("snapcast"), Match("", Address(host, port), ""))


async def results(hass: HomeAssistant, asked: Asked, *candidates: Candidate) -> list[object]:
    asking = (async_ask_once(hass, each, asked.ask()) for each in candidates)
    return list(await asyncio.gather(*asking, return_exceptions=True))


async def test_an_address_is_asked_once(
    hass: HomeAssistant, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await results(hass, asked, *[at("10.0.0.1")] * 50) == [WHO] * 50
    assert asked.count == 1
    monkeypatch.setattr(strangers, "ANSWER_LASTS", 0.0)
    await results(hass, asked, at("10.0.0.2"))
    await results(hass, asked, at("10.0.0.2"), at("10.0.0.1"))
    assert asked.count == 3


async def test_one_that_fails_is_asked_again_soon(
    hass: HomeAssistant, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.error = UnreachableError("not yet")
    assert await results(hass, asked, *[at("10.0.0.1")] * 2) == [asked.error] * 2
    for _ in range(3):  # the error is not kept, as it keeps what was in use when it was raised
        [error] = await results(hass, asked, at("10.0.0.1"))
        assert isinstance(error, UnreachableError)
        assert error is not asked.error
    assert asked.count == 1
    monkeypatch.setattr(strangers, "FAILURE_LASTS", 0.0)
    await results(hass, asked, at("10.0.0.2"))
    await results(hass, asked, at("10.0.0.2"))
    assert asked.count == 3


async def test_one_that_wants_a_login_has_answered(
    hass: HomeAssistant, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "FAILURE_LASTS", 0.0)
    asked.error = CredentialsError("log in first")
    for _ in range(3):
        [error] = await results(hass, asked, at("10.0.0.1"))
        assert isinstance(error, CredentialsError)
        assert str(error) == "log in first"
    assert asked.count == 1


async def test_few_are_asked(hass: HomeAssistant, asked: Asked) -> None:
    answers = await results(hass, asked, *(at("10.0.0.1", n) for n in range(100)))
    assert answers.count(WHO) == asked.count == MAX_PER_HOST
    assert {type(each) for each in answers} == {Identity, BusyError}
    await results(hass, asked, *(at(f"10.0.1.{n}") for n in range(200)))
    assert asked.count == MAX_RECENT
    assert asked.most == MAX_ASKING


async def test_announcements_that_lead_to_a_third_party(
    hass: HomeAssistant, start_discovery: None
) -> None:
    connected = list[Wire]()

    async def victim(wire: Wire) -> None:
        connected.append(wire)
        await wire.reader.read(200)

    async with TcpPeer(victim, "127.0.0.7") as peer:
        ip = ip_address(peer.host)
        for n in range(100):
            name = f"s{n}.{TYPE}"
            told = ZeroconfServiceInfo(ip, [ip], peer.address.port, f"h{n}.local.", TYPE, name, {})
            key = discovery_flow.DiscoveryKey(domain="zeroconf", key=(TYPE, name), version=1)
            context = ConfigFlowContext(source=SOURCE_ZEROCONF)
            discovery_flow.async_create_flow(hass, DOMAIN, context, told, discovery_key=key)
        await eventually(lambda: connected)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert len(connected) == 1


async def test_nothing_is_reported_of_an_answer_that_nobody_waits_for_any_more(
    hass: HomeAssistant, asked: Asked
) -> None:
    reported: list[dict[str, Any]] = []
    hass.loop.set_exception_handler(lambda _, context: reported.append(context))
    asked.error = UnreachableError("gone")
    waiting = asyncio.create_task(async_ask_once(hass, at("192.168.1.5"), asked.ask()))
    await asyncio.sleep(0)
    waiting.cancel()
    await eventually(lambda: asked.count == 1 and not asked.now)
    await asyncio.sleep(0.01)
    assert waiting.cancelled()
    assert not reported
