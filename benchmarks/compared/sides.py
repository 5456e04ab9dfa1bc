"""The two sides: a Home Assistant with its own integration for a family, and one with LAN Edge."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Self, override

from tests.network.home import Home
from tests.network.lab import Lan
from tests.real.client import FLOW, Json, RefusedError, until

from .families import Family
from .placed import Placed

PATIENCE = 120.0
"""Seconds until devices that are there are set up."""


class Side(Home, ABC):
    """A Home Assistant that has devices of one family."""

    def __init__(self, lan: Lan, folder: Path, family: Family) -> None:
        """Prepare one; as an async context manager, it is started."""
        super().__init__(lan, folder)
        self.family = family
        self._entities: dict[int, str] = {}

    def entity_of(self, device: Placed) -> str:
        """Return the id of a device's entity."""
        return self._entities[device.number]

    async def set_up(self, devices: Sequence[Placed]) -> None:
        """Add the devices, as their owner does."""
        await self.client.wait_until_running()
        await self._add(devices)

    @abstractmethod
    async def _add(self, devices: Sequence[Placed]) -> None:
        """Add the devices, and note their entities."""

    async def _note(self, device: Placed, entry_id: str, name: str = "") -> None:
        """Wait until a device has an entity that is there; it may be known by its name only."""

        async def entity() -> str | None:
            for each in await self.client.entities(entry_id):
                if not each["entity_category"] and await self._fits(each["entity_id"], name):
                    return str(each["entity_id"])
            return None

        what = f"{self.family.title} {device.number} has an entity"
        self._entities[device.number] = await until(entity, what, PATIENCE, pause=0.5)

    async def _fits(self, entity_id: str, name: str) -> bool:
        if not entity_id.startswith(f"{self.family.control.platform}."):
            return False
        try:
            state = await self.client.state(entity_id)
        except RefusedError:  # it is only registered so far
            return False
        called = str(state["attributes"].get("friendly_name", ""))
        return state["state"] != "unavailable" and called.startswith(name)


class Core(Side):
    """Has Home Assistant's own integration, and no LAN Edge."""

    @override
    async def __aenter__(self) -> Self:
        custom = self.home_assistant.config / "custom_components"
        custom.mkdir(parents=True)
        (custom / "__init__.py").touch()  # a package, so that Python does not look elsewhere
        await self._stack.enter_async_context(self.home_assistant)
        await self._connect()
        return self

    @override
    async def _add(self, devices: Sequence[Placed]) -> None:
        if self.family.one_entry:
            entry_id = await self._enter({})
            for device in devices:
                await self._note(device, entry_id, device.name)
            return
        for device in devices:
            entered = {"host": device.host.address, **self.family.entered}
            await self._note(device, await self._enter(entered))

    async def _enter(self, entered: Json) -> str:
        """Go through the dialog; return the entry's id."""
        client = self.client
        step = await client.request("POST", FLOW, {"handler": self.family.domain})
        while step["type"] == "form" and not step["errors"]:
            step = await client.wait_out_flow(step["flow_id"], entered)
        if step["type"] != "create_entry":
            raise RefusedError(f"{self.family.domain}: {step}")
        return str(step["result"]["entry_id"])


class Ours(Side):
    """Has LAN Edge, which shows a card for each device."""

    @override
    async def _add(self, devices: Sequence[Placed]) -> None:
        await asyncio.gather(*(self._confirm(device) for device in devices))

    async def _confirm(self, device: Placed) -> None:
        wanted = self.family.id_of(device.number)
        card = await self.client.wait_for_card(
            lambda card: str(card["context"].get("unique_id")).casefold() == wanted, PATIENCE
        )
        step = await self.client.confirm_card(card["flow_id"])
        while step["type"] == "progress":  # a thermostat pairs first
            await asyncio.sleep(0.2)
            step = await self.client.request("GET", f"{FLOW}/{card['flow_id']}")
        if step["type"] != "create_entry":
            raise RefusedError(f"{wanted}: {step}")
        await self._note(device, step["result"]["entry_id"])


SIDES: dict[str, type[Side]] = {"core": Core, "ours": Ours}
