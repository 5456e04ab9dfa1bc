"""The first minute with LAN Edge, as somebody has it who has just installed it."""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from pytest_asyncio import fixture

from tests.emulators.venstar import VenstarEmulator
from tests.emulators.yeelight import YeelightEmulator
from tests.real.client import FLOW, Client, Json
from tests.real.demo_home import DemoHome

from .adding import ENTRY, entity_of
from .looks import look

PATIENCE = 60_000
DASHBOARD = "/config/integrations/dashboard"
PAGE = "/config/integrations/integration/lan_edge"
DEVICES = ("Demo bulb", "Demo plug", "Demo relay")
BULB = "http://10.99.0.12:5577/"
NOBODY = "10.99.0.99"
LOGIN = ("lan-edge", "a long password")
LAMPS = {"10.99.0.22": "0x000000000458c2a1", "10.99.0.23": "0x000000000458d7b3"}

type Picture = Callable[[str], Path | None]


async def remove_all(client: Client) -> None:
    for entry in await client.entries():
        await client.request("DELETE", f"{ENTRY}/{entry['entry_id']}")


@fixture(loop_scope="session", autouse=True)
async def nothing_added(client: Client) -> AsyncGenerator[None]:
    """Begin and end without anything of LAN Edge."""
    await remove_all(client)
    yield
    await remove_all(client)


async def choose_lan_edge(page: Page) -> Locator:
    """Add LAN Edge among all integrations; return the dialog, which shows its menu."""
    await page.goto(DASHBOARD)
    await page.get_by_role("button", name="Add integration").click(timeout=PATIENCE)
    await page.locator("dialog-add-integration input").fill("LAN Edge")
    await page.locator("ha-integration-list-item").filter(has_text="LAN Edge").click()
    # beside what has a card already
    another = page.get_by_text("Set up another instance of LAN Edge")
    await expect(another.or_(page.locator("step-flow-menu"))).to_be_visible()
    if await another.is_visible():
        await another.click()
    return page.locator("dialog-data-entry-flow")


async def submit(dialog: Locator) -> None:
    await dialog.get_by_role("button", name="Submit").click()


async def search(dialog: Locator) -> None:
    """Search, until what was found is listed."""
    await dialog.get_by_text("Search the network").click()
    await expect(dialog.get_by_text("Devices found")).to_be_visible(timeout=PATIENCE)


async def forget(client: Client, *names: str) -> None:
    """Take away the cards of devices that are no longer there."""
    for flow in await client.discovered():
        if flow["context"]["title_placeholders"]["name"].startswith(names):
            await client.request("DELETE", f"{FLOW}/{flow['flow_id']}")


async def test_three_devices_from_one_search(
    logged_in: Page, client: Client, home: DemoHome, picture: Picture
) -> None:
    dialog = await choose_lan_edge(logged_in)
    await look(logged_in, None)
    await search(dialog)
    # nothing is said of devices that other integrations have: there are none
    await expect(dialog.get_by_text("Already in Home Assistant")).to_be_hidden()
    for name in DEVICES:
        await dialog.get_by_text(name).click()
    await look(logged_in, picture("search"))
    await submit(dialog)
    await expect(dialog.get_by_text("Added:")).to_be_visible(timeout=PATIENCE)
    for name in DEVICES:
        await expect(dialog.get_by_text(name)).to_be_visible()
    await look(logged_in, None)
    assert {entry["title"] for entry in await client.entries()} == {"LAN Edge", *DEVICES}
    await logged_in.goto(PAGE)
    for name in DEVICES:
        await expect(logged_in.get_by_text(name).first).to_be_visible()
    await look(logged_in, None)
    own = logged_in.get_by_text("LAN Edge", exact=True)
    row = logged_in.locator("ha-config-entry-row").filter(has=own)
    await row.locator("ha-dropdown").first.get_by_role("button").first.click()
    for action in ("Disable", "Delete"):  # not of an entry that the system has made
        await expect(row.get_by_text(action, exact=True)).to_be_visible()


