"""The gate of the guide: its token is a setting that is asked for first."""

from collections.abc import AsyncGenerator

import pytest

from docs.examples.gate import Gate
from lan_edge import ContactSensor, CredentialsError, connect
from tests.edge.cli.console import cli
from tests.edge.locked import TOKEN, Locked, locked

from . import pages

FILE = pages.ROOT / "docs/examples/gate.py"


@pytest.fixture
async def gate() -> AsyncGenerator[Locked]:
    async with locked(Locked()) as device:
        yield device


async def test_with_its_token_it_is_connected(gate: Locked) -> None:
    async with connect(Gate, gate.address, settings={"token": TOKEN}) as device:
        assert device.identity.unique_id == "gate-1"
        assert device[ContactSensor].contact is True


async def test_without_it_nobody_gets_in(gate: Locked) -> None:
    with pytest.raises(CredentialsError):
        async with connect(Gate, gate.address):
            pass


async def test_on_the_command_line(gate: Locked) -> None:
    ran = await cli("run", FILE, str(gate.address), "--set", f"token={TOKEN}", typed="state\n")
    assert ran.code == 0
    assert "contactSensor.contact = open" in ran.out
    assert TOKEN not in ran.out + ran.err


async def test_it_is_said_what_is_missing(gate: Locked) -> None:
    ran = await cli("run", FILE, str(gate.address), typed="")
    assert ran.code == 5
    assert "Gate needs --set token=..." in ran.err
    assert not gate.asked


async def test_a_setting_that_it_does_not_have(gate: Locked) -> None:
    ran = await cli("run", FILE, str(gate.address), "--set", "pin=1", typed="")
    assert ran.code == 2
    assert "gate has no setting 'pin'; it has token" in ran.err


async def test_identify_takes_it_too(gate: Locked) -> None:
    asked = ("identify", str(gate.address), "--drivers", FILE)
    ran = await cli(*asked, "--set", f"token={TOKEN}")
    assert "gate-1" in ran.out
