"""Devices that are added by the client's API, for tests of what is clicked afterwards."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.real.client import FLOW, Client, Json, until

ENTRY = "/api/config/config_entries/entry"


@asynccontextmanager
async def added_at(client: Client, driver: str, host: str) -> AsyncGenerator[str]:
    """Have the device at an address for the length of a block; yields its entry's id."""
    step = await _choose(client, "manual")
    step = await client.continue_flow(step["flow_id"], {"driver": driver, "host": host})
    async with _until_removed(client, step) as entry_id:
        yield entry_id


@asynccontextmanager
async def added_by_search(client: Client, name: str) -> AsyncGenerator[str]:
    """Have a device that a search finds for the length of a block; yields its entry's id."""
    step = await _at_rest(client, await _choose(client, "search"))
    options = step["data_schema"][0]["selector"]["select"]["options"]
    device = next(o["value"] for o in options if o["label"].startswith(name))
    step = await client.continue_flow(step["flow_id"], {"devices": [device]})
    async with _until_removed(client, step) as entry_id:
        yield entry_id


async def device_page(client: Client, name: str) -> str:
    """Return the path of a device's page."""
    devices = await client.command("config/device_registry/list")
    return f"/config/devices/device/{next(d['id'] for d in devices if d['name'] == name)}"


async def entity_of(client: Client, entry_id: str, platform: str) -> str:
    """Return the id of an entry's entity of a platform, once it is there."""

    async def found() -> str | None:
        entities = [one["entity_id"] for one in await client.entities(entry_id)]
        return next((one for one in entities if one.startswith(f"{platform}.")), None)

    return await until(found, f"there is a {platform}")


@asynccontextmanager
async def _until_removed(client: Client, step: Json) -> AsyncGenerator[str]:
    step = await _at_rest(client, step)
    assert step["type"] == "create_entry", step
    entry_id: str = step["result"]["entry_id"]
    try:
        yield entry_id
    finally:
        await client.request("DELETE", f"{ENTRY}/{entry_id}")


async def _choose(client: Client, option: str) -> Json:
    menu = await client.request("POST", FLOW, {"handler": "lan_edge"})
    return await client.continue_flow(menu["flow_id"], {"next_step_id": option})


async def _at_rest(client: Client, step: Json) -> Json:
    """Return the step that comes after all progress."""

    async def shown() -> Json | None:
        now: Json = await client.request("GET", f"{FLOW}/{step['flow_id']}")
        return now if now["type"] != "progress" else None

    return await until(shown, "the flow goes on", 20) if step["type"] == "progress" else step
