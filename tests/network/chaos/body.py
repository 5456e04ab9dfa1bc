"""What the chaos needs of a device: its address, its value, its faults, what it carried out."""

from abc import ABC, abstractmethod
import time
from typing import Any, override

from tests.emulators.device import EmulatedDevice, State
from tests.emulators.faults import Faults

from .ledger import Executed


class Body(ABC):
    """One device; `unique_id` is the id that its driver has for it."""

    faults: Faults
    name: str
    log: list[Any]
    """The requests that arrived."""

    def __init__(self, unique_id: str) -> None:
        self.unique_id = unique_id
        self.executed: list[Executed] = []
        self._by_hand = False

    @property
    @abstractmethod
    def value(self) -> float:
        """What it is set to."""

    @property
    @abstractmethod
    def left(self) -> dict[str, int]:
        """What it still has of the hub, by what that is."""

    @abstractmethod
    async def power(self, *, on: bool) -> None:
        """Give it its power, or take it: it forgets who was connected."""

    @abstractmethod
    async def go(self, address: str) -> None:
        """Begin at another address."""

    @abstractmethod
    async def become(self, value: float) -> None:
        """Be set by a hand at the device."""

    @abstractmethod
    async def reset(self) -> None:
        """Reset every connection."""

    @abstractmethod
    def forget(self) -> None:
        """Forget every connection: neither FIN nor RST."""

    @abstractmethod
    async def babble(self, data: bytes) -> None:
        """Send any bytes to every connection."""

    @property
    def sides(self) -> dict[str, Any]:
        """What it tells besides its value, by the entity or its attribute; ...: anything."""
        return {}

    def be_normal(self) -> None:
        """Tell everything as it is again, as it is told usually."""
        self.faults.clear()

    def carried_out(self) -> None:
        """Note that something was carried out, if it was commanded."""
        if not self._by_hand:
            stranger = self.faults.impostor is not None
            self.executed.append(Executed(time.monotonic(), self.value, stranger))


class Emulated[Message](EmulatedDevice[Message], Body):
    """A device of tests/emulators on TCP; to be put before the emulator it is."""

    @override
    def apply(self, state: State) -> None:
        super().apply(state)
        if state:  # a question changes nothing
            self.carried_out()

    @property
    def answers_searches(self) -> bool:
        """Whether it is there, and its program runs."""
        return self._listener._server is not None and not self.faults.silent

    @property
    @override
    def left(self) -> dict[str, int]:
        return {"connections": self.connections.open}

    @override
    async def power(self, *, on: bool) -> None:
        await (self.up() if on else self.down())

    @override
    async def go(self, address: str) -> None:
        await self.move(address, old="closed")

    @override
    async def become(self, value: float) -> None:
        self._by_hand = True
        await self.change(**self.state_of(value))
        self._by_hand = False

    def state_of(self, value: float) -> dict[str, Any]:
        """Return the device's words for a value."""
        return {"on": True, "level": value} if value else {"on": False}

    @property
    @override
    def value(self) -> float:
        level: float = self._state["level"]
        return level if self._state["on"] else 0

    @override
    async def reset(self) -> None:
        await self.drop()

    @override
    def forget(self) -> None:
        for peer in self.peers:
            peer.forget()

    @override
    async def babble(self, data: bytes) -> None:
        await self.inject(data)
