"""Xiaomi's lights and plugs, by their models."""

from collections.abc import Mapping

from .points import WORDS, Spec, spec

SWITCH = ("power set_power", *WORDS)
USB_PORT = "usb_on set_usb_off|set_usb_on"
OLD_PLUG = spec("outlet", switch=SWITCH, temperature="temperature")
LIGHTS: Mapping[str, Spec] = {
    "philips.light.*": spec(
        "light", switch=SWITCH, level="bright set_bright", white=("cct set_cct", 3000, 5700, 1, 100)
    ),
    "yeelink.light.lamp4": spec("light", switch="2.1", level="2.2", white=("2.3", 2600, 5000)),
    "yeelink.light.*": spec(
        "light",
        switch=SWITCH,
        level="bright set_bright",
        white=("ct set_ct_abx", 1700, 6500),
        hue="rgb set_rgb",
        saturation="rgb set_rgb",
        rather={"bright": "nl_br"},  # the brightness of its night light
        when={"rgb": ("color_mode", 1)},
    ),
}
PLUGS: Mapping[str, Spec] = {
    "chuangmi.plug.212a01": spec("outlet", switch="2.1", temperature="2.6", power=("5.6", 0.01)),
    "chuangmi.plug.v1": spec(
        "outlet", switch="on set_off|set_on", usb=USB_PORT, temperature="temperature"
    ),
    "chuangmi.plug.v3": spec(
        "outlet", switch=("on set_power", *WORDS), usb=USB_PORT, temperature="temperature"
    ),
    "chuangmi.plug.hmi208": spec(based_on=OLD_PLUG, usb=USB_PORT),
    "chuangmi.plug.m? chuangmi.plug.v2 chuangmi.plug.hmi20[56]": OLD_PLUG,
    "cuco.plug.v2eur cuco.plug.v3": spec("outlet", switch="2.1", power="11.2"),
    "cuco.plug.*": spec("outlet", switch="2.1"),
}
