"""Runs both emulators as programs and prints, as JSON, what a neighbour sees of them.

To be started where multicast goes nowhere: in a network namespace with 10.99.0.1,
.11, .12 and .13 on a loopback that multicasts. Its test does that.
"""

import asyncio
import json
from pathlib import Path
import signal
import socket
import sys
from typing import Any, override
from urllib.parse import urlsplit

import aiohttp
from zeroconf import ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from .json_bulb import TARGET
from .rest_switch import SERVICE_TYPE
from .ssdp import GROUP, PORT, listening_socket, sending_socket

HERE = "10.99.0.1"
ROOT = Path(__file__).parents[2]
SPACED = "M-SEARCH * HTTP/1.1\r\nHOST: {}:{}\r\nMAN: {}\r\nMX: 1\r\nST: {}\r\n\r\n"
MAN = '"ssdp:discover"'


class Datagrams(asyncio.DatagramProtocol):
    """Keeps the headers of every datagram, with its sender."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        first, *lines = data.decode().splitlines()
        headers = {"first": first, "from": addr[0]}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        self.seen.append(headers)


async def start(module: str, *options: str) -> asyncio.subprocess.Process:
    """Start an emulator as a program and wait until it says ready."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.emulators.{module}",
        *options,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    if program.stdout:
        ready = await asyncio.wait_for(program.stdout.readline(), 20)
        sys.stderr.write(ready.decode())
    return program


async def stop(program: asyncio.subprocess.Process) -> int:
    """Stop a program with SIGTERM; return its exit code."""
    program.send_signal(signal.SIGTERM)
    return await asyncio.wait_for(program.wait(), 10)


async def open_datagrams(sock: socket.socket) -> Datagrams:
    """Listen to a socket's datagrams."""
    loop = asyncio.get_running_loop()
    _, datagrams = await loop.create_datagram_endpoint(Datagrams, sock=sock)
    return datagrams


async def search(wanted: str, *, spaces: bool) -> list[dict[str, str]]:
    """Search by SSDP and return the answers of half a second."""
    sock = sending_socket(HERE)
    request = SPACED.format(GROUP, PORT, MAN, wanted)
    if not spaces:
        request = request.replace(": ", ":")
    sock.sendto(request.encode(), (GROUP, PORT))
    answers = await open_datagrams(sock)
    await asyncio.sleep(0.5)
    return answers.seen


async def post(url: str, value: dict[str, Any]) -> None:
    """Post JSON to a control server."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=value) as answer,
    ):
        answer.raise_for_status()


async def get(url: str) -> str:
    """Return a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


async def watch_bulb() -> dict[str, Any]:
    """Run the bulb; return what SSDP told of it."""
    notifies = await open_datagrams(listening_socket(HERE))
    bulb = await start(
        "json_bulb",
        *("--host", "10.99.0.12", "--id", "b-1", "--name", "Demo bulb"),
        *("--control", "18081"),
    )
    seen: dict[str, Any] = {
        "own": await search(TARGET, spaces=True),
        "all": await search("ssdp:all", spaces=False),
        "root": await search("upnp:rootdevice", spaces=True),
        "foreign": await search("urn:other:device:Thing:1", spaces=True),
    }
    location = seen["own"][0]["location"]
    seen["description"] = await get(location)
    await post("http://10.99.0.12:18081/fault", {"move": {"host": "10.99.0.13"}})
    seen["moved"] = await search(TARGET, spaces=True)
    await post("http://10.99.0.12:18081/fault", {"restart": 0.1})
    await asyncio.sleep(0.5)
    seen["exit"] = await stop(bulb)
    await asyncio.sleep(0.2)
    seen["location_host"] = urlsplit(location).hostname
    seen["notifies"] = [n for n in notifies.seen if n["first"].startswith("NOTIFY")]
    return seen


async def watch_switch() -> dict[str, Any]:
    """Run the switch; return what mDNS told of it."""
    changes: list[tuple[str, str]] = []

    def changed(
        zeroconf: Zeroconf,
        service_type: str,
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        changes.append((name, state_change.name))

    neighbour = AsyncZeroconf(interfaces=[HERE])
    browser = AsyncServiceBrowser(neighbour.zeroconf, SERVICE_TYPE, handlers=[changed])
    switch = await start(
        "rest_switch",
        *("--host", "10.99.0.11", "--port", "8080", "--id", "relay-1"),
        *("--name", "Demo relay", "--control", "18080"),
    )
    seen: dict[str, Any] = {"first": await resolve(neighbour)}
    await post("http://10.99.0.11:18080/fault", {"move": {"host": "10.99.0.13"}})
    await asyncio.sleep(1.5)
    seen["moved"] = await resolve(neighbour)
    seen["state"] = await get("http://10.99.0.13:8080/switch")
    before_stop = list(changes)
    seen["exit"] = await stop(switch)
    await asyncio.sleep(1.5)
    await browser.async_cancel()
    await neighbour.async_close()
    return {**seen, "changes": before_stop, "at_stop": changes[len(before_stop) :]}


async def resolve(neighbour: AsyncZeroconf) -> dict[str, Any]:
    """Return what mDNS tells of the demo relay."""
    info = AsyncServiceInfo(SERVICE_TYPE, f"Demo relay.{SERVICE_TYPE}")
    found = await info.async_request(neighbour.zeroconf, 3000)
    return {
        "found": found,
        "addresses": info.parsed_addresses(),
        "port": info.port,
        "txt": info.decoded_properties,
    }


async def main() -> None:
    """Print what was seen."""
    seen = {"bulb": await watch_bulb(), "switch": await watch_switch()}
    sys.stdout.write(json.dumps(seen, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
