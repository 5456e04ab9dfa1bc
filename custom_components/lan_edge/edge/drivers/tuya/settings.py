"""What the owner of a Tuya device can say of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from lan_edge import Label, Range


class TuyaKind(StrEnum):
    AUTOMATIC = "automatic"
    OUTLET = "outlet"
    LIGHT = "light"
    DIMMER = "dimmer"
    COVER = "cover"
    THERMOSTAT = "thermostat"
    FAN = "fan"
    AIR = "air_conditioner"
    CLIMATE = "climate_sensor"
    CONTACT = "contact"
    MOTION = "motion"
    LEAK = "leak"
    HUMIDIFIER = "humidifier"
    METER = "meter"
    PURIFIER = "air_purifier"
    SMOKE = "smoke"


class TuyaVersion(StrEnum):
    AUTOMATIC = "automatic"
    V31 = "3.1"
    V33 = "3.3"
    V34 = "3.4"
    V35 = "3.5"


@dataclass(frozen=True)
class TuyaSettings:
    kind: Annotated[
        TuyaKind, Label("Kind", "What it is, if LAN Edge takes it for something else.")
    ] = TuyaKind.AUTOMATIC
    protocol: Annotated[
        TuyaVersion,
        Label("Protocol", "The version; an update of its firmware may have changed it."),
    ] = TuyaVersion.AUTOMATIC
    brightness: Annotated[
        int, Range(0, 10000), Label("Full brightness", "The value of its point; 0: automatic.")
    ] = 0
    temperature: Annotated[
        int, Range(0, 100), Label("Temperature divisor", "Of its values; 0: automatic.")
    ] = 0
    speeds: Annotated[int, Range(0, 100), Label("Speeds", "Of its fan; 0: automatic.")] = 0
    is_reversed: Annotated[
        bool, Label("Reversed", "Whether the cover shows open where it is closed.")
    ] = False
