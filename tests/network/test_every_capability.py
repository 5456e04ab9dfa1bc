"""All that devices of the local families can do, in a real Home Assistant: told, done and followed.

Each entity is told all that it offers, and its device is asked whether it has done that; then each
device changes all that it reports by itself. What is not in the table fails, too: an entity, an
action, a mode, or a capability that one of the drivers declares.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from lan_edge.drivers.govee import Govee
from lan_edge.drivers.meross import Meross
from lan_edge.drivers.miot import Miot
from lan_edge.drivers.sonoff import Sonoff
from lan_edge.drivers.tuya import Tuya
from tests.real.client import Json, RefusedError, until

from .home import Home
from .lab import Lan, lan as make_lan
from .repertoire import PIECES, Piece, Told
from .resident import Resident

PATIENCE = 60.0
"""Seconds until what changes at a device is shown: some are polled, at their own pace."""
DRIVERS = (Govee, Meross, Miot, Sonoff, Tuya)
FEATURES: dict[str, dict[int, str]] = {
    "cover": {1: "open_cover", 2: "close_cover", 4: "set_cover_position", 8: "stop_cover"},
    "climate": {1: "set_temperature", 2: "set_temperature", 128: "turn_off", 256: "turn_on"},
    "media_player": {4: "volume_set", 8: "volume_mute"},
    "siren": {1: "turn_on", 2: "turn_off"},
    "valve": {1: "open_valve", 2: "close_valve"},
    "fan": {1: "set_percentage", 2: "oscillate", 16: "turn_off", 32: "turn_on"},
    "vacuum": {4: "pause", 8: "stop", 16: "return_to_base", 8192: "start"},
}
"""The actions that features of an entity stand for."""
MODES = {
    "hvac_modes": "hvac_mode",
    "fan_modes": "fan_mode",
    "preset_modes": "preset_mode",
    "available_modes": "mode",
}
SWITCHED = {"turn_on", "turn_off"}
COLORS = {"color_temp": "color_temp_kelvin", "hs": "hs_color"}


class Owned:
    """A device in the home, and its entities by the ends of their unique ids."""

    def __init__(self, home: Home, lan: Lan, piece: Piece) -> None:
        host = lan.join()
        self.home = home
        self.piece, self.model = piece, piece.model
        self.resident = Resident[Any](host, lambda: self.model.make(host.address))
        self.entities: dict[str, str] = {}
        self.entry_id = ""

    async def add(self) -> None:
        """Confirm its card, and wait until all its entities are there."""
        card = await self.home.card(self.model.title, PATIENCE)
        self.entry_id = await self.home.confirm(card, *self.model.keys)

        async def there() -> bool:
            found = await self.home.client.entities(self.entry_id)
            self.entities = {e["unique_id"].partition("-")[2]: e["entity_id"] for e in found}
            named = {*self.piece.shown, *(told.entity for told in self.piece.told)}
            return named <= self.entities.keys()

        await until(there, f"{self.model.title} has its entities", PATIENCE)

    @property
    def main(self) -> str:
        """One of its entities."""
        return next(iter(self.entities.values()))

    async def has(self, path: str) -> Any:
        """Return what the device has there."""

        async def read(device: Any) -> Any:
            return self.model.read(device, path)

        return await self.resident.do(read)

    async def obeys(self, told: Told) -> None:
        """Tell an entity something; see that the device has done it, and the entity shows it."""
        entity_id = self.entities[told.entity]
        domain = entity_id.partition(".")[0]
        await self.home.client.call(f"{domain}.{told.action}", entity_id, **told.data)
        assert {path: await self.has(path) for path in told.has} == told.has, told
        await self.shows(told.entity, told.shows)

    async def shows(self, entity: str, wanted: Json) -> None:
        """Wait until an entity shows something."""

        async def shown() -> bool:
            state = await self.home.client.state(self.entities[entity])
            return is_shown(state, wanted)

        await until(shown, f"{self.entities[entity]} shows {wanted}", PATIENCE)

    async def is_followed(self) -> None:
        """Change all that the device reports; see that its entities follow."""

        async def change(device: Any) -> None:
            self.model.change(device, self.piece.has)

        await self.resident.do(change)
        if self.piece.is_slow:  # else it takes a minute
            await self.home.client.call("homeassistant.reload_config_entry", self.main)
        await asyncio.gather(*(self.shows(*row) for row in self.piece.shown.items()))


def is_shown(state: Json, wanted: Json) -> bool:
    """Return whether a state, or its attributes, are as wanted."""
    has = {"state": state["state"], **state["attributes"]}
    return all(
        has.get(name) == (value if isinstance(value, str) else pytest.approx(value, rel=0.01))
        for name, value in wanted.items()
    )


def offered(entity_id: str, state: Json) -> set[str]:
    """Return the actions that an entity offers; those with a mode, one for each."""
    domain, attributes = entity_id.partition(".")[0], state["attributes"]
    features = attributes.get("supported_features", 0)
    found = {action for bit, action in FEATURES.get(domain, {}).items() if features & bit}
    if domain in {"switch", "light", "humidifier"}:
        found |= SWITCHED
    colors = attributes.get("supported_color_modes", ["onoff"])
    found |= {COLORS[mode] for mode in colors if mode in COLORS}
    found |= {"brightness_pct"} if colors != ["onoff"] else set()
    return found | {
        f"{name} {mode}" for names, name in MODES.items() for mode in attributes.get(names) or []
    }


def used(piece: Piece, entity: str) -> set[str]:
    """Return what of this an entity is told."""
    told = [each for each in piece.told if each.entity == entity]
    data = {
        (name, value) for each in told for name, value in each.data.items() if name != "hs_color"
    }
    names = {name for each in told for name in each.data}
    return {each.action for each in told} | names | {f"{name} {value}" for name, value in data}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def owned(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[list[Owned]]:
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            home = Home(lan, tmp_path_factory.mktemp("every"))
            devices = [Owned(home, lan, piece) for piece in PIECES]
            for each in devices:
                await stack.enter_async_context(each.resident)
            await stack.enter_async_context(home)
            await asyncio.gather(*(each.add() for each in devices))
            yield devices
            assert not home.complaints()


async def test_the_table_leaves_nothing_out(owned: list[Owned]) -> None:
    client = owned[0].home.client
    capabilities: dict[str, set[str]] = {}
    missing: dict[str, Any] = {}
    for each in owned:
        path = f"/api/diagnostics/config_entry/{each.entry_id}"
        profile = (await client.request("GET", path))["data"]["profile"]
        own = {c for component in profile.values() for c in component["capabilities"]}
        capabilities.setdefault(each.model.driver, set()).update(own)
        for entity, entity_id in each.entities.items():
            lacks = offered(entity_id, await client.state(entity_id)) - used(each.piece, entity)
            if lacks or entity not in each.piece.shown:
                missing[entity_id] = lacks
    for driver in DRIVERS:
        lacks = {part.id for part in driver.parts} - capabilities[driver.id]
        if lacks:
            missing[driver.id] = lacks
    assert missing == {}


async def test_each_does_all_that_it_is_told_and_is_followed_in_all_that_it_reports(
    owned: list[Owned],
) -> None:
    wrong = list[str]()

    async def one(each: Owned) -> None:
        for told in each.piece.told:
            try:
                await each.obeys(told)
            except (AssertionError, RefusedError, TimeoutError) as err:
                wrong.append(f"{each.model.title}: {err}")
        try:
            await each.is_followed()
        except TimeoutError as err:
            wrong.append(f"{each.model.title}: {err}")

    await asyncio.gather(*(one(each) for each in owned))
    assert wrong == []
