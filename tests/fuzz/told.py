"""What devices of each family say, piece by piece: where the fuzzer begins."""

from tests.emulators.venstar import INFO, SENSORS
from tests.homeassistant.snapcast_server import STATUS

JSON_BULB = (
    {"id": 1, "result": {"id": "bulb-1"}},
    {"id": 2, "result": {"on": True, "level": 50}},
    {"id": 3, "result": {}},
    {"method": "state", "params": {"on": False, "level": 7}},
)
_PLUG = {
    "mac": "50:C7:BF:01:02:03",
    "deviceId": "8006AA",
    "alias": "Plug",
    "model": "HS110(EU)",
    "sw_ver": "1.2.3",
    "feature": "TIM:ENE",
    "relay_state": 1,
    "err_code": 0,
}


def _sysinfo(**told: object) -> dict[str, object]:
    return {"system": {"get_sysinfo": {**_PLUG, **told}}}


_METER = {"emeter": {"get_realtime": {"power_mw": 1500, "total_wh": 2, "voltage": 230.5}}}
_DONE = {"system": {"set_relay_state": {"err_code": 0}}}
KASA_PLUG = (_sysinfo(), _sysinfo(), _METER, _DONE, _sysinfo(), _METER)
_OUTLETS = [
    {"id": "00", "state": 1, "alias": "One"},
    {"id": "8006AA01", "state": 0, "alias": "Two"},
]
_STRIP = _sysinfo(model="HS300(US)", children=_OUTLETS)
KASA_STRIP = (_STRIP, _STRIP, _METER, _METER, _DONE, _STRIP, _METER, _METER)
_LIGHT = {"on_off": 1, "hue": 120, "saturation": 50, "color_temp": 0, "brightness": 80}
_BULB = _sysinfo(model="KL130(EU)", is_color=1, is_variable_color_temp=1, light_state=_LIGHT)
_BULB_OFF = _sysinfo(
    model="KL130(EU)", is_color=1, light_state={"on_off": 0, "dft_on_state": _LIGHT}
)
_BULB_METER = {"smartlife.iot.common.emeter": {"get_realtime": {"power_mw": 1500}}}
_BULB_DONE: dict[str, object] = {
    "smartlife.iot.smartbulb.lightingservice": {"transition_light_state": {}}
}
KASA_BULB = (_BULB, _BULB, _BULB_METER, _BULB_DONE, _BULB_OFF, _BULB_METER)
SNAPCAST = (
    {"method": "Client.OnConnect", "params": {"id": "02:00:00:00:00:01", "client": {}}},
    {
        "method": "Client.OnVolumeChanged",
        "params": {"id": "02:00:00:00:00:01", "volume": {"muted": True, "percent": 7}},
    },
    {"method": "Client.OnNameChanged", "params": {"id": "02:00:00:00:00:02", "name": "Bath"}},
    {"method": "Group.OnStreamChanged", "params": {"id": "g1", "stream_id": "default"}},
    {
        "method": "Stream.OnProperties",
        "params": {"id": "Radio", "properties": {"canPlay": True, "playbackStatus": "playing"}},
    },
    {"method": "Stream.OnUpdate", "params": {"id": "Radio", "stream": {"status": "playing"}}},
    {"method": "Server.OnUpdate", "params": STATUS},
)
_SOAP = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body>'
    b"</s:Envelope>"
)


def _answer(name: bytes, inner: bytes) -> bytes:
    return _SOAP % (b'<u:%sResponse xmlns:u="urn:x">%s</u:%sResponse>' % (name, inner, name))


def _event(name: bytes, value: bytes) -> bytes:
    return (
        b'<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0"><e:property>'
        b"<%s>%s</%s></e:property></e:propertyset>" % (name, value, name)
    )


def _service(kind: bytes, path: bytes) -> bytes:
    return (
        b"<service><serviceType>%s</serviceType><controlURL>%s</controlURL>"
        b"<eventSubURL>%s</eventSubURL></service>" % (kind, path, path)
    )


def _description(udn: bytes, *services: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>'
        b"<friendlyName>Lamp</friendlyName><manufacturer>Belkin</manufacturer>"
        b"<modelName>Socket</modelName><UDN>uuid:%s</UDN><serialNumber>1</serialNumber>"
        b"<macAddress>94103E010203</macAddress><serviceList>%s</serviceList></device></root>"
        % (udn, b"".join(services))
    )


