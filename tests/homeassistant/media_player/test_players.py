"""Players, also as child devices, and selects."""

from typing import Any, override

from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge import (
    AudioMute,
    AudioVolume,
    Component,
    Confirm,
    Driver,
    JsonRpc,
    MediaInputSource,
    MediaPlayback,
    MediaTrackControl,
    Mode,
    Profile,
    Switch,
    handles,
)
from tests.emulators.json_bulb import JsonBulbEmulator

from ..entries import BULB_ID, set_up
from ..json_bulb import push
from ..lab import ObedientBulb
from ..own_drivers import add_driver
from ..parts import replace_profile
from ..states import becomes, call, state
from ..waiting import eventually

PARTS = (AudioVolume, AudioMute, MediaPlayback, MediaTrackControl, MediaInputSource, Switch, Mode)
ATTRIBUTES = {a.id: a for c in PARTS for a in c.attributes}
FULL = Profile(*PARTS)
SIMPLE = (AudioVolume, AudioMute)
HOUSE = Profile(
    hall=Component(SIMPLE, "Hall", child=True), attic=Component(SIMPLE, "Attic", child=True)
)
STEREO, HALL, ATTIC = (
    "media_player.desk_lamp",
    "media_player.desk_lamp_hall",
    "media_player.desk_lamp_attic",
)


def player(*, steps: bool = True) -> None:  # noqa: C901  # made of small parts
    """Register the driver; it sends the name of each command, and its component's."""

    @add_driver
    class Player(Driver[JsonRpc]):
        id = "player"
        profile = FULL
        confirm = Confirm.ANSWER  # what it shows, tests push

        @override
        async def identify(self) -> str:
            return str((await self.io.call("info"))["id"])

        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            if "profile" in message.data:
                replace_profile(self, Profile.from_dict(message.data["profile"]))
            for name, value, component in message.data.get("told", []):
                self.emit(ATTRIBUTES[name], value, component)
            for component, there in message.data.get("there", {}).items():
                self.set_available(component, there)

        async def tell(self, what: str, value: Any = None) -> None:
            sent = {"what": what, "value": value, "part": self.component}
            await self.io.call("say", **sent)

        @handles(AudioVolume.set_volume)
        async def set_volume(self, volume: int) -> None:
            await self.tell("volume", volume)

        if steps:

            @handles(AudioVolume.volume_up)
            async def louder(self) -> None:
                await self.tell("up")

            @handles(AudioVolume.volume_down)
            async def softer(self) -> None:
                await self.tell("down")

        @handles(AudioMute.set_mute)
        async def set_mute(self, state: bool) -> None:
            await self.tell("mute", state)

        @handles(MediaInputSource.set_input_source)
        async def set_source(self, mode: str) -> None:
            await self.tell("source", mode)

        @handles(Mode.set_mode)
        async def set_mode(self, mode: str) -> None:
            await self.tell("mode", mode)

        @handles(MediaPlayback.play)
        async def play(self) -> None:
            await self.tell("play")

        @handles(MediaPlayback.pause)
        async def pause(self) -> None:
            await self.tell("pause")

        @handles(MediaPlayback.stop)
        async def stop(self) -> None:
            await self.tell("stop")

        @handles(MediaTrackControl.next_track)
        async def next_track(self) -> None:
            await self.tell("next")

        @handles(MediaTrackControl.previous_track)
        async def previous_track(self) -> None:
            await self.tell("previous")

        @handles(Switch.on)
        async def on(self) -> None:
            await self.tell("on")

        @handles(Switch.off)
        async def off(self) -> None:
            await self.tell("off")


class Speaker(ObedientBulb):
    """What it shows, tests push."""

    @property
    def said(self) -> list[tuple[Any, ...]]:
        """What it was told, since it was asked last."""
        said = [tuple(r.params.values()) for r in self.log if r.command == "say"]
        self.log.clear()
        return said


@pytest.fixture
async def stereo(hass: HomeAssistant, drivers: None, start_discovery: None) -> Any:
    async with Speaker(id=BULB_ID, name="Desk lamp") as device:
        yield device


async def told(device: JsonBulbEmulator, component: str = "main", **values: Any) -> None:
    """Have a device report values, by the ids of their attributes."""
    names = {a.name: i for i, a in ATTRIBUTES.items()}
    await push(device, told=[[names[k], v, component] for k, v in values.items()])


