"""What the owner of a Tuya device can say of it, and what is remembered of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from lan_edge import Json, Label, Range, Stored


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
    VALVE = "valve"
    SIREN = "siren"
    GARAGE = "garage_door"
    KETTLE = "kettle"
    SOIL = "soil_sensor"


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
        TuyaVersion, Label("Protocol version", "A firmware update may have changed it.")
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


@dataclass
class TuyaMemory:
    device_id: Annotated[str, Stored()] = ""  # as the device spells it
    version: Annotated[str, Stored()] = ""
    is_entered: bool = False  # whether its owner has just entered both
    kinds: Annotated[tuple[str, ...], Stored()] = ()  # each a kind, a blank and the id of its unit
    kept: Annotated[tuple[str, ...], Stored()] = ()
    """What forms have kept: each a point, a fact and the id of its unit."""
    is_listed: bool = False  # whether it has listed its points since the start
    is_asked_by_number: bool = False
    numbered: dict[int, bool] = field(default_factory=dict[int, bool])
    """Whether it repeats the number of a command when it answers; False: not always."""
    is_measuring: bool = False  # whether it was told to measure just now
    endings: int = 0  # connections in a row that have ended by that
    trust: int = 0  # how many more negotiations may fail before the key is doubted
    units: dict[str, Json] = field(default_factory=dict[str, Json])
    """What each unit reports now: the device itself, and the devices behind it."""
    offline: set[str] = field(default_factory=set[str])  # the units that a gateway does not reach
    seen: dict[str, Json] = field(default_factory=dict[str, Json])
    """The points that each unit has, also those that it does not report at the moment."""
