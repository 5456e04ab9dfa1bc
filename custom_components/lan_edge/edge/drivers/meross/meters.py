"""What Meross's devices measure: the meters of a plug, and the circuits of an energy monitor."""

from collections.abc import Iterator
from dataclasses import dataclass

from lan_edge import (
    CurrentMeasurement,
    EnergyMeter,
    PartReading,
    PowerMeter,
    VoltageMeasurement,
    scaled,
)

from .parts import MerossPart

MILLI = scaled(0.001)


@dataclass(frozen=True)
class Meter(MerossPart):
    """What a plug measures: milliwatts, milliamperes and tenths of volts."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(PowerMeter.power, "power", MILLI)
        yield self.reading(CurrentMeasurement.current, "current", MILLI)
        yield self.reading(VoltageMeasurement.voltage, "voltage", scaled(0.1))


@dataclass(frozen=True)
class EnergyCounter(MerossPart):
    """What was consumed on the last day that a device lists, in watt-hours."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(EnergyMeter.energy, "value", MILLI)


@dataclass(frozen=True)
class Circuit(MerossPart):
    """A circuit of an energy monitor: all in thousandths, and what was consumed in the month."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(PowerMeter.power, "power", MILLI)
        yield self.reading(CurrentMeasurement.current, "current", MILLI)
        yield self.reading(VoltageMeasurement.voltage, "voltage", MILLI)
        energy, is_there = EnergyMeter.energy, bool(self.told)
        yield PartReading.field(energy, self.told, "mConsume", MILLI, unchanged=is_there)