_FAULT = b"HTTP 500 \n" + _SOAP % (
    b"<s:Fault><faultstring>UPnPError</faultstring><detail><UPnPError><errorCode>501</errorCode>"
    b"<errorDescription>Action Failed</errorDescription></UPnPError></detail></s:Fault>"
)
_LAMP = _description(
    b"1-2-3",
    _service(b"urn:schemas-upnp-org:service:SwitchPower:1", b"/switch"),
    _service(b"urn:schemas-upnp-org:service:Dimming:1", b"dim"),
)
UPNP_LIGHT = (
    _LAMP,
    _answer(b"GetStatus", b"<ResultStatus>1</ResultStatus>"),
    _answer(b"GetLoadLevelStatus", b"<RetLoadlevelStatus>50</RetLoadlevelStatus>"),
    _answer(b"SetTarget", b""),
    _event(b"Status", b"0"),
    _FAULT,
    _event(b"LoadLevelStatus", b"7"),
)
_BASIC, _INSIGHT = b"urn:Belkin:service:basicevent:1", b"urn:Belkin:service:insight:1"
_DIMMER = _description(b"Dimmer-1_0-1", _service(_BASIC, b"/upnp/control/basicevent1"))
WEMO_DIMMER = (
    _DIMMER,
    _answer(b"GetBinaryState", b"<BinaryState>1</BinaryState><brightness>50</brightness>"),
    _answer(b"SetBinaryState", b"<BinaryState>1</BinaryState>"),
    _event(b"BinaryState", b"0|1|2"),
    _FAULT,
    _event(b"Brightness", b"7"),
)
_PARAMS = b"8|1447|0|0|0|1209600|0|1500|6000000|0.000000|8000"
_METERED = _description(b"Insight-1_0-1", _service(_BASIC, b"/b"), _service(_INSIGHT, b"/i"))
WEMO_INSIGHT = (
    _METERED,
    _answer(b"GetInsightParams", b"<InsightParams>%s</InsightParams>" % _PARAMS),
    _answer(b"SetBinaryState", b"<BinaryState>1</BinaryState>"),
    _event(b"InsightParams", _PARAMS),
)
VENSTAR = (
    {"api_ver": 7, "type": "residential", "model": "COLORTOUCH", "firmware": "5.28"},
    INFO,
    {"sensors": SENSORS},
    INFO,
    {"success": True},
    INFO,
    {"sensors": [{"name": "Space Temp", "temp": 70.5, "hum": 30}, {"name": "Bath", "temp": 60}]},
)
_MAC = "a8bb50010203"
_PILOT = {"mac": _MAC, "state": True, "sceneId": 0, "r": 255, "g": 0, "b": 7, "c": 0, "w": 9}
_REGISTRATION = {"method": "registration", "result": {"mac": _MAC, "success": True}}
WIZ = (
    {
        "method": "getSystemConfig",
        "result": {"mac": _MAC, "moduleName": "ESP01_SHRGB1C_31", "fwVersion": "1.25.0"},
    },
    _REGISTRATION,
    {"method": "getPilot", "result": {**_PILOT, "dimming": 50}},
    {"method": "getModelConfig", "result": {"cctRange": [2200, 2700, 6500, 6500]}},
    {"method": "setPilot", "result": {"success": True}},
    {"method": "syncPilot", "params": {"mac": _MAC, "state": True, "temp": 2700, "dimming": 10}},
    {"method": "getPilot", "error": {"code": -32601, "message": "Method not found"}},
    {"method": "syncPilot", "params": {"mac": _MAC, "state": True, "sceneId": 4, "dimming": 10}},
    {"method": "syncPilot", "params": {"mac": _MAC, "state": False, "devices": 2, "temp": 6500}},
    {"method": "syncPilot", "params": {"mac": _MAC, "schdPsetId": 3, "pc": 660, "src": "hb"}},
    {"method": "firstBeat", "params": {"mac": _MAC}},
)
WIZ_FAN = (
    {"method": "getSystemConfig", "result": {"mac": _MAC, "moduleName": "ESP03_FANDIMS_31"}},
    _REGISTRATION,
    {
        "method": "getPilot",
        "result": {**_PILOT, "fanState": 1, "fanSpeed": 3, "fanMode": 2, "fanRevrs": 0},
    },
    {"method": "getModelConfig", "error": {"code": -32601, "message": "Method not found"}},
    {"method": "getUserConfig", "result": {"fanSpeed": 6, "extRange": [2700, 6500]}},
    {"method": "setPilot", "result": {"success": True}},
    {"method": "syncPilot", "params": {"mac": _MAC, "fanState": 0, "fanSpeed": 3}},
)
WIZ_SOCKET = (
    {"method": "getSystemConfig", "result": {"mac": _MAC, "moduleName": "ESP25_SOCKET_01"}},
    _REGISTRATION,
    {"method": "getPilot", "result": _PILOT},
    {"method": "getPower", "result": {"power": 1065385}},
    {"method": "syncPilot", "params": {"mac": _MAC, "state": True, "pc": 4200}},
)
_PROPS = ["on", "100", "2", "4000", "16711680", "120", "50", "0", ""]
_BACKGROUND = ["off", "on", "60", "1", "", "255", None, ""]
YEELIGHT = (
    {"id": 1, "result": _PROPS},
    {"id": 2, "result": ["ok"]},
    {"method": "props", "params": {"power": "off", "bright": "10", "color_mode": 1, "rgb": 255}},
    {"id": 3, "error": {"code": -1, "message": "client quota exceeded"}},
    {"method": "props", "params": {"hue": 359, "sat": 100, "color_mode": 3, "active_mode": 1}},
)
YEELIGHT_BACKGROUND = (
    {"id": 1, "error": {"code": -5001, "message": "invalid params"}},
    {"id": 2, "result": ["on"]},
    {"id": 3, "result": _PROPS[:8]},
    {"id": 4, "result": [*_PROPS[8:], *_BACKGROUND]},
    {"method": "props", "params": {"bg_power": "off", "bg_bright": "7", "main_power": "on"}},
    {"method": "props", "params": {"power": "off"}},
)


