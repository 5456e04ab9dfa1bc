"""A repair: from the dashboard to a port that is free again."""

from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from pathlib import Path
import socket

from playwright.async_api import Page, expect
from pytest_asyncio import fixture

from tests.emulators.wemo import WemoEmulator
from tests.real.client import Client, until

from .adding import added_at, entity_of
from .looks import look

HOST = "10.99.0.18"
PORT = 39500
ELSEWHERE = 39600
OPTIONS = "/api/config/config_entries/options/flow"


@fixture(loop_scope="session")
async def caller(client: Client) -> AsyncGenerator[str]:
    """Return the entry of a device that calls Home Assistant."""
    async with (
        WemoEmulator(HOST, 49153, name="Coffee machine"),
        added_at(client, "wemo", HOST) as entry_id,
    ):
        await client.wait_for_state(await entity_of(client, entry_id, "switch"), "off")
        yield entry_id


async def listen(client: Client, port: int) -> None:
    """Have Home Assistant listen on a port."""
    entries = await client.entries()
    own = next(entry for entry in entries if entry["title"] == "LAN Edge")
    menu = await client.request("POST", OPTIONS, {"handler": own["entry_id"]})
    path = f"{OPTIONS}/{menu['flow_id']}"
    await client.request("POST", path, {"next_step_id": "listener"})
    await client.request("POST", path, {"port": port})


async def test_a_taken_port_is_free_again(
    logged_in: Page,
    client: Client,
    caller: str,
    picture: Callable[[str], Path | None],
) -> None:
    await listen(client, ELSEWHERE)
    with closing(socket.create_server(("0.0.0.0", PORT))):
        await listen(client, PORT)
        await logged_in.goto("/config/repairs")
        title = logged_in.get_by_text(f"Another program uses port {PORT}")
        await title.click()
        submit = logged_in.get_by_role("button", name="Submit")
        await expect(submit).to_be_visible()
        await look(logged_in, picture("repair"))
        await submit.click()
        await expect(logged_in.get_by_text("Another program uses this port.")).to_be_visible()
    await submit.click()
    await expect(logged_in.get_by_text("The issue is repaired!")).to_be_visible()
    await logged_in.get_by_role("button", name="Finish").click()
    await expect(logged_in.get_by_text("There are currently no repairs pending")).to_be_visible()

    async def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", PORT)) == 0

    await until(listens, "Home Assistant listens there")
