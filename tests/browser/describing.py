"""How each walk through the dialog begins in which a device is described."""

from playwright.async_api import Locator, Page, expect

from .looks import look
from .test_first_install import choose_lan_edge, submit


async def empty_form(page: Page) -> Locator:
    """Begin to describe a device with an empty form; return the dialog, which asks how it talks."""
    dialog = await choose_lan_edge(page)
    await dialog.get_by_text("Describe an unknown device").click()
    await dialog.get_by_text("With an empty form").click()
    await expect(dialog.get_by_text("How does the device talk?")).to_be_visible()
    return dialog


async def form_for(page: Page, way: str) -> Locator:
    """Begin to describe a device that talks in a way; return the dialog, which asks where it is."""
    dialog = await empty_form(page)
    await dialog.get_by_text(way).click()
    await submit(dialog)
    return dialog


async def command(page: Page, dialog: Locator, title: str, text: str) -> None:
    """Fill in what is sent for a command, and try it."""
    await expect(dialog.get_by_text(title, exact=True)).to_be_visible()
    await dialog.locator("input[name=path]").fill("/switch")
    await dialog.locator("ha-selector-select").first.click()
    await page.get_by_text("POST", exact=True).last.click()
    await dialog.locator("textarea").fill(text)
    await submit(dialog)
    await expect(dialog.get_by_text("Did it work?")).to_be_visible()
    await expect(dialog.locator("pre").last).to_have_text(text)


async def turned_on_and_off(page: Page, dialog: Locator) -> None:
    """Say how a switch is turned on and off, and try both."""
    for title, text in (("Turn on", "on"), ("Turn off", "off")):
        await command(page, dialog, title, text)
        await look(page, None)
        await dialog.get_by_text("Yes").click()
