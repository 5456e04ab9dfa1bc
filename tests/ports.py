"""What is a process's own while tests run in several: ports, and an address.

A test may close a port and open it again: the system gives it to nobody else meanwhile.
"""

from collections.abc import Iterator
import errno
from itertools import cycle, islice
import os
from pathlib import Path
import socket

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""The ports that Linux gives to connections, and to sockets that ask for any port."""
LEAST, MOST = 20_000, 32_767
PROCESSES = 16
"""How many processes with tests may run at the same time, each with ports of its own."""


def free_port(host: str = "") -> int:
    """Return a port that nobody has, by TCP or UDP, below those that the system chooses from.

    It is not returned again before all other ports of this process.
    """
    for port in islice(_OWN_PORTS, MOST - LEAST):
        if _is_free(host, port):
            return port
    raise OSError(errno.EADDRINUSE, f"no port is free on {host or 'any address'}")


def own_host() -> str:
    """Return an address of loopback that only this process uses.

    For what several processes listen on at a port that all share, such as that of mDNS: what is
    sent to one address gets to one of those that listen there.
    """
    number = os.getpid()
    return f"127.{100 + number % 100}.{number // 100 % 250}.{1 + number // 25_000 % 250}"


def _own_ports() -> Iterator[int]:
    """Yield the ports of this process, again and again."""
    first = int(OUTGOING.read_text().split()[0]) if OUTGOING.exists() else MOST + 1
    ports = range(min(LEAST, first // 2), min(MOST + 1, first))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    number = int(worker.removeprefix("gw")) if worker else os.getpid()
    own = ports[number % PROCESSES :: PROCESSES]
    begin = os.getpid() % len(own)
    return cycle((*own[begin:], *own[:begin]))


_OWN_PORTS = _own_ports()


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
        # As servers do: connections that have just ended there do not matter.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind((host, port))
            udp.bind((host, port))
        except OSError:
            return False
    return True
