"""A colour lamp: its page, its dialog, and the options by which it works otherwise."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from pytest_asyncio import fixture

from tests.emulators.yeelight import HSV_MODE, YeelightEmulator
from tests.real.client import Client, until

from .adding import added_by_search, device_page, entity_of
from .looks import look

HOST = "10.99.0.15"
PORT = 55443
NAME = "Desk lamp"
LIGHT = "light.desk_lamp"


@fixture(scope="module", loop_scope="session")
async def lamp(client: Client) -> AsyncGenerator[YeelightEmulator]:
    made = YeelightEmulator(HOST, PORT, id="0x000000000458c2a1", name=NAME, announce=True)
    async with made as device, added_by_search(client, NAME) as entry_id:
        assert await entity_of(client, entry_id, "light") == LIGHT
        await client.wait_for_state(LIGHT, "off")
        yield device


async def test_its_page_and_its_dialog(
    logged_in: Page,
    client: Client,
    lamp: YeelightEmulator,
    picture: Callable[[str], Path | None],
) -> None:
    await lamp.change(on=True, ct=2700, bright=100)
    await logged_in.goto(await device_page(client, NAME))
    controls = logged_in.locator("ha-device-entities-card")
    await expect(controls.get_by_role("switch")).to_be_checked()
    await look(logged_in, None)
    await controls.get_by_text(NAME).click()
    dialog = logged_in.locator("ha-more-info-dialog")
    await dialog.locator("ha-control-slider").click()
    await expect(dialog.locator("ha-more-info-state-header").get_by_text("50%")).to_be_visible()

    async def is_dimmed() -> bool:
        return bool(lamp.state["bright"] == 50)

    await until(is_dimmed, "the lamp is dimmed")
    await dialog.get_by_role("button", name="Color", exact=True).click()
    await dialog.locator("ha-hs-color-picker").click(position={"x": 60, "y": 160})

    async def is_coloured() -> bool:
        return bool(lamp.state["color_mode"] == HSV_MODE)

    await until(is_coloured, "the lamp is in colour")
    assert lamp.state["hue"] == 180  # on the left of the wheel
    assert 55 < lamp.state["sat"] < 70
    await look(logged_in, picture("lamp"))


async def test_its_options(
    logged_in: Page,
    client: Client,
    lamp: YeelightEmulator,
    picture: Callable[[str], Path | None],
) -> None:
    await logged_in.goto("/config/integrations/integration/lan_edge")
    fade = await open_settings(logged_in)
    await expect(fade).to_have_value("0.3")
    await fade.fill("2")
    await look(logged_in, picture("options"))
    await logged_in.get_by_role("button", name="Submit").click()
    await expect(logged_in.get_by_text("Options successfully saved")).to_be_visible()
    await logged_in.get_by_role("button", name="Finish").click()
    await expect(await open_settings(logged_in)).to_have_value("2")
    await client.call("light.turn_off", LIGHT)
    told = [(r.command, r.params) for r in lamp.log if r.command != "get_prop"]
    assert told[-1] == ("set_power", ["off", "smooth", 2000])


async def open_settings(page: Page) -> Locator:
    """Open the form of the lamp's settings; return its field."""
    row = page.locator("ha-config-entry-row").filter(has_text=NAME)
    await row.get_by_role("button", name="Configure").click()
    return page.get_by_role("spinbutton", name="Fade")
