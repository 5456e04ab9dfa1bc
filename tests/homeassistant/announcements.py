"""What devices announce, as Home Assistant's discovery passes it on."""

from ipaddress import ip_address
from typing import Any

from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import TARGET, JsonBulbEmulator


def mdns(device: EmulatedDevice[Any], **properties: str) -> ZeroconfServiceInfo:
    address = ip_address(device.host)
    return ZeroconfServiceInfo(
        ip_address=address,
        ip_addresses=[address],
        port=device.port,
        hostname="relay.local.",
        type="_relay._tcp.local.",
        name=f"{device.name}._relay._tcp.local.",
        properties=properties or {"id": device.id, "model": "RS-1"},
    )


def ssdp(bulb: JsonBulbEmulator, **upnp: str) -> SsdpServiceInfo:
    usn = f"uuid:{bulb.id}::{TARGET}"
    return SsdpServiceInfo(
        ssdp_usn=usn,
        ssdp_st=TARGET,
        ssdp_location=bulb.location,
        ssdp_headers={"X-Port": str(bulb.port), "USN": usn},
        upnp={"friendlyName": bulb.name, "manufacturer": "LAN Edge", "modelName": "JB-1", **upnp},
    )
