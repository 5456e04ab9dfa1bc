"""A small LAN of network namespaces, held by this process and gone with it.

The test itself is in a network of its own (tests/real/isolated.py) and is one host of the LAN, at
10.77.0.1: Home Assistant is started as usual. Each device has a namespace and a cable to a bridge.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
import contextlib
import os
from pathlib import Path
import socket
import struct
from typing import Any

from tests.real.isolated import ADDRESS, ip, run, tool

BRIDGE = "lan0"
HERE = "10.77.0.1"
MAC = "02:00:0a:4d:00:01"
MULTICAST = "224.0.0.0/4"
ETHERTYPE_ARP = 0x0806


class Host:
    """One host of the LAN, in a namespace of its own."""

    def __init__(self, number: int, address: str) -> None:
        self.address = address
        self._port = f"port{number}"
        self._namespace = _in_thread(_new_namespace)
        self._path = f"/proc/{os.getpid()}/fd/{self._namespace}"
        ip(f"link add {self._port} type veth peer name eth0 netns {self._path}")
        ip(f"link set {self._port} master {BRIDGE} up")
        self._ip("link set lo up")
        self._ip("link set eth0 multicast on up")
        self._take(address)

    def close(self) -> None:
        """Take it off the LAN."""
        with contextlib.suppress(Exception):
            ip(f"link delete {self._port}")
        os.close(self._namespace)

    @property
    def via(self) -> tuple[str, ...]:
        """What to write before a command to run it on this host."""
        return (tool("nsenter"), f"--net={self._path}", "--")

    def socket(self, kind: Any) -> socket.socket:
        """Return a socket on this host; `kind` is as aiohttp gives it."""
        family, type_, protocol, *_ = kind

        def make() -> socket.socket:
            self.enter()
            return socket.socket(family, type_, protocol)

        return _in_thread(make)

    def enter(self) -> None:
        """Have all that the calling thread opens from now on be on this host."""
        os.setns(self._namespace, os.CLONE_NEWNET)

    def move(self, address: str) -> None:
        """Give it another address; the old one answers nothing from now on."""
        self._ip("address flush dev eth0 scope global")
        self._take(address)

    def unplug(self) -> None:
        """Pull the network cable."""
        self._ip("link set eth0 down")

    def plug_in(self) -> None:
        """Put the cable back."""
        self._ip("link set eth0 up")
        self._route()

    def swallow(self, port: int) -> None:
        """Drop what comes to a TCP port, silently."""
        self._filter(f"tcp dport {port} drop")

    def silence(self) -> None:
        """Drop all that comes and goes; its neighbours still find it by ARP."""
        self._filter("iif eth0 drop")
        self._nft("add chain inet faults output { type filter hook output priority 0; }")
        self._nft("add rule inet faults output oif eth0 drop")

    def reject(self, port: int) -> None:
        """Refuse what comes to a TCP port."""
        self._filter(f"tcp dport {port} reject with tcp reset")

    def lose(self, percent: int) -> None:
        """Lose that part of the packets that come in; at most 99."""
        self._filter(f"iif eth0 numgen random mod 100 < {percent} drop")

    def heal(self) -> None:
        """End silence, swallow, reject and lose."""
        self._nft("flush ruleset")

    def _take(self, address: str) -> None:
        self.address = address
        self._ip(f"address add {address}/24 brd + dev eth0")
        self._route()
        self._tell_neighbours()

    def _tell_neighbours(self) -> None:
        """Send a gratuitous ARP, as hosts do that got a new address (RFC 5227)."""
        with self.socket((socket.AF_PACKET, socket.SOCK_RAW, 0)) as sender:
            sender.bind(("eth0", ETHERTYPE_ARP))
            mac, address = sender.getsockname()[4], socket.inet_aton(self.address)
            header = b"\xff" * 6 + mac + struct.pack("!H", ETHERTYPE_ARP)
            request = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
            sender.send(header + request + mac + address + bytes(6) + address)

    def _route(self) -> None:
        # Programs that join on any interface need it; there is no default route on purpose.
        self._ip(f"route replace {MULTICAST} dev eth0")

    def _filter(self, rule: str) -> None:
        self._nft("add table inet faults")
        self._nft("add chain inet faults input { type filter hook input priority 0; }")
        self._nft(f"add rule inet faults input {rule}")

    def _ip(self, command: str) -> None:
        ip(command, *self.via)

    def _nft(self, command: str) -> None:
        run(*self.via, tool("nft"), command)


class Lan:
    """The LAN; hosts join it at the next address, or at one that is asked for."""

    def __init__(self) -> None:
        self.hosts: list[Host] = []

    def join(self, address: str | None = None) -> Host:
        """Return a new host."""
        number = len(self.hosts)
        host = Host(number, address or f"10.77.0.{11 + number}")
        self.hosts.append(host)
        return host

    def move_here(self, address: str) -> None:
        """Give this process' host another address: first it has both."""
        # with the same prefix it would be a secondary address, and go with the first
        ip(f"address add {address}/25 brd + dev {BRIDGE}")
        ip(f"address delete {HERE}/24 dev {BRIDGE}")


@contextlib.contextmanager
def lan() -> Iterator[Lan]:
    """Make this process the first host of a LAN, for the length of a block."""
    made = Lan()
    # One network only: Home Assistant then takes the bridge for its default interface.
    ip(f"address delete {ADDRESS}/24 dev lo")
    try:
        # left to itself, it has the lowest MAC of its ports: another one whenever a host joins
        ip(f"link add {BRIDGE} address {MAC} type bridge mcast_snooping 0")
        _have_addresses_at_once(BRIDGE)
        ip(f"address add {HERE}/24 brd + dev {BRIDGE}")
        ip(f"link set {BRIDGE} multicast on up")
        ip(f"route replace {MULTICAST} dev {BRIDGE}")
        yield made
    finally:
        for host in made.hosts:
            host.close()
        ip(f"link delete {BRIDGE}")
        ip(f"address add {ADDRESS}/24 dev lo")
        ip(f"route replace {MULTICAST} dev lo")


def _have_addresses_at_once(device: str) -> None:
    """Let nobody see a device before its IPv6 address may be used: that would be chance."""
    with contextlib.suppress(OSError):  # where it may not be written, it takes two seconds
        Path(f"/proc/sys/net/ipv6/conf/{device}/accept_dad").write_text("0")


def _new_namespace() -> int:
    os.unshare(os.CLONE_NEWNET)
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _in_thread[T](work: Callable[[], T]) -> T:
    """Do it in a thread of its own, which alone changes namespace."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(work).result()
