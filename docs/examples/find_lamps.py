"""Finds a lamp by its id, wherever it is, and keeps it connected."""

import asyncio

from lan_edge import Switch, SwitchLevel, find


async def main(lamp_id: str) -> bool | None:
    """Turn on a lamp, and dim it; return whether it is on. Raises EdgeError."""
    async with find([lamp_id]) as devices:
        lamp = devices[lamp_id]
        await lamp[Switch].on()
        await lamp[SwitchLevel].set_level(40)
        return lamp[Switch].switch


if __name__ == "__main__":
    print("on:", asyncio.run(main("0x0000000002dfb19a")))
