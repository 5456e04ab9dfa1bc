"""A Kasa dimmer: JSON in an XOR cipher behind a length, on TCP; for many in one process."""

import asyncio
from collections.abc import AsyncIterator
import json
import struct
from typing import Any, override

from tests.emulators.device import Announcer, EmulatedDevice, State
from tests.emulators.faults import seconds
from tests.emulators.listener import Peer

KEY = 171
LONGEST = 4096
REFUSED = {"err_code": -1, "err_msg": "refused"}

type Json = dict[str, Any]


def cipher(data: bytes) -> bytes:
    """Return data as it is sent."""
    sent = bytearray([KEY])
    for byte in data:
        sent.append(byte ^ sent[-1])
    return bytes(sent[1:])


def plain(data: bytes) -> bytes:
    """Return what was sent as such data."""
    return bytes(a ^ b for a, b in zip(data, bytes([KEY]) + data, strict=False))


class KasaDimmer(EmulatedDevice[Json]):
    """An HS220; its state is `on` and `level`."""

    def __init__(self, host: str, port: int, *, id: str, name: str) -> None:  # noqa: A002
        super().__init__(host, port, id, name, announce=False)
        self._state = {"on": False, "level": 50}

    @override
    async def read(self, peer: Peer) -> AsyncIterator[Json]:
        try:
            while True:
                (length,) = struct.unpack(">I", await peer.reader.readexactly(4))
                if length > LONGEST:
                    return
                yield json.loads(plain(await peer.reader.readexactly(length)))
        except asyncio.IncompleteReadError, ValueError:
            return

    @override
    def received(self, message: Json) -> tuple[str, Any]:
        module, methods = next(iter(message.items()))
        method, arguments = next(iter(methods.items()))
        return f"{module}.{method}", arguments

    @override
    async def answer(self, peer: Peer, message: Json) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        reply = {
            module: {method: self._do(method, arguments) for method, arguments in methods.items()}
            for module, methods in message.items()
        }
        data = cipher(json.dumps(reply).encode())
        self.deliver(peer, struct.pack(">I", len(data)) + data)

    def _do(self, method: str, arguments: Json) -> Json:
        if self.faults.refuses(method):
            return REFUSED
        match method:
            case "get_sysinfo":
                return self._sysinfo()
            case "set_brightness":
                self._set({"level": arguments["brightness"]})
            case "set_relay_state":
                self._set({"on": bool(arguments["state"])})
            case _:
                return {"err_code": -2, "err_msg": "member not support"}
        return {"err_code": 0}

    def _set(self, state: State) -> None:
        if not (self.faults.lie or self.faults.ignore):
            self.apply(state)

    def _sysinfo(self) -> Json:
        return {
            "err_code": 0,
            "alias": self.name,
            "model": "HS220(US)",
            "sw_ver": "1.5.7",
            "mac": self.identity,
            "relay_state": int(self._state["on"]),
            "brightness": self._state["level"],
        }

    @override
    def check(self, state: State) -> None:
        if unknown := set(state) - {"on", "level"}:
            raise ValueError(f"unknown: {unknown}")

    @override
    def new_announcer(self) -> Announcer:
        raise NotImplementedError("it announces nothing")
