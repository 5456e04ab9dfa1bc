"""Every bundled driver, with a device whose answers can be changed, field by field."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from lan_edge import Address, Device, Driver, Identity, Record
from tests.bundled import driver_for
from tests.emulators.govee import GoveeEmulator
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.kasa_models import KasaEmulator
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import DID, PURIFIER, TOKEN, MiotEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.rewriting import Recorder
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import ID, KEY, TuyaEmulator
from tests.emulators.upnp_light import UpnpLightEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator

type Emulator = Any


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
    fields: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    kinds: tuple[str, ...] = ()
    """The fields that make it another kind of device if they have another text, as patterns."""
    readings: str = ""
    """The fields without all of which it may be offline, as a pattern."""

    def decides(self, what: str) -> bool:
        """Return whether the device may be offline without a field, or an answer."""
        return any(fnmatchcase(what, pattern) for pattern in self.main)

    def changes_meaning(self, what: str) -> bool:
        """Return whether other values may be others without a field."""
        return any(fnmatchcase(what, pattern) for pattern in self.meaning)

    def may_be_unknown(self, what: str, value: object) -> bool:
        """Return whether the device may be one that nobody knows, with a value in a field."""
        return isinstance(value, str) and any(fnmatchcase(what, each) for each in self.kinds)

    @property
    def type(self) -> type[Driver[Any]]:
        """The driver's class."""
        return driver_for(self.driver)

    def new_device(self, emulator: Emulator) -> Device:
        """Return a device at the emulator, which is not started."""
        address = Address(emulator.host, emulator.port)
        record = Record(self.identity, (address,), fields=dict(self.fields))
        return Device(self.type, record, secrets=self.secrets)

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


def kasa(model: str, outlets: int = 0) -> Callable[[], Emulator]:
    """Return what makes a Kasa device that is on; of a strip, one with so many outlets."""

    def make() -> Emulator:
        emulator = KasaEmulator(model=model)
        emulator.apply({"on": True})
        emulator.unlisted.update([*emulator.outlets][outlets:])
        return emulator

    return make


def govee() -> GoveeEmulator:
    """Return a light at the ports that the driver has in this test."""
    driver: Any = driver_for("govee")
    ports = {"answer_port": driver.options.local_port, "port": driver.options.port}
    return GoveeEmulator("127.0.0.84", scan_port=driver.scan_port, by_group=False, **ports)


def miot(model: str, request: str, points: dict[str, Any], *main: str) -> Walked:
    """Return a Xiaomi device, which is read by one request; `main` is what decides besides."""
    return Walked(
        "miot",
        lambda: MiotEmulator(points, model=model),
        ("miIO.info", request, *RPC, *main),
        identity=Identity(str(DID), model=model),
        secrets={"token": TOKEN},
        kinds=("miIO.info result.model",),
        readings=f"{request} result.[0-9]*",
    )


def sonoff(kind: str) -> Walked:
    """Return a device in DIY mode; what is encrypted is known from its announcements."""
    return Walked(
        "sonoff",
        lambda: SonoffEmulator(kind=kind),
        SONOFF_MAIN,
        identity=Identity("1000abcdef"),
    )


def wemo(kind: str, *main: str) -> Walked:
    """Return a WeMo; `main` is what decides besides the description and its state."""
    return Walked(
        "wemo",
        lambda: WemoEmulator(kind=kind, id="w1"),
        (*WEMO_MAIN, *main),
        ("* device.UDN",),
    )


