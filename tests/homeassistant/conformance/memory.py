"""A transport without a network: it hands commands to an object, and takes what that pushes."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar, override

from lan_edge import Address, Transport, UnreachableError

_THERE: dict[Address, Peer] = {}
_PORTS = count(1)


class Peer(ABC):
    """A device on no network: it is there while it is `plugged_in`."""

    def __init__(self, unique_id: str) -> None:
        """Have an id and an address."""
        self.unique_id = unique_id
        self.model = ""
        self.address = Address("127.0.0.9", next(_PORTS))
        self._connection: Memory | None = None

    def plug(self) -> None:
        """Be there."""
        _THERE[self.address] = self

    @contextmanager
    def plugged_in(self) -> Iterator[None]:
        """Be there for the time being; in the end it is unplugged."""
        self.plug()
        try:
            yield
        finally:
            self.unplug()

    def unplug(self) -> None:
        """Be there no longer: the connection breaks, as the kernel would tell."""
        _THERE.pop(self.address, None)
        if self._connection is not None:
            self._connection.cut()

    def connected(self, by: Memory | None) -> None:
        """Learn whom to tell what happens."""
        self._connection = by

    def push(self, message: Any) -> None:
        """Tell it, if anybody listens."""
        if self._connection is not None:
            self._connection.came(message)

    @abstractmethod
    async def told(self, message: Any) -> Any:
        """Take what the driver sends; return the answer."""


class Memory(Transport):
    """Talks to a peer of this process."""

    pushes: ClassVar[bool] = True
    secure: ClassVar[bool] = False
    poll: ClassVar[float] = 3600.0
    heartbeat: ClassVar[float | None] = None
    _peer: Peer | None = None
    _heard_at: float = 0

    @override
    async def open(self, address: Address) -> None:
        """Connect, if the device is there."""
        if (peer := _THERE.get(address)) is None:
            msg = f"{address}: there is nothing"
            raise UnreachableError(msg)
        self._peer = peer
        peer.connected(self)

    @override
    async def close(self) -> None:
        if self._peer is not None:
            self._peer.connected(None)
        self._peer = None

    @property
    @override
    def heard_at(self) -> float:
        return self._heard_at

    async def send(self, message: Any) -> Any:
        """Return the device's answer; raise UnreachableError."""
        return await self.peer.told(message)

    @property
    def peer(self) -> Peer:
        """Who is there; raise UnreachableError."""
        if self._peer is None:
            msg = "not connected"
            raise UnreachableError(msg)
        return self._peer

    def came(self, message: Any) -> None:
        """Take what the device says by itself."""
        self._heard_at = asyncio.get_running_loop().time()
        self._link.on_message(message)
        for _ in self._link.backlog.steps():  # on a busy machine, a single message takes long
            pass

    def cut(self) -> None:
        """Break."""
        self._peer = None
        self._link.on_lost(UnreachableError("the plug was pulled"))
