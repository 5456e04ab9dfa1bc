"""Xiaomi: our driver at the simulators of python-miio, which we did not write.

They are programs of their own, in an environment that is made once for this checkout. They are at
the port of all such devices, and have the token that is 0: so they take turns, and need that nobody
else has the port.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import socket
import subprocess
import sys
from typing import Any

import pytest

from lan_edge import Address, Device, Identity, PowerMeter, Record, Switch
from lan_edge.drivers.miot import PORT, Miot

from .house import until

pytestmark = pytest.mark.real_time

PACKAGE = "python-miio==0.6.0.dev0"
CLI = """
import asyncio
asyncio.set_event_loop(asyncio.new_event_loop())  # newer Pythons make none by themselves
from miio.cli import create_cli
create_cli()
"""
TOKEN = "0" * 32
OLD_PLUG = """
models:
  - model: chuangmi.plug.m1
type: plug
properties:
  - {name: power, type: str_bool, value: "off", setter: set_power}
  - {name: temperature, type: int, value: 31}
"""


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest) -> Path:
    """Return the interpreter of the environment with python-miio."""
    folder = Path(request.config.cache.mkdir("miio-simulators")) / "venv"
    interpreter = folder / "bin/python"
    if not list(folder.glob("bin/miiocli")):
        uv = (sys.executable, "-m", "uv")
        for words in (
            ("venv", "--clear", "--python", sys.executable, folder),
            ("pip", "install", "--python", interpreter, PACKAGE),
        ):
            subprocess.run([*uv, *words], check=True, capture_output=True, timeout=300)
    return interpreter


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


def is_taken() -> bool:
    """Return whether somebody has the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("0.0.0.0", PORT))
        except OSError:
            return True
    return False


@asynccontextmanager
async def simulated(python: Path, kind: str, model: str, file: Path) -> AsyncGenerator[Device]:
    """Yield a device at a simulator of a model."""
    arguments = ("devtools", f"{kind}-simulator", "--file", str(file), "--model", model)
    process = await asyncio.create_subprocess_exec(python, "-c", CLI, *arguments)
    record = Record(Identity(), (Address("127.0.0.1", PORT),))
    device = Device(Miot, record, secrets={"token": TOKEN})
    device.start()
    try:
        async with asyncio.timeout(60):  # it begins slowly
            while not device.available:
                await asyncio.sleep(0.5)
                device.connection.sighted(*record.addresses)
        yield device
    finally:
        await device.stop()
        process.terminate()
        await process.wait()


@pytest.mark.skipif(is_taken(), reason="another program has the port")
async def test_its_simulators_are_read_and_commanded(tmp_path: Path, python: Path) -> None:
    old, new = tmp_path / "plug.yaml", tmp_path / "plug.json"
    old.write_text(OLD_PLUG)
    new.write_text(specification())
    async with simulated(python, "miio", "chuangmi.plug.m1", old) as device:
        assert device.identity.model == "chuangmi.plug.m1"
        await device.commands.execute(Switch.on, {})
        await until(lambda: device.state.get(Switch.switch) is True)
    async with simulated(python, "miot", "cuco.plug.v3", new) as device:
        assert device.state.get(PowerMeter.power) == 12
        for wanted in (True, False):
            await device.commands.execute(Switch.on if wanted else Switch.off, {})
            assert device.state.get(Switch.switch) is wanted
