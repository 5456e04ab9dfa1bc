"""Xiaomi's devices for the air: purifiers, fans, humidifiers and monitors, by their models.

A property that a device does not have is left out by itself, so one row serves several models.
"""

from collections.abc import Mapping
from typing import Any

from lan_edge import HumidifierModeValue, PurifierMode, Wind

from .points import WORDS, Spec, spec

LOW, MEDIUM = HumidifierModeValue.LOW, HumidifierModeValue.MEDIUM
HIGH, AUTO = HumidifierModeValue.HIGH, HumidifierModeValue.AUTO
SWITCH = ("power set_power", *WORDS)
"""That of most older devices."""

# air purifiers

MODES = {0: PurifierMode.AUTO, 1: PurifierMode.SLEEP, 2: None, 3: None}
"""2 is the user's favourite, 3 a speed."""
OLD_MODES = {"auto": PurifierMode.AUTO, "silent": PurifierMode.SLEEP} | dict.fromkeys(
    ("favorite", "idle", "low", "medium", "high", "strong")
)
BY_SPEED: Mapping[str, Any] = {"manual": 3}
PURIFIER_3 = spec(
    switch="2.2",
    speed=("2.4", 3),
    purifier=("2.5", MODES),
    dust="3.6",
    humidity="3.7",
    temperature="3.8",
    filter="4.3",
    **BY_SPEED,
)
PURIFIER_3C = spec(switch="2.1", purifier=("2.4", MODES), dust="3.4", filter="4.1")
PURIFIER_4_LITE = spec(based_on=PURIFIER_3C, humidity="3.1", temperature="3.7")
OLD_PURIFIER = spec(
    switch=SWITCH,
    purifier=("mode set_mode", OLD_MODES),
    dust="aqi",
    humidity="humidity",
    temperature=("temp_dec", 0.1),
    filter="filter1_life",
)
PURIFIERS: Mapping[str, Spec] = {
    "zhimi.airpurifier.ma4 zhimi.airpurifier.mb3* zhimi.airp.mb3a": PURIFIER_3,
    "zhimi.airpurifier.va1 zhimi.airpurifier.vb2 zhimi.airp.vb2a": PURIFIER_3,
    "zhimi.airpurifier.za1": spec(based_on=PURIFIER_3, switch="2.1"),
    "zhimi.airpurifier.mb4 zhimi.airp.mb4a zhimi.airp.cpa4": PURIFIER_3C,
    "zhimi.airpurifier.rma1 zhimi.airp.rmb1": PURIFIER_4_LITE,
    "zhimi.airp.mb5* zhimi.airp.va2 zhimi.airp.vb4 zhimi.airp.mp4": spec(
        based_on=PURIFIER_4_LITE, speed=("2.5", 3), **BY_SPEED
    ),
    "zhimi.airp.sa4": spec(based_on=PURIFIER_4_LITE, speed=("2.5", 3, 0), **BY_SPEED),
    "zhimi.airpurifier.xa1": spec(based_on=PURIFIER_4_LITE, speed=("2.3", 3), **BY_SPEED),
    "hanyi.airpurifier.kj550": spec(
        switch="2.1",
        percent="2.5",
        purifier=("2.4", {0: PurifierMode.AUTO, 1: PurifierMode.SLEEP, 2: None}),
        dust="3.4",
        humidity="3.6",
        manual=2,
    ),
    "zhimi.airpurifier.v? zhimi.airpurifier.m[12] zhimi.airpurifier.ma? zhimi.airpurifier.mc?": (
        OLD_PURIFIER
    ),
    "zhimi.airpurifier.sa?": OLD_PURIFIER,
}

# fans

