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
        TuyaKind, Label("Kind", "What the device is, if LAN Edge takes it for something else.")
    ] = TuyaKind.AUTOMATIC
    protocol: Annotated[
        TuyaVersion,
        Label("Protocol version", "A firmware update may have changed it."),
    ] = TuyaVersion.AUTOMATIC
    brightness: Annotated[
        int,
        Range(0, 10000),
        Label(
            "Full brightness",
            "The value with which the device means full brightness. 0: automatic.",
        ),
    ] = 0
    temperature: Annotated[
        int,
        Range(0, 100),
        Label(
            "Temperature divisor", "What the device's temperatures are divided by. 0: automatic."
        ),
    ] = 0
    speeds: Annotated[
        int, Range(0, 100), Label("Fan speeds", "How many speeds the fan has. 0: automatic.")
    ] = 0
    is_reversed: Annotated[
        bool, Label("Reversed", "Turn this on if the cover shows open where it is closed.")
    ] = False
