"""What has several addresses: one that has to log in first, and one that came back as another."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
import socket
from typing import Any

from homeassistant.config_entries import SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from tests.edge.locked import PIN, Locked
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import BULB_ID, new_entry
from ..flow_steps import aborted, created, go_on, menu, start, waited
from ..gate import announced, gate_at
from ..mdns_responder import relay, responding

DEAD, LAST = "127.0.0.8", "127.0.0.9"
"""Nothing answers at the first one, which stands for a device with both."""

type Resolve = Callable[..., None]


@pytest.fixture
def resolve(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Return what gives every name these addresses."""

    def give(*hosts: str) -> None:
        async def lookup(_host: str, port: None, **_: object) -> list[tuple[object, ...]]:
            return [(socket.AF_INET, 0, 0, "", (host, 0)) for host in hosts]

        monkeypatch.setattr(hass.loop, "getaddrinfo", lookup)

    return give


async def announce(hass: HomeAssistant, gate: Locked) -> Any:
    """Return the card of a gate whose first address is dead."""
    ips = [ip_address(host) for host in (DEAD, gate.address.host)]
    told = replace(announced(gate.address), ip_address=ips[0], ip_addresses=ips)
    card = await start(hass, SOURCE_ZEROCONF, told)
    assert card["step_id"] == "confirm"
    return card


async def enter(hass: HomeAssistant, gate: Locked) -> Any:
    flow = await menu(hass, "manual")
    given = {"driver": "gate", "host": "gate.example", "port": gate.address.port}
    return await waited(hass, await go_on(hass, flow, **given))


async def test_the_card_of_one_that_has_to_log_in_first(hass: HomeAssistant, gate: Locked) -> None:
    flow = await waited(hass, await go_on(hass, await announce(hass, gate)))
    entry = created(await waited(hass, await go_on(hass, flow, pin=PIN)))
    assert (entry.unique_id, entry.data["host"]) == ("gate-1", gate.address.host)


@pytest.mark.usefixtures("gate")
async def test_its_card_goes_when_it_is_added_by_one_of_them(
    hass: HomeAssistant, resolve: Resolve
) -> None:
    async with gate_at(hass, Locked(), LAST) as device:
        await announce(hass, device)
        resolve(LAST)
        flow = await enter(hass, device)
        entry = created(await waited(hass, await go_on(hass, flow, pin=PIN)))
    assert (entry.unique_id, entry.data["host"]) == ("gate-1", LAST)
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_a_name_of_one_that_has_to_log_in_first(
    hass: HomeAssistant, gate: Locked, resolve: Resolve
) -> None:
    resolve(DEAD, gate.address.host)
    entry = created(await waited(hass, await go_on(hass, await enter(hass, gate), pin=PIN)))
    assert (entry.unique_id, entry.data["host"]) == ("gate-1", gate.address.host)


async def test_where_it_is_configured_it_is_asked_only_who_it_is(
    hass: HomeAssistant, gate: Locked, resolve: Resolve
) -> None:
    gate.tells_id = True
    new_entry(hass, "gate", "gate-1", port=1)
    resolve(DEAD, gate.address.host)
    assert aborted(await enter(hass, gate)) == "already_configured"
    assert gate.asked == ["GET /id"]


async def test_the_port_that_is_left_empty_is_asked_for_at_each_address(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int, resolve: Resolve
) -> None:
    resolve(DEAD, switch.host)
    flow = await menu(hass, "manual")
    async with responding(switch.host, mdns_port, relay("relay-1", switch.host, switch.port)):
        entry = created(await go_on(hass, flow, driver="rest_switch", host="relay.example"))
    assert (entry.data["host"], entry.data["port"]) == (switch.host, switch.port)


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_name_of_one_that_came_back_as_another(
    hass: HomeAssistant, bulb: JsonBulbEmulator, resolve: Resolve, *, is_first: bool
) -> None:
    """Another id is offered at whichever address somebody answers."""
    entry = new_entry(hass, "json_bulb", "an-old-id", host=LAST)
    resolve(*((bulb.host, DEAD) if is_first else (DEAD, bulb.host)))
    given = {"host": "lamp.example", "port": bulb.port}
    flow = await go_on(hass, await entry.start_reconfigure_flow(hass), **given)
    assert flow["errors"] == {"base": "identity"}
    flow = await go_on(hass, flow, **given, same_device=True)
    assert aborted(await go_on(hass, flow)) == "new_identity"
    assert (entry.unique_id, entry.data["host"]) == (BULB_ID, bulb.host)


async def test_a_new_id_in_another_spelling_is_stored_in_one(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    bulb.id = f"uuid:{BULB_ID.upper()}"
    entry = new_entry(hass, "json_bulb", "an-old-id", host=DEAD)
    given = {"host": bulb.host, "port": bulb.port}
    flow = await go_on(hass, await entry.start_reconfigure_flow(hass), **given)
    flow = await go_on(hass, flow, **given, same_device=True)
    assert aborted(await go_on(hass, flow)) == "new_identity"
    assert entry.unique_id == entry.data["seen_as"] == BULB_ID
