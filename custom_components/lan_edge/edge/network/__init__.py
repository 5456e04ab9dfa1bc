"""Addresses, hosts and certificates, and what the operating system says of them."""

from .address import Address, location_address, mac_address
from .tls import Tls, Trust

__all__ = ["Address", "Tls", "Trust", "location_address", "mac_address"]
