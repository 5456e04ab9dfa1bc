"""Pushes of the JSON bulb."""

import json
from typing import Any

from tests.emulators.device import EmulatedDevice


async def push(device: EmulatedDevice[Any], **params: Any) -> None:
    """Have a device say something by itself."""
    line = json.dumps({"method": "state", "params": params})
    await device.inject(line.encode() + b"\n")
