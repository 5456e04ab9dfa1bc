"""A Yeelight without Home Assistant: identify it, turn it on, and read its state."""

import asyncio

from lan_edge import Address, Device, Record, Registry, Switch, load_drivers


async def turn_on(address: Address) -> bool | None:
    """Turn on the light at `address`; return whether it is on. Raises EdgeError."""
    registry = Registry()
    load_drivers(registry)
    device = Device(registry.driver("yeelight"), Record(addresses=(address,)))
    await device.check(address)  # from now on, `device.identity` has its id
    online = asyncio.Event()
    device.observer.on_online = online.set
    device.start()
    try:
        await online.wait()
        await device.commands.execute(Switch.on, {})
        return device.state.get(Switch.switch)
    finally:
        await device.stop()  # store `device.record.as_dict()` to use it again
