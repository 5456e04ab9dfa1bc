"""Turns a lamp at a known address on."""

import asyncio

from lan_edge import Address, Switch, SwitchLevel, connect
from lan_edge.drivers.wiz import Wiz


async def main(address: Address) -> bool | None:
    """Turn on the lamp at an address, and dim it; return whether it is on. Raises EdgeError."""
    async with connect(Wiz, address) as lamp:
        await lamp[Switch].on()
        await lamp[SwitchLevel].set_level(40)
        return lamp[Switch].switch


if __name__ == "__main__":
    print("on:", asyncio.run(main(Address("192.168.1.40"))))
