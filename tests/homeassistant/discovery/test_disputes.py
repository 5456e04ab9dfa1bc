"""Who a device is that cannot say so itself, and where: what is claimed is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, override
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.discovery import asking, disputes
from custom_components.lan_edge.discovery.asking import ASK_AGAIN, ASK_TIMEOUT, async_ids_at
from custom_components.lan_edge.discovery.disputes import adopt_id
from custom_components.lan_edge.discovery.entries import find_entry
from custom_components.lan_edge.discovery.routing import route
from custom_components.lan_edge.reporting.issues import async_create_dispute_issue
from custom_components.lan_edge.runtime import async_load_domain_data
from docs.examples.rest_switch import RestSwitch
from lan_edge import (
    Address,
    Driver,
    Http,
    HttpOptions,
    Mdns,
    Profile,
    Sighting,
    Status,
    Switch,
    handles,
)
from tests.bundled import driver_for
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.yeelight import YeelightEmulator

from ..entries import device_of, new_entry, set_up
from ..mdns_responder import relay, responding
from ..own_drivers import add_driver
from ..states import call
from ..waiting import eventually

type Decide = Callable[[MockConfigEntry, str], Awaitable[None]]

ELSEWHERE = "127.0.0.2"
FORGER = "127.0.0.6"
FOUND = "127.0.0.7"
FIX = "/api/repairs/issues/fix"


@pytest.fixture(autouse=True)
def port(mdns_port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the port of mDNS in these tests, in which little time passes."""
    monkeypatch.setattr(disputes, "ASK_INTERVAL", 0.05)
    monkeypatch.setattr("lan_edge.connection.hints.HINT_INTERVAL", 0.05)
    monkeypatch.setattr("lan_edge.connection.availability.GRACE", 0.3)
    return mdns_port


class Repairs:
    """The repairs of disputes, as the frontend goes through them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def open(self, entry: MockConfigEntry) -> dict[str, Any]:
        """Show the dispute about an entry."""
        issue = f"dispute_{entry.entry_id}"
        shown = await self._post(FIX, {"handler": DOMAIN, "issue_id": issue})
        assert (shown["type"], shown["menu_options"]) == ("menu", ["keep", "change"])
        return shown

    async def choose(self, shown: dict[str, Any], decision: str) -> dict[str, Any]:
        """Decide."""
        return await self._post(f"{FIX}/{shown['flow_id']}", {"next_step_id": decision})

    async def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = await self._client.post(path, json=data)
        assert answer.status == HTTPStatus.OK, await answer.text()
        told: dict[str, Any] = await answer.json()
        return told


@pytest.fixture
async def repairs(
    hass: HomeAssistant, start_discovery: AsyncMock, hass_client: Callable[..., Any]
) -> Repairs:
    """Return the repairs page."""
    for component in ("repairs", "media_player"):  # no view can be added once a client is there
        assert await async_setup_component(hass, component, {})
    return Repairs(await hass_client())


@pytest.fixture
async def decide(repairs: Repairs) -> Decide:
    """Decide in the repair of an entry."""

    async def carry_out(entry: MockConfigEntry, decision: str) -> None:
        done = await repairs.choose(await repairs.open(entry), decision)
        assert done["type"] == "create_entry"

    return carry_out


def claim(unique_id: str, host: str, port: int) -> Sighting:
    """Return what anybody can announce of a relay."""
    txt = {"id": unique_id, "model": "RS-1"}
    return Sighting("mdns", "_relay._tcp.local.", Address(host, port), unique_id, {"txt": txt})


async def added(hass: HomeAssistant, switch: RestSwitchEmulator) -> MockConfigEntry:
    """Return the entry of a switch that was added by its address."""
    return await set_up(hass, "rest_switch", "made-up", switch, seen_as="")


def issue_of(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"dispute_{entry.entry_id}")


def shown_texts(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    issue = issue_of(hass, entry)
    assert issue is not None
    return issue.translation_placeholders or {}


async def settled(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_ids_at_an_address(hass: HomeAssistant, port: int) -> None:
    await async_load_domain_data(hass)
    driver = driver_for("rest_switch")
    assert await async_ids_at(hass, driver, Address("127.0.0.1", 80)) == set()
    for tells_all in (True, False):
        services = relay("relay-1", "127.0.0.1", 80), relay("relay-2", "127.0.0.1", 81)
        async with responding("127.0.0.1", port, *services, tells_all=tells_all) as asked:
            assert await async_ids_at(hass, driver, Address("127.0.0.1", 80)) == {"relay-1"}
            # two at one host are told apart by their ports, and no port is the usual one
            assert await async_ids_at(hass, driver, Address("127.0.0.1")) == {"relay-1"}
            assert asked.asked


async def test_the_id_of_a_light_that_is_searched_for(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SSDP at a port of its own: what another one answers does not count."""
    await async_load_domain_data(hass)
    monkeypatch.setattr(asking, "async_source_addresses", AsyncMock(return_value=["127.0.0.1"]))
    driver = driver_for("yeelight")
    async with (
        YeelightEmulator(announce=True) as light,
        YeelightEmulator(ELSEWHERE, light.port, announce=True) as other,
    ):
        for each in (light, other):
            address = Address(each.host, each.port)
            assert await async_ids_at(hass, driver, address) == {each.id}
        assert await async_ids_at(hass, driver, Address(FORGER, light.port)) == set()


