"""A Sonoff switch in DIY mode, as its maker's API has it: https://sonoff.tech/diy-developer/ (2.2).

Commands are POST requests with JSON at `/zeroconf/`, each on a connection of its own. Its state is
in its mDNS TXT record, which is announced anew, by itself, when it changes.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
import json
from typing import Any, override

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_ewelink._tcp.local."
WORDS = {"on": True, "off": False}
BAD_REQUEST, UNPROCESSABLE = 400, 422


class SonoffEmulator(EmulatedDevice[Request]):
    """A switch; its state is `{"on": bool}`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "1000abcdef",  # noqa: A002 - the protocol's word
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id, f"eWeLink_{id}", announce=announce)
        self._state = {"on": False}
        self._seq = 1
        self.on_change: Callable[[dict[str, str]], None] = lambda _: None
        """Gets the TXT record of each announcement of a change."""
        self.mute = False
        """Change, and announce nothing: the datagram is lost."""
        self.parts = 1
        """Into how many fields its data is split; real ones do that from 249 bytes on."""
        self.keeps_id = False
        """Leave the id out of `info`, as some models do."""

    @property
    def txt(self) -> dict[str, str]:
        """The TXT record of now."""
        data = json.dumps({"startup": "stay", "switch": self._word(), "rssi": -55})
        size = -(-len(data) // self.parts)
        fields = {f"data{n + 1}": data[n * size : (n + 1) * size] for n in range(self.parts)}
        fixed = {"txtvers": "1", "id": self.identity, "type": "diy_plug", "apivers": "1"}
        return {**fixed, "seq": str(self._seq), **fields}

    def _word(self) -> str:
        return "on" if self._state["on"] else "off"

    @override
    def new_announcer(self) -> Announcer:
        return MdnsAnnouncer(
            Service(SERVICE_TYPE, self.name, self.host, self.port, self.txt, self.name)
        )

    @override
    def apply(self, state: State) -> None:
        super().apply(state)
        self._seq += 1
        if isinstance(self._announcer, MdnsAnnouncer):
            self._announcer.change(self.txt, lost=self.mute)
        if not self.mute:
            self.on_change(self.txt)

    @override
    def check(self, state: State) -> None:
        if set(state) - {"on"} or not isinstance(state.get("on", False), bool):
            msg = f"not a switch's state: {state}"
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
        await asyncio.sleep(seconds(self.faults.slow))
        if not peer.silent:
            self.deliver(peer, self._answer(message).encode(keep_alive=False))

    def _answer(self, request: Request) -> Answer:
        if request.method != "POST" or request.error:
            return Answer(request.error or 405)
        try:
            asked = json.loads(request.body)
            data = dict(asked["data"])
        except ValueError, KeyError, TypeError:
            return self._reply(BAD_REQUEST)
        if self.faults.refuses(self.received(request)[0]):
            return self._reply(UNPROCESSABLE)
        match request.path, data:
            case "/zeroconf/info", {}:
                return self._reply(0, data=self._info())
            case "/zeroconf/switch", {"switch": "on" | "off" as word}:
                if not self.faults.lie:
                    self.apply({"on": WORDS[word]})
                return self._reply(0)
        return self._reply(UNPROCESSABLE)

    def _info(self) -> dict[str, Any]:
        own_id = {} if self.keeps_id else {"deviceid": self.identity}
        return {"switch": self._word(), "startup": "stay", "fwVersion": "3.6.0", **own_id}

    def _reply(self, error: int, **more: Any) -> Answer:
        body = {"seq": self._seq, "error": error, **more}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return Answer(body=json.dumps(body).encode(), headers=headers)


def from_options(options: argparse.Namespace) -> SonoffEmulator:
    """Make the switch that the command line asks for."""
    own_id = {"id": options.id} if options.id else {}
    return SonoffEmulator(options.host, options.port, announce=options.announce, **own_id)


if __name__ == "__main__":
    given = parser(__doc__, port=8081, name="").parse_args()
    asyncio.run(run(from_options(given), given))