async def test_a_card_that_asks_for_a_login(
    logged_in: Page, client: Client, picture: Picture
) -> None:
    thermostat = VenstarEmulator("10.99.0.21", 80, name="Guest room", announce=True)
    thermostat.login = LOGIN
    async with thermostat:
        await client.add_lan_edge()
        # of cards that come together, an open page may miss one
        await client.wait_for_card(
            lambda card: "Guest room" in str(card["context"]), PATIENCE / 1000
        )
        await logged_in.goto(DASHBOARD)
        card = logged_in.locator("ha-config-flow-card").filter(has_text="Guest room")
        await card.get_by_role("button", name="Add").click(timeout=PATIENCE)
        dialog = logged_in.locator("dialog-data-entry-flow")
        await submit(dialog)
        for question, answer in zip(("user name", "password"), LOGIN, strict=True):
            asked = dialog.get_by_text(f"The {question} of its Local API")
            await expect(asked).to_be_visible(timeout=PATIENCE)  # the device answers before
            await look(logged_in, picture("login") if question == "user name" else None)
            await dialog.locator("input").fill(answer)
            await submit(dialog)
        await dialog.get_by_role("button", name="Skip and finish").click(timeout=PATIENCE)
        entry = next(one for one in await client.entries() if one["title"] == "Guest room")
        entity_id = await entity_of(client, entry["entry_id"], "climate")
        await client.wait_for_state(entity_id, "heat", PATIENCE / 1000)


async def test_an_address_is_pasted_as_a_url_and_mended(
    logged_in: Page, client: Client, home: DemoHome, picture: Picture
) -> None:
    dialog = await choose_lan_edge(logged_in)
    await dialog.get_by_text("Enter an address").click()
    await dialog.locator("ha-selector-select").click()
    await logged_in.get_by_text("JSON bulb").last.click()
    address = dialog.locator("ha-selector-text input")
    await address.fill("10.99.0")
    await submit(dialog)
    await expect(dialog.get_by_text("10.99.0 is not a complete name or address")).to_be_visible()
    await look(logged_in, picture("address"))
    await address.fill(f"http://{NOBODY}:5577/")
    await submit(dialog)
    await expect(dialog.get_by_text("The device cannot be reached")).to_be_visible()
    await expect(address).to_have_value(f"http://{NOBODY}:5577/")
    await look(logged_in, None)
    await address.fill(BULB)
    await submit(dialog)
    await dialog.get_by_role("button", name="Skip and finish").click(timeout=PATIENCE)
    (bulb,) = (one for one in await client.entries() if one["title"] != "LAN Edge")
    await client.wait_for_state(await entity_of(client, bulb["entry_id"], "light"), "off")


def is_of(unique_id: str, card: Json) -> bool:
    return bool(card["context"]["unique_id"] == unique_id)


async def test_two_lamps_of_one_model_are_told_apart(logged_in: Page, client: Client) -> None:
    lamps = [
        YeelightEmulator(host, 55443, id=id_, name="", announce=True) for host, id_ in LAMPS.items()
    ]
    async with lamps[0], lamps[1]:
        await client.add_lan_edge()
        for id_ in LAMPS.values():  # of cards that come together, an open page may miss one
            await client.wait_for_card(partial(is_of, id_))
        await logged_in.goto(DASHBOARD)
        cards = logged_in.locator("ha-config-flow-card").filter(has_text="Yeelight")
        await expect(cards).to_have_count(2, timeout=PATIENCE)
        for id_ in LAMPS.values():
            await expect(cards.filter(has_text=id_[-4:])).to_have_count(1)
        await look(logged_in, None)
        await search(dialog := await choose_lan_edge(logged_in))
        for host, id_ in LAMPS.items():
            await expect(dialog.get_by_text(id_[-4:])).to_contain_text(host)
        await look(logged_in, None)
    await forget(client, "Yeelight")


async def test_its_own_page(logged_in: Page, client: Client, picture: Picture) -> None:
    await client.add_lan_edge()
    await client.wait_for_card(lambda card: "Demo plug" in str(card["context"]))
    await logged_in.goto(PAGE)
    row = logged_in.locator("ha-config-entry-row").filter(has_text="LAN Edge")
    await row.get_by_role("button", name="Configure").click()
    dialog = logged_in.locator("dialog-data-entry-flow")
    await expect(dialog.get_by_text("Which devices are offered")).to_be_visible()
    await look(logged_in, None)
    await dialog.get_by_text("Devices that call Home Assistant").click()
    await expect(dialog.get_by_text("no port is open")).to_be_visible()
    await look(logged_in, picture("listener"))
    await logged_in.reload()
    await row.get_by_role("button", name="Configure").click()
    await dialog.get_by_text("Which devices are offered").click()
    await expect(dialog.get_by_text("New devices of the selected kinds")).to_be_visible()
    await look(logged_in, picture("kinds"))
    await dialog.get_by_text("REST switch").click()
    await submit(dialog)
    await expect(dialog.get_by_text("Options successfully saved")).to_be_visible()
    await logged_in.goto(DASHBOARD)
    cards = logged_in.locator("ha-config-flow-card")
    await expect(cards.filter(has_text="Demo plug")).to_be_visible(timeout=PATIENCE)
    await expect(cards.filter(has_text="Demo relay")).to_be_hidden()
