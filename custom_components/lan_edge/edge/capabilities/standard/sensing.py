"""Sensors of a room; SmartThings' units C and lux are written °C and lx here."""

from enum import StrEnum

from ..definition import Attribute, Capability
from ..kinds import Kind

__all__ = [
    "AccelerationSensor",
    "Activity",
    "ActivitySensor",
    "AtmosphericPressureMeasurement",
    "ContactSensor",
    "IlluminanceMeasurement",
    "MotionSensor",
    "Movement",
    "MovementSensor",
    "OccupancySensor",
    "PresenceSensor",
    "RelativeHumidityMeasurement",
    "SoundSensor",
    "TemperatureMeasurement",
    "ThreeAxis",
    "UltravioletIndex",
]


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
    """The illuminance, in lux."""

    illuminance = Attribute(
        float,
        minimum=0,
        maximum=100000,
        unit="lx",
        kind=Kind.MEASUREMENT,
        device_class="illuminance",
    )


class AtmosphericPressureMeasurement(Capability):
    """The atmospheric pressure, in kilopascals."""

    atmospheric_pressure = Attribute(
        float,
        minimum=0,
        unit="kPa",
        kind=Kind.MEASUREMENT,
        device_class="atmospheric_pressure",
    )


class UltravioletIndex(Capability):
    """The ultraviolet index of the sunlight."""

    ultraviolet_index = Attribute(
        float, minimum=0, maximum=255, unit="UV index", kind=Kind.MEASUREMENT
    )


class MotionSensor(Capability):
    """A motion sensor."""

    motion = Attribute(bool, device_class="motion", words=("inactive", "active"))


class ContactSensor(Capability):
    """A contact sensor: whether a door, a window or the like is open."""

    contact = Attribute(bool, device_class="opening", words=("closed", "open"))


class PresenceSensor(Capability):
    """Whether a person, or their phone or tag, is present."""

    presence = Attribute(bool, device_class="presence", words=("not present", "present"))


class OccupancySensor(Capability):
    """Whether anyone is in the room, even someone who does not move."""

    occupancy = Attribute(bool, device_class="occupancy", words=("unoccupied", "occupied"))


class Movement(StrEnum):
    """A movement of a person relative to the sensor."""

    INACTIVE = "inactive"
    APPROACHING = "approaching"
    MOVING_AWAY = "movingAway"
    ENTERING = "entering"
    LEAVING = "leaving"
    ENTERING_LEFT = "enteringLeft"
    ENTERING_RIGHT = "enteringRight"
    LEAVING_LEFT = "leavingLeft"
    LEAVING_RIGHT = "leavingRight"


class MovementSensor(Capability):
    """The movement of a person relative to the sensor."""

    movement = Attribute(Movement, options="supported_movements")
    supported_movements = Attribute(tuple[Movement, ...], kind=Kind.HIDDEN)


class Activity(StrEnum):
    """An activity of a person."""

    NO_ACTIVITY = "noActivity"
    FALLING = "falling"
    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"
    EATING = "eating"


class ActivitySensor(Capability):
    """The activity of a person in the room."""

    activity = Attribute(Activity)


class AccelerationSensor(Capability):
    """Whether the object that the sensor is attached to is being moved or shaken."""

    acceleration = Attribute(bool, device_class="moving", words=("inactive", "active"))


class SoundSensor(Capability):
    """Whether a sound is detected."""

    sound = Attribute(bool, device_class="sound", words=("not detected", "detected"))


class ThreeAxis(Capability):
    """The acceleration along three axes, in thousandths of standard gravity.

    SmartThings has a single list, `threeAxis`; here, each axis is an attribute of its own.
    """

    x = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
    y = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
    z = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
