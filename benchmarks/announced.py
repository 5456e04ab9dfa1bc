"""Discoveries as Home Assistant passes them to an integration, without the network."""

import asyncio
import time
from typing import Any

from homeassistant.config_entries import SOURCE_DHCP, SOURCE_SSDP, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo

from .systems import PORTS, System

TARGET = "urn:lan-edge-org:device:JsonBulb:1"


async def announce(hass: HomeAssistant, system: System, entry: ConfigEntry, host: str) -> None:
    """Announce that an entry's device is at `host`, as its family does."""
    source, info = _announcement(system, entry, host)
    await hass.config_entries.flow.async_init(system.domain, context={"source": source}, data=info)


async def add(hass: HomeAssistant, system: System, device: ConfigEntry) -> float:
    """Add the device that an entry describes, by its flow; return the seconds until its entity."""
    await hass.config_entries.async_remove(device.entry_id)
    source, info = _announcement(system, device, device.data["host"])
    flow = hass.config_entries.flow
    form = await flow.async_init(system.domain, context={"source": source}, data=info)
    before, began = set(hass.states.async_entity_ids("light")), time.monotonic()
    await flow.async_configure(form["flow_id"], {})
    while True:
        for entity_id in set(hass.states.async_entity_ids("light")) - before:
            state = hass.states.get(entity_id)
            if state is not None and state.state in {"on", "off"}:
                return time.monotonic() - began
        await asyncio.sleep(0.001)


def _announcement(system: System, entry: ConfigEntry, host: str) -> tuple[str, Any]:
    if system.domain == "lan_edge" and system.family == "json":
        usn = f"uuid:{entry.unique_id}"
        return SOURCE_SSDP, SsdpServiceInfo(
            ssdp_usn=f"{usn}::{TARGET}",
            ssdp_st=TARGET,
            ssdp_nt=TARGET,
            ssdp_location=f"http://{host}:80/bulb.xml",
            ssdp_headers={"X-Port": str(PORTS["json"]), "_host": host},
            upnp={"UDN": usn, "deviceType": TARGET},
        )
    if system.family == "yeelight":
        headers = {"id": str(entry.unique_id), "location": f"yeelight://{host}:55443"}
        return SOURCE_SSDP, SsdpServiceInfo(
            ssdp_usn="",
            ssdp_st="wifi_bulb",
            ssdp_location=headers["location"],
            ssdp_headers={**headers, "model": "mono", "name": "", "fw_ver": "18", "support": ""},
            upnp={},
        )
    mac = str(entry.unique_id)
    return SOURCE_DHCP, DhcpServiceInfo(ip=host, hostname=f"wiz_{mac[-6:]}", macaddress=mac)
