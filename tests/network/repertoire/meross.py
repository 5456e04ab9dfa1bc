"""Meross devices: lights, outlets, doors, shutters, thermostats, and a hub."""

from tests.emulators.meross_models import (
    BATTERIES,
    COUNTER,
    FAN,
    HVAC,
    METER,
    POSITION,
    PRESENCE,
    SENSORS,
    SOUND,
    SYSTEM,
    TURNS,
    VALVES,
)

from ..models import meross
from .pieces import ON, Piece, Told, heated, lit, measured, moded, rolled, switched

SOCKET = "thermostat/modeB/0"
WALL = "thermostat/mode/0"
VALVE = f"{VALVES}/all/0"
SENSED = f"{SENSORS}/all"
TURN, PLACE = f"{TURNS}/state/0/state", f"{POSITION}/position/0/position"
HOUSE, PLAYER, SPEED = f"{HVAC}/control/0", f"{SOUND}/mp3", f"{FAN}/fan/0/speed"
HEATER = "main-thermostatMode"
SEEN = f"{PRESENCE}/latest/0/data"
INDICATOR = switched(f"{SYSTEM[2]}/DNDMode/mode", "indicator-switch", off=1, on=0)
QUIET = {f"{SYSTEM[2]}/DNDMode/mode": 1}
DARK = {"indicator-switch": {"state": "off"}}

