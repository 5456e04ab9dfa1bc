"""`lan-edge identify`: who is at an address."""

from pathlib import Path
from typing import Any

from .console import cli


async def test_a_device_of_a_driver_file(driver: Path, device: Any, host: str) -> None:
    ran = await cli("identify", host, "--drivers", driver)
    assert ran.code == 0
    assert ran.out.splitlines()[0].split() == ["garage_door", "0001"]


async def test_as_json(driver: Path, device: Any, host: str) -> None:
    ran = await cli("identify", host, "--drivers", driver, "--json")
    first, *others = ran.documents
    assert (first["driver"], first["matches"]) == ("garage_door", True)
    assert first["identity"]["unique_id"] == "0001"
    assert others
    assert not any(other["matches"] for other in others)
    assert all(other["reason"] for other in others)


async def test_nothing_is_there(device: Any, host: str) -> None:
    await device.__aexit__()
    ran = await cli("identify", host)
    assert ran.code == 3
    assert "Nothing at " in ran.err


async def test_an_address_that_is_none() -> None:
    unsayable = ("a..b", "a" * 70, "\udcff")
    for text in ("lamp:http", "[lamp]:80", "1.2.3.4:99999", ":80", "a b:c", *unsayable):
        ran = await cli("identify", text)
        assert ran.code == 2, text
        assert "is no address" in ran.err


async def test_an_address_that_only_one_network_has() -> None:
    for text in ("fe80::1", "fe80::1%eth0", "[fe80::1]:80"):
        ran = await cli("identify", text)
        assert ran.code == 2, text
        assert "use another one of the device" in ran.err
