"""The standard capabilities against the vocabulary's table, and the limits of their lists."""

import asyncio
from typing import Any, override

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Address,
    AirConditionerFanMode,
    AirConditionerMode,
    Alarm,
    ArgumentError,
    Attribute,
    AudioMute,
    AudioNotification,
    AudioTrackData,
    AudioVolume,
    Battery,
    Button,
    Capability,
    CarbonMonoxideDetector,
    Chime,
    ColorControl,
    ColorTemperature,
    Command,
    Confirm,
    ContactSensor,
    CurrentMeasurement,
    Device,
    DoorControl,
    Driver,
    DriverError,
    FanSpeed,
    FanSpeedPercent,
    FirmwareUpdate,
    GarageDoorControl,
    IlluminanceMeasurement,
    ImageCapture,
    Kind,
    Lock,
    MediaGroup,
    MediaInputSource,
    MediaPlayback,
    MediaPresets,
    MediaTrackControl,
    Mode,
    Momentary,
    MotionSensor,
    OccupancySensor,
    Options,
    PlaybackCommand,
    PlaybackStatus,
    PowerSource,
    PresenceSensor,
    Preset,
    Profile,
    Record,
    RelativeHumidityMeasurement,
    ReplyError,
    SecuritySystem,
    SignalStrength,
    SmokeDetector,
    SoundSensor,
    StatelessColorTemperatureStep,
    StatelessSwitchLevelStep,
    TamperAlert,
    TemperatureMeasurement,
    ThermostatFanMode,
    ThermostatHeatingSetpoint,
    ThermostatMode,
    ThermostatOperatingState,
    Track,
    TrackCommand,
    Transport,
    Valve,
    VoltageMeasurement,
    WaterSensor,
    WindowShade,
    WindowShadeTiltLevel,
    capability,
    command,
    handles,
)
from lan_edge.capabilities.schema import MAX_BYTES, MAX_ITEMS, Schema

