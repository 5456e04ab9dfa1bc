"""IPv4 multicast on one socket: the groups it has joined, and on which adapters."""

from contextlib import suppress
import errno
import socket
import sys
from typing import NamedTuple, Protocol

from ...network.os_errors import network_errors
from ...sentences import said

_IP_MULTICAST_ALL = 49
"""An option of Linux that the socket module does not name."""


class OptionSocket(Protocol):
    """A socket whose options can be set: a plain one, or asyncio's view of one."""

    def setsockopt(self, level: int, option: int, value: int | bytes, /) -> None:
        """Set an option."""


class Membership(NamedTuple):
    """A multicast group, joined on the adapter that has an IP address."""

    group: str
    adapter: str

    def request(self) -> bytes:
        """Return the system's `ip_mreq`; raise OSError if it is not IPv4."""
        return socket.inet_aton(self.group) + socket.inet_aton(self.adapter)


class Memberships:
    """The groups of one socket; each is left when its last owner leaves it."""

    def __init__(self) -> None:
        """Start without a group."""
        self._owned: list[tuple[object, Membership]] = []

    def join(self, sock: OptionSocket, owner: object, membership: Membership) -> None:
        """Join a group for `owner`; raise UnreachableError."""
        group, adapter = membership.group, membership.adapter
        with network_errors(said(t"joining {group} on the adapter {adapter}")):
            if sys.platform == "linux":  # or groups that other programs joined would arrive too
                sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
            try:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership.request())
            except OSError as err:
                if err.errno != errno.EADDRINUSE:  # another owner has joined it already
                    raise
        self._owned.append((owner, membership))

    def leave(self, sock: OptionSocket | None, owner: object) -> None:
        """Leave the groups that only `owner` needed."""
        left = {membership for each, membership in self._owned if each is owner}
        self._owned = [entry for entry in self._owned if entry[0] is not owner]
        for membership in left - {membership for _, membership in self._owned}:
            _drop(sock, membership)

    def clear(self) -> None:
        """Forget all groups: their socket is gone."""
        self._owned.clear()

    def has_adapter(self, host: str) -> bool:
        """Return whether a group was joined on the adapter with the IP address `host`."""
        return any(membership.adapter == host for _, membership in self._owned)


def _drop(sock: OptionSocket | None, membership: Membership) -> None:
    if sock is not None:
        with suppress(OSError):  # its adapter may be gone
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership.request())


def send_by_adapter(sock: OptionSocket, adapter: str, hops: int) -> None:
    """Send multicast on the adapter with the IP address `adapter`; raise UnreachableError.

    It passes at most `hops` - 1 routers.
    """
    with network_errors(said(t"multicast on the adapter {adapter}")):
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(adapter))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)
