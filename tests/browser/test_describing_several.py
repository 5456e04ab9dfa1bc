"""What a device measures is added in one step, as what it seems to be."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from playwright.async_api import Page, expect

from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import empty_form
from .looks import look
from .test_first_install import submit

HOST = "10.99.0.36"
NAME = "Garage"
STATE = {"temp": 14.5, "humid": 60.2, "rssi": -58, "dist": 118, "obstruct": False, "fwv": "1.2.5"}
PICKED = ("temp = 14.5", "rssi = -58", "dist = 118", "obstruct = false")

type Picture = Callable[[str], Path | None]


@asynccontextmanager
async def garage() -> AsyncGenerator[None]:
    """Run a device that says what it measures."""

    async def report(_request: web.Request) -> web.Response:
        return web.json_response(STATE)

    app = web.Application()
    app.router.add_get("/jc", report)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 80).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_several_values(logged_in: Page, client: Client, picture: Picture) -> None:
    async with garage():
        dialog = await empty_form(logged_in)
        await submit(dialog)
        await dialog.locator("input[name=host]").fill(HOST)
        await dialog.locator("input[name=path]").fill("/jc")
        await submit(dialog)
        await dialog.get_by_text("Add several values that are only shown").click()
        for shown in PICKED:
            await dialog.get_by_text(shown).click()
        await look(logged_in, picture("describe-several"))
        await submit(dialog)
        for name in ("Temperature (°C)", "Signal strength (dBm)", "Dist", "Obstruct"):
            await expect(dialog.get_by_text(name, exact=True)).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("input[name=name]").fill(NAME)
        await look(logged_in, None)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == NAME)
        await entity_of(client, entry["entry_id"], "binary_sensor")
        await client.wait_for_state("sensor.garage_temperature", "14.5")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
