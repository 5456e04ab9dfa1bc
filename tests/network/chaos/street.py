"""The street: one host with an address for each device, and what is done to single addresses."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

from tests.real.isolated import ip, run, tool

from ..lab import Host

NET = "10.77.0"
FIRST, LAST = 11, 250
LOST = 30
"""Percent of the packets, each way."""

RULES = f"""
table inet street {{
  set gone {{ type ipv4_addr; }}
  set lossy {{ type ipv4_addr; }}
  set refused {{ type ipv4_addr; }}
  chain input {{
    type filter hook input priority 0;
    ip daddr @gone drop
    ip daddr @lossy numgen random mod 100 < {LOST} drop
    meta l4proto tcp ip daddr @refused reject with tcp reset
  }}
  chain output {{
    type filter hook output priority 0;
    ip saddr @gone drop
    ip saddr @lossy numgen random mod 100 < {LOST} drop
  }}
}}
"""


def address_of(number: int) -> str:
    """Return the n-th address."""
    return f"{NET}.{FIRST + number}"


def forger_address(number: int) -> str:
    """Return the address of the n-th forger, a neighbour of the street."""
    return f"{NET}.{LAST + 1 + number}"


ADDRESSES = LAST - FIRST + 1


class Street:
    """The addresses; those where nobody lives are silent."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def build(self, devices: int) -> None:
        """Have all addresses; only the first so many are lived at."""
        for number in range(ADDRESSES):
            if (address := address_of(number)) != self._host.address:
                ip(f"address add {address}/24 dev eth0", *self._host.via)
        run(*self._host.via, tool("nft"), RULES)
        run(*self._host.via, tool("nft"), _element("add", "gone", range(devices, ADDRESSES)))

    async def put(self, kind: str, *numbers: int) -> None:
        """Make addresses `gone`, `lossy` or `refused`."""
        await self._set("add", kind, numbers)

    async def free(self, kind: str, *numbers: int) -> None:
        """End that."""
        await self._set("delete", kind, numbers)

    @asynccontextmanager
    async def being(self, kind: str, *numbers: int) -> AsyncGenerator[None]:
        """Make addresses so for the length of a block."""
        await self.put(kind, *numbers)
        try:
            yield
        finally:
            await self.free(kind, *numbers)

    async def _set(self, verb: str, kind: str, numbers: tuple[int, ...]) -> None:
        command = _element(verb, kind, numbers)
        await asyncio.to_thread(run, *self._host.via, tool("nft"), command)


def _element(verb: str, kind: str, numbers: Iterable[int]) -> str:
    which = ", ".join(map(address_of, numbers))
    return f"{verb} element inet street {kind} {{ {which} }}"
