"""A device that came back with another id keeps its entry, once the user has said so."""

from dataclasses import dataclass
import json
from typing import Annotated, Any, override

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from custom_components.lan_edge.runtime import driver_of
from lan_edge import Label
from tests.emulators.http_messages import Answer, Request
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.upnp_light import UpnpLightEmulator

from ..entries import BULB_ID, comes_online, device_of, new_entry, set_up
from ..flow_steps import aborted, created, go_on, start, suggested, waited, words
from ..guarded import PIN, TOKEN, GuardedSwitch, by_pin, guarded
from ..mdns_responder import relay, responding
from ..states import becomes, call
from ..test_repairs import NEW, OLD, sealed
from ..tls_proxy import TlsProxy
from ..waiting import eventually

NEW_ID = "5b0f1e2c-0000-11e1-9b23-00178810aaaa"
LIGHT = "light.desk_lamp"


def registered(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return all that must stay of a device: its ids, names and areas in the registries."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {
        "entry": (entry.entry_id, entry.title),
        "entities": {(e.id, e.entity_id, e.unique_id, e.name, e.area_id) for e in entities},
        "devices": {(d.id, d.name_by_user or d.name, d.area_id) for d in devices},
    }


def offered(flow: ConfigFlowResult) -> bool:
    """Return whether a form lets the user say that it is the same device."""
    schema = flow["data_schema"]
    assert schema is not None
    return "same_device" in {str(key) for key in schema.schema}


async def answered_as_another(
    hass: HomeAssistant, entry: MockConfigEntry, host: str, port: int
) -> ConfigFlowResult:
    """Return the form of *Reconfigure* once another device has answered at that address."""
    flow = await entry.start_reconfigure_flow(hass)
    assert not offered(flow)
    flow = await go_on(hass, flow, host=host, port=port)
    assert flow["step_id"] == "reconfigure"
    return flow


