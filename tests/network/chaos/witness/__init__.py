"""A component beside ours in Home Assistant: does what the test asks, and tells what it sees."""

import asyncio
import time
from typing import Any

from homeassistant.components.websocket_api import (
    ActiveConnection,
    async_register_command,
    async_response,
    websocket_command,
)
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.lan_edge.runtime import domain_data
from custom_components.lan_edge.storage import registered_as

from .explained import explained
from .lag import Lag
from .left import holders, what_is_left

DOMAIN = "chaos_witness"
OURS = "lan_edge"
ASKS = {"pair_text", "asked"}
"""The steps that ask for a login: as a driver pairs, and as a description has parameters."""
ADDED = {"create_entry", "already_configured"}
real_time = time.time


class Witness:
    """What it can be asked, a method a question."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.lag = Lag()
        self._repairs = set[str]()
        """All repairs that there were."""
        self.entered = dict[str, str]()
        """The entries of devices that were added by their addresses, by their true ids."""

    async def act(
        self, device: str, domain: str, entity: str, service: str, data: dict[str, Any]
    ) -> Any:
        """Call a service on an entity of a device; tell what became of it.

        What is unavailable is left out of services by Home Assistant, without an error: that
        nothing was done is said here.
        """
        entity_id = self._entity(device, domain, entity)
        state = self.hass.states.get(entity_id) if entity_id else None
        if entity_id is None or state is None or state.state == "unavailable":
            return {"outcome": "skipped"}
        target = {**data, "entity_id": entity_id}
        try:
            await self.hass.services.async_call(domain, service, target, blocking=True)
        except HomeAssistantError as err:
            return {"outcome": "failed", "text": str(err)}
        return {"outcome": "done"}

    async def states(self, things: list[list[str]]) -> Any:
        """Return what Home Assistant shows of devices, each named with a domain and an entity."""
        return [self._state(*thing) for thing in things]

    async def entities(self, device: str) -> dict[str, Any]:
        """Return what Home Assistant shows of all entities of a device, by their names."""
        if (entry := self._entry(device)) is None:
            return {}
        registry, start = er.async_get(self.hass), f"{registered_as(entry)}-"
        entries = er.async_entries_for_config_entry(registry, entry.entry_id)
        shown = {e.unique_id.removeprefix(start): self._shown(e.entity_id) for e in entries}
        return {name: state for name, state in shown.items() if state is not None}

    async def read(self, device: str, domain: str, entity: str) -> None:
        """Have a device be read again."""
        if entity_id := self._entity(device, domain, entity):
            target = {"entity_id": entity_id}
            await self.hass.services.async_call(
                "homeassistant", "update_entity", target, blocking=True
            )

    async def sight(self, found: dict[str, Any], login: dict[str, str] | None) -> str:
        """Tell of a device that is seen at an address; return whether it has an entry now.

        With a `login`, which may be empty, it is added.
        """
        flow, unique_id = self.hass.config_entries.flow, found["unique_id"]
        context: Any = {"source": SOURCE_INTEGRATION_DISCOVERY}
        step: Any = await flow.async_init(OURS, context=context, data=found)
        if login is not None and step.get("reason") == "already_in_progress":
            step = self._card(unique_id) or step  # somebody else has announced it
        if login is not None and step["type"] is FlowResultType.FORM:
            step = await self._confirmed(step["flow_id"], list(login.values()))
        if step["type"] is FlowResultType.FORM:
            flow.async_abort(step["flow_id"])
        told = str(step.get("reason", step["type"]))
        if told in ADDED and login and "pin" in login:
            await self._lock(unique_id, login["pin"])
        return told

    async def _confirmed(self, flow_id: str, answers: list[str]) -> Any:
        """Confirm a card, and answer what is asked for."""
        flow = self.hass.config_entries.flow
        step: Any = await flow.async_configure(flow_id, {})
        while step["type"] is FlowResultType.SHOW_PROGRESS or step.get("step_id") in ASKS:
            answer = None
            if step["type"] is FlowResultType.FORM:
                if not answers:
                    break
                names = [str(name) for name in step["data_schema"].schema]
                answer = {name: answers.pop(0) for name in names}
            await asyncio.sleep(0.05)
            step = await flow.async_configure(flow_id, answer)
        return step

    def _card(self, unique_id: str) -> Any:
        for card in self.hass.config_entries.flow.async_progress_by_handler(OURS):
            if card["context"].get("unique_id") == unique_id:
                return {**card, "type": FlowResultType.FORM}
        return None

    async def _lock(self, device: str, pin: str) -> None:
        """Have a PIN, the only setting of a device, entered in its options."""
        options, entry = self.hass.config_entries.options, self._entry(device)
        assert entry is not None
        step: Any = await options.async_init(entry.entry_id)
        (field,) = step["data_schema"].schema
        step = await options.async_configure(step["flow_id"], {str(field): pin})
        assert step["type"] is FlowResultType.CREATE_ENTRY, step

    async def enter(self, found: dict[str, Any]) -> str:
        """Add a device by its address alone, and name it; return which id is known of it then."""
        if (entry := self._entry(found["unique_id"])) is None:
            flow = self.hass.config_entries.flow
            step: Any = await flow.async_init(OURS, context={"source": SOURCE_USER})
            step = await flow.async_configure(step["flow_id"], {"next_step_id": "manual"})
            entered = {key: found[key] for key in ("driver", "host", "port")}
            step = await flow.async_configure(step["flow_id"], entered)
            if step["type"] is not FlowResultType.CREATE_ENTRY:
                return str(step)
            entry = step["result"]
            self.hass.config_entries.async_update_entry(entry, title=found["name"])
            self.entered[found["unique_id"]] = entry.entry_id
        return str(entry.data["seen_as"])

    async def entries(self, devices: list[str]) -> list[Any]:
        """Return where each device is by its entry, and which ids that has."""
        found = [self._entry(device) for device in devices]
        return [
            e and {"at": [e.data["host"], e.data["port"]], "ids": [e.unique_id, e.data["seen_as"]]}
            for e in found
        ]

    async def dismiss(self) -> None:
        """Have nobody remembered who was announced and has no entry."""
        for card in self.hass.config_entries.flow.async_progress_by_handler(OURS):
            self.hass.config_entries.flow.async_abort(card["flow_id"])
        domain_data(self.hass).latest.clear()
        domain_data(self.hass).strangers.clear()

    async def reload(self, device: str) -> None:
        """Load a device's entry anew."""
        if entry := self._entry(device):
            await self.hass.config_entries.async_reload(entry.entry_id)

    async def remove(self, device: str) -> None:
        """Remove a device's entry."""
        if entry := self._entry(device):
            await self.hass.config_entries.async_remove(entry.entry_id)

    async def clock(self, shift: float) -> None:
        """Have the wall clock be so many seconds off from now on."""
        time.time = lambda: real_time() + shift

    async def ready(self) -> bool:
        """Say that Home Assistant has started."""
        return self.hass.is_running

    async def explain(self, device: str) -> str:
        """Tell how a device's connection is, and what was said last."""
        entry = self._entry(device)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return f"entry: {entry and entry.state}"
        return explained(entry.runtime_data.device)

    async def holders(self, kind: str) -> list[str]:
        """Return what holds an object that should be gone."""
        return holders(kind)

    async def report(self) -> Any:
        """Tell how late the loop was, and what there is in this process."""
        late = self.lag.report()
        left = await what_is_left(self.hass)
        self.lag.report()  # to look for what is left takes long
        return {"lag": late, "left": left, "repairs": [*self._repairs]}

    @callback
    def note_repair(self, event: Event[Any]) -> None:
        """Note all that a repair says."""
        found = ir.async_get(self.hass).async_get_issue(OURS, event.data["issue_id"])
        if event.data["domain"] == OURS and found is not None:
            self._repairs.add(repr(found))

    def _entry(self, device: str) -> ConfigEntry[Any] | None:
        entries = self.hass.config_entries
        if found := entries.async_entry_for_domain_unique_id(OURS, device):
            return found
        if known := self.entered.get(device):
            return entries.async_get_entry(known)
        seen = (e for e in entries.async_entries(OURS) if e.data.get("seen_as") == device)
        return next(seen, None)

    def _entity(self, device: str, domain: str, entity: str) -> str | None:
        if (entry := self._entry(device)) is None:
            return None
        unique_id = f"{registered_as(entry)}-{entity}"
        return er.async_get(self.hass).async_get_entity_id(domain, OURS, unique_id)

    def _state(self, device: str, domain: str, entity: str) -> Any:
        entity_id = self._entity(device, domain, entity)
        return self._shown(entity_id) if entity_id else None

    def _shown(self, entity_id: str) -> Any:
        state = self.hass.states.get(entity_id)
        return None if state is None else [state.state, dict(state.attributes)]


async def async_setup(hass: HomeAssistant, _config: Any) -> bool:
    """Take questions over Home Assistant's WebSocket; have our integration be there."""
    witness = Witness(hass)

    @async_response
    async def asked(
        _hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
    ) -> None:
        result = await getattr(witness, msg["what"])(**msg["params"])
        connection.send_result(msg["id"], result)

    command = websocket_command({"type": DOMAIN, "what": str, "params": dict})
    async_register_command(hass, command(asked))
    await async_setup_component(hass, OURS, {})
    witness.lag.start(hass)
    hass.bus.async_listen(ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, witness.note_repair)
    return True
