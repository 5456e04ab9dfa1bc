"""Sonoff devices, in DIY mode and in eWeLink mode, as their maker and their owners describe them.

DIY mode: https://sonoff.tech/diy-developer/ (2.2) and version 1.4, which has the codes of errors.
eWeLink mode: the same, encrypted with AES-128-CBC by the MD5 of the device key, as pysonofflanr3
and its mock do it; what each kind of device reports is from logs in the issues of SonoffLAN.

Commands are POST requests with JSON at `/zeroconf/`, each on a connection of its own. Its state is
in its mDNS TXT record, which is announced again, by itself, when it changes.
"""

import argparse
import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from hashlib import md5
import json
import os
from typing import Any, override

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .mdns import MdnsAnnouncer, Service
from .overload import Overload

SERVICE_TYPE = "_ewelink._tcp.local."
WORDS = {"on": True, "off": False}
BAD_REQUEST, UNAUTHORIZED, OTHER_DEVICE, UNPROCESSABLE = 400, 401, 404, 422
STARTS: dict[str, State] = {
    "diy_plug": {"on": False},
    "plug": {"on": False},
    "strip": {"on": False, "2": False, "3": False, "4": False},
    "diylight": {"on": False, "level": 50},
    "enhanced_plug": {"on": False, "power": 12.5, "voltage": 230.4, "current": 0.06},
    "powr3": {"on": False, "power": 1250, "voltage": 23040, "current": 6},
    "multifun_switch": {"on": False, "2": False, "voltage_00": 23709, "actPow_00": 4210},
    "motor": {"currLocation": 0, "motorTurn": 0},
    "shutter": {"setclose": 0, "word": "pause"},
    "th_plug": {"on": False, "currentTemperature": "21.5", "currentHumidity": "46"},
    "fan_light": {"on": False, "light": True, "speed": 2},
    "air": {"temperature": "25.6", "humidity": "54.8", "co2": 520},
    "dust": {"pm2_5": 12, "pm10": "18"},
}
"""The state of each kind at first; by its type in the TXT record, or another name."""
TYPES = {
    "powr3": "plug",
    "motor": "multifun_switch",
    "shutter": "plug",
    "air": "plug",
    "dust": "plug",
}
LISTED = ("on", "2", "3", "4")
METERED = ("power", "voltage", "current", "voltage_00", "actPow_00")
SENSED = ("currentTemperature", "currentHumidity", "temperature", "humidity")


