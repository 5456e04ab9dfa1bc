"""The families that both sides can control: their devices, and how Home Assistant controls them."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.channel import PACKAGES
from tests.emulators.kasa import KasaSimulator, Simulators
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator

KASA = PACKAGES / "kasa-simulator"
HOUR = 3600.0
COOL = 2
"""The mode of a thermostat that cools."""
QUIET, LOUD = 30, 60
"""Volumes, in percent."""

type Json = dict[str, Any]
type Device = AbstractAsyncContextManager[Any]


@dataclass(frozen=True)
class Control:
    """What an entity can be told, one thing or the other, and how that shows."""

    platform: str
    call: Callable[[bool], tuple[str, Json]]
    """The action and its data."""
    shown: Callable[[str, Json], bool]
    """Tells from a state and its attributes which of the two is shown."""
    true: Callable[[Json], bool]
    """Tells from a device's state which of the two it is."""


@dataclass(frozen=True)
class Family:
    """A kind of device, as both sides know it."""

    title: str
    driver: str
    domain: str
    """Of Home Assistant's own integration."""
    control: Control
    make: Callable[[int, str], Device]
    """Makes the device with a number at an address."""
    mac: str
    """How the MAC addresses of its maker begin, as ours do."""
    hostname: str
    """What it tells the router, with its number."""
    id: str = ""
    """What LAN Edge knows it by, in small letters, with its number; its MAC address if empty."""
    entered: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the dialog of Home Assistant's integration is told beside the address."""
    one_entry: bool = False
    """Its integration has one entry for all devices, and finds them by itself."""

    def id_of(self, number: int) -> str:
        """Return what LAN Edge knows a device by."""
        return self.id.format(number) or self.mac_of(number)

    def mac_of(self, number: int) -> str:
        """Return the MAC address of a device, as 12 digits."""
        return f"{self.mac}{number:04x}"


def switching(platform: str) -> Control:
    """Return the control of what can be turned on and off."""
    return Control(
        platform,
        lambda on: (f"{platform}.turn_{'on' if on else 'off'}", {}),
        lambda state, _: state == "on",
        lambda state: bool(state["on"]),
    )


CLIMATE = Control(
    "climate",
    lambda cool: ("climate.set_hvac_mode", {"hvac_mode": "cool" if cool else "heat"}),
    lambda state, _: state == "cool",
    lambda state: bool(state["mode"] == COOL),
)
VOLUME = Control(
    "media_player",
    lambda loud: ("media_player.volume_set", {"volume_level": (LOUD if loud else QUIET) / 100}),
    lambda _, attributes: round(100 * attributes.get("volume_level", 0)) == LOUD,
    lambda state: bool(state["percent"] == LOUD),
)


@asynccontextmanager
async def kasa(number: int, host: str) -> AsyncGenerator[KasaSimulator]:
    """Run a plug in a program of its own."""
    simulators = Simulators(KASA)
    told = {"alias": f"Kasa {number}", "deviceId": f"8006{number:036}"}
    try:
        with simulators.broadcasts():
            made = KasaSimulator(simulators, host=host, port=9999, **told)
            digits = ALL["kasa"].mac_of(number).upper()
            made.mac = ":".join(digits[i : i + 2] for i in range(0, 12, 2))
            async with made:
                yield made
    finally:
        simulators.close()


def yeelight(number: int, host: str) -> YeelightEmulator:
    """Return a light that announces itself when it starts, and never again."""
    name = f"Yeelight {number}"
    made = YeelightEmulator(host, 55443, id=f"0x{number:016x}", name=name, announce=True)
    made.notify_every = HOUR
    return made


def wiz(number: int, _host: str) -> WizEmulator:
    """Return a light at all addresses of its host: a broadcast has to reach it."""
    made = WizEmulator(host="0.0.0.0", port=38899)  # noqa: S104  # see above
    made.id = ALL["wiz"].mac_of(number)
    return made


def wemo(number: int, host: str) -> WemoEmulator:
    """Return a plug."""
    return WemoEmulator(host, 49153, id=f"S{number}", name=f"WeMo {number}", announce=True)


def venstar(number: int, host: str) -> VenstarEmulator:
    """Return a thermostat."""
    mac = ALL["venstar"].mac_of(number)
    return VenstarEmulator(host, 80, id=mac, name=f"Venstar {number}", announce=True)


def snapcast(number: int, host: str) -> SnapcastEmulator:
    """Return a server with one player."""
    name = f"Snapcast {number}"
    return SnapcastEmulator(host, 1705, id=f"music-{number}", name=name, announce=True)


FAMILIES = (
    Family("TP-Link Kasa", "kasa", "tplink", switching("switch"), kasa, "50c7bf01", "HS100-{}"),
    Family(
        "Snapcast",
        "snapcast",
        "snapcast",
        VOLUME,
        snapcast,
        "b827eb01",
        "music-{}",
        id="music-{}",
        entered={"port": 1705},
    ),
    Family(
        "Venstar",
        "venstar",
        "venstar",
        CLIMATE,
        venstar,
        "0023a701",
        "venstar-{}",
        entered={"ssl": False},
    ),
    Family(
        "Belkin WeMo",
        "wemo",
        "wemo",
        switching("switch"),
        wemo,
        "ec1a5901",
        "wemo-{}",
        id="socket-1_0-s{}",
        one_entry=True,
    ),
    Family("WiZ", "wiz", "wiz", switching("light"), wiz, "a8bb5001", "wiz_{}"),
    Family(
        "Yeelight",
        "yeelight",
        "yeelight",
        switching("light"),
        yeelight,
        "7811dc01",
        "yeelink-light-color1_miio{}",
        id="0x{:016x}",
    ),
)
ALL = {family.driver: family for family in FAMILIES}
