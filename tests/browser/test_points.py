"""What the points of a Tuya device mean: seen, and corrected, in *Configure*."""

from playwright.async_api import Page, expect
import pytest

from tests.emulators.tuya import ID, KEY, TuyaEmulator
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .looks import look
from .test_first_install import DASHBOARD, PAGE, PATIENCE, submit

HOST, PORT = "10.99.0.34", 6668
POINTS = {"1": False, "101": 215}


@pytest.mark.timeout(300)  # a long walk, for a busy machine
async def test_the_meaning_of_a_point_is_corrected(logged_in: Page, client: Client) -> None:
    await client.add_lan_edge()
    async with TuyaEmulator(
        POINTS, version="3.4", host=HOST, port=PORT, announce=True, most_clients=4
    ):
        await client.wait_for_card(lambda card: ID in str(card["context"]), PATIENCE / 1000)
        await logged_in.goto(DASHBOARD)
        card = logged_in.locator("ha-config-flow-card").filter(has_text="Tuya")
        await card.get_by_role("button", name="Add").click(timeout=PATIENCE)
        dialog = logged_in.locator("dialog-data-entry-flow")
        await submit(dialog)
        await dialog.locator("input").fill(KEY, timeout=PATIENCE)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click(timeout=PATIENCE)
        entry = next(one for one in await client.entries() if one["title"] != "LAN Edge")
        await client.wait_for_state(await entity_of(client, entry["entry_id"], "switch"), "off")
        await logged_in.goto(PAGE)
        row = logged_in.locator("ha-config-entry-row", has_text=entry["title"])
        await row.locator("ha-icon-button").nth(1).click()  # Configure
        await dialog.get_by_text("What its points mean").click()
        await expect(dialog.get_by_text("1 = false (Switch)")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("101 = 215").click()
        await submit(dialog)
        await expect(dialog.get_by_text("LAN Edge takes it for: unknown")).to_be_visible()
        await dialog.locator("ha-selector-select").first.click()
        await logged_in.keyboard.type("Temperature")  # the list is longer than what is drawn of it
        await logged_in.get_by_text("Temperature in °C").last.click()
        await dialog.locator("ha-selector-number input").first.fill("10")
        await look(logged_in, None)
        await submit(dialog)
        await expect(dialog.get_by_text("What the points mean")).to_be_visible()
        await look(logged_in, None)
        sensor = await entity_of(client, entry["entry_id"], "sensor")
        await client.wait_for_state(sensor, "21.5")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
