"""Odd answers of devices that still do what they are for, as real ones give them.

Each comes and goes. Meanwhile, Home Assistant shows the device, commands it, and shows nothing of
what the device does not tell.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.rewriting import Change, Place, Rewrite
from tests.emulators.snapcast import MISSING

UNKNOWN, UNAVAILABLE = "unknown", "unavailable"
ON = "on"
"""How a player is shown of which nothing tells whether it plays."""
REFUSED = {"err_code": -3, "err_msg": "invalid argument"}
NONE = {"err_code": -1}


JUDGED = 15.0
"""Seconds that one lasts, about: until it has been judged."""


@dataclass(frozen=True)
class Quirk:
    """One of them.

    `begin` is called with the device; `hidden` says how Home Assistant shows what is not told, by
    the names that the device has for it; `connects`: it matters when the device is connected.
    """

    begin: Callable[[Any], object]
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])
    connects: bool = False


def unknown(*names: str) -> dict[str, str]:
    """Say that all these are unknown."""
    return dict.fromkeys(names, UNKNOWN)


def in_answers(to: str, places: Iterable[Place], value: Any) -> Rewrite:
    """Have fields of the answers to some requests be told with another value."""

    def rewrite(asked: str, answer: bytes) -> bytes | None:
        changed: bytes | None = answer
        for place in places if asked.startswith(to) else ():
            changed = Change(asked, place, value)(asked, changed or b"")
        return changed

    return rewrite


def telling(answer: Any, method: str = ".get_realtime") -> Callable[[Any], None]:
    """Return what has a Kasa device tell that of its meter."""
    return lambda body: body.told.update({f"{body.meter}{method}": answer})


def outlet(number: int, answer: Any) -> Callable[[Any], None]:
    """Return what has a Kasa strip tell that of the meter of one outlet."""
    return lambda body: body.told.update({f"emeter.get_realtime {body.outlet(number)}": answer})


# the names of entities, and of their attributes

POWER, ENERGY = "main-powerMeter.power", "main-energyMeter.energy"
METER = (POWER, ENERGY, "main-voltageMeasurement.voltage", "main-currentMeasurement.current")
OTHER_OUTLETS = tuple(f"outlet_{number}-powerMeter.power" for number in range(2, 7))
THIRD_OUTLET = "outlet_3-switch"
OUTDOOR = "sensor_outdoor-temperatureMeasurement.temperature"
HUMIDITY, *CLIMATE = (
    f"main-thermostatMode@{name}" for name in ("current_humidity", "hvac_action", "fan_mode")
)
EFFECT, WHITE = "main-switch@effect", "main-switch@color_temp_kelvin"
BACKGROUND = "background-switch"
BACKGROUND_LEVEL = f"{BACKGROUND}@brightness"
BATTERY_LEVEL = "main-battery.battery"
BATTERY_STATE, BATTERY_MODE = (f"main-zendureSolarflow.main.{name}" for name in ("state", "mode"))
OTHER_PLAYER, LAST_PLAYER = (f"client_02:00:00:00:00:0{n}-audioVolume" for n in (2, 3))
OTHER_PLAYERS = tuple(
    f"{OTHER_PLAYER}@{name}" for name in ("volume_level", "source", "source_list")
)

# the quirks, by the kinds of devices that have them

KASA = {
    "kasa meter refused": Quirk(telling(REFUSED), unknown(*METER)),
    "kasa no meter": Quirk(telling(NONE, ""), unknown(*METER)),
    "kasa silent meter": Quirk(telling(None), unknown(*METER)),
    "kasa odd meter": Quirk(telling({"err_code": 0, "power_mw": "much"}), unknown(*METER)),
    "kasa no alias": Quirk(lambda body: body.fields.update(alias=None), connects=True),
}
STRIP = {
    "outlet refused": Quirk(outlet(2, NONE), unknown(OTHER_OUTLETS[0])),
    "outlet silent": Quirk(outlet(2, None), unknown(OTHER_OUTLETS[0])),
    "outlet missing": Quirk(
        lambda body: body.unlisted.add(body.outlet(3)),
        {THIRD_OUTLET: UNAVAILABLE, OTHER_OUTLETS[1]: UNAVAILABLE},
    ),
}
WEMO = {
    "wemo description": Quirk(lambda body: body.describe_oddly(), connects=True),
}
INSIGHT = {
    "insight odd energy": Quirk(
        lambda body: setattr(body, "odd_meters", ("8", "0", "-1164707", "998")), unknown(ENERGY)
    ),
    "insight odd power": Quirk(
        lambda body: setattr(body, "odd_meters", ("", "", "", "")), unknown(POWER, ENERGY)
    ),
}
VENSTAR = {
    "venstar nulls": Quirk(
        lambda body: body.rewrite(in_answers("GET /query/info", [("state",), ("fan",)], None)),
        unknown(*CLIMATE),
    ),
    "venstar refuses sensors": Quirk(
        lambda body: setattr(body.faults, "refuse", ("/query/sensors",)),
        {HUMIDITY: UNKNOWN, OUTDOOR: UNAVAILABLE},
    ),
    "venstar sensor gone": Quirk(lambda body: body.list_sensors(1), {OUTDOOR: UNAVAILABLE}),
    "venstar sensor null": Quirk(lambda body: body.list_sensors(2, temp=None), unknown(OUTDOOR)),
}
LAMP = {"lamp refuses": Quirk(lambda body: setattr(body.faults, "bare", True))}
YEELIGHT = {
    "yeelight null": Quirk(lambda body: body.null_properties.add("ct"), unknown(WHITE)),
    "yeelight odd": Quirk(lambda body: body.odd_properties.update(ct="warm"), unknown(WHITE)),
    "yeelight refuses": Quirk(lambda body: body.refused_properties.add("ct"), unknown(WHITE)),
}
TWO_LIGHTS = {
    "background null": Quirk(
        lambda body: body.null_properties.add("bg_bright"), unknown(BACKGROUND_LEVEL)
    ),
    "background refused": Quirk(
        lambda body: body.refused_properties.add("bg_bright"), unknown(BACKGROUND_LEVEL)
    ),
}
WIZ = {
    "wiz silent": Quirk(lambda body: setattr(body.faults, "bare", True), connects=True),
    "wiz scene": Quirk(lambda body: body.show_scene()),
    "wiz color": Quirk(lambda body: body.end_scene()),
}
ONE_HEAD = {"wiz names its head": Quirk(lambda body: body.name_head())}
BATTERY = {
    "battery nulls": Quirk(
        lambda body: body.told.update(electricLevel=None, packState=None),
        unknown(BATTERY_LEVEL, BATTERY_STATE),
    ),
    "battery odd mode": Quirk(lambda body: body.told.update(acMode=7), unknown(BATTERY_MODE)),
    "battery odd level": Quirk(
        lambda body: body.told.update(electricLevel="much"), unknown(BATTERY_LEVEL)
    ),
}
SNAPCAST = {
    "player without config": Quirk(
        lambda body: body.tell_of_other(config=MISSING), unknown(OTHER_PLAYERS[0])
    ),
    "player without volume": Quirk(
        lambda body: body.tell_of_other(config={"name": None, "volume": None}),
        unknown(OTHER_PLAYERS[0]),
    ),
    "player without id": Quirk(
        lambda body: body.tell_of_other(id=None),
        dict.fromkeys((OTHER_PLAYER, *OTHER_PLAYERS), UNAVAILABLE),
    ),
    "new stream": Quirk(lambda body: body.add_stream()),
    "odd streams": Quirk(
        lambda body: body.tell_of_streams(status="unknown", properties=None),
        {OTHER_PLAYER: ON},
    ),
}
QUIRKS: Mapping[str, Quirk] = {
    **KASA,
    **STRIP,
    **WEMO,
    **INSIGHT,
    **VENSTAR,
    **LAMP,
    **YEELIGHT,
    **TWO_LIGHTS,
    **WIZ,
    **ONE_HEAD,
    **BATTERY,
    **SNAPCAST,
}
