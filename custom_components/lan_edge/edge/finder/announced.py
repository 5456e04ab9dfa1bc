"""What a device has announced by mDNS, asked of itself at each connection and reading.

A driver may have the device's state of that. A change that was announced while the device was not
connected, or that got lost, would otherwise be missing until the next one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from functools import partial

from ..device import Device
from ..discovery.matchers import Mdns
from ..discovery.sighting import Sighting
from .search import ask_host_by_mdns, has_mdns

MAX_ASKING = 8
"""Devices that are asked at a time."""

type AskHost = Callable[[Collection[str], Iterable[str], str], Awaitable[list[Sighting]]]
"""Asks a host for its services of some types, from our own addresses."""


class AnnouncedStates:
    """Asks the devices that are connected for what they announce."""

    def __init__(
        self, hosts: Callable[[], Awaitable[tuple[str, ...]]], ask: AskHost = ask_host_by_mdns
    ) -> None:
        """Ask by `ask` from our own addresses, which `hosts` returns."""
        self._hosts = hosts
        self._ask_host = ask
        self._slots = asyncio.Semaphore(MAX_ASKING)
        self._asking = set[asyncio.Task[None]]()
        self._is_closed = False
        self._heard_at: dict[tuple[str, str], float] = {}
        """When a service that is asked for was heard to announce itself, by type and name."""

    def watch(self, device: Device, on_sighting: Callable[[Sighting], None]) -> None:
        """Report at each connection and reading of a device what it announces.

        Only if its driver listens to it.
        """
        ask = partial(self._ask_soon, device, on_sighting)
        device.observer.on_listening = device.observer.on_reading = ask

    def heard(self, sighting: Sighting) -> None:
        """Take note that a service has announced itself: an answer from before is older."""
        if self._asking:
            self._heard_at[sighting.kind, sighting.name] = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Ask nothing more."""
        self._is_closed = True  # a device may still be read
        tasks = tuple(self._asking)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask_soon(self, device: Device, on_sighting: Callable[[Sighting], None], host: str) -> None:
        types = {m.type for m in device.driver.discovery if isinstance(m, Mdns)}
        if types and has_mdns() and not self._is_closed:
            task = asyncio.create_task(self._ask(types, host, on_sighting))
            self._asking.add(task)
            task.add_done_callback(self._asked)

    def _asked(self, task: asyncio.Task[None]) -> None:
        self._asking.discard(task)
        if not self._asking:
            self._heard_at.clear()

    async def _ask(
        self, types: set[str], host: str, on_sighting: Callable[[Sighting], None]
    ) -> None:
        async with self._slots:
            began = asyncio.get_running_loop().time()
            found = await self._ask_host(types, await self._hosts(), host)
        for sighting in found:
            if self._heard_at.get((sighting.kind, sighting.name), began) <= began:
                on_sighting(sighting)
