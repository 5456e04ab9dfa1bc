"""Consumption of electricity, gas and water."""

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind

__all__ = [
    "CurrentMeasurement",
    "EnergyMeter",
    "GasMeter",
    "PowerConsumptionReport",
    "PowerMeter",
    "VoltageMeasurement",
    "WaterMeter",
]


class PowerMeter(Capability):
    """The power that the device draws at the moment, in watts."""

    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")


class EnergyMeter(Capability):
    """The energy consumed so far, in kilowatt-hours."""

    energy = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")

    @command(optional=True)
    def reset_energy_meter(self) -> None:
        """Reset the counter to zero."""


class PowerConsumptionReport(Capability):
    """The energy consumption that a device reports at intervals, in watt-hours.

    SmartThings has a single object, `powerConsumption`; here, each of its fields is an attribute.
    """

    energy = Attribute(float, minimum=0, unit="Wh", kind=Kind.TOTAL, device_class="energy")
    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")
    delta_energy = Attribute(float, minimum=0, unit="Wh", kind=Kind.HIDDEN)
    """The increase of `energy` since the previous report."""
    energy_saved = Attribute(
        float, minimum=0, unit="Wh", kind=Kind.TOTAL, device_class="energy", rare=True
    )


class VoltageMeasurement(Capability):
    """The voltage, in volts."""

    voltage = Attribute(float, minimum=0, unit="V", kind=Kind.MEASUREMENT, device_class="voltage")


class CurrentMeasurement(Capability):
    """The electric current, in amperes."""

    current = Attribute(float, unit="A", kind=Kind.MEASUREMENT, device_class="current")


class GasMeter(Capability):
    """The gas consumed so far, as energy in kilowatt-hours and as volume in cubic metres."""

    gas_meter = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")
    gas_meter_volume = Attribute(float, minimum=0, unit="m³", kind=Kind.TOTAL, device_class="gas")
    gas_meter_calorific = Attribute(float, kind=Kind.DIAGNOSTIC, rare=True)
    """The calorific value of the gas, as stated by the supplier."""
    gas_meter_conversion = Attribute(float, kind=Kind.DIAGNOSTIC, rare=True)
    """The factor that corrects the volume for pressure and temperature."""
    gas_meter_time = Attribute(str, kind=Kind.HIDDEN)
    """The time of the reading, in ISO 8601."""


class WaterMeter(Capability):
    """The water consumed recently, in litres."""

    last_hour = Attribute(float, minimum=0, unit="L", device_class="water")
    last_twenty_four_hours = Attribute(float, minimum=0, unit="L", device_class="water")
    last_seven_days = Attribute(float, minimum=0, unit="L", device_class="water")
