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

from dataclasses import dataclass, field
from functools import partial
import re
from secrets import token_hex
from typing import Annotated, Any, ClassVar

from lan_edge import (
    MAIN,
    ArgumentError,
    Component,
    Confirm,
    Dhcp,
    Driver,
    FanIntent,
    FanSpeed,
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
    Udp,
    UdpOptions,
    UdpProbe,
    Wind,
    WindMode,
    handles,
    object_at,
    optional_object,
    plain_fields,
    register,
    text_at,
    word_of,
)

from .fans import FAN, FAN_FIELDS, FAN_SPEEDS, FLAGS, WINDS, FanDirection
from .pilot import (
    DIM_SCENES,
    HEADS,
    MAX_SCENE,
    MAX_SEEN,
    MODE_FIELDS,
    fan_speeds_of,
    head_of,
    is_int,
    kelvins_of,
    scene_name,
    scene_of,
)

PORT, PUSH_PORT = 38899, 38900
REGISTRATION_INTERVAL = 10  # seconds: a light that has restarted knows nobody
UNMATCHED = ("syncPilot", "firstBeat", "registration")  # pushes, and replies nobody waits for
DIMMEST = 10
HUB_MAC = token_hex(6)  # not a real one: it only distinguishes the clients of a light
MAKERS = ("6c2990*", "444f8e*", "a8bb50*", "d8a011*")
# with register=false a light only replies; the other values do not matter
PROBE = b'{"method":"registration","params":{"phoneMac":"aaaaaaaaaaaa","register":false,\
"phoneIp":"1.2.3.4","id":"1"}}'
ON: Json = {"state": True}
OFF: Json = {"state": False}
KEPT = frozenset(("state", "dimming", *MODE_FIELDS, *FAN_FIELDS))


