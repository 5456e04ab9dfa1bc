"""The bundled descriptions: a device for each, what it must show, and what it must do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.published.awtrix import Awtrix
from tests.emulators.published.evcc import Evcc
from tests.emulators.published.go_e import GoECharger
from tests.emulators.published.marstek import MarstekVenus
from tests.emulators.published.moonraker import Moonraker
from tests.emulators.published.opendtu import SERIALS, OpenDtu
from tests.emulators.published.opensprinkler import OpenSprinkler
from tests.emulators.published.pixoo import Pixoo
from tests.emulators.published.warp import WarpCharger
from tests.emulators.published.zendure import ZendureSolarFlow

type Place = str
"""A component and one of its attributes or commands: `main.switch`."""


@dataclass(frozen=True)
class Command:
    """A command, and what must come of it."""

    place: Place
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sent: str = ""
    """What the device receives."""
    shows: Mapping[Place, Any] = field(default_factory=dict[Place, Any])


@dataclass(frozen=True)
class Case:
    """A described device."""

    id: str
    emulator: Callable[[], Any]
    identity: str
    settings: Mapping[str, Any]
    reads: Mapping[Place, Any]
    """All that it shows at first."""
    commands: tuple[Command, ...]
    missing: Mapping[str, Place]
    """A field that an answer may lack, and what is unknown then."""
    wrong_login: Mapping[str, Any] | None = None


def opendtu() -> OpenDtu:
    """Return one that asks for a login always."""
    made = OpenDtu()
    made.asks_always = True
    return made


def warp() -> WarpCharger:
    """Return a charger with a login."""
    made = WarpCharger()
    made.password = "secret"  # of an emulator
    return made


def zendure(properties: str) -> str:
    """Return a command of a Zendure as it receives it."""
    return f'POST /properties/write {{"sn":"WOB1NHMAMXXXXX3","properties":{{{properties}}}}}'


def get(place: Place, sent: str, **shows: Any) -> Command:
    """Return a command without arguments; `__` in a name stands for the dot."""
    return Command(place, {}, sent, {name.replace("__", "."): v for name, v in shows.items()})


def put(place: Place, shown: Place, value: Any, sent: str) -> Command:
    """Return a command that sets a value."""
    return Command(place, {"value": value}, sent, {shown: value})


CASES = (
    Case(
        "go_e_charger",
        GoECharger,
        "123456",
        {},
        {
            "main.switch": True,
            "main.power": 10857,
            "main.energy": 1234.567,
            "main.current": 16,
            "main.force": "By its own rules",
            "main.car": "Charging",
            "main.allowed": True,
            "main.sessionEnergy": 4321.5,
            "main.voltage1": 231,
            "main.voltage2": 232,
            "main.voltage3": 233,
            "main.current1": 15.5,
            "main.current2": 15.6,
            "main.current3": 15.7,
            "main.error": 0,
        },
        (
            get("main.off", "GET /api/set?frc=1", main__switch=False, main__force="Never"),
            get("main.on", "GET /api/set?frc=0", main__switch=True),
            put("main.setCurrent", "main.current", 10, "GET /api/set?amp=10"),
            put("main.setForce", "main.force", "Always", "GET /api/set?frc=2"),
            get("main.restart", "GET /api/set?rst=1"),
        ),
        {"nrg": "main.power", "car": "main.car"},
    ),
    Case(
        "zendure_solarflow",
        ZendureSolarFlow,
        "WOB1NHMAMXXXXX3",
        {},
        {
            "main.battery": 67,
            "main.state": "Charging",
            "main.solarPower": 510,
            "main.solarPower1": 250,
            "main.solarPower2": 260,
            "main.homePower": 200,
            "main.gridPower": 0,
            "main.chargePower": 310,
            "main.dischargePower": 0,
            "main.remaining": 540,
            "main.packs": 2,
            "main.heating": False,
            "main.bypass": False,
            "main.mode": "Output",
            "main.inputLimit": 0,
            "main.outputLimit": 200,
            "main.maximumCharge": 100,
            "main.minimumCharge": 10,
            "main.reverseFlow": "Disabled",
            "main.volatile": False,
        },
        (
            put("main.setMode", "main.mode", "Input", zendure('"acMode":1')),
            put("main.setInputLimit", "main.inputLimit", 800, zendure('"inputLimit":800')),
            put("main.setOutputLimit", "main.outputLimit", 300, zendure('"outputLimit":300')),
            put("main.setMaximumCharge", "main.maximumCharge", 90, zendure('"socSet":900')),
            put("main.setMinimumCharge", "main.minimumCharge", 15, zendure('"minSoc":150')),
            put("main.setReverseFlow", "main.reverseFlow", "Allowed", zendure('"gridReverse":1')),
            put("main.setVolatile", "main.volatile", True, zendure('"smartMode":1')),
        ),
        {"electricLevel": "main.battery", "packState": "main.state"},
    ),
    Case(
        "opendtu",
        opendtu,
        SERIALS[1],
        {"inverter": SERIALS[1], "password": OpenDtu.password},
        {
            "main.power": 140.8,
            "main.voltage": 231.5,
            "main.current": 0.61,
            "main.temperature": 21.5,
            "main.energy": 2515.606,
            "main.energyToday": 812,
            "main.frequency": 50.01,
            "main.efficiency": 95.1,
            "main.producing": True,
            "main.reachable": True,
            "main.limit": 100,
        },
        (
            put(
                "main.setLimit",
                "main.limit",
                50,
                "POST /api/limit/config data=%7B%22serial%22%3A+%22114180000002%22%2C+"
                "%22limit_type%22%3A+1%2C+%22limit_value%22%3A+50%7D",
            ),
        ),
        {"AC": "main.power", "INV": "main.energy"},
        {"inverter": SERIALS[1], "password": "wrong"},
    ),
    Case(
        "awtrix3",
        Awtrix,
        "awtrix_a07f9c",
        {},
        {
            "main.switch": True,
            "main.level": 50,
            "main.battery": 91,
            "main.humidity": 48,
            "main.illuminance": 120,
            "main.app": "Time",
            "main.automaticBrightness": False,
            "main.automaticSwitching": True,
            "main.blockKeys": False,
            "main.appDuration": 7,
            "main.volume": 20,
            "main.signal": -61,
        },
        (
            get("main.off", 'POST /api/power {"power":false}', main__switch=False),
            get("main.on", 'POST /api/power {"power":true}', main__switch=True),
            Command(
                "main.setLevel", {"level": 20}, 'POST /api/settings {"BRI":51}', {"main.level": 20}
            ),
            put(
                "main.setNotification", "main.notification", "Hi", 'POST /api/notify {"text":"Hi"}'
            ),
            put("main.setSound", "main.sound", "alarm", 'POST /api/sound {"sound":"alarm"}'),
            put(
                "main.setAutomaticBrightness",
                "main.automaticBrightness",
                True,
                'POST /api/settings {"ABRI":true}',
            ),
            put(
                "main.setAutomaticSwitching",
                "main.automaticSwitching",
                False,
                'POST /api/settings {"ATRANS":false}',
            ),
            put("main.setBlockKeys", "main.blockKeys", True, 'POST /api/settings {"BLOCKN":true}'),
            put("main.setAppDuration", "main.appDuration", 9, 'POST /api/settings {"ATIME":9}'),
            put("main.setVolume", "main.volume", 5, 'POST /api/settings {"VOL":5}'),
            get("main.next", "POST /api/nextapp"),
            get("main.previous", "POST /api/previousapp"),
            get("main.dismiss", "POST /api/notify/dismiss"),
            get("main.restart", "POST /api/reboot"),
        ),
        {"bat": "main.battery", "BRI": "main.level"},
    ),
    Case(
        "moonraker",
        Moonraker,
        "",
        {"api_key": Moonraker.api_key},
        {
            "main.klipper": "Ready",
            "main.state": "Printing",
            "main.file": "boat.gcode",
            "main.progress": 31,
            "main.duration": 14,
            "extruder.temperature": 214.8,
            "extruder.target": 215,
            "bed.temperature": 59.9,
            "bed.target": 60,
        },
        (
            get("main.pause", "printer.print.pause {}"),
            get("main.resume", "printer.print.resume {}"),
            get("main.cancel", "printer.print.cancel {}"),
            put(
                "extruder.setTarget",
                "extruder.target",
                200,
                'printer.gcode.script {"script":"SET_HEATER_TEMPERATURE HEATER=extruder '
                'TARGET=200"}',
            ),
            put(
                "bed.setTarget",
                "bed.target",
                0,
                'printer.gcode.script {"script":"SET_HEATER_TEMPERATURE HEATER=heater_bed '
                'TARGET=0"}',
            ),
            get("main.stop", "printer.emergency_stop {}"),
            get("main.restart", "printer.firmware_restart {}"),
        ),
        {"heater_bed": "bed.temperature", "filename": "main.file"},
        {"api_key": "wrong"},
    ),
    Case(
        "marstek_venus",
        MarstekVenus,
        "0123456789ab",
        {},
        {
            "main.battery": 25,
            "main.temperature": 24,
            "main.capacity": 5120,
            "main.stored": 1320,
            "main.solarPower": 0,
            "main.offGridPower": 12,
            "main.mayCharge": True,
            "main.mayDischarge": False,
            "main.mode": "AI",
        },
        (
            get("main.automatic", '{"mode": "Auto", "auto_cfg": {"enable": 1}}'),
            get("main.ai", '{"mode": "AI", "ai_cfg": {"enable": 1}}'),
        ),
        {"bat_temp": "main.temperature", "bat_soc": "main.battery"},
    ),
    Case(
        "warp_charger",
        warp,
        "",
        {"user": WarpCharger.user, "password": "secret"},
        {
            "main.power": 6740.5,
            "main.energy": 4636.321,
            "main.state": "Charging",
            "main.error": 0,
            "main.contactor": 0,
            "main.allowed": 16,
            "main.current": 16,
        },
        (
            put(
                "main.setCurrent", "main.current", 8, 'PUT /evse/external_current {"current":8000}'
            ),
            get("main.stop", "PUT /evse/stop_charging null"),
            get("main.start", "PUT /evse/start_charging null"),
        ),
        {"energy_abs": "main.energy", "charger_state": "main.state"},
        {"user": WarpCharger.user, "password": "wrong"},
    ),
    Case(
        "divoom_pixoo",
        Pixoo,
        "",
        {},
        {
            "main.switch": True,
            "main.level": 100,
            "main.channel": "Custom",
            "main.mirrored": False,
            "main.hours24": True,
            "main.fahrenheit": False,
            "main.rotation": "0°",
        },
        (
            get(
                "main.off",
                'POST /post {"Command":"Channel/OnOffScreen","OnOff":0}',
                main__switch=False,
            ),
            get(
                "main.on",
                'POST /post {"Command":"Channel/OnOffScreen","OnOff":1}',
                main__switch=True,
            ),
            Command(
                "main.setLevel",
                {"level": 30},
                'POST /post {"Command":"Channel/SetBrightness","Brightness":30}',
                {"main.level": 30},
            ),
            put(
                "main.setChannel",
                "main.channel",
                "Cloud",
                'POST /post {"Command":"Channel/SetIndex","SelectIndex":1}',
            ),
            put(
                "main.setMirrored",
                "main.mirrored",
                True,
                'POST /post {"Command":"Device/SetMirrorMode","Mode":1}',
            ),
            put(
                "main.setHours24",
                "main.hours24",
                False,
                'POST /post {"Command":"Device/SetTime24Flag","Mode":0}',
            ),
            put(
                "main.setFahrenheit",
                "main.fahrenheit",
                True,
                'POST /post {"Command":"Device/SetDisTempMode","Mode":1}',
            ),
            put(
                "main.setRotation",
                "main.rotation",
                "90°",
                'POST /post {"Command":"Device/SetScreenRotationAngle","Mode":1}',
            ),
        ),
        {"MirrorFlag": "main.mirrored", "Brightness": "main.level"},
    ),
    Case(
        "evcc",
        Evcc,
        "",
        {"loadpoint": 2},
        {
            "main.power": 7400,
            "main.mode": "Solar",
            "main.connected": True,
            "main.charging": True,
            "main.enabled": True,
            "main.vehicleCharge": 64,
            "main.sessionEnergy": 12400.5,
            "main.minimumCurrent": 6,
            "main.maximumCurrent": 16,
            "main.limit": 80,
        },
        (
            put("main.setMode", "main.mode", "Off", "POST /api/loadpoints/2/mode/off"),
            put(
                "main.setMinimumCurrent",
                "main.minimumCurrent",
                8,
                "POST /api/loadpoints/2/mincurrent/8",
            ),
            put(
                "main.setMaximumCurrent",
                "main.maximumCurrent",
                12,
                "POST /api/loadpoints/2/maxcurrent/12",
            ),
            put("main.setLimit", "main.limit", 90, "POST /api/loadpoints/2/limitsoc/90"),
        ),
        {"vehicleSoc": "main.vehicleCharge", "mode": "main.mode"},
    ),
    Case(
        "opensprinkler",
        OpenSprinkler,
        "30:83:98:AA:BB:CC",
        {"password": OpenSprinkler.password, "seconds": 90, "rain_delay": 48},
        {
            "main.switch": True,
            "main.sensor1": True,
            "main.sensor2": False,
            "main.current": 210,
            "main.signal": -58,
            "rain_delay.switch": False,
            "station_1.valve": False,
            "station_3.valve": True,
            "station_8.valve": False,
        },
        (
            get("main.off", "GET /cv?en=0", main__switch=False),
            get("main.on", "GET /cv?en=1", main__switch=True),
            get("rain_delay.on", "GET /cv?rd=48", rain_delay__switch=True),
            get("rain_delay.off", "GET /cv?rd=0", rain_delay__switch=False),
            get("station_1.open", "GET /cm?sid=0&en=1&t=90", station_1__valve=True),
            get("station_3.close", "GET /cm?sid=2&en=0", station_3__valve=False),
            get("main.stop", "GET /cv?rsn=1"),
            get("main.restart", "GET /cv?rbt=1"),
        ),
        {"RSSI": "main.signal", "sn": "station_3.valve"},
        {"password": "wrong"},
    ),
)