async def test_the_id_that_a_device_gives_is_adopted_and_no_forged_one(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    entry = await added(hass, switch)
    async with responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)):
        assert not route(hass, claim("evil", switch.host, switch.port))
        await settled(hass)
        assert entry.data["seen_as"] == "relay-1"
        # from now on it is that one, and no other at its address
        assert route(hass, claim("evil", switch.host, switch.port))
        await settled(hass)
    assert entry.data["seen_as"] == "relay-1"
    assert issue_of(hass, entry) is None


async def test_the_id_of_another_entry_is_not_adopted(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """A hostile device, added first and by its address, answers with the id of another one."""
    hostile = await added(hass, switch)
    async with RestSwitchEmulator(ELSEWHERE, id="relay-1") as good:
        entry = await set_up(hass, "rest_switch", "relay-1", good)
        async with responding(switch.host, port, relay("relay-1", switch.host, switch.port)):
            route(hass, claim("whatever", switch.host, switch.port))
            await settled(hass)
            adopt_id(hass, hostile, "relay-1")  # nor does a click do it
        assert hostile.data["seen_as"] == ""
    # the other one is found where it moves to
    device_of(entry).connection.doubt()
    await eventually(lambda: not device_of(entry).available)
    async with RestSwitchEmulator(ELSEWHERE, id="relay-1") as moved:
        route(hass, claim("relay-1", ELSEWHERE, moved.port))
        await eventually(lambda: device_of(entry).available)
        assert device_of(entry).connection.address == Address(ELSEWHERE, moved.port)


async def test_the_id_of_another_entry_is_not_even_offered(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    hostile = await set_up(hass, "rest_switch", "made-up", switch, seen_as="evil")
    new_entry(hass, "rest_switch", "relay-1")
    async with responding(switch.host, port, relay("relay-1", switch.host, switch.port)):
        route(hass, claim("whatever", switch.host, switch.port))
        await settled(hass)
    adopt_id(hass, hostile, "relay-1")
    assert hostile.data["seen_as"] == "evil"
    assert issue_of(hass, hostile) is None


async def test_an_id_that_was_taken_is_given_back(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    hostile = new_entry(hass, "rest_switch", "made-up", switch, seen_as="relay-1")
    entry = new_entry(hass, "rest_switch", "relay-1")
    [found, *_] = (await async_load_domain_data(hass)).registry.match(claim("relay-1", FORGER, 80))
    assert find_entry(hass, found) is entry
    assert await hass.config_entries.async_setup(hostile.entry_id)
    assert hostile.data["seen_as"] == ""


async def test_nothing_is_adopted_from_a_device_that_does_not_confirm(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    entry = await added(hass, switch)
    assert not route(hass, claim("evil", switch.host, switch.port))
    await settled(hass)
    assert entry.data["seen_as"] == ""


@pytest.mark.parametrize("decision", ["keep", "change"])
async def test_a_wrong_id_is_given_back_by_one_click(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int, decision: str, decide: Decide
) -> None:
    """It was adopted by an earlier version, or its owner replaced the device."""
    entry = await set_up(hass, "rest_switch", "made-up", switch, seen_as="evil")
    async with responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)):
        route(hass, claim("relay-1", switch.host, switch.port))
        await eventually(lambda: issue_of(hass, entry))
        texts = shown_texts(hass, entry)
        assert (texts["known"], texts["claimed"]) == ("evil", "relay-1")
        await decide(entry, decision)
        assert issue_of(hass, entry) is None
        assert entry.data["seen_as"] == ("relay-1" if decision == "change" else "evil")
        route(hass, claim("relay-1", switch.host, switch.port))
        await settled(hass)
        assert issue_of(hass, entry) is None


@pytest.mark.parametrize("decision", ["keep", "change"])
async def test_a_decision_between_two_addresses_lasts(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int, decision: str, decide: Decide
) -> None:
    """Both confirm the id, go on to announce themselves, and the entry is reloaded."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    chosen = ELSEWHERE if decision == "change" else switch.host
    async with (
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
        responding(switch.host, port, relay("relay-1", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: issue_of(hass, entry))
        await decide(entry, decision)
        for _ in range(2):
            await eventually(lambda: device_of(entry).available)
            await eventually(lambda: entry.data["host"] == chosen)
            for host in (switch.host, ELSEWHERE):
                route(hass, claim("relay-1", host, switch.port))
                await settled(hass)
            assert issue_of(hass, entry) is None
            await hass.config_entries.async_reload(entry.entry_id)
        assert entry.data["host"] == chosen


async def test_a_claim_elsewhere_is_refuted_by_the_device(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """The forger does not even answer."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    for _ in range(3):
        route(hass, claim("relay-1", FORGER, switch.port))
        await settled(hass)
    assert device_of(entry).available
    assert device_of(entry).connection.attempts == 1
    assert entry.data["host"] == switch.host
    assert issue_of(hass, entry) is None


async def test_two_that_swapped_addresses_are_told_apart(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """Another one answers for it, and says so."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with (
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1") as moved,
        responding("127.0.0.1", port, relay("relay-2", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: entry.data["host"] == ELSEWHERE)
        await call(hass, "switch.turn_on", "switch.fountain")
        assert moved.state == {"on": True}
        assert issue_of(hass, entry) is None


async def test_devices_that_are_moving_are_asked_again(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """Both announced their new addresses before they could answer there."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with (
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
        responding("127.0.0.1", port) as here,
        responding(ELSEWHERE, port) as there,
    ):
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: there.asked == int(ASK_TIMEOUT / ASK_AGAIN))
        here.services = (relay("relay-2", switch.host, switch.port),)
        there.services = (relay("relay-1", ELSEWHERE, switch.port),)
        await eventually(lambda: entry.data["host"] == ELSEWHERE)


async def test_false_claims_do_not_prevent_a_true_one(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They come all the time, so one of them always waits to be settled."""
    monkeypatch.setattr(disputes, "ASK_INTERVAL", 1.0)
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with (
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
        responding("127.0.0.1", port, relay("relay-2", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        for host in (FORGER, FORGER, ELSEWHERE, FORGER):
            route(hass, claim("evil", switch.host, switch.port))
            route(hass, claim("relay-1", host, switch.port))
            await asyncio.sleep(0.1)
        await eventually(lambda: entry.data["host"] == ELSEWHERE, 15)


async def test_of_two_that_confirm_elsewhere_none_is_taken_without_a_person(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    """Another one answers at its address, and one of the two has forged its announcement."""
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    connection = device_of(entry).connection
    here, begin = connection.address, device_of(entry).observer.on_sighted_elsewhere
    assert here is not None
    async with (
        RestSwitchEmulator(FORGER, switch.port, id="relay-1"),
        responding("127.0.0.1", port, relay("relay-2", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
        responding(FORGER, port, relay("relay-1", FORGER, switch.port)),
    ):
        for host in (ELSEWHERE, FORGER):
            begin(here, Address(host, switch.port))
        await eventually(lambda: issue_of(hass, entry))
        await settled(hass)
    assert entry.data["host"] == switch.host


async def test_a_device_that_was_found_meanwhile_stays_there(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disputes, "ASK_INTERVAL", 1.0)
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    connection = device_of(entry).connection
    here, begin = connection.address, device_of(entry).observer.on_sighted_elsewhere
    assert here is not None
    async with (
        RestSwitchEmulator(FOUND, switch.port, id="relay-1"),
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
        responding("127.0.0.1", port, relay("relay-2", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        begin(here, Address(FORGER, switch.port))
        await asyncio.sleep(0.05)
        begin(here, Address(ELSEWHERE, switch.port))
        connection.moved(Address(FOUND, switch.port))
        await settled(hass)
        assert connection.status is Status.ONLINE
        assert entry.data["host"] == FOUND


@pytest.mark.parametrize("decision", ["keep", "change"])
async def test_two_that_both_confirm_are_shown_to_the_user(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int, decision: str, decide: Decide
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with (
        RestSwitchEmulator(ELSEWHERE, switch.port, id="relay-1"),
        responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: issue_of(hass, entry))
        assert entry.data["host"] == switch.host
        texts = shown_texts(hass, entry)
        assert texts["known"] == f"127.0.0.1:{switch.port}"
        assert texts["claimed"] == f"{ELSEWHERE}:{switch.port}"
        await decide(entry, decision)
        if decision == "change":
            await eventually(lambda: entry.data["host"] == ELSEWHERE)
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await settled(hass)
        assert issue_of(hass, entry) is None
        assert entry.data["host"] == (ELSEWHERE if decision == "change" else switch.host)


async def test_a_claim_that_is_no_longer_confirmed_needs_no_decision(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async with responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)):
        async with responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)):
            route(hass, claim("relay-1", ELSEWHERE, switch.port))
            await eventually(lambda: issue_of(hass, entry))
            await settled(hass)
        await asyncio.sleep(0.1)
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: issue_of(hass, entry) is None)


async def test_the_usual_port_is_no_other_address(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its owner left the port empty; its announcements name it."""
    monkeypatch.setattr(RestSwitch, "options", HttpOptions(port=switch.port))
    entry = await set_up(hass, "rest_switch", "relay-1", switch, port=0)
    connection = device_of(entry).connection
    async with responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)) as asked:
        route(hass, claim("relay-1", switch.host, switch.port))
        await asyncio.sleep(0.3)  # a check of the connection would be over by then
        await settled(hass)
        assert not asked.asked
    assert issue_of(hass, entry) is None
    assert connection.attempts == 1
    assert connection.addresses == (Address(switch.host),)


