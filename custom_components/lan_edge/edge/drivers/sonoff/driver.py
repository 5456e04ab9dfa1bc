"""Sonoff (eWeLink): JSON by HTTP to port 8081, state in its mDNS record; DIY mode or encrypted.

Sources: those of `protocol` and of `kinds`; the maker's *DIY mode API protocol* 1.4 and 2.2 (200 ms
between requests; switch, dimmer and lamp). Not documented:
- how many outlets a device has: most list four, so the user says how many there are;
- that a key is wrong: it is if the device refuses an encrypted request, and announces what does
  not decrypt.
Not tested with a real device yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, override

from lan_edge import (
    Ask,
    CredentialsError,
    Http,
    HttpOptions,
    Json,
    Label,
    Mdns,
    Pace,
    PartsDriver,
    PowerMeter,
    Profile,
    PropertiesPart,
    Range,
    RefusedError,
    ReplyError,
    ShadeState,
    Sighting,
    Stored,
    Switch,
    TemperatureMeasurement,
    Values,
    WindowShade,
    handles,
    handles_many,
    object_at,
    plain_fields,
    register,
    text_at,
    turns_off,
)

from .kinds.parts import (
    CAPABILITIES,
    FAN_LIGHT,
    LASTING,
    LED,
    OUTLETS,
    fields_in,
    listed_in,
    parts_of,
)
from .kinds.rows import ON_OFF
from .protocol.requests import NOT_ENCRYPTED, OTHER_DEVICE, SonoffReply, exchange
from .protocol.sealing import ASK_ID, ASK_KEY, unsealed

KINDS = (
    *("plug", "strip", "enhanced_plug", "th_plug", "multifun_switch", "switch_radar", "light"),
    *("diy_plug", "diylight", "diy_light", FAN_LIGHT),
)
DATA = "{txt[data1]}{txt[data2]}{txt[data3]}{txt[data4]}"


@dataclass(frozen=True, slots=True)
class SonoffSettings:
    outlets: Annotated[
        int, Range(1, len(OUTLETS)), Label("Outlets", "How many it has: most list four.")
    ] = len(OUTLETS)


@dataclass
class SonoffMemory:
    kind: Annotated[str, Stored()] = ""  # these four from its mDNS record
    encrypt: Annotated[str, Stored()] = ""
    data: Annotated[str, Stored()] = ""  # what it announced last that its key has to decrypt
    iv: Annotated[str, Stored()] = ""
    device_id: Annotated[str, Stored()] = ""  # of a device that was added by its address
    seen: Annotated[tuple[str, ...], Stored()] = ()  # the fields that it has told so far
    told: Json = field(default_factory=dict[str, Any])  # what counts of those now
    seq: int = 0  # of its last answer
    is_misread: bool = False  # whether the last announcement did not decrypt


@register
class Sonoff(PartsDriver[Http]):
    id = "sonoff"
    settings: SonoffSettings
    memory: SonoffMemory
    help = (
        "The device key is needed, unless the device is in DIY mode: LAN Edge's page on Sonoff "
        "says how to get it."
    )
    discovery = tuple(
        Mdns(
            "_ewelink._tcp.local.",
            unique_id="{txt[id]}",
            name="Sonoff {txt[id]}",
            manufacturer="Sonoff",
            model="{txt[type]}",
            where={"txt[type]": kind},
            fields={"kind": "{txt[type]}", "encrypt": "{txt[encrypt]}", "data": DATA}
            | {"iv": "{txt[iv]}"},
        )
        for kind in KINDS
    )
    profile = Profile()
    parts = CAPABILITIES
    options = HttpOptions(
        port=8081, headers={"Connection": "close"}, pace=Pace(gap=0.2), again=True
    )
    on_first = True
    fades = False
    key_only_encrypts = True
    private = ("ssid", "bssid", "staMac", "selfApikey", "deviceid")

    # who it is, and its key

    async def identify(self) -> str:
        reply = await self.request("info" if self.is_diy else "signal_strength")
        if reply.error == OTHER_DEVICE:
            return ""
        self.describe(manufacturer="Sonoff", firmware=text_at(reply.data, "fwVersion"))
        return text_at(reply.data, "deviceid") or self.device_id

    async def pair(self, ask: Ask) -> None:
        if self.is_diy and (await self.request("info")).error != NOT_ENCRYPTED:
            return
        if not self.device_id:
            self.memory.device_id = (await ask.text("device_id", ASK_ID, secret=False)).strip()
        self.set_secret("key", await ask.text("device_key", ASK_KEY, self.check_key))

    async def check_key(self, key: str) -> None:
        """Raise CredentialsError unless the key decrypts what it announced, or it accepts it."""
        try:
            unsealed(self.memory.data, self.memory.iv, key)
        except ReplyError:
            if (await self.request("signal_strength", key=key)).error:
                raise CredentialsError(t"this is not the key of the device") from None

    # requests

    @property
    def is_diy(self) -> bool:
        return not (self.secrets.get("key") or self.memory.encrypt.lower() == "true")

    @property
    def device_id(self) -> str:
        return self.identity.unique_id or self.memory.device_id

    async def request(self, what: str, data: Json | None = None, *, key: str = "") -> SonoffReply:
        """Return what it answers: also an error."""
        key = key or self.secrets.get("key", "")
        reply = await exchange(self.io, self.device_id, key, what, data or {})
        self.memory.seq = reply.seq
        return reply

    async def ask(self, what: str, data: Json | None = None) -> Json:
        """Return what it answers; raise RefusedError, or CredentialsError for a wrong key."""
        reply = await self.request(what, data)
        reply.check(what, is_misread=self.memory.is_misread)
        return reply.data

    # reading

    async def refresh(self) -> None:
        try:
            self.hear(await self.ask(*self.question))
        except RefusedError:
            return  # it has answered; its state is in what it announces

    @property
    def question(self) -> tuple[str, Json]:
        """The request that changes nothing, and makes it announce what it measures."""
        if self.is_diy:
            return "info", {}
        if self.memory.kind == "multifun_switch":
            return "statistics", {}
        led = self.memory.told.get(LED)
        if led in ON_OFF and (self.has(PowerMeter) or self.has(TemperatureMeasurement)):
            return "sledonline", {LED: led}
        return "signal_strength", {}

    def on_sighting(self, sighting: Sighting) -> None:
        memory, seq = self.memory, sighting.text("{txt[seq]}")
        if not (data := sighting.text(DATA)) or (seq.isdecimal() and int(seq) < memory.seq):
            return
        if self.is_diy and sighting.text("{txt[encrypt]}").lower() != "true":
            self.hear(object_at(sighting.json(DATA)))
            return
        was_misread, iv = memory.is_misread, sighting.text("{txt[iv]}")
        try:
            params = unsealed(data, iv, self.secrets["key"])
        except ReplyError, CredentialsError:
            memory.is_misread, memory.data, memory.iv = True, data, iv
            if not was_misread:
                self.refresh_soon()  # if it refuses the key as well, that is wrong
            raise ReplyError(t"it announces what the device key does not decrypt") from None
        memory.is_misread = False
        self.hear(params)

    def hear(self, params: Json) -> None:
        """Report what a message has of the state: all of it, or only what has changed."""
        memory = self.memory
        if told := fields_in(params):
            memory.seen = tuple(dict.fromkeys((*memory.seen, *told)))
            memory.told = plain_fields(memory.told, LASTING) | plain_fields(told, told)
            self.show_parts(self.consists_of())

    @override
    def consists_of(self) -> Iterator[PropertiesPart]:
        memory = self.memory
        most = 1 if self.is_diy else self.settings.outlets  # it may list four
        return parts_of(memory.kind, memory.seen, most, memory.told)

    @override
    def setting_matters(self, name: str) -> bool:
        return not self.is_diy and listed_in(self.memory.seen) > 1

    # commands

    @handles_many(Switch.on)
    async def turn_on(self, components: tuple[str, ...]) -> None:
        await self.set({Switch.switch: True}, components)

    @handles_many(Switch.off)
    async def turn_off(self, components: tuple[str, ...]) -> None:
        await self.set({Switch.switch: False}, components)

    async def change(self, values: Values) -> None:
        await self.set({Switch.switch: False} if turns_off(values) else values)

    async def set(self, values: Values, components: tuple[str, ...] = ()) -> None:
        """Set what is asked of components: of several outlets by one request."""
        wanted: dict[str, list[Json]] = {}
        for part, own in self.parts_for(PropertiesPart, values, components):
            for each, code in part.encoded(own):
                what, data = each.setter(code)
                wanted.setdefault(what, []).append(data)
        side = {"operSide": 1} if self.has(PowerMeter) else {}
        for what, every in wanted.items():
            listed: Json = {"switches": every, **side}
            await self.ask(what, listed if what == "switches" else every[0])

    @handles(WindowShade.pause)
    async def pause(self) -> None:
        await self.change({WindowShade.window_shade: ShadeState.PAUSED})
