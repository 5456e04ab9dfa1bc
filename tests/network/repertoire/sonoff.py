"""Sonoff devices: outlets, dimmers, covers, meters, ceiling fans and sensors."""

from ..models import sonoff
from .pieces import ON, Piece, blown, lit, measured, rolled, switched

SONOFF = [
    Piece(
        sonoff(1, "strip"),
        [
            told
            for n, path in enumerate(("on", "2", "3", "4"), 1)
            for told in switched(path, f"outlet_{n}-switch")
        ],
        {"on": True, "2": True, "3": True, "4": True},
        {f"outlet_{n}-switch": {"state": "on"} for n in range(1, 5)},
    ),
    Piece(
        sonoff(2, "diylight", ""),
        lit({"on": False}, {"on": True, "level": 20}),
        {"on": True, "level": 80},
        {"main-switch": {"state": "on", "brightness": 204}},
    ),
    Piece(
        sonoff(3, "powr3"),
        switched("on"),
        {"on": True, "power": 92400, "voltage": 23100, "current": 400},
        ON
        | measured(
            powerMeter_power="924.0",
            voltageMeasurement_voltage="231.0",
            currentMeasurement_current="4.0",
        ),
    ),
    Piece(
        sonoff(4, "motor"),
        rolled(
            {"motorTurn": 1},
            {"motorTurn": 0},
            {"motorTurn": 2},
            {"currLocation": 40},
            {"state": "opening"},
            {"state": "closed"},
            {"state": "closing"},
            {"state": "open", "current_position": 40},
        ),
        {"currLocation": 70, "motorTurn": 0},
        {"main-windowShade": {"state": "open", "current_position": 70}},
    ),
    Piece(
        sonoff(5, "shutter"),
        rolled(
            {"word": "on"},
            {"word": "pause"},
            {"word": "off"},
            {"setclose": 60},
            *({}, {}, {}, {"state": "open", "current_position": 40}),
        ),
        {"setclose": 100, "word": "pause"},
        {"main-windowShade": {"state": "closed", "current_position": 0}},
    ),
    Piece(
        sonoff(6, "th_plug"),
        switched("on"),
        {"on": True, "currentTemperature": "22.5", "currentHumidity": "61"},
        ON
        | measured(
            temperatureMeasurement_temperature="22.5", relativeHumidityMeasurement_humidity="61.0"
        ),
    ),
    Piece(
        sonoff(7, "fan_light"),
        blown("on", "speed", most=3) + switched("light", "light-switch")[::-1],
        {"on": True, "speed": 3, "light": False},
        {"main-fanSpeed": {"state": "on", "percentage": 100}, "light-switch": {"state": "off"}},
    ),
    Piece(
        sonoff(8, "air", ""),
        [],
        {"temperature": "22.5", "humidity": "61", "co2": 940},
        measured(
            temperatureMeasurement_temperature="22.5",
            relativeHumidityMeasurement_humidity="61.0",
            carbonDioxideMeasurement_carbonDioxide="940.0",
        ),
    ),
    Piece(
        sonoff(9, "dust", ""),
        [],
        {"pm2_5": 33, "pm10": "47"},
        measured(dustSensor_fineDustLevel="33.0", dustSensor_dustLevel="47.0"),
    ),
]
