"""A relay that posts is described in the dialog: its URL is shown, and what it sent is picked."""

from playwright.async_api import Page, expect

from tests.emulators.posting_relay import PostingRelay
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import form_for
from .looks import look
from .test_first_install import submit

HOST, PORT = "10.99.0.33", 8082
NAME = "Gate relay"


async def test_a_relay_that_posts_to_a_url(logged_in: Page, client: Client) -> None:
    async with PostingRelay(HOST, PORT, id="gate-7") as device:  # the demo relay has the usual one
        dialog = await form_for(logged_in, "HTTP, and it reports changes to a URL")
        await dialog.locator("input[name=host]").fill(f"{HOST}:{PORT}")
        await dialog.locator("input[name=path]").fill("/relay")
        await look(logged_in, None)
        await submit(dialog)
        await expect(dialog.get_by_text("The device has answered")).to_be_visible()
        await dialog.get_by_text("See what it sends by itself").click()
        await expect(dialog.get_by_text("Enter this URL in the device")).to_be_visible()
        await look(logged_in, None)
        device.url = (await dialog.locator("ha-markdown code").first.inner_text()).strip()
        await device.change(on=True)
        await submit(dialog)
        await expect(dialog.get_by_text("Which message do you want to use?")).to_be_visible()
        await dialog.get_by_text('"on": true').first.click()
        await submit(dialog)
        await dialog.get_by_text("Add a switch, a sensor or more").click()
        await dialog.get_by_text("Binary sensor", exact=True).click()
        await dialog.locator("input[name=name]").fill("Open")
        await submit(dialog)
        await submit(dialog)  # nothing is preset
        await expect(dialog.locator("ha-alert")).to_be_visible()
        await dialog.locator("ha-selector-select").first.click()
        await logged_in.get_by_text("on = false", exact=True).last.click()
        await submit(dialog)
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("ha-selector-boolean ha-switch").first.click()  # read more first
        await submit(dialog)
        await expect(dialog.get_by_text("Another request")).to_be_visible()
        await dialog.locator("input[name=path]").fill("/relay")
        await submit(dialog)
        await dialog.get_by_text("Done: add the device").click()
        await look(logged_in, None)
        await dialog.locator("input[name=name]").fill(NAME)
        await submit(dialog)
        await expect(dialog.get_by_text("The device reports its changes to it")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"].startswith(NAME))
        sensor = await entity_of(client, entry["entry_id"], "binary_sensor")
        for is_on in (False, True):
            await device.change(on=is_on)
            await client.wait_for_state(sensor, "on" if is_on else "off")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
