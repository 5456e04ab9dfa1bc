"""Xiaomi's lights and plugs, by their models."""

from collections.abc import Mapping

from .points import WORDS, Spec, spec

SWITCH = ("power set_power", *WORDS)
USB_PORT = "usb_on set_usb_off|set_usb_on"
OLD_PLUG = spec("outlet", switch=SWITCH, temperature="temperature")
LAMP = spec("light", switch="2.1", level="2.2", white=("2.3", 2700, 6500))
CEILING_LAMP = spec("light", switch="2.1", level="2.3", white=("2.5", 2700, 6500))
LIGHTS: Mapping[str, Spec] = {
    "philips.light.*": spec(
        "light", switch=SWITCH, level="bright set_bright", white=("cct set_cct", 3000, 5700, 1, 100)
    ),
    "yeelink.light.lamp4": spec(based_on=LAMP, white=("2.3", 2600, 5000)),
    "yeelink.light.lamp15 yeelink.light.lamp22 yeelink.bhf_light.v1": LAMP,
    "yeelink.light.fancl8": spec(based_on=LAMP, white=("2.3", 2700, 5300)),
    "leshi.light.wy0b01": spec(based_on=LAMP, white=("2.3", 3000, 6400)),
    "yeelink.light.colorc": spec(
        based_on=LAMP, hue="2.4", saturation="2.4", when={"2.4": ("2.5", 1)}
    ),
    "yeelink.light.ceilc yeelink.light.fancl[1256]": CEILING_LAMP,
    "yeelink.light.mono6 yeelink.light.monob yeelink.bhf_light.v5": spec(
        "light", switch="2.1", level="2.3"
    ),
    "cuco.light.sl4a": spec(
        "light",
        switch="2.1",
        level="2.3",
        hue="2.4",
        saturation="2.4",
        when={"2.4": ("2.2", 1)},
    ),
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
