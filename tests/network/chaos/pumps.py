"""The garden pumps: they say what they do in beacons, and are commanded by UDP."""

from typing import Any, override

from tests.clock import now
from tests.emulators.device import Received
from tests.emulators.faults import Faults
from tests.emulators.garden_pump import BEACON_PORT, GardenPumpEmulator

from .body import Body
from .street import NET

EVERYBODY = f"{NET}.255"


class Pump(GardenPumpEmulator, Body):
    """UDP, so there are no connections to break."""

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"{number:08d}")
        GardenPumpEmulator.__init__(
            self, host, port, serial=f"GP-{self.unique_id}", to=EVERYBODY, beacon_port=BEACON_PORT
        )
        self.name = f"Pump {self.serial[-4:]}"
        self.faults = Faults()
        self.log: list[Any] = []

    @override
    def say(self) -> None:
        self.silent = self.faults.silent
        super().say()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.silent = self.faults.silent
        super().datagram_received(data, addr)
        self.log[-1] = Received(now(), self.log[-1], None, addr[0])

    @override
    def enter(self, *, running: bool) -> None:
        super().enter(running=running)
        self.carried_out()

    @property
    @override
    def value(self) -> float:
        return int(self.running)

    @property
    @override
    def left(self) -> dict[str, int]:
        return {}

    @override
    async def power(self, *, on: bool) -> None:
        await (self.__aenter__() if on else self.close())

    @override
    async def go(self, address: str) -> None:
        await self.close()
        self.host = address
        await self.power(on=True)

    @override
    async def become(self, value: float) -> None:
        self._by_hand = True
        self.change(running=bool(value))
        self._by_hand = False

    @override
    async def reset(self) -> None:
        """Have nothing to reset."""

    @override
    def forget(self) -> None:
        """Have nothing to forget."""

    @override
    async def babble(self, data: bytes) -> None:
        """Have nobody to say anything to."""