def _sonoff(**state: object) -> dict[str, object]:
    return {"seq": 2, "error": 0, "data": {"deviceid": "1000abcdef", "fwVersion": "3.6.0", **state}}


def _govee(command: str, **data: object) -> dict[str, object]:
    return {"msg": {"cmd": command, "data": data}}


_SCANNED = _govee("scan", device="1F:80:C5:32:32:36:72:4E", sku="H6072", wifiVersionSoft="1.02")
GOVEE = (
    _SCANNED,
    _SCANNED,
    _govee("devStatus", onOff=1, brightness=80, color={"r": 1, "g": 2, "b": 3}, colorTemInKelvin=0),
    _govee("devStatus", onOff=0, brightness=80, colorTemInKelvin=4000),
)
_LISTED: dict[str, object] = {
    "switches": [{"switch": "on", "outlet": 0}, {"switch": "off", "outlet": 1}]
}
_READINGS: dict[str, object] = {
    "power": "12.5",
    "voltage": 23040,
    "current_00": 6,
    "currentTemperature": "unavailable",
}
SONOFF = (
    _sonoff(switch="on", brightness=7),
    _sonoff(switch="on", sledOnline="on"),
    {"seq": 3, "error": 0},
    _sonoff(**_LISTED),
    _sonoff(**_READINGS),
    {"seq": 3, "error": 404},
)
SONOFF_COVER = (_sonoff(), _sonoff(workMode=2, currLocation=40, motorTurn=1), {"error": 422})
MIOT = (
    {"id": 0, "result": {"model": "zhimi.airp.va2", "fw_ver": "2.1.7", "mac": "50:EC:50:01:02:03"}},
    {
        "id": 0,
        "result": [
            {"did": "1", "siid": 2, "piid": 1, "code": 0, "value": True},
            {"did": "1", "siid": 2, "piid": 4, "code": 0, "value": 1},
            {"did": "1", "siid": 3, "piid": 7, "code": -4001},
        ],
    },
    {"id": 0, "result": [{"did": "1", "siid": 2, "piid": 1, "code": -4005}]},
    {"id": 0, "error": {"code": -9999, "message": "user ack timeout"}},
)
MIOT_NAMED = (
    {"id": 0, "result": {"model": "yeelink.light.color5"}},
    {"id": 0, "result": ["on", "50", 4000, 65280, 1, 0]},
    {"id": 0, "result": ["ok"]},
    b'{"result":{"mmfree":27480,,"otu_stat":[0]},"id":0}',
    b"",
)
TUYA_PLUG = (
    {"devId": "bf012345", "dps": {"1": True, "9": 0, "18": 350, "19": 805, "20": 2301}},
    {"dps": {"1": False, "18": 0, "19": 0, "20": 2290}, "t": 1700000000},
    b"",
    {"dps": {"1": True}},
)
TUYA_BULB = (
    {"dps": {"20": True, "21": "colour", "22": 1000, "23": 500, "24": "007803e803e8"}},
    {"dps": {"20": True, "21": "colour", "24": '{"h":1,"s":2,"v":3}'}},
    {"dps": {"1": True, "2": "colour", "3": 25, "4": 0, "5": "ff00000078ffff"}},
    b"data format error",
)
TUYA_METER = (
    {"dps": {"1": 503, "2": 7, "6": "CPwACNAAAfQ=", "7": "AAAAAAAAAAA=", "9": 0, "16": True}},
    {"dps": {"1": 504, "6": "CPwACNAAAfQAAA=="}},
    {"dps": {"6": "", "7": "?"}},
)
TUYA_GATEWAY = (
    b"json obj data unvalid",
    b"json obj data unvalid",
    {"reqType": "subdev_online_stat_report", "data": {"online": ["a4c1"], "offline": ["b4"]}},
    {"cid": "a4c1", "dps": {"1": "alarm", "4": 90}},
    {"protocol": 4, "t": 1, "data": {"cid": "b4", "dps": {"1": "open", "2": 50, "3": 50}}},
)


