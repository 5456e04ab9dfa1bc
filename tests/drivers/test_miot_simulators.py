"""Xiaomi: our driver at the simulators of python-miio, which we did not write.

They are programs of their own, in an environment that is made once for this checkout. They are at
the port of all such devices, and have the token that is 0: so they take turns, and need that nobody
else has the port.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import socket

import pytest

from lan_edge import Address, Device, Identity, PowerMeter, Record, Switch
from lan_edge.drivers.miot import Miot
from lan_edge.drivers.miot.driver import PORT

from .foreign import environment
from .house import until
from .miio_simulator import NEW, OLD, PACKAGE, TOKEN, command

pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def python(request: pytest.FixtureRequest) -> Path:
    """Return the interpreter of the environment with python-miio."""
    return environment(Path(request.config.cache.mkdir("miio-simulators")), PACKAGE)


def is_taken() -> bool:
    """Return whether somebody has the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("0.0.0.0", PORT))
        except OSError:
            return True
    return False


@asynccontextmanager
async def simulated(python: Path, model: str, folder: Path) -> AsyncGenerator[Device]:
    """Yield a device at a simulator of a model."""
    process = await asyncio.create_subprocess_exec(*command(python, model, folder))
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
    async with simulated(python, OLD, tmp_path) as device:
        assert device.identity.model == OLD
        await device.commands.execute(Switch.on, {})
        await until(lambda: device.state.get(Switch.switch) is True)
    async with simulated(python, NEW, tmp_path) as device:
        assert device.state.get(PowerMeter.power) == 12
        for wanted in (True, False):
            await device.commands.execute(Switch.on if wanted else Switch.off, {})
            assert device.state.get(Switch.switch) is wanted
