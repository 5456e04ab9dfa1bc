"""All devices, in a thread on a host of their own, and what befalls them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from random import Random
import time
from typing import Any

from .bodies import body_of, sighting
from .body import Body, Emulated
from .families import Family, lane_of
from .ledger import Executed
from .quirks import Quirk
from .replies import replying
from .step import Step
from .street import ADDRESSES, Street, address_of

SWITCHES: dict[str, dict[str, Any]] = {
    "hang": {"silent": True},
    "split": {"split": 3},
    "merge": {"merge": 0.3},
    "repeat": {"repeat": 2},
    "refusal": {"refuse": True},
    "lie": {"lie": True, "ignore": True},
    "odd": {"odd": True},
}
OTHER = str.maketrans("0123456789", "1234567890")
"""Makes another id of one, of the same form."""
LATE = 1.0
"""Seconds."""
DELAYS = {"slow": (0.1, 1.5), "late": (0.0, 0.3)}


class Fleet:
    """The devices by number; an async context manager by `living`."""

    def __init__(self, street: Street, families: tuple[Family, ...]) -> None:
        self._street = street
        self._families = families
        self.bodies: list[Body] = []
        self.where = list(range(len(families)))
        """The number of each device's address."""
        self.late: list[tuple[float, float]] = []
        """When the loop of all devices did nothing for a while, and for how many seconds."""

    @asynccontextmanager
    async def living(self) -> AsyncGenerator[Fleet]:
        """Have all devices up for the length of a block."""
        for number, family in enumerate(self._families):
            body = body_of(family, number, address_of(number))
            await body.become(family.value(1, lane_of(number)))
            await body.power(on=True)
            self.bodies.append(body)
        try:
            hosts = [address_of(n) for n in range(ADDRESSES)]
            watch = asyncio.create_task(self._watch())
            async with replying(hosts, self._nameless, self._answering):
                yield self
        finally:
            watch.cancel()
            for body in self.bodies:
                await body.power(on=False)

    async def _watch(self) -> None:
        """Note how late the loop is, on which all devices answer."""
        while True:
            at = time.monotonic()
            await asyncio.sleep(0.1)
            if (late := time.monotonic() - at - 0.1) > LATE:
                self.late.append((round(at, 1), round(late, 1)))

    def _nameless(self) -> Iterator[Emulated[Any]]:
        """Yield those that are recognized by their answers to searches."""
        nameless = {b for b, f in zip(self.bodies, self._families, strict=True) if f.nameless}
        return (body for body in self._answering() if body in nameless)

    def _answering(self) -> Iterator[Emulated[Any]]:
        """Yield those that answer searches now."""
        for body in self.bodies:
            if isinstance(body, Emulated) and body.answers_searches:
                yield body

    def place(self, device: int) -> list[Any]:
        """Return where a device is."""
        return [address_of(self.where[device]), self._families[device].port]

    def sighting(self, device: int) -> dict[str, Any]:
        """Return what a device announces."""
        host = address_of(self.where[device])
        return sighting(self._families[device], self.bodies[device], host)

    def values(self) -> list[float]:
        """Return what the devices truly are."""
        return [body.value for body in self.bodies]

    def executed(self) -> list[list[Executed]]:
        """Return what each device carried out."""
        return [list(body.executed) for body in self.bodies]

    def left(self) -> dict[str, dict[str, int]]:
        """Return which devices still have something of the hub."""
        told = {body.name: body.left for body in self.bodies}
        return {name: left for name, left in told.items() if any(left.values())}

    async def become(self, device: int, value: float) -> None:
        """Set a device by hand."""
        await self.bodies[device].become(value)

    async def turn(self, device: int, quirk: Quirk | None) -> None:
        """Have a device be odd from now on, or as usual."""
        if quirk is None:
            self.bodies[device].be_normal()
        else:
            quirk.begin(self.bodies[device])

    async def suffer(self, step: Step) -> list[int]:
        """Have a fault for as long as it lasts; return who announces itself after it."""
        work = getattr(self, f"_{step.what}", None)
        if work is not None:
            announced: list[int] = await work(step)
            return announced
        kinds = {"loss": "lossy", "blackhole": "gone", "refuse": "refused"}
        if step.what in kinds:
            async with self._street.being(kinds[step.what], self.where[step.device]):
                await asyncio.sleep(step.seconds)
            return []
        with self._misbehaving(step):
            await asyncio.sleep(step.seconds)
        return []

    @contextmanager
    def _misbehaving(self, step: Step) -> Iterator[None]:
        faults = self.bodies[step.device].faults
        for name, value in _switches(step).items():
            setattr(faults, name, value)
        try:
            yield
        finally:
            faults.clear()

    # what is more than a switch

    async def _reset(self, step: Step) -> list[int]:
        await self.bodies[step.device].reset()
        return []

    async def _forget(self, step: Step) -> list[int]:
        self.bodies[step.device].forget()
        return []

    async def _garbage(self, step: Step) -> list[int]:
        data = Random(repr(step)).randbytes(1 + step.device * 7 % 60)
        await self.bodies[step.device].babble(data + b"\r\n")
        return []

    async def _impostor(self, step: Step) -> list[int]:
        """Have another one answer at the address; who was connected has to connect anew."""
        body = self.bodies[step.device]
        body.faults.impostor = body.unique_id.translate(OTHER)
        await body.reset()
        await asyncio.sleep(step.seconds)
        body.faults.clear()
        await body.reset()
        return [step.device]

    async def _restart(self, step: Step) -> list[int]:
        """End its program and start it: its address goes on to answer, by resets."""
        body = self.bodies[step.device]
        await body.power(on=False)
        await asyncio.sleep(step.seconds)
        await body.power(on=True)
        return [step.device]

    async def _power(self, step: Step) -> list[int]:
        """Cut its power, which nobody is told of."""
        async with self._street.being("gone", self.where[step.device]):
            await self.bodies[step.device].power(on=False)
            await asyncio.sleep(step.seconds)
        await self.bodies[step.device].power(on=True)
        return [step.device]

    async def _move(self, step: Step) -> list[int]:
        """Leave an address, which is silent from then on, for one that was."""
        await self._street.put("gone", self.where[step.device])
        self.where[step.device] = step.other
        await self.bodies[step.device].go(address_of(step.other))
        await self._street.free("gone", step.other)
        return [step.device]

    async def _swap(self, step: Step) -> list[int]:
        """Have two change places; nothing of them is heard but that they are there."""
        pair = (step.device, step.other)
        await self._street.put("gone", *(self.where[device] for device in pair))
        for device in pair:
            await self.bodies[device].power(on=False)
        await asyncio.sleep(step.seconds)
        one, two = pair
        self.where[one], self.where[two] = self.where[two], self.where[one]
        for device in pair:
            await self.bodies[device].go(address_of(self.where[device]))
        return [*pair]

    async def let_in(self, step: Step) -> None:
        """Have two that changed places be reached, now that they are heard of."""
        await self._street.free("gone", self.where[step.device], self.where[step.other])


def _switches(step: Step) -> dict[str, Any]:
    """Return the emulator's switches for a fault; each delay is another one."""
    if limits := DELAYS.get(step.what):
        return {step.what: partial(Random(repr(step)).uniform, *limits)}
    return SWITCHES[step.what]
