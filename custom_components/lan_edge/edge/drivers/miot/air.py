"""Xiaomi's devices for the air: purifiers, fans, humidifiers and monitors.

`2.1` is property 1 of service 2. A property that a device does not have is left out by itself, so
one row serves several models.
"""

from collections.abc import Mapping

from lan_edge import HumidifierModeValue, PurifierMode, Wind

from .points import (
    ON_OFF,
    Point,
    Spec,
    flag,
    measured,
    percent,
    purifier,
    speed,
    swing,
    wind,
    words,
)

LOW, MEDIUM = HumidifierModeValue.LOW, HumidifierModeValue.MEDIUM
HIGH, AUTO = HumidifierModeValue.HIGH, HumidifierModeValue.AUTO

# air purifiers

MODES = {0: PurifierMode.AUTO, 1: PurifierMode.SLEEP, 2: None, 3: None}
"""2 is the user's favourite, 3 a speed."""
OLD_MODES = {"auto": PurifierMode.AUTO, "silent": PurifierMode.SLEEP} | dict.fromkeys(
    ("favorite", "idle", "low", "medium", "high", "strong")
)
MANUAL = 3
PURIFIER_3 = Spec(
    {
        "switch": flag("2.2"),
        "speed": speed("2.4", 3),
        "purifier": purifier("2.5", MODES),
        "dust": measured("3.6"),
        "humidity": measured("3.7"),
        "temperature": measured("3.8"),
        "filter": percent("4.3"),
    },
    manual=MANUAL,
)
PURIFIER_ZA1 = Spec({**PURIFIER_3.points, "switch": flag("2.1")}, manual=MANUAL)
PURIFIER_3C = Spec(
    {
        "switch": flag("2.1"),
        "purifier": purifier("2.4", MODES),
        "dust": measured("3.4"),
        "filter": percent("4.1"),
    }
)
PURIFIER_4_LITE = Spec(
    {**PURIFIER_3C.points, "humidity": measured("3.1"), "temperature": measured("3.7")}
)
PURIFIER_4 = Spec({**PURIFIER_4_LITE.points, "speed": speed("2.5", 3)}, manual=MANUAL)
OLD_PURIFIER = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "purifier": purifier("mode", OLD_MODES, "set_mode"),
        "dust": measured("aqi"),
        "humidity": measured("humidity"),
        "temperature": measured("temp_dec", 0.1),
        "filter": percent("filter1_life"),
    }
)

# fans

NATURE = {0: Wind.NO_WIND, 1: Wind.NATURAL_WIND}


def fan(mode: str, turns: str, share: str, winds: Mapping[int, Wind] = NATURE) -> Spec:
    """Return a fan of MIoT by where its mode, its swing and its speed in percent are."""
    return Spec(
        {
            "switch": flag("2.1"),
            "percent": percent(share),
            "wind": wind(mode, winds),
            "swing": swing(turns),
        },
        "fan",
    )


FAN_1C = Spec(
    {
        "switch": flag("2.1"),
        "speed": speed("2.2", 3),
        "swing": swing("2.3"),
        "wind": wind("2.7", NATURE),
    },
    "fan",
)
FAN_ZA5 = Spec(
    {
        **fan("2.7", "2.3", "6.8", {1: Wind.NO_WIND, 0: Wind.NATURAL_WIND}).points,
        "humidity": measured("7.1"),
        "temperature": measured("7.7"),
    },
    "fan",
)
FAN_P5 = Spec(
    {
        "switch": flag("power", "s_power"),
        "percent": percent("speed", "s_speed"),
        "wind": wind("mode", {"normal": Wind.NO_WIND, "nature": Wind.NATURAL_WIND}, "s_mode"),
        "swing": swing("roll_enable", "s_roll"),
    },
    "fan",
)
OLD_FAN = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "percent": percent("speed_level", "set_speed_level"),
        "swing": swing("angle_enable", "set_angle_enable", **ON_OFF),
        "temperature": measured("temp_dec", 0.1),
        "humidity": measured("humidity"),
    },
    "fan",
    at_once=1,
)

# humidifiers

HUMIDIFIER_CA4 = Spec(
    {
        "switch": flag("2.1"),
        "humidifier": words("2.5", {0: AUTO, 1: LOW, 2: MEDIUM, 3: HIGH}),
        "humidity": measured("3.9"),
        "temperature": measured("3.7"),
    }
)
HUMIDIFIER_JSQS = Spec(
    {
        "switch": flag("2.1"),
        "humidifier": words("2.5", {1: LOW, 2: MEDIUM, 3: HIGH, 4: AUTO}),
        "humidity": measured("3.1"),
        "temperature": measured("3.7"),
    }
)
HUMIDIFIER_JSQ = Spec(
    {
        "switch": flag("OnOff_State", "Set_OnOff", off=0, on=1),
        "humidifier": words(
            "Humidifier_Gear", {1: LOW, 2: MEDIUM, 3: HIGH, 4: AUTO, 5: None}, "Set_HumidifierGears"
        ),
        "humidity": measured("Humidity_Value"),
        "temperature": measured("TemperatureValue"),
    }
)
OLD_HUMIDIFIER = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "humidifier": words(
            "mode",
            {"silent": LOW, "medium": MEDIUM, "high": HIGH, "auto": AUTO, "strong": None},
            "set_mode",
        ),
        "humidity": measured("humidity"),
    },
    at_once=1,
)


def old_humidifier(temperature: Point) -> Spec:
    """Return an older humidifier by where its temperature is."""
    return Spec({**OLD_HUMIDIFIER.points, "temperature": temperature}, at_once=1)


# sensors

AIR_MONITOR = Spec(
    {
        "humidity": measured("3.1"),
        "fine": measured("3.4"),
        "coarse": measured("3.5"),
        "temperature": measured("3.7"),
        "co2": measured("3.8"),
        "battery": percent("4.1"),
    }
)
OLD_AIR_MONITOR = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "dust": measured("aqi"),
        "battery": percent("battery"),
    }
)
