"""The secret of a described device is in nothing that users see or publish of it."""

from collections.abc import AsyncGenerator
import json
import logging

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.lan_edge.const import DOMAIN
from lan_edge import OfflineError
from tests.drivers.web_device import TEXT, TOKEN, WRITTEN, WebDevice

from ..driver_folder import DriverFiles
from ..entries import device_of, set_up
from ..waiting import eventually


@pytest.fixture
async def server() -> AsyncGenerator[WebDevice]:
    async with WebDevice().there("127.0.0.1") as made:
        yield made


async def test_it_is_nowhere(
    hass: HomeAssistant,
    driver_files: DriverFiles,
    server: WebDevice,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    file = driver_files.describe("locked.yaml", TEXT)
    host, port = server.address.host, server.address.port
    settings = {"token": TOKEN}
    entry = await set_up(hass, "locked", "locked-1", options=settings, host=host, port=port)
    await eventually(lambda: device_of(entry).available)
    assert server.asked[0] == f"GET /api/{TOKEN}/status"
    shown = list[str]()
    for refused in ("/second", "/third"):
        server.refused = {refused}
        with pytest.raises(HomeAssistantError) as err:
            await hass.services.async_call(
                "switch", "turn_on", {"entity_id": "switch.device"}, blocking=True
            )
        shown += [str(err.value), repr(err.value), str(err.value.translation_placeholders)]
    server.refused = {f"/api/{TOKEN}/status"}
    device_of(entry).connection.lost(OfflineError("again"))
    await eventually(lambda: not device_of(entry).available)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    explained = await hass.services.async_call(
        DOMAIN, "explain", {"device_id": device.id}, blocking=True, return_response=True
    )
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    file.write_text(TEXT.replace('get: "/api', 'gett: "/api'))
    await driver_files.looked_at()
    issues = [str(issue) for issue in ir.async_get(hass).issues.values()]
    assert any("gett" in issue for issue in issues)
    shown += [json.dumps(explained), json.dumps(diagnostics), *issues]
    assert any("500" in each for each in shown)
    text = "\n".join((*shown, caplog.text))
    assert [form for form in WRITTEN if form in text] == []
