"""What a user does first: see a discovered device, add it, switch it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.real.client import Client, Json, until
from tests.real.demo_home import DemoHome

from .looks import shoot

PATIENCE = 60_000
DASHBOARD = "/config/integrations/dashboard"


async def add(page: Page, client: Client, name: str, picture: Callable[[str], Path | None]) -> None:
    """Add the discovered device of a name, as a user would."""
    # of cards that come together, an open page may miss one
    await client.wait_for_card(lambda card: name in str(card["context"]), PATIENCE / 1000)
    await page.goto(DASHBOARD)
    card = page.locator("ha-config-flow-card").filter(has=page.get_by_text(name))
    await expect(card).to_be_visible(timeout=PATIENCE)
    await shoot(page, picture("discovered"))
    await card.get_by_role("button", name="Add").click()
    await expect(page.get_by_text(f"add {name}")).to_be_visible()
    await shoot(page, picture("confirm"))
    await page.get_by_role("button", name="Submit").click()
    await page.get_by_role("button", name="Skip and finish").click()


async def open_device(page: Page, client: Client, name: str) -> tuple[Json, Locator]:
    """Show a device's page; return its first entity and the control of it."""
    entry = next(one for one in await client.entries() if one["title"] == name)
    entity = (await client.entities(entry["entry_id"]))[0]
    await client.wait_for_state(entity["entity_id"], "off")
    await page.goto(f"/config/devices/device/{entity['device_id']}")
    switch = page.locator("ha-entity-toggle").get_by_role("switch")
    await expect(switch).not_to_be_checked(timeout=PATIENCE)
    # The control proper covers its input, which is what says whether it is on.
    return entity, switch


async def test_a_discovered_relay_is_added_and_switched(
    logged_in: Page, client: Client, home: DemoHome, picture: Callable[[str], Path | None]
) -> None:
    await add(logged_in, client, "Demo relay", picture)
    entity, switch = await open_device(logged_in, client, "Demo relay")
    await logged_in.locator("ha-entity-toggle").click()
    await expect(switch).to_be_checked()
    await client.wait_for_state(entity["entity_id"], "on")
    assert (await home.relay.state())["on"] is True
    await shoot(logged_in, picture("device"))
    await logged_in.locator("ha-entity-toggle").click()
    await expect(switch).not_to_be_checked()
    await client.wait_for_state(entity["entity_id"], "off")
    assert (await home.relay.state())["on"] is False


async def test_a_change_at_the_bulb_is_seen_at_once(
    logged_in: Page, client: Client, home: DemoHome
) -> None:
    await add(logged_in, client, "Demo bulb", lambda _: None)
    _, switch = await open_device(logged_in, client, "Demo bulb")
    await home.bulb.change(on=True)
    await expect(switch).to_be_checked()
    await logged_in.locator("ha-entity-toggle").click()

    async def is_off() -> bool:
        state: dict[str, Any] = await home.bulb.state()
        return not state["on"]

    await until(is_off, "the bulb is off")


async def test_the_plug_is_found_and_switched(
    logged_in: Page, client: Client, home: DemoHome, picture: Callable[[str], Path | None]
) -> None:
    await client.add_lan_edge()  # a fauxmo answers our own search only
    await add(logged_in, client, "Demo plug", lambda _: None)
    _, switch = await open_device(logged_in, client, "Demo plug")
    await logged_in.locator("ha-entity-toggle").click()
    await expect(switch).to_be_checked()

    async def is_on() -> bool:
        return home.plug.on

    await until(is_on, "the plug is on")  # the control shows it before
    await logged_in.goto("/config/integrations/integration/lan_edge")
    await expect(logged_in.get_by_text("Demo plug").first).to_be_visible()
    await shoot(logged_in, picture("devices"))
