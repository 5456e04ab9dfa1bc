"""A described device with every standard capability: its entities, what they show and send.

The tables are those of the driver made by code. So are the entities: the same, with the same
classes, units and features.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from lan_edge import Attribute, Command, Component, Device, Profile

from ..entries import device_of, set_up
from ..own_drivers import add_driver
from .asked import Asked, Player, Step
from .described import TEXTS, DescribedPuppet, Told, as_json, component_of, driver_of
from .homes import Capabilities
from .puppet import Puppet, moved_in, puppet_driver
from .shown import Shown
from .tables import ASKED, SHOWN
from .test_commands import right_arguments
from .test_values import seen_in

type Homes = dict[str, Capabilities]

UNREADABLE = (bytes,)
"""What is in no JSON."""


class DescribedHouse:
    """A described puppet in Home Assistant."""

    def __init__(
        self, hass: HomeAssistant, puppet: DescribedPuppet, entry: MockConfigEntry, homes: Homes
    ) -> None:
        self.hass = hass
        self.puppet = puppet
        self.entry = entry
        self.homes = homes
        self.faults = list[str]()
        """What was wrong so far: all of it is shown in the end."""

    @property
    def device(self) -> Device:
        """The library's device."""
        return device_of(self.entry)

    def check(self, is_so: object, *what: object) -> None:
        """Note a fault unless it is so."""
        if not is_so:
            self.faults.append(" ".join(str(w) for w in what))

    def entity_id(self, platform: str, home: str, part: str) -> str | None:
        """Return an entity by its platform, home and the id of what it shows."""
        unique_id = f"{self.entry.unique_id}-{component_of(home)}-{part}"
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    async def report(self, home: str, *values: tuple[Attribute[Any], Any]) -> None:
        """Have the device report values, and wait until they have arrived."""
        for attribute, value in values:
            self.puppet.report(component_of(home), attribute, as_json(value))
        await self.device.driver.io.call("id")  # which is answered after them
        await self.hass.async_block_till_done()

    async def see(self, shown: Shown, value: Any) -> None:
        """Have the device report a value; note a fault if it does not show as it should."""
        await self.report(shown.home, *shown.given, (shown.attribute, value))
        case = (shown.home, shown.platform, shown.attribute, repr(value)[:60])
        entity_id = self.entity_id(shown.platform, shown.home, shown.part)
        state = self.hass.states.get(entity_id) if entity_id else None
        if state is None:
            self.check(False, *case, "has no entity")  # it is none
            return
        seen, wanted = seen_in(shown, state), shown.wanted(value)
        self.check(seen == wanted, *case, "shows as", repr(seen)[:60], "not", repr(wanted)[:60])


@pytest.fixture(params=TEXTS, ids=["first", "second"])
async def house(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    start_discovery: object,
    drivers: None,
    all_enabled: None,
) -> AsyncGenerator[DescribedHouse]:
    """Return a device with some of the homes; in the end nothing may be wrong."""
    homes: Homes = request.param
    commands = [c for each in homes.values() for capability in each for c in capability.commands]
    add_driver(driver_of(homes))
    async with DescribedPuppet(commands) as puppet:
        entry = await set_up(hass, "puppet", puppet.id, puppet)
        made = DescribedHouse(hass, puppet, entry, homes)
        yield made
        if entry.state is ConfigEntryState.LOADED:
            assert await hass.config_entries.async_unload(entry.entry_id)
    assert not made.faults, "\n".join(made.faults)


async def test_its_values_are_shown(house: DescribedHouse) -> None:
    for shown in (each for each in SHOWN if each.home in house.homes):
        if shown.attribute.schema.type not in UNREADABLE:
            for value in shown.values:
                await house.see(shown, value)
    assert house.device.state.rejected == {}
    assert house.device.counts["driver_errors"] == {}