RPC = ("* id", "* result")
"""Without these, a reply is none."""
KASA_MAIN = ("system.get_sysinfo", *(f"* {name}" for name in ("system", "system.get_sysinfo")))
KASA_MAIN += (
    "* system.get_sysinfo.err_code",
    "* system.get_sysinfo.mac",
    "* system.get_sysinfo.mic_mac",
)
KASA_MEANING = tuple(f"* system.get_sysinfo.{name}" for name in ("model", "feature"))
DESCRIPTION = ("GET /*.xml", "* device.UDN", "* device.serviceList*")
WEMO_MAIN = (*DESCRIPTION, "GetBinaryState", "* *.BinaryState")
SONOFF_MAIN = ("info", "* error", "* data", "* data.deviceid")
WIZ_MAIN = ("getSystemConfig", "getPilot", "get[SP]* result", "* result.mac", "* method")
WIZ_MEANING = ("* method", "* result.moduleName")

MEROSS_MAIN = ("GET Appliance.System.A*", *(f"GET * header.{n}" for n in ("method", "namespace")))
MEROSS_MAIN += ("GET Appliance.System.Ability header*", "GET Appliance.System.A* payload.all")
MEROSS_MAIN += ("GET Appliance.System.A* payload",)


def meross(model: str, *meaning: str) -> Walked:
    """Return a Meross device; what it lists, and its abilities, say what it has."""
    return Walked(
        "meross",
        lambda: MerossEmulator(model=model),
        MEROSS_MAIN,
        ("* payload.ability*", "* payload.all.digest*", *meaning),
        Identity("48e1e9a1b2c3"),
        secrets={"key": MEROSS_KEY},
    )


TUYA_PLUG = {"1": True, "9": 0, "18": 350, "19": 805, "20": 2301}
TUYA_BULB = {"20": True, "21": "colour", "22": 1000, "23": 500, "24": "007803e803e8"}


def tuya(points: dict[str, Any], *main: str, meaning: tuple[str, ...] = ()) -> Walked:
    """Return a Tuya device."""
    return Walked(
        "tuya",
        lambda: TuyaEmulator(points, most_clients=4),
        ("query", "* dps", "* devId", *main),
        meaning,
        Identity(ID),
        {"device_id": ID, "version": "3.3"},
        {"local_key": KEY},
    )


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
        kasa("HS110"),
        KASA_MAIN,
        KASA_MEANING,
    ),
    "kasa strip": Walked(
        "kasa",
        kasa("HS300", 2),
        (*KASA_MAIN, "* *.deviceId", "* *.children", "* *.children.[01]", "* *.children.*.id"),
        (*KASA_MEANING, "* *.children", "* *.children.[01]", "* *.children.*.id"),
    ),
    "kasa bulb": Walked(
        "kasa",
        kasa("KL130"),
        (*KASA_MAIN, "* *.light_state"),
        (*KASA_MEANING, "* *.light_state.color_temp"),
    ),
    "govee": Walked(
        "govee",
        govee,
        ("scan", "devStatus", "* msg", "* msg.cmd", "* msg.data", "scan msg.data.device"),
        ("* msg.cmd",),
    ),
    "meross plug": meross("mss310", "*consumptionx*"),
    "meross light": meross("msl120"),
    "meross door": meross("msg100"),
    "meross shutter": meross("mrs100"),
    "meross hub": meross("msh300"),
    "miot purifier": miot("zhimi.airp.va2", "get_properties", PURIFIER | {"2.1": True}),
    "miot plug": miot("chuangmi.plug.m1", "get_prop", {"power": "on", "temperature": 31}),
    "miot robot": miot(
        "roborock.vacuum.s5", "get_status", {"state": 8, "battery": 77}, "* result.0"
    ),
    "sonoff plug": sonoff("diy_plug"),
    "sonoff dimmer": sonoff("diylight"),
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
    "tuya plug": tuya(TUYA_PLUG),
    "tuya bulb": tuya(TUYA_BULB, "* dps.2[01]", meaning=("* dps.21", "* dps.24")),
    "snapcast": Walked(
        "snapcast",
        SnapcastEmulator,
        ("Server.GetStatus", *RPC, "* result.server", "* result.server.server", "* *.host*"),
        ("* result.server.groups*", "* result.server.streams*"),
    ),
}
