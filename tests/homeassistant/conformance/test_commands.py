"""Each command by lan_edge.send_command: right arguments arrive, wrong ones reach nothing."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from custom_components.lan_edge.const import DOMAIN
from lan_edge import STANDARD, Command
from lan_edge.capabilities.arguments import Argument

from .puppet import House
from .tables import SHOWN
from .test_values import see
from .values import right, wrong

COMMANDS = [c for capability in STANDARD for c in capability.commands]
PACKAGE = Path(__file__).parents[3] / "custom_components/lan_edge"
WORDS = json.loads((PACKAGE / "translations/en.json").read_text())["exceptions"]

type Arguments = dict[str, Any]


async def test_right_arguments(house: House) -> None:
    for command in COMMANDS:
        home = command.capability.id
        for given in right_arguments(command):
            case = (command, {k: repr(v)[:40] for k, v in given.items()})
            try:
                await send(house, command, given)
            except Exception as err:  # noqa: BLE001  # all of them are told
                house.fault(*case, "raised", repr(err)[:200])
            wanted = {a.name: given.get(a.name) for a in command.arguments}
            heard = house.puppet.heard
            house.check(heard == [(command, wanted, home)], *case, "told", repr(heard)[:200])
            for attribute, value in command.effects(wanted):
                now = house.device.state.get(attribute, home)
                house.check(now == value, *case, attribute, "is", now)
                for shown in (s for s in SHOWN if (s.home, s.attribute) == (home, attribute)):
                    if not shown.given and value in shown.values:
                        see(house, shown, value)
    assert not house.faults, "\n".join(house.faults)


async def test_wrong_arguments(house: House) -> None:
    count = 0
    for command in COMMANDS:
        for given, named in wrong_arguments(command):
            count += 1
            case = (command, {k: repr(v)[:40] for k, v in given.items()})
            try:
                await send(house, command, given)
            except ServiceValidationError as err:
                says = str((err.translation_placeholders or {}).get("reason"))
                house.check(named in says, *case, "does not name", named, "but says", says)
                house.check(err.translation_key in WORDS, *case, "is not translated")
            except Exception as err:  # noqa: BLE001  # all of them are told
                house.fault(*case, "raised", repr(err)[:200])
            else:
                house.fault(*case, "was taken")
            house.check(not house.puppet.heard, *case, "reached the device")
    assert not house.faults, "\n".join(house.faults)
    assert count > 500


async def send(house: House, command: Command[...], given: Arguments) -> None:
    """Use the action, on the home of the command's capability."""
    data = {
        "device_id": device_id(house.hass, house),
        "component": command.capability.id,
        "capability": command.capability.id,
        "command": command.name,
        "arguments": given,
    }
    await house.hass.services.async_call(DOMAIN, "send_command", data, blocking=True)


def device_id(hass: HomeAssistant, house: House) -> str:
    """Return the device's id in the registry."""
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), house.entry.entry_id)
    return device.id


def right_arguments(command: Command[...]) -> Iterator[Arguments]:
    """Yield arguments with each right value, the optional ones given and not."""
    required = {a.name: right(a.schema)[0] for a in command.arguments if a.required}
    yield required
    for argument in command.arguments:
        for value in right(argument.schema):
            yield {**required, argument.name: value}


def wrong_arguments(command: Command[...]) -> Iterator[tuple[Arguments, str]]:
    """Yield arguments of which one is wrong, missing or unknown, and what the error must name."""
    every = {a.name: right(a.schema)[0] for a in command.arguments}
    yield {**every, "nonsense": 1}, "nonsense"
    for argument in command.arguments:
        if argument.required:
            yield {k: v for k, v in every.items() if k != argument.name}, argument.name
        for value in not_fitting(argument):
            yield {**every, argument.name: value}, argument.name


def not_fitting(argument: Argument) -> Iterator[Any]:
    """Yield what is no value of an argument; None is that an optional one is not given."""
    values = wrong(argument.schema)
    return (v for v in values if v is not None or argument.required)
