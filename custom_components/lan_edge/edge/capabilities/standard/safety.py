"""Safety: hazard detectors, sirens, chimes and alarm systems."""

from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind

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
    """Whether the device is being tampered with."""

    tamper = Attribute(bool, device_class="tamper", words=("clear", "detected"))


class WaterSensor(Capability):
    """A water leak detector."""

    water = Attribute(bool, device_class="moisture", words=("dry", "wet"))


class DetectorState(StrEnum):
    """The state of a detector; `TESTED`: its test button was pressed."""

    CLEAR = "clear"
    DETECTED = "detected"
    TESTED = "tested"


class SmokeDetector(Capability):
    """A smoke detector."""

    smoke = Attribute(DetectorState, device_class="smoke", words=("clear", "detected"))


class CarbonMonoxideDetector(Capability):
    """A carbon monoxide detector."""

    carbon_monoxide = Attribute(
        DetectorState, device_class="carbon_monoxide", words=("clear", "detected")
    )


class AlarmState(StrEnum):
    """The signals that an alarm gives."""

    OFF = "off"
    SIREN = "siren"
    STROBE = "strobe"
    BOTH = "both"


class Alarm(Capability):
    """An alarm with a siren, a strobe light, or both."""

    alarm = Attribute(AlarmState)

    @command(sets="alarm=off")
    def off(self) -> None:
        """Turn the alarm off."""

    @command(sets="alarm=siren", optional=True)
    def siren(self) -> None:
        """Sound the siren."""

    @command(sets="alarm=strobe", optional=True)
    def strobe(self) -> None:
        """Flash the strobe light."""

    @command(sets="alarm=both", optional=True)
    def both(self) -> None:
        """Sound the siren and flash the strobe light."""


class Tone(Capability):
    """A beeper."""

    @command()
    def beep(self) -> None:
        """Beep once."""


class Chime(Capability):
    """A chime, such as a doorbell."""

    chiming = Attribute(bool, name="chime", words=("off", "chime"), kind=Kind.HIDDEN)

    @command()
    def chime(self) -> None:
        """Sound the chime."""

    @command(optional=True)
    def off(self) -> None:
        """Stop the chime."""


class SecuritySystemStatus(StrEnum):
    """The state of an alarm system."""

    ARMED_AWAY = "armedAway"
    ARMED_STAY = "armedStay"
    DISARMED = "disarmed"


class SecuritySystem(Capability):
    """The alarm system of a building."""

    security_system_status = Attribute(SecuritySystemStatus)
    alarm = Attribute(str)
    """The cause of the alarm, in the device's words; empty while there is no alarm."""

    @command(sets="security_system_status=armedAway", slow=True)
    def arm_away(self, bypass_all: bool | None = None) -> None:
        """Arm the system for an empty building; `bypass_all` ignores open doors and windows."""

    @command(sets="security_system_status=armedStay", optional=True, slow=True)
    def arm_stay(self, bypass_all: bool | None = None) -> None:
        """Arm the system for people at home; `bypass_all` ignores open doors and windows."""

    @command(sets="security_system_status=disarmed", slow=True)
    def disarm(self) -> None:
        """Disarm the system."""
