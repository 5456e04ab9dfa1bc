"""What Meross's devices measure or notice, and the sensors behind a hub."""

from collections.abc import Collection

from lan_edge import (
    Battery,
    Coding,
    ContactSensor,
    CurrentMeasurement,
    DetectorState,
    EnergyMeter,
    IlluminanceMeasurement,
    OccupancySensor,
    PowerMeter,
    Property,
    RelativeHumidityMeasurement,
    SmokeDetector,
    TemperatureMeasurement,
    VoltageMeasurement,
    WaterSensor,
    number,
)

from .parts import FLAG, HUNDREDTHS, MILLI, TENTHS, Table

USED = (
    Property(PowerMeter.power, "power", MILLI),
    Property(CurrentMeasurement.current, "current", MILLI),
)
METER_TABLE = (*USED, Property(VoltageMeasurement.voltage, "voltage", TENTHS))
COUNTER_TABLE = (Property(EnergyMeter.energy, "value", MILLI),)
"""What was consumed on the last day that a device lists."""
CIRCUIT_TABLE = (
    *USED,
    Property(VoltageMeasurement.voltage, "voltage", MILLI),
    Property(EnergyMeter.energy, "mConsume", MILLI, stays=True),
)
"""Of an energy monitor; it counts by the month."""
SOMEBODY = Coding.words({0: False, 1: False, 2: True, 3: True})
PRESENCE_TABLE = (
    Property(OccupancySensor.occupancy, "data.presence.0.value", SOMEBODY),
    Property(IlluminanceMeasurement.illuminance, "data.light.0.value", stays=True),
)

# sensors behind a hub

SMOKE = {23: DetectorState.TESTED} | dict.fromkeys(range(24, 28), DetectorState.DETECTED)
"""What the numbers of a smoke alarm mean; the others are faults, or that it is well."""
SENSORS = {
    "temperature": Property(TemperatureMeasurement.temperature, "temperature.latest", TENTHS),
    "humidity": Property(RelativeHumidityMeasurement.humidity, "humidity.latest", TENTHS),
    "doorWindow": Property(ContactSensor.contact, "doorWindow.status", FLAG),
    "smokeAlarm": Property(
        *(SmokeDetector.smoke, "smokeAlarm.status"),
        Coding(lambda code: SMOKE.get(int(number(code)), DetectorState.CLEAR)),
    ),
    "waterLeak": Property(WaterSensor.water, "waterLeak.latestWaterLeak", FLAG),
}
"""What a hub can tell of a sensor, by its name."""
FINE = ("tempHumi", "ms130")
"""Those that measure in hundredths of degrees, not in tenths."""
FINELY = Property(TemperatureMeasurement.temperature, "temperature.latest", HUNDREDTHS)
MEASURING: Collection[str] = ("ms100", "tempHum", *FINE)
"""The kinds that measure temperature and humidity; others have what the hub tells of them."""
BATTERY = Property(Battery.battery, "value")
SENSOR_TABLE = (*SENSORS.values(), BATTERY)
"""All that they can have."""


def sensor_table(kind: str, told: Collection[str]) -> Table:
    """Return the table of a sensor, by its kind and the names of what has been told of it."""
    has = {"temperature", "humidity"} if kind in MEASURING else {kind, *told}
    rows = SENSORS | ({"temperature": FINELY} if kind in FINE else {})
    return tuple(row for name, row in rows.items() if name in has)
