"""A media player, of the real snapserver: its page and its dialog."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import warnings

from playwright.async_api import Page, expect
import pytest
from pytest_asyncio import fixture

from tests.real.client import Client, until
from tests.real.snapcast import SnapServer, missing

from .adding import added_at, device_page, entity_of
from .looks import look

HOST = "10.99.0.16"
CLIENT, NAME = "kitchen", "Kitchen"
AS_ANOTHER_HOST = ("unshare", "--uts", "sh", "-c", 'hostname music && exec "$@"', "sh")
"""Whose name the server tells, not that of this machine."""


@fixture(scope="module", loop_scope="session")
async def server(
    client: Client, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[SnapServer]:
    if lacks := missing("snapserver", "snapclient", "unshare", "hostname"):
        warnings.warn(f"the player's page skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    made = SnapServer(tmp_path_factory.mktemp("snapcast"), HOST, via=AS_ANOTHER_HOST)
    async with made as server, server.client(CLIENT):

        async def connected() -> bool:
            status = await server.ask("Server.GetStatus")
            return bool(status["server"]["groups"])

        await until(connected, "the player is connected")
        await server.ask("Client.SetName", id=CLIENT, name=NAME)
        group = await server.group_of(CLIENT)
        await server.ask("Group.SetStream", id=group["id"], stream_id="Radio")
        async with added_at(client, "snapcast", HOST) as entry_id:
            player = await entity_of(client, entry_id, "media_player")
            await client.wait_for_state(player, "idle")
            yield server


async def test_its_volume_is_set_by_clicking(
    logged_in: Page,
    client: Client,
    server: SnapServer,
    picture: Callable[[str], Path | None],
) -> None:
    await logged_in.goto(await device_page(client, NAME))
    controls = logged_in.locator("ha-device-entities-card")
    await expect(controls.get_by_text("Idle")).to_be_visible()
    await look(logged_in, None)
    await controls.get_by_text(NAME).click()
    dialog = logged_in.locator("ha-more-info-dialog")
    await dialog.locator("ha-slider").click()

    async def is_softer() -> bool:
        return bool((await server.volume(CLIENT))["percent"] == 50)

    await until(is_softer, "the player is at half its volume")
    await dialog.get_by_role("button", name="Play", exact=True).click()
    await expect(dialog.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await look(logged_in, picture("player"))
