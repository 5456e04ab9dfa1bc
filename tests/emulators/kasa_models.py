"""TP-Link Kasa devices of the old protocol, of all models: XOR-ciphered JSON over TCP.

The names and shapes (types, features, fields, units, ids) are those of the devices that python-kasa
has recorded; all values are our own. What a model does not have it answers as a real one: "module
not support". The simulator in `kasa.py`, which others wrote, has fewer models and fewer faults.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
import json
from typing import Any, override

from .device import EmulatedDevice, State
from .faults import seconds
from .listener import Peer

KEY, LONGEST = 171, 8192
NO_MODULE = {"err_code": -1, "err_msg": "module not support"}
REFUSED = {"err_code": -3, "err_msg": "invalid argument"}
LIGHT = {"brightness": 50, "hue": 120, "saturation": 80, "color_temp": 0, "mode": "normal"}
EFFECT = {"id": "effect", "name": "Harbour", "brightness": 30, "custom": 1, "enable": 0}
METER = {"power_mw": 7500, "total_wh": 1500, "voltage_mv": 121148, "current_ma": 0}
OLD_METER = {"power": 7.5, "total": 1.5, "voltage": 121.148, "current": 0}
BULBS_METER = {"power_mw": 7500, "total_wh": 0, "voltage_mv": 0, "current_ma": 0}
BASIC, BULB, STRIP = "system", "smartlife.iot.smartbulb.lightingservice", "smartlife.iot.lightStrip"
EFFECTS, DIMMER = "smartlife.iot.lighting_effect", "smartlife.iot.dimmer"
BULBS_EMETER = "smartlife.iot.common.emeter"

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model has."""

    outlets: int = 0
    """The number of its outlets, if it is a strip."""
    dimmer: bool = False
    light: str = ""
    """The module of its light, if it is one."""
    color: bool = False
    white: bool = False
    meter: Mapping[str, Any] | None = None
    """The answer of its meter."""


PLUG, METERED, DIMMED = Shape(), Shape(meter=METER), Shape(dimmer=True)
WHITE = Shape(light=BULB, meter=BULBS_METER)
COLORED = Shape(light=BULB, color=True, white=True, meter=BULBS_METER)
COLOR_STRIP = Shape(light=STRIP, color=True, meter=BULBS_METER)
FULL_STRIP = Shape(light=STRIP, color=True, white=True, meter=BULBS_METER)
MODELS: Mapping[str, Shape] = {
    **dict.fromkeys(("EP10", "HS100", "HS103", "HS105", "KP100", "KP105", "KP401"), PLUG),
    **dict.fromkeys(("HS200", "HS210", "KS200", "KS200M"), PLUG),
    **dict.fromkeys(("EP25", "KP115", "KP125"), METERED),
    "HS110": Shape(meter=OLD_METER),
    **dict.fromkeys(("ES20M", "HS220", "KP405", "KS220", "KS220M", "KS230"), DIMMED),
    **dict.fromkeys(("EP40", "HS107", "KP200", "KP400"), Shape(outlets=2)),
    "KP303": Shape(outlets=3),
    "HS300": Shape(outlets=6, meter=METER),
    **dict.fromkeys(("KL110", "KL110B", "KL50", "KL60", "LB100", "LB110"), WHITE),
    "KL120": Shape(light=BULB, white=True, meter=BULBS_METER),
    **dict.fromkeys(("KL125", "KL130", "KL135", "LB130"), COLORED),
    **dict.fromkeys(("KL400L10", "KL420L5"), COLOR_STRIP),
    **dict.fromkeys(("KL400L5", "KL430"), FULL_STRIP),
}
"""The models of the old protocol that python-kasa has recorded."""


