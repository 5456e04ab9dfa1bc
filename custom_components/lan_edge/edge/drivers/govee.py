"""Govee: the LAN API; JSON over UDP, a scan at port 4001, control at 4003, answers to port 4002.

Sources: Govee's WLAN guide (ports, messages, `colorTemInKelvin` 0 for a colour), govee-local-api
and Home Assistant's govee_light_local (white from 2000 to 9000 K; a scan also by address), and
their issues. The guide has neither scenes nor segments: for these, programs send `ptReal`, which
wraps messages for Bluetooth that differ by model and that Govee has not published, so it is not
used. Not documented:
- what a light can do: it has what its `devStatus` has;
- that a light answers a scan at its own address, too: govee-local-api and homebridge-govee find
  lights so.
Not tested with a real light yet.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from lan_edge import (
    ColorControl,
    ColorTemperature,
    Confirm,
    Driver,
    Json,
    JsonCodec,
    Label,
    Pace,
    Profile,
    Range,
    ReplyError,
    Switch,
    SwitchLevel,
    Udp,
    UdpOptions,
    UdpProbe,
    handles,
    hue_and_saturation,
    id_at,
    number,
    object_at,
    one_id,
    optional_object,
    red_green_blue,
    register,
    text_at,
    word_of,
)

GROUP = "239.255.255.250"
SCAN_PORT, ANSWER_PORT, PORT = 4001, 4002, 4003
SCAN: Json = {"msg": {"cmd": "scan", "data": {"account_topic": "reserve"}}}
STATUS: Json = {"msg": {"cmd": "devStatus", "data": {}}}
FLAGS = (False, True)


def command_of(message: Any) -> Any:
    """Return the command that a message answers."""
    return optional_object(message, "msg").get("cmd")


@dataclass(frozen=True)
class GoveeSettings:
    warmest: Annotated[
        int, Range(1000, 4000), Label("Warmest white", "In K; less is ignored by some lights.")
    ] = 2000
    coldest: Annotated[int, Range(5000, 10000), Label("Coldest white", "In K.")] = 9000


@register
class Govee(Driver[Udp]):
    id = "govee"
    help = (
        "In the Govee app, turn on *LAN Control* for the light. Only one program can use UDP port "
        "4002, so remove or disable Home Assistant's own Govee integration first."
    )
    discovery = (
        UdpProbe(
            SCAN_PORT,
            b'{"msg":{"cmd":"scan","data":{"account_topic":"reserve"}}}',
            group=GROUP,
            answer_port=ANSWER_PORT,
            where={"reply[msg.cmd]": "scan", "reply[msg.data.device]": "?*"},
            unique_id="{reply[msg.data.device]}",
            name="Govee {reply[msg.data.sku]}",
            manufacturer="Govee",
            model="{reply[msg.data.sku]}",
            port="4003",
        ),
    )
    profile = Profile(Switch)
    parts = (SwitchLevel, ColorControl, ColorTemperature)
    options = UdpOptions(
        port=PORT,
        local_port=ANSWER_PORT,
        codec=JsonCodec,
        any_port=True,
        pace=Pace(gap=0.05, burst=4),
    )
    poll = 10
    confirm = Confirm.READ  # it reports nothing unless it is asked
    fades = False
    scan_port = SCAN_PORT

    settings: GoveeSettings

    @property
    def kelvins(self) -> tuple[int, int]:
        return self.settings.warmest, self.settings.coldest

    async def identify(self) -> str:
        reply = await self.io.ask(
            SCAN, match=lambda message: command_of(message) == "scan", port=self.scan_port
        )
        info = object_at(reply, "msg", "data")
        self.describe(
            manufacturer="Govee",
            model=text_at(info, "sku"),
            firmware=text_at(info, "wifiVersionSoft"),
        )
        return id_at(info, "device")

    async def refresh(self) -> None:
        """Read the state, which does not say whose it is."""
        if one_id(await self.identify()) != one_id(self.identity.unique_id):
            raise ReplyError(t"another device has the address")
        await self.ping()

    async def ping(self) -> str:
        """Read the state: what only answers scans would be shown as it was for good."""
        await self.io.ask(STATUS, match=lambda message: command_of(message) == "devStatus")
        return ""

    def on_message(self, message: Any) -> None:
        if command_of(message) == "devStatus":
            self.hear(object_at(message, "msg", "data"))

    def hear(self, status: Json) -> None:
        self.emit_field(Switch.switch, status, "onOff", convert=lambda flag: word_of(FLAGS, flag))
        fields = {
            "brightness": SwitchLevel,
            "color": ColorControl,
            "colorTemInKelvin": ColorTemperature,
        }
        self.add_capabilities(*(each for name, each in fields.items() if name in status))
        if self.has(SwitchLevel):
            self.emit_field(SwitchLevel.level, status, "brightness")
        if self.has(ColorTemperature):
            self.emit(ColorTemperature.color_temperature_range, self.kelvins)
            kelvins = status if status.get("colorTemInKelvin") != 0 else {}
            self.emit_field(ColorTemperature.color_temperature, kelvins, "colorTemInKelvin")
        if self.has(ColorControl):
            hue, saturation = color_of(status)
            self.emit(ColorControl.hue, hue)
            self.emit(ColorControl.saturation, saturation)

    def send(self, command: str, **data: object) -> None:
        self.io.send({"msg": {"cmd": command, "data": data}})

    @handles(Switch.on)
    async def turn_on(self) -> None:
        self.send("turn", value=1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        self.send("turn", value=0)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int) -> None:
        if level:
            self.send("brightness", value=level)
        else:
            self.send("turn", value=0)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        color = dict(zip("rgb", red_green_blue(hue, saturation), strict=True))
        self.send("colorwc", color=color, colorTemInKelvin=0)

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        black = {"r": 0, "g": 0, "b": 0}
        self.send("colorwc", color=black, colorTemInKelvin=temperature)


def color_of(status: Json) -> tuple[float | None, float | None]:
    """Return the hue and the saturation; unknown if it does not report them."""
    color, kelvins = optional_object(status, "color"), status.get("colorTemInKelvin", 0)
    try:
        if number(kelvins):
            return None, 0.0
        return hue_and_saturation(*(number(color.get(name), name, 0, 255) for name in "rgb"))
    except ReplyError:
        return None, None