class SonoffEmulator(EmulatedDevice[Request]):
    """A device; its state has `on`, and what else its kind has in `STARTS`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "1000abcdef",  # noqa: A002 - the protocol's word
        kind: str = "diy_plug",
        key: str = "",
        announce: bool = False,
        service_type: str = SERVICE_TYPE,
    ) -> None:
        super().__init__(host, port, id, f"eWeLink_{id}", announce=announce)
        self.kind = kind
        self.service_type = service_type
        self.key = key
        """The device key; empty: in DIY mode."""
        self._state = dict(STARTS.get(kind, {"on": False}))
        self._seq = 1
        self.on_change: Callable[[dict[str, str]], None] = lambda _: None
        """Gets the TXT record of each announcement of a change."""
        self.mute = False
        """Change, and announce nothing: the datagram is lost."""
        self.parts = 1
        """Into how many fields its data is split at least; it is from 249 bytes on."""
        self.keeps_id = False
        """Leave the id out of `info`, as some models do."""
        self.data_as_text = False
        """Answer with data as a text, as firmware 3.3.0 does."""
        self.pages = False
        """Answer what it does not know with a web page, as newer firmware does."""
        self.mislabels = False
        """Call its JSON a web page, as pysonofflanr3's mock does."""
        self.tells_state = False
        """Answer every request with the state, as an S60TPF does."""
        self.lists_all = False
        """List four outlets, as a device with one does."""
        self.padding = b""
        """What its firmware adds to the text before it encrypts it."""
        self.extra: dict[str, Any] = {}
        """More that it reports."""
        self.overload = Overload()
        self.resets = 0
        """Connections that are reset, as the only one it can serve is still in use."""

    @property
    def txt(self) -> dict[str, str]:
        """The TXT record of now."""
        return self.record(self.params())

    def record(self, params: dict[str, Any]) -> dict[str, str]:
        """Return the TXT record with this state, or what has changed of it."""
        data = json.dumps(params)
        kind = TYPES.get(self.kind, self.kind)
        fixed = {"txtvers": "1", "id": self.identity, "type": kind, "apivers": "1"}
        if self.key:
            iv, data = self.encrypt(data.encode())
            fixed |= {"encrypt": "true", "iv": iv}
        size = min(249, -(-len(data) // self.parts))
        fields = {
            f"data{n + 1}": data[n * size : (n + 1) * size] for n in range(-(-len(data) // size))
        }
        return {**fixed, "seq": str(self._seq), **fields}

    def params(self) -> dict[str, Any]:
        """Return the state as the device reports it."""
        state, kind = self._state, self.kind
        if kind == "motor":
            return {"workMode": 2, **state, **self.extra}
        if kind == "shutter":
            return {"switch": state["word"], "setclose": state["setclose"], **self.extra}
        if kind == "fan_light":
            words = {"light": self._word("light"), "fan": self._word("on")}
            return {"sledOnline": "on", **words, "speed": state["speed"], **self.extra}
        if kind in {"air", "dust"}:
            return {**state, **self.extra}
        told: dict[str, Any] = {"sledOnline": "on", "startup": "stay", "rssi": -55}
        if kind in {"strip", "powr3", "multifun_switch"} or self.lists_all:
            told["switches"] = self.outlets()
        else:
            told["switch"] = self._word("on")
        told |= {name: state[name] for name in (*METERED, *SENSED) if name in state}
        if "level" in state:
            told |= {"brightness": state["level"], "mode": 0}
        return told | self.extra

    def outlets(self) -> list[dict[str, Any]]:
        """Return the outlets as the device lists them."""
        names = LISTED if self.lists_all else [name for name in LISTED if name in self._state]
        return [
            {"switch": self._word(name) if name in self._state else "off", "outlet": n}
            for n, name in enumerate(names)
        ]

    def _word(self, name: str) -> str:
        return "on" if self._state[name] else "off"

    def encrypt(self, text: bytes) -> tuple[str, str]:
        """Return the initialization vector and the encrypted text, both in Base64."""
        iv = os.urandom(16)
        padder = PKCS7(128).padder()
        padded = padder.update(text + self.padding) + padder.finalize()
        encryptor = self._cipher(iv).encryptor()
        encrypted = encryptor.update(padded) + encryptor.finalize()
        return b64encode(iv).decode(), b64encode(encrypted).decode()

    def decrypt(self, iv: str, text: str) -> dict[str, Any]:
        """Return the data of a request; raise ValueError if it has another key."""
        decryptor = self._cipher(b64decode(iv)).decryptor()
        padded = decryptor.update(b64decode(text)) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        return dict(json.loads(unpadder.update(padded) + unpadder.finalize()))

    def _cipher(self, iv: bytes) -> Cipher[modes.CBC]:
        key = md5(self.key.encode(), usedforsecurity=False).digest()
        return Cipher(algorithms.AES(key), modes.CBC(iv))

    @override
    def new_announcer(self) -> Announcer:
        return MdnsAnnouncer(
            Service(self.service_type, self.name, self.host, self.port, self.txt, self.name)
        )

    @override
    def apply(self, state: State) -> None:
        super().apply(state)
        self.tell(self.params())

    def tell(self, params: dict[str, Any]) -> None:
        """Announce a change: the state, or a part of it."""
        self._seq += 1
        if isinstance(self._announcer, MdnsAnnouncer):
            self._announcer.change(self.record(params), lost=self.mute)
        if not self.mute:
            self.on_change(self.record(params))

    @override
    async def up(self) -> None:
        self._seq = 1  # as after each start
        await super().up()

    @override
    def check(self, state: State) -> None:
        if set(state) - set(self._state) or not isinstance(state.get("on", False), bool):
            msg = f"not such a device's state: {state}"
            raise ValueError(msg)

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Request]:
        async for request in requests(peer.reader):
            yield request
            return

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        return message.path.removeprefix("/zeroconf/"), message.body.decode(errors="replace")

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        if self.overload.is_away():
            peer.reset()
            return
        if self.resets:
            self.resets -= 1
            peer.reset()
            return
        await asyncio.sleep(seconds(self.faults.slow))
        if not peer.silent:
            answer = self._answer(message)
            self.deliver(peer, answer.encode(keep_alive=False, odd=self.faults.odd))

    def _answer(self, request: Request) -> Answer:
        if request.method != "POST" or request.error:
            return Answer(request.error or 405)
        try:
            asked = dict(json.loads(request.body))
            error, data = self._data(asked)
        except ValueError, KeyError, TypeError:
            return self._reply(BAD_REQUEST)
        command = self.received(request)[0]
        if not error and self.faults.refuses(command):
            error = UNPROCESSABLE
        return self._reply(error) if error else self._carry_out(command, data)

    def _data(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return the error that a request deserves, and its data."""
        if asked["deviceid"] not in {self.identity, ""}:
            return OTHER_DEVICE, {}
        if self.key:
            if not asked.get("encrypt"):
                return UNAUTHORIZED, {}
            return 0, self.decrypt(asked["iv"], asked["data"])
        return 0, dict(asked["data"])

    def _carry_out(self, command: str, data: dict[str, Any]) -> Answer:
        match command, data:
            case "info", {} if not self.key:
                return self._reply(0, data=self._info())
            case "signal_strength", {} if not self.pages:
                own = {} if self.key else {"data": {"signalStrength": -55}}
                return self._reply(0, **own)
            case ("sledonline", {"sledOnline": "on" | "off"}) | ("statistics", {}):
                self.apply({})
                return self._reply(0)
        state = self._state_of(command, data)
        if state is None:
            return self._unknown()
        if not self.faults.lie:
            self.apply(state)
        return self._reply(0)

    def _state_of(self, command: str, data: dict[str, Any]) -> State | None:  # noqa: C901, PLR0911
        """Return what a command changes; None if the device does not know it."""
        lists = "switches" in self.params()
        match self.kind, command, data:
            case "shutter", "switch", {"switch": "on" | "off" | "pause" as word}:
                return {"word": word}
            case "shutter", "setclose", {"setclose": int(position)}:
                return {"setclose": position}
            case "motor", "motorTurn", {"motorTurn": 0 | 1 | 2 as turn}:
                return {"motorTurn": turn}
            case "motor", "location", {"location": int(position)}:
                return {"currLocation": position, "motorTurn": 0}
            case "fan_light", "light", {"light": "on" | "off" as word}:
                return {"light": WORDS[word]}
            case "fan_light", "fan", {"fan": "on" | "off" as word}:
                return {"on": WORDS[word]} | {n: data[n] for n in ("speed",) if n in data}
            case "th_plug", "switch", {"switch": word} if data.get("mainSwitch") != word:
                return {}  # its own thermostat decides
            case _, "switch", {"switch": "on" | "off" as word} if "switch" in self.params():
                return {"on": WORDS[word]}
            case _, "switches", {"switches": list(switches)} if lists:
                return {LISTED[each["outlet"]]: WORDS[each["switch"]] for each in switches}
            case "diylight", "dimmable", {"switch": "on", "brightness": int(level), "mode": 0}:
                return {"on": True, "level": level} if 1 <= level <= 100 else None
        return None

    def _unknown(self) -> Answer:
        if self.pages:
            return Answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
        return self._reply(UNPROCESSABLE)

    def _info(self) -> Any:
        own_id = {} if self.keeps_id else {"deviceid": self.identity}
        info = {**self.params(), "fwVersion": "3.6.0", "ssid": "Anna's WLAN", **own_id}
        return json.dumps(info) if self.data_as_text else info

    def _reply(self, error: int, **more: Any) -> Answer:
        if self.tells_state and not error and self.key:
            iv, data = self.encrypt(json.dumps(self.params()).encode())
            more = {"iv": iv, "data": data, "encrypt": True}
        body = {"seq": self._seq, "error": error, **more}
        kind = "text/html" if self.mislabels else "application/json"
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        return Answer(body=json.dumps(body).encode(), headers=headers)


def from_options(options: argparse.Namespace) -> SonoffEmulator:
    """Make the device that the command line asks for."""
    own_id = {"id": options.id} if options.id else {}
    return SonoffEmulator(options.host, options.port, announce=options.announce, **own_id)


if __name__ == "__main__":
    given = parser(__doc__, port=8081, name="").parse_args()
    asyncio.run(run(from_options(given), given))