# what the table says: the values at the edge, and those just beyond it
NUMBERS: list[tuple[Attribute[Any], str, str | None, float | None, float | None]] = [
    (ColorControl.hue, "colorControl.hue", None, 0, 100),
    (ColorControl.saturation, "colorControl.saturation", None, 0, 100),
    (ColorTemperature.color_temperature, "colorTemperature.colorTemperature", "K", 1, 30000),
    (VoltageMeasurement.voltage, "voltageMeasurement.voltage", "V", 0, None),
    (CurrentMeasurement.current, "currentMeasurement.current", "A", None, None),
    (
        TemperatureMeasurement.temperature,
        "temperatureMeasurement.temperature",
        "°C",
        -460,
        10000,
    ),
    (
        RelativeHumidityMeasurement.humidity,
        "relativeHumidityMeasurement.humidity",
        "%",
        0,
        100,
    ),
    (
        IlluminanceMeasurement.illuminance,
        "illuminanceMeasurement.illuminance",
        "lx",
        0,
        100000,
    ),
    (Battery.battery, "battery.battery", "%", 0, 100),
    (AudioVolume.volume, "audioVolume.volume", "%", 0, 100),
    (SignalStrength.rssi, "signalStrength.rssi", "dBm", -200, 0),
    (SignalStrength.lqi, "signalStrength.lqi", None, 0, 255),
]
CHOICES: list[tuple[Attribute[Any], str, list[str]]] = [
    (MotionSensor.motion, "motionSensor.motion", ["inactive", "active"]),
    (ContactSensor.contact, "contactSensor.contact", ["closed", "open"]),
    (AudioMute.muted, "audioMute.mute", ["unmuted", "muted"]),
    (
        MediaPlayback.playback_status,
        "mediaPlayback.playbackStatus",
        ["paused", "playing", "stopped", "fast forwarding", "rewinding"],
    ),
    (PresenceSensor.presence, "presenceSensor.presence", ["not present", "present"]),
    (OccupancySensor.occupancy, "occupancySensor.occupancy", ["unoccupied", "occupied"]),
    (SoundSensor.sound, "soundSensor.sound", ["not detected", "detected"]),
    (WaterSensor.water, "waterSensor.water", ["dry", "wet"]),
    (TamperAlert.tamper, "tamperAlert.tamper", ["clear", "detected"]),
    (SmokeDetector.smoke, "smokeDetector.smoke", ["clear", "detected", "tested"]),
    (
        CarbonMonoxideDetector.carbon_monoxide,
        "carbonMonoxideDetector.carbonMonoxide",
        ["clear", "detected", "tested"],
    ),
    (Valve.valve, "valve.valve", ["closed", "open"]),
    (Alarm.alarm, "alarm.alarm", ["off", "siren", "strobe", "both"]),
    (Chime.chiming, "chime.chime", ["off", "chime"]),
    (
        SecuritySystem.security_system_status,
        "securitySystem.securitySystemStatus",
        ["armedAway", "armedStay", "disarmed"],
    ),
    (
        Lock.lock_state,
        "lock.lock",
        ["locked", "unlocked", "unlocked with timeout", "not fully locked", "unknown"],
    ),
    (
        WindowShade.window_shade,
        "windowShade.windowShade",
        ["closed", "closing", "open", "opening", "partially open", "unknown"],
    ),
    (DoorControl.door, "doorControl.door", ["closed", "closing", "open", "opening", "unknown"]),
    (
        ThermostatOperatingState.thermostat_operating_state,
        "thermostatOperatingState.thermostatOperatingState",
        ["heating", "cooling", "fan only", "idle", "pending heat", "vent economizer"],
    ),
    (
        ThermostatFanMode.thermostat_fan_mode,
        "thermostatFanMode.thermostatFanMode",
        ["auto", "circulate", "followschedule", "on"],
    ),
    (
        ThermostatMode.thermostat_mode,
        "thermostatMode.thermostatMode",
        ["off", "heat", "cool", "auto", "eco", "emergency heat", "rush hour", "24hourReservation"],
    ),
    (MediaGroup.group_role, "mediaGroup.groupRole", ["ungrouped", "primary", "auxilary"]),
    (PowerSource.power_source, "powerSource.powerSource", ["battery", "dc", "mains", "unknown"]),
    (Button.button, "button.button", ["pushed", "held", "double", "pushed_6x", "down_hold"]),
]
COMMANDS: list[tuple[type[Capability], dict[str, list[str]]]] = [
    (
        ColorControl,
        {
            "setColor": ["hue", "saturation"],
            "setHue": ["hue"],
            "setSaturation": ["saturation"],
        },
    ),
    (ColorTemperature, {"setColorTemperature": ["temperature"]}),
    (AudioVolume, {"setVolume": ["volume"], "volumeUp": [], "volumeDown": []}),
    (AudioMute, {"mute": [], "unmute": [], "setMute": ["state"]}),
    (
        MediaPlayback,
        {
            "play": [],
            "pause": [],
            "stop": [],
            "rewind": [],
            "fastForward": [],
            "setPlaybackStatus": ["status"],
        },
    ),
    (MediaTrackControl, {"nextTrack": [], "previousTrack": []}),
    (MediaInputSource, {"setInputSource": ["mode"]}),
    (Mode, {"setMode": ["mode"]}),
    (StatelessSwitchLevelStep, {"stepLevel": ["step_size"]}),
    (StatelessColorTemperatureStep, {"stepColorTemperatureByPercent": ["step_size"]}),
    (MediaPresets, {"playPreset": ["preset_id"]}),
    (
        AudioNotification,
        {
            "playTrack": ["uri", "level"],
            "playTrackAndResume": ["uri", "level"],
            "playTrackAndRestore": ["uri", "level"],
        },
    ),
    (WindowShade, {"open": [], "close": [], "pause": []}),
    (WindowShadeTiltLevel, {"setShadeTiltLevel": ["level"]}),
    (ThermostatHeatingSetpoint, {"setHeatingSetpoint": ["setpoint"]}),
    (AirConditionerMode, {"setAirConditionerMode": ["mode"]}),
    (AirConditionerFanMode, {"setFanMode": ["fan_mode"]}),
    (FanSpeed, {"setFanSpeed": ["speed"]}),
    (FanSpeedPercent, {"setPercent": ["percent"]}),
    (
        SecuritySystem,
        {"armAway": ["bypass_all"], "armStay": ["bypass_all"], "disarm": []},
    ),
    (FirmwareUpdate, {"updateFirmware": [], "checkForFirmwareUpdate": []}),
    (Momentary, {"push": []}),
]


@pytest.mark.parametrize(("attribute", "name", "unit", "low", "high"), NUMBERS)
def test_a_numbers_range_and_unit(
    attribute: Attribute[Any], name: str, unit: str | None, low: float | None, high: float | None
) -> None:
    assert (attribute.id, attribute.unit) == (name, unit)
    for edge, beyond in ((low, -1), (high, 1)):
        if edge is not None:
            assert attribute.schema.check(edge) == edge
            with pytest.raises(ValueError, match=r"is (outside|less|more)"):
                attribute.schema.check(edge + beyond)


