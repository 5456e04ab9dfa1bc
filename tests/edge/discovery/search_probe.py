"""Finds a fauxmo by our own search, switches it on, and prints what was seen, as JSON.

To be started in a network of its own (tests.real.isolated): a fauxmo joins its group on
whatever interface there is.
"""

import asyncio
from dataclasses import asdict
import json
from pathlib import Path
import sys
import tempfile
from typing import Any

from lan_edge import ssdp_search
from lan_edge.capabilities.standard import Switch
from lan_edge.drivers.wemo import BASIC
from tests.bundled import match
from tests.drivers.house import driven
from tests.real.devices import Plug
from tests.real.isolated import ADDRESS, reason_not_isolated

WILD = "urn:Belkin:device:**"


async def find(folder: Path) -> dict[str, Any]:
    """Search, and drive what was found."""
    async with Plug("Demo plug", "10.99.0.13", folder) as plug:
        sightings = await ssdp_search([BASIC, WILD, "urn:other:device:1"], [ADDRESS])
        ((driver, found),) = ((c.driver, c.match) for s in sightings for c in match(s))
        async with driven(driver, found.address, found.unique_id) as device:
            await device.commands.execute(Switch.on, {})
            return {
                "kinds": sorted(sighting.kind for sighting in sightings),
                "driver": driver.id,
                "match": asdict(found),
                "identity": asdict(device.identity),
                "on": plug.on,
            }


def main() -> None:
    """Print what was found."""
    if reason := reason_not_isolated():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(asyncio.run(find(Path(folder)))))


if __name__ == "__main__":
    main()
