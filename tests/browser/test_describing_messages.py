"""A lamp by lines of JSON is described in the dialog, and what it reports by itself is found."""

from playwright.async_api import Page, expect

from tests.emulators.json_bulb import JsonBulbEmulator
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import form_for
from .looks import look
from .test_first_install import submit

HOST, PORT = "10.99.0.32", 5577
NAME = "Cellar lamp"


async def test_what_a_lamp_sends_by_itself_is_picked(logged_in: Page, client: Client) -> None:
    async with JsonBulbEmulator(HOST, PORT) as device:
        dialog = await form_for(logged_in, "Lines of JSON over TCP")
        await dialog.locator("input[name=host]").fill(f"{HOST}:{PORT}")
        await dialog.locator("textarea").first.fill('{"id": 1, "method": "get"}')
        await dialog.get_by_text("Login", exact=True).first.click()
        await expect(dialog.get_by_text("Answer to a wrong password")).to_be_visible()
        await look(logged_in, None)
        await submit(dialog)
        await expect(dialog.get_by_text("This is its answer")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("See what it sends by itself").click()
        await expect(dialog.get_by_text("Change something at the device")).to_be_visible()
        await look(logged_in, None)
        await device.change(level=30)
        await submit(dialog)
        await expect(dialog.get_by_text("Which message do you want to use?")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text('"level": 30').first.click()
        await submit(dialog)
        await dialog.get_by_text("Add a switch, a sensor or more").click()
        await dialog.get_by_text("Sensor", exact=True).click()
        await dialog.locator("input[name=name]").fill("Level")
        await submit(dialog)
        await dialog.locator("ha-selector-select").first.click()
        await logged_in.get_by_text("level = 100", exact=True).last.click()
        await submit(dialog)
        await submit(dialog)  # what was guessed is shown once
        await expect(dialog.get_by_text("Done: add the device")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("input[name=name]").fill(NAME)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == NAME)
        sensor = await entity_of(client, entry["entry_id"], "sensor")
        await device.change(level=55)
        await client.wait_for_state(sensor, "55.0")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
