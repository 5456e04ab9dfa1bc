"""What the pages print is what runs, and they name one address of the repository."""

import asyncio
import json
from pathlib import Path
import re
from types import ModuleType
from typing import Any

import pytest

from lan_edge import Address, Device, Driver, Identity, Record, Switch
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
PRINTED = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```\n<!-- /file -->", re.DOTALL)


def printed_drivers(page: str) -> dict[str, type[Driver[Any]]]:
    """Return the drivers a page prints, loaded from the print and not from their files."""
    found: dict[str, type[Driver[Any]]] = {}
    for path, code in PRINTED.findall((ROOT / page).read_text()):
        module = ModuleType("printed")
        exec(compile(code.replace("@register\n", ""), path, "exec"), vars(module))  # noqa: S102
        own = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, Driver)]
        found[Path(path).stem] = own[-1]
    return found


async def test_the_readmes_driver_switches_a_switch() -> None:
    drivers = printed_drivers("README.md")
    async with RestSwitchEmulator(id="r1") as switch:
        await turn_on(drivers["rest_switch"], Record(Identity("r1"), address(switch)))
        assert switch.state == {"on": True}


@pytest.mark.parametrize("page", ["docs/writing-a-driver.md"])
async def test_the_pages_bulb_driver_lights_a_bulb(page: str) -> None:
    drivers = printed_drivers(page)
    async with JsonBulbEmulator(id="b1") as bulb:
        await turn_on(drivers["json_bulb"], Record(Identity("b1"), address(bulb)))
        assert bulb.state["on"] is True


def test_every_page_names_the_repository_alike() -> None:
    manifest = json.loads((ROOT / "custom_components/lan_edge/manifest.json").read_text())
    home = manifest["documentation"]
    assert manifest["issue_tracker"] == f"{home}/issues"
    texts = {p: p.read_text() for p in (*PAGES, ROOT / "pyproject.toml")}
    for path, text in texts.items():
        for found in re.findall(r"https://github\.com/[\w-]+/lan[-_]?edge", text):
            assert found == home, path
    assert f"owner={home.split('/')[3]}&repository={home.split('/')[4]}" in texts[PAGES[0]]


def test_every_link_to_a_file_leads_there() -> None:
    for page in PAGES:
        prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def address(device: RestSwitchEmulator | JsonBulbEmulator) -> tuple[Address, ...]:
    """Return where an emulator is."""
    return (Address(device.host, device.port),)


async def turn_on(driver: type[Driver[Any]], record: Record) -> None:
    """Connect, turn on, and end."""
    device = Device(driver, record)
    identity = await device.check(record.addresses[0])
    assert identity.unique_id == record.identity.unique_id
    online = asyncio.Event()
    device.observer.on_available = online.set
    device.start()
    try:
        async with asyncio.timeout(5):
            await online.wait()
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
    finally:
        await device.stop()
