"""The standard capabilities, with SmartThings' names, ranges, enums and units.

Units are written as in the SI: °C and lx, where SmartThings writes C and lux.
"""

from enum import StrEnum
from typing import Annotated

from .capability import Attribute, Capability, Kind, Percent, Range, Seconds, command

Hue = Annotated[float, Range(0, 100)]
"""A part of the colour circle, in percent of it: 33.3 is green."""
Saturation = Annotated[float, Range(0, 100)]
Kelvin = Annotated[int, Range(1, 30000)]


class Switch(Capability):
    """On or off."""

    switch = Attribute(bool, words=("off", "on"))

    @command(sets="switch=on")
    def on(self) -> None:
        """Turn on."""

    @command(sets="switch=off")
    def off(self) -> None:
        """Turn off."""


class SwitchLevel(Capability):
    """A level in percent, such as a lamp's brightness."""

    level = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="level")
    def set_level(self, level: Percent, rate: Seconds | None = None) -> None:
        """Go to `level` %, within `rate` seconds."""


class ColorControl(Capability):
    """A colour by hue and saturation; saturation 0 is white, of whatever colour temperature.

    A driver handles `set_color`; hue or saturation alone only where the device can do that.
    """

    hue = Attribute(float, minimum=0, maximum=100)
    saturation = Attribute(float, minimum=0, maximum=100)

    @command(sets=("hue", "saturation"))
    def set_color(self, hue: Hue, saturation: Saturation) -> None:
        """Go to a colour."""

    @command(sets="hue", optional=True)
    def set_hue(self, hue: Hue) -> None:
        """Go to a hue, with the saturation of now."""

    @command(sets="saturation", optional=True)
    def set_saturation(self, saturation: Saturation) -> None:
        """Go to a saturation, with the hue of now."""


class ColorTemperature(Capability):
    """How warm or cold white light is, in kelvins."""

    color_temperature = Attribute(int, minimum=1, maximum=30000, unit="K")
    color_temperature_range = Attribute(
        tuple[int, int], minimum=1, maximum=30000, unit="K", kind=Kind.HIDDEN
    )
    """The least and the most that the device can."""

    @command(sets="color_temperature")
    def set_color_temperature(self, temperature: Kelvin) -> None:
        """Go to white of `temperature` kelvins."""


class PowerMeter(Capability):
    """The power drawn now, in watts."""

    power = Attribute(float, minimum=0, unit="W", kind=Kind.MEASUREMENT, device_class="power")


class EnergyMeter(Capability):
    """The energy used so far, in kilowatt hours."""

    energy = Attribute(float, minimum=0, unit="kWh", kind=Kind.TOTAL, device_class="energy")

    @command(optional=True)
    def reset_energy_meter(self) -> None:
        """Set the counter to zero."""


class VoltageMeasurement(Capability):
    """The voltage now, in volts."""

    voltage = Attribute(float, minimum=0, unit="V", kind=Kind.MEASUREMENT, device_class="voltage")


class CurrentMeasurement(Capability):
    """The current now, in amperes."""

    current = Attribute(float, unit="A", kind=Kind.MEASUREMENT, device_class="current")


class TemperatureMeasurement(Capability):
    """The temperature, in degrees Celsius."""

    temperature = Attribute(
        float,
        minimum=-460,
        maximum=10000,
        unit="°C",
        kind=Kind.MEASUREMENT,
        device_class="temperature",
    )


class RelativeHumidityMeasurement(Capability):
    """The relative humidity of the air, in percent."""

    humidity = Attribute(
        float, minimum=0, maximum=100, unit="%", kind=Kind.MEASUREMENT, device_class="humidity"
    )


class IlluminanceMeasurement(Capability):
    """How bright it is, in lux."""

    illuminance = Attribute(
        float,
        minimum=0,
        maximum=100000,
        unit="lx",
        kind=Kind.MEASUREMENT,
        device_class="illuminance",
    )


class Battery(Capability):
    """What is left in the battery, in percent."""

    battery = Attribute(
        int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC, device_class="battery"
    )


class SignalStrength(Capability):
    """How well the device is received."""

    lqi = Attribute(int, minimum=0, maximum=255, kind=Kind.DIAGNOSTIC)
    rssi = Attribute(
        float,
        minimum=-200,
        maximum=0,
        unit="dBm",
        kind=Kind.DIAGNOSTIC,
        device_class="signal_strength",
    )


