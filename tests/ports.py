"""Ports that a test closes and opens again: the system gives them to nobody else meanwhile."""

import errno
from pathlib import Path
import random
import socket

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""The ports that Linux gives to connections, and to sockets that ask for any port."""
LEAST, MOST = 20_000, 32_767
TRIES = 100

_RANDOM = random.SystemRandom()
"""Not the generator that property tests begin with the same seed in every process."""


def free_port(host: str = "") -> int:
    """Return a port that nobody has, by TCP or UDP, below those that the system chooses from.

    It is chosen at random, as other tests choose theirs in other processes at the same time.
    """
    first = int(OUTGOING.read_text().split()[0]) if OUTGOING.exists() else MOST + 1
    ports = range(min(LEAST, first // 2), min(MOST + 1, first))
    for _ in range(TRIES):
        if _is_free(host, port := _RANDOM.choice(ports)):
            return port
    message = f"none of {TRIES} ports is free on {host or 'any address'}"
    raise OSError(errno.EADDRINUSE, message)


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
