"""Every bundled driver, with a device whose answers can be changed, field by field."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
import json
import struct
from typing import Any, override

from lan_edge import Address, Device, Driver, Identity, Record
from tests.bundled import driver_for
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.listener import Peer
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.rewriting import Recorder
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.upnp_light import UpnpLightEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.network.chaos.kasa import KasaDimmer, cipher

type Json = dict[str, Any]
type Emulator = Any

SYSINFO: Json = {
    "err_code": 0,
    "alias": "Kettle",
    "model": "HS110(EU)",
    "sw_ver": "1.5.6",
    "mac": "50:C7:BF:01:02:03",
    "deviceId": "8006" + "0" * 36,
    "feature": "TIM:ENE",
    "relay_state": 1,
}
METER: Json = {"err_code": 0, "voltage": 230.1, "current": 0.2, "power": 40.5, "total": 12.3}
OUTLETS = [{"id": f"0{n}", "state": n, "alias": f"Outlet {n}"} for n in (0, 1)]
LIGHT: Json = {
    "on_off": 1,
    "mode": "normal",
    "hue": 120,
    "saturation": 75,
    "color_temp": 0,
    "brightness": 60,
}
BULB: Json = {
    **{k: v for k, v in SYSINFO.items() if k not in {"relay_state", "feature"}},
    "model": "KL130(EU)",
    "is_dimmable": 1,
    "is_color": 1,
    "is_variable_color_temp": 1,
    "light_state": LIGHT,
}
BULB_METER = {"err_code": 0, "power_mw": 8200, "total_wh": 12}
STRIP = {**{k: v for k, v in SYSINFO.items() if k != "relay_state"}, "model": "HS300(US)"}
STRIP["children"] = OUTLETS


class KasaTelling(KasaDimmer):
    """A Kasa device that answers what it is given, by module and method."""

    def __init__(self, told: dict[str, Json]) -> None:
        super().__init__("127.0.0.1", 0, id="50c7bf010203", name="Kettle")
        self._told = told

    @override
    def received(self, message: Json) -> tuple[str, Any]:
        outlet = message.get("context", {}).get("child_ids", [""])[0]
        ((module, methods),) = ((k, v) for k, v in message.items() if k != "context")
        return f"{module}.{next(iter(methods))}{outlet and f' {outlet[-2:]}'}", outlet

    @override
    async def answer(self, peer: Peer, message: Json) -> None:
        if peer.silent:
            return
        ((module, methods),) = ((k, v) for k, v in message.items() if k != "context")
        method = next(iter(methods))
        told = self._told.get(f"{module}.{method}", {"err_code": -1, "err_msg": "no"})
        self.deliver(peer, json.dumps({module: {method: told}}).encode())

    @override
    def deliver(self, peer: Peer, reply: bytes) -> None:
        super().deliver(_Framed(peer), reply)  # type: ignore[arg-type]  # it only sends


class _Framed:
    """A connection on which answers are sent as Kasa devices send them."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def send(self, data: bytes) -> None:
        self._peer.send(struct.pack(">I", len(data)) + cipher(data))

    @override
    def __hash__(self) -> int:
        return hash(self._peer)

    @override
    def __eq__(self, other: object) -> bool:
        return other is self._peer


@dataclass(frozen=True)
class Walked:
    """A driver, and a device of it."""

    driver: str
    emulator: Callable[[], Emulator]
    main: tuple[str, ...] = ()
    """The answers and fields without which it may be offline, as patterns."""
    meaning: tuple[str, ...] = ()
    """The fields on which it depends what other fields mean, as patterns."""
    identity: Identity = field(default_factory=Identity)

    def decides(self, what: str) -> bool:
        """Return whether the device may be offline without a field, or an answer."""
        return any(fnmatchcase(what, pattern) for pattern in self.main)

    def changes_meaning(self, what: str) -> bool:
        """Return whether other values may be others without a field."""
        return any(fnmatchcase(what, pattern) for pattern in self.meaning)

    @property
    def type(self) -> type[Driver[Any]]:
        """The driver's class."""
        return driver_for(self.driver)

    def new_device(self, emulator: Emulator) -> Device:
        """Return a device at the emulator, which is not started."""
        address = Address(emulator.host, emulator.port)
        return Device(self.type, Record(self.identity, (address,)))

    @asynccontextmanager
    async def recorded(self) -> AsyncGenerator[tuple[Emulator, dict[str, bytes]]]:
        """Yield an emulator, and its answers by request while a device is added."""
        async with self.emulator() as emulator:
            recorder = emulator.faults.rewrite = Recorder()
            device = self.new_device(emulator)
            await device.check(device.record.addresses[0])
            await device.stop()
            emulator.faults.rewrite = None
            yield emulator, recorder.answers
        await asyncio.sleep(0)  # its sockets close


