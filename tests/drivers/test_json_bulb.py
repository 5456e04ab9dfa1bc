"""The JSON bulb, at its emulator."""

from collections.abc import AsyncGenerator

import pytest

from docs.examples.json_bulb import JsonBulb
from lan_edge import Address, Device, JsonRpcOptions, RefusedError, Sighting, Switch, SwitchLevel
from tests.bundled import match
from tests.clock import now
from tests.emulators.json_bulb import TARGET, JsonBulbEmulator

from .contract import IdentityContract, SwitchContract
from .house import driven, shows


@pytest.fixture
async def emulator() -> AsyncGenerator[JsonBulbEmulator]:
    async with JsonBulbEmulator(id="bulb-1") as made:
        yield made


@pytest.fixture
async def device(
    emulator: JsonBulbEmulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Device]:
    monkeypatch.setattr(JsonBulb, "options", JsonRpcOptions(timeout=0.3))
    async with driven(JsonBulb, Address(emulator.host, emulator.port), "bulb-1") as made:
        yield made


class TestJsonBulb(SwitchContract, IdentityContract):
    """What every switch does, and every device that says who it is."""

    lie = "ignore"  # what it answers is a report of its state: that it may not be true is no OK


def test_its_announcement_names_it_and_its_port() -> None:
    headers = {"usn": f"uuid:bulb-1::{TARGET}", "x-port": "5577"}
    sighting = Sighting("ssdp", TARGET, Address("10.99.0.12", 80), "Bulb", {"headers": headers})
    (candidate,) = match(sighting)
    assert candidate.driver is JsonBulb
    assert candidate.match.unique_id == "bulb-1"
    assert candidate.match.address == Address("10.99.0.12", 5577)


async def test_a_bulb_added_by_hand_says_who_it_is(emulator: JsonBulbEmulator) -> None:
    async with driven(JsonBulb, Address(emulator.host, emulator.port)) as device:
        assert device.identity.unique_id == "bulb-1"


async def test_a_level_with_its_fade(device: Device, emulator: JsonBulbEmulator) -> None:
    await device.commands.execute(SwitchLevel.set_level, {"level": 40, "rate": 0.5})
    assert emulator.state == {"on": True, "level": 40}
    assert emulator.log[-1].params == {"level": 40, "fade": 0.5}
    await shows(device, SwitchLevel.level, 40)
    assert device.state.get(Switch.switch) is True


async def test_a_push_is_there_in_milliseconds(device: Device, emulator: JsonBulbEmulator) -> None:
    took: list[float] = []
    for level in range(10, 50):
        at = await emulator.change(level=level)
        await shows(device, SwitchLevel.level, level)
        took.append(now() - at)
    assert sorted(took)[int(len(took) * 0.95)] < 0.05


async def test_the_bulbs_own_words_for_no(device: Device, emulator: JsonBulbEmulator) -> None:
    emulator.faults.refuse = ["set"]
    with pytest.raises(RefusedError, match="refused"):
        await device.commands.execute(Switch.on, {})
    emulator.faults.clear()
    with pytest.raises(RefusedError, match="level is 1 to 100"):
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
    assert device.available


async def test_wrong_values_stay_out(device: Device, emulator: JsonBulbEmulator) -> None:
    await device.commands.execute(SwitchLevel.set_level, {"level": 40})
    for params in (b'{"on": "yes", "level": 4000}', b'{"level": true}', b"[1]", b'{"level": NaN}'):
        await emulator.inject(b'{"method": "state", "params": ' + params + b"}\n")
    await emulator.change(level=41)
    await shows(device, SwitchLevel.level, 41)
    assert device.state.get(Switch.switch) is True
    assert device.available


async def test_split_and_merged_it_is_the_same(device: Device, emulator: JsonBulbEmulator) -> None:
    emulator.faults.split, emulator.faults.merge = 7, 0.01
    await device.commands.execute(SwitchLevel.set_level, {"level": 70})
    await shows(device, SwitchLevel.level, 70)
