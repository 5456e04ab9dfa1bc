"""A device that somebody else has described is picked from the list, on any Home Assistant."""

import time

from playwright.async_api import Page, expect

from lan_edge import Address
from tests.emulators.published.go_e import GoECharger
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .looks import look
from .test_first_install import choose_lan_edge, submit

HOST = "10.99.0.33"


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