async def said(hass: HomeAssistant, stereo: Speaker, service: str, **data: Any) -> Any:
    """Call a service; return what the device was told by it."""
    stereo.log.clear()
    entity = data.pop("entity", STEREO)
    await call(hass, f"media_player.{service}", entity, **data)
    [(what, value, part)] = stereo.said
    return (what, part) if value is None else (what, value, part)


async def test_what_a_player_can_do_is_what_it_says(hass: HomeAssistant, stereo: Speaker) -> None:
    player()
    await set_up(hass, "player", BULB_ID, stereo)
    now = hass.states.get(STEREO)
    assert now is not None
    basic = Feature.VOLUME_SET | Feature.VOLUME_STEP | Feature.VOLUME_MUTE
    basic |= Feature.SELECT_SOURCE | Feature.TURN_ON | Feature.TURN_OFF
    playback = Feature.PLAY | Feature.PAUSE | Feature.STOP
    tracks = Feature.NEXT_TRACK | Feature.PREVIOUS_TRACK
    assert now.attributes["supported_features"] == basic | playback | tracks  # no list: all
    assert now.state == "on"  # nothing told yet
    await told(
        stereo,
        supportedPlaybackCommands=["play", "pause", "rewind"],
        supportedTrackControlCommands=["nextTrack"],
    )
    wanted = basic | Feature.PLAY | Feature.PAUSE | Feature.NEXT_TRACK
    await becomes(hass, STEREO, "on", supported_features=wanted)
    with pytest.raises(ServiceValidationError):
        await call(hass, "media_player.media_stop", STEREO)
    await told(stereo, supportedPlaybackCommands=[])
    await becomes(hass, STEREO, "on", supported_features=basic | Feature.NEXT_TRACK)


async def test_a_source_that_is_not_listed(hass: HomeAssistant, stereo: Speaker) -> None:
    """Only what can be selected is shown as selected, and nothing else is asked for."""
    player()
    await set_up(hass, "player", BULB_ID, stereo)
    await told(stereo, inputSource="Phono")
    await becomes(hass, STEREO, "on", source="Phono")
    await told(stereo, supportedInputSources=["Radio", "TV"])
    await becomes(hass, STEREO, "on", source=None, source_list=["Radio", "TV"])
    await told(stereo, inputSource="TV")
    await becomes(hass, STEREO, "on", source="TV")
    stereo.log.clear()
    with pytest.raises(ServiceValidationError, match="Phono"):
        await call(hass, "media_player.select_source", STEREO, source="Phono")
    assert not stereo.said


async def test_states(hass: HomeAssistant, stereo: Speaker) -> None:
    player()
    await set_up(hass, "player", BULB_ID, stereo)
    for status, shown in (
        ("playing", "playing"),
        ("paused", "paused"),
        ("stopped", "idle"),
        ("rewinding", "playing"),
        ("fast forwarding", "playing"),
    ):
        await told(stereo, playbackStatus=status)
        await becomes(hass, STEREO, shown)
    await told(stereo, switch=False)
    await becomes(hass, STEREO, "off")
    sources = ["Radio", "Line in"]
    await told(stereo, switch=True, supportedInputSources=sources, inputSource="Radio")
    await becomes(hass, STEREO, "playing", source="Radio", source_list=sources)
    await told(stereo, volume=35, mute=True)
    await becomes(hass, STEREO, "playing", volume_level=0.35, is_volume_muted=True)


async def test_commands(hass: HomeAssistant, stereo: Speaker) -> None:
    player()
    await set_up(hass, "player", BULB_ID, stereo)
    await told(
        stereo,
        volume=20,
        supportedPlaybackCommands=["play", "pause", "stop"],
        supportedTrackControlCommands=["nextTrack", "previousTrack"],
        supportedInputSources=["Radio"],
    )
    await becomes(hass, STEREO, "on", volume_level=0.2)
    for level in range(0, 101, 7):
        sent = await said(hass, stereo, "volume_set", volume_level=level / 100)
        assert sent == ("volume", level, "main")
    assert await said(hass, stereo, "volume_up") == ("up", "main")
    assert await said(hass, stereo, "volume_down") == ("down", "main")
    assert await said(hass, stereo, "volume_mute", is_volume_muted=True) == ("mute", True, "main")
    assert await said(hass, stereo, "select_source", source="Radio") == ("source", "Radio", "main")
    for service, word in (
        ("media_play", "play"),
        ("media_pause", "pause"),
        ("media_stop", "stop"),
        ("media_next_track", "next"),
        ("media_previous_track", "previous"),
        ("turn_on", "on"),
        ("turn_off", "off"),
    ):
        assert await said(hass, stereo, service) == (word, "main")


