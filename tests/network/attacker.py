"""What attacks a port, as a program of its own: python -m tests.network.attacker WAY HOST PORT ...

posts RATE SECONDS REQUEST...     so many connections a second, each with one of the requests
bombs RATE SECONDS PATH...        the same, POSTs to the paths whose bodies are small, but packed
hold COUNT SECONDS SOURCE...      so many connections with a body that never ends, from the sources

It ends by itself, and prints what became of it as JSON.
"""

from collections import Counter
from contextlib import suppress
import json
import resource
import select
import socket
import sys
import time

from .bombs import bombs

AT_A_TIME = 500
FILES = 16_000
SLOW = b"POST /%d HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n"
DRIP = 0.5
BIND = {
    socket.AF_INET: (socket.IPPROTO_IP, 24),  # IP_BIND_ADDRESS_NO_PORT
    socket.AF_INET6: (socket.IPPROTO_IPV6, 78),  # IPV6_FREEBIND: any address of a routed network
}


class Attack:
    """Connections that are made, written to, and watched for their end."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
        self._poll = select.epoll()
        self._open: dict[int, tuple[socket.socket, bytes]] = {}
        self.ends: Counter[str] = Counter()
        self.made = 0
        self.most = 0

    def connect(self, data: bytes, source: str = "") -> None:
        """Begin a connection."""
        made = socket.socket(self._family)
        made.setblocking(False)
        if source:
            made.setsockopt(*BIND[self._family], 1)
            made.bind((source, 0))
        made.connect_ex(self._target)
        self._open[made.fileno()] = made, data
        self._poll.register(made, select.EPOLLOUT | select.EPOLLIN)
        self.made += 1
        self.most = max(self.most, len(self._open))

    @property
    def count(self) -> int:
        """How many are open, or being opened."""
        return len(self._open)

    def look(self, seconds: float) -> None:
        """Take what happens within so many seconds, or the first of it."""
        for number, event in self._poll.poll(seconds, 200):
            made, data = self._open[number]
            try:
                if event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                    answer = made.recv(4096)
                    self._end(number, answer[9:12].decode() if answer else "closed")
                elif data:
                    rest = data[made.send(data) :]
                    self._open[number] = made, rest
                    if not rest:
                        self._poll.modify(number, select.EPOLLIN)
            except BlockingIOError:
                continue
            except OSError as err:
                self._end(number, type(err).__name__)

    def drip(self) -> None:
        """Send one more byte on each."""
        for number, (made, data) in list(self._open.items()):
            if not data:
                try:
                    made.send(b"x")
                except OSError as err:
                    self._end(number, type(err).__name__)

    def _end(self, number: int, how: str) -> None:
        made, _ = self._open.pop(number)
        self.ends[how] += 1
        self._poll.unregister(made)
        made.close()

    def close(self) -> None:
        """End what is left."""
        for number in list(self._open):
            self._end(number, "left")


def posts(attack: Attack, rate: float, seconds: float, requests: list[bytes]) -> None:
    """Make connections at a rate."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        while attack.made < passed * rate and attack.count < AT_A_TIME:
            attack.connect(requests[attack.made % len(requests)])
        attack.look(0.001)
    attack.look(0.2)


def hold(attack: Attack, count: int, seconds: float, sources: list[str]) -> None:
    """Make so many connections, and keep them as long as they are let."""
    began = dripped = time.monotonic()
    while (at := time.monotonic()) - began < seconds:
        for _ in range(50):
            if attack.made < count:
                number = attack.made
                with suppress(OSError):
                    attack.connect(SLOW % number, sources[number % len(sources)])
        attack.look(0.005)
        if at - dripped > DRIP:
            dripped = at
            attack.drip()


def main() -> None:
    """Attack as the arguments say."""
    way, host, port, number, seconds, *rest = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    attack = Attack((host, int(port)))
    began = time.monotonic()
    if way == "posts":
        posts(attack, float(number), float(seconds), [r.encode() for r in rest])
    elif way == "bombs":
        posts(attack, float(number), float(seconds), bombs(rest))
    else:
        hold(attack, int(number), float(seconds), rest)
    took = time.monotonic() - began
    attack.close()
    told = {"made": attack.made, "seconds": took, "most": attack.most, "ends": attack.ends}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
