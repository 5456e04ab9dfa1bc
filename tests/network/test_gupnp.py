"""The light of GUPnP's tools, a UPnP stack that is not ours: found, added by its host, driven."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which
from typing import Any
import warnings

import pytest

from lan_edge import (
    Address,
    Candidate,
    Device,
    Driver,
    Listener,
    ListenerSettings,
    Record,
    Registry,
    Runtime,
    Sighting,
    Ssdp,
    Switch,
    SwitchLevel,
    ssdp_search,
)
from lan_edge.drivers.upnp_light import UpnpLight
from tests.bundled import REGISTRY
from tests.docs.pages import driver_of
from tests.drivers.house import until
from tests.real.process import Process

from .lab import HERE, Host, Lan

PROGRAMS = ("gupnp-network-light", "Xvfb")
SCREEN = ":77"


@pytest.fixture
def light(lan: Lan, tmp_path: Path) -> Iterator[Host]:
    """Run it on a host of its own, in a window on a screen that nobody sees."""
    if lacks := [each for each in PROGRAMS if which(each) is None]:
        warnings.warn(f"GUPnP's light skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    host = lan.join()
    screen = Process("Xvfb", SCREEN, log=tmp_path / "screen.log")
    program = Process(
        *host.via,
        "gupnp-network-light",
        log=tmp_path / "light.log",
        environment={"DISPLAY": SCREEN},
    )
    try:
        yield host
    finally:
        program.kill()
        screen.kill()


async def searched(driver: type[Driver[Any]], registry: Registry, host: str) -> Candidate:
    """Search until the light answers."""
    targets = {m.target for m in driver.discovery if isinstance(m, Ssdp)}
    answers: list[Sighting] = []
    for _ in range(5):
        await ssdp_search(targets, [HERE], on_sighting=answers.append)
        seen = [a for a in answers if a.address.host == host]
        if candidates := [c for a in seen for c in registry.match(a)]:
            return candidates[0]
    raise TimeoutError("no answer")


async def test_gupnps_light(light: Host) -> None:
    candidate = await searched(UpnpLight, REGISTRY, light.address)
    assert (candidate.driver, candidate.match.name) == (UpnpLight, "GUPnP Network Light")
    await drive(Device(UpnpLight, Record(addresses=(Address(light.address),))), candidate)


async def drive(device: Device, found: Candidate) -> None:
    """Connect by its host alone, which does not say where its description is; then command it."""
    device.start()
    try:
        await until(lambda: device.available)
        assert device.identity.unique_id == found.match.unique_id
        await device.commands.execute(Switch.on, {})
        await device.commands.execute(SwitchLevel.set_level, {"level": 40})
        await until(lambda: device.state.get(SwitchLevel.level) == 40)
        assert device.state.get(Switch.switch) is True
    finally:
        await device.stop()


@asynccontextmanager
async def driven(found: Candidate) -> AsyncGenerator[Device]:
    """Drive it by what was found, with a listener for its events."""
    runtime = Runtime(listener=Listener(ListenerSettings(host=HERE, port=0)))
    device = Device(found.driver, Record(addresses=(found.match.address,)), runtime=runtime)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        await until(lambda: device.driver.io.reconcile)  # the first event has come
        yield device
    finally:
        await device.stop()
        await runtime.close()
    assert device.counts["driver_errors"] == {}
    assert device.counts["ignored_messages"] == {}
    assert device.state.rejected == {}


def shown(device: Device) -> tuple[bool | None, int | None]:
    return device.state.get(Switch.switch), device.state.get(SwitchLevel.level)


async def test_by_the_example_of_the_documentation(light: Host) -> None:
    """It is never polled here: what another one does is heard by events."""
    driver, registry = driver_of("gupnp_light.py"), Registry()
    driver.poll = None
    registry.add(driver)
    candidate = await searched(driver, registry, light.address)
    async with driven(candidate) as device, driven(candidate) as other:
        assert device.identity.unique_id == candidate.match.unique_id
        assert device.identity.model == "Network Light"
        for on, level in ((True, 40), (False, 75), (True, 5)):
            await device.commands.execute(Switch.on if on else Switch.off, {})
            await device.commands.execute(SwitchLevel.set_level, {"level": level})
            assert shown(device) == (on, level)
            await until(lambda: shown(other) == (on, level))  # noqa: B023  # waited for here
