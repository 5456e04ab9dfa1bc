"""Tuya devices: lights, covers, thermostats, fans, outlets, meters, a valve, a siren, sensors."""

from ..models import tuya
from .pieces import ON, Piece, Told, blown, heated, lit, measured, moded, rolled, switched

PHASE = "CQYAD6AAA+g="
"""Of a breaker: 231.0 V, 4 A and 1 kW."""

SPEEDS = {"auto": "auto", "low": "low", "medium": "mid", "high": "high"}

TUYA = [
    Piece(
        tuya(1, "3.5", {"20": True, "21": "white", "22": 505, "23": 500, "24": "000003e803e8"}),
        lit(
            {"20": False},
            {"20": True, "22": 200},
            {"21": "white", "23": 961},
            {"21": "colour", "24": "00f003e800c8"},
        ),
        {"20": True, "24": "007803e803e8"},
        {"main-switch": {"state": "on", "hs_color": [120, 100], "brightness": 255}},
    ),
    Piece(
        tuya(2, "3.4", {"1": "stop", "2": 100, "3": 100}),
        rolled({"1": "open"}, {"1": "stop"}, {"1": "close"}, {"2": 60}),
        {"3": 30},
        {"main-windowShade": {"state": "open", "current_position": 70}},
    ),
    Piece(
        tuya(3, "3.3", {"1": False, "2": "manual", "16": 215, "24": 198}),
        heated("main-thermostatMode", "16", 0.1, heat={"1": True}, off={"1": False}),
        {"1": False, "16": 195, "24": 205},
        {"main-thermostatMode": {"state": "off", "temperature": 19.5, "current_temperature": 20.5}},
    ),
    Piece(
        tuya(4, "3.3", {"20": True, "22": 505, "60": False, "62": 2}),
        [
            Told("main-fanSpeed", "turn_on", {}, {"60": True}, {"state": "on"}),
            Told(
                "main-fanSpeed", "set_percentage", {"percentage": 50}, {"62": 3}, {"percentage": 50}
            ),
            Told("main-fanSpeed", "turn_off", {}, {"60": False}, {"state": "off"}),
            Told(
                "light-switch", "turn_on", {"brightness_pct": 20}, {"22": 200}, {"brightness": 51}
            ),
            Told("light-switch", "turn_off", {}, {"20": False}, {"state": "off"}),
        ],
        {"60": True, "62": 6, "20": True},
        {
            "main-fanSpeed": {"state": "on", "percentage": 100},
            "light-switch": {"state": "on", "brightness": 51},
        },
    ),
    Piece(
        tuya(5, "3.1", {"1": False, "2": False, "9": 0, "18": 500, "19": 1000, "20": 2300}),
        switched("1", "outlet_1-switch") + switched("2", "outlet_2-switch"),
        {"1": True, "2": True, "18": 4000, "19": 9240, "20": 2310},
        {"outlet_1-switch": {"state": "on"}, "outlet_2-switch": {"state": "on"}}
        | measured(
            powerMeter_power="924.0",
            voltageMeasurement_voltage="231.0",
            currentMeasurement_current="4.0",
        ),
    ),
    Piece(
        tuya(
            *(6, "3.4", {}),
            {
                "c0": {"1": False, "2": 88},
                "c1": {"1": "none", "4": 80},
                "c2": {"1": "normal", "4": 70},
                "c3": {"1": "normal", "15": 60},
                "c4": {"1": 215, "2": 48, "4": 50},
            },
        ),
        [],
        {"c0/1": True, "c1/1": "pir", "c2/1": "alarm", "c3/1": "alarm", "c4/1": 225, "c4/2": 61}
        | {"c0/2": 77, "c1/4": 76, "c2/4": 75, "c3/15": 74, "c4/4": 73},
        {
            "c0-contactSensor.contact": {"state": "on"},
            "c1-motionSensor.motion": {"state": "on"},
            "c2-waterSensor.water": {"state": "on"},
            "c3-smokeDetector.smoke": {"state": "on"},
            "c4-temperatureMeasurement.temperature": {"state": "22.5"},
            "c4-relativeHumidityMeasurement.humidity": {"state": "61.0"},
        }
        | {f"c{n}-battery.battery": {"state": str(77 - n)} for n in range(5)},
    ),
    Piece(
        tuya(7, "3.5", {"1": 40142, "6": "CPwACNAAAfQ=", "9": 0, "15": 4, "16": True}),
        switched("16")[::-1],
        {"1": 40200, "6": PHASE, "16": False},
        {"main-switch": {"state": "off"}}
        | measured(
            energyMeter_energy="402.0",
            powerMeter_power="1000.0",
            voltageMeasurement_voltage="231.0",
            currentMeasurement_current="4.0",
        ),
    ),
    Piece(
        tuya(8, "3.3", {"1": False, "2": 500}),
        lit({"1": False}, {"1": True, "2": 200}),
        {"1": True, "2": 1000},
        {"main-switch": {"state": "on", "brightness": 255}},
    ),
    Piece(
        tuya(9, "3.4", {"1": False, "2": 240, "3": 26, "4": "auto", "5": "high"}),
        heated(
            *("main-thermostatMode", "2", 0.1),
            cool={"1": True, "4": "cold"},
            heat={"1": True, "4": "hot"},
            dry={"1": True, "4": "wet"},
            fan_only={"1": True, "4": "wind"},
            auto={"1": True, "4": "auto"},
            off={"1": False},
        )
        + moded("main-thermostatMode", "set_fan_mode", "fan_mode", "5", **SPEEDS),
        {"1": True, "2": 195, "3": 21, "4": "cold", "5": "auto"},
        {
            "main-thermostatMode": {
                "state": "cool",
                "temperature": 19.5,
                "current_temperature": 21,
                "fan_mode": "auto",
            }
        },
    ),
    Piece(
        tuya(10, "3.3", {"1": False, "2": 12, "3": "auto", "4": 2, "5": 80}),
        blown("1", "4", most=6),
        {"1": True, "2": 33, "4": 3, "5": 79},
        {"main-fanSpeed": {"state": "on", "percentage": 50}}
        | measured(fineDustSensor_fineDustLevel="33.0", filterState_filterLifeRemaining="79"),
    ),
    Piece(
        tuya(11, "3.5", {"1": False, "2": 50, "4": "low", "5": "auto", "6": 58, "7": 21}),
        [
            *switched("1"),
            Told(
                *("main-tuya.targetHumidity.targetHumidity", "set_value", {"value": 45}),
                *({"2": 45}, {"state": "45"}),
            ),
        ],
        {"1": True, "2": 40, "6": 61, "7": 22},
        ON
        | {"main-tuya.targetHumidity.targetHumidity": {"state": "40"}}
        | measured(
            temperatureMeasurement_temperature="22.0", relativeHumidityMeasurement_humidity="61.0"
        ),
    ),
    Piece(
        tuya(12, "3.3", {"1": False, "2": 0, "3": True, "4": 30, "5": 0, "11": True, "12": "none"}),
        [
            Told("main-windowShade", "close_cover", {}, {"1": False}, {"state": "open"}),
            Told("main-windowShade", "open_cover", {}, {"1": True}, {}),
        ],
        {"3": False},
        {"main-windowShade": {"state": "closed"}},
    ),
    Piece(
        tuya(13, "3.4", {"1": False, "7": 90, "10": "cancel", "11": 600, "12": "idle"}),
        [
            Told("main-valve", "open_valve", {}, {"1": True}, {"state": "open"}),
            Told("main-valve", "close_valve", {}, {"1": False}, {"state": "closed"}),
        ],
        {"1": True, "7": 89},
        {"main-valve": {"state": "open"}} | measured(battery_battery="89"),
    ),
    Piece(
        tuya(14, "3.5", {"5": "low", "7": 10, "13": False, "15": 90}),
        [
            Told("main-alarm", "turn_on", {}, {"13": True}, {"state": "on"}),
            Told("main-alarm", "turn_off", {}, {"13": False}, {"state": "off"}),
        ],
        {"13": True, "15": 89},
        {"main-alarm": {"state": "on"}} | measured(battery_battery="89"),
    ),
    Piece(
        tuya(15, "3.3", {"3": 40, "5": 200, "9": "c", "14": "high", "15": 90}),
        [],
        {"3": 41, "15": 89},
        {"main-tuya.soilMoisture.moisture": {"state": "41"}} | measured(battery_battery="89"),
    ),
]
