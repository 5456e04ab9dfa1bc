"""A relay by binary messages is described in the dialog: bytes are shown, and picked by type."""

from playwright.async_api import Locator, Page, expect
import pytest

from tests.docs.devices import Relay
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import form_for
from .looks import look
from .test_first_install import submit

HOST = "10.99.0.33"
NAME = "Attic relay"


@pytest.fixture
def _at_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the device of the examples at an address that is no loopback."""
    monkeypatch.setattr("tests.docs.devices.HOST", HOST)


async def command(page: Page, dialog: Locator, title: str, text: str) -> None:
    """Fill in the bytes of a command, and try them."""
    await expect(dialog.get_by_text(title, exact=True)).to_be_visible()
    await dialog.locator("textarea").fill(text)
    await look(page, None)
    await submit(dialog)
    await expect(dialog.get_by_text("Did it work?")).to_be_visible()


@pytest.mark.usefixtures("_at_its_address")
async def test_a_relay_by_bytes(logged_in: Page, client: Client) -> None:
    async with Relay() as device:
        dialog = await form_for(logged_in, "Binary messages over TCP")
        await dialog.locator("input[name=host]").fill(f"{HOST}:{device.port}")
        await dialog.locator("textarea").first.fill("{number:u8} 52")
        await dialog.get_by_text("What is before the length").click()
        await expect(dialog.get_by_text("Each message begins with")).to_be_visible()
        await look(logged_in, None)
        await submit(dialog)
        await expect(dialog.get_by_text("This is its answer")).to_be_visible()
        await expect(dialog.locator("pre").first).to_contain_text("52 00")
        await look(logged_in, None)
        await dialog.get_by_text("Add what the device has").click()
        await submit(dialog)  # a switch
        await dialog.locator("ha-selector-select").first.click()
        await look(logged_in, None)
        await logged_in.get_by_text("#2 bit 0 = false", exact=True).last.click()
        await look(logged_in, None)
        await submit(dialog)
        await command(logged_in, dialog, "Turn on", "{number:u8} 53 01")
        assert device.state["on"]
        await look(logged_in, None)
        await dialog.get_by_text("Yes: continue").click()
        await command(logged_in, dialog, "Turn off", "{number:u8} 53 00")
        await dialog.get_by_text("Yes: continue").click()
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("input[name=name]").fill(NAME)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == NAME)
        switch = await entity_of(client, entry["entry_id"], "switch")
        await device.change(on=True)
        await client.wait_for_state(switch, "on")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