@pytest.mark.parametrize(("attribute", "name", "words"), CHOICES)
def test_the_words_of_a_choice(attribute: Attribute[Any], name: str, words: list[str]) -> None:
    assert attribute.id == name
    assert len({attribute.parse(word) for word in words}) == len(words)
    with pytest.raises(ReplyError):
        attribute.parse("something else")


@pytest.mark.parametrize(("owner", "commands"), COMMANDS)
def test_the_commands(owner: type[Capability], commands: dict[str, list[str]]) -> None:
    assert {c.name: [a.name for a in c.arguments] for c in owner.commands} == commands
    assert capability(owner.id) is owner


@pytest.mark.parametrize(
    ("order", "effects"),
    [
        (MediaPlayback.pause, {MediaPlayback.playback_status: PlaybackStatus.PAUSED}),
        (MediaPlayback.fast_forward, {MediaPlayback.playback_status: "fast forwarding"}),
        (AudioMute.mute, {AudioMute.muted: True}),
        (AudioMute.unmute, {AudioMute.muted: False}),
        (Momentary.push, {}),
        (Lock.lock, {Lock.lock_state: "locked"}),
        (Lock.unlatch, {Lock.lock_state: "unlatched"}),
        (WindowShade.open, {WindowShade.window_shade: "open"}),
        (GarageDoorControl.close, {GarageDoorControl.door: "closed"}),
        (Valve.open, {Valve.valve: True}),
        (Alarm.both, {Alarm.alarm: "both"}),
        (SecuritySystem.arm_away, {SecuritySystem.security_system_status: "armedAway"}),
        (ThermostatMode.emergency_heat, {ThermostatMode.thermostat_mode: "emergency heat"}),
        (MediaGroup.leave, {MediaGroup.group_role: "ungrouped"}),
        (MediaGroup.mute_group, {MediaGroup.group_mute: True}),
    ],
)
def test_what_a_word_sets(order: Command[...], effects: dict[Attribute[Any], object]) -> None:
    assert dict(order.effects({})) == effects
    assert not order.is_replaceable


def test_a_colour_is_one_absolute_value_of_two() -> None:
    bound = ColorControl.set_color.bind({"hue": 10, "saturation": 20})
    assert dict(ColorControl.set_color.effects(bound)) == {
        ColorControl.hue: 10.0,
        ColorControl.saturation: 20.0,
    }
    assert ColorControl.set_color.is_replaceable
    with pytest.raises(ArgumentError, match=r"setColor, argument hue: 101.0 is outside the range"):
        ColorControl.set_color.bind({"hue": 101.0, "saturation": 20})
    with pytest.raises(ArgumentError, match="needs the argument saturation"):
        ColorControl.set_color.bind({"hue": 10.0})


def test_only_one_way_to_set_a_colour_must_be_handled() -> None:
    assert {c.name for c in ColorControl.commands if not c.optional} == {"setColor"}
    assert {c.name for c in AudioVolume.commands if not c.optional} == {"setVolume"}
    assert {c.name for c in AudioMute.commands if not c.optional} == {"setMute"}
    assert all(c.optional for c in MediaPlayback.commands)


@pytest.mark.parametrize(
    ("attribute", "choices"),
    [
        (Mode.mode, Mode.supported_modes),
        (MediaInputSource.input_source, MediaInputSource.supported_input_sources),
    ],
)
def test_a_choice_of_the_devices_own_says_where_its_words_are(
    attribute: Attribute[Any], choices: Attribute[Any]
) -> None:
    assert attribute.options is choices
    assert attribute.setter is not None
    assert choices.kind is Kind.HIDDEN
    assert choices.schema.check(["Küche", "TV"]) == ("Küche", "TV")


def test_lists_of_fixed_words() -> None:
    commands = MediaPlayback.supported_playback_commands.schema
    assert commands.check(["play", "fastForward"]) == (
        PlaybackCommand.PLAY,
        PlaybackCommand.FAST_FORWARD,
    )
    tracks = MediaTrackControl.supported_track_control_commands.schema
    assert tracks.check(("nextTrack",)) == (TrackCommand.NEXT_TRACK,)
    with pytest.raises(ValueError, match="'dance' is not one of"):
        commands.check(["play", "dance"])


