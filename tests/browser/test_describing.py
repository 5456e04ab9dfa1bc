"""A device that no driver supports is described in the dialog, up to its switch."""

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.emulators.rest_switch import RestSwitchEmulator
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import command, empty_form, turned_on_and_off
from .looks import look
from .test_first_install import submit

HOST, NOWHERE = "10.99.0.31", "10.99.0.99"
NAME = "Garden relay"

type Picture = Callable[[str], Path | None]


async def test_a_switch_is_described(logged_in: Page, client: Client, picture: Picture) -> None:
    async with RestSwitchEmulator(HOST, 80) as device:
        dialog = await empty_form(logged_in)
        await look(logged_in, picture("describe-talks"))
        await submit(dialog)
        address, path = dialog.locator("input[name=host]"), dialog.locator("input[name=path]")
        await address.fill(NOWHERE)
        await submit(dialog)
        await expect(dialog.get_by_text("The device cannot be reached")).to_be_visible()
        await look(logged_in, None)
        await address.fill(HOST)
        await path.fill("/state")
        await submit(dialog)
        await expect(dialog.get_by_text("GET /state: status 404")).to_be_visible()
        await path.fill("/switch")
        await submit(dialog)
        await expect(dialog.get_by_text("The device has answered")).to_be_visible()
        await look(logged_in, picture("describe-answer"))
        await dialog.get_by_text("add what the device has").click()
        await expect(dialog.get_by_text("Binary sensor")).to_be_visible()
        await look(logged_in, None)
        await submit(dialog)
        value = dialog.locator("ha-selector-select").first
        await value.click()
        await logged_in.get_by_text('"off"').last.click()
        # what is picked is shown in words, not as it is stored
        await expect(value).to_contain_text('"off"')
        await look(logged_in, None)
        await submit(dialog)
        await turned_on_and_off(logged_in, dialog)
        await expect(dialog.get_by_text("Done: add the device")).to_be_visible()
        await look(logged_in, picture("describe-overview"))
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("input[name=name]").fill(NAME)
        await look(logged_in, None)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == NAME)
        switch = await entity_of(client, entry["entry_id"], "switch")
        await client.wait_for_state(switch, "off")
        await client.call("switch.turn_on", switch)
        await client.wait_for_state(switch, "on")
        assert device.state["on"]
        await changed(logged_in, picture)
        await entity_of(client, entry["entry_id"], "button")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")


async def changed(page: Page, picture: Picture) -> None:
    """Give the device a button, from its entry."""
    await page.goto("/config/integrations/integration/lan_edge")
    entry = page.locator("ha-config-entry-row", has_text=NAME)
    await entry.locator("ha-icon-button").nth(1).click()  # Configure
    dialog = page.locator("dialog-data-entry-flow")
    await dialog.get_by_text("Change what the device has").click()
    await expect(dialog.get_by_text("Done: save")).to_be_visible()
    await look(page, picture("describe-change"))
    await dialog.get_by_text("Add a switch, a sensor or more").click()
    await dialog.get_by_text("Button", exact=True).click()
    await dialog.locator("input[name=name]").fill("Rinse")
    await submit(dialog)
    await command(page, dialog, "Press", "on")
    await dialog.get_by_text("Yes").click()
    await dialog.get_by_text("Done: save").click()
    await expect(dialog.get_by_text("Buttons")).to_be_visible()
    await look(page, None)
    await submit(dialog)
    await expect(dialog.get_by_text("Success", exact=True)).to_be_visible()