def _meross(namespace: str, payload: object, method: str = "GETACK") -> dict[str, object]:
    header = {"method": method, "namespace": f"Appliance.{namespace}"}
    return {"header": {**header, "from": _MEROSS}, "payload": payload}


_MEROSS = "/appliance/2010199978996951803248e1e9a1b2c3/publish"
_HUB = {
    "subdevice": [
        {"id": "0100783A", "status": 1, "mts100v3": {"mode": 0}},
        {"id": "1A00694ACBC7", "status": 1, "tempHumi": {"temp": 1987}},
        {"id": "28004811B776", "status": 1, "smokeAlarm": {"status": 170}},
    ]
}
_DIGEST: dict[str, object] = {
    "togglex": [{"channel": 0, "onoff": 1}, {"channel": 2, "onoff": 0}],
    "light": {"channel": 2, "capacity": 5, "rgb": 255, "luminance": 7, "temperature": 1},
}
_MOVING: dict[str, object] = {
    "garageDoor": [{"channel": 1, "open": 0, "doorEnable": 1}, {"channel": 2, "open": 1}],
    "thermostat": {
        "mode": [{"channel": 0, "onoff": 1, "mode": 4, "currentTemp": 210, "min": 50, "max": 350}],
        "modeB": [{"channel": 1, "onoff": 1, "mode": 1, "working": 2, "targetTemp": 1800}],
    },
}


def _able(*names: str) -> dict[str, object]:
    ability: dict[str, object] = {f"Appliance.{name}": {} for name in names}
    ability["Appliance.Control.Light"] = {"capacity": 7}
    ability["Appliance.Control.Multiple"] = {"maxCmdNum": 3}
    return _meross("System.Ability", {"ability": ability})


def _all(digest: object) -> dict[str, object]:
    system: object = {"hardware": {"type": "mss310"}, "firmware": {"version": "4.1.2"}}
    return _meross("System.All", {"all": {"system": system, "digest": digest}})


_POWER = _meross("Control.Electricity", {"electricity": {"power": 1015, "voltage": 2274}})
_DAYS = _meross("Control.ConsumptionX", {"consumptionx": [{"date": "2024-03-09", "value": 329}]})
MEROSS_PLUG = (
    _able("Control.Electricity", "Control.ConsumptionX"),
    _all(_DIGEST),
    _meross("Control.Multiple", {"multiple": [_POWER, _DAYS]}, "SETACK"),
    _meross("Control.ToggleX", {}, "SETACK"),
    _all(_DIGEST),
)
MEROSS_DOOR = (
    _able("RollerShutter.Position", "Control.Thermostat.Mode", "Control.Thermostat.ModeB"),
    _all(_MOVING),
    _meross("RollerShutter.Position", {"position": [{"channel": 0, "position": 40}]}),
    _meross("GarageDoor.State", {"error": {"code": 5000}}, "ERROR"),
)
MEROSS_HUB = (
    _able("Hub.Mts100.All", "Hub.Sensor.All", "Hub.Battery"),
    _all({"hub": _HUB}),
    _meross("Hub.Battery", {"battery": [{"id": "0100783A", "value": 100}]}),
    _meross(
        "Hub.Mts100.All",
        {"all": [{"id": "0100783A", "togglex": {"onoff": 1}, "temperature": {"room": 155}}]},
    ),
    _meross("Hub.Sensor.All", {"all": [{"id": "28004811B776", "smokeAlarm": {"status": 25}}]}),
)
