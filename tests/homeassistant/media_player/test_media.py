"""The media of players: sources, presets, tracks, announcements, groups."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.components.media_player import (
    BrowseMedia,
    MediaClass,
    MediaPlayerEntityFeature as Feature,
)
from homeassistant.components.media_source import PlayMedia
from homeassistant.core import Context, HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from lan_edge import (
    AudioNotification,
    AudioTrackData,
    AudioVolume,
    Component,
    GroupRole,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPlaybackRepeat,
    MediaPlaybackShuffle,
    MediaPresets,
    PlaybackCommand,
    PlaybackStatus,
    PlayerIntent,
    Preset,
    Profile,
    RepeatMode,
    Switch,
    Track,
)

from ..entries import BULB_ID
from ..stage import Actor, enter, stage
from ..states import call

RADIO = "media_player.radio"
JAZZ = Preset("1", "Jazz", image_url="http://127.0.0.1/jazz.png")
NEWS = Preset("2", "News")
AUX = Preset("3", "Aux")
PRESETS = Profile(AudioVolume, MediaInputSource, MediaPresets, Switch)
RESUME, RESTORE = AudioNotification.play_track_and_resume, AudioNotification.play_track_and_restore

SOURCES = "custom_components.lan_edge.media_player.browsing.media_source"


@pytest.fixture
async def radio(hass: HomeAssistant, drivers: None, start_discovery: None) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Radio") as device:
        yield device


def shown(hass: HomeAssistant, entity: str = RADIO) -> dict[str, Any]:
    now = hass.states.get(entity)
    assert now is not None, hass.states.async_entity_ids()
    return dict(now.attributes)


def features(hass: HomeAssistant) -> Feature:
    return Feature(shown(hass)["supported_features"])


async def said(hass: HomeAssistant, radio: Actor, service: str, **data: Any) -> list[Any]:
    """Call a service of the player; return what the device was told."""
    radio.log.clear()
    await call(hass, f"media_player.{service}", RADIO, **data)
    return [(what, arguments) for what, arguments, _ in radio.said]


async def play(hass: HomeAssistant, radio: Actor, kind: str, media: str, **data: Any) -> list[Any]:
    content = {"media_content_type": kind, "media_content_id": media}
    return await said(hass, radio, "play_media", **content, **data)


# what is played


async def test_the_track(hass: HomeAssistant, radio: Actor) -> None:
    stage(Profile(AudioVolume, AudioTrackData, MediaPlayback))
    await enter(hass, radio)
    assert "media_title" not in shown(hass)
    radio.show(MediaPlayback.playback_status, PlaybackStatus.PLAYING)
    url = f"http://{radio.host}/cover.png"
    radio.show(AudioTrackData.audio_track_data, Track("So What", "Miles", "Blue", url, "Tunes"))
    radio.show(AudioTrackData.total_time, 562)
    radio.show(AudioTrackData.elapsed_time, 30)
    now = shown(hass)
    assert (now["media_title"], now["media_artist"], now["media_album_name"]) == (
        "So What",
        "Miles",
        "Blue",
    )
    assert (now["app_name"], now["media_content_type"]) == ("Tunes", "music")
    assert (now["media_duration"], now["media_position"]) == (562, 30)
    assert now["entity_picture"].startswith("/api/media_player_proxy/")
    first = now["media_position_updated_at"]
    radio.show(AudioVolume.volume, 3)
    assert shown(hass)["media_position_updated_at"] == first  # not everything is a position
    radio.show(AudioTrackData.elapsed_time, 37)
    told = shown(hass)["media_position_updated_at"]
    assert told > first
    radio.show(MediaPlayback.playback_status, PlaybackStatus.PAUSED)
    radio.show(MediaPlayback.playback_status, PlaybackStatus.PLAYING)
    assert shown(hass)["media_position_updated_at"] > told  # it stood still in between
    radio.show(AudioTrackData.audio_track_data, Track("Naima"))
    assert "media_artist" not in shown(hass)
    assert "entity_picture" not in shown(hass)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/api/states", ""])
async def test_a_picture_is_on_the_web(hass: HomeAssistant, radio: Actor, url: str) -> None:
    stage(Profile(AudioVolume, AudioTrackData))
    await enter(hass, radio)
    radio.show(AudioTrackData.audio_track_data, Track("So What", album_art_url=url))
    assert shown(hass)["media_title"] == "So What"
    assert "entity_picture" not in shown(hass)


async def test_repeat_and_shuffle(hass: HomeAssistant, radio: Actor) -> None:
    stage(Profile(AudioVolume, MediaPlaybackRepeat, MediaPlaybackShuffle))
    await enter(hass, radio)
    assert features(hass) & (Feature.REPEAT_SET | Feature.SHUFFLE_SET)
    for mode in RepeatMode:
        radio.show(MediaPlaybackRepeat.playback_repeat_mode, mode)
        assert shown(hass)["repeat"] == mode.value
        assert await said(hass, radio, "repeat_set", repeat=mode.value) == [
            ("mediaPlaybackRepeat.setPlaybackRepeatMode", {"mode": mode.value})
        ]
    radio.show(MediaPlaybackShuffle.playback_shuffle, True)
    assert shown(hass)["shuffle"] is True
    assert await said(hass, radio, "shuffle_set", shuffle=False) == [
        ("mediaPlaybackShuffle.setPlaybackShuffle", {"shuffle": False})
    ]


async def test_features_need_a_handler(hass: HomeAssistant, radio: Actor) -> None:
    stage(Profile(AudioVolume, MediaPlayback), MediaPlayback.play)
    await enter(hass, radio)
    commands = (PlaybackCommand.PLAY, PlaybackCommand.PAUSE)  # it says, but its driver cannot
    radio.show(MediaPlayback.supported_playback_commands, commands)
    assert features(hass) == Feature.VOLUME_SET | Feature.PLAY


# what it can play


async def test_presets_beside_sources(hass: HomeAssistant, radio: Actor) -> None:
    stage(PRESETS)
    await enter(hass, radio)
    assert features(hass) & Feature.SELECT_SOURCE
    radio.show(MediaInputSource.supported_input_sources, ("Aux", "Tape"))
    radio.show(MediaPresets.presets, (JAZZ, NEWS, AUX, Preset("9", "Jazz")))
    assert shown(hass)["source_list"] == ["Aux", "Tape", "Jazz", "News"]
    for source, sent in (
        ("Jazz", ("mediaPresets.playPreset", {"preset_id": "1"})),
        ("Tape", ("mediaInputSource.setInputSource", {"mode": "Tape"})),
        ("Aux", ("mediaInputSource.setInputSource", {"mode": "Aux"})),
    ):
        assert await said(hass, radio, "select_source", source=source) == [sent]
    with pytest.raises(ServiceValidationError, match=r"no source Moon.*Aux, Tape, Jazz, News"):
        await said(hass, radio, "select_source", source="Moon")


async def test_what_is_off_is_turned_on_for_a_source(hass: HomeAssistant, radio: Actor) -> None:
    stage(PRESETS, PlayerIntent)
    await enter(hass, radio)
    radio.show(MediaInputSource.supported_input_sources, ("Tape",))
    radio.show(MediaPresets.presets, (JAZZ,))
    radio.show(Switch.switch, False)
    one = [("playerIntent", {"on": True, "source": "Tape"})]
    assert await said(hass, radio, "select_source", source="Tape") == one
    wanted = {"on": True, "volume": 20, "preset": "1"}
    loud = {"extra": {"volume": 20}}
    assert await play(hass, radio, "preset", "1", **loud) == [("playerIntent", wanted)]
    radio.show(Switch.switch, True)
    assert await said(hass, radio, "select_source", source="Tape") == [
        ("playerIntent", {"source": "Tape"})
    ]


async def test_a_preset_with_a_volume_in_steps(hass: HomeAssistant, radio: Actor) -> None:
    stage(PRESETS)
    await enter(hass, radio)
    radio.show(MediaPresets.presets, (JAZZ,))
    for kind, media in (("preset", "1"), ("preset", "Jazz"), ("music", "Jazz")):
        assert await play(hass, radio, kind, media, extra={"volume": 20}) == [
            ("audioVolume.setVolume", {"volume": 20}),
            ("mediaPresets.playPreset", {"preset_id": "1"}),
        ]
    with pytest.raises(ServiceValidationError, match="moon is neither a preset"):
        await play(hass, radio, "preset", "moon")
    with pytest.raises(ServiceValidationError):
        await play(hass, radio, "preset", "1", extra={"volume": 200})
    assert not radio.said


@pytest.mark.parametrize(
    ("more", "announced", "played"),
    [
        ((RESUME, RESTORE), "audioNotification.playTrackAndResume", "audioNotification.playTrack"),
        ((RESTORE,), "audioNotification.playTrackAndRestore", "audioNotification.playTrack"),
        ((), "audioNotification.playTrack", "audioNotification.playTrack"),
    ],
)
async def test_announcements(
    hass: HomeAssistant, radio: Actor, more: tuple[Any, ...], announced: str, played: str
) -> None:
    stage(Profile(AudioVolume, AudioNotification), *more)
    await enter(hass, radio)
    assert features(hass) & Feature.MEDIA_ANNOUNCE
    url = "http://127.0.0.1/ding.mp3"
    assert await play(hass, radio, "music", url, announce=True, extra={"volume": 60}) == [
        (announced, {"uri": url, "level": 60})
    ]
    assert await play(hass, radio, "music", url) == [(played, {"uri": url})]
    with pytest.raises(ServiceValidationError, match="file:///etc/passwd is neither a preset"):
        await play(hass, radio, "music", "file:///etc/passwd")


async def test_a_player_that_cannot_announce(hass: HomeAssistant, radio: Actor) -> None:
    stage(PRESETS)
    await enter(hass, radio)
    radio.show(MediaPresets.presets, (JAZZ,))
    assert not features(hass) & Feature.MEDIA_ANNOUNCE
    with pytest.raises(HomeAssistantError):
        await play(hass, radio, "music", "http://127.0.0.1/ding.mp3", announce=True)
    assert not radio.said


async def test_media_sources(hass: HomeAssistant, radio: Actor) -> None:
    """What Home Assistant itself has is fetched from it, by an address that the device knows."""
    await async_process_ha_core_config(hass, {"internal_url": "http://192.168.1.2:8123"})
    assert await async_setup_component(hass, "http", {})
    stage(Profile(AudioVolume, AudioNotification), RESUME)
    await enter(hass, radio)
    found = PlayMedia("/media/local/ding.mp3", "audio/mpeg")
    resolve = AsyncMock(return_value=found)
    with patch(f"{SOURCES}.async_resolve_media", resolve):
        media = "media-source://media_source/local/ding.mp3"
        [(name, sent)] = await play(hass, radio, "music", media, announce=True)
    assert name == "audioNotification.playTrackAndResume"
    assert sent["uri"].startswith("http://192.168.1.2:8123/media/local/ding.mp3?authSig=")
    assert resolve.await_args is not None
    assert resolve.await_args.args[1:] == (media, RADIO)


async def test_browsing(
    hass: HomeAssistant, radio: Actor, hass_ws_client: WebSocketGenerator
) -> None:
    stage(Profile(AudioVolume, AudioNotification, MediaPresets))
    await enter(hass, radio)
    radio.show(MediaPresets.presets, (JAZZ, NEWS))
    child = BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id="media-source://radio_browser",
        media_content_type="",
        title="Radio Browser",
        can_play=False,
        can_expand=True,
    )
    root = BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id="",
        media_content_type="",
        title="Media",
        can_play=False,
        can_expand=True,
        children=[child],
    )
    browse = AsyncMock(side_effect=[root, child])
    client = await hass_ws_client(hass)
    ask = {"type": "media_player/browse_media", "entity_id": RADIO}
    with patch(f"{SOURCES}.async_browse_media", browse):
        await client.send_json_auto_id(ask)
        answer = (await client.receive_json())["result"]
        inner = {"media_content_type": "", "media_content_id": child.media_content_id}
        await client.send_json_auto_id({**ask, **inner})
        opened = (await client.receive_json())["result"]
    titles = {c["title"]: c for c in answer["children"]}
    assert list(titles) == ["Jazz", "News", "Radio Browser"]
    assert titles["Jazz"]["thumbnail"].startswith("/api/media_player_proxy/media_player.radio")
    assert titles["News"]["thumbnail"] is None
    assert titles["Jazz"]["can_play"]
    assert opened["title"] == "Radio Browser"
    await client.send_json_auto_id(ask)  # without any media source
    answer = (await client.receive_json())["result"]
    assert [c["title"] for c in answer["children"]] == ["Jazz", "News"]


async def test_a_presets_picture(hass: HomeAssistant, radio: Actor) -> None:
    stage(PRESETS)
    await enter(hass, radio)
    radio.show(MediaPresets.presets, (JAZZ, NEWS))
    player = hass.data["media_player"].get_entity(RADIO)
    fetched = AsyncMock(return_value=(b"png", "image/png"))
    with patch.object(player, "_async_fetch_image", fetched):
        assert await player.async_get_browse_image("preset", "1") == (b"png", "image/png")
        assert await player.async_get_browse_image("preset", "2") == (None, None)
        assert await player.async_get_browse_image("preset", "moon") == (None, None)
    fetched.assert_awaited_once_with(JAZZ.image_url)


# groups

GROUPING = Profile(AudioVolume, MediaGroup)
SOLO = (AudioVolume, MediaGroup)


@pytest.fixture
async def three(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[dict[str, Actor]]:
    """Return three players, each a device of its own, by their ids."""
    stage(GROUPING, MediaGroup.join, MediaGroup.leave)
    async with AsyncExitStack() as stack:
        found: dict[str, Actor] = {}
        for name in ("a", "b", "c"):
            actor = await stack.enter_async_context(Actor(id=f"id-{name}", name=name.upper()))
            await enter(hass, actor)
            found[name] = actor
        yield found


def members(hass: HomeAssistant, name: str) -> Any:
    return shown(hass, f"media_player.{name}").get("group_members")


async def test_a_group_of_devices(hass: HomeAssistant, three: dict[str, Actor]) -> None:
    assert shown(hass, "media_player.a")["supported_features"] & Feature.GROUPING
    assert members(hass, "a") is None
    a, b, c = (f"media_player.{name}" for name in three)
    await call(hass, "media_player.join", a, group_members=[b, c, a])
    assert not three["a"].said
    for name in "bc":
        assert three[name].said == [("mediaGroup.join", {"primary_id": "id-a"}, "main")]
        three[name].show(MediaGroup.group_role, GroupRole.AUXILIARY)
        three[name].show(MediaGroup.group_primary_device_id, "id-a")
    three["a"].show(MediaGroup.group_role, GroupRole.PRIMARY)
    for name in three:
        assert members(hass, name) == [a, b, c]
    await call(hass, "media_player.join", a, group_members=[b])  # which is in it
    assert not three["b"].said
    await call(hass, "media_player.unjoin", b)
    assert three["b"].said == [("mediaGroup.leave", {}, "main")]
    three["b"].show(MediaGroup.group_role, GroupRole.UNGROUPED)
    assert members(hass, "b") is None
    assert members(hass, "a") == members(hass, "c") == [a, c]


async def test_a_user_must_be_allowed_to_control_who_joins(
    hass: HomeAssistant, three: dict[str, Actor]
) -> None:
    """Home Assistant itself checks only the player that the others join."""
    a, b, c = (f"media_player.{name}" for name in three)
    user = MockUser().add_to_hass(hass)
    user.mock_policy({"entities": {"entity_ids": {a: True, b: True, c: {"read": True}}}})

    async def join(*members: str) -> None:
        data = {"entity_id": a, "group_members": list(members)}
        context = Context(user_id=user.id)
        await hass.services.async_call("media_player", "join", data, True, context)

    for members in ([c], [b, c], ["media_player.unknown"]):
        with pytest.raises(Unauthorized):
            await join(*members)
    assert not three["b"].said
    assert not three["c"].said
    await join(a, b)
    assert three["b"].said == [("mediaGroup.join", {"primary_id": "id-a"}, "main")]


async def test_who_leads_leaves_its_group(hass: HomeAssistant, three: dict[str, Actor]) -> None:
    three["a"].show(MediaGroup.group_primary_device_id, "id-b")
    assert members(hass, "a") == ["media_player.b", "media_player.a"]
    await call(hass, "media_player.join", "media_player.a", group_members=["media_player.c"])
    assert three["a"].said == [("mediaGroup.leave", {}, "main")]
    assert three["c"].said == [("mediaGroup.join", {"primary_id": "id-a"}, "main")]


async def test_an_unknown_leader_is_no_group(hass: HomeAssistant, three: dict[str, Actor]) -> None:
    three["a"].show(MediaGroup.group_role, GroupRole.AUXILIARY)
    three["a"].show(MediaGroup.group_primary_device_id, "a stranger")
    assert members(hass, "a") is None


async def test_only_players_of_the_same_driver_can_join(
    hass: HomeAssistant, three: dict[str, Actor]
) -> None:
    with pytest.raises(ServiceValidationError, match=r"stranger cannot join"):
        await call(
            hass, "media_player.join", "media_player.a", group_members=["media_player.stranger"]
        )
    assert not three["a"].said


async def test_parts_of_one_device(hass: HomeAssistant, radio: Actor) -> None:
    """They are named by their component."""
    parts = {name: Component(SOLO, name.capitalize(), child=True) for name in ("hall", "attic")}
    stage(Profile(**parts), MediaGroup.join, MediaGroup.leave)
    await enter(hass, radio)
    hall, attic = "media_player.radio_hall", "media_player.radio_attic"
    await call(hass, "media_player.join", hall, group_members=[attic])
    assert radio.said == [("mediaGroup.join", {"primary_id": "hall"}, "attic")]
    radio.show(MediaGroup.group_primary_device_id, "hall", "attic")
    assert shown(hass, attic)["group_members"] == [hall, attic]


async def test_the_groups_volume_is_an_entity_of_its_own(hass: HomeAssistant, radio: Actor) -> None:
    stage(GROUPING, MediaGroup.set_group_volume, MediaGroup.set_group_mute)
    await enter(hass, radio)
    assert not features(hass) & Feature.GROUPING
    number, switch = "number.radio_group_volume", "switch.radio_group_muted"
    radio.show(MediaGroup.group_volume, 30)
    now = hass.states.get(number)
    assert now is not None
    assert now.state == "30"
    await call(hass, "number.set_value", number, value=40)
    await call(hass, "switch.turn_on", switch)
    assert [name for name, _, _ in radio.said] == [
        "mediaGroup.setGroupVolume",
        "mediaGroup.setGroupMute",
    ]
