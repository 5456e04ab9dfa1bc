"""The examples of docs/discovery.md drive their devices, which are found as the page says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lan_edge import (
    Address,
    Beacons,
    Candidate,
    Device,
    Driver,
    OfflineError,
    RefusedError,
    Registry,
    Sighting,
    Switch,
    UdpBeacon,
    UdpProbe,
    UnconfirmedError,
    udp_probe,
)
from tests.drivers import house
from tests.drivers.house import until
from tests.emulators.garden_pump import GardenPumpEmulator
from tests.emulators.govee import GoveeEmulator
from tests.emulators.sonoff import SERVICE_TYPE, SonoffEmulator
from tests.ports import free_port

from . import pages

pytestmark = pytest.mark.usefixtures("nothing_left_running")

HOST = "127.0.0.62"
EVERYBODY = ("127.0.0.1", "127.255.255.255")


def example(name: str) -> type[Driver[Any]]:
    path = pages.ROOT / "docs/examples" / f"{name}.py"
    values = vars(pages.run(str(path), path.read_text())).values()
    (own,) = (v for v in values if isinstance(v, type) and v.__module__ == "printed")
    assert issubclass(own, Driver)
    return own


def registry_of(driver: type[Driver[Any]]) -> Registry:
    registry = Registry()
    registry.hosts.beside_hub = True
    registry.add(driver)
    return registry


@asynccontextmanager
async def driven(candidate: Candidate) -> AsyncGenerator[Device]:
    """Drive a device where it was found."""
    match = candidate.match
    async with house.driven(candidate.driver, match.address, match.unique_id) as device:
        yield device
    assert device.counts["driver_errors"] == {}
    assert device.state.rejected == {}


def is_on(device: Device) -> bool | None:
    return device.state.get(Switch.switch)


# state in mDNS TXT records


def announced(txt: dict[str, str], at: SonoffEmulator) -> Sighting:
    return Sighting("mdns", SERVICE_TYPE, Address(HOST, at.port), at.name, {"txt": txt})


@pytest.fixture
async def sonoff() -> AsyncGenerator[SonoffEmulator]:
    async with SonoffEmulator(HOST) as made:
        yield made


@pytest.fixture
async def switch(sonoff: SonoffEmulator) -> AsyncGenerator[Device]:
    """Yield the switch, which hears what it announces."""
    registry = registry_of(example("sonoff_switch"))
    [found] = registry.match(announced(sonoff.txt, sonoff))
    async with driven(found) as device:

        def hear(txt: dict[str, str]) -> None:
            sighting = announced(txt, sonoff)
            [candidate] = registry.match(sighting)
            device.sighted(sighting, candidate.match)

        sonoff.on_change = hear
        hear(sonoff.txt)
        yield device


@pytest.mark.parametrize("parts", [1, 4])
async def test_sonoff_is_commanded_and_followed(
    switch: Device, sonoff: SonoffEmulator, parts: int
) -> None:
    sonoff.parts = parts
    assert switch.identity.unique_id == "1000abcdef"
    assert is_on(switch) is False
    await switch.commands.execute(Switch.on, {})
    assert sonoff.state == {"on": True}
    assert is_on(switch) is True
    await sonoff.change(on=False)
    assert is_on(switch) is False
    await switch.commands.execute(Switch.on, {})
    await switch.commands.execute(Switch.off, {})
    assert is_on(switch) is False
    await until(lambda: not sonoff.connections.open)
    assert [r.command for r in sonoff.log if r.command != "info"] == ["switch"] * 3


async def test_sonoff_says_no(switch: Device, sonoff: SonoffEmulator) -> None:
    sonoff.faults.refuse = ["switch"]
    with pytest.raises(RefusedError, match="error 422"):
        await switch.commands.execute(Switch.on, {})
    sonoff.faults.refuse = []
    sonoff.faults.lie = True
    with pytest.raises(UnconfirmedError):
        await switch.commands.execute(Switch.on, {})
    assert is_on(switch) is False


async def test_sonoff_that_does_not_report_its_id(sonoff: SonoffEmulator) -> None:
    sonoff.keeps_id = True
    [found] = registry_of(example("sonoff_switch")).match(announced(sonoff.txt, sonoff))
    async with driven(found) as device:
        device.sighted(announced(sonoff.txt, sonoff), found.match)
        assert is_on(device) is False


async def test_sonoff_that_hangs_is_gone_though_somebody_announces_it(
    switch: Device, sonoff: SonoffEmulator
) -> None:
    sonoff.faults.silent = True
    for _ in range(90):
        sonoff.on_change(sonoff.txt)
        await asyncio.sleep(0.5)
        if not switch.available:
            break
    assert not switch.available
    with pytest.raises(OfflineError):
        await switch.commands.execute(Switch.on, {})


def test_sonoff_takes_at_most_25_lines() -> None:
    code = (pages.ROOT / "docs/examples/sonoff_switch.py").read_text().splitlines()
    assert len([line for line in code if line and not line.startswith(("#", '"""'))]) <= 25


