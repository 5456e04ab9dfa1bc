"""WiZ: JSON datagrams to port 38899; once registered, `syncPilot` to port 38900 of the hub.

Sources: WiZ's own wiz-local-control (limits of values), the protocol notes of OpenWiz and openHAB
(fans), and pywizlight (names of scenes and modules, ranges of white, how often to register, two
heads, fans, power). None of them documents
- how colour and white mix: a colour is sent without white (c and w are 0), and the white in a
  colour that was set elsewhere lowers its saturation;
- how to start the scenes that the app makes (256 and more) and its rhythm (1000): each is offered
  once it has been seen, and asked for by its number;
- what a light with two heads reports if it does not say of which: that is taken for both.
"""

from contextlib import suppress
from dataclasses import dataclass, field
import re
from secrets import token_hex
from typing import Annotated, Any, ClassVar

from lan_edge import (
    MAIN,
    ArgumentError,
    Attribute,
    Capability,
    ColorControl,
    ColorTemperature,
    Component,
    Confirm,
    Dhcp,
    Driver,
    FanIntent,
    FanSpeed,
    Identity,
    Json,
    JsonCodec,
    Mode,
    PowerMeter,
    Profile,
    RefusedError,
    ReplyError,
    Stored,
    Switch,
    SwitchLevel,
    TimedOutError,
    Udp,
    UdpOptions,
    UdpProbe,
    Wind,
    WindMode,
    command,
    handles,
    hue_and_saturation,
    number,
    object_at,
    optional_object,
    red_green_blue,
    register,
    text_at,
    word_of,
)

PORT, PUSH_PORT = 38899, 38900
REGISTRATION_INTERVAL = 20  # seconds
CONFIG_DELAY = 1  # seconds from the connection, which does not wait for it
UNMATCHED = ("syncPilot", "firstBeat", "registration")  # pushes, and replies nobody waits for
KELVINS = (2200, 6500)
DIMMEST = 10
HUB_MAC = token_hex(6)  # not a real one: it only distinguishes the clients of a light
MAKERS = ("6c2990*", "444f8e*", "a8bb50*", "d8a011*")
# with register=false a light only replies; the other values do not matter
PROBE = b'{"method":"registration","params":{"phoneMac":"aaaaaaaaaaaa","register":false,\
"phoneIp":"1.2.3.4","id":"1"}}'
_FIRST_SCENES = (
    "Ocean, Romance, Sunset, Party, Fireplace, Cozy, Forest, Pastel colors, Wake-up, Bedtime, "
    "Warm white, Daylight, Cool white, Night light, Focus, Relax, True colors, TV time, "
    "Plant growth, Spring, Summer, Fall, Deep dive, Jungle, Mojito, Club, Christmas, Halloween, "
    "Candlelight, Golden white, Pulse, Steampunk, Diwali, White, Alarm, Snowy sky"
)
SCENES = dict(enumerate(_FIRST_SCENES.split(", "), 1)) | {40: "Dim-to-warm"}
WHITE_SCENES = (6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 29, 30, 31, 32, 33, 35, 40)
DIM_SCENES = (9, 10, 14, 29, 31, 32, 34, 35)
RHYTHM, MAX_SCENE, MAX_SEEN = 1000, 9999, 16
MAX_FAN_SPEEDS = 100
ON: Json = {"state": True}
OFF: Json = {"state": False}
FLAGS = {0: False, 1: True}
OWN_SCENES = {RHYTHM: "Rhythm", **{255 + n: f"Custom mode {n}" for n in range(1, 11)}}
HEADS = (1, 2)
FAN = "fan"
FAN_SPEEDS = 6  # of fans that do not report how many they have
WINDS = {1: Wind.NO_WIND, 2: Wind.NATURAL_WIND}  # fanMode; 2 is "breeze"


class FanDirection(Capability, id="wiz.fanDirection"):
    reverse = Attribute(bool)

    @command(sets="reverse")
    def set_reverse(self, reverse: bool) -> None:
        """Turn the fan the other way round, as in winter."""


