"""Xiaomi devices: lamps, plugs, robots, and those for the air."""

from tests.emulators.miot import PURIFIER

from ..models import xiaomi
from .pieces import ON, Piece, Told, lit, measured, moded, switched

HEATER = "main-thermostatMode"
XIAOMI = [
    Piece(
        xiaomi(
            *(1, "yeelink.light.color1"),
            {"power": "on", "bright": 50, "ct": 4000, "rgb": 65280, "color_mode": 1},
        ),
        lit(
            {"power": "off"},
            {"power": "on", "bright": 20},
            {"ct": 6000, "color_mode": 2},
            {"rgb": 255, "color_mode": 1},
        ),
        {"power": "on", "bright": 80, "rgb": 65280},
        {"main-switch": {"state": "on", "hs_color": [120, 100], "brightness": 204}},
    ),
    Piece(
        xiaomi(2, "zhimi.airp.va2", PURIFIER),
        [
            Told("main-fanSpeed", "turn_on", {}, {"2.1": True}, {"state": "on"}),
            Told(
                *("main-fanSpeed", "set_percentage", {"percentage": 66}),
                *({"2.4": 3, "2.5": 2}, {"percentage": 66}),
            ),
            *moded("main-fanSpeed", "set_preset_mode", "preset_mode", "2.4", auto=0, sleep=1),
            Told("main-fanSpeed", "turn_off", {}, {"2.1": False}, {"state": "off"}),
        ],
        {"2.1": True, "2.4": 0, "2.5": 3, "3.1": 61, "3.4": 9, "3.7": 22.5, "4.1": 70},
        {"main-fanSpeed": {"state": "on", "percentage": 100, "preset_mode": "auto"}}
        | measured(
            fineDustSensor_fineDustLevel="9.0",
            filterState_filterLifeRemaining="70",
            temperatureMeasurement_temperature="22.5",
            relativeHumidityMeasurement_humidity="61.0",
        ),
    ),
    Piece(
        xiaomi(3, "dmaker.fan.p10", {"2.1": False, "2.3": 0, "2.4": False, "2.10": 35}),
        [
            Told("main-fanSpeed", "turn_on", {}, {"2.1": True}, {"state": "on"}),
            Told(
                "main-fanSpeed",
                "set_percentage",
                {"percentage": 66},
                {"2.10": 66},
                {"percentage": 66},
            ),
            *moded(
                *("main-fanSpeed", "set_preset_mode", "preset_mode", "2.3"),
                natural_wind=1,
                no_wind=0,
            ),
            Told(
                "main-fanSpeed",
                "oscillate",
                {"oscillating": True},
                {"2.4": True},
                {"oscillating": True},
            ),
            Told("main-fanSpeed", "turn_off", {}, {"2.1": False}, {"state": "off"}),
        ],
        {"2.1": True, "2.3": 1, "2.4": False, "2.10": 80},
        {
            "main-fanSpeed": {"state": "on", "percentage": 80}
            | {"preset_mode": "natural_wind", "oscillating": False}
        },
    ),
    Piece(
        xiaomi(4, "zhimi.humidifier.ca4", {"2.1": False, "2.5": 0, "3.9": 41, "3.7": 22.7}),
        [
            *switched("2.1", "main-humidifierMode")[:1],
            *moded(
                *("main-humidifierMode", "set_mode", "mode", "2.5"),
                low=1,
                medium=2,
                high=3,
                auto=0,
            ),
            *switched("2.1", "main-humidifierMode")[1:],
        ],
        {"2.1": True, "2.5": 2, "3.9": 61, "3.7": 22.5},
        {"main-humidifierMode": {"state": "on", "mode": "medium", "current_humidity": 61}}
        | measured(temperatureMeasurement_temperature="22.5"),
    ),
    *(
        Piece(
            xiaomi(*which, effects),
            [
                Told("main-robotCleanerMovement", action, {}, {where: does}, {"state": shown})
                for action, does, shown in (
                    ("start", states[0], "cleaning"),
                    ("pause", states[1], paused),
                    ("stop", states[2], "idle"),
                    ("return_to_base", states[3], "returning"),
                )
            ],
            {where: docked, battery: 61},
            {"main-robotCleanerMovement": {"state": "docked"}} | measured(battery_battery="61"),
        )
        for which, effects, where, battery, states, paused, docked in (
            (
                (5, "dreame.vacuum.p2008", {"2.1": 6, "3.1": 100}),
                {"action 2.1": {"2.1": 1}, "action 2.2": {"2.1": 2}, "action 3.1": {"2.1": 5}},
                *("2.1", "3.1", (1, 2, 2, 5), "idle", 6),
            ),
            (
                (6, "roborock.vacuum.s5", {"state": 8, "battery": 77}),
                *({}, "state", "battery", (5, 10, 3, 6), "paused", 8),
            ),
        )
    ),
    Piece(
        xiaomi(10, "zhimi.heater.mc2", {"2.1": False, "2.5": 20, "4.7": 18.5}),
        [
            Told(HEATER, "set_hvac_mode", {"hvac_mode": "heat"}, {"2.1": True}, {"state": "heat"}),
            Told(
                *(HEATER, "set_temperature", {"temperature": 23}),
                *({"2.5": 23}, {"temperature": 23}),
            ),
            Told(HEATER, "turn_off", {}, {"2.1": False}, {"state": "off"}),
            Told(HEATER, "turn_on", {}, {"2.1": True}, {"state": "heat"}),
            Told(HEATER, "set_hvac_mode", {"hvac_mode": "off"}, {"2.1": False}, {"state": "off"}),
        ],
        {"2.1": True, "2.5": 26, "4.7": 19.5},
        {HEATER: {"state": "heat", "temperature": 26, "current_temperature": 19.5}},
    ),
    Piece(
        xiaomi(7, "chuangmi.plug.v1", {"on": False, "usb_on": False, "temperature": 31}),
        switched("on") + switched("usb_on", "usb-switch"),
        {"on": True, "usb_on": True, "temperature": 22.5},
        ON | {"usb-switch": {"state": "on"}} | measured(temperatureMeasurement_temperature="22.5"),
    ),
    Piece(
        xiaomi(
            *(8, "cgllc.airm.cgdn1"),
            {"3.1": 40, "3.4": 7, "3.5": 9, "3.7": 21.5, "3.8": 612, "4.1": 90},
        ),
        [],
        {"3.1": 61, "3.4": 8, "3.5": 10, "3.7": 22.5, "3.8": 800, "4.1": 70},
        measured(
            relativeHumidityMeasurement_humidity="61.0",
            dustSensor_fineDustLevel="8.0",
            dustSensor_dustLevel="10.0",
            temperatureMeasurement_temperature="22.5",
            carbonDioxideMeasurement_carbonDioxide="800.0",
            battery_battery="70",
        ),
    ),
    Piece(
        xiaomi(9, "cuco.plug.v3", {"2.1": False, "11.2": 12}),
        switched("2.1"),
        {"2.1": True, "11.2": 924},
        ON | measured(powerMeter_power="924.0"),
    ),
]
