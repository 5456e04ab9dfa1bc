"""Xiaomi's devices as python-miio plays them: what its simulators are started with.

They are at the port of all such devices, on every address of their host, and have the token that
is 0. The ids of the devices are from their models.
"""

import json
from pathlib import Path
from typing import Any

PACKAGE = "python-miio==0.6.0.dev0"
CLI = """
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())  # newer Pythons make none by themselves
from miio.cli import create_cli
create_cli()
"""
TOKEN = "0" * 32
OLD, NEW = "chuangmi.plug.m1", "cuco.plug.v3"
"""The models: one is asked by names, the other by numbers."""
OLD_PLUG = """
models:
  - model: chuangmi.plug.m1
type: plug
properties:
  - {name: power, type: str_bool, value: "off", setter: set_power}
  - {name: temperature, type: int, value: 31}
"""


def command(python: Path, model: str, folder: Path) -> tuple[str, ...]:
    """Return what starts the simulator of a model; its file is written to a folder."""
    kind, text = ("miio", OLD_PLUG) if model == OLD else ("miot", specification())
    file = folder / f"{model}.{'yaml' if model == OLD else 'json'}"
    file.write_text(text)
    simulator = ("devtools", f"{kind}-simulator", "--file", str(file), "--model", model)
    return (str(python), "-c", CLI, *simulator)


def numbered(kind: str, number: int, **more: Any) -> dict[str, Any]:
    """Return a part of a specification."""
    urn = f"urn:miot-spec-v2:{kind}:00000000:cuco-v3:1"
    return {"iid": number, "type": urn, "description": kind, **more}


def specification() -> str:
    """Return a plug that measures its power."""
    switch = numbered("property:on", 1, format="bool", access=["read", "write", "notify"])
    limits = {"format": "uint16", "access": ["read"], "value-range": [12, 12, 1]}
    services = [
        numbered("service:switch", 2, properties=[switch]),
        numbered("service:power", 11, properties=[numbered("property:power", 2, **limits)]),
    ]
    device = numbered("device:outlet", 0, services=services)
    return json.dumps({key: value for key, value in device.items() if key != "iid"})
