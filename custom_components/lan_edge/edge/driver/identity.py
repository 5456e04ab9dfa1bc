"""The identity of a device."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a device is; a field is empty while it is not known.

    `manufacturer` and `serial_number` are as the device reports them.
    """

    unique_id: str = ""
    """The device's own id: a serial number, MAC or UUID, never an address."""
    name: str = ""
    """The name shown to users."""
    manufacturer: str = ""
    model: str = ""
    """The manufacturer's model name; sub-drivers are often chosen by it."""
    firmware: str = ""
    """The version of the device's firmware."""
    serial_number: str = ""
    mac: str = ""
    """A MAC address of the device, in any spelling."""
    url: str = ""
    """A web page that the device serves."""
    room: str = ""
    """The room in which it says to be."""