NATURE = {0: Wind.NO_WIND, 1: Wind.NATURAL_WIND}
NATURE_OR_SLEEP = NATURE | {2: Wind.SLEEP_WIND}
SMART = NATURE | {2: None, 3: Wind.SLEEP_WIND}
UNNATURAL = {1: Wind.NO_WIND, 0: Wind.NATURAL_WIND}
DC_FAN = spec("fan", switch="2.1", percent="2.6", wind=("2.3", NATURE), swing="2.4")
ZHIMI_FAN = spec("fan", switch="2.1", percent="5.10", wind=("2.7", UNNATURAL), swing="2.3")
FANS: Mapping[str, Spec] = {
    "dmaker.fan.p9 dmaker.fan.p39": spec(
        "fan", switch="2.1", percent="2.11", wind=("2.4", NATURE_OR_SLEEP), swing="2.5"
    ),
    "dmaker.fan.p10 dmaker.fan.p18 dmaker.fan.p30": spec(based_on=DC_FAN, percent="2.10"),
    "dmaker.fan.p11 dmaker.fan.p15 dmaker.fan.p33": DC_FAN,
    "dmaker.fan.1e": spec(based_on=DC_FAN, percent="8.1"),
    "dmaker.fan.p45": spec(based_on=DC_FAN, percent="8.1", wind=("2.3", NATURE_OR_SLEEP)),
    "dmaker.fan.p28 dmaker.fan.p220 dmaker.fan.p221": spec(
        based_on=DC_FAN,
        percent="8.1",
        wind=("2.3", SMART),
        temperature="9.1",
        humidity="9.2",
    ),
    "xiaomi.fan.p45": spec(
        based_on=DC_FAN, percent="2.5", wind=("2.3", NATURE_OR_SLEEP), swing="2.6"
    ),
    "dreame.fan.p2018": spec(
        "fan",
        switch="2.1",
        percent="2.2",
        wind=("2.18", {1: Wind.NO_WIND, 2: Wind.NATURAL_WIND, 3: None, 4: None, 5: None}),
        swing="2.19",
        temperature="14.1",
        humidity="14.2",
        fine="14.3",
        coarse="14.4",
        filter="15.1",
    ),
    "dmaker.fan.1c dmaker.fan.p8": spec(
        "fan", switch="2.1", speed=("2.2", 3), swing="2.3", wind=("2.7", NATURE)
    ),
    "dmaker.fan.p5": spec(
        "fan",
        switch="power s_power",
        percent="speed s_speed",
        wind=("mode s_mode", {"normal": Wind.NO_WIND, "nature": Wind.NATURAL_WIND}),
        swing="roll_enable s_roll",
    ),
    "zhimi.fan.za5": spec(based_on=ZHIMI_FAN, percent="6.8", humidity="7.1", temperature="7.7"),
    "zhimi.fan.fa1 zhimi.fan.fb1": ZHIMI_FAN,
    "zhimi.fan.v[23] zhimi.fan.sa1 zhimi.fan.za?": spec(
        "fan",
        switch=SWITCH,
        percent="speed_level set_speed_level",
        swing=("angle_enable set_angle_enable", *WORDS),
        temperature=("temp_dec", 0.1),
        humidity="humidity",
        at_once=1,
    ),
}

# heaters: they do not say whether they heat just now

HEATER = spec(heat="2.1", target=("2.5", 18, 28), temperature="4.7")
HEATERS: Mapping[str, Spec] = {
    "zhimi.heater.ma2 zhimi.heater.mc2": HEATER,
    "zhimi.heater.ma3": spec(based_on=HEATER, target=("2.5", 16, 28)),
    "zhimi.heater.za2 zhimi.heater.zb1": spec(
        heat="2.2", target=("2.6", 16, 28), humidity="5.7", temperature="5.8"
    ),
    "zhimi.heater.nb1": spec(heat="2.2", target=("2.5", 16, 30), temperature="9.7"),
    "zhimi.heater.na1": spec(switch="2.2"),
    "leshow.heater.bs1 leshow.heater.bs1s leshow.heater.bs3": spec(
        based_on=HEATER, target=("2.3", 18, 28)
    ),
}

# humidifiers

GEARS = {1: LOW, 2: MEDIUM, 3: HIGH, 4: AUTO}
OLD_GEARS = {"silent": LOW, "medium": MEDIUM, "high": HIGH, "auto": AUTO, "strong": None}
OLD_HUMIDIFIER = spec(
    switch=SWITCH,
    humidifier=("mode set_mode", OLD_GEARS),
    humidity="humidity",
    temperature="temperature",
    at_once=1,
)
HUMIDIFIERS: Mapping[str, Spec] = {
    "zhimi.humidifier.ca4": spec(
        switch="2.1",
        humidifier=("2.5", {0: AUTO, 1: LOW, 2: MEDIUM, 3: HIGH}),
        humidity="3.9",
        temperature="3.7",
    ),
    "deerma.humidifier.jsq[s52]*": spec(
        switch="2.1", humidifier=("2.5", GEARS), humidity="3.1", temperature="3.7"
    ),
    "deerma.humidifier.jsq4": spec(
        switch="2.1",
        humidifier=("2.5", {1: LOW, 2: HIGH, 3: AUTO}),
        humidity="3.1",
        temperature="3.7",
    ),
    "dmaker.humidifier.p2": spec(
        switch="2.1",
        humidifier=("2.3", {0: AUTO, 1: LOW, 2: HIGH}),
        humidity="3.1",
        temperature="3.7",
    ),
    "leshow.humidifier.jsq1": spec(
        switch="2.1", humidifier=("2.3", {0: AUTO, 1: HIGH, 2: LOW}), humidity="3.1"
    ),
    "deerma.humidifier.mjjsq deerma.humidifier.jsq deerma.humidifier.jsq1": spec(
        switch=("OnOff_State Set_OnOff", 0, 1),
        humidifier=("Humidifier_Gear Set_HumidifierGears", GEARS | {5: None}),
        humidity="Humidity_Value",
        temperature="TemperatureValue",
    ),
    "zhimi.humidifier.cb?": OLD_HUMIDIFIER,
    "zhimi.humidifier.v1 zhimi.humidifier.ca1": spec(
        based_on=OLD_HUMIDIFIER, temperature=("temp_dec", 0.1)
    ),
}

# monitors

MONITORS: Mapping[str, Spec] = {
    "cgllc.airm.cgdn1": spec(
        humidity="3.1", fine="3.4", coarse="3.5", temperature="3.7", co2="3.8", battery="4.1"
    ),
    "zhimi.airmonitor.v1": spec(switch=SWITCH, dust="aqi", battery="battery"),
}
