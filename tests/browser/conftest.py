"""A browser and the demo of scripts/develop, in the same network of their own."""

from collections.abc import AsyncGenerator, Callable
import json
from pathlib import Path
import shutil
import warnings

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
import pytest
from pytest_asyncio import fixture, is_async_test

from tests.real.client import Client
from tests.real.demo_home import DemoHome, Hosts
from tests.real.home_assistant import CLIENT_ID, URL
from tests.real.isolated import reason_not_isolated
from tests.real.process import REPOSITORY

from .looks import DESK

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60_000
"""Milliseconds for what is to be seen: a busy machine draws slowly."""
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # in a container's namespaces it has none to offer
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all on one event loop: the demo and the browser outlive a test."""
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    for item in filter(is_async_test, here):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the screenshots of docs be taken anew; a plain run changes no file."""
    parser.addoption("--screenshots", action="store_true", help="write them to docs/images")


@pytest.fixture
def picture(pytestconfig: pytest.Config) -> Callable[[str], Path | None]:
    """Return where a screenshot goes, by name; nowhere unless they are wanted."""
    folder = REPOSITORY / "docs/images"

    def path(name: str) -> Path | None:
        return folder / f"{name}.png" if pytestconfig.getoption("--screenshots") else None

    return path


@pytest.fixture(scope="session")
def executable() -> str:
    """Return where the browser is; skip, loudly, where a test in one is not to be had."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    reason = reason_not_isolated() or (None if found else "no Chromium or Chrome installed")
    if reason or not found:
        warnings.warn(f"browser tests skipped: {reason}", stacklevel=1)
        pytest.skip(reason or "")
    return found


@fixture(scope="session", loop_scope="session")
async def home(
    executable: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[DemoHome]:
    """Return the running demo."""
    async with DemoHome(tmp_path_factory.mktemp("demo"), Hosts.isolated()) as home:
        yield home


@fixture(scope="session", loop_scope="session")
async def client(home: DemoHome) -> AsyncGenerator[Client]:
    """Return a client of its Home Assistant."""
    async with await home.home_assistant.log_in() as client:
        yield client


async def new_context(browser: Browser) -> BrowserContext:
    """Return one that knows nothing yet; what need not move does not."""
    return await browser.new_context(viewport=DESK, base_url=URL, reduced_motion="reduce")


@fixture(scope="session", loop_scope="session")
async def browser(executable: str) -> AsyncGenerator[Browser]:
    """Return a browser."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        await browser.close()


@fixture(loop_scope="session")
async def page(browser: Browser, home: DemoHome) -> AsyncGenerator[Page]:
    """Return an empty page, not logged in."""
    context = await new_context(browser)
    yield await context.new_page()
    await context.close()


@fixture(scope="session", loop_scope="session")
async def known_user(browser: Browser, client: Client) -> AsyncGenerator[BrowserContext]:
    """Return the context of the demo user, logged in: what was loaded once is kept."""
    context = await new_context(browser)
    tokens = {**client.tokens, "hassUrl": URL, "clientId": CLIENT_ID, "expires": 9999999999999}
    stored = json.dumps(json.dumps(tokens))
    await context.add_init_script(f"localStorage.setItem('hassTokens', {stored})")
    yield context
    await context.close()


@fixture(loop_scope="session")
async def logged_in(known_user: BrowserContext) -> AsyncGenerator[Page]:
    """Return an empty page that is logged in as the demo user."""
    page = await known_user.new_page()
    yield page
    await page.close()
