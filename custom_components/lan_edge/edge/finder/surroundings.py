"""The networks that this machine is in, and its own addresses there."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

import ifaddr

from ..discovery.hosts import SightedHosts
from ..errors import ArgumentError

_LONGEST_WITH_BROADCAST = 30
"""From this length on, a network of IPv4 has no broadcast address."""

type Interface = IPv4Interface | IPv6Interface


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The networks in which devices are searched for."""

    searched: tuple[IPv4Interface, ...]
    """This machine's address in each network that is searched."""
    all: tuple[Interface, ...]
    """This machine's address in each network that it is in."""
    beside_hub: bool = False
    """Whether devices run on this machine, too."""

    @property
    def hosts(self) -> list[str]:
        """The addresses of this machine in the networks that are searched."""
        return [str(each.ip) for each in self.searched]

    @property
    def broadcasts(self) -> list[tuple[str, str]]:
        """The same, each with the broadcast address of its network."""
        return [
            (str(each.ip), str(each.network.broadcast_address))
            for each in self.searched
            if each.network.prefixlen <= _LONGEST_WITH_BROADCAST
        ]

    def describe_to(self, hosts: SightedHosts) -> None:
        """Say where a device can be sighted: here, too, if it is said or loopback is searched."""
        hosts.own = {str(each.ip) for each in self.all}
        hosts.networks = [each.network for each in self.all]
        hosts.everybody = {address for _, address in self.broadcasts}
        is_loopback_searched = any(each.is_loopback for each in self.searched)
        hosts.beside_hub = self.beside_hub or is_loopback_searched


def surroundings(only: Iterable[str] = (), *, beside_hub: bool = False) -> Surroundings:
    """Return the networks around; of those, `only` the ones in which we have these addresses.

    Without `only`, all are searched, but loopback just for devices `beside_hub`. Raises
    ArgumentError for an address that is not one of this machine's.
    """
    everywhere = tuple(_interfaces())
    four = [each for each in everywhere if isinstance(each, IPv4Interface)]
    known, wanted = {str(each.ip): each for each in four}, list(only)
    for address in wanted:
        if address not in known:
            raise ArgumentError(f"{address} is no IPv4 address of this machine")
    usual = [each for each in four if beside_hub or not each.is_loopback]
    searched = [known[address] for address in wanted] if wanted else usual
    return Surroundings(tuple(searched), everywhere, beside_hub)


def _interfaces() -> Iterable[Interface]:
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            address = each.ip if isinstance(each.ip, str) else each.ip[0]
            yield ip_interface(f"{address}/{each.network_prefix}")
