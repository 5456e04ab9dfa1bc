"""Detectors of danger, and what raises an alarm."""

from enum import StrEnum

from ..definition import Attribute, Capability, Kind, command

__all__ = [
    "Alarm",
    "AlarmState",
    "CarbonMonoxideDetector",
    "Chime",
    "DetectorState",
    "SecuritySystem",
    "SecuritySystemStatus",
    "SmokeDetector",
    "TamperAlert",
    "Tone",
    "WaterSensor",
]


class TamperAlert(Capability):
    """Whether somebody tampers with the device."""

    tamper = Attribute(bool, device_class="tamper", words=("clear", "detected"))


class WaterSensor(Capability):
    """Whether it is wet where it should be dry."""

    water = Attribute(bool, device_class="moisture", words=("dry", "wet"))


class DetectorState(StrEnum):
    """What a detector says; `TESTED`: it was tried."""

    CLEAR = "clear"
    DETECTED = "detected"
    TESTED = "tested"


class SmokeDetector(Capability):
    """Whether there is smoke."""

    smoke = Attribute(DetectorState, device_class="smoke", words=("clear", "detected"))


class CarbonMonoxideDetector(Capability):
    """Whether there is carbon monoxide."""

    carbon_monoxide = Attribute(
        DetectorState, device_class="carbon_monoxide", words=("clear", "detected")
    )


class AlarmState(StrEnum):
    """What an alarm does."""

    OFF = "off"
    SIREN = "siren"
    STROBE = "strobe"
    BOTH = "both"


class Alarm(Capability):
    """A siren, a strobe light, or both; each only where the device has it."""

    alarm = Attribute(AlarmState)

    @command(sets="alarm=off")
    def off(self) -> None:
        """Be quiet."""

    @command(sets="alarm=siren", optional=True)
    def siren(self) -> None:
        """Wail."""

    @command(sets="alarm=strobe", optional=True)
    def strobe(self) -> None:
        """Flash."""

    @command(sets="alarm=both", optional=True)
    def both(self) -> None:
        """Wail and flash."""


class Tone(Capability):
    """Something that beeps."""

    @command()
    def beep(self) -> None:
        """Beep once."""


class Chime(Capability):
    """A gong."""

    chiming = Attribute(bool, name="chime", words=("off", "chime"), kind=Kind.HIDDEN)

    @command()
    def chime(self) -> None:
        """Sound it."""

    @command(optional=True)
    def off(self) -> None:
        """End it."""


class SecuritySystemStatus(StrEnum):
    """How far a house is guarded."""

    ARMED_AWAY = "armedAway"
    ARMED_STAY = "armedStay"
    DISARMED = "disarmed"


class SecuritySystem(Capability):
    """A house's alarm system."""

    security_system_status = Attribute(SecuritySystemStatus)
    alarm = Attribute(str)
    """What raised the alarm, in the device's words; empty while there is none."""

    @command(sets="security_system_status=armedAway", slow=True)
    def arm_away(self, bypass_all: bool | None = None) -> None:
        """Guard the house, nobody is in it; `bypass_all`: also with doors or windows open."""

    @command(sets="security_system_status=armedStay", optional=True, slow=True)
    def arm_stay(self, bypass_all: bool | None = None) -> None:
        """Guard the house with somebody in it."""

    @command(sets="security_system_status=disarmed", slow=True)
    def disarm(self) -> None:
        """Guard it no longer."""
