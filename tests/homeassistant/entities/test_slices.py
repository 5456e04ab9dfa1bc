"""However many entities a device has, they come and go a few at a time."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from itertools import count
import logging
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_registry import (
    EVENT_ENTITY_REGISTRY_UPDATED,
    EventEntityRegistryUpdatedData,
)
import pytest

from lan_edge import STANDARD, Component, Profile, Switch
from lan_edge.timing.slices import SLICE
from tests.edge.rounds import measure_by

from ..conformance.puppet import House, Puppet, moved_in, puppet_driver
from ..waiting import eventually

SENSORS = tuple(
    capability
    for capability in STANDARD
    if not capability.commands and len(capability.attributes) == 1 and capability is not Switch
)
COUNT = 12
BY_SLICE = 5
"""How many steps take a slice, by the clock of these tests."""


@pytest.fixture(autouse=True)
def quiet(drivers: None, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Check that nothing of it is an error."""
    yield
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


@pytest.fixture
async def house(hass: HomeAssistant, start_discovery: object) -> AsyncGenerator[House]:
    """Return a device with a switch, in a home where each step takes long."""
    puppet_driver(Profile(Switch))
    puppet, steps = Puppet(), count()
    with puppet.plugged_in():
        its = await moved_in(hass, puppet)
        its.puppet.become(rich(1))  # all platforms are set up
        await eventually(lambda: len(entities(its)) > 1)
        await hass.async_block_till_done()
        with pytest.MonkeyPatch.context() as context:
            measure_by(context, lambda: next(steps) * SLICE / BY_SLICE)
            yield its
        assert await hass.config_entries.async_unload(its.entry.entry_id)


def rich(number: int, *, child: bool = True) -> Profile:
    """Return a switch with components that have dozens of entities each."""
    part = Component(SENSORS, "Part", child=child)
    return Profile(Switch, **{f"part{n}": part for n in range(number)})


def entities(house: House) -> list[er.RegistryEntry]:
    registry = er.async_get(house.hass)
    return er.async_entries_for_config_entry(registry, house.entry.entry_id)


class Changes:
    """Counts what changes in each round of the loop."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.by_round = [0]
        hass.bus.async_listen(EVENT_ENTITY_REGISTRY_UPDATED, self._note)
        hass.bus.async_listen("state_changed", self._note)

    @callback
    def _note(self, _event: Event[EventEntityRegistryUpdatedData]) -> None:
        self.by_round[-1] += 1

    async def until(self, condition: Callable[[], object]) -> None:
        """Go on until a condition holds."""
        loop: Any = asyncio.get_running_loop()
        select = loop._selector.select

        def counted(timeout: float | None) -> object:
            self.by_round.append(0)
            return select(timeout)

        with patch.object(loop._selector, "select", counted):
            await eventually(condition, 60)

    def check(self) -> None:
        """Check that no round had more than the steps of two slices."""
        assert 0 < max(self.by_round) <= 2 * 2 * (BY_SLICE + 1)  # a step makes two changes


async def test_components_that_come_and_go(house: House) -> None:
    changes = Changes(house.hass)
    house.puppet.become(rich(COUNT))
    await changes.until(lambda: len(entities(house)) == 1 + COUNT * len(SENSORS))
    changes.check()
    house.puppet.become(Profile(Switch))
    await changes.until(lambda: len(entities(house)) == 1)
    changes.check()


async def test_components_that_change(house: House) -> None:
    house.puppet.become(rich(COUNT))
    await house.hass.async_block_till_done()
    changes = Changes(house.hass)
    house.puppet.become(rich(COUNT, child=False))  # all entities are replaced
    await changes.until(lambda: sum(changes.by_round) >= 2 * COUNT * len(SENSORS))
    changes.check()
    await house.hass.async_block_till_done()
    assert len(entities(house)) == 1 + COUNT * len(SENSORS)


async def test_a_reload(house: House) -> None:
    house.puppet.become(rich(COUNT))
    await house.hass.async_block_till_done()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    changes = Changes(house.hass)
    setup = asyncio.create_task(house.hass.config_entries.async_setup(house.entry.entry_id))
    await changes.until(setup.done)
    assert len(house.hass.states.async_entity_ids("sensor")) > COUNT
    changes.check()


async def test_registries_that_are_newer_than_the_record(house: House) -> None:
    """As after a kill: what the profile does not have is removed."""
    house.puppet.become(rich(COUNT))
    await house.hass.async_block_till_done()
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    house.puppet.become(Profile(Switch))
    changes = Changes(house.hass)
    with patch("custom_components.lan_edge.async_load_stored", AsyncMock(return_value={})):
        setup = asyncio.create_task(house.hass.config_entries.async_setup(house.entry.entry_id))
        await changes.until(setup.done)
    assert len(entities(house)) == 1
    changes.check()