@dataclass
class WizMemory:
    pushes: bool = False  # whether they arrive: another program may have the port
    kelvins: Annotated[tuple[int, int] | None, Stored()] = None
    fan_speeds: Annotated[int | None, Stored()] = None
    is_configured: bool = False  # whether there is nothing more to read of these two
    seen: Annotated[tuple[int, ...], Stored()] = ()  # scenes that are not those of its kind
    heads: dict[int, Json] = field(default_factory=dict[int, Json])  # what each has reported
    has_two: bool = False  # whether two heads have reported
    reads_heads: bool = True  # whether each of two heads can be read
    heads_answer: bool = False  # whether both did when they were read last
    reads_power: bool = True  # whether there may be a meter that has to be read


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
    poll = 10
    private = ("homeId", "roomId", "groupId")
    scenes: ClassVar[tuple[int, ...]] = DIM_SCENES

    async def identify(self) -> str:
        config = await self.call("getSystemConfig")
        mac = text_at(config, "mac")
        if not re.fullmatch("[0-9a-f]{12}", mac):
            raise ReplyError(t"the light reports no MAC address")
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
        memory = self.memory
        memory.pushes, memory.heads, memory.is_configured = False, {}, False
        memory.has_two = memory.heads_answer = False
        memory.reads_heads = memory.reads_power = True
        await self.register()
        self.every(REGISTRATION_INTERVAL, self.register)

    async def register(self, *, active: bool = True) -> None:
        """Ask for pushes; nothing waits for the answer, since without it there is polling."""
        params = {"phoneIp": self.io.hub_host, "phoneMac": HUB_MAC, "register": active}
        self.io.send({"method": "registration", "id": self.io.number(), "params": params})

    async def goodbye(self) -> None:
        await self.register(active=False)

    async def refresh(self) -> None:
        pilot = await self.call("getPilot")
        if pilot.get("mac") != self.identity.unique_id:
            raise ReplyError(t"the reply came from another light")
        await self.read_heads(pilot)
        await self.read_config()

    async def ping(self) -> str:  # reads the state too: a push may have been lost
        return text_at(await self.call("getPilot"), "mac")

    async def read_heads(self, pilot: Json) -> None:
        """Read each of two heads; a light that does not say which one it reports, means both."""
        memory, is_read = self.memory, False
        memory.has_two |= (has_two := len(memory.heads) == len(HEADS))
        may_have_two = memory.reads_heads and pilot.get("ratio") is None
        if may_have_two and (memory.has_two or "DH" in self.identity.model):
            answers = [
                await self.optional(partial(self.ask, "getPilot", devices=n)) for n in (0, 1)
            ]
            is_read = any(answer is not None and head_of(answer) for answer in answers)
            memory.reads_heads = is_read or None in answers
            if self.is_head_lost(answers):
                self.keep_shown()
                return
        if has_two and not is_read and head_of(pilot) is None:
            memory.heads = {}
            self.hear(pilot, is_whole=True)

    def is_head_lost(self, answers: list[Json | None]) -> bool:
        """Return whether a head is not answered that was when it was read last."""
        memory = self.memory
        answered, memory.heads_answer = memory.heads_answer, None not in answers
        return answered and not memory.heads_answer

    def keep_shown(self) -> None:
        """Leave what is shown as it is, until the heads are read again: soon."""
        for component, part in self.profile.components.items():
            for attribute in part.attributes:
                self.unchanged(attribute, component)

    async def read_config(self) -> None:
        """Read what the module can do: the first has it in newer firmware, the second in older."""
        memory = self.memory
        if not memory.is_configured:
            methods = ("getModelConfig", "getUserConfig")
            answers = [await self.optional(partial(self.ask, method)) for method in methods]
            found = [answer for answer in answers if answer is not None]
            memory.kelvins = next(filter(None, map(kelvins_of, found)), memory.kelvins)
            memory.fan_speeds = next(filter(None, map(fan_speeds_of, found)), memory.fan_speeds)
            memory.is_configured = len(found) == len(methods)

    async def ask(self, method: str, **params: object) -> Json:
        """Ask for what not every light has; return {} if it refuses."""
        try:
            return await self.call(method, **params)
        except RefusedError:
            return {}

    async def call(self, method: str, **params: object) -> Json:
        own_id = self.io.number()

        def is_reply(message: Any) -> bool:  # some firmware does not repeat the id
            return key(message) == method and message.get("id", own_id) == own_id

        request = {"method": method, "id": own_id, "params": params}
        reply = await self.io.ask(request, match=is_reply)
        if refusal := optional_object(reply, "error"):
            raise RefusedError(t"{method}: {refusal.get('message')!s:.100}")
        if (result := optional_object(reply, "result")).get("success") is False:
            raise RefusedError(t"{method}: no success")
        return result

    # reading

    def on_message(self, message: Any) -> None:
        match message:
            case {"method": "getPilot", "result": {"mac": self.identity.unique_id}}:
                self.hear(object_at(message, "result"), is_whole=True)
            case {"method": "syncPilot", "params": {"mac": self.identity.unique_id}}:
                self.memory.pushes = True
                if not self.hear(object_at(message, "params")):
                    self.refresh_soon()
            case {"method": "firstBeat", "params": {"mac": self.identity.unique_id}}:  # a restart
                self.after(0, self.register)
                self.refresh_soon()
            case _:
                pass

    def hear(self, pilot: Json, *, is_whole: bool = False) -> bool:
        """Take what one head or the only one reports; return whether that leaves nothing open."""
        head, heads = head_of(pilot), self.memory.heads
        if head is None and len(heads) == len(HEADS):
            return False
        former = {} if is_whole else heads.get(head or HEADS[0], {})
        if not MODE_FIELDS.isdisjoint(pilot):
            former = {name: value for name, value in former.items() if name not in MODE_FIELDS}
        news = plain_fields(pilot, KEPT)
        heads[head or HEADS[0]] = former | news
        self.report(self.shown())
        return True

    def shown(self) -> Json:
        """Return what is shown of two heads: that of the first which is on, else of the first."""
        heads = [pilot for _, pilot in sorted(self.memory.heads.items())]
        return next((pilot for pilot in heads if pilot.get("state") is True), heads[0])

    def report(self, pilot: Json) -> None:
        self.emit_field(Switch.switch, pilot, "state")
        if self.has(SwitchLevel):
            self.emit_field(SwitchLevel.level, pilot, "dimming")
        if self.has(Mode):
            self.report_scene(scene_of(pilot))
        if is_int(pilot.get("fanState")) or self.has(Switch, FAN):
            self.report_fan(pilot)

    def report_scene(self, scene: Any) -> None:
        """Report a scene; one that is not of its kind is offered once it has been seen."""
        if is_int(scene) and 0 < scene <= MAX_SCENE and scene not in self.known_scenes:
            self.memory.seen = (*self.memory.seen, scene)[-MAX_SEEN:]
        names = {number: scene_name(number) for number in (0, *self.known_scenes)}
        self.emit(Mode.supported_modes, tuple(names.values())[1:])
        self.emit_field(Mode.mode, {"sceneId": scene}, "sceneId", convert=partial(word_of, names))

    @property
    def known_scenes(self) -> tuple[int, ...]:
        return (*self.scenes, *self.memory.seen)

    def report_fan(self, pilot: Json) -> None:
        fields = FAN_FIELDS.items()
        fan = tuple(c for name, c in fields if is_int(pilot.get(name)) or self.has(c, FAN))
        main = type(self).profile.components[MAIN]
        self.set_profile(Profile(**{MAIN: main, FAN: Component(fan, "Fan", category="fan")}))
        is_on, wind = partial(word_of, FLAGS), partial(word_of, WINDS)
        self.emit_field(Switch.switch, pilot, "fanState", FAN, convert=is_on)
        if FanSpeed in fan:
            speeds = (0, self.memory.fan_speeds or FAN_SPEEDS)
            self.emit(FanSpeed.fan_speed_range, speeds, FAN)
            speed = pilot if self.get(Switch.switch, FAN) is not False else {"fanSpeed": 0}
            self.emit_field(FanSpeed.fan_speed, speed, "fanSpeed", FAN)
        if WindMode in fan:
            self.emit(WindMode.supported_wind_modes, tuple(WINDS.values()), FAN)
            self.emit_field(WindMode.wind_mode, pilot, "fanMode", FAN, convert=wind)
        if FanDirection in fan:
            self.emit_field(FanDirection.reverse, pilot, "fanRevrs", FAN, convert=is_on)

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
        raise ArgumentError(t"this light has no scene {mode[:20]!r}")
