"""What floods UDP ports, as a program of its own: python -m tests.network.flooder WAY ...

ports RATE SECONDS HOST:PORT TEXT     datagrams to a port: random ones, and the text, numbered
answers RATE SECONDS SOURCE...        answers to all who search, from many hosts
these RATE SECONDS HOST:PORT:HEX...   these datagrams, each from the port that it is sent to

Of the first two, each second one is random. In a text, `{n}` is a number that is another one each
time. It ends by itself, and prints what became of it as JSON.
"""

from collections.abc import Callable
import itertools
import json
import os
import random
import select
import socket
import struct
import sys
import time

from tests.emulators.ssdp import GROUP

LONGEST = 1400
BATCH = 0.002
LOOK = 100
KASA, WIZ, SSDP, YEELIGHT = 9999, 38899, 1900, 1982
PAGES = 8001
FOUND = "HTTP/1.1 200 OK\r\nLOCATION: {}\r\nST: {}\r\nUSN: uuid:{}::{}\r\nid: {}\r\n\r\n"


class Flood:
    """Sends at a rate until its time is over."""

    def __init__(self, rate: float, seconds: float) -> None:
        self._rate = rate
        self._began = time.monotonic()
        self._end = self._began + seconds
        self.sent = 0
        self.searched = 0

    def run(self, send: Callable[[int], None]) -> None:
        """Call `send` with a number for each datagram that is due."""
        while (now := time.monotonic()) < self._end:
            while self.sent < (now - self._began) * self._rate:
                send(self.sent)
                self.sent += 1
            time.sleep(BATCH)


def noise() -> bytes:
    """Return a datagram that is nothing."""
    return os.urandom(random.randrange(LONGEST))


def ports(flood: Flood, target: str, text: str) -> None:
    """Flood one port, of a host or of a group."""
    host, _, port = target.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:

        def send(number: int) -> None:
            told = text.replace("{n}", f"{number:012x}").encode()
            sender.sendto(told if number % 2 else noise(), (host, int(port)))

        flood.run(send)


def these(flood: Flood, *datagrams: str) -> None:
    """Send datagrams, one after the other, again and again."""
    parts = [
        (host, int(port), bytes.fromhex(data))
        for host, port, data in (d.split(":") for d in datagrams)
    ]
    senders = {port: bound("", port) for port in {port for _, port, _ in parts}}

    def send(number: int) -> None:
        host, port, data = parts[number % len(parts)]
        senders[port].sendto(data, (host, port))

    flood.run(send)


def kasa(told: object) -> bytes:
    """Return what a Kasa sends."""
    sent = bytearray()
    key = 171
    for byte in json.dumps(told).encode():
        key ^= byte
        sent.append(key)
    return bytes(sent)


def answer(port: int, asked: bytes, host: str, number: int) -> bytes:
    """Return what a device at `host` that nobody has seen yet would answer."""
    mac = f"{number:012x}"
    if port == KASA:
        told = {"deviceId": mac, "mac": mac, "alias": mac, "model": "HS100(US)", "relay_state": 0}
        return kasa({"system": {"get_sysinfo": {"type": "IOT.SMARTPLUGSWITCH", **told}}})
    if port == WIZ:
        told = {"mac": mac, "success": True}
        return json.dumps({"method": "registration", "env": "pro", "result": told}).encode()
    at = f"yeelight://{host}:55443" if port == YEELIGHT else f"http://{host}:{PAGES}/{mac}.xml"
    target = next((w.split(b": ")[-1] for w in asked.split(b"\r\n") if w[:2] == b"ST"), b"")
    return FOUND.format(at, target.decode(), mac, target.decode(), mac).encode()


class Searchers:
    """Who asks everybody, and what."""

    def __init__(self) -> None:
        self._ports = {listening(port): port for port in (KASA, WIZ, SSDP, YEELIGHT)}
        self.seen: dict[tuple[str, int], tuple[int, bytes]] = {}

    def look(self) -> None:
        """Hear who asked since."""
        for ready in select.select(list(self._ports), [], [], 0)[0]:
            asked, sender = ready.recvfrom(2048)
            self.seen[sender] = self._ports[ready], asked


def answers(flood: Flood, *sources: str) -> None:
    """Answer all who ask everybody, again and again, from every source."""
    searchers = Searchers()
    senders = itertools.cycle([(host, bound(host)) for host in sources])

    def send(number: int) -> None:
        if number % LOOK == 0:
            searchers.look()
        if searchers.seen:
            to = list(searchers.seen)[number // 2 % len(searchers.seen)]
            host, sender = next(senders)
            told = answer(*searchers.seen[to], host, number) if number % 2 else noise()
            sender.sendto(told, to)

    flood.run(send)
    flood.searched = len(searchers.seen)


def listening(port: int) -> socket.socket:
    """Return a socket that hears what is sent to everybody at a port."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("", port))
    group = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("0.0.0.0"))
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
    return made


def bound(host: str, port: int = 0) -> socket.socket:
    """Return a socket that sends from an address."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, port))
    return made


def main() -> None:
    """Flood as the arguments say."""
    way, rate, seconds, *rest = sys.argv[1:]
    flood = Flood(float(rate), float(seconds))
    if way == "ports":
        ports(flood, *rest)
    elif way == "answers":
        answers(flood, *rest)
    else:
        these(flood, *rest)
    told = {"sent": flood.sent, "searched": flood.searched, "ends": {}}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
