"""The LAN of namespaces does what tests on it rely on."""

import asyncio
import contextlib
from pathlib import Path
import socket
import subprocess
import sys
import time

import pytest

from tests.real.process import Process

from .lab import Host, Lan

PORT = 8000
SERVER = "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port=8000)"


async def serve(host: Host, folder: Path) -> Process:
    """Start a web server on a host."""
    process = Process(*host.via, sys.executable, "-u", "-c", SERVER, log=folder / "server.log")
    await process.printed("Serving")
    return process


async def answers(host: str, patience: float = 0.5) -> bool:
    """Tell whether a TCP connection can be made."""
    try:
        async with asyncio.timeout(patience):
            _, writer = await asyncio.open_connection(host, PORT)
    except TimeoutError, OSError:
        return False
    writer.close()
    return True


async def test_hosts_reach_each_other(lan: Lan, tmp_path: Path) -> None:
    first, second = lan.join(), lan.join()
    server = await serve(first, tmp_path)
    assert await answers(first.address, patience=30)
    assert not await answers(second.address)
    await server.stop()


async def test_a_moved_host_is_silent_at_its_old_address(lan: Lan, tmp_path: Path) -> None:
    host = lan.join()
    server = await serve(host, tmp_path)
    reader, writer = await asyncio.open_connection(host.address, PORT)
    old = host.address
    host.move("10.77.0.99")
    assert not await answers(old)
    assert await answers("10.77.0.99", patience=30)
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await reader.read()
    writer.close()
    await server.stop()


async def test_cable_and_faults(lan: Lan, tmp_path: Path) -> None:
    host = lan.join()
    server = await serve(host, tmp_path)
    for break_it in (host.unplug, lambda: host.swallow(PORT)):
        break_it()
        assert not await answers(host.address)
        host.plug_in()
        host.heal()
        assert await answers(host.address, patience=30)
    host.reject(PORT)
    started = time.monotonic()
    assert not await answers(host.address, patience=60)
    assert time.monotonic() - started < 30
    await server.stop()


async def test_packets_are_lost(lan: Lan) -> None:
    host = lan.join()
    host.lose(80)
    with (
        host.socket((socket.AF_INET, socket.SOCK_DGRAM, 0)) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind((host.address, PORT))
        receiver.setblocking(False)
        for _ in range(100):
            sender.sendto(b"?", (host.address, PORT))
        await asyncio.sleep(0.2)
        received = 0
        with contextlib.suppress(BlockingIOError):
            while receiver.recv(1):
                received += 1
    assert 0 < received < 60


async def test_a_hundred_hosts(lan: Lan) -> None:
    hosts = [lan.join() for _ in range(100)]
    assert len({host.address for host in hosts}) == 100


def test_nothing_leaves() -> None:
    routes = subprocess.run(["ip", "route"], capture_output=True, text=True, check=True).stdout
    assert "default" not in routes
