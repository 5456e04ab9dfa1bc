"""The LAN guide's REST switch: GET and POST /switch, `on` or `off`; found by mDNS."""

import argparse
import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any, override
from uuid import uuid4

from .command_line import parser, run
from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_relay._tcp.local."
MODEL = "RS-1"
WORDS = {b"on": True, b"off": False}


class RestSwitchEmulator(EmulatedDevice[Request]):
    """A switch; its state is `{"on": bool}`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str | None = None,  # noqa: A002 - the protocol's word
        name: str = "Demo relay",
        announce: bool = False,
        login: str = "",
    ) -> None:
        """`login`, such as `user:password`, is asked for by HTTP's Basic login."""
        own_id = id or f"relay-{uuid4().hex[:8]}"
        super().__init__(host, port, own_id, name, announce=announce)
        self.also_listed: tuple[str, ...] = ()
        """More addresses that mDNS lists after the true one."""
        self._state = {"on": False}
        self._authorization = f"Basic {b64encode(login.encode()).decode()}" if login else ""

    @override
    def new_announcer(self) -> Announcer:
        txt = {"id": self.identity, "model": MODEL}
        return MdnsAnnouncer(
            Service(
                SERVICE_TYPE,
                self.name,
                self.host,
                self.port,
                txt,
                self.id,
                self.also_listed,
            )
        )

    @override
    def check(self, state: State) -> None:
        if set(state) - {"on"} or not isinstance(state.get("on", False), bool):
            msg = f"not a switch's state: {state}"
            raise ValueError(msg)

    @override
    def read(self, peer: Peer) -> AsyncIterator[Request]:
        return requests(peer.reader)

    @override
    def received(self, message: Request) -> tuple[str, Any]:
        body = message.body.decode(errors="replace")
        return message.method, {"path": message.path, "body": body}

    @override
    async def answer(self, peer: Peer, message: Request) -> None:
        await asyncio.sleep(seconds(self.faults.slow))
        if peer.silent:
            return
        answer = self._answer(message)
        self.deliver(peer, answer.encode(keep_alive=message.keep_alive, odd=self.faults.odd))

    def _answer(self, request: Request) -> Answer:
        if instead := self.faults.override:
            return Answer(instead.status, instead.body, instead.headers)
        if self.faults.refuses(request.method):
            return Answer(500, b"refused")
        if request.error:
            return Answer(request.error)
        if self._authorization not in {"", request.headers.get("authorization")}:
            return Answer(401, headers={"WWW-Authenticate": 'Basic realm="switch"'})
        if request.path != "/switch":
            return Answer(404)
        return self._switch(request)

    def _switch(self, request: Request) -> Answer:
        if request.method == "GET":
            return self._word(on=self._state["on"])
        if request.method != "POST":
            return Answer(405, headers={"Allow": "GET, POST"})
        if (wanted := WORDS.get(request.body)) is None:
            return Answer(400, b"on or off")
        if not (self.faults.lie or self.faults.ignore):
            self.apply({"on": wanted})
        return self._word(on=self._state["on"] if self.faults.ignore else wanted)

    def _word(self, *, on: bool) -> Answer:
        return Answer(body=b"on" if on else b"off")


def from_options(options: argparse.Namespace) -> RestSwitchEmulator:
    """Make the switch that the command line asks for."""
    switch = RestSwitchEmulator(
        options.host,
        options.port,
        id=options.id,
        name=options.name,
        announce=options.announce,
    )
    switch.also_listed = tuple(options.also_listed)
    return switch


if __name__ == "__main__":
    words = parser(__doc__, port=8080, name="Demo relay")
    words.add_argument("--also-listed", nargs="*", default=[], metavar="ADDRESS")
    given = words.parse_args()
    asyncio.run(run(from_options(given), given))
