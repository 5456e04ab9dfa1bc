"""WiZ: JSON datagrams to port 38899; once registered, `syncPilot` to port 38900 of the hub.

Sources: WiZ's own wiz-local-control (limits of values), the protocol notes of OpenWiz and openHAB,
and pywizlight (names of scenes and modules, ranges of white, how often to register). None of them
documents how colour and white mix: a colour is sent without white (c and w are 0), and the white
in a colour that was set elsewhere lowers its saturation.
"""

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
    hue_and_saturation,
    number,
    object_at,
    optional_object,
    red_green_blue,
    register,
)

PORT, PUSH_PORT = 38899, 38900
REGISTRATION_INTERVAL = 20  # seconds
PUSHES = ("syncPilot", "firstBeat")
KELVINS = (2200, 6500)
DIMMEST = 10
HUB_MAC = token_hex(6)  # not a real one: it only distinguishes the clients of a light
MAKERS = ("6c2990*", "444f8e*", "a8bb50*", "d8a011*")
# with register=false a light only replies; the other values do not matter
PROBE = b'{"method":"registration","params":{"phoneMac":"aaaaaaaaaaaa","register":false,\
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
    pushes: bool = False  # whether they arrive: another program may have the port
    kelvins: tuple[int, int] | None = None


def key(message: Any) -> str | None:
    """Return what a reply and its request have in common; None for a push."""
    method = message.get("method")
    return None if method in PUSHES else method


@register
class Wiz(Driver[Udp]):
    id = "wiz"
    help = "In the WiZ app, turn on *Allow local communication* in the security settings."
    memory: WizMemory
    discovery = (
        UdpProbe(
            PORT,
            PROBE,
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
        local_port_needed=False,  # without it there are no pushes, only polling
        any_port=True,
        codec=JsonCodec,
        key=key,
    )
    poll = 15
    private = ("homeId", "roomId", "groupId")
    scenes: ClassVar[tuple[int, ...]] = DIM_SCENES

    async def identify(self) -> str:
        config = await self.call("getSystemConfig")
        mac = str(config.get("mac", ""))
        if not re.fullmatch("[0-9a-f]{12}", mac):
            raise ReplyError("the light reports no MAC address")
        self.describe(
            manufacturer="WiZ",
            model=str(config.get("moduleName", "")),
            firmware=str(config.get("fwVersion", "")),
            mac=mac,
        )
        return mac

    @property
    def confirm_by(self) -> Confirm:
        return Confirm.PUSH if self.memory.pushes else Confirm.READ

    async def connected(self) -> None:
        self.memory.pushes = False
        await self.register()
        self.every(REGISTRATION_INTERVAL, self.register)

    async def register(self, *, active: bool = True) -> None:
        params = {"phoneIp": self.io.hub_host, "phoneMac": HUB_MAC, "register": active}
        with suppress(RefusedError):  # there is still polling
            await self.call("registration", **params)

    async def goodbye(self) -> None:
        await self.register(active=False)

    async def refresh(self) -> None:
        pilot = await self.call("getPilot")
        if pilot.get("mac") != self.identity.unique_id:
            raise ReplyError(f"the reply came from another light: {pilot.get('mac')!s:.20}")

    async def ping(self) -> str:  # reads the state too: a push may have been lost
        return str((await self.call("getPilot")).get("mac", ""))

    async def call(self, method: str, **params: object) -> Json:
        own_id = self.io.number()

        def is_reply(message: Any) -> bool:  # some firmware does not repeat the id
            return key(message) == method and message.get("id", own_id) == own_id

        request = {"method": method, "id": own_id, "params": params}
        reply = await self.io.ask(request, match=is_reply)
        if refusal := optional_object(reply, "error"):
            raise RefusedError(f"{method}: {refusal.get('message')!s:.100}")
        if (result := optional_object(reply, "result")).get("success") is False:
            raise RefusedError(f"{method}: no success")
        return result

    # reading

    def on_message(self, message: Any) -> None:
        match message:
            case {"method": "getPilot", "result": dict()}:
                self.take(object_at(message, "result"))
            case {"method": "syncPilot", "params": {"mac": self.identity.unique_id}}:
                self.memory.pushes = True
                self.report(object_at(message, "params"))
            case {"method": "firstBeat", "params": {"mac": self.identity.unique_id}}:  # a restart
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
        if "dimming" in pilot and self.has(SwitchLevel):
            self.emit(SwitchLevel.level, pilot["dimming"])
        if "sceneId" in pilot and self.has(Mode):
            self.emit(Mode.supported_modes, tuple(SCENES[n] for n in self.scenes))
            self.emit(Mode.mode, scene_name(pilot["sceneId"]))

    # commands

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.call("setPilot", state=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.call("setPilot", state=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:
            await self.call("setPilot", state=True, dimming=max(level, DIMMEST))
        else:
            await self.turn_off()

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        for scene in self.scenes:
            if SCENES[scene] == mode:
                await self.call("setPilot", state=True, sceneId=scene)
                return
        raise ArgumentError(f"this light has no scene {mode[:20]!r}")


def scene_name(scene: Any) -> Any:
    """Return a scene's name: the number of an unknown one, empty text if there is none."""
    return SCENES.get(scene, str(scene or "")) if type(scene) is int else None


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
            with suppress(RefusedError):  # the first in newer firmware, the second in older
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
        await self.call("setPilot", state=True, temp=temperature)


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
            self.report_color(pilot)

    def report_color(self, pilot: Json) -> None:
        try:
            white = max(number(pilot.get(name, 0), name, 0, 255) for name in "cw")
            color = [number(pilot.get(name), name, 0, 255) + white for name in "rgb"]
        except ReplyError as err:
            self.reject(ColorControl.hue, str(err))
            return
        hue, saturation = hue_and_saturation(*color)
        self.emit(ColorControl.hue, hue)
        self.emit(ColorControl.saturation, saturation)

    @handles(ColorControl.set_color)
    async def set_color(self, hue: float, saturation: float) -> None:
        r, g, b = red_green_blue(hue, saturation)
        await self.call("setPilot", state=True, r=r, g=g, b=b, c=0, w=0)


@register
class WizSocket(Wiz):
    profile = Profile(main=Component((Switch,), category="outlet"))

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "SOCKET" in identity.model
