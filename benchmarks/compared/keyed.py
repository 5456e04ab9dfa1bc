"""The families that need a key, beside the custom integrations that their owners use."""

from collections.abc import Iterable, Mapping

from tests.emulators.meross import MerossEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import TuyaEmulator

from .family import Custom, Family, Json, Key, spelled, switching
from .xiaomi import MAKER, miot, miot_specification, miot_steps, miot_token

EVERYBODY = "10.77.0.255"
"""The LAN's address for broadcasts."""
PLUG = {"1": False}
"""The data points of a plug of Tuya's."""


def tuya_id(number: int) -> str:
    """Return the id of a device."""
    return f"bf0123456789abcdef{number:04}"


def tuya_key(number: int) -> str:
    """Return its local key."""
    return f"a3b5c7d9e1f2{number:04}"


def tuya(number: int, host: str) -> TuyaEmulator:
    """Return a plug with protocol 3.3."""
    return _tuya(number, host, "3.3")


def tuya_34(number: int, host: str) -> TuyaEmulator:
    """Return a plug with protocol 3.4, whose sessions have keys of their own."""
    return _tuya(number, host, "3.4")


def _tuya(number: int, host: str, version: str) -> TuyaEmulator:
    return TuyaEmulator(
        PLUG,
        version=version,
        host=host,
        port=6668,
        id=tuya_id(number),
        key=tuya_key(number),
        announce=True,
        to=EVERYBODY,
    )


def tuya_local(version: str) -> Custom:
    """Return what sets up tuya-local without the cloud."""

    def steps(number: int, host: str) -> Mapping[str, Json]:
        local = {
            "device_id": tuya_id(number),
            "host": host,
            "local_key": tuya_key(number),
            "protocol_version": version,
            "poll_only": False,
        }
        return {
            "user": {"setup_mode": "manual"},
            "local": local,
            "select_type": {"type": "simple_switch||||"},
            "choose_entities": {"name": f"Tuya {number}"},
        }

    return Custom("make-all/tuya-local", steps, copied=True)


def sonoff_id(number: int) -> str:
    """Return the id of a device."""
    return f"1000abc{number:03}"


def sonoff_key(number: int) -> str:
    """Return its device key."""
    return f"5f2c1a9e-0b47-4d6e-8f13-{number:012}"


def sonoff(number: int, host: str) -> SonoffEmulator:
    """Return a switch that encrypts."""
    key = sonoff_key(number)
    made = SonoffEmulator(host, 8081, id=sonoff_id(number), kind="plug", key=key, announce=True)
    # SonoffLAN 3.12.2 has no entities in 2026.11 for a device that does not report this
    made.extra["staMac"] = spelled(ALL["sonoff"].mac_of(number))
    return made


def sonoff_diy(number: int, host: str) -> SonoffEmulator:
    """Return a switch in DIY mode."""
    made = SonoffEmulator(host, 8081, id=sonoff_id(number), announce=True)
    made.extra["staMac"] = spelled(ALL["sonoffdiy"].mac_of(number))
    return made


def sonoff_configuration(numbers: Iterable[int]) -> str:
    """Return the devices as their owner writes them down."""
    devices = "".join(
        f"    {sonoff_id(n)}: {{name: Sonoff {n}, devicekey: {sonoff_key(n)}}}\n" for n in numbers
    )
    return f"sonoff:\n  devices:\n{devices}"


def sonoff_diy_configuration(numbers: Iterable[int]) -> str:
    """Return the devices in DIY mode, which have no keys, as their owner writes them down."""
    devices = "".join(f"    {sonoff_id(n)}: {{name: DIY {n}}}\n" for n in numbers)
    return f"sonoff:\n  devices:\n{devices}"


def meross_key(number: int) -> str:
    """Return the device key, which is one for all devices of an account."""
    del number
    return "5a7c9e1b3d5f70812a4c6e8092b4d6f8"


def meross(number: int, host: str) -> MerossEmulator:
    """Return a plug."""
    mac, key = ALL["meross"].mac_of(number), meross_key(number)
    made = MerossEmulator(host, 80, id=mac, key=key, announce=True)
    made.search_host = "0.0.0.0"  # noqa: S104  # so that a broadcast reaches it
    return made


def meross_steps(number: int, host: str) -> Mapping[str, Json]:
    """Return what sets up meross_lan without the cloud."""
    device = {"host": host, "key": meross_key(number)}
    return {"user": {"next_step_id": "device"}, "device": device, "finalize": {}}


KEYED = (
    Family(
        "Tuya",
        "tuya",
        "tuya_local",
        switching("switch"),
        tuya,
        "105a1701",
        "wlan{}",
        id="bf0123456789abcdef{:04}",
        custom=tuya_local("3.3"),
        key=Key(tuya_key),
    ),
    Family(
        "Tuya 3.4",
        "tuya",
        "tuya_local",
        switching("switch"),
        tuya_34,
        "105a1701",
        "wlan{}",
        id="bf0123456789abcdef{:04}",
        custom=tuya_local("3.4"),
        key=Key(tuya_key),
        variant="34",
    ),
    Family(
        "Sonoff",
        "sonoff",
        "sonoff",
        switching("switch"),
        sonoff,
        "d8f15b01",
        "ESP_{}",
        id="1000abc{:03}",
        entered={"username": "owner"},
        one_entry=True,
        custom=Custom("AlexxIT/SonoffLAN", lambda *_: {}, sonoff_configuration),
        key=Key(sonoff_key),
    ),
    Family(
        "Sonoff DIY",
        "sonoff",
        "sonoff",
        switching("switch"),
        sonoff_diy,
        "d8f15b01",
        "ESP_{}",
        id="1000abc{:03}",
        entered={"username": "owner"},
        one_entry=True,
        custom=Custom("AlexxIT/SonoffLAN", lambda *_: {}, sonoff_diy_configuration),
        variant="diy",
    ),
    Family(
        "Meross",
        "meross",
        "meross_lan",
        switching("switch"),
        meross,
        "48e1e9a1",
        "Meross_Smart_Plug",
        custom=Custom("krahabb/meross_lan", meross_steps),
        key=Key(meross_key),
    ),
    Family(
        "Xiaomi",
        "miot",
        "xiaomi_miot",
        switching("switch"),
        miot,
        MAKER,
        "cuco-plug-v3_mibt{}",
        id="2668420{:02}",
        custom=Custom("al-one/hass-xiaomi-miot", miot_steps, stored=miot_specification()),
        key=Key(miot_token, "token"),
        tried=lambda device: int(device.hellos + len(device.log)),
    ),
)
ALL = {family.name: family for family in KEYED}
