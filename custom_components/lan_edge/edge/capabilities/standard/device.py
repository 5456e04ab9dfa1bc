"""The device itself: its power supply, radio signal, firmware and health."""

from enum import StrEnum

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Builtin, Kind

__all__ = [
    "Battery",
    "FirmwareState",
    "FirmwareUpdate",
    "HealthCheck",
    "PowerSource",
    "PowerSourceValue",
    "Refresh",
    "SignalStrength",
    "UpdateStatus",
]


class Battery(Capability):
    """The charge of the battery, in percent."""

    battery = Attribute(
        int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC, device_class="battery"
    )


class PowerSourceValue(StrEnum):
    """A source of power."""

    BATTERY = "battery"
    DC = "dc"
    MAINS = "mains"
    UNKNOWN = "unknown"


class PowerSource(Capability):
    """The power source of the device."""

    power_source = Attribute(PowerSourceValue, kind=Kind.DIAGNOSTIC)


class SignalStrength(Capability):
    """The strength and quality of the radio signal between the device and its network."""

    lqi = Attribute(int, minimum=0, maximum=255, kind=Kind.DIAGNOSTIC, rare=True)
    rssi = Attribute(
        float,
        minimum=-200,
        maximum=0,
        unit="dBm",
        kind=Kind.DIAGNOSTIC,
        device_class="signal_strength",
        rare=True,
    )


class FirmwareState(StrEnum):
    """The progress of a firmware update."""

    NORMAL_OPERATION = "normalOperation"
    UPDATE_IN_PROGRESS = "updateInProgress"
    INSUFFICIENT_STORAGE = "insufficientStorage"
    UPDATE_REQUESTED = "updateRequested"


class UpdateStatus(StrEnum):
    """The result of a firmware update."""

    UPDATE_SUCCEEDED = "updateSucceeded"
    UPDATE_FAILED = "updateFailed"


class FirmwareUpdate(Capability):
    """The installed firmware, and available updates."""

    current_version = Attribute(str, kind=Kind.DIAGNOSTIC)
    available_version = Attribute(str, kind=Kind.DIAGNOSTIC)
    update_available = Attribute(bool, kind=Kind.DIAGNOSTIC, device_class="update")
    state = Attribute(FirmwareState, kind=Kind.DIAGNOSTIC)
    image_transfer_progress = Attribute(
        int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC, rare=True
    )
    estimated_time_remaining = Attribute(int, minimum=0, unit="s", kind=Kind.HIDDEN)
    last_update_status = Attribute(UpdateStatus, kind=Kind.HIDDEN)
    last_update_status_reason = Attribute(str, kind=Kind.HIDDEN)
    last_update_time = Attribute(str, kind=Kind.HIDDEN)
    """The time in ISO 8601."""

    @command(optional=True, slow=True)
    def update_firmware(self) -> None:
        """Install the available firmware."""

    @command(optional=True, slow=True)
    def check_for_firmware_update(self) -> None:
        """Check whether newer firmware is available."""


class Refresh(Capability):
    """Reading all attributes on demand; the framework handles the command."""

    @command(optional=True, builtin=Builtin.READ)
    def refresh(self) -> None:
        """Read everything again."""


class HealthCheck(Capability):
    """Checking on demand whether the device responds; the framework handles the command."""

    health_status = Attribute(bool, kind=Kind.HIDDEN, words=("offline", "online"))

    @command(optional=True, builtin=Builtin.PING)
    def ping(self) -> None:
        """Check whether the device responds."""
