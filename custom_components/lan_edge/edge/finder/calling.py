"""Devices that connect to the hub by themselves: the first call of one whose id is not known."""

import asyncio
from collections.abc import Callable
from functools import partial

from ..callbacks import Listener
from ..discovery.calls import Calls, call_sighting
from ..driver.driver import AnyDriver
from ..driver.identity import Identity
from ..errors import UnreachableError
from ..network.address import Address
from ..network.hosts import resolve
from ..transports import Inbound

FIRST_CALL = 30.0
"""Seconds in which a device must call: firmware tries again every few seconds."""


def calls_by_itself(driver: AnyDriver) -> bool:
    """Return whether the driver's devices connect to the hub."""
    return issubclass(driver.transport, Inbound)


async def first_call(
    driver: AnyDriver,
    address: Address,
    listener: Listener,
    on_listening: Callable[[str], None] = lambda _: None,
) -> Identity:
    """Return the identity that a device gives when it calls from an address.

    The listener stays open for its next call. `on_listening` gets what the device has to call, in
    words. Raises UnreachableError if it does not call in time.
    """
    host = (await resolve(address)).host
    called: asyncio.Future[Identity] = asyncio.get_running_loop().create_future()
    matchers = {each.path_name: each for each in driver.discovery if isinstance(each, Calls)}

    def heard(matcher: Calls, unique_id: str, source: str) -> None:
        match = matcher.match(call_sighting(matcher.path_name, unique_id, source))
        if source == host and match is not None and not called.done():
            called.set_result(Identity(match.unique_id))

    await listener.welcome({name: partial(heard, each) for name, each in matchers.items()})
    where = f"port {listener.port} of this machine at {' or '.join(f'/{n}/ID' for n in matchers)}"
    on_listening(where)
    try:
        async with asyncio.timeout(FIRST_CALL):
            return await called
    except TimeoutError:
        reason = f"the device has not called {where} from {host} within {FIRST_CALL:g} s"
        raise UnreachableError(reason) from None
