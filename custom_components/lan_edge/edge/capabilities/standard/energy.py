"""What is used: electricity, gas and water."""

from ..definition import Attribute, Capability, Kind, command

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
    """The power drawn now, in watts."""

    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")


class EnergyMeter(Capability):
    """The energy used so far, in kilowatt hours."""

    energy = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")

    @command(optional=True)
    def reset_energy_meter(self) -> None:
        """Set the counter to zero."""


class PowerConsumptionReport(Capability):
    """What a device reports of its consumption every so often.

    SmartThings has one object, `powerConsumption`; here its parts are attributes.
    """

    energy = Attribute(float, minimum=0, unit="Wh", kind=Kind.TOTAL, device_class="energy")
    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")
    delta_energy = Attribute(float, minimum=0, unit="Wh", kind=Kind.HIDDEN)
    """What `energy` has grown by since the last report."""
    energy_saved = Attribute(
        float, minimum=0, unit="Wh", kind=Kind.TOTAL, device_class="energy", rare=True
    )


class VoltageMeasurement(Capability):
    """The voltage now, in volts."""

    voltage = Attribute(float, minimum=0, unit="V", kind=Kind.MEASUREMENT, device_class="voltage")


class CurrentMeasurement(Capability):
    """The current now, in amperes."""

    current = Attribute(float, unit="A", kind=Kind.MEASUREMENT, device_class="current")


class GasMeter(Capability):
    """The gas used so far: as energy, and its volume."""

    gas_meter = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")
    gas_meter_volume = Attribute(float, minimum=0, unit="m³", kind=Kind.TOTAL, device_class="gas")
    gas_meter_calorific = Attribute(float, kind=Kind.DIAGNOSTIC, rare=True)
    """The energy of a volume of gas, as the supplier says it."""
    gas_meter_conversion = Attribute(float, kind=Kind.DIAGNOSTIC, rare=True)
    """What corrects the volume for pressure and temperature."""
    gas_meter_time = Attribute(str, kind=Kind.HIDDEN)
    """When it was read: ISO 8601."""


class WaterMeter(Capability):
    """The water used of late, in litres."""

    last_hour = Attribute(float, minimum=0, unit="L", device_class="water")
    last_twenty_four_hours = Attribute(float, minimum=0, unit="L", device_class="water")
    last_seven_days = Attribute(float, minimum=0, unit="L", device_class="water")