async def test_all_stays_but_the_identity(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    er.async_get(hass).async_update_entity(LIGHT, name="Reading light", area_id="study")
    before = registered(hass, entry)
    await bulb.down()
    async with JsonBulbEmulator(id=NEW_ID, name="JSON bulb") as other:
        flow = await answered_as_another(hass, entry, other.host, other.port)
        assert flow["errors"] == {"base": "identity"}
        assert offered(flow)
        given = {"host": other.host, "port": other.port, "same_device": True}
        flow = await go_on(hass, flow, **given)
        assert flow["step_id"] == "new_identity"
        shown = words(flow)
        assert (shown["old_id"], shown["new_id"]) == (BULB_ID, NEW_ID)
        assert shown["address"] == f"{other.host}:{other.port}"
        assert not [r for r in other.log if r.command in {"get", "set"}]  # only who it is
        assert entry.unique_id == BULB_ID
        assert aborted(await go_on(hass, flow)) == "new_identity"
        await comes_online(entry)
        assert registered(hass, entry) == before
        assert (entry.unique_id, entry.data["seen_as"]) == (NEW_ID, NEW_ID)
        assert device_of(entry).identity.unique_id == NEW_ID
        await call(hass, "light.turn_on", LIGHT)
        assert other.state["on"]
        # and after a restart
        await hass.config_entries.async_reload(entry.entry_id)
        await comes_online(entry)
        assert registered(hass, entry) == before


async def test_its_card_goes_away(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    async with JsonBulbEmulator(id=NEW_ID) as other:
        told: dict[str, Any] = {
            "driver": "json_bulb",
            "unique_id": NEW_ID,
            "name": "",
            "fields": {},
        }
        told |= {"host": other.host, "port": other.port, "manufacturer": "", "model": ""}
        card = await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)
        assert card["step_id"] == "confirm"
        flow = await answered_as_another(hass, entry, other.host, other.port)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        assert aborted(await go_on(hass, flow)) == "new_identity"
        await comes_online(entry)
    assert not hass.config_entries.flow.async_progress()


async def test_that_it_was_ignored_is_settled(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=NEW_ID, source=SOURCE_IGNORE)
    ignored.add_to_hass(hass)
    async with JsonBulbEmulator(id=NEW_ID) as other:
        flow = await answered_as_another(hass, entry, other.host, other.port)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        assert aborted(await go_on(hass, flow)) == "new_identity"
        await comes_online(entry)
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_the_former_device_can_be_added_beside_it(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    async with JsonBulbEmulator(id=NEW_ID) as other:
        flow = await answered_as_another(hass, entry, other.host, other.port)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        assert aborted(await go_on(hass, flow)) == "new_identity"
        await comes_online(entry)
        flow = await go_on(hass, await start(hass, "user"), next_step_id="manual")
        given = {"driver": "json_bulb", "host": bulb.host, "port": bulb.port}
        former = created(await go_on(hass, flow, **given))
        await comes_online(former)
        await hass.async_block_till_done()
        one, two = registered(hass, entry), registered(hass, former)
        assert not one["devices"] & two["devices"]
        assert len(one["entities"]) == len(two["entities"]) > 0
        assert former.unique_id == BULB_ID


async def test_only_the_device_that_was_shown(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    async with JsonBulbEmulator(id=NEW_ID) as other:
        flow = await answered_as_another(hass, entry, other.host, other.port)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        port = other.port
    async with JsonBulbEmulator(port=port, id="a-third"):
        flow = await go_on(hass, flow)
    assert (flow["step_id"], flow["errors"]) == ("reconfigure", {"base": "identity"})
    assert entry.unique_id == BULB_ID


async def test_the_address_of_one_that_has_gone_again_may_be_entered_as_it_is(
    hass: HomeAssistant, bulb: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual port is 0, which the form would refuse."""
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    async with JsonBulbEmulator("127.0.0.2", id=NEW_ID) as other:
        driver = driver_of(hass, entry)
        monkeypatch.setattr(driver, "options", driver.transport.options_type(port=other.port))
        flow = await entry.start_reconfigure_flow(hass)
        flow = await go_on(hass, flow, host=other.host)
        flow = await go_on(hass, flow, host=other.host, same_device=True)
        assert flow["step_id"] == "new_identity"
    flow = await go_on(hass, flow)
    assert (flow["step_id"], flow["errors"]) == ("reconfigure", {"base": "unreachable"})
    assert suggested(flow) == {"host": "127.0.0.2"}
    flow = await go_on(hass, flow, **suggested(flow))
    assert flow["errors"] == {"base": "unreachable"}


async def test_not_a_device_that_is_set_up(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    async with JsonBulbEmulator(id=NEW_ID) as other:
        new_entry(hass, "json_bulb", NEW_ID, other)
        flow = await answered_as_another(hass, entry, other.host, other.port)
    assert flow["errors"] == {"base": "identity"}
    assert not offered(flow)


async def test_not_what_is_only_claimed_by_a_datagram(
    hass: HomeAssistant, switch: RestSwitchEmulator, mdns_port: int
) -> None:
    entry = new_entry(hass, "rest_switch", "relay-1", switch)
    async with (
        RestSwitchEmulator("127.0.0.2", switch.port, id="relay-2") as other,
        responding("127.0.0.2", mdns_port, relay("relay-2", "127.0.0.2", other.port)),
    ):
        flow = await answered_as_another(hass, entry, other.host, other.port)
        assert flow["errors"] == {"base": "identity"}
        assert not offered(flow)
        assert not other.log


class Open(GuardedSwitch):
    """A guarded switch that says who it is to anybody."""

    def __init__(self) -> None:
        super().__init__("guarded-2")
        self.token = "another"
        self.heard: set[str] = set()
        """The tokens that it was given."""

    @override
    def _answer(self, request: Request) -> Answer:
        self.heard.add(request.headers.get("authorization", ""))
        is_open = request.path == "/id"
        return Answer(200, self.identity.encode()) if is_open else super()._answer(request)


async def test_a_login_is_not_sent_to_it_but_asked_for_again(
    hass: HomeAssistant, start_discovery: None, drivers: None
) -> None:
    """The new board says who it is without a login, but does nothing without one."""
    guarded(by_pin)
    async with Open() as other:
        entry = new_entry(hass, "guarded", "guarded-1", secrets={"token": TOKEN})
        flow = await answered_as_another(hass, entry, other.host, other.port)
        assert offered(flow)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        assert words(flow)["new_id"] == "guarded-2"
        flow = await go_on(hass, flow)
        assert aborted(flow) == "new_identity"
        assert entry.data["secrets"] == {}
        await eventually(hass.config_entries.flow.async_progress)
        assert other.heard == {""}
        [flow] = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        flow = await waited(hass, await go_on(hass, flow))
        await waited(hass, await go_on(hass, flow, pin=PIN))
        await comes_online(entry)
        assert entry.data["secrets"]["token"] == "another"


@dataclass(frozen=True)
class Choice:
    """One setting is a password."""

    password: Annotated[str, Label(secret=True)] = ""
    interval: int = 5


async def test_passwords_in_the_options_are_dropped(
    hass: HomeAssistant, start_discovery: None, drivers: None
) -> None:
    guarded(by_pin).Settings = Choice
    options = {"password": "s3cret-4711", "interval": 7}
    async with Open() as other:
        entry = new_entry(hass, "guarded", "guarded-1", options=options)
        flow = await answered_as_another(hass, entry, other.host, other.port)
        flow = await go_on(hass, flow, host=other.host, port=other.port, same_device=True)
        assert aborted(await go_on(hass, flow)) == "new_identity"
        assert dict(entry.options) == {"interval": 7}
        published = await async_get_config_entry_diagnostics(hass, entry)
        assert "guarded-1" not in json.dumps(published, default=str)


async def test_another_certificate_is_not_accepted_this_way(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator
) -> None:
    sealed()
    async with TlsProxy(switch.port, NEW) as door:
        record: dict[str, Any] = {
            "profile": None,
            "fields": {},
            "pin": OLD.fingerprint,
            "challenge": "",
        }
        entry = new_entry(hass, "sealed", "sealed-1", record=record)
        flow = await answered_as_another(hass, entry, "127.0.0.1", door.port)
        assert flow["errors"] == {"base": "certificate"}
        assert not offered(flow)
        assert not door.heard


async def test_a_light_with_another_udn_at_each_start(
    hass: HomeAssistant, start_discovery: None
) -> None:
    async with UpnpLightEmulator(id="udn-1", name="Hall light") as light:
        entry = await set_up(hass, "upnp_light", "udn-1", light)
        before = registered(hass, entry)
        host, port = light.host, light.port
    async with UpnpLightEmulator(host, port, id="udn-2", name="Hall light") as light:
        flow = await answered_as_another(hass, entry, host, port)
        flow = await go_on(hass, flow, host=host, port=port, same_device=True)
        assert (words(flow)["old_name"], words(flow)["new_name"]) == ("Hall light", "Hall light")
        assert aborted(await go_on(hass, flow)) == "new_identity"
        await becomes(hass, "light.hall_light", "off")
        assert registered(hass, entry) == before
