"""Who and what a device is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a device is, as far as it has told."""

    unique_id: str = ""
    """Its own: a serial number, MAC or UUID, never an address."""
    name: str = ""
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial_number: str = ""
    mac: str = ""
    url: str = ""
    """A web page of the device's own."""
