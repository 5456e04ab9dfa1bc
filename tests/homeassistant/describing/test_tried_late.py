"""A device that carries out a command some time after it has answered: it is read again."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.tried_value import missed
from lan_edge import DraftThing, ReadNow, ShadeState, ThingKind

from ..flow_steps import go_on, words
from .dialog import choose, option
from .heater import Heater
from .test_noticed import add, post

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
NOT_YET = "- **Power** is now `900`, not `500`. The device"
MODULE = "custom_components.lan_edge.describing.tried_value"


@pytest.fixture
async def heater() -> AsyncGenerator[Heater]:
    async with Heater() as made:
        yield made


@pytest.fixture
def reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it read again for as long as the machine may need."""
    monkeypatch.setattr(f"{MODULE}.READ_AGAIN_EVERY", 0.0)
    monkeypatch.setattr(f"{MODULE}.READ_AGAIN_FOR", 30.0)


@pytest.fixture
def reads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have it read only once after a command."""
    monkeypatch.setattr(f"{MODULE}.READ_AGAIN_FOR", -1.0)


async def tried(hass: HomeAssistant, heater: Heater, value: str) -> Any:
    """Set a number; return what is said after it."""
    flow: Any = await add(hass, heater, "number", "Power")
    field = option(flow, "field", "power = ")
    limits = {"minimum": 0, "maximum": 1000}
    flow = await go_on(hass, flow, field=field, **limits, unit="W", device_class="power")
    return await post(hass, flow, "power", '{"value": {value}}', value=value)


@pytest.mark.usefixtures("reads_again")
async def test_what_is_late_is_waited_for(hass: HomeAssistant, heater: Heater) -> None:
    heater.late = 3
    said = words(await tried(hass, heater, "500"))
    assert '"power": 500' in said["state"]
    assert said["meaning"] == "- **Power** is now `500`."
    assert said["sent"] == '`POST /power {"value": 500}` (JSON)'


@pytest.mark.parametrize(
    ("command", "now", "is_missed"),
    [
        ("open", ShadeState.CLOSED, True),
        ("open", ShadeState.OPENING, False),
        ("close", ShadeState.OPEN, True),
        ("close", ShadeState.CLOSING, False),
        ("stop", ShadeState.OPEN, False),
    ],
)
def test_whether_a_cover_does_as_it_was_told(
    command: str, now: ShadeState, is_missed: bool
) -> None:
    thing = DraftThing(ThingKind.COVER, reading={"path": "door"})
    assert missed(thing, command, "", {"reading": ReadNow("1", now)}) == (
        command if is_missed else ""
    )


@pytest.mark.usefixtures("reads_once")
async def test_what_is_another_is_told_and_looked_at_again(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.late = 2
    flow = await tried(hass, heater, "500")
    assert words(flow)["meaning"].startswith("- **Power** is now `900`, not `500`. The device")
    for meaning in (NOT_YET, "- **Power** is now `500`."):
        flow = await choose(hass, flow, "describe_look_again")
        assert flow["step_id"] == "describe_tried"
        assert words(flow)["meaning"].startswith(meaning)
    assert '"power": 500' in words(flow)["state"]
    assert "ok" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_keep")
    assert flow["step_id"] == "describe_overview"
    assert heater.sent == [{"value": 500}]


@pytest.mark.usefixtures("reads_once")
async def test_one_that_does_not_answer_when_it_is_looked_at_again(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.late, heater.fails_late = 2, True
    flow = await tried(hass, heater, "500")
    flow = await choose(hass, flow, "describe_look_again")
    assert words(flow)["meaning"].startswith("The device could not be read: ")
    flow = await choose(hass, flow, "describe_look_again")
    assert words(flow)["meaning"] == "- **Power** is now `500`."


@pytest.mark.usefixtures("reads_again")
async def test_one_that_answers_no_more_is_told_as_it_was(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.late, heater.fails_late = 3, True
    assert words(await tried(hass, heater, "500"))["meaning"].startswith(NOT_YET)


@pytest.mark.usefixtures("reads_once")
async def test_what_changes_by_itself_is_not_what_a_command_has_done(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state |= {f"zone_{number}": number for number in range(20)}
    heater.state |= {"uptime": 0, "clock": "10:00:00", "fan": 1}
    heater.counts = True
    flow = await tried(hass, heater, "500")
    assert words(flow)["state"].splitlines() == ["- `power = 500`"]
    heater.state |= {"lock_active": "Child lock", "zone_3": 30}
    flow = await choose(hass, flow, "describe_look_again")
    shown = [each.removeprefix("- `") for each in words(flow)["state"].splitlines()]
    listed = {each.partition(" = ")[0] for each in shown}
    assert listed == {"power", "lock_active", "zone_3"}


@pytest.mark.usefixtures("reads_once")
async def test_nothing_is_sent_if_it_cannot_be_read_before(
    hass: HomeAssistant, heater: Heater
) -> None:
    flow = await add(hass, heater, "number", "Power")
    field = option(flow, "field", "power = ")
    limits = {"minimum": 0, "maximum": 1000}
    flow = await go_on(hass, flow, field=field, **limits, unit="W", device_class="power")
    heater.fails_once = True
    flow = await post(hass, flow, "power", '{"value": {value}}', value="500")
    assert flow["errors"] == {"base": "refused"}
    assert heater.sent == []
    flow = await post(hass, flow, "power", '{"value": {value}}', value="500")
    assert words(flow)["meaning"] == "- **Power** is now `500`."


@pytest.mark.usefixtures("reads_once")
async def test_what_comes_late_after_a_command_does_not_change_by_itself(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.state |= {f"zone_{number}": number for number in range(20)}
    heater.late = 2
    flow = await tried(hass, heater, "500")  # which the next reading has
    heater.late = 0
    flow = await choose(hass, flow, "describe_command")
    flow = await post(hass, flow, "operation_mode", '{"value": "{value}"}', value="Heat")
    assert "power = 0" in words(flow)["state"]


@pytest.mark.usefixtures("reads_once")
async def test_of_a_button_what_has_changed_is_shown(hass: HomeAssistant, heater: Heater) -> None:
    heater.state |= {f"zone_{number}": number for number in range(20)}
    flow = await add(hass, heater, "button", "Boost")
    flow = await post(hass, flow, "power", '{"value": 5}')
    assert words(flow)["state"].splitlines() == ["- `power = 5`"]
    assert words(flow)["meaning"] == ""
    flow = await choose(hass, flow, "describe_command")
    flow = await post(hass, flow, "power", '{"value": 5}')
    assert words(flow)["state"].startswith("<details>")  # nothing has changed


@pytest.mark.usefixtures("reads_once")
async def test_what_was_so_before_shows_nothing(hass: HomeAssistant, heater: Heater) -> None:
    meaning = words(await tried(hass, heater, "900"))["meaning"]
    assert meaning.startswith("- **Power** is now `900`, and was so before")


@pytest.mark.usefixtures("reads_once")
async def test_what_was_tried_and_what_is_there_are_as_the_device_has_them(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.late = 1
    flow: Any = await add(hass, heater, "number", "Power")
    given = {"minimum": 0, "maximum": 2000, "unit": "W", "device_class": "power", "scale": 2}
    flow = await go_on(hass, flow, field=option(flow, "field", "power = "), **given)
    flow = await post(hass, flow, "power", '{"value": {value}}', value="500")
    assert words(flow)["meaning"].startswith(NOT_YET)
    flow = await choose(hass, flow, "describe_look_again")
    assert words(flow)["meaning"] == "- **Power** is now `1000`."
