"""Whether a device's system answers, for devices without a connection that the kernel watches.

An answer shows that the device has power and network, not that its program runs.
"""

import asyncio

from .address import Address

CHECK_INTERVAL = 5.0
"""Seconds of silence before a device is checked, and between two checks."""
REACHABLE_TIMEOUT = 2.0
"""Seconds for an answer: if the first packet is lost, the second follows after one second."""


async def answers_at(address: Address) -> bool | None:
    """Return whether a TCP port accepts a connection; None if it refuses: then the host is up."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(REACHABLE_TIMEOUT):
            transport, _ = await loop.create_connection(
                asyncio.Protocol, address.host, address.port
            )
    except ConnectionRefusedError, ConnectionResetError:
        return None
    except OSError, UnicodeError:  # TimeoutError is an OSError
        return False
    transport.close()
    return True
