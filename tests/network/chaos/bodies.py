"""The devices of each family, many in one process."""

from typing import Any, override
from uuid import UUID

from tests.emulators.http_messages import Request
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.upnp_light import UpnpLightEmulator
from tests.emulators.wemo import KINDS, WemoEmulator

from .batteries import Battery
from .body import Body, Emulated
from .families import Family
from .guarded import Bulb, Guarded, Thermostat, TlsBulb
from .lamps import DeskLamp, Json, SseLamp, WsLamp
from .logins import login_of
from .outlets import KasaBulb, KasaPlug, KasaStrip
from .players import Snapcast
from .pumps import Pump
from .quirks import ENERGY, POWER
from .relays import CallingRelay, PostedRelay
from .wiz_lights import Wiz, WizPair
from .yeelights import Yeelight, YeelightBedside, YeelightCeiling


class Relay(Emulated[Request], RestSwitchEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"relay-{number}")
        RestSwitchEmulator.__init__(self, host, port, id=self.unique_id, name=f"Relay {number}")

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": bool(value)}

    @property
    @override
    def value(self) -> float:
        return int(self._state["on"])


class Wemo(Emulated[Request], WemoEmulator):
    model = "dimmer"

    def __init__(self, number: int, host: str, port: int) -> None:
        serial = f"{number:014X}"
        Body.__init__(self, f"{KINDS[self.model].udn}-{serial}".lower())
        self._mac = f"94103E{number:06X}"
        WemoEmulator.__init__(self, host, port, kind=self.model, id=serial, name=f"WeMo {number}")

    def describe_oddly(self) -> None:
        """Have a description without a model, and with a name that is no XML."""
        self.fields = {"modelName": None, "friendlyName": f"{self.name} K\udcfc & \x07"}

    @override
    def be_normal(self) -> None:
        super().be_normal()
        self.fields, self.odd_meters = {}, ()

    @override
    async def power(self, *, on: bool) -> None:
        self.publisher.expire()
        await super().power(on=on)

    @property
    @override
    def left(self) -> dict[str, int]:
        return {**super().left, "subscriptions": len(self.publisher.subscribers)}

    @override
    def _setup(self) -> str:
        return super()._setup().replace("94103E001122", self._mac)


class Insight(Wemo):
    model = "insight"

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": bool(value)}

    @property
    @override
    def value(self) -> float:
        return int(self._state["on"])

    @property
    @override
    def sides(self) -> dict[str, Any]:
        return {POWER: ..., ENERGY: ...}


class WebSocketLamp(Emulated[Json], WsLamp):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"ws-{number}")
        WsLamp.__init__(self, host, port, id=self.unique_id, name=f"WebSocket {number}")


class Desk(Emulated[Request], DeskLamp):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"desk-{number}")
        DeskLamp.__init__(self, host, port, id=self.unique_id, name=f"Desk lamp {number}")


class EventLamp(Emulated[Request], SseLamp):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"sse-{number}")
        SseLamp.__init__(self, host, port, id=self.unique_id, name=f"Events {number}")


class UpnpLight(Emulated[Request], UpnpLightEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, str(UUID(int=(1 << 64) + number)))
        UpnpLightEmulator.__init__(self, host, port, id=self.unique_id, name=f"UPnP {number}")

    @override
    async def power(self, *, on: bool) -> None:
        self.publisher.expire()
        await super().power(on=on)

    @property
    @override
    def left(self) -> dict[str, int]:
        return {**super().left, "subscriptions": len(self.publisher.subscribers)}


BODIES = {
    "json_bulb": Bulb,
    "mono": Yeelight,
    "ceiling4": YeelightCeiling,
    "bslamp2": YeelightBedside,
    "rest_switch": Relay,
    "wemo": Wemo,
    "insight": Insight,
    "one head": Wiz,
    "two heads": WizPair,
    "kasa": KasaBulb,
    "plug": KasaPlug,
    "strip": KasaStrip,
    "venstar": Thermostat,
    "tls_lamp": TlsBulb,
    "ws_lamp": WebSocketLamp,
    "sse_lamp": EventLamp,
    "upnp_light": UpnpLight,
    "snapcast": Snapcast,
    "dialing_relay": CallingRelay,
    "desk_lamp": Desk,
    "garden_pump": Pump,
    "zendure_solarflow": Battery,
    "posting_relay": PostedRelay,
}


def body_of(family: Family, number: int, host: str) -> Any:
    """Make the n-th device."""
    body = BODIES[family.sort](number, host, family.port)
    if isinstance(body, Guarded):
        body.require(login_of(family, number))
    return body


def sighting(family: Family, body: Body, host: str) -> dict[str, Any]:
    """Return what discovery would tell of a device at an address."""
    return {
        "driver": family.driver,
        "unique_id": body.unique_id,
        "host": host,
        "port": family.port,
        "name": body.name,
        "manufacturer": "",
        "model": family.model,
        "fields": dict(family.fields),
    }
