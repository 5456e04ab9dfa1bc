"""`lan-edge discover`: what is seen, which driver takes it, and why none does; on loopback."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from lan_edge import Address, Registry, Sighting, UdpBeacon, UdpProbe
from lan_edge.cli import discover
from lan_edge.cli.output import Output
from lan_edge.discovery.hosts import SightedHosts
from lan_edge.finder.surroundings import Surroundings
from tests.bundled import driver_for
from tests.edge.finder.bulbs import LOOPBACK, TARGET
from tests.emulators import json_bulb
from tests.emulators.json_bulb import JsonBulbEmulator

from .console import Ran, cli

DRIVER = dedent(f'''\
    """Bulb."""

    from lan_edge import Driver, JsonRpc, Profile, Ssdp, Switch, handles, register


    @register
    class Bulb(Driver[JsonRpc]):
        id = "bulb"
        discovery = (
            Ssdp(
                "{TARGET}",
                unique_id="{{usn.uuid}}",
                port="{{headers[x-port]}}",
                where={{"upnp[modelName]": "JB-*"}},
            ),
        )
        profile = Profile(Switch)

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.call("set", on=True)

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.call("set", on=False)
''')


@pytest.fixture
async def bulb(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[JsonBulbEmulator]:
    monkeypatch.setattr(json_bulb, "TARGET", TARGET)
    async with JsonBulbEmulator(id="bulb-1", name="Desk", announce=True) as made:
        yield made


async def searched(tmp_path: Path, *more: Any, text: str = DRIVER) -> Ran:
    (tmp_path / "bulb.py").write_text(text)  # a test may
    return await cli("discover", "--from", LOOPBACK, "--drivers", tmp_path / "bulb.py", *more)


async def test_a_device_and_its_driver(bulb: JsonBulbEmulator, tmp_path: Path) -> None:
    ran = await searched(tmp_path)
    assert ran.code == 0, ran.err
    [line] = [line for line in ran.out.splitlines() if line.startswith("bulb ")]
    assert line.split()[1:4] == [f"{LOOPBACK}:{bulb.port}", "Desk", "bulb-1"]


async def test_as_json(bulb: JsonBulbEmulator, tmp_path: Path) -> None:
    ran = await searched(tmp_path, "--json")
    [found] = [d for d in ran.documents if "bulb" in [each["driver"] for each in d["drivers"]]]
    assert found["source"] == "ssdp"
    assert found["kind"] == TARGET
    [taken] = [each for each in found["drivers"] if each["driver"] == "bulb"]
    assert taken["unique_id"] == "bulb-1"
    assert taken["address"] == f"{LOOPBACK}:{bulb.port}"
    assert found["reasons"] == []


@pytest.mark.real_time
async def test_why_no_driver_takes_it(bulb: JsonBulbEmulator, tmp_path: Path) -> None:
    wrong = DRIVER.replace("JB-*", "XY-*")
    ran = await searched(tmp_path, "--all", "--json", text=wrong)
    reasons = [reason for d in ran.documents for reason in d["reasons"]]
    assert "bulb: upnp[modelName] is 'JB-1', not 'XY-*'" in reasons


async def test_nothing_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def empty(_path: str | None) -> Registry:
        return Registry()

    monkeypatch.setattr(discover, "registry_with", empty)
    ran = await searched(tmp_path)
    assert ran.code == 3
    assert "No driver takes any device that was seen." in ran.err


async def test_mdns_needs_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "has_mdns", lambda: False)
    ran = await searched(tmp_path)
    assert "mDNS is left out: it needs `pip install lan-edge[mdns]`" in ran.err


async def test_an_address_that_is_not_ours() -> None:
    ran = await cli("discover", "--from", "192.0.2.1")
    assert ran.code == 2
    assert "192.0.2.1 is no IPv4 address of this machine" in ran.err


@pytest.mark.real_time
async def test_a_device_at_our_own_address_says_so(
    bulb: JsonBulbEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_beside(self: Surroundings, hosts: SightedHosts) -> None:
        hosts.own, hosts.beside_hub = {LOOPBACK}, self.beside_hub

    monkeypatch.setattr(Surroundings, "describe_to", not_beside)
    ran = await searched(tmp_path, "--all")
    assert (
        f"bulb: a device cannot be sighted at {LOOPBACK}:{bulb.port}: {LOOPBACK} is this machine's"
        " own address; --beside-hub finds devices there"
    ) in ran.out
    ran = await searched(tmp_path, "--beside-hub")
    assert f"{LOOPBACK}:{bulb.port}" in ran.out


def test_how_a_device_was_seen_is_said_in_words() -> None:
    beacon, probe = UdpBeacon(7313, unique_id="{beacon[id]}"), UdpProbe(38100, b"?")
    here = Address("192.0.2.4")
    for source, kind, words in (
        ("beacon", beacon.kind, "beacon to UDP port 7313"),
        ("probe", probe.kind, "answer to a probe of UDP port 38100"),
        ("mdns", "_relay._tcp.local.", "mdns _relay._tcp.local."),
    ):
        [line, *_] = discover._lines(Sighting(source, kind, here, "", {}), [], [], Output())
        assert line.endswith(f"  {words}")


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "1e9", "soon"])
async def test_a_time_that_makes_no_sense(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        await cli("discover", f"--seconds={seconds}")
    assert ended.value.code == 2
    assert "--seconds" in capsys.readouterr().err


async def test_what_has_a_driver_of_its_own_is_left_to_it_by_a_general_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Yeelight answers what all of Xiaomi's devices answer, too."""

    async def both(_path: str | None) -> Registry:
        registry = Registry()
        for driver in (driver_for("miot"), driver_for("yeelight")):
            registry.add(driver)
        return registry

    async def seen(
        _registry: Registry, _around: Surroundings, keep: Callable[[Sighting], None], **_: Any
    ) -> None:
        headers = {"id": "0x2", "name": "Hall", "model": "color", "support": "x", "fw_ver": "1"}
        lamp = Address("192.0.2.7", 55443)
        keep(Sighting("ssdp", "wifi_bulb", lamp, "Hall", {"headers": headers}))
        for n in (7, 8):
            reply = {"reply": {"did": f"4821442{n}"}}
            keep(Sighting("probe", probe.kind, Address(f"192.0.2.{n}", 54321), "", reply))

    [probe] = (each for each in driver_for("miot").discovery if isinstance(each, UdpProbe))
    monkeypatch.setattr(discover, "registry_with", both)
    monkeypatch.setattr(discover, "search", seen)
    ran = await searched(tmp_path)
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["yeelight", "192.0.2.7:55443"],
        ["miot", "192.0.2.8:54321"],
    ]
    assert "1 more that no driver takes" in ran.err
    ran = await searched(tmp_path, "--all")
    assert "miot: the device has a driver of its own" in ran.out
