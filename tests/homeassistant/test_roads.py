"""The roads that docs/architecture.md draws are those that a running Home Assistant takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
import re
import sys
from types import FrameType
from typing import Any, override
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_ZEROCONF, ConfigFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
import pytest

from custom_components.lan_edge import const
from custom_components.lan_edge.const import DOMAIN
from lan_edge import Driver, JsonRpc, Profile, Switch, UnreachableError, handles
from lan_edge.connection.availability import Availability
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from .announcements import mdns
from .entries import set_up
from .flow_steps import start
from .own_drivers import add_driver
from .states import becomes, call
from .waiting import eventually

INTEGRATION = Path(const.__file__).parent
ARCHITECTURE = INTEGRATION.parents[1] / "docs/architecture.md"
DRIVER = "edge/drivers/"
"""Stands for the driver's file in the page: here it is this one."""
LONGEST_ROAD = 8
MOST_SIDE_DOORS = 12


class RoadSwitch(Driver[JsonRpc]):
    """A switch that speaks as the JSON bulb does."""

    id = "road_switch"
    profile = Profile(Switch)

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "on" in message.data:
            self.emit(Switch.switch, message.data["on"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)


@cache
def file_of(path: str) -> str | None:
    """Return a path as the page names it; None for what is not ours."""
    file = Path(path).resolve()
    return str(file.relative_to(INTEGRATION)) if file.is_relative_to(INTEGRATION) else None


def place(frame: FrameType) -> str | None:
    """Return the file of a frame as the page names it; None for what is not ours."""
    code = frame.f_code
    if code.co_filename == __file__:
        return DRIVER if "RoadSwitch" in code.co_qualname else None
    return file_of(code.co_filename)


def stack(frame: FrameType | None) -> list[str]:
    """Return the files that a call went through, the first one first."""
    files: list[str] = []
    while frame is not None:
        if (file := place(frame)) is not None and files[-1:] != [file]:
            files.append(file)
        frame = frame.f_back
    return files[::-1]


class Walk:
    """The files that are entered until the end of a road, and those that lead straight there."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        """Every file, as often as it is entered from another one."""
        self.main: list[str] = []
        """The files whose functions are under way at the end."""

    @property
    def side_doors(self) -> set[str]:
        return set(self.entered) - set(self.main)

    def enter(self, frame: FrameType) -> None:
        if not self.main and (file := place(frame)) is not None and file not in self.entered[-1:]:
            self.entered.append(file)

    def arrive(self, frame: FrameType | None) -> None:
        self.main = self.main or stack(frame)

    def missed(self, files: list[str]) -> list[str]:
        """Return which of the files are not entered in that order, with others in between."""
        rest = iter(self.entered)
        return [file for file in files if file not in rest]


@contextmanager
def walked(is_end: Callable[[FrameType, str, Any], bool]) -> Iterator[Walk]:
    """Follow everything that runs, until the first call that is the end of the road."""
    walk = Walk()

    def profile(frame: FrameType, event: str, called: Any) -> None:
        if event == "call":
            walk.enter(frame)
        if is_end(frame, event, called):
            walk.arrive(frame)

    sys.setprofile(profile)
    try:
        yield walk
    finally:
        sys.setprofile(None)


def sends(_frame: FrameType, event: str, called: Any) -> bool:
    """Whether bytes are handed to a socket."""
    return event == "c_call" and getattr(called, "__name__", "") in {"send", "sendmsg"}


def writes_state(frame: FrameType, event: str, _called: Any) -> bool:
    """Whether Home Assistant is given a new state."""
    return event == "call" and frame.f_code is Entity.async_write_ha_state.__code__


def is_up(frame: FrameType, event: str, _called: Any) -> bool:
    """Whether a connection is made, proven, and everything read."""
    return event == "call" and frame.f_code is Availability.up.__code__


def shows_form(frame: FrameType, event: str, _called: Any) -> bool:
    """Whether a flow shows a form: that of a discovered device is its card."""
    return event == "call" and frame.f_code is ConfigFlow.async_show_form.__code__


def section(title: str) -> str:
    """Return the text below a heading of the page."""
    pattern = rf"^### {re.escape(title)}\n(.*?)(?=^##|\Z)"
    found = re.search(pattern, ARCHITECTURE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def drawn(title: str) -> list[str]:
    """Return the files of a road, in their order."""
    lines = re.findall(r"^\d+\. (.*)$", section(title), re.MULTILINE)
    return [re.findall(r"`([\w/]+(?:\.py|/))`", line)[0] for line in lines]


def drawn_side_doors(title: str) -> set[str]:
    """Return the files that are entered beside a road."""
    [text] = re.findall(r"^Side doors: (.*)$", section(title), re.MULTILINE)
    return set(re.findall(r"`([\w/]+\.py)`", text))


@pytest.fixture
async def road_switch(hass: HomeAssistant, drivers: None, bulb: JsonBulbEmulator) -> str:
    add_driver(RoadSwitch)
    await set_up(hass, "road_switch", bulb.id, bulb)
    [entity_id] = hass.states.async_entity_ids("switch")
    await call(hass, "switch.turn_on", entity_id)  # what is looked up once is known by now
    await call(hass, "switch.turn_off", entity_id)
    return entity_id


async def test_a_command(hass: HomeAssistant, road_switch: str, bulb: JsonBulbEmulator) -> None:
    with walked(sends) as walk:
        await call(hass, "switch.turn_on", road_switch)
    assert bulb.state["on"] is True
    assert walk.main == drawn("A command")
    assert walk.side_doors == drawn_side_doors("A command")
    assert len(walk.main) <= LONGEST_ROAD
    assert len(set(walk.main)) == len(walk.main), "it goes back to a file that it has left"
    assert len(walk.side_doors) <= MOST_SIDE_DOORS


async def test_a_push(hass: HomeAssistant, road_switch: str, bulb: JsonBulbEmulator) -> None:
    in_time = patch("lan_edge.device.subscribers.perf_counter", lambda: 0.0)  # watched or not
    with in_time, walked(writes_state) as walk:
        await bulb.change(on=True)
        await becomes(hass, road_switch, "on")
    assert walk.main == drawn("A push")
    assert len(set(walk.main)) == len(walk.main), "it goes back to a file that it has left"
    assert walk.side_doors == drawn_side_doors("A push")


async def test_a_connection_attempt(
    hass: HomeAssistant, road_switch: str, bulb: JsonBulbEmulator
) -> None:
    [entry] = hass.config_entries.async_entries(DOMAIN)
    connection = entry.runtime_data.device.connection
    before = connection.attempts
    with walked(is_up) as walk:
        connection.lost(UnreachableError("for the test"))
        await eventually(lambda: connection.attempts > before)
        await eventually(lambda: walk.main)
    assert walk.missed(drawn("A connection attempt")) == []


async def test_a_discovery_card(hass: HomeAssistant, switch: RestSwitchEmulator) -> None:
    with walked(shows_form) as walk:
        await start(hass, SOURCE_ZEROCONF, mdns(switch))
    assert walk.missed(drawn("A discovery card")) == []
