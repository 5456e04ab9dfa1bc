"""Sends UDP requests to a host, a broadcast address or a group, and collects all answers."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
import logging
from typing import override

from ...errors import EdgeError, UnreachableError
from ...network.address import Address
from ...network.hosts import any_local_host, is_group
from .datagrams import Receiver, UdpSocket
from .multicast import Membership

_LOGGER = logging.getLogger(__name__)

GROUP_HOPS = 2
"""The UPnP Device Architecture 1.1 lets searches pass one router."""
MAX_LATE = 10.0
"""Seconds after the end in which a busy program reads what had come until then."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Messages for one address: of a host, a broadcast address or a group."""

    messages: tuple[bytes, ...]
    to: Address
    local_host: str = ""
    """The IP address of the network adapter to use; empty: any."""
    from_anybody: bool = True
    """Whether answers from other hosts count, as they must after a broadcast."""
    answer_port: int = 0
    """The hub's port that is answered to; 0: the one that asks."""


async def ask_around(
    inquiries: Iterable[Inquiry],
    on_answer: Callable[[bytes, Address], None],
    *,
    timeout: float,
    times: int = 3,
    interval: float = 0.2,
) -> None:
    """Send each inquiry `times`, since datagrams get lost; return after `timeout` seconds in all.

    A program that is busy then, as one that starts is, returns later: it first reads what has come.
    `on_answer` gets each answer and its sender; it must not raise or block. The same answer may
    come several times. An inquiry that cannot be sent is skipped.
    """
    end = asyncio.get_running_loop().time() + timeout
    async with AsyncExitStack() as stack:
        askers = [await _opened(inquiry, on_answer, stack) for inquiry in inquiries]
        for _ in range(times):
            for asker in filter(None, askers):
                asker.ask()
            await asyncio.sleep(interval)
        await asyncio.sleep(end - asyncio.get_running_loop().time())
        await _read_all([asker for asker in askers if asker], end + MAX_LATE)


async def _read_all(askers: list[_Asker], until: float) -> None:
    """Wait until all that has come is read: asyncio reads one datagram in each of its rounds."""
    loop = asyncio.get_running_loop()
    while any(each.has_unread for each in askers) and loop.time() < until:  # noqa: ASYNC110  # rounds
        await asyncio.sleep(0)


async def _opened(
    inquiry: Inquiry, on_answer: Callable[[bytes, Address], None], stack: AsyncExitStack
) -> _Asker | None:
    asker = _Asker(inquiry, on_answer)
    try:
        await asker.open()
    except EdgeError as err:
        _LOGGER.debug("cannot ask from %s: %s", inquiry.local_host or "any address", err)
        return None
    stack.push_async_callback(asker.close)
    return asker


class _Asker(Receiver):
    """The socket of one inquiry."""

    def __init__(self, inquiry: Inquiry, on_answer: Callable[[bytes, Address], None]) -> None:
        self._inquiry = inquiry
        self._on_answer = on_answer
        local = Address(inquiry.local_host or any_local_host(inquiry.to))
        if inquiry.answer_port:  # all share it, also the devices that are connected
            local = Address(any_local_host(inquiry.to), inquiry.answer_port)
        self._socket = UdpSocket.at(local)
        self._group = object()
        """What the group is joined for."""

    @property
    def has_unread(self) -> bool:
        return self._socket.has_unread

    async def open(self) -> None:
        to, local_host = self._inquiry.to, self._inquiry.local_host
        if not self._inquiry.answer_port:
            await self._socket.join(self, Address(to.host))
            return
        await self._socket.overhear(self)
        if local_host and is_group(to.host):  # some answer the whole group
            with suppress(UnreachableError):
                await self._socket.join_group(self._group, Membership(to.host, local_host))

    async def close(self) -> None:
        await self._socket.leave(self._group)
        await self._socket.leave(self)

    def ask(self) -> None:
        to, local_host = self._inquiry.to, self._inquiry.local_host
        for message in self._inquiry.messages:
            with suppress(UnreachableError):  # it may work the next time
                if local_host and is_group(to.host):
                    self._socket.send_to_group(message, to, local_host, hops=GROUP_HOPS)
                else:
                    self._socket.send(message, to)

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        if self._inquiry.from_anybody or sender.host == self._inquiry.to.host:
            self._on_answer(data, sender)

    @override
    def unclaimed(self, data: bytes, sender: Address) -> None:
        if self._inquiry.from_anybody:
            self._on_answer(data, sender)

    @override
    def too_many(self) -> None:
        """Do without that answer."""

    @override
    def ended(self, reason: EdgeError) -> None:
        """Do without further answers."""