def test_objects_and_stills() -> None:
    track = Track("Aria", album_art_url="http://10.0.0.2/" + "a" * 1500)
    assert AudioTrackData.audio_track_data.schema.check(track) == track
    with pytest.raises(ValueError, match="is not of type Track"):
        AudioTrackData.audio_track_data.schema.check({"title": "Aria"})
    presets = MediaPresets.presets.schema
    assert presets.check([Preset("1", "News")]) == (Preset("1", "News"),)
    with pytest.raises(ValueError, match="id: 1 is not text"):
        presets.check([Preset(1, "News")])  # type: ignore[arg-type]
    assert ImageCapture.image.schema.check(b"\xff\xd8") == b"\xff\xd8"
    with pytest.raises(ValueError, match=r"has \d+ bytes, not 0 to"):
        ImageCapture.image.schema.check(bytes(MAX_BYTES + 1))


def test_who_joins_becomes_part_of_the_primarys_group() -> None:
    bound = MediaGroup.join.bind({"primary_id": "abc"})
    assert MediaGroup.join.effects(bound) == [(MediaGroup.group_primary_device_id, "abc")]


@pytest.mark.parametrize(
    "wrong",
    [None, "ab", b"ab", {"a": 1}, {1, 2}, 3, [1], [None], [["a"]], ["x"] * (MAX_ITEMS + 1)],
)
def test_what_is_no_list_of_texts(wrong: object) -> None:
    with pytest.raises(
        ValueError, match=r"not a list|is not text|not a whole number|has \d+ values"
    ):
        Mode.supported_modes.schema.check(wrong)


@pytest.mark.parametrize(
    "wrong", [[], [1700], [1700, 6500, 1], [0, 6500], [1700, 30001], [1700, "6500"], [True, 2]]
)
def test_what_is_no_range_of_temperatures(wrong: list[object]) -> None:
    schema = ColorTemperature.color_temperature_range.schema
    assert schema.check([1700, 6500]) == (1700, 6500)
    with pytest.raises(ValueError, match=r"outside the range|not a whole number|has \d values"):
        schema.check(wrong)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
        max_leaves=8,
    )
)
def test_whatever_comes_it_is_a_list_or_refused(value: object) -> None:
    for attribute in (
        Mode.supported_modes,
        ColorTemperature.color_temperature_range,
        MediaPlayback.supported_playback_commands,
    ):
        schema: Schema[Any] = attribute.schema
        try:
            checked = schema.check(value)
        except ValueError:
            continue
        assert isinstance(checked, tuple)
        assert schema.check(checked) == checked


def test_options_that_name_nothing() -> None:
    with pytest.raises(DriverError, match=r"sort names 'kinds', which is not an attribute"):

        class _Sorted(Capability, id="acme.sorted"):
            sort = Attribute(str, options="kinds")


def test_sets_must_name_an_attribute_of_the_capability() -> None:
    with pytest.raises(DriverError, match=r"setSort names 'kind', which is not an attribute"):

        class _Sorted(Capability, id="acme.sorted"):
            sort = Attribute(str)

            @command(sets=("sort", "kind"))
            def set_sort(self, sort: str, kind: str) -> None:
                """Sort."""


# a device that reports nothing


class _Nowhere(Transport):
    pushes = False
    poll = 300.0
    heartbeat = None
    heard_at = 0.0

    @override
    async def open(self, address: object) -> None:
        pass

    @override
    async def close(self) -> None:
        pass


class _Lamp(Driver[_Nowhere]):
    id = "echo_lamp"
    profile = Profile(ColorControl, Mode)
    options = Options()
    confirm = Confirm.ECHO

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        pass

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        pass


async def test_echo_takes_all_that_was_sent_as_done() -> None:
    device = Device(_Lamp, Record(addresses=(Address("127.0.0.1"),)))
    device.start()
    try:
        async with asyncio.timeout(2):
            while not device.available:  # noqa: ASYNC110  # nothing reports it
                await asyncio.sleep(0)
        await device.commands.execute(ColorControl.set_color, {"hue": 10.0, "saturation": 20.0})
        await device.commands.execute(Mode.set_mode, {"mode": "party"})
        assert device.state.values() == {
            ("main", "colorControl.hue"): 10.0,
            ("main", "colorControl.saturation"): 20.0,
            ("main", "mode.mode"): "party",
        }
    finally:
        await device.stop()
