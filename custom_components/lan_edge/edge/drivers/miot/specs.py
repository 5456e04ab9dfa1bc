"""The models of Xiaomi's ecosystem, by what miot-spec.org and their users say of them."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from lan_edge import Wind

from .air import (
    AIR_MONITOR,
    FAN_1C,
    FAN_P5,
    FAN_ZA5,
    HUMIDIFIER_CA4,
    HUMIDIFIER_JSQ,
    HUMIDIFIER_JSQS,
    NATURE,
    OLD_AIR_MONITOR,
    OLD_FAN,
    OLD_PURIFIER,
    PURIFIER_3,
    PURIFIER_3C,
    PURIFIER_4,
    PURIFIER_4_LITE,
    PURIFIER_ZA1,
    fan,
    old_humidifier,
)
from .house import (
    LAMP_4,
    OLD_PLUG,
    PHILIPS,
    PLUG,
    PLUG_212,
    PLUG_HMI208,
    PLUG_V1,
    PLUG_V2,
    PLUG_V3,
    YEELIGHT,
)
from .points import Spec, measured
from .robots import DREAME, DREAME_1C, IJAI, MIJIA_G1, ROBOROCK, ROCKROBO

PATTERNS: Mapping[str, Spec] = {
    "zhimi.airpurifier.ma4 zhimi.airpurifier.mb3* zhimi.airp.mb3a": PURIFIER_3,
    "zhimi.airpurifier.va1 zhimi.airpurifier.vb2": PURIFIER_3,
    "zhimi.airpurifier.za1": PURIFIER_ZA1,
    "zhimi.airpurifier.mb4 zhimi.airp.mb4a": PURIFIER_3C,
    "zhimi.airpurifier.rma1 zhimi.airp.rmb1": PURIFIER_4_LITE,
    "zhimi.airp.mb5* zhimi.airp.va2 zhimi.airp.vb4": PURIFIER_4,
    "zhimi.airpurifier.v? zhimi.airpurifier.m[12] zhimi.airpurifier.ma? zhimi.airpurifier.mc?": (
        OLD_PURIFIER
    ),
    "zhimi.airpurifier.sa?": OLD_PURIFIER,
    "dmaker.fan.p9 dmaker.fan.p39": fan("2.4", "2.5", "2.11"),
    "dmaker.fan.p10 dmaker.fan.p18": fan("2.3", "2.4", "2.10"),
    "dmaker.fan.p11 dmaker.fan.p15 dmaker.fan.p33": fan("2.3", "2.4", "2.6"),
    "dmaker.fan.p45": fan("2.3", "2.4", "8.1", NATURE | {2: Wind.SLEEP_WIND}),
    "dmaker.fan.1c": FAN_1C,
    "dmaker.fan.p5": FAN_P5,
    "zhimi.fan.za5": FAN_ZA5,
    "zhimi.fan.v[23] zhimi.fan.sa1 zhimi.fan.za?": OLD_FAN,
    "zhimi.humidifier.ca4": HUMIDIFIER_CA4,
    "deerma.humidifier.jsq[s52]*": HUMIDIFIER_JSQS,
    "deerma.humidifier.mjjsq deerma.humidifier.jsq deerma.humidifier.jsq1": HUMIDIFIER_JSQ,
    "zhimi.humidifier.cb?": old_humidifier(measured("temperature")),
    "zhimi.humidifier.v1 zhimi.humidifier.ca1": old_humidifier(measured("temp_dec", 0.1)),
    "philips.light.*": PHILIPS,
    "yeelink.light.lamp4": LAMP_4,
    "yeelink.light.*": YEELIGHT,
    "chuangmi.plug.212a01": PLUG_212,
    "chuangmi.plug.v1": PLUG_V1,
    "chuangmi.plug.v3": PLUG_V3,
    "chuangmi.plug.hmi208": PLUG_HMI208,
    "chuangmi.plug.m? chuangmi.plug.v2 chuangmi.plug.hmi20[56]": OLD_PLUG,
    "cuco.plug.v2eur cuco.plug.v3": PLUG_V2,
    "cuco.plug.*": PLUG,
    "dreame.vacuum.mc1808": DREAME_1C,
    "dreame.vacuum.*": DREAME,
    "mijia.vacuum.v2": MIJIA_G1,
    "ijai.vacuum.*": IJAI,
    "rockrobo.vacuum.v1": ROCKROBO,
    "roborock.vacuum.*": ROBOROCK,
    "cgllc.airm.cgdn1": AIR_MONITOR,
    "zhimi.airmonitor.v1": OLD_AIR_MONITOR,
}
"""What models consist of, by patterns with blanks between them."""
SPECS: Mapping[str, Spec] = {
    model: spec for models, spec in PATTERNS.items() for model in models.split()
}
"""By pattern; the first counts."""


def spec_of(model: str) -> Spec | None:
    """Return what is known of a model."""
    return next((spec for pattern, spec in SPECS.items() if fnmatchcase(model, pattern)), None)
