"""Devices that call Home Assistant: the card, the entry, a restart, and what is announced."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from zeroconf import ServiceInfo

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import calls
from custom_components.lan_edge.runtime import async_configure_listener, async_load_domain_data
from lan_edge import ListenerSettings, UnreachableError
from lan_edge.callbacks.listener import STRANGERS_REPORTED
from tests.docs.pages import ROOT, run
from tests.emulators.dialing_relay import DialingRelay

from ..entries import add_service
from ..flow_steps import created, go_on
from ..own_drivers import add_driver
from ..waiting import eventually

EXAMPLE = "docs/examples/dialing_relay.py"
pytestmark = pytest.mark.usefixtures("drivers")


@asynccontextmanager
async def welcoming(hass: HomeAssistant) -> AsyncGenerator[tuple[str, AsyncMock]]:
    """Have Home Assistant listen for the relay; yield the URL, and what is announced by."""
    await add_service(hass)
    data = await async_load_domain_data(hass)
    await data.runtime.listener.configure(ListenerSettings(port=0))
    if "dialing_relay" not in data.registry.drivers:
        add_driver(run(EXAMPLE, (ROOT / EXAMPLE).read_text()).DialingRelay)
    shared = AsyncMock()
    with (
        patch(
            "homeassistant.components.zeroconf.async_get_async_instance",
            AsyncMock(return_value=shared),
        ),
        patch.object(calls, "async_source_addresses", AsyncMock(return_value=["127.0.0.1"])),
    ):
        await calls.async_welcome_callers(hass)
        end_following = calls.async_follow_listener(hass)
        try:
            yield f"http://127.0.0.1:{data.runtime.listener.port}/dialing-relay", shared
        finally:
            end_following()
            await data.runtime.listener.welcome({})


def cards(hass: HomeAssistant) -> list[Any]:
    return [f for f in hass.config_entries.flow.async_progress() if f["handler"] == DOMAIN]


async def test_a_call_becomes_a_card_and_an_entry(hass: HomeAssistant) -> None:
    async with welcoming(hass) as (url, _), DialingRelay(f"{url}/RELAY1") as relay:
        relay.again_after = 0.2
        await eventually(lambda: cards(hass))
        [card] = cards(hass)
        assert card["step_id"] == "confirm"
        assert card["context"]["title_placeholders"] == {"name": "DialingRelay relay1"}
        result = await go_on(hass, card)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        entry = created(result)
        assert entry.unique_id == "relay1"
        await eventually(lambda: entry.runtime_data.device.available)
        (entity_id,) = hass.states.async_entity_ids("switch")
        await eventually(lambda: hass.states.is_state(entity_id, "off"))
        await hass.services.async_call("switch", "turn_on", {"entity_id": entity_id}, blocking=True)
        assert relay.state == {"on": True}
        token = entry.runtime_data.device.record.call_token
        assert relay.kept.endswith(token)
        await hass.config_entries.async_reload(entry.entry_id)  # as a restart does
        await eventually(lambda: entry.runtime_data.device.available)
        assert entry.runtime_data.device.record.call_token == token
        assert await hass.config_entries.async_remove(entry.entry_id)


async def test_many_strangers_are_few_cards(hass: HomeAssistant) -> None:
    began = hass.loop.time()
    async with welcoming(hass) as (url, _):
        listener = (await async_load_domain_data(hass)).runtime.listener
        relays = [DialingRelay(f"{url}/STRANGER{number}") for number in range(30)]
        async with AsyncExitStack() as stack:
            for relay in relays:
                relay.again_after = 1000
                await stack.enter_async_context(relay)
            await eventually(lambda: cards(hass))
            await eventually(lambda: listener.rejections.get("stranger", 0) >= 30)
            await hass.async_block_till_done()
            seconds = hass.loop.time() - began
            assert len(cards(hass)) <= STRANGERS_REPORTED * (1 + seconds)


async def test_it_is_announced_while_a_driver_wants_it(hass: HomeAssistant) -> None:
    async with welcoming(hass) as (url, shared):
        (info,) = shared.async_register_service.call_args.args
        assert isinstance(info, ServiceInfo)
        assert info.type == "_lan-edge._tcp.local."
        assert info.properties == {b"path": b"/dialing-relay/"}
        assert f":{info.port}/" in url
        assert info.parsed_addresses() == ["127.0.0.1"]
        await calls.async_welcome_callers(hass)
        assert shared.async_register_service.call_count == 1
        data = await async_load_domain_data(hass)
        with patch.object(data.registry, "matchers", return_value=[]):
            await calls.async_welcome_callers(hass)
        assert shared.async_unregister_service.call_count == 1
        assert data.runtime.listener.port == 0


@pytest.mark.parametrize(
    ("settings", "port"),
    [(ListenerSettings(port=0), None), (ListenerSettings(port=0, advertised_port=39511), 39511)],
)
async def test_another_port_is_announced_at_once(
    hass: HomeAssistant, settings: ListenerSettings, port: int | None
) -> None:
    async with welcoming(hass) as (_, shared):
        (info,) = shared.async_register_service.call_args.args
        info.name = "Home Assistant 2._lan-edge._tcp.local."  # another one had its name
        await async_configure_listener(hass, settings)
        listener = (await async_load_domain_data(hass)).runtime.listener
        await eventually(lambda: shared.async_update_service.called)
        (changed,) = shared.async_update_service.call_args.args
        assert (changed.name, changed.port) == (info.name, port or listener.port)
        assert changed.port != info.port
        assert shared.async_update_service.call_count == 1
        assert shared.async_unregister_service.call_count == 0
        assert shared.async_register_service.call_count == 1


async def test_a_listener_that_cannot_listen_any_more_is_not_announced(
    hass: HomeAssistant,
) -> None:
    async with welcoming(hass) as (_, shared):
        nowhere = ListenerSettings(host="192.0.2.1", port=0)
        with pytest.raises(UnreachableError):
            await async_configure_listener(hass, nowhere)
        await eventually(lambda: shared.async_unregister_service.called)
        await async_configure_listener(hass, ListenerSettings(port=0))
        await calls.async_welcome_callers(hass)
        assert shared.async_register_service.call_count == 2
