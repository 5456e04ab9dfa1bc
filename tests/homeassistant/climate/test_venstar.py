"""A Venstar thermostat in Home Assistant: how it is added, and as a whole."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, override
from unittest.mock import AsyncMock

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, SOURCE_SSDP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
import pytest

from custom_components.lan_edge.const import DOMAIN
from lan_edge.drivers.venstar import Venstar
from tests.edge.certificates import certificate
from tests.emulators.listener import Listener
from tests.emulators.venstar import TARGET, VenstarEmulator

from ..entries import comes_online, set_up
from ..flow_steps import answered, created, go_on, start, waited
from ..states import becomes, call

HOUSE = "climate.living_room"
SCHEDULE = "switch.living_room_schedule"


@pytest.fixture
async def thermostat(
    hass: HomeAssistant, start_discovery: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[VenstarEmulator]:
    monkeypatch.setattr(Venstar, "poll", 0.1)
    # no search by SSDP, to which it would answer with its id, leaves this machine
    recognized = AsyncMock(return_value=True)
    monkeypatch.setattr("custom_components.lan_edge.flows.add.async_recognize", recognized)
    async with VenstarEmulator() as made:
        yield made


class TlsThermostat(VenstarEmulator):
    """One whose Local API uses HTTPS."""

    @override
    def _new_listener(self, host: str, port: int) -> Listener:
        listener = super()._new_listener(host, port)
        listener.tls = certificate("thermostat").server()
        return listener


async def confirmed(hass: HomeAssistant, thermostat: VenstarEmulator) -> Any:
    """Confirm the thermostat's discovery card; return what comes then."""
    told = {
        "driver": "venstar",
        "unique_id": thermostat.id,
        "host": thermostat.host,
        "port": thermostat.port,
        "name": "",
        "manufacturer": "Venstar",
        "model": "",
        "fields": {"location": thermostat.location},
    }
    flow = await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)
    assert flow["step_id"] == "confirm_core"
    return await waited(hass, await go_on(hass, flow))


async def test_by_https(hass: HomeAssistant, thermostat: VenstarEmulator) -> None:
    """Its certificate is pinned when it is added, and the connection is encrypted from then on."""
    async with TlsThermostat() as encrypted:
        encrypted.login = "ha", "secret"
        flow = await confirmed(hass, encrypted)
        assert flow["step_id"] == "pair_text"
        flow = await answered(hass, flow, "ha")
        entry = created(await answered(hass, flow, "secret"))
        assert entry.data["record"]["pin"] == certificate("thermostat").fingerprint
        await comes_online(entry)
        await call(hass, "climate.set_hvac_mode", HOUSE, hvac_mode="cool")
        await becomes(hass, HOUSE, "cool")


async def test_without_a_login_nothing_is_asked(
    hass: HomeAssistant, thermostat: VenstarEmulator
) -> None:
    entry = created(await confirmed(hass, thermostat))
    await comes_online(entry)
    assert (entry.title, entry.unique_id) == ("Living Room", "0023a73ab272")
    assert len(hass.states.async_entity_ids("climate")) == 1


async def test_with_a_login_it_is_asked_for(
    hass: HomeAssistant, thermostat: VenstarEmulator
) -> None:
    thermostat.login = ("admin", "s3cret")
    flow = await confirmed(hass, thermostat)
    for answer in thermostat.login:
        assert flow["step_id"] == "pair_text"
        flow = await answered(hass, flow, answer)
    entry = created(flow)
    await comes_online(entry)
    assert entry.data["secrets"] == {"user": "admin", "password": "s3cret"}
    assert entry.data["record"]["challenge"] == "MD5 auth thermostat"


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_forged_notice_gets_neither_login_nor_pin(
    hass: HomeAssistant, thermostat: VenstarEmulator, is_lost: bool
) -> None:
    thermostat.login = ("admin", "s3cret")
    secrets = {"user": "admin", "password": "s3cret"}
    entry = await set_up(hass, "venstar", thermostat.id, thermostat, secrets=secrets)
    hass.config_entries.async_update_entry(entry, options={"pin": "0042"})
    await becomes(hass, HOUSE, "heat")
    async with VenstarEmulator() as forger:
        if is_lost:
            await thermostat.down()
            await becomes(hass, HOUSE, "unavailable")
        notice = SsdpServiceInfo(
            ssdp_usn=forger.usn,  # it has the same MAC address
            ssdp_st=TARGET,
            ssdp_location=f"http://{forger.host}:{forger.port}/",
            upnp={},
        )
        flow = await start(hass, SOURCE_SSDP, notice)
        assert flow["reason"] == "already_configured"
        if not is_lost:
            await call(hass, "climate.set_hvac_mode", HOUSE, hvac_mode="cool")
            await becomes(hass, HOUSE, "cool")
        await asyncio.sleep(1)
        assert not forger.log
        assert entry.data["port"] == thermostat.port


