"""WiZ: JSON datagrams, asked at port 38899; `syncPilot` comes to the hub's 38900 once registered.

From WiZ's own wiz-local-control (limits of values), OpenWiz' and openHAB's notes on the protocol,
and pywizlight (names of scenes and modules, ranges of white, who must register how often). None
of them says how colour and white mix: a colour is sent without white (c and w are 0), and what
white there is in a colour set elsewhere is taken off its saturation.
"""

import colorsys
from contextlib import suppress
from dataclasses import dataclass
import re
from secrets import token_hex
from typing import Any, ClassVar

from lan_edge import (
    ArgumentError,
    ColorControl,
    ColorTemperature,
    Component,
    Confirm,
    Dhcp,
    Driver,
    Identity,
    Json,
    JsonCodec,
    Mode,
    Profile,
    RefusedError,
    ReplyError,
    Switch,
    SwitchLevel,
    Udp,
    UdpOptions,
    UdpProbe,
    handles,
    object_at,
    optional_object,
    register,
)

PORT = 38899
PUSH_PORT = 38900
REGISTERED = 20  # seconds
PUSHES = ("syncPilot", "firstBeat")
KELVINS = (2200, 6500)
DIMMEST = 10
HUB = token_hex(6)  # for each hub another: a light may know its clients by it
MAKERS = ("6c2990*", "444f8e*", "a8bb50*", "d8a011*")
# register=false: a light without a registration answers all the same; the rest does not matter
FIND = b'{"method":"registration","params":{"phoneMac":"aaaaaaaaaaaa","register":false,\
"phoneIp":"1.2.3.4","id":"1"}}'
SCENES = {
    1: "Ocean",
    2: "Romance",
    3: "Sunset",
    4: "Party",
    5: "Fireplace",
    6: "Cozy",
    7: "Forest",
    8: "Pastel colors",
    9: "Wake-up",
    10: "Bedtime",
    11: "Warm white",
    12: "Daylight",
    13: "Cool white",
    14: "Night light",
    15: "Focus",
    16: "Relax",
    17: "True colors",
    18: "TV time",
    19: "Plant growth",
    20: "Spring",
    21: "Summer",
    22: "Fall",
    23: "Deep dive",
    24: "Jungle",
    25: "Mojito",
    26: "Club",
    27: "Christmas",
    28: "Halloween",
    29: "Candlelight",
    30: "Golden white",
    31: "Pulse",
    32: "Steampunk",
}
WHITE_SCENES = (6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 29, 30, 31, 32)
DIM_SCENES = (9, 10, 14, 29, 31, 32)


@dataclass
class WizMemory:
    pushes: bool = False
    """Whether its messages reach us: another program may have the port."""
    kelvins: tuple[int, int] | None = None


def key(message: Any) -> str | None:
    """Return what a request and its reply have in common."""
    method = message.get("method")
    return None if method in PUSHES else method


