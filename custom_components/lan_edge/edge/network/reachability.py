"""Whether the system of a device answers, for devices without a connection the kernel watches.

It shows that the device has power and a network, not that its program runs.
"""

import asyncio

from .address import Address

CHECK_INTERVAL = 5.0
"""Seconds of silence before a device is checked, and between two checks."""
CHECK_TIMEOUT = 2.0
"""Seconds to answer: if the first packet is lost, it is sent again after one."""


async def answers_at(address: Address) -> bool | None:
    """Return whether a TCP port opens; None if it refuses, which shows that a host is there."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            transport, _ = await loop.create_connection(
                asyncio.Protocol, address.host, address.port
            )
    except ConnectionRefusedError, ConnectionResetError:
        return None
    except OSError, UnicodeError:  # TimeoutError is an OSError
        return False
    transport.close()
    return True
