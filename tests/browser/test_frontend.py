"""The frontend of the demo, in a real browser."""

from playwright.async_api import Page, expect

from tests.real.home_assistant import PASSWORD, USER

PATIENCE = 60_000


async def test_the_demo_user_logs_in(page: Page) -> None:
    await page.goto("/")
    await page.locator("input[name=username]").fill(USER, timeout=PATIENCE)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("home-assistant-main")).to_be_attached(timeout=PATIENCE)


async def test_the_integrations_page_is_drawn(logged_in: Page) -> None:
    await logged_in.goto("/config/integrations/dashboard")
    added = logged_in.get_by_text("Add integration").first
    await expect(added).to_be_visible(timeout=PATIENCE)
