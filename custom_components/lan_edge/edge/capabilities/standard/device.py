"""The device itself: its power, its radio, its firmware, and whether it is there."""

from enum import StrEnum

from ..definition import Attribute, Builtin, Capability, Kind, command

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
    """What is left in the battery, in percent."""

    battery = Attribute(
        int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC, device_class="battery"
    )


class PowerSourceValue(StrEnum):
    """Where a device's power comes from."""

    BATTERY = "battery"
    DC = "dc"
    MAINS = "mains"
    UNKNOWN = "unknown"


class PowerSource(Capability):
    """Where the device's power comes from."""

    power_source = Attribute(PowerSourceValue, kind=Kind.DIAGNOSTIC)


class SignalStrength(Capability):
    """How well the device is received."""

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
    """What a device does about its firmware."""

    NORMAL_OPERATION = "normalOperation"
    UPDATE_IN_PROGRESS = "updateInProgress"
    INSUFFICIENT_STORAGE = "insufficientStorage"
    UPDATE_REQUESTED = "updateRequested"


class UpdateStatus(StrEnum):
    """How an update of the firmware ended."""

    UPDATE_SUCCEEDED = "updateSucceeded"
    UPDATE_FAILED = "updateFailed"


class FirmwareUpdate(Capability):
    """The device's firmware, and whether there is another; commands where it has them."""

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
    """ISO 8601."""

    @command(optional=True, slow=True)
    def update_firmware(self) -> None:
        """Install the firmware that is available."""

    @command(optional=True, slow=True)
    def check_for_firmware_update(self) -> None:
        """Look whether there is another."""


class Refresh(Capability):
    """Every attribute can be read again; the framework handles it."""

    @command(optional=True, builtin=Builtin.READ)
    def refresh(self) -> None:
        """Read everything again."""


class HealthCheck(Capability):
    """The device can be asked whether it is there; the framework handles it."""

    health_status = Attribute(bool, kind=Kind.HIDDEN, words=("offline", "online"))

    @command(optional=True, builtin=Builtin.PING)
    def ping(self) -> None:
        """Ask whether the device is there."""