class KasaEmulator(EmulatedDevice[Json]):
    """A device of any model; its state is `on` and, of a light, what `light_state` tells."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        model: str = "HS100",
        id: str = "50c7bf010203",  # noqa: A002 - its MAC address
        name: str = "Demo",
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id, name, announce=announce)
        self.model, self.shape = model, MODELS[model]
        self.told: dict[str, Any] = {}
        """Answers instead of the true ones, by module, by `module.method`, or by that and the
        outlet's id after a space; None: not answered."""
        self.fields: dict[str, Any] = {}
        """Fields of sysinfo that are told instead of the true ones; ...: left out."""
        self.effect: dict[str, Any] = dict(EFFECT)
        self._state = {"on": False, **(LIGHT if self.shape.light else {})}
        if self.shape.dimmer:
            self._state["brightness"] = 50
        self.outlets = {f"{self.device_id}{n:02}": False for n in range(self.shape.outlets)}
        """The state of each outlet, by its id."""
        self.unlisted: set[str] = set()
        """The ids of the outlets that it leaves out."""

    @property
    def device_id(self) -> str:
        """TP-Link's id of the device."""
        return f"8006{self.id.upper():0>36}"

    @override
    def new_announcer(self) -> NoAnnouncer:
        return NoAnnouncer()

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - set(self._state):
            raise ValueError(f"not a state of a {self.model}: {unknown}")

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Json]:
        try:
            while (size := int.from_bytes(await peer.reader.readexactly(4))) <= LONGEST:
                yield json.loads(deciphered(await peer.reader.readexactly(size)))
        except asyncio.IncompleteReadError, ValueError:
            return

    @override
    def received(self, message: Json) -> tuple[str, Any]:
        module, method, arguments = parts_of(message)
        outlet = outlet_of(message)
        return f"{module}.{method}{outlet and f' {outlet[-2:]}'}", arguments

    @override
    async def answer(self, peer: Peer, message: Json) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent or (answer := self._answer(message)) is None:
            return
        self.deliver(peer, json.dumps(answer, separators=(",", ":")).encode())

    @override
    def framed(self, reply: bytes) -> bytes:
        data = ciphered(reply)
        return len(data).to_bytes(4) + data

    def _answer(self, message: Json) -> Json | None:
        module, method, arguments = parts_of(message)
        outlet = outlet_of(message)
        for name in (f"{module}.{method} {outlet}", f"{module}.{method}"):
            if name in self.told:
                told = self.told[name]
                return None if told is None else {module: {method: told}}
        if module in self.told:
            told = self.told[module]
            return None if told is None else {module: told}
        if self.faults.refuses(method):
            return {module: {method: REFUSED}}
        result = self._do(module, method, outlet, arguments)
        return {module: NO_MODULE if result is None else {method: {"err_code": 0, **result}}}

    def _do(self, module: str, method: str, outlet: str, arguments: Json) -> Json | None:
        """Carry a request out; return the result, or None for what the model does not have."""
        known = {BASIC: {"get_sysinfo": self.sysinfo}}
        if self.shape.meter is not None:
            meter = dict(self.shape.meter)
            known[BULBS_EMETER if self.shape.light else "emeter"] = {"get_realtime": lambda: meter}
        if self.shape.light:
            known[self.shape.light] = dict.fromkeys(
                ("transition_light_state", "set_light_state"), lambda: self._light(arguments)
            )
        else:
            known[BASIC]["set_relay_state"] = lambda: self._switch(outlet, arguments)
        if self.shape.dimmer:
            known[DIMMER] = {"set_brightness": lambda: self._take(arguments)}
        if self.shape.light == STRIP:
            known[EFFECTS] = {
                "get_lighting_effect": lambda: {**self.effect, "sequence": [[0, 100, 100]]},
                "set_lighting_effect": lambda: self._set_effect(arguments),
            }
        do = known.get(module, {}).get(method)
        return None if do is None else do()

    def _set_effect(self, arguments: Json) -> Json:
        self.effect |= {k: arguments[k] for k in arguments.keys() & self.effect.keys()}
        return self._take({"on": True} if self.effect["enable"] else {})

    def _switch(self, outlet: str, arguments: Json) -> Json:
        on = bool(arguments["state"])
        if outlet not in self.outlets:
            return self._take({"on": on})
        if not (self.faults.lie or self.faults.ignore):
            self.outlets[outlet] = on
        return {}

    def _light(self, arguments: Json) -> Json:
        state = {k: arguments[k] for k in arguments.keys() & LIGHT.keys()}
        if "hue" in state:  # a colour ends an effect
            self.effect["enable"] = 0
        return self._take({"on": bool(arguments.get("on_off", self._state["on"])), **state})

    def _take(self, state: State) -> Json:
        if not (self.faults.lie or self.faults.ignore):
            self.apply(state)
        return {}

    # what it tells of itself

    def sysinfo(self) -> Json:
        """Return what it tells of itself."""
        shape, is_light = self.shape, bool(self.shape.light)
        mac = ":".join(self.identity[n : n + 2] for n in range(0, 12, 2)).upper()
        info: Json = {
            "alias": self.name,
            "deviceId": self.device_id,
            "model": f"{self.model}(US)",
            "sw_ver": "1.0.7 Build 200101 Rel.000000",
            "mic_mac" if is_light else "mac": mac.replace(":", "") if is_light else mac,
            "mic_type" if is_light else "type": f"IOT.SMART{'BULB' if is_light else 'PLUGSWITCH'}",
            **(self._light_info() if is_light else self._plug_info()),
        }
        if shape.outlets:
            info |= {"children": self._children(), "child_num": shape.outlets}
            del info["relay_state"]
        return {k: v for k, v in {**info, **self.fields}.items() if v is not ...}

    def _plug_info(self) -> Json:
        dimmed = {"brightness": self._state["brightness"]} if self.shape.dimmer else {}
        feature = "TIM:ENE" if self.shape.meter else "TIM"
        return {"feature": feature, "relay_state": int(self._state["on"]), **dimmed}

    def _light_info(self) -> Json:
        shape, state = self.shape, {k: self._state[k] for k in LIGHT}
        on = {"on_off": 1, **state}
        strip = {"length": 16, "lighting_effect_state": dict(self.effect)}
        return {
            "is_dimmable": 1,
            "is_color": int(shape.color),
            "is_variable_color_temp": int(shape.white),
            "light_state": on if self._state["on"] else {"on_off": 0, "dft_on_state": state},
            **(strip if shape.light == STRIP else {}),
        }

    def _children(self) -> list[Json]:
        return [
            {"id": outlet, "alias": f"Plug {n}", "state": int(on)}
            for n, (outlet, on) in enumerate(self.outlets.items(), 1)
            if outlet not in self.unlisted
        ]


class NoAnnouncer:
    """It announces nothing: it is found by a broadcast, which the simulator answers."""

    async def announce(self) -> None:
        """Say nothing."""

    async def goodbye(self) -> None:
        """Say nothing."""

    async def vanish(self) -> None:
        """Say nothing."""


def parts_of(message: Json) -> tuple[str, str, Json]:
    """Return module, method and arguments of a request."""
    ((module, methods),) = ((k, v) for k, v in message.items() if k != "context")
    ((method, arguments),) = methods.items()
    return module, method, arguments


def outlet_of(message: Json) -> str:
    """Return the id of the outlet that a request is for; nothing if it is for the device."""
    (outlet,) = message.get("context", {}).get("child_ids", [""])
    return str(outlet)


def ciphered(text: bytes) -> bytes:
    """Encrypt a message: each byte is the key of the next."""
    key, result = KEY, bytearray()
    for byte in text:
        key ^= byte
        result.append(key)
    return bytes(result)


def deciphered(data: bytes) -> bytes:
    """Decrypt a message."""
    return bytes(a ^ b for a, b in zip(data, bytes([KEY]) + data, strict=False))
