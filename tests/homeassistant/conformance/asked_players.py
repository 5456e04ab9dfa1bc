"""What players do: by hand."""

import lan_edge as edge

from .asked import Asked, Player, by
from .shown import Given

ON: Given = ((edge.Switch.switch, True),)
OFF: Given = ((edge.Switch.switch, False),)
TRACKS: Given = (
    *ON,
    (edge.MediaPlayback.supported_playback_commands, ("play", "pause", "stop")),
    (edge.MediaTrackControl.supported_track_control_commands, ("nextTrack", "previousTrack")),
    (edge.MediaInputSource.supported_input_sources, ("Radio", "Line in")),
    (edge.MediaPresets.presets, (edge.Preset("7", "Jazz"),)),
)
ALONE: Given = ((edge.MediaGroup.group_role, edge.GroupRole.UNGROUPED),)
URL = "http://192.0.2.1/bell.mp3"
SONG = {"media_content_type": "music", "media_content_id": URL}


def players() -> list[Asked]:
    """Return what players do."""
    a, m = edge.AudioVolume, edge.MediaPlayback
    notify = edge.AudioNotification
    volume, mute = edge.StatelessAudioVolumeButton, edge.StatelessAudioMuteButton
    return by(
        "media_player",
        "audioVolume",
        ("turn_on", "player", {}, (edge.Switch.on, {}), ()),
        ("turn_off", "player", {}, (edge.Switch.off, {}), ()),
        ("volume_set", "audioVolume", {"volume_level": 0.0}, (a.set_volume, {"volume": 0}), ()),
        ("volume_set", "player", {"volume_level": 0.29}, (a.set_volume, {"volume": 29}), ON),
        ("volume_set", "player", {"volume_level": 1.0}, (a.set_volume, {"volume": 100}), ON),
        ("volume_up", "player", {}, (a.volume_up, {}), ON),
        ("volume_down", "player", {}, (a.volume_down, {}), ON),
        (
            "volume_mute",
            "player",
            {"is_volume_muted": True},
            (edge.AudioMute.set_mute, {"state": True}),
            ON,
        ),
        *(
            (f"volume_{way}", volume.id, {}, (volume.set_button, {"button": f"volume{name}"}), ())
            for way, name in (("up", "Up"), ("down", "Down"))
        ),
        *(
            (
                "volume_mute",
                mute.id,
                {"is_volume_muted": is_muted},
                (mute.set_button, {"button": "muteToggle"}),
                (),
            )
            for is_muted in (True, False)
        ),
        ("media_play", "player", {}, (m.play, {}), TRACKS),
        ("media_pause", "player", {}, (m.pause, {}), TRACKS),
        ("media_stop", "player", {}, (m.stop, {}), TRACKS),
        ("media_next_track", "player", {}, (edge.MediaTrackControl.next_track, {}), TRACKS),
        (
            "media_previous_track",
            "player",
            {},
            (edge.MediaTrackControl.previous_track, {}),
            TRACKS,
        ),
        *(
            (
                "repeat_set",
                "player",
                {"repeat": str(mode)},
                (edge.MediaPlaybackRepeat.set_playback_repeat_mode, {"mode": mode}),
                ON,
            )
            for mode in edge.RepeatMode
        ),
        (
            "shuffle_set",
            "player",
            {"shuffle": True},
            (edge.MediaPlaybackShuffle.set_playback_shuffle, {"shuffle": True}),
            ON,
        ),
        (
            "select_source",
            "player",
            {"source": "Radio"},
            (edge.MediaInputSource.set_input_source, {"mode": "Radio"}),
            TRACKS,
        ),
        (
            "select_source",
            "player",
            {"source": "Jazz"},
            (edge.MediaPresets.play_preset, {"preset_id": "7"}),
            TRACKS,
        ),
        (
            "select_source",
            "player",
            {"source": "Jazz"},
            [(edge.Switch.on, {}), (edge.MediaPresets.play_preset, {"preset_id": "7"})],
            (*TRACKS, *OFF),
        ),
        (
            "play_media",
            "player",
            {"media_content_type": "preset", "media_content_id": "7"},
            (edge.MediaPresets.play_preset, {"preset_id": "7"}),
            TRACKS,
        ),
        ("play_media", "player", SONG, (notify.play_track, {"uri": URL, "level": None}), TRACKS),
        (
            "play_media",
            "player",
            {**SONG, "announce": True, "extra": {"volume": 40}},
            (notify.play_track_and_resume, {"uri": URL, "level": 40}),
            TRACKS,
        ),
        ("unjoin", "player", {}, (edge.MediaGroup.leave, {}), ON),
    )


ASKED: tuple[Asked, ...] = (
    *players(),
    Asked(
        "media_player.join",
        "kitchen",
        "audioVolume",
        {"group_members": [Player("player")]},
        ((edge.MediaGroup.join, {"primary_id": "kitchen"}),),
        ALONE,
        on="player",
    ),
)
