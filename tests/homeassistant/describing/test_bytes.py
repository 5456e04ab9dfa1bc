"""Devices that talk by bytes, from the dialog to entities: frames over TCP, and datagrams."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, override

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.shown import MAX_BYTES_SHOWN, answer_block
from lan_edge import TrialAnswer
from tests.docs.devices import HOST, ExampleDevice, Relay

from ..driver_folder import DriverFiles
from ..entries import comes_online
from ..flow_steps import created, go_on, words
from ..states import becomes, call
from .dialog import GET, NO_LOGIN, choose, empty_form, option, options_of
from .house import House
from .test_messages import (
    filled,
    finish,
    heard,
    send,
    short_listening,
    start,
    text_in,
    where,
)

__all__ = ["short_listening", "start"]  # fixtures

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery", "short_listening")
FRAMES = {"length": "u16be", "form": "binary", "ssl": False}


async def relay_form(hass: HomeAssistant) -> Any:
    """Begin to describe a device with frames."""
    flow = await empty_form(hass, "frames")
    assert flow["step_id"] == "describe_address"
    assert "{number:u8}" in words(flow)["typing"]
    return flow


async def test_frames_that_report_changes(
    hass: HomeAssistant, start: Callable[[ExampleDevice], Any], driver_files: DriverFiles
) -> None:
    device = await start(Relay())
    flow = await where(hass, await relay_form(hass), device.port, **FRAMES, message="{number} 52")
    assert flow["errors"] == {"message": "value"}
    assert "{number:u8}" in words(flow)["reason"]
    flow = await where(hass, flow, device.port, **FRAMES, message="{number:u8} 0x52")
    assert flow["step_id"] == "describe_received"
    assert "52 00  ·R·" in words(flow)["answer"]
    assert words(flow)["count"] == "3"
    flow = await heard(hass, flow, lambda: device.change(on=True), "00 52 01")
    kinds = await go_on(hass, await choose(hass, flow, "describe_add"), kind="switch")
    assert not [each for each in options_of(kinds, "field") if each.startswith("#0")]
    field = option(kinds, "field", "#2 bit 0 = ")
    flow = await go_on(hass, kinds, field=field)
    assert words(flow)["value"] == "{value:u8}"
    for command, is_on in (("{number:u8} 53 01", True), ("{number:u8} 53 00", False)):
        flow = await send(hass, flow, command, answered=True)
        assert device.state["on"] is is_on
        flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_request")
    assert flow["step_id"] == "describe_message"
    flow = await go_on(hass, flow, message="{number:u8} 49")
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_finish")
    assert not [each for each in options_of(flow, "identity") if "bit" in each]
    serial = option(flow, "identity", 'status2: #2 hex = "0a0b0c"')
    entry = created(await go_on(hass, flow, name="Thing", identity=serial))
    await comes_online(entry)
    assert entry.unique_id == device.id
    written = text_in(driver_files)
    assert written["options"] == {
        "port": device.port,
        "framer": {"size": 2},
        "messages": "binary",
        "key": {"bytes": 0},
    }
    [switch] = hass.states.async_entity_ids("switch")
    await device.change(on=True)
    await becomes(hass, switch, "on")
    await call(hass, "switch.turn_off", switch)
    assert not device.state["on"]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_how_frames_are_cut_is_checked_and_shown_again(
    hass: HomeAssistant, start: Callable[[ExampleDevice], Any]
) -> None:
    device = await start(Relay())
    flow = await relay_form(hass)
    ask = {"message": "01 52", "form": "binary", "ssl": False}
    flow = await where(hass, flow, device.port, **ask, length="fixed")
    assert flow["errors"] == {"frame_size": "value"}
    flow = await where(hass, flow, device.port, **ask, length="u8", frame_size=3)
    assert flow["errors"] == {"frame_size": "value"}
    flow = await where(hass, flow, device.port, **ask, length="u8", framing={"start": "5"})
    assert flow["errors"] == {"base": "value"}
    # the high byte of the length is a beginning, too
    cut = {"length": "u8", "framing": {"start": "00", "inclusive": False}}
    flow = await where(hass, flow, device.port, **ask, **cut)
    assert flow["step_id"] == "describe_received"
    flow = await choose(hass, flow, "describe_address")
    assert filled(flow)["length"] == "u8"
    framing = flow["data_schema"].schema["framing"].schema
    assert filled({"data_schema": framing}) == {"start": "00", "inclusive": False}
    flow = await where(hass, flow, device.port, **ask, length="fixed", frame_size=5)
    assert flow["errors"] == {"base": "argument"}
    ask["message"] = "00 02 01 52"
    flow = await where(hass, flow, device.port, **ask, length="fixed", frame_size=4)
    assert flow["step_id"] == "describe_received"
    assert "00 03 01 52" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_address")
    assert filled(flow)["frame_size"] == 4


class Dimmer(ExampleDevice, asyncio.DatagramProtocol):
    """A device that takes bytes by UDP: 01 asks for the level, 02 sets it; answers have two."""

    id = "DIMMER1"
    first: ClassVar[dict[str, Any]] = {"level": 300}

    @override
    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(HOST, 0))
        self.port = self._transport.get_extra_info("sockname")[1]

    @override
    async def stop(self) -> None:
        self._transport.abort()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data[:1] == b"\2":
            self.state["level"] = int.from_bytes(data[1:3], "little")
        self._transport.sendto(b"\1" + self.state["level"].to_bytes(2, "little"), addr)


async def test_datagrams_of_bytes(hass: HomeAssistant, start: Any) -> None:
    device = await start(Dimmer())
    flow = await empty_form(hass, "udp")
    assert "{number}" in words(flow)["typing"]
    flow = await where(hass, flow, device.port, message="01", form="binary")
    assert "01 2c 01" in words(flow)["answer"]
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="number", name="Level")
    assert "u16" in words(flow)["picking"]
    assert not [each for each in options_of(flow, "field") if "bit" in each or "hex" in each]
    level = option(flow, "field", "#1 u16le = 300")
    flow = await go_on(hass, flow, field=level, minimum=0, maximum=1000)
    flow = await send(hass, flow, "02 {value:u16le}", value="400", answered=True)
    assert device.state["level"] == 400
    assert "01 90 01" in words(flow)["state"]
    flow = await choose(hass, flow, "describe_keep")
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="sensor", name="Low byte")
    flow = await go_on(hass, flow, field="#-2", is_text=False)  # typed, and not in the list
    flow = await choose(hass, flow, "describe_edit")
    [low] = [e["value"] for e in options_of(flow, "thing") if e["label"] == "Low byte"]
    flow = await go_on(hass, flow, thing=low)
    flow = await go_on(hass, flow, **filled(flow))
    assert filled(flow)["field"] == "#-2"
    flow = await go_on(hass, flow, **filled(flow))
    entry = await finish(hass, flow)
    await becomes(hass, "number.thing_level", "400")
    await becomes(hass, "sensor.thing_low_byte", "144.0")
    await call(hass, "number.set_value", "number.thing_level", value=513)
    assert device.state["level"] == 513
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_value_may_be_typed_as_the_digits_that_are_sent(
    hass: HomeAssistant, start: Any
) -> None:
    device = await start(Dimmer())
    flow = await empty_form(hass, "udp")
    flow = await where(hass, flow, device.port, message="01", form="binary")
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="number", name="Level")
    level = option(flow, "field", "#1 u16le = 300")
    flow = await go_on(hass, flow, field=level, minimum=0, maximum=1000)
    await send(hass, flow, "02 {value:hex}", value="0500", answered=True)
    assert device.state["level"] == 5


async def test_what_was_answered_as_text_is_not_offered_for_bytes(
    hass: HomeAssistant, start: Any
) -> None:
    device = await start(Dimmer())
    flow = await empty_form(hass, "udp")
    flow = await where(hass, flow, device.port, message="first", form="text")
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_request")
    flow = await go_on(hass, flow, message="second")
    flow = await choose(hass, flow, "describe_overview")
    flow = await choose(hass, flow, "describe_where")
    flow = await where(hass, flow, device.port, message="01", form="binary")
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="number", name="Level")
    assert option(flow, "field", "#1 u16le = ") == "#1 u16le = 300"
    assert all(each.startswith("#") for each in options_of(flow, "field"))


class Album(House):
    """A device by HTTP whose answer is binary."""

    @override
    async def _report(self, request: web.Request) -> web.Response:
        return web.Response(body=bytes([0, 1] * 150))


async def test_a_long_binary_answer_by_http(hass: HomeAssistant) -> None:
    async with Album() as device:
        place = {"host": device.host, "port": device.port, "path": "/state"}
        form = await empty_form(hass)
        flow = await go_on(hass, form, **place, access=NO_LOGIN, request=GET)
        assert words(flow)["count"] == "300"
        flow = await choose(hass, flow, "describe_add")
        flow = await go_on(hass, flow, kind="sensor", name="Byte")
        assert option(flow, "field", "#2 u16be = ") == "#2 u16be = 1"
        assert "u16" in words(flow)["picking"]


def test_bytes_in_lines() -> None:
    data = bytes.fromhex("00 01 41 42 43 44 45 46 47 ff")
    block = answer_block(TrialAnswer(data.hex(" "), (), data=data))
    assert "0  00 01 41 42 43 44 45 46  ··ABCDEF" in block
    assert f"8  47 ff{' ' * 18}  G·" in block
    assert "\n..." not in block
    longest = answer_block(TrialAnswer("00 " * 600, (), data=bytes(600)))
    assert f"\n{MAX_BYTES_SHOWN - 8}  00" in longest
    assert f"\n{MAX_BYTES_SHOWN}  00" not in longest
    assert "\n...\n" in longest
    long = bytes(range(200))
    assert "<details>" in answer_block(TrialAnswer(long.hex(" "), (), data=long))
