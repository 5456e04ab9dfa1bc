"""Who and what a device is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a device is, as far as it has told; empty: it has not.

    `manufacturer` and `serial_number` are as the device has them.
    """

    unique_id: str = ""
    """Its own: a serial number, MAC or UUID, never an address."""
    name: str = ""
    """What people call it."""
    manufacturer: str = ""
    model: str = ""
    """The maker's word for the kind of device; a sub-driver is often chosen by it."""
    firmware: str = ""
    """The version of its software."""
    serial_number: str = ""
    mac: str = ""
    """A MAC address of its own, in any spelling."""
    url: str = ""
    """A web page of the device's own."""
