"""Yeelight lights: JSON lines over TCP, every change notified; found by a search on port 1982.

Written from the "Yeelight WiFi Light Inter-Operation Specification" (Yeelink, 2015), as public
transcriptions of it have it. It does not say these, which are as users of real lights report
them: the error for a used-up quota ("client quota exceeded"), for wrong parameters ("invalid
params") and for what is refused while the light is off ("general error"); and that set_bright
goes to the moonlight's brightness while that is on. Neither does it say which properties a
model does not know: here those that no method of it could change. That some models report
moonlight only by nl_br, which is 0 otherwise, and that `power` is on while either of two lights
is, is as Home Assistant's integration has it.
"""

import argparse
import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
import secrets
from typing import Any, override

from tests.clock import now

from .command_line import parser, run
from .device import Announcer, State
from .faults import Delay, seconds
from .json_calls import Call, CallError, JsonCallEmulator, read_object
from .listener import Peer
from .ssdp import GROUP, REPEAT, Advertisement, SsdpAnnouncer, parse_search

PORT = 1982
TARGET = "wifi_bulb"
MAX_AGE = 3600
CONNECTIONS = 4
QUOTA = 60
LAN_QUOTA = 144
MINUTE = 60.0
MIN_DURATION = 30

RGB_MODE, CT_MODE, HSV_MODE = 1, 2, 3
MOONLIGHT = 5
"""The mode of set_power."""

BASIC = (
    "get_prop set_default set_power toggle set_bright start_cf stop_cf set_scene cron_add "
    "cron_get cron_del set_adjust adjust_bright set_name"
)
WHITE = f"{BASIC} set_ct_abx adjust_ct"
COLOR = f"{BASIC} set_ct_abx set_rgb set_hsv adjust_ct adjust_color set_music"
BACKGROUND = (
    "bg_set_rgb bg_set_hsv bg_set_ct_abx bg_start_cf bg_stop_cf set_scene_bundle bg_set_default "
    "bg_set_power bg_set_bright bg_set_adjust bg_adjust_bright bg_adjust_color bg_adjust_ct "
    "bg_toggle dev_toggle"
)


@dataclass(frozen=True, slots=True)
class Model:
    """What a model supports; `moonlight`: it has a night light, `active_mode`: and reports it."""

    support: str
    moonlight: bool = False
    active_mode: bool = True

    @property
    def methods(self) -> set[str]:
        """The supported methods."""
        return set(self.support.split())

    @property
    def properties(self) -> list[str]:
        """The properties that the model knows."""
        known = ["power", "bright", "color_mode", "name"]
        known += ["ct"] if "set_ct_abx" in self.methods else []
        known += ["rgb"] if "set_rgb" in self.methods else []
        known += ["hue", "sat"] if "set_hsv" in self.methods else []
        known += ["nl_br"] if self.moonlight else []
        known += ["active_mode"] if self.moonlight and self.active_mode else []
        return known + (list(BACKGROUND_PROPERTIES) if self.has_background else [])

    @property
    def has_background(self) -> bool:
        """Whether it has a second light."""
        return "bg_set_power" in self.methods


BACKGROUND_PROPERTIES = (
    *("main_power", "bg_power", "bg_bright", "bg_lmode"),
    *("bg_ct", "bg_rgb", "bg_hue", "bg_sat"),
)


MAIN_PROPERTIES = {"power", "main_power", "bright"}

MODELS = {
    "mono": Model(BASIC),
    "color": Model(COLOR),
    "stripe": Model(COLOR),
    "ceiling": Model(WHITE, moonlight=True),
    "bslamp": Model(COLOR),
    "bslamp2": Model(COLOR, moonlight=True, active_mode=False),
    "ceiling4": Model(f"{WHITE} {BACKGROUND}", moonlight=True),
}

LIMITS = {
    "bright": (1, 100),
    "ct": (1700, 6500),
    "rgb": (0, 0xFFFFFF),
    "hue": (0, 359),
    "sat": (0, 100),
    "color_mode": (1, 3),
    "active_mode": (0, 1),
    "nl_br": (1, 100),
}
LIMITS |= {
    "bg_bright": LIMITS["bright"],
    "bg_lmode": LIMITS["color_mode"],
    **{f"bg_{name}": LIMITS[name] for name in ("ct", "rgb", "hue", "sat")},
}


