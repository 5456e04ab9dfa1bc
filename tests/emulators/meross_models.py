"""What Meross's devices have at first: the digest of their state, and what they are asked for."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

SYSTEM = ("Appliance.System.All", "Appliance.System.Ability", "Appliance.System.DNDMode")
TOGGLE_X, LIGHT = "Appliance.Control.ToggleX", "Appliance.Control.Light"
METER, COUNTER = "Appliance.Control.Electricity", "Appliance.Control.ConsumptionX"
DOOR, DOOR_CONFIG = "Appliance.GarageDoor.State", "Appliance.GarageDoor.MultipleConfig"
POSITION, TURNS = "Appliance.RollerShutter.Position", "Appliance.RollerShutter.State"
WALL, SOCKET = "Appliance.Control.Thermostat.Mode", "Appliance.Control.Thermostat.ModeB"
VALVES, SENSORS = "Appliance.Hub.Mts100.All", "Appliance.Hub.Sensor.All"
VALVE_MODE, VALVE_HEAT = "Appliance.Hub.Mts100.Mode", "Appliance.Hub.Mts100.Temperature"
HUB_SWITCH, BATTERIES = "Appliance.Hub.ToggleX", "Appliance.Hub.Battery"
FAN, SPRAY = "Appliance.Control.Fan", "Appliance.Control.Spray"
DIFFUSER_SPRAY = "Appliance.Control.Diffuser.Spray"
DIFFUSER_LIGHT = "Appliance.Control.Diffuser.Light"
CIRCUITS, SOUND = "Appliance.Control.ElectricityX", "Appliance.Control.Mp3"
LATEST, PRESENCE = "Appliance.Control.Sensor.Latest", "Appliance.Control.Sensor.LatestX"
HVAC, SUMMER = "Appliance.Control.Thermostat.ModeC", "Appliance.Control.Thermostat.SummerMode"
DND = {"DNDMode": {"mode": 0}}
WALKED = "0100783A", "1A00694ACBC7", "160020100486", "28004811B776", "2A00112233"
"""The devices behind the hub."""


@dataclass
class Model:
    """One model: its firmware, its state, and what else it answers, by namespace."""

    firmware: str
    digest: dict[str, Any] = field(default_factory=dict[str, Any])
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    abilities: tuple[str, ...] = ()
    """More that it knows."""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """What it says of its abilities."""
    control: dict[str, Any] = field(default_factory=dict[str, Any])
    """The state, of firmware 1."""

    def copy(self) -> Model:
        """Return another one of it."""
        return deepcopy(self)


def outlets(*channels: int) -> list[dict[str, Any]]:
    """Return outlets that are off."""
    return [{"channel": channel, "onoff": 0, "lmTime": 1646299642} for channel in channels]


def light(capacity: int, **more: Any) -> dict[str, Any]:
    """Return a light."""
    shown = {"rgb": 16711680, "temperature": 100, "luminance": 100, "transform": 0}
    return {"capacity": capacity, "channel": 0, **shown, **more}


def valve(own_id: str) -> dict[str, Any]:
    """Return what a hub tells of a valve."""
    temperature = {"room": 155, "currentSet": 205, "custom": 205, "comfort": 240, "economy": 180}
    return {
        "id": own_id,
        "scheduleBMode": 6,
        "online": {"status": 1, "lastActiveTime": 1708671452},
        "togglex": {"onoff": 1},
        "timeSync": {"state": 1},
        "mode": {"state": 0},
        "temperature": {**temperature, "max": 350, "min": 50, "heating": 1, "away": 120},
    }


def sensor(own_id: str, **told: Any) -> dict[str, Any]:
    """Return what a hub tells of a sensor."""
    return {"id": own_id, "online": {"status": 1, "lastActiveTime": 1708671293}, **told}


def listed(own_id: str, kind: str, **told: Any) -> dict[str, Any]:
    """Return a device as it is in a hub's digest."""
    return {"id": own_id, "status": 1, "onoff": 1, "lastActiveTime": 1646299642, kind: told}


