"""fauxmo, which we did not write, and the WeMo emulator by the same text: SOAP written out."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
import socket
import sys
from typing import Any

import pytest

from lan_edge import Address, Device, Driver, Switch
from tests.clock import is_virtual
from tests.docs.pages import ROOT
from tests.emulators.wemo import WemoEmulator
from tests.real.devices import Plug

from .contract import IdentityContract, OldHttpContract, SwitchContract
from .described import compiled
from .house import driven, shows

TEXT = (ROOT / "tests/real/texts/fauxmo.yaml").read_text(encoding="utf-8")


def impatient() -> type[Driver[Any]]:
    """Return the text's driver, which waits shorter and polls more often."""
    driver = compiled(TEXT)
    assert driver.options is not None
    driver.options = replace(driver.options, timeout=1.0 if is_virtual() else 10.0)
    driver.poll = 0.1
    return driver


@pytest.fixture
async def fauxmo(tmp_path: Path) -> AsyncGenerator[Plug]:
    with socket.create_server(("127.0.0.4", 0)) as probe:
        host, port = probe.getsockname()
    via = (sys.executable, "-m", "tests.drivers.unicast")
    async with Plug("Plug & socket", host, tmp_path, port=port, via=via) as plug:
        yield plug


@pytest.mark.real_time
async def test_fauxmo_switches_is_followed_and_says_what_it_is(fauxmo: Plug) -> None:
    async with driven(impatient(), Address(fauxmo.host, fauxmo.port)) as device:
        for on in (True, False):
            await device.commands.execute(Switch.on if on else Switch.off, {})
            assert fauxmo.on is on
            assert device.state.get(Switch.switch) is on
        fauxmo.change(on=True)
        await shows(device, Switch.switch, True)
        identity = device.identity
        assert identity.unique_id == f"Socket-1_0-{identity.serial_number}"
        assert identity.manufacturer == "Belkin"
        assert identity.model == "Emulated Socket"


class TestTheEmulator(SwitchContract, IdentityContract, OldHttpContract):
    """Another WeMo with the same protocol, which can be told to fail."""

    @pytest.fixture
    async def emulator(self) -> AsyncGenerator[WemoEmulator]:
        async with WemoEmulator(id="w1") as made:
            yield made

    @pytest.fixture
    async def device(self, emulator: WemoEmulator) -> AsyncGenerator[Device]:
        address = Address(emulator.host, emulator.port)
        async with driven(impatient(), address, "Socket-1_0-w1") as made:
            yield made