FAN_FIELDS: dict[str, type[Capability]] = {
    "fanState": Switch,
    "fanSpeed": FanSpeed,
    "fanMode": WindMode,
    "fanRevrs": FanDirection,
}
KEPT = (*("state", "dimming", "sceneId", "schdPsetId", "temp", *"rgbcw"), *FAN_FIELDS)


@dataclass
class WizMemory:
    pushes: bool = False  # whether they arrive: another program may have the port
    kelvins: Annotated[tuple[int, int] | None, Stored()] = None
    fan_speeds: Annotated[int | None, Stored()] = None
    is_read: bool = False  # whether these two have been asked for
    reads_heads: bool = True  # whether each of two heads can be read
    heads: dict[int, Json] = field(default_factory=dict[int, Json])  # the last report of each
    reports_power: bool = False  # with its state
    seen: Annotated[tuple[int, ...], Stored()] = ()  # scenes that are not those of its kind


def key(message: Any) -> str | None:
    """Return what a reply and its request have in common; None for a push."""
    method = message.get("method")
    return None if method in UNMATCHED else method


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
    parts = (PowerMeter, FanSpeed, WindMode, FanDirection)
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
        mac = text_at(config, "mac")
        if not re.fullmatch("[0-9a-f]{12}", mac):
            raise ReplyError("the light reports no MAC address")
        self.describe(
            manufacturer="WiZ",
            model=text_at(config, "moduleName"),
            firmware=text_at(config, "fwVersion"),
            mac=mac,
        )
        return mac

    @property
    def confirm_by(self) -> Confirm:
        return Confirm.PUSH if self.memory.pushes else Confirm.READ

    async def connected(self) -> None:
        self.memory.pushes, self.memory.heads, self.memory.reads_heads = False, {}, True
        await self.register()
        self.every(REGISTRATION_INTERVAL, self.register)
        self.after(CONFIG_DELAY, self.read_config)

    async def register(self, *, active: bool = True) -> None:
        """Ask for pushes; nothing waits for the answer, since without it there is polling."""
        params = {"phoneIp": self.io.hub_host, "phoneMac": HUB_MAC, "register": active}
        self.io.send({"method": "registration", "id": self.io.number(), "params": params})

    async def goodbye(self) -> None:
        await self.register(active=False)

    async def read_config(self) -> None:
        """Read what the module can do, where newer firmware has it, or else older."""
        memory = self.memory
        for method in ("getModelConfig", "getUserConfig"):
            config = await self.read_optional(method)
            memory.kelvins = memory.kelvins or kelvins_of(config)
            memory.fan_speeds = memory.fan_speeds or fan_speeds_of(config)
            if memory.kelvins:
                break
        memory.is_read = True
        self.report(self.shown())

    async def read_optional(self, method: str, **params: object) -> Json:
        """Return the answer to a question that a light may refuse or leave unanswered."""
        with suppress(RefusedError, TimedOutError):
            return await self.call(method, **params)
        return {}

    async def refresh(self) -> None:
        if await self.read() != self.identity.unique_id:
            raise ReplyError("the reply came from another light")

    async def ping(self) -> str:  # reads the state too: a push may have been lost
        return await self.read()

    async def read(self) -> str:
        """Read the state, of both heads if there are two; return the light's id."""
        pilot, memory, is_whole = await self.call("getPilot"), self.memory, True
        if self.may_have_two_heads and pilot.get("ratio") is None:
            memory.reads_heads = await self.read_heads()
            is_whole = not memory.reads_heads
        if is_whole and len(memory.heads) == len(HEADS) and head_of(pilot) is None:
            memory.heads = {HEADS[0]: kept(pilot)}
            self.report(self.shown())
        return text_at(pilot, "mac")

    @property
    def may_have_two_heads(self) -> bool:
        has_two = "DH" in self.identity.model or len(self.memory.heads) == len(HEADS)
        return has_two and self.memory.reads_heads

    async def read_heads(self) -> bool:
        """Read each head; return whether the light says which one it reports."""
        answers = [await self.read_optional("getPilot", devices=i) for i in range(len(HEADS))]
        return any(map(head_of, answers))

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
            case {"method": "getPilot", "result": {"mac": self.identity.unique_id}}:
                self.hear(object_at(message, "result"))
            case {"method": "syncPilot", "params": {"mac": self.identity.unique_id}}:
                self.memory.pushes = True
                if not self.hear(object_at(message, "params")):
                    self.refresh_soon()
            case {"method": "firstBeat", "params": {"mac": self.identity.unique_id}}:  # a restart
                self.after(0, self.register)
                self.refresh_soon()
            case _:
                pass

    def hear(self, pilot: Json) -> bool:
        """Take what one head or the only one reports; return whether it is known which it is."""
        head, heads = head_of(pilot), self.memory.heads
        if head is None and len(heads) == len(HEADS):
            return False
        former = heads.get(head or HEADS[0], {})
        heads[head or HEADS[0]] = {"state": former.get("state"), **kept(pilot)}
        self.report(self.shown())
        return True

    def shown(self) -> Json:
        """Return what is shown of two heads: that of the first which is on, else of the first."""
        heads = [pilot for _, pilot in sorted(self.memory.heads.items())]
        return next((pilot for pilot in heads if pilot.get("state") is True), (*heads, {})[0])

    def report(self, pilot: Json) -> None:
        if pilot.get("state") is not None:
            self.emit(Switch.switch, pilot["state"])
        if "dimming" in pilot and self.has(SwitchLevel):
            self.emit(SwitchLevel.level, pilot["dimming"])
        if self.has(Mode) and (scene := scene_of(pilot)) is not None:
            self.report_scene(scene)
        if "fanState" in pilot:
            self.report_fan(pilot)

    def report_scene(self, scene: Any) -> None:
        """Report a scene; one that is not of its kind is offered once it has been seen."""
        if type(scene) is not int or not 0 <= scene <= MAX_SCENE:
            self.reject(Mode.mode, f"{scene!r:.40} is not a scene")
            return
        if scene and scene not in self.known_scenes:
            self.memory.seen = (*self.memory.seen, scene)[-MAX_SEEN:]
        self.emit(Mode.supported_modes, tuple(map(scene_name, self.known_scenes)))
        self.emit(Mode.mode, scene_name(scene))

    @property
    def known_scenes(self) -> tuple[int, ...]:
        return (*self.scenes, *self.memory.seen)

    def report_fan(self, pilot: Json) -> None:
        fan = tuple(c for name, c in FAN_FIELDS.items() if name in pilot or self.has(c, FAN))
        main = type(self).profile.components[MAIN]
        self.set_profile(Profile(**{MAIN: main, FAN: Component(fan, "Fan", category="fan")}))
        speeds = (0, self.memory.fan_speeds or FAN_SPEEDS)
        self.emit_word(Switch.switch, FLAGS, pilot.get("fanState"))
        if self.has(FanSpeed, FAN):
            self.emit(FanSpeed.fan_speed_range, speeds, FAN)
            speed: Any = pilot.get("fanSpeed") if pilot["fanState"] else 0
            self.emit(FanSpeed.fan_speed, speed, FAN)
        if self.has(WindMode, FAN):
            self.emit(WindMode.supported_wind_modes, tuple(WINDS.values()), FAN)
            self.emit_word(WindMode.wind_mode, WINDS, pilot.get("fanMode"))
        if self.has(FanDirection, FAN):
            self.emit_word(FanDirection.reverse, FLAGS, pilot.get("fanRevrs"))

    def emit_word(self, attribute: Attribute[Any], words: dict[int, Any], value: Any) -> None:
        """Report a value of the fan, which has a number for each."""
        if value is not None:
            try:
                self.emit(attribute, word_of(words, value), FAN)
            except ReplyError as err:
                self.reject(attribute, str(err))

    # commands

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.call("setPilot", **({"fanState": 1} if self.component == FAN else ON))

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.call("setPilot", **({"fanState": 0} if self.component == FAN else OFF))

    @handles(FanIntent)
    async def change_fan(self, intent: FanIntent) -> None:
        if intent.on is False or intent.speed == 0:
            await self.call("setPilot", fanState=0)
            return
        wind = intent.wind or (Wind.NO_WIND if intent.speed else None)
        params: Json = {"fanState": 1}
        if intent.speed:
            params["fanSpeed"] = intent.speed
        if wind and self.has(WindMode, FAN):
            params["fanMode"] = next(code for code, each in WINDS.items() if each == wind)
        await self.call("setPilot", **params)

    @handles(FanDirection.set_reverse)
    async def set_reverse(self, reverse: bool) -> None:
        await self.call("setPilot", fanRevrs=int(reverse))

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        if level:
            await self.call("setPilot", state=True, dimming=max(level, DIMMEST))
        else:
            await self.turn_off()

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        for scene in self.known_scenes:
            if scene_name(scene) == mode:
                await self.call("setPilot", state=True, sceneId=scene)
                return
        raise ArgumentError(f"this light has no scene {mode[:20]!r}")