def hub(*units: dict[str, Any]) -> dict[str, Any]:
    """Return the digest of a hub."""
    return {"hub": {"hubId": -381895630, "mode": 0, "subdevice": list(units)}}


METERED = {
    METER: {
        "electricity": {
            "channel": 0,
            "current": 34,
            "voltage": 2274,
            "power": 1015,
            "config": {"voltageRatio": 188, "electricityRatio": 100},
        }
    },
    COUNTER: {
        "consumptionx": [
            {"date": "2024-03-09", "time": 1710028683, "value": 329},
            {"date": "2024-03-10", "time": 1710076745, "value": 180},
            {"date": "2024-02-24", "time": 1708819083, "value": 318},
        ]
    },
}
MEASURED = {"latestSampleTime": 1708671293, "max": 600, "min": -200}
SENSED = [
    sensor(
        WALKED[1], temperature={"latest": 2134, **MEASURED}, humidity={"latest": 670, **MEASURED}
    ),
    sensor(WALKED[2], doorWindow={"status": 0, "lmTime": 1681983460}),
    sensor(WALKED[3], smokeAlarm={"status": 170, "lmtime": 1681997644, "interConn": 0}),
    sensor(WALKED[4], waterLeak={"latestWaterLeak": 0, "latestSampleTime": 1681997644}),
]
SHUTTER = {
    POSITION: {"position": [{"channel": 0, "position": 0}]},
    TURNS: {"state": [{"channel": 0, "state": 0}]},
}
HUB_ABILITIES = (VALVE_MODE, VALVE_HEAT, HUB_SWITCH)
HUB = hub(
    listed(WALKED[0], "mts100v3", mode=0),
    listed(WALKED[1], "tempHumi", latestTime=1722330316, temp=1987, humi=677),
    listed(WALKED[2], "doorWindow", status=0, lmTime=1681983460),
    listed(WALKED[3], "smokeAlarm", status=170, lmTime=1681997644, interConn=0),
    listed(WALKED[4], "waterLeak", latestWaterLeak=0),
)
HUB_ANSWERS = {
    VALVES: {"all": [valve(WALKED[0])]},
    SENSORS: {"all": SENSED},
    BATTERIES: {"battery": [{"id": each, "value": 90} for each in WALKED]},
}
AT_WALL = {"channel": 0, "onoff": 1, "mode": 4, "state": 0, "currentTemp": 210, "heatTemp": 200}
AT_WALL |= {"coolTemp": 190, "ecoTemp": 180, "manualTemp": 210, "warning": 0, "targetTemp": 210}
AT_WALL |= {"min": 50, "max": 350, "lmTime": 1674112153}
IN_SOCKET = {"channel": 0, "mode": 1, "targetTemp": 1800, "working": 1, "currentTemp": 1723}
IN_SOCKET |= {"state": 1, "onoff": 1, "sensorStatus": 1}
IN_HOUSE = {
    "channel": 0,
    "mode": 3,
    "work": 2,
    "sensorTemp": 2250,
    "currentTemp": 2230,
    "targetTemp": {"heat": 2100, "cold": 2400},
    "fan": {"fMode": 0, "speed": 0, "hTime": 99999},
    "more": {"hdStatus": 0, "humi": 495, "cStatus": 0, "hStatus": 0, "fStatus": 0, "aStatus": 0},
}
MIST = {"channel": 0, "mode": 0, "lmTime": 1642290187, "lastMode": 1, "onoffTime": 1642290187}
DIFFUSER = {
    "type": "mod100",
    "light": [{"channel": 0, "onoff": 0, "mode": 0, "luminance": 100, "rgb": 6100224}],
    "spray": [{"channel": 0, "mode": 2, "lmTime": 1644353195}],
}
CIRCUIT = {"current": 576, "voltage": 232037, "power": 115523, "mConsume": 4878, "factor": 0.86}
SEEN = {"presence": [{"distance": 760, "value": 2, "times": 0}], "light": [{"value": 24}]}
DOORS = [{"channel": n, "doorEnable": int(n < 3), "open": 0, "lmTime": 0} for n in (1, 2, 3)]
MODELS = {
    "mss110": Model("7.3.37", {"togglex": outlets(0)}),
    "mss310": Model("2.1.17", {"togglex": outlets(0)}, METERED),
    "mss425f": Model("2.1.14", {"togglex": outlets(0, 1, 2, 3)}),
    "mss210": Model("1.1.12", control={"toggle": {"onoff": 0, "lmTime": 1713865630}}),
    "msl120": Model(
        *("2.1.16", {"togglex": outlets(0), "light": light(6)}),
        settings={LIGHT: {"capacity": 7}},
    ),
    "msl430": Model("4.2.1", {"light": light(5, onoff=0)}, settings={LIGHT: {"capacity": 5}}),
    "mss560": Model("3.2.0", {"togglex": outlets(0), "light": light(4)}),
    "msg100": Model(
        "3.2.7",
        {"togglex": outlets(0), "garageDoor": [{"channel": 0, "open": 0, "lmTime": 0}]},
    ),
    "msg200": Model("4.2.8", {"togglex": outlets(1), "garageDoor": DOORS}),
    "mrs100": Model("6.6.6", {"togglex": {"channel": 0}}, SHUTTER),
    "mts200": Model("7.6.7", {"thermostat": {"mode": [AT_WALL]}}),
    "mts200b": Model(
        "7.6.7",
        {"thermostat": {"mode": [AT_WALL], "summerMode": [{"channel": 0, "mode": 1}]}},
        {LATEST: {"latest": [{"channel": 0, "capacity": 2, "value": [{"humi": 596}]}]}},
        (SUMMER,),
    ),
    "mts960": Model("4.2.6", {"thermostat": {"modeB": [IN_SOCKET]}}),
    "msxh0": Model(
        *("3.1.5", {"spray": [MIST], "light": light(5, onoff=0)}),
        abilities=(SPRAY,),
        settings={LIGHT: {"capacity": 5}},
    ),
    "mod100": Model("3.1.5", {"diffuser": DIFFUSER}, {}, (DIFFUSER_SPRAY, DIFFUSER_LIGHT)),
    "mfc100": Model(
        "7.3.14",
        {
            "togglex": outlets(0, 1, 2),
            "light": {"capacity": 4, "channel": 1, "luminance": 100, "onoff": 0},
            "fan": [{"channel": 2, "speed": 3, "maxSpeed": 3}],
        },
        abilities=(FAN,),
    ),
    "map100": Model(
        *("7.2.27", {"togglex": outlets(0)}),
        {FAN: {"fan": [{"channel": 0, "speed": 2, "maxSpeed": 4}]}},
    ),
    "hp110a": Model(
        *("4.1.12", {"togglex": outlets(0), "light": light(6)}),
        {SOUND: {"mp3": {"channel": 0, "song": 9, "mute": 1, "volume": 12}}},
    ),
    "em06": Model(
        "2.3.8", answers={CIRCUITS: {"electricity": [{"channel": n} | CIRCUIT for n in (1, 2)]}}
    ),
    "ms600": Model("9.3.22", answers={PRESENCE: {"latest": [{"channel": 0, "data": SEEN}]}}),
    "mts300": Model("9.1.12", answers={HVAC: {"control": [IN_HOUSE]}}),
    "msh300": Model("4.1.26", HUB, HUB_ANSWERS, HUB_ABILITIES),
}
"""As in the traces that owners have published with meross_lan."""
KEYS = {
    "togglex": TOGGLE_X,
    "light": LIGHT,
    "garageDoor": DOOR,
    "toggle": "Appliance.Control.Toggle",
}
"""The namespaces of what is in a digest."""
