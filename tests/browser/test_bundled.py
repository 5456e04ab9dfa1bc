"""A device that somebody else has described: picked from the list, or by a text that was shared."""

import time

from playwright.async_api import Page, expect

from lan_edge import Address, bundled_descriptions
from tests.emulators.published.go_e import GoECharger
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .looks import look
from .test_first_install import choose_lan_edge, submit

HOST = "10.99.0.33"
SHARED = bundled_descriptions()["go_e_charger"].replace("id: go_e_charger", "id: carport")
OTHER = SHARED.replace("id: carport", "id: other_carport")


async def test_a_charger_is_picked_from_the_list(logged_in: Page, client: Client) -> None:
    charger = GoECharger()
    charger.address = Address(HOST, 80)
    async with charger:
        began = time.monotonic()
        dialog = await choose_lan_edge(logged_in)
        await dialog.get_by_text("Enter an address").click()
        await dialog.locator("ha-selector-select").click()
        await expect(logged_in.get_by_text("Charger Gemini").last).to_be_visible()
        await logged_in.get_by_text("Charger Gemini").last.click()
        await dialog.locator("ha-selector-text input").fill(HOST)
        await look(logged_in, None)
        await submit(dialog)
        await expect(dialog.get_by_role("button", name="Skip and finish")).to_be_visible()
        print(f"picked from the list and added after {time.monotonic() - began:.1f} s")  # noqa: T201
        await look(logged_in, None)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == "Carport")
        number = await entity_of(client, entry["entry_id"], "number")
        await client.wait_for_state(number, "16")
        await client.call("number.set_value", number, value=10)
        await client.wait_for_state(number, "10")
        assert charger.state["amp"] == 10
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")


async def test_a_charger_is_added_by_a_text_that_was_shared(
    logged_in: Page, client: Client
) -> None:
    charger = GoECharger()
    charger.address = Address(HOST, 80)
    async with charger:
        began = time.monotonic()
        dialog = await choose_lan_edge(logged_in)
        await dialog.get_by_text("Describe an unknown device").click()
        await dialog.get_by_text("With a description that somebody shared").click()
        await dialog.locator("textarea").fill(SHARED)
        await submit(dialog)
        await expect(dialog.get_by_text("Configuration: Charging current")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("Save it, and add a device").click()
        await dialog.locator("ha-selector-text input").fill(HOST)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        print(f"added by its text after {time.monotonic() - began:.1f} s")  # noqa: T201
        entry = next(one for one in await client.entries() if one["title"] == "Carport")
        number = await entity_of(client, entry["entry_id"], "number")
        await client.wait_for_state(number, "16")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")


async def test_the_text_of_another_is_corrected_in_configure(
    logged_in: Page, client: Client
) -> None:
    await client.add_lan_edge()
    await logged_in.goto("/config/integrations/integration/lan_edge")
    row = logged_in.locator("ha-config-entry-row").filter(has_text="LAN Edge")
    await row.get_by_role("button", name="Configure").click()
    dialog = logged_in.locator("dialog-data-entry-flow")
    await dialog.get_by_text("Described devices").click()
    await dialog.get_by_text("Add one from a text or a URL").click()
    await dialog.locator("textarea").fill(OTHER.replace("get: /api/status", "gett: /x"))
    await submit(dialog)
    await expect(dialog.get_by_text("21 | gett: /x")).to_be_visible()
    await look(logged_in, None)
    await dialog.locator("textarea").fill(OTHER)
    await submit(dialog)
    await dialog.get_by_text("Save it", exact=True).click()
    await dialog.get_by_text("Add a device of this kind").click()
    await expect(dialog.get_by_text("Where is the device?")).to_be_visible()
    await logged_in.goto("/config/integrations/integration/lan_edge")
    await row.get_by_role("button", name="Configure").click()
    await dialog.get_by_text("Described devices").click()
    await dialog.get_by_text("Choose a description").click()
    await dialog.get_by_text("(other_carport.yaml)").click()
    await submit(dialog)
    await dialog.get_by_text("Export the text").click()
    await expect(dialog.locator("ha-code-editor").get_by_text("other_carport")).to_be_visible()
    await dialog.get_by_role("button", name="Back").click()
    await dialog.get_by_text("Delete it").click()
    await submit(dialog)
    await expect(dialog.get_by_text("Described devices", exact=True)).to_be_visible()
