"""Diagnostics contain what a bug report needs, and no secrets or personal data."""

import base64
from dataclasses import dataclass
from html import escape
import json
from threading import get_ident
import time
from types import MappingProxyType
from typing import Annotated, Any
from unittest.mock import patch
from urllib.parse import quote

from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.discovery_flow import DiscoveryKey
from homeassistant.helpers.json import JSONEncoder
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from lan_edge import (
    Address,
    Component,
    IdentityError,
    Label,
    Profile,
    Status,
    Switch,
)
from lan_edge.device.state import State
from lan_edge.diagnostics.redaction import Redaction
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.venstar import VenstarEmulator

from .entries import BULB_ID, device_of, set_up
from .json_bulb import push
from .lab import ALL, lab
from .states import becomes, call
from .waiting import eventually

LIGHT = "light.desk_lamp"
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
    device._core.secrets["token"] = TOKEN
    device.record.fields["key"] = {"deep": [TOKEN, SERIAL]}
    device.driver.memory.session = "transient-cookie"
    device.driver.memory.waits = hass.loop.create_future()  # nobody can copy it
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


async def test_they_report_what_is_wrong(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
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


async def test_files_are_named_without_their_folders(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    device = device_of(entry)
    stored = hass.config.path(".storage", "lan_edge.device")
    for path in (__file__, "C:\\Users\\anna\\drivers\\lamp.py", stored):
        device.trace.add("note", f"failed: FileNotFoundError(2, 'No such file', '{path}')")
        device.trace.add("note", f"driver Lab ({path}:42): turn_on failed")
    device.trace.add("sent", "GET /query/info")
    told = await dump(hass, entry)
    assert __file__.rpartition("/")[0] not in told
    assert "anna" not in told
    assert hass.config.config_dir not in told
    assert "(test_diagnostics.py:42)" in told
    assert "(lamp.py:42)" in told
    assert "GET /query/info" in told
    handlers = json.loads(told)["handlers"]
    assert all("/" not in line for lines in handlers.values() for line in lines)


async def test_a_device_that_was_never_there(hass: HomeAssistant) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID)
    await eventually(lambda: device_of(entry).connection.reason)
    told = json.loads(await dump(hass, entry))
    assert told["connection"]["available"] is False
    assert told["connection"]["reason"]


async def test_the_history_of_the_connection(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    await call(hass, "light.turn_on", LIGHT)
    bulb.faults.refuse = True
    with pytest.raises(HomeAssistantError):
        await call(hass, "light.turn_off", LIGHT)
    bulb.faults.refuse = False
    await bulb.down()
    await eventually(lambda: device_of(entry).connection.reason)
    await bulb.up()
    device_of(entry).connection.retry()
    await eventually(lambda: device_of(entry).connection.status is Status.ONLINE)
    told = json.loads(await dump(hass, entry))["connection"]
    assert (told["connects"], told["drops"]) == (2, 1)
    assert (told["commands_done"], told["commands_failed"]) == (1, 1)
    first, *_, last = told["steps"]
    assert (first["status"], first["reason"], first["address"]) == ("online", "", REDACTED)
    assert last["status"] == "online"
    assert any(step["reason"] for step in told["steps"])
    assert first["lasted"] > 0
    assert abs(first["at"] - time.time()) < 60


async def test_earlier_addresses_and_other_devices_are_redacted(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    """An address that is not the device's any more, and the id of who answered there."""
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    before, stranger = Address("127.0.0.7", 4711), "neighbour: 1, not 2"
    met = IdentityError(BULB_ID, stranger, before)
    device_of(entry).history.add("waiting", before, met, is_connected=False)
    device_of(entry).trace.add("connection", f"waiting {met}")
    told = await dump(hass, entry)
    assert "waiting" in told
    for text in ("127.0.0.7", "neighbour", BULB_ID):
        assert text not in told


async def test_what_others_claimed_to_be_is_redacted(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    kept = {
        "rejected": ["garden-lamp", "porch.local:80"],
        "unexpected_certificate": {"found": "c0ffee", "since": "2026-11-29 05:15"},
    }
    hass.config_entries.async_update_entry(entry, data={**entry.data, **kept})
    written = json.dumps(await async_get_config_entry_diagnostics(hass, entry), cls=JSONEncoder)
    assert not [each for each in ("garden-lamp", "porch", "c0ffee") if each in written]


async def test_long_texts_and_bytes_are_shortened(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    values = {("main", "x.picture"): b"\x00" * 5000, ("main", "x.text"): "long " * 1000}
    with patch.object(State, "values", return_value=values):
        told = json.loads(await dump(hass, entry))["state"]
    assert told["main: x.picture"] == "5000 bytes"
    assert told["main: x.text"].endswith("… (5000 characters)")
    assert len(told["main: x.text"]) < 1100


async def test_a_password_in_the_options(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator
) -> None:
    @dataclass(frozen=True)
    class Choice:
        password: Annotated[str, Label(secret=True)] = ""
        pin: Annotated[str, Label(secret=True)] = ""
        room: str = ""

    lab().Settings = Choice
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    chosen = {"password": TOKEN, "pin": "12", "room": "hall"}
    hass.config_entries.async_update_entry(entry, options=chosen)
    device_of(entry).trace.add("sent", f"login {TOKEN}")
    told = await dump(hass, entry)
    assert json.loads(told)["entry"]["options"] == {
        "password": REDACTED,
        "pin": REDACTED,
        "room": "hall",
    }
    assert TOKEN not in told


async def test_of_a_part(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb)
    profile = Profile(Switch, relay=Component((Switch,), "Anna's lamp", child=True))
    await push(bulb, profile=profile.as_dict())
    registry = dr.async_get(hass)
    await eventually(lambda: dr.async_child_entries_for_config_entry(registry, entry.entry_id))
    [child] = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    [device] = dr.async_entries_for_config_entry(registry, entry.entry_id)
    for each, component in ((device, "main"), (child, "relay")):
        told = await async_get_device_diagnostics(hass, entry, each)
        assert told["component"] == component
        assert told["driver"] == "lab"
        assert BULB_ID not in str(told)
        assert "Anna" not in str(told)


async def test_a_part_that_is_gone(hass: HomeAssistant) -> None:
    """Its id is made of its name, and both are still in the trace."""
    async with VenstarEmulator() as thermostat:
        rest = thermostat.state["sensors"]
        await thermostat.change(sensors=[*rest, {"name": "Annas Bedroom", "temp": 70.0}])
        entry = await set_up(hass, "venstar", thermostat.id, thermostat)
        device = device_of(entry)
        assert "sensor_annas_bedroom" in device.profile.components
        record = {"profile": device.profile.as_dict()}  # as the config flow stores it
        hass.config_entries.async_update_entry(entry, data={**entry.data, "record": record})
        await thermostat.change(sensors=rest)
        await entry.runtime_data.refresh()
        assert device.remove_absent_component("sensor_annas_bedroom")
        dumped = await dump(hass, entry)
    assert "/query/sensors" in dumped
    assert "annas" not in dumped.lower()


async def dump(hass: HomeAssistant, entry: Any) -> str:
    """Return the diagnostics as they are downloaded."""
    told = await async_get_config_entry_diagnostics(hass, entry)
    return json.dumps(told, cls=JSONEncoder, ensure_ascii=False)


async def test_they_are_cleaned_in_another_thread(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    """Which takes long, and keeps nothing else waiting."""
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    threads, text = set[int](), Redaction.text

    def noted(self: Redaction, value: str) -> str:
        threads.add(get_ident())
        return text(self, value)

    with patch.object(Redaction, "text", noted):
        assert (await async_get_config_entry_diagnostics(hass, entry))["trace"]
        assert await hass.services.async_call(
            DOMAIN, "explain", {"device_id": device.id}, blocking=True, return_response=True
        )
    assert threads
    assert get_ident() not in threads


HARD = ('C:\\"\u00e9"\\', "T\u00f8ken & <co>", "1234", "tok3n-9f8e7d6c5b4a39281706-Zyxwvut")


@pytest.mark.parametrize("secret", HARD)
async def test_secrets_that_are_hard_to_find(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, secret: str
) -> None:
    lab()
    entry = await set_up(hass, "lab", BULB_ID, bulb, secrets={"token": secret})
    device = device_of(entry)
    basic = base64.b64encode(f"me:{secret}".encode()).decode()
    spellings = [
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret)),
        quote(quote(secret, safe="")),
        escape(secret),
        repr(secret.encode())[2:-1],
        secret.encode("latin-1").decode(errors="replace"),
        secret.encode().hex(" "),
        basic,
        quote(basic, safe=""),
    ]
    await push(bulb, profile=ALL.as_dict())
    for text in spellings:
        device.trace.add("received", f'{{"x": "{text}", "n": {text}}}')
        device.history.add("waiting", None, f"refused: {text}", is_connected=False)
    hass.config_entries.async_update_entry(entry, title=f"Lamp {secret}")
    registry = dr.async_get(hass)
    [main] = dr.async_entries_for_config_entry(registry, entry.entry_id)
    encode = JSONEncoder(ensure_ascii=False).encode
    told = [await dump(hass, entry), encode(await async_get_device_diagnostics(hass, entry, main))]
    for text in {*spellings, *(encode(text)[1:-1] for text in spellings)}:
        assert all(text not in each for each in told), text
    if secret == HARD[-1]:
        assert all(secret[at : at + 8] not in each for each in told for at in range(24))


async def test_the_room_is_left_out(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    identity = {"unique_id": BULB_ID, "name": "Desk lamp", "room": "Grandmother's attic"}
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb, identity=identity)
    assert device_of(entry).identity.room == "Grandmother's attic"
    told = json.dumps(await async_get_config_entry_diagnostics(hass, entry), default=str)
    assert "attic" not in told
