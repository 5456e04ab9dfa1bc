"""The REST switch, at its emulator."""

from collections.abc import AsyncGenerator

import pytest

from docs.examples.rest_switch import RestSwitch
from lan_edge import Address, Device, HttpOptions, RefusedError, Sighting, Switch
from tests.bundled import match
from tests.emulators.faults import HttpOverride
from tests.emulators.rest_switch import MODEL, SERVICE_TYPE, RestSwitchEmulator

from .contract import OldHttpContract, SwitchContract
from .house import driven, shows, until


@pytest.fixture
async def emulator() -> AsyncGenerator[RestSwitchEmulator]:
    async with RestSwitchEmulator(id="relay-1") as made:
        yield made


@pytest.fixture
async def device(
    emulator: RestSwitchEmulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Device]:
    monkeypatch.setattr(RestSwitch, "options", HttpOptions(timeout=0.2))
    async with driven(RestSwitch, Address(emulator.host, emulator.port), "relay-1") as made:
        yield made


class TestRestSwitch(SwitchContract, OldHttpContract):
    """What every switch does."""


def test_its_announcement_names_it_and_an_impostor_does_not_become_it() -> None:
    for device_id in ("relay-1", "somebody-else"):
        txt = {"id": device_id, "model": MODEL}
        sighting = Sighting(
            "mdns", SERVICE_TYPE, Address("10.99.0.11", 8080), "Demo relay", {"txt": txt}
        )
        (candidate,) = match(sighting)
        assert candidate.driver is RestSwitch
        assert candidate.match.unique_id == device_id
        assert candidate.match.address == Address("10.99.0.11", 8080)
        assert candidate.match.name == "Demo relay"


async def test_it_keeps_one_connection(device: Device, emulator: RestSwitchEmulator) -> None:
    for command in (Switch.on, Switch.off, Switch.on):
        await device.commands.execute(command, {})
    assert emulator.connections == (1, 1)


async def test_a_refusal_is_told(device: Device, emulator: RestSwitchEmulator) -> None:
    emulator.faults.refuse = ["POST"]
    with pytest.raises(RefusedError, match="500"):
        await device.commands.execute(Switch.on, {})
    assert device.available


async def test_a_wrong_word_shows_nothing_wrong(
    device: Device, emulator: RestSwitchEmulator
) -> None:
    await shows(device, Switch.switch, False)
    emulator.faults.override = HttpOverride(200, b"<html>on</html>")
    await until(lambda: not device.available)
    assert device.state.get(Switch.switch) is False
    emulator.faults.override = None
    await until(lambda: device.available)
