"""The light of GUPnP's tools, a UPnP stack that is not ours: found, added by its host, driven."""

from pathlib import Path
from shutil import which
import warnings

import pytest

from lan_edge import (
    Address,
    Candidate,
    Device,
    Record,
    Sighting,
    Ssdp,
    Switch,
    SwitchLevel,
    ssdp_search,
)
from lan_edge.drivers.upnp_light import UpnpLight
from tests.bundled import match
from tests.drivers.house import until
from tests.real.process import Process

from .lab import HERE, Lan

PROGRAMS = ("gupnp-network-light", "Xvfb")
SCREEN = ":77"


async def test_gupnps_light(lan: Lan, tmp_path: Path) -> None:
    if lacks := [each for each in PROGRAMS if which(each) is None]:
        warnings.warn(f"GUPnP's light skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    host = lan.join()
    screen = Process("Xvfb", SCREEN, log=tmp_path / "screen.log")
    light = Process(
        *host.via,
        "gupnp-network-light",
        log=tmp_path / "light.log",
        environment={"DISPLAY": SCREEN},
    )
    try:
        found = await searched(host.address)
        assert (found.driver, found.match.name) == (UpnpLight, "GUPnP Network Light")
        await drive(Device(UpnpLight, Record(addresses=(Address(host.address),))), found)
    finally:
        light.kill()
        screen.kill()


async def searched(host: str) -> Candidate:
    """Search until the light answers."""
    targets = {m.target for m in UpnpLight.discovery if isinstance(m, Ssdp)}
    answers: list[Sighting] = []
    for _ in range(5):
        await ssdp_search(targets, [HERE], on_sighting=answers.append)
        if found := [c for a in answers if a.address.host == host for c in match(a)]:
            return found[0]
    raise TimeoutError("no answer")


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
