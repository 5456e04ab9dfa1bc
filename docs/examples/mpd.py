"""MPD: the Music Player Daemon, lines over TCP on port 6600; `idle` reports changes.

Its protocol: https://mpd.readthedocs.io/en/stable/protocol.html. It has no id of its own.
"""

from lan_edge import (
    AudioTrackData,
    AudioVolume,
    Driver,
    Lines,
    LinesOptions,
    Mdns,
    MediaPlayback,
    MediaTrackControl,
    PlaybackStatus,
    Profile,
    Standing,
    Track,
    handles,
    pairs_in,
    register,
)

STATES = {
    "play": PlaybackStatus.PLAYING,
    "pause": PlaybackStatus.PAUSED,
    "stop": PlaybackStatus.STOPPED,
}


@register
class Mpd(Driver[Lines]):
    id = "mpd"
    discovery = (Mdns("_mpd._tcp.local.", unique_id="{name}"),)
    profile = Profile(MediaPlayback, MediaTrackControl, AudioVolume, AudioTrackData)
    options = LinesOptions(
        port=6600,
        greeting="OK MPD .*",
        until="OK",
        refused=r"ACK \[.*?\] \{.*?\} (.*)",
        standing=Standing(request="idle player mixer", withdraw="noidle"),
    )

    async def refresh(self) -> None:
        status = pairs_in(await self.io.ask_all("status"))
        song = pairs_in(await self.io.ask_all("currentsong"))
        title = song.get("Title") or song.get("Name") or song.get("file")
        track = Track(title, song.get("Artist"), song.get("Album")) if title else None
        self.emit(AudioTrackData.audio_track_data, track)
        self.emit_field(MediaPlayback.playback_status, status, "state", convert=STATES.__getitem__)
        self.emit_field(AudioVolume.volume, status, "volume", convert=volume_of)

    @handles(MediaPlayback.play)
    async def play(self) -> None:
        await self.io.ask("play")

    @handles(MediaPlayback.pause)
    async def pause(self) -> None:
        await self.io.ask("pause 1")

    @handles(MediaPlayback.stop)
    async def stop(self) -> None:
        await self.io.ask("stop")

    @handles(MediaTrackControl.next_track)
    async def next_track(self) -> None:
        await self.io.ask("next")

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.io.ask(f"setvol {volume}")


def volume_of(text: str) -> int | None:
    """Return the volume; without a mixer, MPD before 0.23 reports -1, later ones none."""
    return None if text == "-1" else AudioVolume.volume.parse(text)
