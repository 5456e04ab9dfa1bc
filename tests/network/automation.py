"""An automation of device triggers, conditions and actions, made as the UI makes it."""

from typing import Any

from tests.real.client import Client, Json

from .home import Thing


async def device_part(client: Client, thing: Thing, sort: str, kind: str) -> Json:
    """Return a device trigger, condition or action of a thing, as the UI offers it."""
    entity = next(
        e for e in await client.entities(thing.entry_id) if e["entity_id"] == thing.entity_id
    )
    offered: list[Json] = await client.command(
        f"device_automation/{sort}/list", device_id=entity["device_id"]
    )
    return next(
        part for part in offered if part["type"] == kind and part.get("entity_id") == entity["id"]
    )


async def make(client: Client, name: str, **parts: Any) -> str:
    """Store an automation; return its entity's id."""
    body = {"alias": name, "mode": "queued", **parts}
    await client.request("POST", f"/api/config/automation/config/{name}", body)
    entity_id = f"automation.{name}"
    await client.wait_for_state(entity_id, "on")
    return entity_id


async def unmake(client: Client, name: str) -> None:
    """Delete it."""
    await client.request("DELETE", f"/api/config/automation/config/{name}")
