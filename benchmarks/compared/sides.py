"""The sides: a Home Assistant with LAN Edge, and one with another integration for a family."""

from abc import ABC, abstractmethod
import ast
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
import time
from typing import Any, Self, override

from tests.network.home import Home
from tests.network.lab import Lan
from tests.real.client import FLOW, Json, RefusedError, until

from .family import Family
from .placed import Placed

PATIENCE = 120.0
"""Seconds until devices that are there are set up."""
ATTEMPTS = 3
"""How often a card is confirmed: a device that takes one connection may still have the last one."""


class Side(Home, ABC):
    """A Home Assistant that has devices of one family."""

    def __init__(self, lan: Lan, folder: Path, family: Family, custom: str = "") -> None:
        """Prepare one; as an async context manager, it is started.

        `custom` is the folder of a custom integration's repository.
        """
        super().__init__(lan, folder)
        self.family = family
        self.custom = custom
        self._entities: dict[int, str] = {}

    def entity_of(self, device: Placed) -> str:
        """Return the id of a device's entity."""
        return self._entities[device.number]

    @property
    def domain(self) -> str:
        """The integration that it has for the family."""
        return self.family.domain

    async def tell(self, entity_ids: list[str], wanted: bool, patience: float) -> str:
        """Command devices by one action; return what the caller is told of it."""
        action, data = self.family.control.call(wanted)
        platform, _, service = action.partition(".")
        try:
            await self.client.command(
                "call_service",
                patience=patience,
                domain=platform,
                service=service,
                service_data=data,
                target={"entity_id": entity_ids},
            )
        except RefusedError as err:
            return f"fails: {ast.literal_eval(str(err))['message']}"
        except TimeoutError:
            return f"does not return within {patience:.0f} s"
        return "succeeds"

    async def asked_for_key(self, since: float, patience: float) -> float | None:
        """Return when the owner was asked for a key; None if that did not happen in time."""
        while time.monotonic() < since + patience:
            flows = await self.client.discovered(self.domain)
            if any(flow["context"]["source"] == "reauth" for flow in flows):
                return time.monotonic()
            await asyncio.sleep(0.5)
        return None

    async def set_up(self, devices: Sequence[Placed]) -> None:
        """Add the devices, as their owner does."""
        await self.client.wait_until_running()
        await self._add(devices)

    @abstractmethod
    async def _add(self, devices: Sequence[Placed]) -> None:
        """Add the devices, and note their entities."""

    async def _note(self, device: Placed, entry_id: str, name: str = "") -> None:
        """Wait until a device has an entity that is there; it may be known by its name only.

        Of several, it is the one with the shortest id: others are called after what they are.
        """

        async def entity() -> str | None:
            every = await self.client.entities(entry_id)
            own = sorted((e["entity_id"] for e in every if self._suits(e)), key=len)
            for entity_id in own if name else own[:1]:
                if await self._fits(entity_id, name):
                    return str(entity_id)
            return None

        what = f"{self.family.title} {device.number} has an entity"
        self._entities[device.number] = await until(entity, what, PATIENCE, pause=0.5)

    def _suits(self, entity: Json) -> bool:
        is_main = not entity["entity_category"]
        return is_main and entity["entity_id"].startswith(f"{self.family.control.platform}.")

    async def _fits(self, entity_id: str, name: str) -> bool:
        try:
            state = await self.client.state(entity_id)
        except RefusedError:  # it is only registered so far
            return False
        called = str(state["attributes"].get("friendly_name", ""))
        return state["state"] != "unavailable" and f"{called} ".startswith(
            f"{name} " if name else ""
        )


class Core(Side):
    """Has Home Assistant's own integration, and no LAN Edge."""

    @override
    async def __aenter__(self) -> Self:
        custom = self.home_assistant.config / "custom_components"
        custom.mkdir(parents=True)
        (custom / "__init__.py").touch()  # a package, so that Python does not look elsewhere
        self._install(custom)
        await self._stack.enter_async_context(self.home_assistant)
        await self._connect()
        return self

    def _install(self, custom: Path) -> None:
        """Put what is not Home Assistant's own into its folder."""

    @override
    async def _add(self, devices: Sequence[Placed]) -> None:
        if self.family.one_entry:
            entry_id = await self._enter()
            for device in devices:
                await self._note(device, entry_id, device.name)
            return
        for device in devices:
            await self._note(device, await self._enter(device))

    async def _enter(self, device: Placed | None = None) -> str:
        """Go through the dialog, which may be of a device; return the entry's id."""
        client = self.client
        step = await client.request("POST", FLOW, {"handler": self.domain})
        while step["type"] in {"form", "menu"} and not step.get("errors"):
            told = self._told_at(step["step_id"], device) if device else {}
            told = {**told, **self.family.entered}
            step = await client.wait_out_flow(step["flow_id"], told)
        if step["type"] != "create_entry":
            raise RefusedError(f"{self.domain}: {step}")
        return str(step["result"]["entry_id"])

    def _told_at(self, _step: str, device: Placed) -> Mapping[str, Any]:
        """Return what a step of the dialog is told of a device."""
        return {"host": device.host.address}


class Ours(Side):
    """Has LAN Edge, which shows a card for each device."""

    @property
    @override
    def domain(self) -> str:
        return "lan_edge"

    @override
    async def _add(self, devices: Sequence[Placed]) -> None:
        await asyncio.gather(*(self._confirm(device) for device in devices))

    async def _confirm(self, device: Placed) -> None:
        wanted = self.family.id_of(device.number)
        card = await self.client.wait_for_card(
            lambda card: str(card["context"].get("unique_id")).casefold() == wanted, PATIENCE
        )
        for _ in range(ATTEMPTS):
            step = await self._paired(device, card["flow_id"])
            if step["type"] == "create_entry":
                await self._note(device, step["result"]["entry_id"])
                return
        raise RefusedError(f"{wanted}: {step}")

    async def _paired(self, device: Placed, flow_id: str) -> Json:
        """Confirm a card, with the device's key if it has one; return the last step."""
        step = await self.client.confirm_card(flow_id)
        if key := self.family.key.of(device.number):
            step = await self.client.wait_out_flow(flow_id, {"answer": key})
        while step["type"] == "progress":  # a thermostat pairs first
            await asyncio.sleep(0.2)
            step = await self.client.request("GET", f"{FLOW}/{flow_id}")
        return step