async def test_its_commands_arrive_and_are_read_back(house: DescribedHouse) -> None:
    for home, capabilities in house.homes.items():
        for command in (c for each in capabilities for c in each.commands if c.builtin is None):
            for given in right_arguments(command):
                case = (home, command, {k: repr(v)[:40] for k, v in given.items()})
                await sent(house, home, command, given)
                wanted = {k: as_json(v) for k, v in given.items() if v is not None}
                told = house.puppet.told
                expected = [Told(command.id, wanted, component_of(home))]
                house.check(told == expected, *case, "told", repr(told)[:200])
                every = {each.name: given.get(each.name) for each in command.arguments}
                for attribute, value in command.effects(every):
                    now = house.device.state.get(attribute, component_of(home))
                    house.check(now == value, *case, attribute, "is", now)


async def sent(
    house: DescribedHouse, home: str, command: Command[...], given: dict[str, Any]
) -> None:
    """Carry a command out; note a fault if that fails."""
    try:
        await house.device.commands.execute(command, given, component_of(home))
    except Exception as err:  # noqa: BLE001  # all of them are shown
        house.check(False, home, command, "raised", repr(err)[:200])


async def test_its_entities_carry_actions_out(house: DescribedHouse) -> None:
    for asked in (each for each in ASKED if each.home in house.homes):
        case = (asked.action, asked.home, asked.data)
        try:
            await act(house, asked)
        except Exception as err:  # noqa: BLE001  # all of them are shown
            house.check(False, *case, "raised", repr(err)[:200])
        home = component_of(asked.on or asked.home)
        got = [(t.command, t.arguments) for t in house.puppet.told if t.component == home]
        house.check(got == as_told(asked.gets), *case, "told", got, "not", asked.gets)


async def act(house: DescribedHouse, asked: Asked) -> None:
    """Have the device report what is given, then use the action."""
    has = house.homes[asked.home]
    given = [(a, v) for a, v in asked.given if a.capability in has]
    await house.report(asked.home, *given)
    domain, _, action = asked.action.partition(".")
    data = {key: resolved(house, value) for key, value in asked.data.items()}
    data["entity_id"] = house.entity_id(domain, asked.home, asked.part)
    assert data["entity_id"], "there is no such entity"
    await house.hass.services.async_call(domain, action, data, blocking=True)
    await house.hass.async_block_till_done()


def resolved(house: DescribedHouse, value: Any) -> Any:
    """Return a value of an action's data, players by their entities."""
    if isinstance(value, list):
        return [resolved(house, each) for each in value]
    if isinstance(value, Player):
        return house.entity_id("media_player", value.home, "audioVolume")
    return value


def as_told(steps: Sequence[Step]) -> list[tuple[str, dict[str, Any]]]:
    """Return commands as they arrive, without the builtin ones, which are not sent."""
    return [
        (command.id, {k: as_json(v) for k, v in arguments.items() if v is not None})
        for command, arguments in steps
        if command.builtin is None
    ]


async def test_its_entities_are_those_of_a_driver(house: DescribedHouse) -> None:
    homes = {name: Component(its, name) for name, its in house.homes.items()}
    described = entities_of(house.hass, house.entry)
    assert await house.hass.config_entries.async_unload(house.entry.entry_id)
    puppet_driver(Profile(**homes))
    puppet = Puppet("puppet-2")
    with puppet.plugged_in():
        other = await moved_in(house.hass, puppet)
        written = entities_of(house.hass, other.entry)
        assert await house.hass.config_entries.async_unload(other.entry.entry_id)
    assert {component_of_id(key): each for key, each in written.items()} == described


def component_of_id(key: str) -> str:
    """Return the rest of a unique id as that of a described device."""
    home, _, part = key.partition("-")
    return f"{component_of(home)}-{part}"


def entities_of(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, tuple[Any, ...]]:
    """Return what Home Assistant knows of each entity, by the rest of its unique id."""
    entries = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {
        e.unique_id.removeprefix(f"{entry.unique_id}-"): (
            e.domain,
            e.capabilities,
            e.supported_features,
            e.original_device_class,
            e.unit_of_measurement,
            e.entity_category,
            e.translation_key,
            e.original_name,
        )
        for e in entries
    }
