"""A device that wants a login by a request first is described in the dialog."""

from playwright.async_api import Page, expect

from tests.emulators.session_switch import PASSWORD, USER, SessionSwitchEmulator
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import form_for, turned_on_and_off
from .looks import look
from .test_first_install import submit

HOST = "10.99.0.34"
NAME = "Porch relay"


async def test_a_switch_with_a_login_by_a_request(logged_in: Page, client: Client) -> None:
    async with SessionSwitchEmulator(host=HOST, port=80) as device:
        dialog = await form_for(logged_in, "HTTP: it has paths")
        await dialog.locator("input[name=host]").fill(HOST)
        await dialog.locator("input[name=path]").fill("/switch")
        await dialog.get_by_text("Login and encryption").click()
        await dialog.locator("ha-selector-select").first.click()
        await logged_in.get_by_text("A request that logs in first").last.click()
        await submit(dialog)
        await expect(dialog.get_by_text("How do you log in to it?")).to_be_visible()
        await look(logged_in, None)
        await dialog.locator("input[name=login_path]").fill("/login")
        message = '{"user": "{username}", "password": "{password}"}'
        await dialog.locator("textarea").fill(message)
        await dialog.locator("input[name=username]").fill(USER)
        await dialog.locator("input[name=password]").fill("wrong")
        await dialog.locator("input[name=login_token]").fill("token")
        await submit(dialog)
        await expect(dialog.locator("ha-alert")).to_be_visible()
        await look(logged_in, None)
        await dialog.locator("input[name=password]").fill(PASSWORD)
        await submit(dialog)
        await expect(dialog.get_by_text("The device has answered")).to_be_visible()
        device.forget()
        await dialog.get_by_text("add what the device has").click()
        await submit(dialog)  # a switch
        await dialog.locator("ha-selector-select").first.click()
        await logged_in.get_by_text('"off"').last.click()
        await submit(dialog)
        await turned_on_and_off(logged_in, dialog)
        await dialog.get_by_text("Done: add the device").click()
        await dialog.locator("input[name=name]").fill(NAME)
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        entry = next(one for one in await client.entries() if one["title"] == NAME)
        switch = await entity_of(client, entry["entry_id"], "switch")
        await client.wait_for_state(switch, "off")
        device.forget()
        await client.call("switch.turn_on", switch)
        await client.wait_for_state(switch, "on")
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")
