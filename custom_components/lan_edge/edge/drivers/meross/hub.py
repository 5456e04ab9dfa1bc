"""Meross's hub: the valves and sensors behind it, each a device of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lan_edge import (
    Battery,
    Capability,
    ContactSensor,
    DetectorState,
    Json,
    RelativeHumidityMeasurement,
    SmokeDetector,
    TemperatureMeasurement,
    WaterSensor,
    number,
    optional_object,
    scaled,
)

from .climate import VALVE, Valve
from .parts import Part, Reading, flag
from .protocol import Question

SENSORS, BATTERIES = "Appliance.Hub.Sensor.All", "Appliance.Hub.Battery"
VALVES = f"{VALVE}.All"
VALVES_AT_ONCE, SENSORS_AT_ONCE = 6, 10  # an answer of more than some 3000 bytes is cut off
MAX_UNITS, MAX_ID = 64, 32
FINE = "tempHumi"  # of sensors that measure in hundredths of degrees, not in tenths
MEASURES = (TemperatureMeasurement, RelativeHumidityMeasurement)
KINDS: Mapping[str, tuple[type[Capability], ...]] = {
    "ms100": MEASURES,
    "tempHum": MEASURES,
    FINE: MEASURES,
    "doorWindow": (ContactSensor,),
    "smokeAlarm": (SmokeDetector,),
    "waterLeak": (WaterSensor,),
}
CAPABILITIES = (*MEASURES, ContactSensor, SmokeDetector, WaterSensor, Battery)
SMOKE = {23: DetectorState.TESTED} | dict.fromkeys(range(24, 28), DetectorState.DETECTED)


@dataclass(frozen=True)
class Sensor:
    """A sensor behind a hub."""

    told: Json
    component: str
    name: str
    kind: str
    battery: Json | None = None

    @property
    def can(self) -> tuple[type[Capability], ...]:
        return (*KINDS[self.kind], *([] if self.battery is None else [Battery]))

    def readings(self) -> Iterator[Reading]:
        told, unit = self.told, 0.01 if self.kind == FINE else 0.1
        kinds: dict[type[Capability], Reading] = {
            TemperatureMeasurement: Reading(
                TemperatureMeasurement.temperature,
                optional_object(told, "temperature"),
                "latest",
                scaled(unit, 2),
            ),
            RelativeHumidityMeasurement: Reading(
                RelativeHumidityMeasurement.humidity,
                optional_object(told, "humidity"),
                "latest",
                scaled(0.1, 1),
            ),
            ContactSensor: Reading(
                ContactSensor.contact, optional_object(told, "doorWindow"), "status", flag
            ),
            SmokeDetector: Reading(
                SmokeDetector.smoke, optional_object(told, "smokeAlarm"), "status", smoke_of
            ),
            WaterSensor: Reading(
                WaterSensor.water, optional_object(told, "waterLeak"), "latestWaterLeak", flag
            ),
        }
        yield from (kinds[each] for each in KINDS[self.kind])
        if self.battery is not None:
            yield Reading(Battery.battery, self.battery, "value")


def smoke_of(value: Any) -> DetectorState:
    """Return what the number of a smoke alarm means; the others are faults, or that it is well."""
    return SMOKE.get(int(number(value)), DetectorState.CLEAR)


def units_of(listed: Iterable[Json]) -> dict[str, tuple[str, Json]]:
    """Return the devices that a hub lists, by id, each with its kind and what is told of it.

    The kind is the name of the object in its entry, which it lacks while the hub does not reach it.
    """
    units: dict[str, tuple[str, Json]] = {}
    for entry in listed:
        own_id: Any = entry.get("id")
        kind = next((name for name, each in entry.items() if isinstance(each, dict)), "")
        is_known = kind in KINDS or kind.startswith("mts")
        if isinstance(own_id, str) and 0 < len(own_id) <= MAX_ID and is_known:
            units[own_id] = kind, entry
    return dict(list(units.items())[:MAX_UNITS])


def questions_for(units: Mapping[str, tuple[str, Json]]) -> Iterator[Question]:
    """Yield what a hub is asked for: of few devices at once."""
    valves = sorted(each for each, (kind, _) in units.items() if kind not in KINDS)
    sensors = sorted(each for each, (kind, _) in units.items() if kind in KINDS)
    groups = ((VALVES, valves, VALVES_AT_ONCE), (SENSORS, sensors, SENSORS_AT_ONCE))
    for namespace, ids, most in groups:
        for at in range(0, len(ids), most):
            yield Question(namespace, "all", is_list=True, ids=tuple(ids[at : at + most]))


def units_shown(
    units: Mapping[str, tuple[str, Json]],
    told: Mapping[str, Json],
    batteries: Mapping[str, Json] | None,
) -> Iterator[Part]:
    """Yield the devices behind a hub."""
    for own_id, (kind, entry) in units.items():
        battery = None if batteries is None else batteries.get(own_id, {})
        news = entry | told.get(own_id, {})
        name = f"{'Sensor' if kind in KINDS else 'Valve'} {own_id}"
        if kind in KINDS:
            yield Sensor(news, own_id, name, kind=kind, battery=battery)
        else:
            yield Valve(news, own_id, name, battery=battery)
