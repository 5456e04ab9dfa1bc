"""A device that carries out a command some time after it has answered: it is read again."""

from collections.abc import AsyncGenerator
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from ..flow_steps import go_on, words
from .dialog import option
from .heater import Heater
from .test_noticed import add, post

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")
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


async def tried(hass: HomeAssistant, heater: Heater, value: str) -> str:
    """Return what is said after a number was set."""
    flow: Any = await add(hass, heater, "number", "Power")
    field = option(flow, "field", "power = ")
    limits = {"minimum": 0, "maximum": 1000}
    flow = await go_on(hass, flow, field=field, **limits, unit="W", device_class="power")
    flow = await post(hass, flow, "power", '{"value": {value}}', value=value)
    return words(flow)["state"]


@pytest.mark.usefixtures("reads_again")
async def test_what_is_late_is_waited_for(hass: HomeAssistant, heater: Heater) -> None:
    heater.late = 3
    state = await tried(hass, heater, "500")
    assert '"power": 500' in state
    assert state.endswith("- **Power** is now `500`.")


async def test_what_is_another_is_told(hass: HomeAssistant, heater: Heater) -> None:
    heater.late = 1
    assert "- **Power** is now `900`, not `500`: the device" in await tried(hass, heater, "500")


@pytest.mark.usefixtures("reads_again")
async def test_one_that_answers_no_more_is_told_as_it_was(
    hass: HomeAssistant, heater: Heater
) -> None:
    heater.late, heater.fails_late = 3, True
    assert "- **Power** is now `900`, not `500`: the device" in await tried(hass, heater, "500")
