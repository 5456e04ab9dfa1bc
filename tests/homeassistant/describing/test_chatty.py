"""A device that sends something by itself before it answers: its owner says what the answer is."""

from collections.abc import Callable
from typing import Any, ClassVar, override

from homeassistant.core import HomeAssistant
import pytest

from tests.docs.devices import HOST, Amplifier, ExampleDevice, Relay
from tests.tcp import Connection, Server

from ..driver_folder import DriverFiles
from ..flow_steps import go_on, words
from ..states import becomes, call
from .dialog import choose, empty_form, options_of
from .test_messages import add, filled, finish, send, short_listening, start, text_in, where

__all__ = ["short_listening", "start"]  # fixtures

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery", "short_listening")
LINES = {"ending": "crlf", "ssl": False}


class ChattyAmplifier(Amplifier):
    """It reports its temperature before each answer."""

    first: ClassVar[dict[str, Any]] = {"volume": 20, "stuck": False, "celsius": 30}

    def __init__(self) -> None:
        super().__init__()
        self.news_first = True

    async def start_again(self) -> None:
        """Be there again, at the same port."""
        self._server = Server(Connection, self._attend, HOST, self.port)
        await self._server.open()

    @override
    async def tell(self, values: dict[str, Any]) -> None:
        self.say(f"TEMP {self.state['celsius']}\r\n".encode("ascii"))


async def picked_answer(hass: HomeAssistant, flow: Any, step: str, text: str) -> Any:
    """Say that another message is the answer."""
    flow = await choose(hass, flow, step)
    assert flow["step_id"] == step
    [picked] = [each for each in options_of(flow, "message") if each["label"].startswith(text)]
    return await go_on(hass, flow, message=picked["value"])


async def test_the_answer_is_told_from_what_came_before_it(
    hass: HomeAssistant, start: Callable[[ExampleDevice], Any], driver_files: DriverFiles
) -> None:
    device = await start(ChattyAmplifier())
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, device.port, message="VOLUME?", **LINES)
    assert "TEMP 30" in words(flow)["answer"]
    assert "VOLUME 20" in words(flow)["heard"]
    flow = await picked_answer(hass, flow, "describe_answered_by", "VOLUME 20")
    assert flow["step_id"] == "describe_received"
    assert "VOLUME 20" in words(flow)["answer"]
    assert "TEMP 30" in words(flow)["heard"]
    flow = await add(hass, flow, "number", "Volume", field="VOLUME ")
    flow = await send(hass, flow, "VOLUME {value}", value="40", answered=True)
    assert "TEMP 30" in words(flow)["answer"]
    flow = await picked_answer(hass, flow, "describe_command_answered_by", "VOLUME 40")
    assert flow["step_id"] == "describe_tried"
    assert "VOLUME 40" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_command")  # seen again, it keeps its answer
    flow = await go_on(hass, flow, **filled(flow) | {"try": False})
    flow = await choose(hass, flow, "describe_edit")
    flow = await go_on(hass, flow, thing=options_of(flow, "thing")[0]["value"])
    flow = await go_on(hass, flow, **filled(flow))
    flow = await go_on(hass, flow, **filled(flow))
    assert filled(flow)["answered"]
    flow = await go_on(hass, flow, **filled(flow))
    entry = await finish(hass, flow)
    written = text_in(driver_files)
    assert written["messages"] == {"status": {"pattern": "VOLUME .{0,400}"}}
    volume = written["components"]["main"]["own"]["volume"]
    assert volume["set"] == {"line": "VOLUME {value}", "answered": "status"}
    await becomes(hass, "number.thing_volume", "40")
    await call(hass, "number.set_value", "number.thing_volume", value=10)
    assert device.state["volume"] == 10
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_device_that_leaves_before_the_answer_is_checked(
    hass: HomeAssistant, start: Callable[[ExampleDevice], Any]
) -> None:
    device = await start(ChattyAmplifier())
    flow = await empty_form(hass, "lines")
    flow = await where(hass, flow, device.port, message="VOLUME?", **LINES)
    flow = await add(hass, flow, "number", "Volume", field="TEMP ")
    flow = await send(hass, flow, "VOLUME {value}", value="40", answered=True)
    await device.stop()
    flow = await picked_answer(hass, flow, "describe_command_answered_by", "VOLUME 40")
    assert flow["errors"] == {"base": "unreachable"}
    await device.start_again()
    flow = await go_on(hass, flow, message="0")
    flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_request")
    flow = await go_on(hass, flow, message="SERIAL?")
    await device.stop()
    flow = await picked_answer(hass, flow, "describe_answered_by", "AMP1")
    assert flow["errors"] == {"base": "unreachable"}


async def test_an_answer_that_is_known_by_its_number_is_not_asked_about(
    hass: HomeAssistant, start: Callable[[ExampleDevice], Any]
) -> None:
    device = await start(Relay())
    device.news_first = True
    given = {"length": "u16be", "form": "binary", "ssl": False}
    flow = await empty_form(hass, "frames")
    flow = await where(hass, flow, device.port, **given, message="{number:u8} 52")
    assert "00 52 00" in words(flow)["heard"]
    assert "describe_answered_by" not in flow["menu_options"]