class InvalidError(CallError):
    """Wrong parameters."""

    def __init__(self) -> None:
        super().__init__(-5001, "invalid params")


class YeelightEmulator(JsonCallEmulator):
    """A light; its state is `on` and the numbers of the document's properties."""

    ending = b"\r\n"

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        model: str = "color",
        id: str | None = None,  # noqa: A002 - the protocol's word
        name: str = "Demo light",
        announce: bool = False,
    ) -> None:
        super().__init__(
            host, port, id or f"0x{secrets.randbits(32):016x}", name, announce=announce
        )
        self.model = model
        self.firmware = "18"
        self.notify_every = REPEAT
        """Seconds between two advertisements; read when announcing starts."""
        self.quota = QUOTA
        self.lan_quota = LAN_QUOTA
        self.null_properties = set[str]()
        """The properties that it reports as null."""
        self.odd_properties: dict[str, Any] = {}
        """What it reports instead of some properties."""
        self.refused_properties = set[str]()
        """The properties for which get_prop is refused."""
        self.push_delay: Delay = 0.0
        """Seconds between a change and its notification."""
        self._commands: dict[Peer, deque[float]] = {}
        self._lan_commands = deque[float]()
        self._state = {
            "on": False,
            "bright": 100,
            "color_mode": CT_MODE,
            "ct": 4000,
            "rgb": 0xFF0000,
            "hue": 100,
            "sat": 35,
            "active_mode": 0,
            "nl_br": 50,
            "bg_on": False,
            "bg_bright": 60,
            "bg_lmode": CT_MODE,
            "bg_ct": 3000,
            "bg_rgb": 0xFF,
            "bg_hue": 240,
            "bg_sat": 100,
        }

    @property
    def kind(self) -> Model:
        """What the model supports."""
        return MODELS[self.model]

    # discovery

    @override
    def new_announcer(self) -> Announcer:
        told = YeelightAdvertisement(
            self.host,
            self.identity,
            TARGET,
            f"yeelight://{self.host}:{self.port}",
            server="POSIX UPnP/1.0 YGLC/1",
            port=PORT,
        )
        return YeelightAnnouncer(replace(told, headers=self.headers), self.notify_every)

    def headers(self) -> dict[str, str]:
        """Return what the document's discovery messages tell of the light as it is now."""
        state = self.state
        numbers = {k: str(state[k]) for k in ("bright", "color_mode", "ct", "rgb", "hue", "sat")}
        return {
            "id": self.identity,
            "model": self.model,
            "fw_ver": self.firmware,
            "support": self.kind.support,
            "power": _power(state["on"]),
            **numbers,
            "name": self.name,
        }

    # state

    @override
    def check(self, state: State) -> None:
        for name, value in state.items():
            low, high = LIMITS.get(name, (0, 1))
            if name not in self._state or not low <= value <= high:
                msg = f"{name} cannot be {value!r}"
                raise ValueError(msg)

    @override
    def apply(self, state: State) -> None:
        before = self._properties()
        super().apply(state)
        after = self._properties()
        if changed := {k: v for k, v in after.items() if v != before[k]}:
            push = self.encode({"method": "props", "params": changed})
            for peer in self.peers:
                if delay := seconds(self.push_delay):
                    self.in_background(self._push_later(peer, push, delay))
                else:
                    peer.send(push)

    async def _push_later(self, peer: Peer, push: bytes, delay: float) -> None:
        await asyncio.sleep(delay)
        peer.send(push)

    def _properties(self) -> dict[str, str]:
        state, told = self._state, {k: str(v) for k, v in self._state.items()}
        has_second = self.kind.has_background
        told |= {
            "power": _power(state["on"] or (has_second and state["bg_on"])),
            "main_power": _power(state["on"]),
            "bg_power": _power(state["bg_on"]),
            "nl_br": told["nl_br"] if state["active_mode"] else "0",
            "name": self.name,
        }
        return {name: told[name] for name in self.kind.properties}

    # the connection

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Call]:
        if len(self.peers) > CONNECTIONS:
            return
        self._commands[peer] = deque()
        try:
            while True:
                yield parse(await peer.reader.readuntil(b"\r\n"))
        except asyncio.IncompleteReadError, asyncio.LimitOverrunError:
            return
        finally:
            del self._commands[peer]

    @override
    def admit(self, peer: Peer) -> None:
        at = now()
        own = self._commands.get(peer, deque())
        for times in (own, self._lan_commands):
            while times and times[0] <= at - MINUTE:
                times.popleft()
        if len(own) >= self.quota or len(self._lan_commands) >= self.lan_quota:
            raise CallError(-1, "client quota exceeded")
        own.append(at)
        self._lan_commands.append(at)

    # the commands

    @override
    def _outcome(self, call: Call) -> Outcome:
        if self.faults.refuses(call.method):
            raise CallError(-1, "refused")
        carry_out = COMMANDS.get(call.method)
        if carry_out is None or call.method not in self.kind.methods:
            raise CallError(-1, "unsupported method")
        if not isinstance(call.params, list):
            raise InvalidError
        result, wanted = carry_out(self, call.params)
        return result, {} if self.faults.lie or self.faults.ignore else wanted

    def get_prop(self, names: list[Any]) -> tuple[list[Any], State]:
        """Tell properties; an unknown one is empty text."""
        told: dict[str, Any] = {**self._properties()}
        told |= self.odd_properties | dict.fromkeys(self.null_properties)
        refused = set(told) - MAIN_PROPERTIES if self.faults.bare else self.refused_properties
        if not names or refused & {n for n in names if isinstance(n, str)}:
            raise InvalidError
        return [told.get(name, "") if isinstance(name, str) else "" for name in names], {}

    def set_power(self, params: list[Any]) -> tuple[list[str], State]:
        """Turn on or off, maybe into a mode."""
        return self._switch(params, moonlight=self.kind.moonlight)

    def bg_set_power(self, params: list[Any]) -> tuple[list[str], State]:
        """Turn the background light on or off, maybe into a mode."""
        result, wanted = self._switch(params, moonlight=False)
        names = {"on": "bg_on", "color_mode": "bg_lmode"}
        return result, {names[k]: v for k, v in wanted.items() if k in names}

    def _switch(self, params: list[Any], *, moonlight: bool) -> tuple[list[str], State]:
        power, *rest = params or [None]
        mode = rest.pop() if len(rest) == len(("effect", "duration", "mode")) else 0
        _check_effect(rest)
        if power not in {"on", "off"} or mode not in {0, 1, 2, 3, MOONLIGHT}:
            raise InvalidError
        if mode == MOONLIGHT and not moonlight:
            raise InvalidError
        wanted: State = {"on": power == "on"}
        if mode == MOONLIGHT:
            wanted["active_mode"] = 1
        elif mode:
            wanted |= {"color_mode": (CT_MODE, RGB_MODE, HSV_MODE)[mode - 1], "active_mode": 0}
        return ["ok"], wanted

    def toggle(self, params: list[Any]) -> tuple[list[str], State]:
        """Turn on if off, and off if on."""
        if params:
            raise InvalidError
        return ["ok"], {"on": not self._state["on"]}

    def set_bright(self, params: list[Any]) -> tuple[list[str], State]:
        """Dim, the light that is on now."""
        moonlight = self.kind.moonlight and self._state["active_mode"]
        return self._set(params, "nl_br" if moonlight else "bright")

    def set_ct_abx(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a colour temperature."""
        return self._set(params, "ct", color_mode=CT_MODE)

    def set_rgb(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a colour."""
        return self._set(params, "rgb", color_mode=RGB_MODE)

    def set_hsv(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a hue and saturation."""
        return self._set(params, "hue", "sat", color_mode=HSV_MODE)

    def bg_set_bright(self, params: list[Any]) -> tuple[list[str], State]:
        """Dim the background light."""
        return self._set(params, "bg_bright")

    def bg_set_ct_abx(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a colour temperature."""
        return self._set(params, "bg_ct", bg_lmode=CT_MODE)

    def bg_set_rgb(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a colour."""
        return self._set(params, "bg_rgb", bg_lmode=RGB_MODE)

    def bg_set_hsv(self, params: list[Any]) -> tuple[list[str], State]:
        """Go to a hue and saturation."""
        return self._set(params, "bg_hue", "bg_sat", bg_lmode=HSV_MODE)

    def _set(self, params: list[Any], *names: str, **more: int) -> tuple[list[str], State]:
        values, effect = params[: len(names)], params[len(names) :]
        wanted = dict(zip(names, values, strict=False))
        _check_effect(effect)
        if len(wanted) < len(names) or any(type(v) is not int for v in values):
            raise InvalidError
        try:
            self.check(wanted)
        except ValueError:
            raise InvalidError from None
        if not self._state["bg_on" if names[0].startswith("bg_") else "on"]:
            raise CallError(-5000, "general error")
        return ["ok"], wanted | more


type Outcome = tuple[Sequence[str | None], State]

COMMANDS: dict[str, Callable[[YeelightEmulator, list[Any]], Outcome]] = {
    name: getattr(YeelightEmulator, name)
    for name in (
        "get_prop",
        "set_power",
        "toggle",
        "set_bright",
        "set_ct_abx",
        "set_rgb",
        "set_hsv",
        "bg_set_power",
        "bg_set_bright",
        "bg_set_ct_abx",
        "bg_set_rgb",
        "bg_set_hsv",
    )
}


@dataclass(frozen=True, slots=True)
class YeelightAdvertisement(Advertisement):
    """The document's discovery messages; there is none for going away."""

    headers: Callable[[], dict[str, str]] = dict

    @override
    def notify(self, kind: str) -> bytes:
        common = {"Cache-Control": f"max-age={MAX_AGE}", "Location": self.location}
        told = {"NTS": kind, "Server": self.server, **self.headers()}
        return _message("NOTIFY * HTTP/1.1", {"Host": f"{GROUP}:{PORT}", **common, **told})

    @override
    def response(self, target: str) -> bytes:
        common = {"Cache-Control": f"max-age={MAX_AGE}", "Date": "", "Ext": ""}
        told = {"Location": self.location, "Server": self.server, **self.headers()}
        return _message("HTTP/1.1 200 OK", {**common, **told})

    @override
    def answers(self, datagram: bytes) -> list[bytes]:
        """Answer only what keeps the document's rules; values count to the letter."""
        asked = parse_search(datagram)
        kept = (
            datagram.startswith(b"M-SEARCH * HTTP/1.1\r\n")
            and asked.get("host", f"{GROUP}:{PORT}") == f"{GROUP}:{PORT}"
            and asked.get("man") == '"ssdp:discover"'
            and asked.get("st") == TARGET
        )
        return [self.response(TARGET)] if kept else []


class YeelightAnnouncer(SsdpAnnouncer):
    """Announces a light; it goes without a word."""

    @override
    async def goodbye(self) -> None:
        await self.vanish()


def parse(line: bytes) -> Call:
    """Read a line; one that is no command becomes a Call without a method."""
    raw = line.decode(errors="replace").rstrip("\r\n")
    if (message := read_object(line)) is None:
        return Call(raw=raw)
    method, number = message.get("method"), message.get("id")
    if not isinstance(method, str) or type(number) is not int:
        return Call(id=number, raw=raw)
    return Call(number, method, message.get("params"), raw)


def _check_effect(params: list[Any]) -> None:
    """Take `effect, duration`, and nothing else."""
    match params:
        case ["sudden", int()]:
            return
        case ["smooth", int(duration)] if duration >= MIN_DURATION:
            return
    raise InvalidError


def _power(on: bool) -> str:
    return "on" if on else "off"


def _message(first: str, headers: dict[str, str]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def from_options(options: argparse.Namespace) -> YeelightEmulator:
    """Make the light that the command line asks for."""
    return YeelightEmulator(
        options.host,
        options.port,
        model=options.model,
        id=options.id,
        name=options.name,
        announce=options.announce,
    )


if __name__ == "__main__":
    words = parser(__doc__, port=55443, name="Demo light")
    words.add_argument("--model", choices=sorted(MODELS), default="color")
    given = words.parse_args()
    asyncio.run(run(from_options(given), given))
