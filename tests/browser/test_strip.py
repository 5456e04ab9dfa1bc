"""A power strip: its page, and that of an outlet, which is a device of its own."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import warnings

from playwright.async_api import Page, expect
import pytest
from pytest_asyncio import fixture

from tests.emulators.kasa import PACKAGE, KasaSimulator, Simulators, missing
from tests.real.client import Client, until

from .adding import added_at, device_page, entity_of
from .looks import look

HOST = "10.99.0.17"
PORT = 9999
NAME = "Power strip"
OUTLETS = ("Amplifier", "Console", "Printer", "Router", "Screen", "Television")
TELEVISION = {"voltage": 230.4, "current": 0.413, "power": 94.2, "total": 51.49}


@fixture(scope="module", loop_scope="session")
async def strip(client: Client, pytestconfig: pytest.Config) -> AsyncGenerator[KasaSimulator]:
    assert pytestconfig.cache
    folder = pytestconfig.cache.mkdir("kasa-simulator")
    if missing() or not (folder / "node_modules" / PACKAGE.partition("@")[0]).exists():
        lacks = f"no node, or {PACKAGE} not installed yet"  # which the drivers' tests do
        warnings.warn(f"the strip's page skipped: {lacks}", stacklevel=1)
        pytest.skip(lacks)
    simulators = Simulators(folder)
    try:
        async with KasaSimulator(simulators, "hs300", HOST, PORT, alias=NAME) as strip:
            await plug_in(strip)
            async with added_at(client, "kasa", HOST) as entry_id:
                await client.wait_for_state(await entity_of(client, entry_id, "switch"), "off")
                yield strip
    finally:
        simulators.close()


async def plug_in(strip: KasaSimulator) -> None:
    """Give the outlets their names, and one something that takes power."""
    outlets = dict(zip(OUTLETS, strip.data["children"], strict=True))
    await strip.change(children={o: {"sysinfo": {"alias": name}} for name, o in outlets.items()})
    await strip.change(children={outlets["Television"]: {"emeter": {"realtime": TELEVISION}}})


async def test_the_pages_of_a_strip_and_of_its_outlet(
    logged_in: Page,
    client: Client,
    strip: KasaSimulator,
    picture: Callable[[str], Path | None],
) -> None:
    await logged_in.goto(await device_page(client, NAME))
    for outlet in OUTLETS:
        await expect(logged_in.get_by_text(outlet)).to_be_visible()
    await look(logged_in, picture("strip"))
    await logged_in.get_by_text("Television").click()
    await expect(logged_in.get_by_text("Part of")).to_be_visible()
    controls = logged_in.locator("ha-device-entities-card")
    for shown in ("0.41 A", "51.49 kWh", "94.2 W", "230 V"):
        await expect(controls.get_by_text(shown)).to_be_visible()
    await logged_in.locator("ha-entity-toggle").click()

    async def is_on() -> bool:
        *_, television = strip.data["children"].values()
        return bool(television["sysinfo"]["state"] == 1)

    await until(is_on, "the outlet is on")
    await expect(controls.get_by_role("switch")).to_be_checked()
    await look(logged_in, picture("outlet"))
