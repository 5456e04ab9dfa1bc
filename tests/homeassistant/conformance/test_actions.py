"""Each command is reached by its entity's own action, with exactly what was asked for."""

import logging
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from lan_edge import STANDARD

from .asked import Asked, Player
from .homes import HOMES
from .puppet import House
from .refused import REFUSED, SEND_ONLY, Refused
from .tables import ASKED


def test_each_command_is_reached() -> None:
    """Whoever adds a command says here by which action, or why there is none."""
    reached = {command for asked in ASKED for command, _ in asked.gets}
    every = [c for capability in STANDARD for c in capability.commands]
    assert [c for c in every if c not in reached and c not in SEND_ONLY] == []


async def test_actions(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for asked in ASKED:
        case = (asked.action, asked.home, asked.data)
        try:
            await act(house, asked)
        except Exception as err:  # noqa: BLE001  # all of them are told
            house.fault(*case, "raised", repr(err)[:200])
        home = asked.on or asked.home
        got = [(t.command, t.arguments) for t in house.puppet.heard if t.component == home]
        house.check(got == [*asked.gets], *case, "told", got, "not", asked.gets)
    assert not house.faults, "\n".join(house.faults)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_what_the_device_cannot(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for refused in REFUSED:
        case = (refused.action, refused.home, refused.data)
        try:
            await act(house, refused)
        except HomeAssistantError as err:
            house.check(err.translation_key, *case, "is not translated:", repr(err)[:200])
        except Exception as err:  # noqa: BLE001  # all of them are told
            house.fault(*case, "raised", repr(err)[:200])
        else:
            house.fault(*case, "was taken")
        house.check(not (heard := house.puppet.heard), *case, "told the device", heard)
    assert not house.faults, "\n".join(house.faults)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def act(house: House, asked: Asked | Refused) -> None:
    """Have the device say what is given, then ask."""
    for attribute, value in asked.given:
        if attribute.capability in HOMES[asked.home]:
            house.push(attribute, value, asked.home)
    domain, _, action = asked.action.partition(".")
    data = {key: resolved(house, value) for key, value in asked.data.items()}
    data["entity_id"] = house.entity_id(domain, asked.home, asked.part)
    assert data["entity_id"], "there is no such entity"
    await house.hass.services.async_call(domain, action, data, blocking=True)
    await house.hass.async_block_till_done()


def resolved(house: House, value: Any) -> Any:
    """Return a value of an action's data, players by their entities."""
    if isinstance(value, list):
        return [resolved(house, each) for each in value]
    if isinstance(value, Player):
        return house.entity_id("media_player", value.home, "audioVolume")
    return value
