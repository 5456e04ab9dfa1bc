"""MPD, the music player, by the example of the documentation: commanded, followed, restarted."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
import warnings

import pytest

from lan_edge import (
    Address,
    AudioTrackData,
    AudioVolume,
    Device,
    MediaPlayback,
    MediaTrackControl,
    PlaybackStatus,
    RefusedError,
    Status,
    UnconfirmedError,
)
from tests.docs.pages import driver_of
from tests.drivers import house
from tests.drivers.house import until
from tests.real.mpd import Mpd
from tests.real.snapcast import missing

HOST = "127.0.0.1"
PLAYING, PAUSED, STOPPED = (
    PlaybackStatus.PLAYING,
    PlaybackStatus.PAUSED,
    PlaybackStatus.STOPPED,
)


@asynccontextmanager
async def driven(mpd: Mpd) -> AsyncGenerator[Device]:
    """Drive it by the example, which is never polled here: its state comes by `idle`."""
    driver = driver_of("mpd.py")
    driver.poll = None
    async with house.driven(driver, Address(mpd.host, mpd.port)) as device:
        yield device
    assert device.counts["driver_errors"] == {}
    assert device.state.rejected == {}


def song(device: Device) -> str:
    track = device.state.get(AudioTrackData.audio_track_data)
    return track.title if track else ""


def playback(device: Device) -> PlaybackStatus | None:
    return device.state.get(MediaPlayback.playback_status)


@pytest.fixture
async def mpd(tmp_path: Path) -> AsyncGenerator[Mpd]:
    if lacks := missing("mpd"):
        warnings.warn(f"MPD skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    async with Mpd(tmp_path, HOST) as made:
        await made.fill()
        yield made


async def test_it_is_commanded(mpd: Mpd) -> None:
    async with driven(mpd) as device:
        assert playback(device) is STOPPED
        await device.commands.execute(MediaPlayback.play, {})
        await until(lambda: song(device) == "song1.wav")
        assert await mpd.status("state") == "play"
        await device.commands.execute(MediaTrackControl.next_track, {})
        await until(lambda: song(device) == "song2.wav")
        await device.commands.execute(MediaPlayback.pause, {})
        assert (playback(device), await mpd.status("state")) == (PAUSED, "pause")
        await device.commands.execute(AudioVolume.set_volume, {"volume": 37})
        assert await mpd.status("volume") == "37"
        assert device.state.get(AudioVolume.volume) == 37
        await device.commands.execute(MediaPlayback.stop, {})
        assert await mpd.status("state") == "stop"


async def test_what_others_do_is_followed_at_once(mpd: Mpd) -> None:
    async with driven(mpd) as device:
        await mpd.ask("play 2", "setvol 12")
        await until(lambda: (playback(device), song(device)) == (PLAYING, "song3.wav"))
        await until(lambda: device.state.get(AudioVolume.volume) == 12)
        await mpd.ask("clear")
        await until(lambda: playback(device) is STOPPED)
        await until(lambda: device.state.get(AudioTrackData.audio_track_data) is None)


async def test_what_others_do_between_our_commands_is_not_lost(mpd: Mpd) -> None:
    """Commands and changes alternate, so that many of them cross."""
    async with driven(mpd) as device:
        for volume in range(1, 40):
            await mpd.ask(f"setvol {volume}")
            if volume % 3 == 0:
                await device.commands.execute(MediaPlayback.play, {})
        await until(lambda: device.state.get(AudioVolume.volume) == 39)
        assert device.connection.attempts == 1


async def test_it_refuses_with_its_own_words(mpd: Mpd) -> None:
    async with driven(mpd) as device:
        with pytest.raises(RefusedError, match=r"^Bad song index$"):
            await device.driver.io.ask("play 77")
        await mpd.ask("clear")
        with pytest.raises(UnconfirmedError):
            await device.commands.execute(MediaPlayback.play, {})
        assert device.available


async def test_it_is_restarted(mpd: Mpd) -> None:
    async with driven(mpd) as device:
        await mpd.stop()
        await until(lambda: device.connection.status is not Status.ONLINE)
        await mpd.start()
        await until(lambda: device.connection.status is Status.ONLINE)
        await mpd.ask("setvol 5")
        await until(lambda: device.state.get(AudioVolume.volume) == 5)
