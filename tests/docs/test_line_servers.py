"""The examples for servers of lines: a music player and a UPS, and how short they are."""

import ast
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import io
from pathlib import Path
import tokenize
from typing import Any

import pytest

from lan_edge import (
    Address,
    Attribute,
    AudioTrackData,
    AudioVolume,
    Battery,
    Device,
    Driver,
    MediaPlayback,
    MediaTrackControl,
    PlaybackStatus,
    PowerSource,
    PowerSourceValue,
    Record,
    RefusedError,
    ReplyError,
)
from tests.drivers import house
from tests.drivers.house import until

from . import devices
from .line_servers import MusicPlayer, UpsServer
from .pages import ROOT, TRANSPORTS, example, loaded

pytestmark = pytest.mark.usefixtures("nothing_left_running")
NO_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
TRACK, STATUS = AudioTrackData.audio_track_data, MediaPlayback.playback_status


@asynccontextmanager
async def driven(page: str, there: MusicPlayer | UpsServer) -> AsyncGenerator[Device]:
    """Drive a server by the page's example; a music player is never polled."""
    driver = loaded(page)
    driver.poll = 0.1 if page == "line_lists" else None
    async with house.driven(driver, Address(devices.HOST, there.port)) as device:
        yield device
    assert device.counts["driver_errors"] == {}
    assert device.counts["ignored_messages"] == {}


def value(device: Device, attribute: Attribute[Any]) -> Any:
    return device.state.get(attribute)


# MPD


async def test_the_player_is_commanded() -> None:
    async with MusicPlayer() as player, driven("standing", player) as device:
        await device.commands.execute(MediaPlayback.play, {})
        assert value(device, STATUS) is PlaybackStatus.PLAYING
        assert (value(device, TRACK).title, value(device, TRACK).artist) == ("Song: 1", "Us")
        await device.commands.execute(MediaTrackControl.next_track, {})
        await until(lambda: value(device, TRACK).title == "Song: 2")
        await device.commands.execute(AudioVolume.set_volume, {"volume": 30})
        assert value(device, AudioVolume.volume) == 30
        await device.commands.execute(MediaPlayback.pause, {})
        assert player.state["state"] == "pause"
        await device.commands.execute(MediaPlayback.stop, {})
        with pytest.raises(RefusedError, match=r"^Not playing$"):
            await device.commands.execute(MediaTrackControl.next_track, {})
        assert device.available


async def test_what_somebody_does_at_the_player_is_followed() -> None:
    async with MusicPlayer() as player, driven("standing", player) as device:
        await until(lambda: player.heard[-1].startswith("idle"))
        await player.change(volume="7")
        await until(lambda: value(device, AudioVolume.volume) == 7)
        await player.change(state="play", song=3)
        await until(lambda: value(device, STATUS) is PlaybackStatus.PLAYING)
        assert value(device, TRACK).title == "Song: 3"
        assert device.connection.attempts == 1


@pytest.mark.parametrize(("told", "shown"), [("-1", None), ("101", None), ("0", 0)])
async def test_a_player_without_a_mixer(told: str, shown: int | None) -> None:
    async with MusicPlayer() as player:
        player.state["volume"] = told
        async with driven("standing", player) as device:
            assert value(device, AudioVolume.volume) == shown
            assert bool(device.state.rejected) is (told == "101")


async def test_a_ups_is_no_player() -> None:
    async with UpsServer() as server:
        device = Device(loaded("standing"), Record())
        with pytest.raises(Exception, match="no greeting"):
            await device.check(Address(devices.HOST, server.port))


# NUT


async def test_the_ups_is_read_and_followed() -> None:
    async with UpsServer() as server, driven("line_lists", server) as device:
        identity = device.identity
        assert (identity.unique_id, identity.manufacturer) == (server.id, 'The "Power" Company')
        assert value(device, Battery.battery) == 88
        assert value(device, PowerSource.power_source) is PowerSourceValue.MAINS
        server.state |= {"ups.status": "OB LB", "battery.charge": "9.6", "ups.load": "0"}
        await until(lambda: value(device, Battery.battery) == 10)
        assert value(device, PowerSource.power_source) is PowerSourceValue.BATTERY
        assert [v for v in (server.state["ups.status"], 0.0) if v not in shown(device)] == []


def shown(device: Device) -> list[object]:
    """Return the values of the driver's own capability."""
    (own,) = (c for c in device.profile.components["main"].capabilities if c.id == "nut.ups")
    return [value(device, attribute) for attribute in own.attributes]


async def test_a_ups_that_is_out_of_reach_for_its_server_keeps_its_values() -> None:
    async with UpsServer() as server, driven("line_lists", server) as device:
        server.is_stale = True
        with pytest.raises(RefusedError, match=r"^DATA-STALE$"):
            await device.commands.refresh()
        assert value(device, Battery.battery) == 88
        assert device.available
        server.is_stale = False
        server.state["battery.charge"] = "70"
        await until(lambda: value(device, Battery.battery) == 70)


async def test_a_server_without_a_ups() -> None:
    async with UpsServer() as server:
        server.names = []
        device = Device(loaded("line_lists"), Record())
        with pytest.raises(ReplyError, match="the server has no UPS"):
            await device.check(Address(devices.HOST, server.port))


# their length


def lines_of_code(text: str) -> int:
    """Count the lines that are neither blank, nor a comment, nor a part of a docstring."""
    lines = set[int]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                lines.difference_update(range(first.lineno, (first.end_lineno or 0) + 1))
    return len(lines)


COUNTED = '''"""Doc

more."""

# comment
A = [
    1,  # one
]


def f() -> None:
    """Doc."""
    g(
        """a

        b"""
    )
'''


def test_what_counts_as_a_line_of_code() -> None:
    assert lines_of_code(COUNTED) == len(["A", "1", "]", "def", "g(", "a", "blank", "b", ")"])


@pytest.mark.parametrize(("name", "most"), [("mpd.py", 70), ("nut.py", 55)])
def test_a_driver_is_as_short_as_was_promised(name: str, most: int) -> None:
    assert lines_of_code((ROOT / "docs/examples" / name).read_text()) <= most


@pytest.mark.parametrize("page", ["standing", "line_lists"])
def test_the_page_prints_the_file(page: str) -> None:
    path, code = example(page)
    assert (ROOT / path).read_text() == code
    assert issubclass(loaded(page), Driver)
    assert len((TRANSPORTS / f"{page}.md").read_text().splitlines()) <= 130
    assert Path(path).parent == Path("docs/examples")