async def test_steps_of_a_player_that_has_none(hass: HomeAssistant, stereo: Speaker) -> None:
    player(steps=False)
    await set_up(hass, "player", BULB_ID, stereo)
    await told(stereo, volume=20)
    await becomes(hass, STEREO, "on", volume_level=0.2)
    assert await said(hass, stereo, "volume_up") == ("volume", 30, "main")
    assert await said(hass, stereo, "volume_down") == ("volume", 10, "main")


async def test_a_choice(hass: HomeAssistant, stereo: Speaker) -> None:
    player()
    await set_up(hass, "player", BULB_ID, stereo)
    select = "select.desk_lamp_mode"
    assert state(hass, select) == "unknown"
    await told(stereo, supportedModes=["Day", "Night"], mode="Day")
    await becomes(hass, select, "Day", options=["Day", "Night"])
    stereo.log.clear()
    await call(hass, "select.select_option", select, option="Night")
    assert stereo.said == [("mode", "Night", "main")]
    with pytest.raises(ServiceValidationError):
        await call(hass, "select.select_option", select, option="Dusk")
    await told(stereo, mode="Party")  # which it does not list
    await becomes(hass, select, "unknown")
    await told(stereo, supportedModes=["Party"])
    await becomes(hass, select, "Party", options=["Party"])
    assert not hass.states.async_entity_ids("switch")  # the player has it


async def house(hass: HomeAssistant, stereo: Speaker) -> MockConfigEntry:
    """Return the entry of a device of two players, both there."""
    player()
    entry = await set_up(hass, "player", BULB_ID, stereo)
    await push(stereo, profile=HOUSE.as_dict())
    await eventually(lambda: hass.states.get(HALL) and hass.states.get(ATTIC))
    return entry


def children(hass: HomeAssistant, entry: MockConfigEntry) -> set[str | None]:
    """Return the names of an entry's child devices."""
    registry = dr.async_get(hass)
    found = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    return {child.name for child in found}


async def test_children_come_and_go(hass: HomeAssistant, stereo: Speaker) -> None:
    entry = await house(hass, stereo)
    assert children(hass, entry) == {"Hall", "Attic"}
    assert STEREO not in hass.states.async_entity_ids()
    assert await said(hass, stereo, "volume_set", entity=ATTIC, volume_level=0.5) == (
        "volume",
        50,
        "attic",
    )
    hall = Profile(hall=HOUSE.components["hall"])
    await push(stereo, profile=hall.as_dict())
    await eventually(lambda: children(hass, entry) == {"Hall"})
    assert hass.states.get(ATTIC) is None
    await push(stereo, profile=HOUSE.as_dict())
    await eventually(lambda: hass.states.get(ATTIC))
    assert children(hass, entry) == {"Hall", "Attic"}


async def test_each_child_has_its_own_availability(hass: HomeAssistant, stereo: Speaker) -> None:
    await house(hass, stereo)
    await told(stereo, "hall", volume=10)
    await told(stereo, "attic", volume=20)
    await becomes(hass, ATTIC, "on", volume_level=0.2)
    await push(stereo, there={"attic": False})
    await becomes(hass, ATTIC, "unavailable")
    assert state(hass, HALL) == "on"
    await push(stereo, there={"attic": True})
    await becomes(hass, ATTIC, "on", volume_level=0.2)
    await stereo.down()
    await becomes(hass, HALL, "unavailable")
    await becomes(hass, ATTIC, "unavailable")
    await stereo.up()


async def test_removing_the_parent_removes_its_children(
    hass: HomeAssistant, stereo: Speaker
) -> None:
    entry = await house(hass, stereo)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not list(dr.async_get(hass).devices)
    assert not er.async_get(hass).entities
