"""Addresses, hosts, certificates, sockets, and the parsing of what comes from the network."""

from .address import Address, location_address, mac_address
from .ciphers import Aes
from .ids import one_id
from .tls import Tls, Trust

__all__ = ["Address", "Aes", "Tls", "Trust", "location_address", "mac_address", "one_id"]
