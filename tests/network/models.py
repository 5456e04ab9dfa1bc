"""Devices of the local families, one of each kind, as tests see them: read, changed, and added.

What a device has is read and changed by paths in its own words: a point, a property, a field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulators.govee import GoveeEmulator
from tests.emulators.meross import KEY as MEROSS_KEY, MerossEmulator
from tests.emulators.miot import PORT as MIOT_PORT, TOKEN, MiotEmulator
from tests.emulators.sonoff import SonoffEmulator
from tests.emulators.tuya import KEY as TUYA_KEY, TuyaEmulator

from .family import EVERYBODY, SONOFF_KEY, TUYA_PORT

type Has = Mapping[str, Any]
"""What a device has, or is to have, by path."""


@dataclass(frozen=True)
class Model:
    """A device of a kind, what it is added with, and how it is read and changed by itself."""

    driver: str
    title: str
    """On its card."""
    make: Callable[[str], Any]
    """Makes it, at an address."""
    keys: tuple[str, ...]
    read: Callable[[Any, str], Any]
    change: Callable[[Any, Has], Any]


def tuya(number: int, version: str, points: Has, behind: Mapping[str, Has] | None = None) -> Model:
    """Return one of a version of the protocol; what is behind it has paths with its `cid`."""
    own_id = f"bf0123456789abcd{number:06}"

    def make(host: str) -> TuyaEmulator:
        units = {cid: dict(own) for cid, own in (behind or {}).items()}
        made = TuyaEmulator(
            *(dict(points),),
            version=version,
            host=host,
            port=TUYA_PORT,
            id=own_id,
            announce=True,
            behind=units,
        )
        made.beacon_to = EVERYBODY
        return made

    def read(device: TuyaEmulator, path: str) -> Any:
        unit, _, point = path.rpartition("/")
        return (device.behind[unit] if unit else device.points)[point]

    def change(device: TuyaEmulator, has: Has) -> None:
        for unit in dict.fromkeys(path.rpartition("/")[0] for path in has):
            own = {
                n: v for path, v in has.items() for u, _, n in [path.rpartition("/")] if u == unit
            }
            device.report(own, unit)

    return Model("tuya", f"Tuya {own_id[-6:]}", make, (TUYA_KEY,), read, change)


def sonoff(number: int, kind: str, key: str = SONOFF_KEY) -> Model:
    """Return one of a kind; without a key, in DIY mode."""
    own_id = f"1000{number:06}"

    def make(host: str) -> SonoffEmulator:
        return SonoffEmulator(host, 8081, id=own_id, kind=kind, key=key, announce=True)

    def read(device: SonoffEmulator, path: str) -> Any:
        return device.state[path]

    def change(device: SonoffEmulator, has: Has) -> None:
        device.apply(dict(has))

    return Model("sonoff", f"Sonoff {own_id}", make, (key,) if key else (), read, change)


def xiaomi(number: int, model: str, points: Has, effects: Mapping[str, Has] | None = None) -> Model:
    """Return one with these properties; `effects`: what actions do to them."""
    did = 300000000 + number

    def make(_: str) -> MiotEmulator:
        made = MiotEmulator(dict(points), model=model, host="0.0.0.0", port=MIOT_PORT, did=did)
        made.effects = {action: dict(has) for action, has in (effects or {}).items()}
        return made

    def read(device: MiotEmulator, path: str) -> Any:
        return device.points[path]

    def change(device: MiotEmulator, has: Has) -> None:
        device.points |= has

    return Model("miot", f"Xiaomi {did}", make, (TOKEN,), read, change)


def meross(number: int, model: str) -> Model:
    """Return one of a model; a path leads through its digest, or what else it answers."""

    def make(host: str) -> MerossEmulator:
        made = MerossEmulator(host, 80, id=f"48e1e9{number:06}", model=model, announce=True)
        made.search_host = "0.0.0.0"
        return made

    def place(device: MerossEmulator, path: str) -> tuple[Any, Any]:
        whole: Any = {**device.model.digest, **device.model.answers, "rolls_to": device.rolls_to}
        *parts, last = (int(part) if part.isdigit() else part for part in path.split("/"))
        for part in parts:
            whole = whole[part]
        return whole, last

    def read(device: MerossEmulator, path: str) -> Any:
        whole, last = place(device, path)
        return whole[last]

    def change(device: MerossEmulator, has: Has) -> None:
        for path, value in has.items():
            whole, last = place(device, path)
            whole[last] = value

    return Model("meross", f"Meross {model}", make, (MEROSS_KEY,), read, change)


def govee() -> Model:
    """Return a lamp."""

    def read(device: GoveeEmulator, path: str) -> Any:
        return device.light[path]

    def change(device: GoveeEmulator, has: Has) -> None:
        device.light |= has

    return Model("govee", "Govee H6072", GoveeEmulator, (), read, change)
