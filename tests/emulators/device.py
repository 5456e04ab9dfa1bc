"""What every emulated device on TCP has: address, state, log, faults, announcements."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol, Self

from tests.clock import now
from tests.tcp import ended, watched

from .faults import Faults, seconds
from .listener import Connections, Listener, Peer

type State = dict[str, Any]


class Announcer(Protocol):
    """Makes a device known on the network at one address."""

    async def announce(self) -> None:
        """Say that the device is there, and answer those who search."""

    async def goodbye(self) -> None:
        """Say that the device goes, and stop."""

    async def vanish(self) -> None:
        """Stop without a word."""


@dataclass(frozen=True, slots=True)
class Received:
    """A command as it arrived; `at` is CLOCK_MONOTONIC."""

    at: float
    command: str
    params: Any
    client: str

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


class EmulatedDevice[Message](ABC):
    """A device on TCP; use it as an async context manager."""

    def __init__(self, host: str, port: int, device_id: str, name: str, *, announce: bool) -> None:
        self.id = device_id
        self.name = name
        self.faults = Faults()
        self.log: list[Received] = []
        self.held: list[tuple[Peer, bytes]] = []
        self._asked: dict[Peer, str] = {}
        """The request that is being answered, by connection."""
        self._state: State = {}
        self._announcing = announce
        self._announcer: Announcer | None = None
        self._listener = self._new_listener(host, port)
        self._left: list[Listener] = []
        self._closed_accepted = 0
        self._background: set[asyncio.Task[None]] = set()

    @abstractmethod
    def read(self, peer: Peer) -> AsyncIterator[Message]:
        """Yield the messages of a connection."""

    @abstractmethod
    def received(self, message: Message) -> tuple[str, Any]:
        """Return a message's command and parameters, for the log."""

    @abstractmethod
    async def answer(self, peer: Peer, message: Message) -> None:
        """Carry a message out and answer it, as the faults say."""

    @abstractmethod
    def check(self, state: State) -> None:
        """Raise ValueError if the device cannot have such a state."""

    @abstractmethod
    def new_announcer(self) -> Announcer:
        """Return an announcer for the address and identity of now."""

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def host(self) -> str:
        """The address the device has now."""
        return self._listener.host

    @property
    def port(self) -> int:
        """The port the device has now."""
        return self._listener.port

    @property
    def identity(self) -> str:
        """The id the device answers with now."""
        return self.faults.impostor or self.id

    @property
    def state(self) -> State:
        """A copy of the device's true state."""
        return dict(self._state)

    @property
    def connections(self) -> Connections:
        """TCP connections accepted so far and open now, old addresses included."""
        listeners = [self._listener, *self._left]
        accepted = sum(listener.accepted for listener in listeners)
        still_open = sum(len(listener.connections) for listener in listeners)
        return Connections(self._closed_accepted + accepted, still_open)

    @property
    def peers(self) -> list[Peer]:
        """The connections open at the present address."""
        return list(self._listener.connections)

    async def change(self, **state: Any) -> float:
        """Change the state at the device itself; return when (CLOCK_MONOTONIC)."""
        self.check(state)
        at = now()
        self.apply(state)
        return at

    def apply(self, state: State) -> None:
        """Take over a state."""
        self._state.update(state)

    async def inject(self, raw: bytes) -> None:
        """Send any bytes to every client."""
        for peer in self.peers:
            peer.inject(raw)

    def deliver(self, peer: Peer, reply: bytes) -> None:
        """Send a reply as `rewrite`, `hold`, `late` and `repeat` say."""
        asked = self._asked.get(peer, "")
        if self.faults.rewrite is not None:
            changed = self.faults.rewrite(asked, reply)
            if changed is None:
                return
            reply = changed
        reply = self.framed(reply)
        late = self.faults.late_answers.get(asked, self.faults.late)
        for _ in range(self.faults.repeat):
            if self.faults.hold:
                self.held.append((peer, reply))
            elif delay := seconds(late):
                self.in_background(_send_later(peer, reply, delay))
            else:
                peer.send(reply)

    def framed(self, reply: bytes) -> bytes:
        """Return a reply as it is sent."""
        return reply

    def release(self, order: Iterable[int] | None = None) -> None:
        """Send held replies: all, or those at these places of `held`, in that order."""
        places = range(len(self.held)) if order is None else list(order)
        for place in places:
            peer, reply = self.held[place]
            peer.send(reply)
        self.held = [held for at, held in enumerate(self.held) if at not in places]

    async def drop(self) -> None:
        """Reset every connection (RST)."""
        await self._listener.end_all()

    def close_after(self, count: int) -> None:
        """Close the connection that sends the n-th byte from now, mid-message."""
        self.faults.cut_in = count

    async def up(self) -> None:
        """Listen, and announce unless told not to."""
        await self._listener.open()
        if self._announcing:
            await self.announce()

    async def down(self) -> None:
        """Stop listening, reset every connection, stop announcing without a word."""
        await self._vanish()
        await self._listener.close()

    async def restart(self, down: float = 0.0) -> None:
        """Go down, and come back at the same address with the same state."""
        await self.down()
        await asyncio.sleep(down)
        await self.up()

    async def move(
        self,
        host: str | None = None,
        port: int | None = None,
        *,
        old: Literal["silent", "closed"] = "silent",
    ) -> None:
        """Go on at another address; the old one stays silent or is closed."""
        left = self._listener
        await self._vanish()
        if old == "closed":
            await self._leave(left)
        else:
            left.silent = True
            self._left.append(left)
        target = (host or left.host, left.port if port is None else port)
        await self.leave_old(*target)
        self._listener = self._new_listener(*target)
        await self.up()

    async def leave_old(self, host: str | None = None, port: int | None = None) -> None:
        """Close the silent old addresses, or only the one named."""
        for listener in list(self._left):
            if host in (None, listener.host) and port in (None, listener.port):
                self._left.remove(listener)
                await self._leave(listener)

    async def announce(self) -> None:
        """Announce the device as it is now, and answer searches from now on."""
        await self._vanish()
        self._announcing = True
        self._announcer = self.new_announcer()
        await self._announcer.announce()

    async def goodbye(self) -> None:
        """Say goodbye and answer no search any more; the device itself goes on."""
        self._announcing = False
        announcer, self._announcer = self._announcer, None
        if announcer:
            await announcer.goodbye()

    async def stop(self) -> None:
        """Say goodbye and close everything."""
        await self.goodbye()
        for task in self._background:
            task.cancel()
        await ended(*self._background)
        await self.leave_old()
        await self._listener.close()

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that ends with the device."""
        task = watched(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _new_listener(self, host: str, port: int) -> Listener:
        return Listener(host, port, self._serve, self.faults)

    async def _leave(self, listener: Listener) -> None:
        await listener.close()
        self._closed_accepted += listener.accepted

    async def _vanish(self) -> None:
        announcer, self._announcer = self._announcer, None
        if announcer:
            await announcer.vanish()

    async def _serve(self, peer: Peer) -> None:
        jobs: asyncio.Queue[Message | None] = asyncio.Queue()
        worker = watched(self._work(peer, jobs))
        try:
            with peer.until_gone():
                async for message in self.read(peer):
                    self._note(peer, message)
                    jobs.put_nowait(message)
            jobs.put_nowait(None)
            await ended(worker)
        finally:
            worker.cancel()
            await ended(worker)

    async def _work(self, peer: Peer, jobs: asyncio.Queue[Message | None]) -> None:
        while (message := await jobs.get()) is not None:
            self._asked[peer] = self.received(message)[0]
            await self.answer(peer, message)
        self._asked.pop(peer, None)

    def _note(self, peer: Peer, message: Message) -> None:
        command, params = self.received(message)
        self.log.append(Received(now(), command, params, peer.address))


async def _send_later(peer: Peer, reply: bytes, delay: float) -> None:
    await asyncio.sleep(delay)
    peer.send(reply)
