"""Asks by UDP whoever hears it, and collects what they answer."""

import asyncio
from typing import override

from ..discovery import Address
from ..errors import EdgeError
from .datagrams import Datagrams, Receiver
from .hosts import everywhere, is_group

MAX_ANSWERS = 1024
"""Answers that are collected."""


class _Answers(Receiver):
    """Collects what anybody answers."""

    def __init__(self) -> None:
        self.received: list[tuple[Address, bytes]] = []

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        if len(self.received) < MAX_ANSWERS:
            self.received.append((sender, data))

    @override
    def stranger(self, data: bytes, sender: Address) -> None:
        self.datagram(data, sender)

    @override
    def ended(self, reason: EdgeError) -> None:
        """Make do with what came."""


async def ask_around(
    message: bytes, to: Address, *, within: float, local_host: str = ""
) -> list[tuple[Address, bytes]]:
    """Send `message`, twice, to an address (a broadcast, a group); return the answers `within`.

    `local_host` is the adapter to ask on. An answer may come more than once.
    """
    answers = _Answers()
    datagrams = Datagrams(Address(local_host or everywhere(to)))
    await datagrams.join(answers, to)
    try:
        for _ in range(2):
            if local_host and is_group(to.host):
                datagrams.send_on(local_host, message, to)
            else:
                datagrams.send(message, to)
            await asyncio.sleep(within / 2)
    finally:
        await datagrams.leave(answers)
    return answers.received
