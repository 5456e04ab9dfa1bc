"""Sonoff (eWeLink): JSON by HTTP to port 8081, state in its mDNS record; DIY mode or encrypted.

Sources: the maker's *DIY mode API protocol* 1.4 and 2.2 (codes of errors, `seq`, 200 ms between
requests; switch, dimmer and lamp); pysonofflanr3 (encryption, which the maker described once);
SonoffLAN and its issues (fields of the devices that the maker does not describe). Not documented:
- how many outlets a device has: most list four, so the user says how many there are;
- the unit of power, current and voltage: a voltage over 1000 means that all are in hundredths;
- that a key is wrong: it is if the device refuses an encrypted request, and announces what does
  not decrypt.
Not tested with a real device yet.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import md5
import json
from secrets import token_bytes
import time
from typing import Annotated

from lan_edge import (
    MAIN,
    Aes,
    Ask,
    Attribute,
    Capability,
    Component,
    CredentialsError,
    CurrentMeasurement,
    Driver,
    Http,
    HttpOptions,
    Json,
    JsonCodec,
    Label,
    Mdns,
    Pace,
    PowerMeter,
    Profile,
    Range,
    RefusedError,
    RelativeHumidityMeasurement,
    ReplyError,
    ShadeState,
    Sighting,
    Stored,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    VoltageMeasurement,
    WindowShade,
    WindowShadeLevel,
    handles,
    handles_many,
    number,
    object_at,
    objects_at,
    optional_object,
    register,
    text_at,
    word_of,
)

KINDS = (
    *("plug", "strip", "enhanced_plug", "th_plug", "multifun_switch", "switch_radar", "light"),
    *("diy_plug", "diylight", "diy_light"),
)
DATA = "{txt[data1]}{txt[data2]}{txt[data3]}{txt[data4]}"
BAD_REQUEST, NOT_ENCRYPTED, OTHER_DEVICE, NOT_SUPPORTED = 400, 401, 404, 422
REASONS = {
    -1: "it does not know this request",
    BAD_REQUEST: "it does not understand the request",
    NOT_ENCRYPTED: "it takes encrypted requests only",
    NOT_SUPPORTED: "it does not support that",
}
OUTLETS = range(4)
MAINS_VOLTS = 1000  # a voltage over this is in hundredths of volts
CONTROLS = bytes(range(32))
HOTTEST = 270
MOTOR = 2  # a workMode
ENDS = {0: ShadeState.CLOSED, 100: ShadeState.OPEN}
WORDS = {"on": True, "off": False}
TURNS: Mapping[str | int, ShadeState] = {
    0: ShadeState.PAUSED,
    1: ShadeState.OPENING,
    2: ShadeState.CLOSING,
}
MOVES: Mapping[str | int, ShadeState] = {
    "pause": ShadeState.PAUSED,
    "on": ShadeState.OPENING,
    "off": ShadeState.CLOSING,
}
METERS: Mapping[str, Attribute[float]] = {
    "power": PowerMeter.power,
    "actPow": PowerMeter.power,
    "current": CurrentMeasurement.current,
    "voltage": VoltageMeasurement.voltage,
}
METERED = {"": None, "00": 0, "01": 1}  # of which outlet, by what follows such a name


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
    outlets: Annotated[int, Stored()] = 0  # how many it has listed; 0: it lists none
    divisor: Annotated[int, Stored()] = 1  # of what it measures
    by_position: Annotated[bool, Stored()] = False  # whether a cover is moved by `setclose`
    led: str = ""
    seq: int = 0  # of its last answer
    is_misread: bool = False  # whether the last announcement did not decrypt


@register
class Sonoff(Driver[Http]):
    id = "sonoff"
    help = (
        "Its device key is needed, unless it is in DIY mode: LAN Edge's page on Sonoff says more."
    )
    settings: SonoffSettings
    memory: SonoffMemory
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
    parts = (
        *(Switch, SwitchLevel, WindowShade, WindowShadeLevel),
        *(TemperatureMeasurement, RelativeHumidityMeasurement),
        *(PowerMeter, CurrentMeasurement, VoltageMeasurement),
    )
    options = HttpOptions(
        port=8081, headers={"Connection": "close"}, pace=Pace(gap=0.2), again=True
    )
    on_first = True
    fades = False
    private = ("ssid", "bssid", "staMac", "selfApikey", "deviceid")

    # who it is, and its key

    @property
    def device_id(self) -> str:
        return self.identity.unique_id or self.memory.device_id

    async def identify(self) -> str:
        error, info = await self.request("info" if self.is_diy else "signal_strength")
        if error == OTHER_DEVICE:
            return ""
        self.describe(manufacturer="Sonoff", firmware=text_at(info, "fwVersion"))
        return text_at(info, "deviceid") or self.device_id

    @property
    def is_diy(self) -> bool:
        return not (self.secrets.get("key") or self.memory.encrypt == "true")

    async def pair(self, ask: Ask) -> None:
        if self.is_diy and (await self.request("info"))[0] != NOT_ENCRYPTED:
            return
        if not self.device_id:
            text = "The device ID: ten characters, in the eWeLink app"
            self.memory.device_id = await ask.text("device_id", text, secret=False)
        key = await ask.text("device_key", "The device key of its eWeLink account", self.check_key)
        self.set_secret("key", key)

    async def check_key(self, key: str) -> None:
        """Raise CredentialsError unless the key decrypts what it announced, or it accepts it."""
        try:
            unsealed(self.memory.data, self.memory.iv, key)
        except ReplyError:
            if (await self.request("signal_strength", key=key))[0] != 0:
                raise CredentialsError("this is not the key of the device") from None

    # requests

    async def request(
        self, what: str, data: Json | None = None, *, key: str = ""
    ) -> tuple[int, Json]:
        """Return the code of an error, 0 for none, and what it answers; -1 for a web page."""
        body: Json = {"deviceid": self.device_id, "data": data or {}}
        if key := key or self.secrets.get("key", ""):
            body |= {"sequence": str(time.time_ns() // 1_000_000), "selfApikey": "123"}
            body |= sealed(data or {}, key)
        try:
            response = await self.io.post(f"/zeroconf/{what}", body)
        except RefusedError:  # newer firmware has a page for what it does not know
            return -1, {}
        if response.headers.get("Content-Type", "").startswith("text/html"):
            return -1, {}
        reply = object_at(response.json())
        self.memory.seq = seq if type(seq := reply.get("seq")) is int else 0
        return int(number(reply.get("error"), "error")), data_of(reply, key)

    async def ask(self, what: str, data: Json | None = None) -> Json:
        """Return what it answers; raise RefusedError, or CredentialsError for a wrong key."""
        error, answer = await self.request(what, data)
        if error == NOT_ENCRYPTED or (error == BAD_REQUEST and self.memory.is_misread):
            raise CredentialsError("the device has another key now, or needs one")
        if error == OTHER_DEVICE:
            raise ReplyError("another device has the address")
        if error:
            reason = REASONS.get(error, f"error {error}")
            raise RefusedError(f"{what}: {reason}")
        return answer

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
        if self.memory.led and (self.has(PowerMeter) or self.has(TemperatureMeasurement)):
            return "sledonline", {"sledOnline": self.memory.led}
        return "signal_strength", {}

    # reading

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
            raise ReplyError("it announces what the device key does not decrypt") from None
        memory.is_misread = False
        self.hear(params)

    def hear(self, params: Json) -> None:
        """Report what a message has of the state: all of it, or only what has changed."""
        if (led := text_at(params, "sledOnline")) in WORDS:
            self.memory.led = led
        if is_cover(params):
            self.offer(MAIN, WindowShade, WindowShadeLevel)
        if self.has(WindowShade):
            self.hear_cover(params)
        elif "switches" in params:
            self.hear_outlets(objects_at(params, "switches"))
        elif "switch" in params:
            self.offer(MAIN, Switch)
            self.emit_field(Switch.switch, params, "switch", convert=is_on)
        if "brightness" in params:
            self.offer(MAIN, SwitchLevel)
            self.emit_field(SwitchLevel.level, params, "brightness")
        self.hear_meters(params)
        self.hear_climate(params)

    def offer(self, component: str, *capabilities: type[Capability]) -> None:
        """Add capabilities to a component, once they are reported."""
        known = self.known_components
        old = known[component].capabilities if component in known else ()
        if new := [c for c in capabilities if c not in old]:
            name = "" if component == MAIN else f"Outlet {component[-1]}"
            self.set_profile(Profile(**{**known, component: Component((*old, *new), name)}))

    def hear_outlets(self, listed: list[Json]) -> None:
        words = {n: each for each in listed for n in OUTLETS if each.get("outlet") == n}
        self.memory.outlets = max(self.memory.outlets, *(n + 1 for n in words), 0)
        if self.outlets > 1 and self.has(Switch):
            self.set_profile(Profile(main=Component(()), **self.known_outlets))
        for n, each in words.items():
            if n < self.outlets:
                self.offer(component := self.outlet(n), Switch)
                self.emit_field(Switch.switch, each, "switch", component, convert=is_on)

    @property
    def outlets(self) -> int:
        """How many outlets are shown; a device in DIY mode has one, though it may list four."""
        return min(self.memory.outlets, self.settings.outlets, 1 if self.is_diy else len(OUTLETS))

    @property
    def known_outlets(self) -> dict[str, Component]:
        return {key: each for key, each in self.known_components.items() if key != MAIN}

    def outlet(self, n: int) -> str:
        return f"outlet_{n + 1}" if self.outlets > 1 else MAIN

    def hear_meters(self, params: Json) -> None:
        for key in params:
            name, _, outlet = key.partition("_")
            if name in METERS and outlet in METERED:
                self.hear_meter(params, key, METERS[name], METERED[outlet])

    def hear_meter(
        self, params: Json, key: str, attribute: Attribute[float], outlet: int | None
    ) -> None:
        is_part = outlet is not None and not self.has(WindowShade)
        component = self.outlet(outlet or 0) if is_part else MAIN
        self.offer(component, attribute.capability)
        if key.startswith("voltage") and (reading(params[key]) or 0) > MAINS_VOLTS:
            self.memory.divisor = 100
        measured = partial(measured_in, self.memory.divisor)
        self.emit_field(attribute, params, key, component, convert=measured)

    def hear_climate(self, params: Json) -> None:
        new, old = ("currentTemperature", "currentHumidity"), ("temperature", "humidity")
        names = old if old[0] in params else new
        if names[0] not in params:
            return
        degrees, humidity = (reading(params.get(name)) for name in names)
        if degrees == 0 and not humidity:
            return  # both are 0 for a moment before each reading
        is_possible = degrees is not None and abs(degrees) <= HOTTEST
        self.offer(MAIN, TemperatureMeasurement)
        self.emit(TemperatureMeasurement.temperature, degrees if is_possible else None)
        if humidity:
            self.offer(MAIN, RelativeHumidityMeasurement)
            self.emit(RelativeHumidityMeasurement.humidity, humidity)

    def hear_cover(self, params: Json) -> None:
        memory = self.memory
        memory.by_position = memory.by_position or "setclose" in params
        key, convert = ("setclose", opened) if memory.by_position else ("currLocation", position)
        self.emit_field(WindowShadeLevel.shade_level, params, key, unchanged=True, convert=convert)
        moves = MOVES if memory.by_position else TURNS
        move = params.get("switch" if memory.by_position else "motorTurn")
        state = moves.get(move) if isinstance(move, str | int) else None
        level = self.get(WindowShadeLevel.shade_level)
        if state in {None, ShadeState.PAUSED} or (memory.by_position and "setclose" in params):
            state = state_at(level)
        self.emit(WindowShade.window_shade, state)

    # commands

    @handles_many(Switch.on)
    async def turn_on(self, components: tuple[str, ...] = (MAIN,)) -> None:
        await self.switch(components, "on")

    @handles_many(Switch.off)
    async def turn_off(self, components: tuple[str, ...] = (MAIN,)) -> None:
        await self.switch(components, "off")

    async def switch(self, components: tuple[str, ...], word: str) -> None:
        if not self.memory.outlets:
            mode = {"mainSwitch": word, "deviceType": "normal"}  # not by its own thermostat
            more = mode if self.memory.kind == "th_plug" else {}
            await self.ask("switch", {"switch": word, **more})
            return
        numbers = [0 if c == MAIN else int(c[-1]) - 1 for c in components]
        switches = [{"switch": word, "outlet": n} for n in numbers]
        side = {"operSide": 1} if self.has(PowerMeter) else {}
        await self.ask("switches", {"switches": switches, **side})

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int) -> None:
        if not level:
            await self.switch((MAIN,), "off")
        else:
            await self.ask("dimmable", {"switch": "on", "brightness": level, "mode": 0})

    @handles(WindowShade.open)
    async def open(self) -> None:
        await self.move("on", 1)

    @handles(WindowShade.close)
    async def close(self) -> None:
        await self.move("off", 2)

    @handles(WindowShade.pause)
    async def pause(self) -> None:
        await self.move("pause", 0)

    async def move(self, word: str, turn: int) -> None:
        if self.memory.by_position:
            await self.ask("switch", {"switch": word})
        else:
            await self.ask("motorTurn", {"motorTurn": turn})

    @handles(WindowShadeLevel.set_shade_level)
    async def set_shade_level(self, shade_level: int) -> None:
        if self.memory.by_position:
            await self.ask("setclose", {"setclose": opened(shade_level)})
        else:
            await self.ask("location", {"location": shade_level})


def sealed(data: Json, key: str) -> Json:
    """Return the fields of a request with encrypted data."""
    iv = token_bytes(16)
    encrypted = aes(key).encrypt_cbc(iv, json.dumps(data).encode())
    texts = {"iv": b64encode(iv).decode(), "data": b64encode(encrypted).decode()}
    return {"encrypt": True, **texts}


def unsealed(data: str, iv: str, key: str) -> Json:
    """Return encrypted data; raise ReplyError if it has another key."""
    try:
        encrypted, vector = b64decode(data, validate=True), b64decode(iv, validate=True)
    except ValueError:
        raise ReplyError("encrypted data is not Base64") from None
    text = aes(key).decrypt_cbc(vector, encrypted)
    return object_at(JsonCodec().decode(text.strip(CONTROLS)))  # some are padded twice


def aes(key: str) -> Aes:
    """Return the cipher that a device key stands for."""
    return Aes(md5(key.encode(), usedforsecurity=False).digest())


def data_of(reply: Json, key: str) -> Json:
    """Return the data of an answer: encrypted, as text in old firmware, or as it is."""
    data, iv = reply.get("data"), reply.get("iv")
    if isinstance(data, str) and data:
        if isinstance(iv, str):
            return unsealed(data, iv, key)
        return object_at(JsonCodec().decode(data.encode()))
    return optional_object(reply, "data")


def is_on(word: object) -> bool:
    """Return whether an outlet is on."""
    return word_of(WORDS, word)


def is_cover(params: Json) -> bool:
    """Return whether it is a cover that reports its state."""
    if "switches" in params or "workMode" in params:
        return params.get("workMode") == MOTOR
    return not {"setclose", "currLocation", "motorTurn"}.isdisjoint(params)


def position(value: object) -> int:
    """Return the position of a cover."""
    return round(number(value, "the position", 0, 100))


def opened(value: object) -> int:
    """Return how far a cover is open for how far it is closed, and the other way round."""
    return 100 - position(value)


def state_at(level: int | None) -> ShadeState | None:
    """Return the state of a cover that does not move."""
    return level if level is None else ENDS.get(level, ShadeState.PARTIALLY_OPEN)


def measured_in(divisor: int, value: object) -> float:
    """Return what was measured in W, A or V."""
    return number(value) / divisor


def reading(value: object) -> float | None:
    """Return what a sensor reports; None if it is no number, such as *unavailable*."""
    try:
        return number(value)
    except ReplyError:
        return None
