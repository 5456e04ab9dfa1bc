"""Meross's hub: the valves and sensors behind it, each a device of its own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, override

from lan_edge import (
    Attribute,
    Battery,
    ContactSensor,
    DetectorState,
    Json,
    PartReading,
    RelativeHumidityMeasurement,
    SmokeDetector,
    TemperatureMeasurement,
    WaterSensor,
    number,
    optional_object,
    scaled,
)

from .climate import VALVE, Valve, is_online
from .parts import MerossPart, flag
from .protocol import Question

SENSORS, BATTERIES = "Appliance.Hub.Sensor.All", "Appliance.Hub.Battery"
VALVES = f"{VALVE}.All"
VALVES_AT_ONCE, SENSORS_AT_ONCE = 6, 10  # an answer of more than some 3000 bytes is cut off
MAX_UNITS, MAX_ID = 64, 32
FINE = ("tempHumi", "ms130")  # those that measure in hundredths of degrees, not in tenths
MEASURES = ("temperature", "humidity")
KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("ms100", "tempHum", *FINE), MEASURES),
    "doorWindow": ("doorWindow",),
    "smokeAlarm": ("smokeAlarm",),
    "waterLeak": ("waterLeak",),
}
"""What each kind of sensor always has; others have what the hub tells of them."""
SMOKE = {23: DetectorState.TESTED} | dict.fromkeys(range(24, 28), DetectorState.DETECTED)


@dataclass(frozen=True)
class Sensor(MerossPart):
    """A sensor behind a hub."""

    child: bool = field(default=True, kw_only=True)
    kind: str = ""
    has: Collection[str] = ()
    """What it measures."""
    battery: Json | None = None

    @property
    @override
    def is_available(self) -> bool:
        return is_online(self.told)

    def readings(self) -> Iterator[PartReading]:
        fine = scaled(0.01 if self.kind in FINE else 0.1, 2)
        for name, (attribute, key, convert) in SENSED.items():
            if name in self.has:
                message = optional_object(self.told, name)
                yield PartReading.field(attribute, message, key, convert or fine)
        if self.battery is not None:
            yield PartReading.field(Battery.battery, self.battery, "value")


def smoke_of(value: Any) -> DetectorState:
    """Return what the number of a smoke alarm means; the others are faults, or that it is well."""
    return SMOKE.get(int(number(value)), DetectorState.CLEAR)


SENSED: Mapping[str, tuple[Attribute[Any], str, Callable[[Any], Any] | None]] = {
    "temperature": (TemperatureMeasurement.temperature, "latest", None),
    "humidity": (RelativeHumidityMeasurement.humidity, "latest", scaled(0.1, 1)),
    "doorWindow": (ContactSensor.contact, "status", flag),
    "smokeAlarm": (SmokeDetector.smoke, "status", smoke_of),
    "waterLeak": (WaterSensor.water, "latestWaterLeak", flag),
}
"""What a hub can tell of a sensor, by its name."""


def units_of(listed: Iterable[Json]) -> dict[str, tuple[str, Json]]:
    """Return the devices that a hub lists, by id, each with its kind and what is told of it.

    The kind is the name of the object in its entry, which it lacks while the hub does not reach it.
    """
    units: dict[str, tuple[str, Json]] = {}
    for entry in listed:
        own_id: Any = entry.get("id")
        kind = next((name for name, each in entry.items() if isinstance(each, dict)), "")
        if isinstance(own_id, str) and 0 < len(own_id) <= MAX_ID and kind:
            units[own_id] = kind, entry
    return dict(list(units.items())[:MAX_UNITS])


def is_valve(kind: str) -> bool:
    """Return whether a device behind a hub is a valve."""
    return kind.startswith("mts")


def questions_for(units: Mapping[str, tuple[str, Json]]) -> Iterator[Question]:
    """Yield what a hub is asked for: of few devices at once."""
    valves = sorted(each for each, (kind, _) in units.items() if is_valve(kind))
    sensors = sorted(units.keys() - valves)
    groups = ((VALVES, valves, VALVES_AT_ONCE), (SENSORS, sensors, SENSORS_AT_ONCE))
    for namespace, ids, most in groups:
        for at in range(0, len(ids), most):
            yield Question(namespace, "all", is_list=True, ids=tuple(ids[at : at + most]))


def units_shown(
    units: Mapping[str, tuple[str, Json]],
    told: Mapping[str, Json],
    batteries: Mapping[str, Json] | None,
    measured: Mapping[str, Collection[str]],
) -> Iterator[MerossPart]:
    """Yield the devices behind a hub."""
    for own_id, (kind, entry) in units.items():
        battery = None if batteries is None else batteries.get(own_id, {})
        news = entry | told.get(own_id, {})
        if is_valve(kind):
            yield Valve(own_id, f"Valve {own_id}", news, battery=battery)
        else:
            has = KINDS.get(kind) or measured.get(own_id, ())
            name = f"Sensor {own_id}"
            yield Sensor(own_id, name, news, kind=kind, has=has, battery=battery)
