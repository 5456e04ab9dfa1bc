"""How each walk through the dialog begins in which a device is described."""

from playwright.async_api import Locator, Page, expect

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
