"""A thermostat: its page, and its dialog, by which it is set."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from playwright.async_api import Page, expect
from pytest_asyncio import fixture

from tests.emulators.venstar import VenstarEmulator
from tests.real.client import Client, until

from .adding import added_at, device_page, entity_of
from .looks import look

HOST = "10.99.0.14"
NAME = "Living room"
HEAT, COOL = 1, 2


@fixture(scope="module", loop_scope="session")
async def thermostat(client: Client) -> AsyncGenerator[VenstarEmulator]:
    async with (
        VenstarEmulator(HOST, 80, name=NAME, celsius=True) as device,
        added_at(client, "venstar", HOST) as entry_id,
    ):
        await client.wait_for_state(await entity_of(client, entry_id, "climate"), "heat")
        yield device


async def becomes(thermostat: VenstarEmulator, **wanted: float) -> None:
    """Wait until the thermostat is set as wanted."""

    async def is_set() -> bool:
        return wanted.items() <= thermostat.state.items()

    await until(is_set, f"the thermostat has {wanted}")


async def test_its_page_and_its_dialog(
    logged_in: Page,
    client: Client,
    thermostat: VenstarEmulator,
    picture: Callable[[str], Path | None],
) -> None:
    await logged_in.goto(await device_page(client, NAME))
    controls = logged_in.locator("ha-device-entities-card")
    await expect(controls.get_by_text("21 °C", exact=True)).to_be_visible()
    await expect(controls.get_by_text("Currently: 21.5 °C")).to_be_visible()
    await expect(controls.get_by_text("Schedule")).to_be_visible()
    await look(logged_in, None)
    await controls.get_by_text(NAME).click()
    dialog = logged_in.locator("ha-more-info-dialog")
    await dialog.get_by_role("button", name="Increase temperature").click()
    await becomes(thermostat, heattemp=21.5, cooltemp=24.5, mode=HEAT)
    await dialog.locator("ha-control-select-menu").filter(has_text="Heat").click()
    await dialog.get_by_role("menuitem", name="Cool", exact=True).click()
    await becomes(thermostat, heattemp=21.5, cooltemp=24.5, mode=COOL)
    await expect(dialog.locator("ha-big-number")).to_contain_text("24")
    await look(logged_in, picture("thermostat"))
    await dialog.locator("ha-control-select-menu").filter(has_text="None").click()
    await dialog.get_by_role("menuitem", name="Away", exact=True).click()
    await becomes(thermostat, away=1, mode=COOL)