async def test_it_is_one_thermostat(hass: HomeAssistant, thermostat: VenstarEmulator) -> None:
    await set_up(hass, "venstar", thermostat.id, thermostat)
    shown = {"current_temperature": 21.7, "current_humidity": 41, "temperature": 21.1}
    await becomes(hass, HOUSE, "heat", **shown, min_temp=1.7, max_temp=26.7, hvac_action="idle")
    wanted = {"hvac_mode": "heat_cool", "target_temp_low": 20, "target_temp_high": 25}
    thermostat.log.clear()
    await call(hass, "climate.set_temperature", HOUSE, **wanted)
    [posted] = [r.params for r in thermostat.log if r.command == "POST /control"]
    assert posted == {"mode": "3", "heattemp": "68.0", "cooltemp": "77.0"}
    await becomes(hass, HOUSE, "heat_cool", target_temp_low=20, target_temp_high=25)
    await call(hass, "climate.set_fan_mode", HOUSE, fan_mode="on")
    await becomes(hass, HOUSE, "heat_cool", fan_mode="on")
    await thermostat.change(fanstate=1)
    await becomes(hass, HOUSE, "heat_cool", hvac_action="fan")
    await call(hass, "climate.turn_off", HOUSE)
    await becomes(hass, HOUSE, "off")


async def test_away_is_a_preset(hass: HomeAssistant, thermostat: VenstarEmulator) -> None:
    await set_up(hass, "venstar", thermostat.id, thermostat)
    assert hass.states.get("switch.living_room_away") is None
    await becomes(hass, HOUSE, "heat", preset_modes=["none", "away"], preset_mode="none")
    await call(hass, "climate.set_preset_mode", HOUSE, preset_mode="away")
    assert thermostat.state["away"] == 1
    await becomes(hass, HOUSE, "heat", preset_mode="away")  # the mode stays
    registered = er.async_get(hass).async_get(SCHEDULE)
    assert registered is not None
    assert registered.entity_category is None  # used every day
    with pytest.raises(HomeAssistantError, match="Thermostat is away"):
        await call(hass, "switch.turn_on", SCHEDULE)
    await call(hass, "climate.set_preset_mode", HOUSE, preset_mode="none")
    await becomes(hass, HOUSE, "heat", preset_mode="none")
    assert thermostat.state["away"] == 0


async def test_the_former_switch_is_removed_and_nothing_else(
    hass: HomeAssistant, thermostat: VenstarEmulator
) -> None:
    def registered() -> dict[str, str]:
        entities = er.async_entries_for_config_entry(registry, entry.entry_id)
        return {entity.unique_id: entity.entity_id for entity in entities}

    registry = er.async_get(hass)
    entry = await set_up(hass, "venstar", thermostat.id, thermostat)
    await becomes(hass, SCHEDULE, "off")
    before = registered()
    former = f"{entry.unique_id}-main-venstar.away.away"
    registry.async_get_or_create("switch", DOMAIN, former, config_entry=entry)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await becomes(hass, SCHEDULE, "off")
    assert registered() == before


async def test_a_sensor_that_is_wired_up_later(
    hass: HomeAssistant, thermostat: VenstarEmulator
) -> None:
    await set_up(hass, "venstar", thermostat.id, thermostat)
    assert not hass.states.async_entity_ids("sensor")
    sensors = [*thermostat.state["sensors"][:1], {"name": "Outdoor", "temp": 50.0}]
    await thermostat.change(sensors=sensors)
    await becomes(hass, "sensor.living_room_outdoor_temperature", "10.0")
