"""A switch with a protocol of words, by any transport that has messages; the protocol is made up.

`ID?`, `STATE?`, `ON`, `OFF` and `LOGIN user password` are answered, the last two but one by `OK`,
and `STATE on` follows to all who are logged in. `KEEP url` is where a switch that calls calls next.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol, override

from yarl import URL

from . import websocket
from .calling import Caller
from .datagrams import END, DatagramListener
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .listener import Listener, Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_worded._tcp.local."
USER, PASSWORD = "me", "s3same"


class Wire(Protocol):
    """How messages get from and to a peer."""

    def messages(self, peer: Peer) -> AsyncIterator[str]:
        """Yield the messages of a peer."""
        ...

    def encoded(self, message: str) -> bytes:
        """Return a message as it is sent."""
        ...


class Lines:
    """Lines of text."""

    async def messages(self, peer: Peer) -> AsyncIterator[str]:
        """Yield the lines of a peer."""
        async for line in peer.lines():
            yield line.decode().strip()

    def encoded(self, message: str) -> bytes:
        """Return a message as a line."""
        return message.encode() + b"\n"


class Frames:
    """Frames, each with its length in two bytes."""

    async def messages(self, peer: Peer) -> AsyncIterator[str]:
        """Yield the frames of a peer."""
        while True:
            size = int.from_bytes(await peer.reader.readexactly(2))
            yield (await peer.reader.readexactly(size)).decode()

    def encoded(self, message: str) -> bytes:
        """Return a message as a frame."""
        data = message.encode()
        return len(data).to_bytes(2) + data


class WebSocket:
    """The texts of a WebSocket, at the end that accepts it or at the one that opened it."""

    def __init__(self, *, is_client: bool = False) -> None:
        self._is_client = is_client

    async def messages(self, peer: Peer) -> AsyncIterator[str]:
        """Yield the texts of a peer."""
        if self._is_client:
            await peer.reader.readuntil(b"\r\n\r\n")
        else:
            await websocket.accept(peer)
        async for text in websocket.texts(peer, is_client=self._is_client):
            yield text

    def encoded(self, message: str) -> bytes:
        """Return a message as a frame."""
        return websocket.framed(message.encode(), is_client=self._is_client)


class Datagrams:
    """Datagrams, of which each is a message."""

    async def messages(self, peer: Peer) -> AsyncIterator[str]:
        """Yield the datagrams of a peer."""
        while True:
            yield (await peer.reader.readuntil(END)).removesuffix(END).decode()

    def encoded(self, message: str) -> bytes:
        """Return a message as a datagram."""
        return message.encode()


WIRES: Mapping[str, Wire] = {
    "lines": Lines(),
    "frames": Frames(),
    "websocket": WebSocket(),
    "udp": Datagrams(),
    "calls by websocket": WebSocket(is_client=True),
    "calls by lines": Lines(),
}


class WordedSwitch(EmulatedDevice[str]):
    """The switch; its state is `{"on": bool}`."""

    def __init__(
        self,
        way: str,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "s-1",  # noqa: A002  # the protocol's word
        name: str = "Worded switch",
        password: str = "",
        url: str = "",
        announce: bool = False,
    ) -> None:
        """`way` is one of WIRES; `url` is where it calls, if it does. It may want a password."""
        self.way = way
        self.url = url
        self._wire = WIRES[way]
        super().__init__(host, port, id, name, announce=announce)
        self.password = password
        self.says_who_it_is = False
        """Whether it answers `ID?` to those who are not logged in."""
        self.answers_strangers = True
        """Whether it answers anything but `LOGIN` to those who are not logged in."""
        self.watchers = set[Peer]()
        """Those who are logged in, or need not be."""
        self._state = {"on": False}

    @property
    def received_texts(self) -> list[str]:
        """All that was sent to it."""
        return [f"{each.command} {each.params}".strip() for each in self.log]

    @override
    def new_announcer(self) -> Announcer:
        txt = {"id": self.identity}
        return MdnsAnnouncer(Service(SERVICE_TYPE, self.name, self.host, self.port, txt, self.id))

    @override
    def check(self, state: State) -> None:
        if set(state) - {"on"} or not isinstance(state.get("on", False), bool):
            raise ValueError(f"not a switch's state: {state}")

    @override
    def apply(self, state: State) -> None:
        super().apply(state)
        for peer in self.watchers & set(self.peers):
            peer.send(self._wire.encoded(self._news()))

    @override
    async def read(self, peer: Peer) -> AsyncIterator[str]:
        if not self.password:
            self.watchers.add(peer)
        try:
            async for message in self._wire.messages(peer):
                yield message
        except asyncio.IncompleteReadError:
            pass
        finally:
            self.watchers.discard(peer)

    @override
    def received(self, message: str) -> tuple[str, Any]:
        verb, _, rest = message.partition(" ")
        return verb, rest

    @override
    async def answer(self, peer: Peer, message: str) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        verb, words = self.received(message)
        if verb != "LOGIN" and peer not in self.watchers and not self.answers_strangers:
            return
        self.deliver(peer, self._wire.encoded(self._answer(peer, verb, words)))
        if verb in {"ON", "OFF"} and peer in self.watchers and self._obeys(verb):
            self.apply({"on": verb == "ON"})

    def _obeys(self, verb: str) -> bool:
        return not (self.faults.lie or self.faults.ignore or self.faults.refuses(verb))

    def _answer(self, peer: Peer, verb: str, words: str) -> str:
        if verb == "LOGIN":
            return self._let_in(peer, words)
        if peer not in self.watchers and not (verb == "ID?" and self.says_who_it_is):
            return "ERROR log in first"
        if self.faults.refuses(verb):
            return "ERROR it is locked"
        match verb:
            case "ID?":
                return f"ID {self.identity}"
            case "STATE?":
                return self._news()
            case "KEEP":
                self.url = words
        return "OK"

    def _let_in(self, peer: Peer, words: str) -> str:
        if words != f"{USER} {self.password}":
            return "DENIED wrong password"
        self.watchers.add(peer)
        return "WELCOME"

    def _news(self) -> str:
        return f"STATE {'on' if self._state['on'] else 'off'}"

    @override
    def _new_listener(self, host: str, port: int) -> Listener:
        if self.way == "udp":
            return DatagramListener(host, port, self._serve, self.faults)
        if self.way.startswith("calls"):
            return Caller(host, self._serve, self.faults, lambda: self.url, self._greeting)
        return super()._new_listener(host, port)

    def _greeting(self, url: URL) -> bytes:
        """Return what is sent first by a switch that calls."""
        if self.way == "calls by lines":
            return f"{url.path}\n".encode()
        return websocket.request(url)