async def test_a_device_that_may_have_a_login_is_not_moved_without_a_person(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch, secrets={"password": "x"})
    async with (
        responding("127.0.0.1", port, relay("relay-2", switch.host, switch.port)),
        responding(ELSEWHERE, port, relay("relay-1", ELSEWHERE, switch.port)),
    ):
        route(hass, claim("relay-1", ELSEWHERE, switch.port))
        await eventually(lambda: issue_of(hass, entry))
    assert entry.data["host"] == switch.host


async def test_a_device_that_returns_while_it_is_claimed_elsewhere(
    hass: HomeAssistant, switch: RestSwitchEmulator, port: int
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    await switch.down()
    await eventually(lambda: not device_of(entry).available, 15)
    route(hass, claim("relay-1", FORGER, switch.port))
    async with responding("127.0.0.1", port, relay("relay-1", switch.host, switch.port)):
        await switch.up()
        await eventually(lambda: device_of(entry).available, 10)
    assert device_of(entry).connection.status is Status.ONLINE
    assert entry.data["host"] == switch.host


async def test_a_device_that_was_entered_without_a_port_is_no_dispute(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator, port: int
) -> None:
    """It announces its usual port, at which it is connected."""

    @add_driver
    class Usual(Driver[Http]):
        id = "usual"
        discovery = (Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)
        profile = Profile(Switch)
        options = HttpOptions(port=switch.port)

        @override
        async def refresh(self) -> None:
            self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

        @handles(Switch.on)
        async def turn_on(self) -> None: ...

        @handles(Switch.off)
        async def turn_off(self) -> None: ...

    entry = await set_up(hass, "usual", "made-up", seen_as="", host=switch.host, port=0)
    await eventually(lambda: device_of(entry).available)
    async with responding(switch.host, port, relay("relay-1", switch.host, switch.port)):
        for _ in range(3):
            route(hass, claim("relay-1", switch.host, switch.port))
            await settled(hass)
    assert entry.data["seen_as"] == "relay-1"
    assert issue_of(hass, entry) is None


@pytest.mark.parametrize("decision", ["keep", "change"])
async def test_nothing_is_decided_in_a_dialog_of_another_dispute(
    hass: HomeAssistant, switch: RestSwitchEmulator, repairs: Repairs, decision: str
) -> None:
    entry = await set_up(hass, "rest_switch", "relay-1", switch)
    async_create_dispute_issue(hass, entry, "relay-1", "relay-2")
    shown = await repairs.open(entry)
    async_create_dispute_issue(hass, entry, "relay-1", "relay-3")
    told = await repairs.choose(shown, decision)
    assert (told["type"], told["reason"]) == ("abort", "outdated")
    assert entry.data["seen_as"] == "relay-1"
    assert "rejected" not in entry.data