def kasa(**told: Json) -> Callable[[], Emulator]:
    """Return what makes a Kasa device that answers so; an underscore for each dot in a name."""
    answers = {name.replace("__", "."): result for name, result in told.items()}
    return lambda: KasaTelling(answers)


def wemo(kind: str, *main: str) -> Walked:
    """Return a WeMo; `main` is what decides besides the description and its state."""
    return Walked(
        "wemo",
        lambda: WemoEmulator(kind=kind, id="w1"),
        (*WEMO_MAIN, *main),
        ("* device.UDN",),
    )


BULB_ANSWERS = {
    "system.get_sysinfo": BULB,
    "smartlife.iot.common.emeter.get_realtime": BULB_METER,
}

RPC = ("* id", "* result")
"""Without these, a reply is none."""
KASA_MAIN = ("system.get_sysinfo", *(f"* {name}" for name in ("system", "system.get_sysinfo")))
KASA_MAIN += ("* system.get_sysinfo.err_code", "* system.get_sysinfo.mac")
KASA_MEANING = tuple(f"* system.get_sysinfo.{name}" for name in ("model", "feature", "is_*"))
DESCRIPTION = ("GET /*.xml", "* device.UDN", "* device.serviceList*")
WEMO_MAIN = (*DESCRIPTION, "GetBinaryState", "* *.BinaryState")
WIZ_MAIN = ("getSystemConfig", "getPilot", "get[SP]* result", "* result.mac", "* method")
WIZ_MEANING = ("* method", "* result.moduleName")

WALKED: dict[str, Walked] = {
    "json_bulb": Walked(
        "json_bulb", lambda: JsonBulbEmulator(id="b1"), ("info", "* result.id", "get", *RPC)
    ),
    "rest_switch": Walked("rest_switch", lambda: RestSwitchEmulator(id="r1"), ("GET",)),
    "upnp_light": Walked(
        "upnp_light",
        lambda: UpnpLightEmulator("127.0.0.32", id="u1"),
        (*DESCRIPTION, "GetStatus"),
    ),
    "kasa plug": Walked(
        "kasa",
        kasa(system__get_sysinfo=SYSINFO, emeter__get_realtime=METER),
        KASA_MAIN,
        KASA_MEANING,
    ),
    "kasa strip": Walked(
        "kasa",
        kasa(system__get_sysinfo=STRIP, emeter__get_realtime=METER),
        (*KASA_MAIN, "* *.deviceId", "* *.children", "* *.children.[01]", "* *.children.*.id"),
        (*KASA_MEANING, "* *.children", "* *.children.[01]", "* *.children.*.id"),
    ),
    "kasa bulb": Walked(
        "kasa",
        lambda: KasaTelling(BULB_ANSWERS),
        (*KASA_MAIN, "* *.light_state"),
        (*KASA_MEANING, "* *.light_state.color_temp"),
    ),
    "wemo socket": wemo("socket"),
    "wemo dimmer": wemo("dimmer"),
    "wemo insight": wemo("insight", "GetInsightParams", "* *.InsightParams"),
    "wemo sensor": wemo("sensor"),
    "wiz": Walked("wiz", WizEmulator, WIZ_MAIN, WIZ_MEANING),
    "wiz socket": Walked("wiz", lambda: WizEmulator("ESP10_SOCKET_06"), WIZ_MAIN, WIZ_MEANING),
    "yeelight": Walked(
        "yeelight",
        lambda: YeelightEmulator(id="0x0000000000000001"),
        ("get_prop", "* result.0", *RPC),
        ("* result.2",),
        Identity("0x0000000000000001", model="color"),
    ),
    "venstar": Walked(
        "venstar",
        VenstarEmulator,
        ("GET /", "* api_ver", "GET /query/info"),
        ("* availablemodes", "* tempunits", "* fanstate", "* name"),
        Identity("0023a73ab272"),
    ),
    "snapcast": Walked(
        "snapcast",
        SnapcastEmulator,
        ("Server.GetStatus", *RPC, "* result.server", "* result.server.server", "* *.host*"),
        ("* result.server.groups*", "* result.server.streams*"),
    ),
}