class MotionSensor(Capability):
    """Whether something moves."""

    motion = Attribute(bool, device_class="motion", words=("inactive", "active"))


class ContactSensor(Capability):
    """Whether a door, a window or the like is open."""

    contact = Attribute(bool, device_class="opening", words=("closed", "open"))


class AudioVolume(Capability):
    """How loud it plays, in percent."""

    volume = Attribute(int, minimum=0, maximum=100, unit="%")

    @command(sets="volume")
    def set_volume(self, volume: Percent) -> None:
        """Play as loud as `volume` %."""

    @command(optional=True)
    def volume_up(self) -> None:
        """Play a little louder."""

    @command(optional=True)
    def volume_down(self) -> None:
        """Play a little less loud."""


class AudioMute(Capability):
    """Whether the sound is off, the volume kept."""

    muted = Attribute(bool, name="mute", words=("unmuted", "muted"))

    @command(sets="muted=muted", optional=True)
    def mute(self) -> None:
        """Turn the sound off."""

    @command(sets="muted=unmuted", optional=True)
    def unmute(self) -> None:
        """Turn the sound on again."""

    @command(sets="muted")
    def set_mute(self, state: bool) -> None:
        """Turn the sound off (`state` is true) or on again."""


class PlaybackStatus(StrEnum):
    """What a player does."""

    PAUSED = "paused"
    PLAYING = "playing"
    STOPPED = "stopped"
    FAST_FORWARDING = "fast forwarding"
    REWINDING = "rewinding"


class PlaybackCommand(StrEnum):
    """What a player can be told."""

    PAUSE = "pause"
    PLAY = "play"
    STOP = "stop"
    FAST_FORWARD = "fastForward"
    REWIND = "rewind"


class MediaPlayback(Capability):
    """A player; each command only where it has it."""

    playback_status = Attribute(PlaybackStatus)
    supported_playback_commands = Attribute(tuple[PlaybackCommand, ...], kind=Kind.HIDDEN)

    @command(sets="playback_status=playing", optional=True)
    def play(self) -> None:
        """Begin, or go on."""

    @command(sets="playback_status=paused", optional=True)
    def pause(self) -> None:
        """Rest where it is."""

    @command(sets="playback_status=stopped", optional=True)
    def stop(self) -> None:
        """End."""

    @command(sets="playback_status=rewinding", optional=True)
    def rewind(self) -> None:
        """Go back fast."""

    @command(sets="playback_status=fast forwarding", optional=True)
    def fast_forward(self) -> None:
        """Go forward fast."""

    @command(sets="playback_status", optional=True)
    def set_playback_status(self, status: PlaybackStatus) -> None:
        """Do as `status` says."""


class TrackCommand(StrEnum):
    """Where a player can go."""

    NEXT_TRACK = "nextTrack"
    PREVIOUS_TRACK = "previousTrack"


class MediaTrackControl(Capability):
    """A player that has tracks."""

    supported_track_control_commands = Attribute(tuple[TrackCommand, ...], kind=Kind.HIDDEN)

    @command(optional=True)
    def next_track(self) -> None:
        """Go to the next track."""

    @command(optional=True)
    def previous_track(self) -> None:
        """Go to the one before."""


class MediaInputSource(Capability):
    """What is played, or where it comes from; a device has names of its own for these."""

    input_source = Attribute(str, options="supported_input_sources")
    supported_input_sources = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="input_source")
    def set_input_source(self, mode: str) -> None:
        """Play the source named `mode`."""


class Mode(Capability):
    """One of several ways to work; a device has names of its own for these."""

    mode = Attribute(str, options="supported_modes")
    supported_modes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="mode")
    def set_mode(self, mode: str) -> None:
        """Work in the way named `mode`."""


class Momentary(Capability):
    """A push button to be pushed from afar."""

    @command()
    def push(self) -> None:
        """Push it."""


class Refresh(Capability):
    """Every attribute can be read again; the framework handles it."""

    @command(optional=True)
    def refresh(self) -> None:
        """Read everything again."""


class HealthCheck(Capability):
    """The device can be asked whether it is there; the framework handles it."""

    health_status = Attribute(bool, kind=Kind.HIDDEN, words=("offline", "online"))

    @command(optional=True)
    def ping(self) -> None:
        """Ask whether the device is there."""
