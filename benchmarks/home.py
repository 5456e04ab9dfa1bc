"""A Home Assistant in this process, with one system in it: `python -m benchmarks.home FD SYSTEM`.

The newest core with its registries and the components that the systems depend on, without recorder
and frontend. All times are CLOCK_MONOTONIC.
"""

import asyncio
from collections.abc import Callable
import gc
from importlib import import_module
import logging
import os
from pathlib import Path
import sys
import tempfile
import time
from types import MappingProxyType
from typing import Any

from homeassistant import bootstrap, loader
from homeassistant.config_entries import ConfigEntries, ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from . import announced
from .channel import serve
from .custom import CUSTOM
from .limits import allow_many_files
from .measured import Measured
from .systems import BY_NAME, System

HTTP_PORT = 8130
NOT_THERE = (STATE_UNAVAILABLE, STATE_UNKNOWN)
SHOWN_WITHIN = 0.5


class Home(Measured):
    """The methods that the benchmark calls in a Home Assistant."""

    hass: HomeAssistant

    def __init__(self, system: System, config: Path) -> None:
        """Create a home for `system` with a configuration folder."""
        super().__init__()
        self.system = system
        self._config = config
        self._entries: list[ConfigEntry] = []
        self._entities: list[str] = []
        self._index: dict[str, int] = {}
        self._unwatch: Callable[[], None] = lambda: None
        self._loaded: list[object] = []
        self._returned = 0.0

    async def prepare(self) -> None:
        """Start Home Assistant and import the integration, without devices."""
        (self._config / "custom_components").symlink_to(os.environ[CUSTOM])
        hass = self.hass = HomeAssistant(str(self._config))
        loader.async_setup(hass)
        hass.config.skip_pip = True
        hass.config_entries = ConfigEntries(hass, {})
        await bootstrap.async_load_base_functionality(hass)
        await async_process_ha_core_config(hass, {"name": "Bench", "time_zone": "UTC"})
        config = {"http": {"server_port": HTTP_PORT + self.system.number}}
        for domain in ("homeassistant", "http", "network", "light"):
            await async_setup_component(hass, domain, config)
        await hass.async_start()
        for dependency in ("zeroconf", "ssdp"):
            await async_setup_component(hass, dependency, {})
        ticking = asyncio.create_task(self.tick())
        await async_setup_component(hass, self.system.domain, {})
        ticking.cancel()
        self._adapt()
        await hass.async_block_till_done()
        gc.collect()
        gc.freeze()

    def _adapt(self) -> None:
        """Load what the benchmark adds to our integration."""
        if self.system.family == "wide":
            runtime = import_module("custom_components.lan_edge.runtime")
            registry = runtime.domain_data(self.hass).registry
            registry.add(import_module("benchmarks.wide").BenchWide)
        if self.system.name in {"ours wiz", "soak"}:
            import_module("benchmarks.wiz_port").use(self.system.push_port)

    async def set_up(
        self, count: int, dead: list[int] | None = None, patience: float = 60
    ) -> dict[str, Any]:
        """Add devices and set up their entries; return the time until all but the dead are there.

        Entries are set up in parallel, as at the start of Home Assistant.
        """
        new = [self._new_entry(i) for i in range(len(self._entries), count)]
        self._entries += new
        manager, missing = self.hass.config_entries, set(dead or [])
        begun, cpu = time.monotonic(), time.process_time()
        setups = asyncio.gather(*(manager.async_setup(e.entry_id) for e in new))
        setups.add_done_callback(lambda _: setattr(self, "_returned", time.monotonic()))
        waiting = [i for i in range(count) if i not in missing]
        async with asyncio.timeout(patience):
            while waiting:
                while waiting and self._is_there(waiting[-1]):
                    waiting.pop()
                await asyncio.sleep(0.002)
        ready = time.monotonic()
        cpu = time.process_time() - cpu
        async with asyncio.timeout(patience):
            await setups
        self._find_entities()
        return {
            "ready": ready - begun,
            "cpu": cpu,
            "returned": self._returned - begun,
            "dead": [self._state(i) for i in sorted(missing)],
        }

    def _new_entry(self, index: int) -> ConfigEntry:
        host = self.system.host(index)
        entry: ConfigEntry = ConfigEntry(
            data=self.system.entry(host),
            discovery_keys=MappingProxyType({}),
            domain=self.system.domain,
            minor_version=1,
            options={},
            source="user",
            subentries_data=None,
            title=host.name,
            unique_id=host.id,
            version=1,
        )
        entries = self.hass.config_entries._entries  # noqa: SLF001  # async_add would set it up
        entries[entry.entry_id] = entry
        return entry

    def _entity(self, index: int) -> str | None:
        registry, entry = er.async_get(self.hass), self._entries[index]
        entries = er.async_entries_for_config_entry(registry, entry.entry_id)
        ids = [e.entity_id for e in entries if e.domain in {"light", "switch"}]
        return min(ids, default=None, key=lambda i: (i.partition(".")[0], len(i), i))

    def _state(self, index: int) -> str:
        entity_id = self._entity(index)
        state = self.hass.states.get(entity_id) if entity_id else None
        return state.state if state else "missing"

    def _is_there(self, index: int) -> bool:
        return self._state(index) not in (*NOT_THERE, "missing")

    def _find_entities(self) -> None:
        self._entities = [
            self._entity(i) or f"light.missing_{i}" for i in range(len(self._entries))
        ]
        self._index = {e: i for i, e in enumerate(self._entities)}

    async def commands(self, picks: list[int]) -> list[tuple[float, float, int]]:
        """Switch these devices one after another; return when each was called and returned."""
        done = []
        for index in picks:
            entity_id = self._entities[index]
            on = not self._is_on(entity_id)
            called = time.monotonic()
            await self._call([entity_id], on=on)
            done.append((called, time.monotonic(), index))
            # Wait until the state shows it: an integration sends no command for the state it has.
            deadline = called + SHOWN_WITHIN
            while self._is_on(entity_id) is not on and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0)
        return done

    async def call_all(self, on: bool, indices: list[int] | None = None) -> dict[str, Any]:
        """Switch all devices, or some, with one action."""
        wanted = self._entities if indices is None else [self._entities[i] for i in indices]
        called, cpu, error = time.monotonic(), time.process_time(), ""
        try:
            await self._call(wanted, on=on)
        except (HomeAssistantError, TimeoutError) as err:
            error = f"{type(err).__name__}: {err}"
        returned = time.monotonic()
        spent = time.process_time() - cpu
        return {"called": called, "returned": returned, "cpu": spent, "error": error}

    async def _call(self, entities: list[str], *, on: bool) -> None:
        target = {"entity_id": entities}
        domain = entities[0].partition(".")[0]
        await self.hass.services.async_call(domain, f"turn_{'on' if on else 'off'}", target, True)

    def _is_on(self, entity_id: str) -> bool:
        state = self.hass.states.get(entity_id)
        return state is not None and state.state == "on"

    async def watch(self) -> None:
        """Record each change of a state from now on."""
        self._unwatch()
        self.noted.clear()
        self._loaded = [getattr(e, "runtime_data", None) for e in self._entries]
        self._unwatch = self.hass.bus.async_listen(EVENT_STATE_CHANGED, self._changed)

    async def unwatch(self) -> None:
        """Stop recording."""
        self._unwatch()
        self._unwatch = lambda: None

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        now, state = time.monotonic(), event.data["new_state"]
        if state is not None and (index := self._index.get(event.data["entity_id"])) is not None:
            self.noted.append((now, index, state.state))

    async def states(self) -> list[str]:
        """Return the state of each device's entity."""
        return [self._state(i) for i in range(len(self._entries))]

    async def kept(self, index: int) -> bool:
        """Return whether an entry has not been reloaded since `watch`."""
        return getattr(self._entries[index], "runtime_data", None) is self._loaded[index]

    async def announce(self, index: int, host: str) -> None:
        """Pass a discovery of a device to Home Assistant."""
        await announced.announce(self.hass, self.system, self._entries[index], host)

    async def add_by_flow(self, index: int) -> float:
        """Add a discovered device; return the seconds from the flow's last step to its entity."""
        return await announced.add(self.hass, self.system, self._new_entry(index))


async def run(descriptor: int, system: System, kind: type[Home] = Home) -> None:
    """Serve the calls of the benchmark; delete the configuration folder afterwards."""
    logging.basicConfig(level=logging.ERROR)
    for noisy in ("homeassistant", "custom_components", "lan_edge", "pywizlight", "yeelight"):
        logging.getLogger(noisy).setLevel(
            logging.CRITICAL if "LAN_EDGE_BENCH_LOG" not in os.environ else logging.INFO
        )
    with tempfile.TemporaryDirectory(prefix="lan-edge-bench-") as config:
        home = kind(system, Path(config))
        await serve(home, descriptor)
        await home.hass.async_stop(force=True)


if __name__ == "__main__":
    allow_many_files()
    asyncio.run(run(int(sys.argv[1]), BY_NAME[sys.argv[2]]))
