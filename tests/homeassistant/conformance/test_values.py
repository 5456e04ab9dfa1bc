"""Each value that a device can say shows as an owner expects; a wrong one makes it unknown."""

import logging
from typing import Any

from homeassistant.core import State
from homeassistant.helpers import entity_registry as er
import pytest

from lan_edge import STANDARD, Kind

from .homes import HOMES
from .puppet import House
from .shown import Shown
from .tables import ELSEWHERE, SHOWN
from .values import right, wrong


def test_each_attribute_is_shown() -> None:
    """Whoever adds an attribute says here how it shows, or that it is hidden."""
    known = {s.attribute for s in SHOWN} | set(ELSEWHERE)
    every = [a for c in STANDARD for a in c.attributes if a.kind is not Kind.HIDDEN]
    assert [a for a in every if a not in known] == []


async def test_right_values(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for shown in SHOWN:
        for value in shown.values:
            see(house, shown, value)
    assert not house.faults, "\n".join(house.faults)
    assert house.device.state.rejected == {}
    assert complaints(house, caplog) == []


async def test_wrong_values(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for shown in SHOWN:
        see(house, shown, shown.values[0])
    for home, capabilities in HOMES.items():
        for attribute in (a for c in capabilities for a in c.attributes):
            for value in wrong(attribute.schema):
                house.push(attribute, right(attribute.schema)[0], home)
                count = refused(house, attribute.id)
                house.push(attribute, value, home)
                case = (home, attribute, repr(value)[:60])
                known = house.device.state.get(attribute, home)
                is_unknown = known is None or attribute.kind is Kind.EVENT
                house.check(is_unknown, *case, "left", repr(known)[:60])
                house.check(refused(house, attribute.id) == count + 1, *case, "was not counted")
                unknown = pictures(house, home)
                house.push(attribute, None, home)
                house.check(pictures(house, home) == unknown, *case, "shows as a value")
    assert not house.faults, "\n".join(house.faults)
    assert complaints(house, caplog) == []


def see(house: House, shown: Shown, value: Any) -> None:
    """Have the device say a value; note a fault if it does not show as it should."""
    for attribute, before in (*shown.given, (shown.attribute, value)):
        house.push(attribute, before, shown.home)
    case = (shown.home, shown.platform, shown.attribute, repr(value)[:60])
    entity_id = house.entity_id(shown.platform, shown.home, shown.part)
    state = house.hass.states.get(entity_id) if entity_id else None
    if state is None:
        house.fault(*case, "has no entity")
        return
    seen, wanted = seen_in(shown, state), shown.wanted(value)
    house.check(seen == wanted, *case, "shows as", repr(seen)[:60], "not", repr(wanted)[:60])


def seen_in(shown: Shown, state: State) -> Any:
    """Return what is seen of an attribute."""
    try:
        return shown.see(state)
    except (KeyError, TypeError, ValueError) as err:
        return err


def pictures(house: House, home: str) -> list[tuple[str, Any]]:
    """Return what all entities of a home show."""
    prefix = f"{house.entry.unique_id}-{home}-"
    registry = er.async_get(house.hass)
    entries = er.async_entries_for_config_entry(registry, house.entry.entry_id)
    states = (house.hass.states.get(e.entity_id) for e in entries if e.unique_id.startswith(prefix))
    return [(s.state, s.attributes) for s in states if s is not None]


def refused(house: House, attribute: str) -> int:
    """Return how often a value of an attribute was refused."""
    return house.device.state.rejected.get(attribute, (0, ""))[0]


def complaints(house: House, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log and the device say of errors."""
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    return [*errors, *house.device.counts["driver_errors"]]
