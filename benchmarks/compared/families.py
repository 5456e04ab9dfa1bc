"""The families that both sides can control: their devices, and how Home Assistant controls them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from benchmarks.channel import PACKAGES
from tests.emulators.kasa import KasaSimulator, Simulators
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator

from .family import Control, Family, spelled, switching
from .keyed import KEYED

KASA = PACKAGES / "kasa-simulator"
HOUR = 3600.0
COOL = 2
"""The mode of a thermostat that cools."""
QUIET, LOUD = 30, 60
"""Volumes, in percent."""

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
            made.mac = spelled(ALL["kasa"].mac_of(number).upper())
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
ALL = {family.name: family for family in (*FAMILIES, *KEYED)}
