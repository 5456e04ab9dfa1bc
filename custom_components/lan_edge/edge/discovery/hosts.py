"""Which hosts a sighting may name: anybody can name any."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address

from ..network.address import Address, is_device_host
from ..network.hosts import canonical_host
from .matcher import Match

OWN_ADDRESS = "is this machine's own address"
"""Why no device is expected there, unless devices run beside the hub."""


@dataclass(slots=True)
class SightedHosts:
    """The hosts at which devices can be sighted.

    The hub itself, link-local addresses and public ones of other networks are none of them: a
    sighting must not send requests there. They can be added by a person; where a device was proven,
    one of the same driver can also be sighted, at the same port. Other programs there must not get
    requests, either.
    """

    own: Collection[str] = ()
    """The hub's own IP addresses, besides loopback."""
    networks: Collection[IPv4Network | IPv6Network] = ()
    """The networks that the hub is in."""
    everybody: Collection[str] = ()
    """The broadcast addresses of the hub's networks: what is sent there gets to all hosts."""
    is_proven: Callable[[str, Address], bool] = lambda _driver_id, _address: False
    """Whether a device of the driver with an id was proven at an address."""
    beside_hub: bool = False
    """Whether devices run on the hub's own machine, as in tests and demonstrations."""

    def allow(self, driver_id: str, address: Address) -> bool:
        """Return whether a device of a driver can be sighted at an address."""
        return not self.why_not(driver_id, address)

    def why_not(self, driver_id: str, address: Address) -> str:
        """Return why a device of a driver cannot be sighted at an address; empty if it can."""
        if not is_device_host(address.host):
            return f"no device can have the address {address.host}"
        canonical = canonical_host(address.host)
        if canonical in self.everybody:
            return f"{canonical} is the broadcast address of a network"
        reason = self._why_unusual(canonical)
        return "" if reason and self.is_proven(driver_id, address) else reason

    def _why_unusual(self, host: str) -> str:
        """Return why a device is expected at an IP address only once it was proven there."""
        ip = ip_address(host)
        if self.is_hub(host):
            return f"{host} {OWN_ADDRESS}"
        if ip.is_link_local:
            return f"{host} is a link-local address"
        if ip.is_global and not any(ip in network for network in self.networks):
            return f"{host} is a public address outside of this machine's networks"
        return ""

    def is_hub(self, host: str) -> bool:
        """Return whether an IP address is one of the hub itself, where no device is expected."""
        return not self.beside_hub and (ip_address(host).is_loopback or host in self.own)

    def restrict(self, driver_id: str, match: Match) -> Match | None:
        """Return a driver's match with only the addresses that are allowed; None without any.

        Their hosts are in one spelling, so that addresses can be compared.
        """
        sighted: tuple[Address, ...] = (match.address, *match.others)
        allowed = tuple(
            replace(address, host=canonical_host(address.host))
            for address in sighted
            if self.allow(driver_id, address)
        )
        return replace(match, address=allowed[0], others=allowed[1:]) if allowed else None
