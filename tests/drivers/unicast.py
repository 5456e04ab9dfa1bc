"""Runs a fauxmo on loopback: `python -m tests.drivers.unicast fauxmo -c CONFIG`.

All of the real one but its group membership: that would be on the network of this machine,
whose neighbours it would answer. Its SSDP is tested in a network of its own (tests/edge).
"""

import socket
import sys

from fauxmo import cli, fauxmo


def unicast_socket() -> socket.socket:
    """Return a UDP socket that nobody sends to."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    return sock


if __name__ == "__main__":
    fauxmo.make_udp_sock = unicast_socket
    del sys.argv[1]
    cli.cli()