# beacons


def with_ports[M: (UdpBeacon, UdpProbe)](
    monkeypatch: pytest.MonkeyPatch, driver: type[Driver[Any]], **ports: int
) -> type[Driver[Any]]:
    """Return a driver that is found at other ports, as others may use its own on this machine."""
    [matcher] = driver.discovery
    changed: Any = replace(matcher, **ports)  # type: ignore[arg-type]
    monkeypatch.setattr(driver, "discovery", (changed,))
    return driver


@pytest.fixture
def pump_driver(monkeypatch: pytest.MonkeyPatch) -> type[Driver[Any]]:
    return with_ports(monkeypatch, example("garden_pump"), beacon_port=free_port())


async def test_pump_is_found_by_its_beacon_commanded_and_followed(
    pump_driver: type[Driver[Any]],
) -> None:
    registry = registry_of(pump_driver)
    [by] = registry.matchers(UdpBeacon)
    candidates: list[Candidate] = []
    devices: list[Device] = []

    def hear(sighting: Sighting) -> None:
        for candidate in registry.match(sighting):
            candidates.append(candidate)
            for device in devices:
                device.sighted(sighting, candidate.match)

    beacons = Beacons(hear)
    await beacons.listen([by])
    try:
        async with GardenPumpEmulator(HOST, beacon_port=by.beacon_port) as pump:
            await until(lambda: candidates)
            match = candidates[0].match
            assert (match.unique_id, match.name) == ("00112233", "Pump 2233")
            assert match.address == Address(HOST, pump.port)
            async with driven(candidates[0]) as device:
                devices.append(device)
                await until(lambda: is_on(device) is False)
                await device.commands.execute(Switch.on, {})
                assert pump.running
                pump.change(running=False)
                await until(lambda: is_on(device) is False)
    finally:
        await beacons.close()


# probes by group


@pytest.fixture
def light_driver(monkeypatch: pytest.MonkeyPatch) -> type[Driver[Any]]:
    driver = example("govee_light")
    answers = free_port()
    options: Any = driver.options
    monkeypatch.setattr(driver, "options", replace(options, local_port=answers))
    return with_ports(monkeypatch, driver, probe_port=free_port(), answer_port=answers)


@pytest.mark.parametrize("answers_group", [False, True])
async def test_light_is_found_by_its_group_and_commanded(
    light_driver: type[Driver[Any]], answers_group: bool
) -> None:
    registry = registry_of(light_driver)
    [by] = registry.matchers(UdpProbe)
    ports = partial(GoveeEmulator, scan_port=by.probe_port, answer_port=by.answer_port)
    async with ports("127.0.0.1") as light:
        light.answers_group = answers_group
        [sighting] = await udp_probe([by], [EVERYBODY], timeout=0.2)
        [found] = registry.match(sighting)
        assert found.match.unique_id == light.id.lower()
        assert (found.match.name, found.match.model) == ("Govee H6072", "H6072")
        assert found.match.address == Address("127.0.0.1", 4003)
        async with driven(found) as device:
            await device.commands.execute(Switch.on, {})
            assert light.state["onOff"] == 1
            assert is_on(device) is True
            [again] = await udp_probe([by], [EVERYBODY], timeout=0.2)
            assert again.address == sighting.address


@pytest.mark.parametrize("name", ["sonoff_switch", "garden_pump", "govee_light"])
def test_the_page_prints_it(name: str) -> None:
    page = (pages.ROOT / "docs/discovery.md").read_text()
    printed = dict(pages.PRINTED.findall(page))
    path = Path(f"docs/examples/{name}.py")
    assert printed[str(path)] == (pages.ROOT / path).read_text()
