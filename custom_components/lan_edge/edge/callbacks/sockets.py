"""The sockets of the server: TCP and UDP on one port, of both IP families if possible."""

import asyncio
from contextlib import suppress
import errno
import socket

from ..network.sockets import detect_dead_peer


def bound[S: socket.socket](
    socket_type: type[S], kind: socket.SocketKind, host: str, port: int
) -> S:
    """Return a socket bound to `host`, or to all interfaces if it is empty; raise OSError."""
    if host:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return _bound(socket_type, kind, family, host, port)
    try:
        return _bound(socket_type, kind, socket.AF_INET6, "::", port)
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            raise
        return _bound(socket_type, kind, socket.AF_INET, "0.0.0.0", port)  # noqa: S104


def watch(transport: asyncio.BaseTransport | None) -> None:
    """Have the kernel end an accepted connection whose device has vanished."""
    with suppress(OSError):  # it has just been closed
        if transport is not None and (sock := transport.get_extra_info("socket")) is not None:
            detect_dead_peer(sock)


def _bound[S: socket.socket](
    socket_type: type[S],
    kind: socket.SocketKind,
    family: socket.AddressFamily,
    host: str,
    port: int,
) -> S:
    sock = socket_type(family, kind)
    try:
        if kind is socket.SOCK_STREAM:  # a port whose connections have just ended is free
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind((host, port))
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock
