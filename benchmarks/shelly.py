"""A simulated Shelly of the second generation with one relay: JSON-RPC over a WebSocket."""

from base64 import b64encode
from hashlib import sha1
import struct
import time
from typing import Any, override

import orjson

from .devices import LineDevice, Lines

MODEL = "SNSW-001X16EU"
FIRMWARE = "20250924-062729/1.7.1-gd336f31"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, PING, PONG = 0x81, 0x89, 0x8A
SHORT = 126


class WebSocket(Lines):
    """One connection; each request is one short, masked frame."""

    _open = False

    @override
    def data_received(self, data: bytes) -> None:
        at = time.monotonic()
        self._rest += data
        if not self._open:
            self._shake_hands()
        while self._open and (first := unframed(self._rest)):
            kind, message, self._rest = first
            if kind == PING:
                self.transport.write(frame(message, PONG))
            elif kind == TEXT and not self._device.frozen:
                self.transport.write(self._device.reply(at, orjson.loads(message)))

    def _shake_hands(self) -> None:
        head, end, self._rest = self._rest.partition(b"\r\n\r\n")
        if not end:
            self._rest = head
            return
        lines = (line.partition(b":") for line in head.split(b"\r\n"))
        key = next(v.strip() for k, _, v in lines if k.lower() == b"sec-websocket-key")
        accept = b64encode(sha1(key + GUID, usedforsecurity=False).digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self.transport.write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self._open = True


class Shelly(LineDevice):
    """Replies to the requests of Home Assistant's integration at set-up; its relay is its light."""

    protocol = WebSocket

    @override
    def reply(self, at: float, request: Any) -> bytes:
        push, method = b"", request["method"]
        if method == "Switch.Set":
            self.commanded(at, on=request["params"]["on"])
            push = self.report(0)
        reply = {"id": request["id"], "src": self._name, "dst": request["src"]}
        return frame(orjson.dumps(reply | {"result": self._result(method)})) + push

    @override
    def report(self, component: int) -> bytes:
        self.reporting()
        changed = {"ts": 1.0, "switch:0": {"id": 0, "output": self.on, "source": "button"}}
        push = {"src": self._name, "method": "NotifyStatus", "params": changed}
        return frame(orjson.dumps(push))

    @property
    def _name(self) -> str:
        return f"shellyplus1-{self.id}"

    def _result(self, method: str) -> Any:
        mac = self.id.upper()
        match method:
            case "Shelly.GetDeviceInfo":
                info = {"id": self._name, "mac": mac, "model": MODEL, "app": "Plus1", "gen": 2}
                return info | {"fw_id": FIRMWARE, "ver": "1.7.1", "name": None, "auth_en": False}
            case "Shelly.GetConfig":
                device = {"name": None, "mac": mac, "fw_id": FIRMWARE}
                off = {"enable": False}
                rest = {"wifi": {"ap": off, "sta": {"enable": True}, "sta1": off}, "ws": off}
                return {"sys": {"device": device, "cfg_rev": 1}, "switch:0": {"id": 0}, **rest}
            case "Shelly.GetStatus":
                system = {"mac": mac, "restart_required": False, "available_updates": {}}
                wifi = {"sta_ip": self.address, "status": "got ip", "rssi": -60}
                relay = {"id": 0, "output": self.on, "source": "init"}
                return {"sys": system | {"uptime": 1}, "wifi": wifi, "switch:0": relay}
            case "Shelly.GetComponents":
                return {"components": [], "cfg_rev": 1, "offset": 0, "total": 0}
            case "Shelly.ListMethods":
                return {"methods": ["Switch.Set"]}
            case _:
                return {"was_on": self.on}


def frame(data: bytes, kind: int = TEXT) -> bytes:
    """Return a frame as a server sends it."""
    size = len(data)
    head = bytes((kind, size)) if size < SHORT else struct.pack("!BBH", kind, SHORT, size)
    return head + data


def unframed(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Return a client's first frame (kind, content, remaining data); None if it is incomplete."""
    if len(data) < 2:  # noqa: PLR2004
        return None
    size, at = data[1] & 0x7F, 2
    if size == SHORT:
        if len(data) < 4:  # noqa: PLR2004
            return None
        size, at = struct.unpack_from("!H", data, 2)[0], 4
    end = at + 4 + size
    if len(data) < end:
        return None
    mask = data[at : at + 4] * (size // 4 + 1)
    message = bytes(a ^ b for a, b in zip(data[at + 4 : end], mask, strict=False))
    return data[0], message, data[end:]