@register
class Wiz(Driver[Udp]):
    id = "wiz"
    memory: WizMemory
    discovery = (
        UdpProbe(
            PORT,
            FIND,
            unique_id="{reply[result.mac]}",
            manufacturer="WiZ",
            where={"reply[method]": "registration", "reply[result.mac]": "?" * 12},
        ),
        Dhcp(hostname="wiz_*", unique_id="{dhcp[mac]}", manufacturer="WiZ"),
        *(Dhcp(mac=maker, unique_id="{dhcp[mac]}", manufacturer="WiZ") for maker in MAKERS),
    )
    profile = Profile(Switch, SwitchLevel, Mode)
    options = UdpOptions(
        port=PORT,
        local_port=PUSH_PORT,
        local_port_needed=False,  # whoever has it gets the pushes; then this polls
        any_port=True,
        codec=JsonCodec,
        key=key,
    )
    poll = 15
    scenes: ClassVar[tuple[int, ...]] = DIM_SCENES

    async def identify(self) -> str:
        config = await self.call("getSystemConfig")
        mac = str(config.get("mac", ""))
        if not re.fullmatch("[0-9a-f]{12}", mac):
            raise ReplyError("a light that does not tell its mac")
        self.describe(
            manufacturer="WiZ",
            model=str(config.get("moduleName", "")),
            firmware=str(config.get("fwVersion", "")),
            mac=mac,
        )
        return mac

    @property
    def confirm_by(self) -> Confirm:  # another program may have its pushes
        return Confirm.PUSH if self.memory.pushes else Confirm.READ

    async def connected(self) -> None:
        self.memory.pushes = False
        await self.register()
        self.every(REGISTERED, self.register)

    async def register(self) -> None:
        await self.registration(register=True)

    async def goodbye(self) -> None:
        await self.registration(register=False)

    async def registration(self, *, register: bool) -> None:
        host = self.io.hub_host
        with suppress(RefusedError):  # then it is polled, as all are
            await self.call("registration", phoneIp=host, phoneMac=HUB, register=register)

    async def refresh(self) -> None:
        pilot = await self.call("getPilot")
        if pilot.get("mac") != self.identity.unique_id:
            raise ReplyError(f"the pilot of {pilot.get('mac')!s:.20}")

    async def ping(self) -> str:  # news may get lost: a sign of life is its state
        return str((await self.call("getPilot")).get("mac", ""))

    async def call(self, method: str, **params: object) -> Json:
        number = self.io.number()

        def is_reply(message: Any) -> bool:  # not each firmware repeats the id
            return key(message) == method and message.get("id", number) == number

        request = {"method": method, "id": number, "params": params}
        reply = await self.io.ask(request, match=is_reply)
        if refusal := optional_object(reply, "error"):
            raise RefusedError(f"{method}: {refusal.get('message')!s:.100}")
        if (result := optional_object(reply, "result")).get("success") is False:
            raise RefusedError(f"{method}: no success")
        return result

    # what it tells

    def on_message(self, message: Any) -> None:
        match message:
            case {"method": "getPilot", "result": dict()}:
                self.take(object_at(message, "result"))
            case {"method": "syncPilot", "params": dict()}:
                self.memory.pushes = True
                self.take(object_at(message, "params"))
            case {"method": "firstBeat"}:  # it had no power, and has forgotten us
                self.after(0, self.register)
                self.refresh_soon()
            case _:
                pass

    def take(self, pilot: Json) -> None:
        if pilot.get("mac") == self.identity.unique_id:
            self.report(pilot)

    def report(self, pilot: Json) -> None:
        if "state" in pilot:
            self.emit(Switch.switch, pilot["state"])
        if "dimming" in pilot:
            self.emit(SwitchLevel.level, pilot["dimming"])
        if "sceneId" in pilot:
            self.emit(Mode.supported_modes, tuple(SCENES[n] for n in self.scenes))
            self.emit(Mode.mode, scene_name(pilot["sceneId"]))

    # what it is told

    async def set_pilot(self, **state: object) -> None:
        await self.call("setPilot", **state)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.set_pilot(state=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.set_pilot(state=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:
            await self.set_pilot(state=True, dimming=max(level, DIMMEST))
        else:
            await self.turn_off()

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        for number in self.scenes:
            if SCENES[number] == mode:
                await self.set_pilot(state=True, sceneId=number)
                return
        raise ArgumentError(f"{mode[:20]!r} is no scene of this light")


def scene_name(number: Any) -> Any:
    """Return a scene's name: its number where it is not known, empty text where there is none."""
    return SCENES.get(number, str(number or "")) if type(number) is int else None


@register
class WizWhite(Wiz):
    profile = Profile(Switch, SwitchLevel, ColorTemperature, Mode)
    scenes: ClassVar[tuple[int, ...]] = WHITE_SCENES

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "TW" in identity.model or WizColor.can_handle(identity)

    async def connected(self) -> None:
        await super().connected()
        self.memory.kelvins = await self.kelvins()

    async def kelvins(self) -> tuple[int, int]:
        for method, name in (("getModelConfig", "cctRange"), ("getUserConfig", "extRange")):
            with suppress(RefusedError):  # the newer firmware has the one, the older the other
                match (await self.call(method)).get(name):
                    case [int(low), *_, int(high)]:
                        return low, high
                    case _:
                        pass
        return KELVINS

    def report(self, pilot: Json) -> None:
        super().report(pilot)
        if self.memory.kelvins is not None:
            self.emit(ColorTemperature.color_temperature_range, self.memory.kelvins)
        if pilot.get("temp"):
            self.emit(ColorTemperature.color_temperature, pilot["temp"])

    @handles(ColorTemperature.set_color_temperature)
    async def set_color_temperature(self, temperature: int) -> None:
        await self.set_pilot(state=True, temp=temperature)


@register
class WizColor(WizWhite):
    profile = Profile(Switch, SwitchLevel, ColorControl, ColorTemperature, Mode)
    scenes = tuple(SCENES)

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "RGB" in identity.model

    def report(self, pilot: Json) -> None:
        super().report(pilot)
        if pilot.get("temp"):
            self.emit(ColorControl.saturation, 0)
        elif not pilot.get("sceneId") and "r" in pilot:
            parts = [pilot.get(name) for name in "rgb"]
            white = [pilot.get(name, 0) for name in "cw"]
            hue, saturation = hue_and_saturation(parts, white)
            self.emit(ColorControl.hue, hue)
            self.emit(ColorControl.saturation, saturation)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        r, g, b = (round(255 * v) for v in colorsys.hsv_to_rgb(hue / 100, saturation / 100, 1))
        await self.set_pilot(state=True, r=r, g=g, b=b, c=0, w=0)


def hue_and_saturation(parts: list[Any], white: list[Any]) -> tuple[Any, Any]:
    """Return a colour's; of values that are no light's, something that is nothing either."""
    if not all(type(v) is int and 0 <= v <= 255 for v in (*parts, *white)):  # noqa: PLR2004
        return parts, parts
    hue, saturation, _ = colorsys.rgb_to_hsv(*(v + max(white) for v in parts))
    return hue * 100, saturation * 100


@register
class WizSocket(Wiz):
    profile = Profile(main=Component((Switch,), category="outlet"))

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "SOCKET" in identity.model

    def report(self, pilot: Json) -> None:
        state: Any = pilot.get("state")
        self.emit(Switch.switch, state)
