"""Realistic answers of each family, and what in them is private."""

from dataclasses import dataclass
import json
from typing import Any

import orjson

from lan_edge import Component, Profile, Switch


def traced(answer: Any) -> str | bytes:
    """Return an answer as a transport adds it to the trace."""
    return answer if isinstance(answer, str | bytes) else orjson.dumps(answer)


LATITUDE, LONGITUDE = 52.370216, 4.895168


@dataclass(frozen=True)
class Told:
    """Realistic answers of a family, and what in them is private."""

    answers: tuple[Any, ...]
    private: tuple[str, ...]
    kept: tuple[str, ...]
    """What a bug report needs."""
    profile: Profile | None = None


KASA = {
    "system": {
        "get_sysinfo": {
            "sw_ver": "1.5.6 Build 191125 Rel.083657",
            "hw_ver": "2.0",
            "type": "IOT.SMARTPLUGSWITCH",
            "model": "HS110(EU)",
            "mac": "50:C7:BF:01:02:03",
            "dev_name": "Smart Wi-Fi Plug With Energy Monitoring",
            "alias": "Anna's kettle",
            "relay_state": 1,
            "rssi": -58,
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
            "latitude_i": 523702,
            "longitude_i": 48951,
            "deviceId": "8006588E50AD389303FF31AB6302907A17442F16",
            "hwId": "044A516EE63C875F9458DA25C2CCC5A0",
            "oemId": "1998A14DAA86E4E001FD7CAF42868B5E",
            "fwId": "00000000000000000000000000000000",
            "err_code": 0,
        }
    }
}
WIZ = {
    "method": "getSystemConfig",
    "id": 3,
    "result": {
        "mac": "a8bb50010203",
        "homeId": 653906,
        "roomId": 989983,
        "groupId": 77412,
        "moduleName": "ESP01_SHRGB1C_31",
        "fwVersion": "1.25.0",
    },
}
PLAYER = {
    "id": "00:21:6a:7d:74:fc",
    "connected": True,
    "config": {"instance": 1, "latency": 0, "name": "Anna's bedroom", "volume": {"percent": 48}},
    "host": {"arch": "x86_64", "ip": "192.168.178.31", "mac": "00:21:6a:7d:74:fc", "name": "T400"},
}
SNAPCAST = {
    "id": 1,
    "jsonrpc": "2.0",
    "result": {
        "server": {
            "groups": [
                {"clients": [PLAYER], "id": "4dcc4e3b-c699-a04b-7f0c-8260d23c43e1", "name": "Home"}
            ],
            "streams": [{"id": "default", "status": "playing"}],
        }
    },
}
VENSTAR = {"name": "Anna's office", "mode": 1, "spacetemp": 21.5, "heattemp": 20.0, "cooltemp": 75}
UPNP = """<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:Belkin:device:controllee:1</deviceType><friendlyName>Anna&apos;s fan</friendlyName>
<modelName>Socket</modelName><serialNumber>221703K0101769</serialNumber>
<UDN>uuid:Socket-1_0-221703K0101769</UDN><macAddress>94103E001122</macAddress>
</device></root>"""
FAMILIES = {
    "kasa": Told(
        (KASA,),
        (
            *("50:C7:BF:01:02:03", "Anna", "kettle", str(LATITUDE), str(LONGITUDE), "523702"),
            *("48951", "8006588E50AD", "044A516EE63C", "1998A14DAA86"),
        ),
        ("HS110(EU)", "relay_state", "1.5.6 Build"),
    ),
    "wiz": Told(
        (WIZ, json.dumps(WIZ).encode()),
        ("a8bb50010203", "653906", "989983", "77412"),
        ("ESP01_SHRGB1C_31", "getSystemConfig"),
    ),
    "snapcast": Told(
        (json.dumps(SNAPCAST), json.dumps({"method": "Client.OnConnect", "params": PLAYER})),
        ("00:21:6a:7d:74:fc", "Anna", "bedroom", "192.168.178.31", "T400", "4dcc4e3b"),
        ("percent", "playing"),
        Profile(
            **{
                "client_00:21:6a:7d:74:fc": Component((Switch,), "Anna's bedroom", child=True),
                "client_anna-laptop": Component((Switch,), "T400", child=True),
            }
        ),
    ),
    "venstar": Told(
        (VENSTAR, f"GET /query/info 200 {json.dumps(VENSTAR).encode()!r}"),
        ("Anna", "office"),
        ("heattemp", "21.5"),
        Profile(Switch, sensor_anna_s_attic=Component((Switch,), "Anna's attic")),
    ),
    "wemo": Told(
        (UPNP, f"GET /setup.xml 200 {UPNP.encode()!r}"),
        ("Anna", "221703K0101769", "94103E001122"),
        ("controllee", "<modelName>Socket"),
    ),
    "upnp_light": Told((UPNP,), ("Anna", "221703K0101769", "94103E001122"), ("Socket",)),
    "yeelight": Told(
        ('{"id": 1, "result": ["on", "100"]}\r\n', '{"method":"props","params":{"name":"QW5uYQ"}}'),
        ("QW5uYQ",),
        ('["on", "100"]',),
    ),
    "json_bulb": Told(
        ('{"id":1,"result":{"id":"2f402f80-da50-11e1-9b23-001788102201"}}',),
        ("2f402f80", "001788102201"),
        ("result",),
    ),
    "rest_switch": Told(
        ("GET /switch 200 b'on'", f"GET /api/{'x1' * 12}/lights 200 b'[]'"),
        ("x1x1x1",),
        ("GET /switch 200", "/lights"),
    ),
}
