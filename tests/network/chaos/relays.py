"""The relays that call Home Assistant or post to it, each from its own address."""

from contextlib import suppress
import json
from typing import Any, override

from tests.clock import now
from tests.emulators.device import Received
from tests.emulators.dialing_relay import DialingRelay
from tests.emulators.faults import Faults
from tests.emulators.http_messages import Request
from tests.emulators.posting_relay import PostingRelay

from ..lab import HERE
from .body import Body, Emulated

LISTENER = f"http://{HERE}:39500/dialing-relay"
"""Where Home Assistant listens for those that it does not know yet."""
AGAIN, ALIVE = 1.0, 4.0
"""Seconds between two calls, and between two pings."""


class CallingRelay(DialingRelay, Body):
    """A relay; what it was told to keep is refused once its entry is removed."""

    def __init__(self, number: int, host: str, _port: int) -> None:
        Body.__init__(self, f"calling-{number}")
        DialingRelay.__init__(self, f"{LISTENER}/{self.unique_id}", self.unique_id, host=host)
        self.name = f"Dialing relay {self.unique_id}"
        self.faults = Faults()
        self.log = []
        self.again_after, self.heartbeat = AGAIN, ALIVE

    @override
    def next_url(self) -> str:
        """Return in turn what it was told to keep, and where strangers call."""
        return super().next_url() if self.calls % 2 else self.url

    @override
    async def _answer(self, text: str) -> None:
        request = json.loads(text)
        self.log.append(Received(now(), request["do"], request, self._host))
        self.mute = self.faults.silent
        if request["do"] == "write" and not self.mute:
            self.state["on"] = request["on"]
            self.carried_out()
        await super()._answer(text)

    @override
    async def change(self, **values: Any) -> None:
        if self.faults.silent:
            self.state.update(values)
            return
        with suppress(ConnectionError):  # it has just been closed
            await super().change(**values)

    @property
    @override
    def value(self) -> float:
        return int(self.state["on"])

    @property
    @override
    def left(self) -> dict[str, int]:
        return {"connections": int(self._send is not None)}

    @override
    async def power(self, *, on: bool) -> None:
        await self.stop()
        if on:
            await self.__aenter__()

    @override
    async def go(self, address: str) -> None:
        await self.stop()
        self._host = address
        await self.power(on=True)

    @override
    async def become(self, value: float) -> None:
        await self.change(on=bool(value))

    @override
    async def reset(self) -> None:
        """Hang up, and call again."""
        await self.power(on=self._task is not None)

    @override
    def forget(self) -> None:
        """Forget nothing: who calls knows of it."""

    @override
    async def babble(self, data: bytes) -> None:
        with suppress(ConnectionError):
            if self._send is not None:
                await self._send(data.decode("latin-1"))


class PostedRelay(Emulated[Request], PostingRelay):
    """A relay that is commanded by HTTP, and posts what it has become."""

    def __init__(self, number: int, host: str, port: int) -> None:
        Body.__init__(self, f"posting-{number}")
        name = f"Posting relay {number}"
        PostingRelay.__init__(self, host, port, id=self.unique_id, name=name)

    @override
    def state_of(self, value: float) -> dict[str, Any]:
        return {"on": bool(value)}

    @property
    @override
    def value(self) -> float:
        return int(self._state["on"])
