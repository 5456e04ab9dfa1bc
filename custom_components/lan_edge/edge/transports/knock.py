"""A knock at a device's door: its system answers, its program is asked for nothing.

It is for devices without a lasting connection, which the kernel would watch.
"""

import asyncio

from ..discovery import Address

EVERY = 5.0
"""Seconds of silence until it is knocked, and from one knock to the next."""
WITHIN = 2.0
"""Seconds for an answer: a first packet may get lost, which is sent again after one."""


async def knock(address: Address) -> bool | None:
    """Return whether a TCP port opens; None where it refuses, so that somebody is there."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(WITHIN):
            door, _ = await loop.create_connection(asyncio.Protocol, address.host, address.port)
    except ConnectionRefusedError, ConnectionResetError:
        return None
    except OSError, UnicodeError:  # TimeoutError is one too
        return False
    door.close()
    return True
