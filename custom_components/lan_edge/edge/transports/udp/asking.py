"""Asking by UDP, of one host or of all that listen, and taking whatever comes back."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
import logging
from typing import override

from ...errors import EdgeError, UnreachableError
from ...network.address import Address
from ...network.hosts import any_local_host, is_group
from .datagrams import Datagrams, Receiver

_LOGGER = logging.getLogger(__name__)

GROUP_HOPS = 2
"""As the UPnP Device Architecture 1.1 has it for searches: past one router."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Messages for one address: of a host, a broadcast address or a group."""

    messages: tuple[bytes, ...]
    to: Address
    local_host: str = ""
    """The IP address of the network adapter to use; empty: any."""
    from_anybody: bool = True
    """Whether answers of other hosts count too, as they do after a broadcast."""


async def ask_around(
    inquiries: Iterable[Inquiry],
    on_answer: Callable[[bytes, Address], None],
    *,
    timeout: float,
    times: int = 3,
    interval: float = 0.2,
) -> None:
    """Send each inquiry `times`, since datagrams get lost; return after `timeout` seconds in all.

    `on_answer` gets what came and who sent it; it must not raise or block. The same answer may
    come several times. An inquiry that cannot be sent is left out.
    """
    end = asyncio.get_running_loop().time() + timeout
    async with AsyncExitStack() as stack:
        askers = [await _opened(inquiry, on_answer, stack) for inquiry in inquiries]
        for _ in range(times):
            for asker in filter(None, askers):
                asker.ask()
            await asyncio.sleep(interval)
        await asyncio.sleep(end - asyncio.get_running_loop().time())


async def _opened(
    inquiry: Inquiry, on_answer: Callable[[bytes, Address], None], stack: AsyncExitStack
) -> _Asker | None:
    asker = _Asker(inquiry, on_answer)
    try:
        await asker.open()
    except EdgeError as err:
        _LOGGER.debug("nobody is asked from %s: %s", inquiry.local_host or "any address", err)
        return None
    stack.push_async_callback(asker.close)
    return asker


class _Asker(Receiver):
    """The socket of one inquiry."""

    def __init__(self, inquiry: Inquiry, on_answer: Callable[[bytes, Address], None]) -> None:
        self._inquiry = inquiry
        self._on_answer = on_answer
        local_host = inquiry.local_host or any_local_host(inquiry.to)
        self._datagrams = Datagrams(Address(local_host))

    async def open(self) -> None:
        await self._datagrams.join(self, Address(self._inquiry.to.host))

    async def close(self) -> None:
        await self._datagrams.leave(self)

    def ask(self) -> None:
        to, local_host = self._inquiry.to, self._inquiry.local_host
        for message in self._inquiry.messages:
            with suppress(UnreachableError):  # it may well work the next time
                if local_host and is_group(to.host):
                    self._datagrams.send_on(local_host, message, to, hops=GROUP_HOPS)
                else:
                    self._datagrams.send(message, to)

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        self._on_answer(data, sender)

    @override
    def stranger(self, data: bytes, sender: Address) -> None:
        if self._inquiry.from_anybody:
            self._on_answer(data, sender)

    @override
    def ended(self, reason: EdgeError) -> None:
        """Make do with what has come."""
