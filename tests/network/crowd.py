"""One device of each family in one program, so that all of them die, hang or move at once.

python -m tests.network.crowd NUMBER ADDRESS [KASA'S FOLDER]
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from datetime import timedelta
from pathlib import Path
import sys
from typing import Any

from async_upnp_client.server import SsdpAdvertisementAnnouncer

from tests.drivers.upnp_lights import DimmableLight, Light
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.kasa import KasaSimulator, Simulators
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.snapcast import SnapcastEmulator
from tests.emulators.venstar import VenstarEmulator
from tests.emulators.wemo import WemoEmulator
from tests.emulators.wiz import WizEmulator
from tests.emulators.yeelight import YeelightEmulator

SERIAL = "22141{:06}"
MAC = "a8bb5001{:04x}"
UUID = "2f402f80-da50-11e1-9b23-{:012}"
UDN = "77777777-0000-0000-0000-{:012}"
RELAY = "relay-{}"
LAMP = "0x{:016x}"
MUSIC = "music-{}"
IDS = {
    "json_bulb": UUID,
    "yeelight": LAMP,
    "kasa": MAC,
    "rest_switch": RELAY,
    "venstar": MAC,
    "wemo": f"socket-1_0-{SERIAL}",
    "upnp_light": UDN,
    "wiz": MAC,
    "snapcast": MUSIC,
}
"""What each family's device is known by; it has the number of its crowd in it."""


def unique_id(family: str, number: int) -> str:
    """Return whose a discovery card is."""
    return IDS[family].format(number + 256 * list(IDS).index(family))


def devices(number: int, host: str) -> Iterator[AbstractAsyncContextManager[Any]]:
    """Make all but the one that is a program of its own."""
    ids = {family: unique_id(family, number) for family in IDS}

    def named(family: str) -> dict[str, Any]:
        name = f"{family.replace('_', ' ').title()} {number}"
        its_id = ids[family].removeprefix("socket-1_0-")
        return {"id": its_id, "name": name, "announce": True}

    yield JsonBulbEmulator(host, 5577, **named("json_bulb"))
    yield YeelightEmulator(host, 55443, **named("yeelight"))
    yield RestSwitchEmulator(host, 8080, **named("rest_switch"))
    yield VenstarEmulator(host, 8081, **named("venstar"))
    yield WemoEmulator(host, 49153, **named("wemo"))
    yield SnapcastEmulator(host, 1705, **named("snapcast"))
    wiz = WizEmulator(host="0.0.0.0", port=38899)  # a broadcast has to reach it
    wiz.id = ids["wiz"]
    yield wiz
    yield light(host, ids["upnp_light"], f"Upnp Light {number}")


@asynccontextmanager
async def light(host: str, its_id: str, name: str) -> AsyncGenerator[Light]:
    """Serve a light, and announce it: as devices do, all of it when it starts."""
    SsdpAdvertisementAnnouncer.ANNOUNCE_INTERVAL = timedelta(seconds=1)
    told = DimmableLight.DEVICE_DEFINITION._replace(udn=f"uuid:{its_id}", friendly_name=name)
    made = Light(type("OneLight", (DimmableLight,), {"DEVICE_DEFINITION": told}), host, 8200)
    await made.start()
    await made.announce()
    yield made
    await made.stop()


async def kasa(stack: AsyncExitStack, number: int, host: str, folder: Path) -> None:
    """Start the plug of a simulator that we did not write."""
    simulators = Simulators(folder)
    stack.callback(simulators.close)
    stack.enter_context(simulators.broadcasts())
    made = KasaSimulator(simulators, host=host, port=9999)
    digits = unique_id("kasa", number).upper()
    made.mac = ":".join(digits[i : i + 2] for i in range(0, 12, 2))
    await stack.enter_async_context(made)


async def main(number: int, host: str, folder: str = "") -> None:
    """Be there until killed."""
    async with AsyncExitStack() as stack:
        for device in devices(number, host):
            await stack.enter_async_context(device)
        if folder:
            await kasa(stack, number, host, Path(folder))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
