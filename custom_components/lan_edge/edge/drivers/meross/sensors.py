"""Meross's presence sensor, and the sound of its night light for children."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lan_edge import (
    AudioMute,
    AudioVolume,
    IlluminanceMeasurement,
    Json,
    OccupancySensor,
    PartReading,
    number,
    optional_object,
    word_of,
)

from .parts import Change, MerossPart, flag, listed

SOUND = "Appliance.Control.Mp3"
LOUDEST = 16
PRESENCE = {0: False, 1: False, 2: True, 3: True}


@dataclass(frozen=True)
class Presence(MerossPart):
    """A sensor that notices whether somebody is there, and measures how light it is."""

    def readings(self) -> Iterator[PartReading]:
        somebody, light = self.latest("presence"), self.latest("light")
        yield PartReading.field(OccupancySensor.occupancy, somebody, "value", is_somebody)
        illuminance, is_there = IlluminanceMeasurement.illuminance, bool(self.told)
        yield PartReading.field(illuminance, light, "value", unchanged=is_there)

    def latest(self, what: str) -> Json:
        """Return the newest of what it has measured; {} if it tells nothing."""
        measured = listed(optional_object(self.told, "data").get(what))
        return measured[0] if measured else {}


def is_somebody(value: Any) -> bool:
    """Return what the number of a presence means; raise ReplyError."""
    return word_of(PRESENCE, value)


def percent_of(volume: Any) -> int:
    """Return a volume in percent; raise ReplyError."""
    return round(number(volume, "volume", 0, LOUDEST) * 100 / LOUDEST)


@dataclass(frozen=True)
class Sound(MerossPart):
    """The sound of a night light for children: it plays on, muted or not."""

    def readings(self) -> Iterator[PartReading]:
        yield self.reading(AudioVolume.volume, "volume", percent_of)
        yield self.reading(AudioMute.muted, "mute", flag)

    def loud(self, percent: int) -> list[Change]:
        return self.to(volume=round(percent * LOUDEST / 100))

    def muted(self, *, on: bool) -> list[Change]:
        return self.to(mute=int(on))

    def to(self, **told: int) -> list[Change]:
        return [Change(SOUND, {"mp3": {"channel": self.channel, **told}})]
