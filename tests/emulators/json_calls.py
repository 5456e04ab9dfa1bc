"""Devices that answer calls in JSON lines: `{"id": 1, "method": "set", "params": ...}`."""

from abc import abstractmethod
import asyncio
from dataclasses import dataclass
import json
from typing import Any, ClassVar, override

from .device import EmulatedDevice, State
from .faults import seconds
from .listener import Peer


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came; without a method if it made no sense."""

    id: Any = None
    method: str = ""
    params: Any = None
    raw: str = ""


class CallError(Exception):
    """A call to be answered with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class JsonCallEmulator(EmulatedDevice[Call]):
    """A device that answers each call with a result or an error, and pushes changes."""

    ending: ClassVar[bytes] = b"\n"
    """What ends a line."""

    def encode(self, message: dict[str, Any]) -> bytes:
        """Return a message as a line."""
        return json.dumps(message, ensure_ascii=False).encode(errors="replace") + self.ending

    @override
    def received(self, message: Call) -> tuple[str, Any]:
        return message.method, message.params if message.method else message.raw

    @override
    async def answer(self, peer: Peer, message: Call) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        wanted: State = {}
        try:
            self.admit(peer)
            result, wanted = self._outcome(message)
            reply = {"id": message.id, "result": result}
        except CallError as err:
            error = {"code": err.code, "message": err.message}
            reply = {"id": message.id, "error": error}
        self.deliver(peer, self.encode(reply))
        self.apply(wanted)

    def admit(self, peer: Peer) -> None:
        """Raise CallError if a client must not call at present."""

    @abstractmethod
    def _outcome(self, call: Call) -> tuple[Any, State]:
        """Return what to answer, and what then to change; raise CallError."""


def read_object(line: bytes) -> dict[str, Any] | None:
    """Return the JSON object in a line; None for anything else."""
    try:
        message = json.loads(line.decode())
    except ValueError, RecursionError:
        return None
    return message if isinstance(message, dict) else None
