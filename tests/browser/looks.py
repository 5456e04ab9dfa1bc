"""How a page looks on a desk and on a phone: what is wrong with it, and pictures of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, ViewportSize

from tests.real.client import until

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
DRAWN = 15.0
"""Seconds in which a page is drawn: what moves may be cut, and a busy machine is slow."""
STILL = 1500
"""Milliseconds until nothing moves on a page any more, for pictures only."""

# The keys of texts that are missing, fields without a name, texts that are cut or stick out.
# Users write {number}, {value} and those of a login themselves.
FLAWS = r"""
() => {
  const flaws = [];
  const KEY = /component\.|lan_edge\.|^\w+_\w+$|^(ui|state)\.\w+\.|\{\w+\}/;
  const isKey = (text) => KEY.test(text.replace(/\{(number|value|username|password)\}/g, ""));
  const look = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = texts.map((node) => node.textContent.trim()).join("");
    if (text && box.width > 1 && element.checkVisibility({visibilityProperty: true})) {
      if (isKey(text)) flaws.push(`a key: ${text}`);
      if (style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1)
        flaws.push(`cut: ${text}`);
      if (box.right > innerWidth + 1) flaws.push(`beyond the edge: ${text}`);
    }
    if (element.localName.startsWith("ha-selector-") && !element.label)
      flaws.push(`a field without a name: ${element.localName}`);
    for (const child of [...(element.shadowRoot?.children ?? []), ...element.children])
      if (!["STYLE", "SCRIPT", "HA-SIDEBAR"].includes(child.tagName)) look(child);
  };
  look(document.body);
  return flaws;
}
"""


async def flaws(page: Page) -> list[str]:
    """Return what is wrong with a page as it is now."""
    found: list[str] = await page.evaluate(FLAWS)
    return found


async def look(page: Page, picture: Path | None) -> None:
    """See that nothing is wrong with a page at both widths; take pictures if they are wanted."""
    await _look(page, picture)
    async with on_a_phone(page):
        await _look(page, picture and picture.with_stem(f"{picture.stem}-phone"))


@asynccontextmanager
async def on_a_phone(page: Page) -> AsyncGenerator[None]:
    """Have a page as narrow as on a phone for the length of a block."""
    await page.set_viewport_size(PHONE)
    yield
    await page.set_viewport_size(DESK)


async def shoot(page: Page, path: Path | None) -> None:
    """Take a picture once the page stands still, if one is wanted."""
    if path:
        await page.wait_for_timeout(STILL)
        await page.screenshot(path=path)


async def _look(page: Page, path: Path | None) -> None:
    found: list[str] = []

    async def flawless() -> bool:
        found[:] = await flaws(page)
        return not found

    try:
        await until(flawless, "the page looks right", DRAWN)
    except TimeoutError:
        raise AssertionError(f"{page.viewport_size}: {found}") from None
    await shoot(page, path)