def scene_name(scene: int) -> str:
    """Return a scene's name, or the number of an unknown one; empty text for none."""
    return (SCENES | OWN_SCENES).get(scene, str(scene)) if scene else ""


def scene_of(pilot: Json) -> Any:
    """Return the scene that a light reports; 0 for a colour or a white, None for neither."""
    if pilot.get("schdPsetId"):
        return RHYTHM
    return pilot.get("sceneId", 0 if pilot.get("temp") or "r" in pilot else None)


def kept(pilot: Json) -> Json:
    """Return what is kept of a report."""
    return {name: value for name, value in pilot.items() if name in KEPT}


def head_of(pilot: Json) -> int | None:
    """Return which head it is that reports: 1 or 2; None if it does not say so."""
    head = pilot.get("devices")
    return head if type(head) is int and head in HEADS else None


def kelvins_of(config: Json) -> tuple[int, int] | None:
    """Return the range of white in a module's configuration; None if it has none."""
    for name in ("cctRange", "extRange"):  # in newer firmware, in older
        match config.get(name):
            case [int(low), *_, int(high)] if 0 < low <= high:
                return low, high
            case _:
                pass
    return None


def fan_speeds_of(config: Json) -> int | None:
    """Return how many speeds a fan has, by a module's configuration; None if it does not say."""
    speeds = config.get("fanSpeed")
    return speeds if type(speeds) is int and 0 < speeds <= MAX_FAN_SPEEDS else None


