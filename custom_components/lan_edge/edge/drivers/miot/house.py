"""Xiaomi's lights and plugs."""

from .points import ON_OFF, USB, Spec, colors, flag, kelvins, measured, percent

# lights

PHILIPS = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "level": percent("bright", "set_bright"),
        "white": kelvins("cct", 3000, 5700, "set_cct", share=True),
    },
    "light",
)
YEELIGHT = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "level": percent("bright", "set_bright", rather="nl_br"),  # that of its night light
        "white": kelvins("ct", 1700, 6500, "set_ct_abx"),
        **colors("rgb", "set_rgb", when=("color_mode", 1)),
    },
    "light",
)
LAMP_4 = Spec(
    {"switch": flag("2.1"), "level": percent("2.2"), "white": kelvins("2.3", 2600, 5000)}, "light"
)

# plugs

PLUG = Spec({"switch": flag("2.1")}, "outlet")
PLUG_212 = Spec(
    {"switch": flag("2.1"), "temperature": measured("2.6"), "power": measured("5.6", 0.01)},
    "outlet",
)
PLUG_V2 = Spec({"switch": flag("2.1"), "power": measured("11.2")}, "outlet")
OLD_PLUG = Spec(
    {
        "switch": flag("power", "set_power", **ON_OFF),
        "temperature": measured("temperature"),
    },
    "outlet",
)
USB_PORT = flag("usb_on", "set_usb_off|set_usb_on")
PLUG_HMI208 = Spec({**OLD_PLUG.points, USB: USB_PORT}, "outlet")
PLUG_V1 = Spec(
    {
        "switch": flag("on", "set_off|set_on"),
        USB: USB_PORT,
        "temperature": measured("temperature"),
    },
    "outlet",
)
PLUG_V3 = Spec(
    {**PLUG_V1.points, "switch": flag("on", "set_power", **ON_OFF)},
    "outlet",
)
