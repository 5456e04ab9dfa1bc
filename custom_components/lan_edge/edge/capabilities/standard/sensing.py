"""What is measured and noticed in a room; SmartThings' C and lux are °C and lx here."""

from enum import StrEnum

from ..definition import Attribute, Capability, Kind

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
    """How bright it is, in lux."""

    illuminance = Attribute(
        float,
        minimum=0,
        maximum=100000,
        unit="lx",
        kind=Kind.MEASUREMENT,
        device_class="illuminance",
    )


class AtmosphericPressureMeasurement(Capability):
    """The pressure of the air, in kilopascals."""

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
    """Whether something moves."""

    motion = Attribute(bool, device_class="motion", words=("inactive", "active"))


class ContactSensor(Capability):
    """Whether a door, a window or the like is open."""

    contact = Attribute(bool, device_class="opening", words=("closed", "open"))


class PresenceSensor(Capability):
    """Whether somebody, or somebody's phone or tag, is there."""

    presence = Attribute(bool, device_class="presence", words=("not present", "present"))


class OccupancySensor(Capability):
    """Whether somebody is in the room, also one who sits still."""

    occupancy = Attribute(bool, device_class="occupancy", words=("unoccupied", "occupied"))


class Movement(StrEnum):
    """How somebody moves, as seen from a sensor."""

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
    """How somebody moves."""

    movement = Attribute(Movement, options="supported_movements")
    supported_movements = Attribute(tuple[Movement, ...], kind=Kind.HIDDEN)


class Activity(StrEnum):
    """What somebody does."""

    NO_ACTIVITY = "noActivity"
    FALLING = "falling"
    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"
    EATING = "eating"


class ActivitySensor(Capability):
    """What somebody does."""

    activity = Attribute(Activity)


class AccelerationSensor(Capability):
    """Whether the thing it is on is moved or shaken."""

    acceleration = Attribute(bool, device_class="moving", words=("inactive", "active"))


class SoundSensor(Capability):
    """Whether it hears something."""

    sound = Attribute(bool, device_class="sound", words=("not detected", "detected"))


class ThreeAxis(Capability):
    """The acceleration along three axes, in thousandths of the earth's.

    SmartThings has one list, `threeAxis`; here each axis is an attribute, so that each can be
    shown.
    """

    x = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
    y = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
    z = Attribute(int, minimum=-10000, maximum=10000, unit="mG", kind=Kind.MEASUREMENT, rare=True)