MEROSS = [
    Piece(
        meross(1, "msl120"),
        lit(
            {"togglex/0/onoff": 0},
            {"togglex/0/onoff": 1, "light/luminance": 20},
            {"light/temperature": 87},
            {"light/rgb": 255},
        )
        + INDICATOR,
        {"togglex/0/onoff": 1, "light/rgb": 65280, "light/luminance": 80, **QUIET},
        {"main-switch": {"state": "on", "hs_color": [120, 100], "brightness": 204}, **DARK},
    ),
    Piece(
        meross(2, "mss425f"),
        switched("togglex/0/onoff", off=0, on=1)
        + [
            told
            for n in range(1, 4)
            for told in switched(f"togglex/{n}/onoff", f"outlet_{n}-switch", off=0, on=1)
        ]
        + INDICATOR,
        {**{f"togglex/{n}/onoff": 1 for n in range(4)}, **QUIET},
        {**ON, **{f"outlet_{n}-switch": {"state": "on"} for n in range(1, 4)}, **DARK},
    ),
    Piece(
        meross(3, "msg100"),
        [
            Told("main-windowShade", "open_cover", {}, {"garageDoor/0/open": 1}, {"state": "open"}),
            Told(
                "main-windowShade", "close_cover", {}, {"garageDoor/0/open": 0}, {"state": "closed"}
            ),
            *INDICATOR,
        ],
        {"garageDoor/0/open": 1, **QUIET},
        {"main-windowShade": {"state": "open"}, **DARK},
    ),
    Piece(
        meross(4, "mrs100"),
        rolled(
            {"rolls_to": 100, TURN: 1},
            {TURN: 0},
            {"rolls_to": 0, TURN: 2},
            {"rolls_to": 40, TURN: 1},
            *(
                {"state": "opening"},
                {"state": "closed"},
                {"state": "closing"},
                {"state": "opening"},
            ),
        )
        + INDICATOR,
        {PLACE: 70, TURN: 0, **QUIET},
        {"main-windowShade": {"state": "open", "current_position": 70}, **DARK},
    ),
    Piece(
        meross(5, "mts200"),
        heated(
            *("main-thermostatMode", f"{WALL}/manualTemp", 0.1),
            auto={f"{WALL}/onoff": 1, f"{WALL}/mode": 3},
            heat={f"{WALL}/onoff": 1, f"{WALL}/mode": 4},
            off={f"{WALL}/onoff": 0},
        )
        + INDICATOR,
        {f"{WALL}/currentTemp": 195, f"{WALL}/targetTemp": 205, f"{WALL}/state": 1, **QUIET},
        {
            "main-thermostatMode": {"temperature": 20.5, "current_temperature": 19.5}
            | {"hvac_action": "heating"},
            **DARK,
        },
    ),
    Piece(
        meross(6, "mts960"),
        heated(
            *("main-thermostatMode", f"{SOCKET}/targetTemp", 0.01),
            auto={f"{SOCKET}/onoff": 1, f"{SOCKET}/mode": 2},
            cool={f"{SOCKET}/onoff": 1, f"{SOCKET}/working": 2},
            heat={f"{SOCKET}/onoff": 1, f"{SOCKET}/working": 1},
            off={f"{SOCKET}/onoff": 2},
        )
        + INDICATOR,
        {
            f"{SOCKET}/currentTemp": 1950,
            f"{SOCKET}/targetTemp": 2050,
            f"{SOCKET}/state": 2,
            **QUIET,
        },
        {
            "main-thermostatMode": {"temperature": 20.5, "current_temperature": 19.5}
            | {"hvac_action": "idle"},
            **DARK,
        },
    ),
    Piece(
        meross(7, "msh300"),
        heated(
            *("0100783A-thermostatMode", f"{VALVE}/temperature/custom", 0.1),
            auto={f"{VALVE}/togglex/onoff": 1, f"{VALVE}/mode/state": 3},
            heat={f"{VALVE}/togglex/onoff": 1, f"{VALVE}/mode/state": 0},
            off={f"{VALVE}/togglex/onoff": 0},
        )
        + INDICATOR,
        {
            f"{VALVE}/temperature/room": 195,
            f"{VALVE}/temperature/currentSet": 205,
            f"{VALVE}/temperature/heating": 0,
            f"{SENSED}/0/temperature/latest": 2250,
            f"{SENSED}/0/humidity/latest": 610,
            f"{SENSED}/1/doorWindow/status": 1,
            f"{SENSED}/2/smokeAlarm/status": 25,
            f"{SENSED}/3/waterLeak/latestWaterLeak": 1,
            **{f"{BATTERIES}/battery/{n}/value": 77 - n for n in range(5)},
            **QUIET,
        },
        {
            "0100783A-thermostatMode": {"temperature": 20.5, "current_temperature": 19.5}
            | {"hvac_action": "idle"},
            "1A00694ACBC7-temperatureMeasurement.temperature": {"state": "22.5"},
            "1A00694ACBC7-relativeHumidityMeasurement.humidity": {"state": "61.0"},
            "160020100486-contactSensor.contact": {"state": "on"},
            "28004811B776-smokeDetector.smoke": {"state": "on"},
            "2A00112233-waterSensor.water": {"state": "on"},
            "0100783A-battery.battery": {"state": "77"},
            "1A00694ACBC7-battery.battery": {"state": "76"},
            "160020100486-battery.battery": {"state": "75"},
            "28004811B776-battery.battery": {"state": "74"},
            "2A00112233-battery.battery": {"state": "73"},
            **DARK,
        },
        is_slow=True,
    ),
    Piece(
        meross(8, "mss310"),
        switched("togglex/0/onoff", off=0, on=1) + INDICATOR,
        {
            "togglex/0/onoff": 1,
            f"{METER}/electricity/power": 924000,
            f"{METER}/electricity/voltage": 2310,
            f"{METER}/electricity/current": 4000,
            f"{COUNTER}/consumptionx/1/value": 3000,
            **QUIET,
        },
        ON
        | DARK
        | measured(
            powerMeter_power="924.0",
            voltageMeasurement_voltage="231.0",
            currentMeasurement_current="4.0",
            energyMeter_energy="3.0",
        ),
        is_slow=True,
    ),
    Piece(
        meross(9, "map100"),
        [
            Told("main-fanSpeed", "turn_on", {}, {"togglex/0/onoff": 1}, {"state": "on"}),
            Told(
                *("main-fanSpeed", "set_percentage", {"percentage": 75}),
                *({SPEED: 3}, {"percentage": 75}),
            ),
            Told("main-fanSpeed", "turn_off", {}, {"togglex/0/onoff": 0}, {"state": "off"}),
            *INDICATOR,
        ],
        {"togglex/0/onoff": 1, SPEED: 1, **QUIET},
        {"main-fanSpeed": {"state": "on", "percentage": 25}, **DARK},
    ),
    Piece(
        meross(10, "msxh0"),
        lit({"light/onoff": 0}, {"light/onoff": 1, "light/luminance": 20}, color={"light/rgb": 255})
        + moded("spray-humidifierMode", "set_mode", "mode", "spray/0/mode", low=2, high=1)
        + switched("spray/0/mode", "spray-humidifierMode", off=0, on=1)
        + INDICATOR,
        {"light/onoff": 1, "light/rgb": 65280, "light/luminance": 80, "spray/0/mode": 2, **QUIET},
        {
            "main-switch": {"state": "on", "hs_color": [120, 100], "brightness": 204},
            "spray-humidifierMode": {"state": "on", "mode": "low"},
            **DARK,
        },
    ),
    Piece(
        meross(11, "hp110a"),
        [
            *lit({"togglex/0/onoff": 0}, {"togglex/0/onoff": 1, "light/luminance": 20}),
            *(
                Told("sound-audioVolume", action, {name: wanted}, {path: code}, {name: wanted})
                for action, name, wanted, path, code in (
                    ("volume_set", "volume_level", 0.5, f"{PLAYER}/volume", 8),
                    ("volume_mute", "is_volume_muted", False, f"{PLAYER}/mute", 0),
                    ("volume_mute", "is_volume_muted", True, f"{PLAYER}/mute", 1),
                )
            ),
            *INDICATOR,
        ],
        {"togglex/0/onoff": 1, f"{PLAYER}/volume": 4, f"{PLAYER}/mute": 0, **QUIET},
        {
            "main-switch": {"state": "on", "brightness": 51},
            "sound-audioVolume": {"volume_level": 0.25, "is_volume_muted": False},
            **DARK,
        },
    ),
    Piece(
        meross(12, "ms600"),
        [*INDICATOR],
        {f"{SEEN}/presence/0/value": 1, f"{SEEN}/light/0/value": 55, **QUIET},
        {"main-occupancySensor.occupancy": {"state": "off"}, **DARK}
        | measured(illuminanceMeasurement_illuminance="55.0"),
    ),
    Piece(
        meross(13, "mts300"),
        [
            *heated(
                *(HEATER, f"{HOUSE}/targetTemp/heat", 0.01),
                heat_cool={f"{HOUSE}/mode": 3},
                cool={f"{HOUSE}/mode": 2},
                heat={f"{HOUSE}/mode": 1},
                off={f"{HOUSE}/mode": 0},
            ),
            Told(HEATER, "set_hvac_mode", {"hvac_mode": "cool"}, {}, {}),
            Told(
                *(HEATER, "set_temperature", {"temperature": 26.5}),
                *({f"{HOUSE}/targetTemp/cold": 2650}, {"temperature": 26.5}),
            ),
            *moded(HEATER, "set_fan_mode", "fan_mode", f"{HOUSE}/fan/fMode", on=1, auto=0),
            *INDICATOR,
        ],
        {
            f"{HOUSE}/mode": 3,
            f"{HOUSE}/currentTemp": 1950,
            f"{HOUSE}/targetTemp/heat": 2050,
            f"{HOUSE}/targetTemp/cold": 2550,
            f"{HOUSE}/more/hStatus": 1,
            f"{HOUSE}/fan/fMode": 1,
            **QUIET,
        },
        {
            "main-thermostatMode": {"state": "heat_cool", "current_temperature": 19.5}
            | {"target_temp_low": 20.5, "target_temp_high": 25.5}
            | {"hvac_action": "heating", "fan_mode": "on"},
            **DARK,
        },
    ),
]
