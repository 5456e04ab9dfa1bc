"""Xiaomi devices: miIO and MIoT by UDP, as OpenMiHome's notes and the logs of their users have it.

Written from the protocol, not from the driver:
- hello, 32 bytes, is answered with the id and the clock, which counts the seconds since the start,
  and with the token by a device that is not set up yet (aholstenson/miio#92);
- all else has the clock of then and a number: what is from another time is ignored, and so is a
  number that was there lately (rytilahti/python-miio#210);
- a device has no answer to another token, or one that is encrypted with its own;
- the radio module answers -9999 if its controller is asked for too much (python-miio#1940).
python-miio, which we did not write, has talked to it: see the page of the family.
"""

import asyncio
from hashlib import md5
import json
import struct
from typing import Any, Literal, Self, override

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tests.clock import now

from .faults import Faults
from .overload import Overload
from .wiz import Request

PORT = 54321
TOKEN = "00112233445566778899aabbccddeeff"
DID = 266842018
WINDOW = 10
"""Seconds that the clock of a request may be off."""
REPEATED = 5.0
"""Seconds for which a number is not taken again."""
PLUG = {"2.1": False, "11.2": 12}
PURIFIER = {
    "2.1": False,
    "2.4": 0,
    "2.5": 1,
    "3.1": 40,
    "3.4": 7,
    "3.7": 21.5,
    "4.1": 88,
}
type Place = tuple[str, int]


def _md5(*parts: bytes) -> bytes:
    return md5(b"".join(parts), usedforsecurity=False).digest()


def sealed(token: bytes, did: int, stamp: int, text: bytes) -> bytes:
    """Return a message as it is sent."""
    key = _md5(token)
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(_md5(key, token))).encryptor()
    padded = padder.update(text) + padder.finalize()
    content = encryptor.update(padded) + encryptor.finalize()
    head = struct.pack(">HHIII", 0x2131, 32 + len(content), 0, did, stamp)
    return head + _md5(head, token, content) + content


def opened(token: bytes, data: bytes) -> bytes | None:
    """Return the text of a message; None if it has another token."""
    if data[16:32] != _md5(data[:16], token, data[32:]):
        return None
    key = _md5(token)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(_md5(key, token))).decryptor()
    unpadder = PKCS7(128).unpadder()
    padded = decryptor.update(data[32:]) + decryptor.finalize()
    return (unpadder.update(padded) + unpadder.finalize()).rstrip(b"\0")


