"""A device is described with what its owner has already, as it is seen in the browser."""

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.emulators.rest_switch import RestSwitchEmulator
from tests.homeassistant.describing.documents import SWITCH_DOCUMENT
from tests.real.client import Client

from .adding import ENTRY, entity_of
from .describing import turned_on_and_off
from .looks import look
from .test_first_install import choose_lan_edge, submit

HOST = "10.99.0.32"
NAME = "Garden relay"

type Picture = Callable[[str], Path | None]


async def switched(client: Client, device: RestSwitchEmulator) -> None:
    """See that the device that was added is turned on, and remove it."""
    entry = next(one for one in await client.entries() if one["title"] == NAME)
    switch = await entity_of(client, entry["entry_id"], "switch")
    await client.wait_for_state(switch, "off")
    await client.call("switch.turn_on", switch)
    await client.wait_for_state(switch, "on")
    assert device.state["on"]
    await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")


async def begin(page: Page, way: str, picture: Path | None = None) -> Locator:
    """Begin to describe a device; return the dialog."""
    dialog = await choose_lan_edge(page)
    await dialog.get_by_text("Describe an unknown device").click()
    await expect(dialog.get_by_text("How do you want to begin?")).to_be_visible()
    await look(page, picture)
    await dialog.get_by_text(way).click()
    return dialog


async def log_in(dialog: Locator) -> None:
    """Fill in the login, and go on."""
    await dialog.locator("input[name=username]").fill("admin")
    await dialog.locator("input[name=password]").fill("s3cret")
    await submit(dialog)


async def test_a_curl_command(logged_in: Page, client: Client, picture: Picture) -> None:
    async with RestSwitchEmulator(HOST, 80, login="admin:s3cret") as device:
        dialog = await begin(logged_in, "With a curl command", picture("describe-begin"))
        await dialog.locator("textarea").fill("wget x")
        await submit(dialog)
        await expect(dialog.get_by_text("it has no command line of curl")).to_be_visible()
        await look(logged_in, None)
        await dialog.locator("textarea").fill(f"curl -s -u admin:s3cret http://{HOST}/switch")
        await submit(dialog)
        await expect(dialog.get_by_text("Where is the device?")).to_be_visible()
        await expect(dialog.get_by_text("GET /switch")).to_be_visible()
        await expect(dialog.get_by_text("--silent")).to_be_visible()
        await look(logged_in, picture("describe-access"))
        await submit(dialog)
        await expect(dialog.get_by_text("Still missing: username, password")).to_be_visible()
        await log_in(dialog)
        await expect(dialog.get_by_text("The device has answered")).to_be_visible()
        await look(logged_in, None)
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
        await switched(client, device)


async def test_an_openapi_document(logged_in: Page, client: Client, picture: Picture) -> None:
    async with RestSwitchEmulator(HOST, 80, login="admin:s3cret") as device:
        dialog = await begin(logged_in, "With an OpenAPI document")
        await look(logged_in, None)
        await dialog.locator("textarea").fill(SWITCH_DOCUMENT)
        await submit(dialog)
        await expect(dialog.get_by_text("What do you want to use?")).to_be_visible()
        await look(logged_in, picture("describe-pick"))
        await submit(dialog)
        await expect(dialog.get_by_text("This must not be empty")).to_be_visible()
        await dialog.get_by_text("Switch: Switch, POST /switch").click()
        await look(logged_in, None)
        await submit(dialog)
        await dialog.locator("input[name=host]").fill(HOST)
        await log_in(dialog)
        await expect(dialog.get_by_text("Done: add the device")).to_be_visible()
        await look(logged_in, None)
        await dialog.get_by_text("Done: add the device").click()
        await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click()
        await switched(client, device)