@register
class WizWhite(Wiz):
    profile = Profile(Switch, SwitchLevel, ColorTemperature, Mode)
    scenes: ClassVar[tuple[int, ...]] = WHITE_SCENES

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        return "TW" in identity.model or WizColor.can_handle(identity)

    def report(self, pilot: Json) -> None:
        super().report(pilot)
        if kelvins := self.memory.kelvins or (KELVINS if self.memory.is_read else None):
            self.emit(ColorTemperature.color_temperature_range, kelvins)
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
        elif not scene_of(pilot) and "r" in pilot:
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

    async def read_config(self) -> None:
        await self.read_power()

    async def read(self) -> str:
        unique_id = await super().read()
        if self.has(PowerMeter) and not self.memory.reports_power:
            await self.read_power()
        return unique_id

    async def read_power(self) -> None:
        """Read the power, which newer firmware reports with the state."""
        power = (await self.read_optional("getPower")).get("power")
        if power is not None:
            self.report_power(power)

    def hear(self, pilot: Json) -> bool:
        if "pc" in pilot:
            self.memory.reports_power = True
            self.report_power(pilot["pc"])
        return super().hear(pilot)

    def report_power(self, milliwatts: Any) -> None:
        self.set_profile(Profile(main=Component((Switch, PowerMeter), category="outlet")))
        try:
            self.emit(PowerMeter.power, number(milliwatts, "the power") / 1000)
        except ReplyError as err:
            self.reject(PowerMeter.power, str(err))