class MiotEmulator:
    """One device; an async context manager. Its properties are by number, or else by name."""

    def __init__(
        self,
        points: dict[str, Any] | None = None,
        *,
        model: str = "cuco.plug.v3",
        host: str = "127.0.0.1",
        port: int = 0,
        did: int = DID,
        token: str = TOKEN,
    ) -> None:
        self.model = model
        self.host, self.port = host, port
        self.id = str(did)
        self.token = token
        self.points = dict(PLUG if points is None else points)
        self.faults = Faults()
        self.log: list[Request] = []
        self.hellos = 0
        self.tells_token = False
        """Whether it is not set up yet."""
        self.answers_strangers = False
        """Whether it answers another token, encrypted with its own."""
        self.least, self.most = 0, 99
        """How few and how many properties it can read at once."""
        self.only_first = False
        """Whether it has an internal error for all but the first of several."""
        self.codes: dict[str, int] = {}
        """The error that each of these properties has."""
        self.refusals: dict[str, int] = {}
        self.lacks = ""
        """The property for which it refuses a whole request."""
        """The error that each of these requests has."""
        self.texts: dict[str, bytes] = {}
        """The text of the answer to each of these requests."""
        self.overload = Overload()
        self.lost = self.lost_answers = 0
        """So many of the next requests, or answers, get lost."""
        self.only_when_on: set[str] = set()
        """The requests that it refuses while it is off."""
        self.effects: dict[str, dict[str, Any]] = {}
        """What each of these actions does to its properties."""
        self.setters = SETTERS
        self.carried_out: list[tuple[str, Any]] = []
        self._seen: dict[int, float] = {}
        self._booted = 0.0
        self._open: list[asyncio.DatagramTransport] = []

    # its life

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self) -> None:
        """Be there; its clock begins now."""
        self._booted = now()
        self._seen.clear()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Ear(self), local_addr=(self.host, self.port)
        )
        self.port = transport.get_extra_info("sockname")[1]
        self._open.append(transport)

    async def down(self) -> None:
        """Be gone without a word."""
        for transport in self._open:
            transport.abort()
        self._open.clear()
        await asyncio.sleep(0)

    async def restart(self, down: float = 0.0) -> None:
        """Lose its power for so many seconds."""
        await self.down()
        await asyncio.sleep(down)
        await self.up()

    async def move(self, host: str, *, old: Literal["silent", "closed"] = "silent") -> None:
        """Go on at another address; nobody answers at the old one."""
        del old
        await self.down()
        self.host = host
        await self.up()

    async def change(self, *, on: bool | None = None, **points: Any) -> float:
        """Change the state at the device itself; return when."""
        if on is not None:
            self.points[self.switch] = self.word(on)
        self.points |= points
        return now()

    @property
    def switch(self) -> str:
        """Which of its properties is the switch."""
        names = ("2.1", "2.2", "power", "on", "OnOff_State")
        flags = (True, False, "on", "off", 0, 1)
        return next(n for n in names if n in self.points and self.points[n] in flags)

    def word(self, on: bool) -> Any:
        """Return on or off as it has it."""
        known = self.points[self.switch]
        return ("on" if on else "off") if isinstance(known, str) else type(known)(on)

    @property
    def state(self) -> dict[str, Any]:
        """The state in the contract's words, and in its own."""
        on = self.points[self.switch] in (True, "on") if "state" not in self.points else None
        return {"on": on, **self.points}

    @property
    def did(self) -> int:
        """The id that it has now."""
        return int(self.faults.impostor or self.id)

    @property
    def clock(self) -> int:
        """The seconds since it has started."""
        return int(now() - self._booted)

    # messages

    def take(self, data: bytes, sender: Place) -> None:
        """Answer a message, if it is one."""
        if self.faults.silent or len(data) < 32 or self.overload.is_away():
            return
        if len(data) == 32:
            self.hellos += 1
            check = bytes.fromhex(self.token) if self.tells_token else b"\xff" * 16
            head = struct.pack(">HHIII", 0x2131, 32, 0, self.did, self.clock)
            self._send(head + check, sender)
            return
        token = bytes.fromhex(self.token)
        text = opened(token, data)
        if text is None:
            if self.answers_strangers:
                refusal = b'{"id":1,"error":{"code":-1,"message":"token"}}'
                self._send(sealed(token, self.did, self.clock, refusal), sender)
            return
        did, stamp = struct.unpack(">II", data[8:16])
        request = json.loads(text)
        is_repeated = now() - self._seen.get(request["id"], -REPEATED) < REPEATED
        if did != self.did or abs(stamp - self.clock) > WINDOW or is_repeated:
            return
        if self.lost:
            self.lost -= 1
            return
        self._seen[request["id"]] = now()
        self.log.append(Request(now(), request["method"], request["params"]))
        self._answer(request, sender)

    def _answer(self, request: dict[str, Any], sender: Place) -> None:
        method = request["method"]
        text: bytes | None = self.texts.get(method)
        if text is None:
            result = self._result(method, request["params"])
            text = json.dumps({"id": request["id"], **result}).encode()
        if self.faults.rewrite is not None:
            text = self.faults.rewrite(method, text)
        if text is None:
            return
        if self.lost_answers:
            self.lost_answers -= 1
            return
        answer = sealed(bytes.fromhex(self.token), self.did, self.clock, text)
        for _ in range(self.faults.repeat):
            if late := self.faults.late_answers.get(method):
                asyncio.get_running_loop().call_later(late, self._send, answer, sender)
            else:
                self._send(answer, sender)

    def _send(self, data: bytes, to: Place) -> None:
        if self._open:
            self._open[-1].sendto(data, to)

    # what it does

    def _result(self, method: str, params: Any) -> dict[str, Any]:
        """Return the result of a request, or an error."""
        code = self.refusals.get(method, 0)
        if method == "get_properties" and any(
            f"{each['siid']}.{each['piid']}" == self.lacks for each in params
        ):
            code = -4001
        if method in self.only_when_on and not self.state["on"]:
            code = -6011
        is_read = method in {"get_properties", "get_prop"}
        if is_read and not self.least <= len(params) <= self.most:
            code = -9999
        if code:
            return _error(code, "refused")
        result = self._numbered(method, params) if self.is_numbered else self._named(method, params)
        if method == "miIO.info":
            result = self._info()
        return {"result": result} if result else _error(-32601, "Method not found.")

    def _numbered(self, method: str, params: Any) -> Any:
        """Return what a request of MIoT results in; None for another."""
        match method, params:
            case "get_properties", [*asked]:
                told = [self._told(each) for each in asked]
                return [*told[:1], *map(_failed, told[1:])] if self.only_first else told
            case "set_properties", [*items]:
                return [self._taken(each) for each in items]
            case "action", {"siid": siid, "aiid": aiid, "in": []}:
                self._carry_out(f"action {siid}.{aiid}", None)
                return {"code": 0}
        return None

    def _named(self, method: str, params: Any) -> Any:
        """Return what a request of an older device results in; None for one of MIoT."""
        if method == "get_prop":
            return [self.points.get(name, "") for name in params]
        if method == "get_status" and "state" in self.points:
            return [{"msg_ver": 2, **self.points}]
        if method.lower().startswith(("set_", "s_", "app_")) and method != "set_properties":
            self._carry_out(method, params[0] if params else None)
            return ["ok"]
        return None

    @property
    def is_numbered(self) -> bool:
        """Whether it is one of MIoT."""
        return any("." in name for name in self.points)

    def _info(self) -> dict[str, Any]:
        return {
            "life": self.clock,
            "model": self.model,
            "fw_ver": "2.1.7",
            "mac": "50:EC:50:01:02:03",
            "token": self.token,
            "ap": {"ssid": "Anna's WLAN", "bssid": "02:00:00:00:00:09", "rssi": -55},
        }

    def _told(self, asked: dict[str, Any]) -> dict[str, Any]:
        at = f"{asked['siid']}.{asked['piid']}"
        code = self.codes.get(at, 0 if at in self.points else -4001)
        value = {} if code else {"value": self.points[at]}
        return {"did": asked["did"], "siid": asked["siid"], "piid": asked["piid"], "code": code} | (
            value
        )

    def _taken(self, item: dict[str, Any]) -> dict[str, Any]:
        at, value = f"{item['siid']}.{item['piid']}", item["value"]
        code = self.codes.get(at, 0)
        if at not in self.points:
            code = -4003
        elif type(value) is not type(self.points[at]):
            code = -4005
        elif not code:
            self._carry_out(at, value)
        return {"did": item["did"], "siid": item["siid"], "piid": item["piid"], "code": code}

    def _carry_out(self, what: str, value: Any) -> None:
        self.carried_out.append((what, value))
        if self.faults.lie:
            return
        if what in self.points:
            self.points[what] = value
        elif (name := self.setters.get(what)) in self.points:
            self.points[name] = value
            if name in SHOWN and "color_mode" in self.points:
                self.points["color_mode"] = SHOWN[name]
        else:
            self.points |= (FIXED | self.effects).get(what, {})


