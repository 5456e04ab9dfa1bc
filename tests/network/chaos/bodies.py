"""The devices of each family, many in one process."""

from typing import Any, override
from uuid import UUID

from tests.emulators.http_messages import Request
from tests.emulators.kasa_models import Json, KasaEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.upnp_light import UpnpLightEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import Call as YeelightCall, YeelightEmulator

from .body import Body, Emulated
from .families import Family
from .guarded import Bulb, Guarded, Thermostat, TlsBulb
from .lamps import SseLamp, WsLamp
from .logins import login_of

UNLIMITED = 1_000_000


class Yeelight(Emulated[YeelightCall], YeelightEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"0x{number + 1:016x}")
        YeelightEmulator.__init__(
            self, host, port, model="mono", id=self.unique_id, name=f"Yeelight {number}"
        )
        self.quota = self.lan_quota = UNLIMITED

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": True, "bright": value} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        return self._state["bright"] if self._state["on"] else 0


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
    def __init__(self, number: int, host: str, port: int) -> None:
        serial = f"{number:014X}"
        Body.__init__(self, f"dimmer-1_0-{serial.lower()}")
        self._mac = f"94103E{number:06X}"
        WemoEmulator.__init__(self, host, port, kind="dimmer", id=serial, name=f"WeMo {number}")

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


class KasaBulb(Emulated[Json], KasaEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        mac = f"50c7bf{number:06x}"
        Body.__init__(self, mac)
        name = f"Kasa {number}"
        KasaEmulator.__init__(self, host, port, model="LB110", id=mac, name=name)

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": True, "brightness": value} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        level: float = self._state["brightness"]
        return level if self._state["on"] else 0

    @property
    @override
    def answers_searches(self) -> bool:
        return False  # it is found by its MAC address


class WebSocketLamp(Emulated[Json], WsLamp):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"ws-{number}")
        WsLamp.__init__(self, host, port, id=self.unique_id, name=f"WebSocket {number}")


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


class Snapcast(Emulated[Json], SnapcastEmulator):
    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"music-{number}")
        SnapcastEmulator.__init__(self, host, port, id=self.unique_id, name=f"Snapcast {number}")

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"percent": value}

    @property
    @override
    def value(self) -> float:
        return float(self._state["percent"])


class Wiz(WizEmulator, Body):
    """A WiZ light; UDP, so there are no connections to break."""

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"a8bb50{number:06x}")
        self._by_hand = True  # what it is when new
        WizEmulator.__init__(self, host=host, port=port)
        self._by_hand = False
        self.id, self.name = self.unique_id, f"WiZ {number}"

    @override
    def enter(self, wanted: dict[str, Any]) -> None:
        super().enter(wanted)
        self.carried_out()

    @property
    @override
    def value(self) -> float:
        return self.pilot["dimming"] if self.pilot["state"] else 0

    @property
    @override
    def left(self) -> dict[str, int]:
        return {"registrations": len(self.clients)}

    @override
    async def power(self, *, on: bool) -> None:
        self.clients.clear()
        await (self._listen() if on else self._close())

    @override
    async def go(self, address: str) -> None:
        await self.move(address, old="closed")

    @override
    async def become(self, value: float) -> None:
        self._by_hand = True
        await self.change(**({"on": True, "dimming": value} if value else {"on": False}))
        self._by_hand = False

    @override
    async def reset(self) -> None:
        """Have nothing to reset."""

    @override
    def forget(self) -> None:
        self.clients.clear()

    @override
    async def babble(self, data: bytes) -> None:
        self.say(data)


BODIES = {
    "json_bulb": Bulb,
    "yeelight": Yeelight,
    "rest_switch": Relay,
    "wemo": Wemo,
    "wiz": Wiz,
    "kasa": KasaBulb,
    "venstar": Thermostat,
    "tls_lamp": TlsBulb,
    "ws_lamp": WebSocketLamp,
    "sse_lamp": EventLamp,
    "upnp_light": UpnpLight,
    "snapcast": Snapcast,
}


def body_of(family: Family, number: int, host: str) -> Any:
    """Make the n-th device."""
    body = BODIES[family.driver](number, host, family.port)
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
