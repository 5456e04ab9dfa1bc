"""Diagnostics tell what a bug report needs, and nothing that is nobody's business."""

import base64
import json
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from homeassistant.core import HomeAssistant
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.json import JSONEncoder

from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from tests.emulators.json_bulb import JsonBulbEmulator

from .common import BULB_ID, becomes, device_of, eventually, push, set_up
from .lab import ALL, lab

TOKEN = "s3cret tøken+value"
SERIAL = "JB1-0042"
MAC = "94103E001122"


async def test_planted_secrets_never_appear(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    key = DiscoveryKey(domain="zeroconf", key=("_x._tcp.local.", f"{SERIAL}._x"), version=1)
    hass.config_entries.async_update_entry(
        entry, discovery_keys=MappingProxyType({"zeroconf": (key,)}), title="Anna's room"
    )
    device = device_of(entry)
    device.secrets["token"] = TOKEN
    device.set_field("key", {"deep": [TOKEN, SERIAL]}, persist=True)
    device.set_field("session", "transient-cookie")
    told = {"serial_number": SERIAL, "mac": MAC, "url": "http://127.0.0.1/x", "name": "Anna's lamp"}
    await push(bulb, told=told, profile=ALL.as_dict())
    spellings = [TOKEN, quote(TOKEN), base64.b64encode(TOKEN.encode()).decode(), SERIAL, MAC]
    spellings += ["94:10:3e:00:11:22", "94-10-3E-00-11-22", "AA:BB:CC:DD:EE:FF"]
    spellings += ["transient-cookie", "Anna's lamp", BULB_ID.upper()]
    for text in spellings:
        await push(bulb, note=text, lab=[["acme.filter.note", f"<{text}>", "main"]])
        await push(bulb, lab=[["acme.filter.mode", text, "main"]])
        device.trace.add("sent", f"GET /?token={text} {{'key': '{text}'}}".encode())
    await push(bulb, lab=[["energyMeter.energy", 1, "main"]])
    await becomes(hass, "sensor.desk_lamp_energy", "1.0")
    told_all = await dump(hass, entry)
    private = [*spellings, "Anna's room", "127.0.0.1", BULB_ID, json.dumps(TOKEN)[1:-1]]
    for text in private:
        assert text.lower() not in told_all.lower(), text
    assert "**REDACTED**" in told_all


async def test_they_say_what_is_wrong(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await push(bulb, on=False, level="50")
    await bulb.inject(b"{broken\n")
    await bulb.change(on=True)
    await becomes(hass, "light.desk_lamp", "on")
    told = json.loads(await dump(hass, entry))
    assert told["driver"] == "json_bulb"
    assert told["state"] == {"main: switch.switch": "True", "main: switchLevel.level": "100"}
    assert told["refused_values"]["switchLevel.level"][0] == 1
    assert any("JsonBulb.turn_on" in line for line in told["handlers"]["switch.on"])
    assert told["connection"]["attempts"] >= 1
    assert told["trace"]


async def test_a_device_that_was_never_there(hass: HomeAssistant) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID)
    await eventually(lambda: device_of(entry).connection.reason)
    told = json.loads(await dump(hass, entry))
    assert told["connection"]["available"] is False
    assert told["connection"]["reason"]


async def dump(hass: HomeAssistant, entry: Any) -> str:
    """Return the diagnostics as they are downloaded."""
    told = await async_get_config_entry_diagnostics(hass, entry)
    return json.dumps(told, cls=JSONEncoder, ensure_ascii=False)
