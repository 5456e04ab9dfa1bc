"""The standard capabilities, with SmartThings' names, ranges, enums and units."""

from .capability import Attribute, Capability, Kind, Percent, Seconds, command


class Switch(Capability):
    """On or off."""

    switch = Attribute(bool, words=("off", "on"))

    @command(sets="switch=on")
    def on(self) -> None:
        """Turn on."""

    @command(sets="switch=off")
    def off(self) -> None:
        """Turn off."""


class SwitchLevel(Capability):
    """A level in percent, such as a lamp's brightness."""

    level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="level")
    def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
        """Go to `level` %, within `rate` seconds."""


class PowerMeter(Capability):
    """The power drawn now, in watts."""

    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")


class EnergyMeter(Capability):
    """The energy used so far, in kilowatt hours."""

    energy = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")

    @command(optional=True)
    def reset_energy_meter(self) -> None:
        """Set the counter to zero."""


class Refresh(Capability):
    """Every attribute can be read again; the framework handles it."""

    @command(optional=True)
    def refresh(self) -> None:
        """Read everything again."""


class HealthCheck(Capability):
    """The device can be asked whether it is there; the framework handles it."""

    health_status = Attribute(bool, kind=Kind.HIDDEN, words=("offline", "online"))

    @command(optional=True)
    def ping(self) -> None:
        """Ask whether the device is there."""