SETTERS = {
    "set_power": "power",
    "set_mode": "mode",
    "set_bright": "bright",
    "set_cct": "cct",
    "set_ct_abx": "ct",
    "set_rgb": "rgb",
    "set_speed_level": "speed_level",
    "set_angle_enable": "angle_enable",
    "s_power": "power",
    "s_speed": "speed",
    "s_mode": "mode",
    "s_roll": "roll_enable",
    "Set_OnOff": "OnOff_State",
    "Set_HumidifierGears": "Humidifier_Gear",
}
"""What requests of older devices set."""
SHOWN = {"rgb": 1, "ct": 2}
"""The mode of a lamp that shows what was set."""
FIXED: dict[str, dict[str, Any]] = {
    "set_on": {"on": True},
    "set_off": {"on": False},
    "set_usb_on": {"usb_on": True},
    "set_usb_off": {"usb_on": False},
    "app_start": {"state": 5},
    "app_stop": {"state": 3},
    "app_pause": {"state": 10},
    "app_charge": {"state": 6},
}


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _failed(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a property that could not be read."""
    return {name: told[name] for name in ("did", "siid", "piid")} | {"code": -4004}


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, device: MiotEmulator) -> None:
        self._device = device

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._device.take(data, (str(addr[0]), addr[1]))
