"""The commands of the light, the switch and the number of a device are sent in order."""

import asyncio
from collections.abc import Coroutine
import random
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.emulators.json_bulb import JsonBulbEmulator

from .entries import BULB_ID, set_up
from .json_bulb import push
from .lab import LAMP, lab
from .states import call
from .waiting import eventually

LIGHT, RELAY, AUX = "light.desk_lamp", "switch.desk_lamp_relay", "number.desk_lamp_aux_level"
ENTITIES = (LIGHT, RELAY, AUX)

type Sent = tuple[str, str, Any]
"""Entity, what is set, and to what."""


def command(chance: random.Random) -> tuple[str, str, dict[str, Any], Sent]:
    """Return a random service call (service, entity, data), and what it must send."""
    entity = chance.choice(ENTITIES)
    if entity == AUX:
        level = chance.randint(1, 100)
        return "number.set_value", AUX, {"value": level}, (AUX, "level", level)
    if entity == LIGHT and chance.random() < 0.5:
        level = chance.randint(1, 100)
        return "light.turn_on", LIGHT, {"brightness_pct": level}, (LIGHT, "level", level)
    on = chance.random() < 0.5
    service = f"{entity.partition('.')[0]}.turn_{'on' if on else 'off'}"
    return service, entity, {}, (entity, "on", on)


def seen(bulb: JsonBulbEmulator) -> list[Sent]:
    found: list[Sent] = []
    for params in (r.params for r in bulb.log if r.command == "set"):
        what = "on" if "on" in params else "level"
        found.append((ENTITIES[params["fade"]], what, params[what]))
    return found


@pytest.mark.parametrize("seed", range(5))
async def test_wire_order_is_issue_order(
    hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator, seed: int
) -> None:
    chance = random.Random(seed)
    lab()
    await set_up(hass, "lab", BULB_ID, bulb)
    await push(bulb, profile=LAMP.as_dict())
    await eventually(lambda: all(map(hass.states.get, ENTITIES)))
    await call(hass, "light.turn_on", LIGHT)  # so that a brightness is one command
    bulb.log.clear()
    bulb.faults.slow = lambda: chance.choice([0, 0, 0.001, 0.004])
    issued: list[Sent] = []
    calls: list[asyncio.Task[None]] = []
    for _ in range(60):
        service, entity, data, wanted = command(chance)
        if wanted == (LIGHT, "on", False):
            continue  # a brightness after it would be two commands
        issued.append(wanted)
        calls.append(start(hass, call(hass, service, entity, **data)))
        if chance.random() < 0.3:
            await asyncio.sleep(chance.choice([0, 0.002, 0.01]))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert not [o for o in outcomes if isinstance(o, HomeAssistantError)]
    sent = [s for s in seen(bulb) if s != (LIGHT, "on", True) or s in issued]
    assert_in_order(issued, sent)
    assert {s[0]: s for s in sent if s[0] == AUX} == {s[0]: s for s in issued if s[0] == AUX}


async def test_every_on_and_off_is_sent_and_the_last_wins(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    chance = random.Random(1)
    bulb.faults.slow = lambda: chance.choice([0, 0.002])
    wanted = [chance.random() < 0.5 for _ in range(40)]
    calls = [start(hass, call(hass, f"light.turn_{'on' if on else 'off'}", LIGHT)) for on in wanted]
    await asyncio.gather(*calls)
    assert [r.params["on"] for r in bulb.log if r.command == "set"] == wanted
    assert bulb.state["on"] is wanted[-1]


async def test_a_hundred_levels_while_the_device_is_slow(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> None:
    await bulb.change(on=True)
    await set_up(hass, "json_bulb", BULB_ID, bulb)
    bulb.faults.slow = 0.05
    calls = [
        start(hass, call(hass, "light.turn_on", LIGHT, brightness_pct=level))
        for level in range(1, 101)
    ]
    await asyncio.gather(*calls)  # everybody got the result of what was sent
    assert [r.params["level"] for r in bulb.log if r.command == "set"] == [1, 100]
    assert bulb.state["level"] == 100


def start(hass: HomeAssistant, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return hass.async_create_task(work)


def assert_in_order(issued: list[Sent], sent: list[Sent]) -> None:
    """Fail unless `sent` is `issued` without values that a newer one made pointless."""
    at = 0
    for command in issued:
        if at < len(sent) and sent[at] == command:
            at += 1
            continue
        entity, what, _ = command
        assert what == "level", f"{command} was never sent, or out of order: {sent[at:]}"
        later = [s for s in sent[at:] if s[:2] == (entity, what)]
        assert later, f"{command} was lost: nothing newer was sent"
    assert at == len(sent), f"sent and not issued: {sent[at:]}"
