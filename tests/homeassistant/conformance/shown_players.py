"""What an owner sees of a player: by hand."""

from homeassistant.core import State

import lan_edge as edge

from .shown import Given, Row, same, state, told


def leads(of: State) -> bool:
    """See whether a player is the one and only of its group."""
    return of.attributes.get("group_members") == [of.entity_id]


PLAYING = {
    edge.PlaybackStatus.PLAYING: "playing",
    edge.PlaybackStatus.PAUSED: "paused",
    edge.PlaybackStatus.STOPPED: "idle",
    edge.PlaybackStatus.FAST_FORWARDING: "playing",
    edge.PlaybackStatus.REWINDING: "playing",
}
ON: Given = ((edge.Switch.switch, True),)
PLAYS: Given = (*ON, (edge.MediaPlayback.playback_status, edge.PlaybackStatus.PLAYING))

ROWS: tuple[Row, ...] = (
    ("media_player", "player", edge.Switch.switch, state, {True: "playing", False: "off"}, PLAYS),
    (
        "media_player",
        "player mediaPlayback",
        edge.MediaPlayback.playback_status,
        state,
        PLAYING,
        ON,
    ),
    (
        "media_player",
        "player audioVolume kitchen",
        edge.AudioVolume.volume,
        told("volume_level"),
        lambda v: v / 100,
        PLAYS,
    ),
    ("media_player", "player", edge.AudioMute.muted, told("is_volume_muted"), same, PLAYS),
    (
        "media_player",
        "player audioTrackData",
        edge.AudioTrackData.audio_track_data,
        lambda s: [s.attributes.get(f"media_{k}") for k in ("title", "artist", "album_name")],
        lambda t: [t.title, t.artist, t.album],
        PLAYS,
    ),
    (
        "media_player",
        "player audioTrackData",
        edge.AudioTrackData.audio_track_data,
        told("app_name"),
        lambda t: t.media_source,
        PLAYS,
    ),
    (
        "media_player",
        "player audioTrackData",
        edge.AudioTrackData.total_time,
        told("media_duration"),
        same,
        PLAYS,
    ),
    (
        "media_player",
        "player audioTrackData",
        edge.AudioTrackData.elapsed_time,
        told("media_position"),
        same,
        PLAYS,
    ),
    (
        "media_player",
        "player kitchen",
        edge.MediaGroup.group_role,
        leads,
        lambda role: role is edge.GroupRole.PRIMARY,
        (*PLAYS, (edge.MediaGroup.group_primary_device_id, "nobody")),
    ),
    ("media_player", "player", edge.MediaInputSource.input_source, told("source"), same, PLAYS),
    (
        "media_player",
        "player",
        edge.MediaPlaybackRepeat.playback_repeat_mode,
        told("repeat"),
        same,
        PLAYS,
    ),
    (
        "media_player",
        "player",
        edge.MediaPlaybackShuffle.playback_shuffle,
        told("shuffle"),
        same,
        PLAYS,
    ),
)
