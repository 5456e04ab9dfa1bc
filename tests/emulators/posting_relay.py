"""A relay by HTTP with JSON, which posts each change to the URL that it is given.

`GET /relay` returns `{"serial": ..., "on": ...}`, `PUT /relay` takes `{"on": ...}`, and
`PUT /report` takes `{"url": ...}`, which a restart forgets. It is found by mDNS.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
import json
from typing import Any, override

import aiohttp

from .device import Announcer, EmulatedDevice, State
from .faults import seconds
from .http_messages import Answer, Request, requests
from .listener import Peer
from .mdns import MdnsAnnouncer, Service

SERVICE_TYPE = "_posting-relay._tcp.local."
JSON = {"Content-Type": "application/json"}
POSTED_WITHIN = aiohttp.ClientTimeout(total=3)


class PostingRelay(EmulatedDevice[Request]):
    """The relay; its state is `{"on": bool}`."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        id: str = "relay-1",  # noqa: A002  # the protocol's word
        name: str = "Posting relay",
        announce: bool = False,
    ) -> None:
        super().__init__(host, port, id, name, announce=announce)
        self._state = {"on": False}
        self.url = ""
        """Where it posts."""
        self.urls = list[str]()
        """All that it was given."""
        self.statuses = list[int]()
        """The status of each answer to what it has posted."""

    @override
    def new_announcer(self) -> Announcer:
        txt = {"serial": self.identity}
        return MdnsAnnouncer(Service(SERVICE_TYPE, self.name, self.host, self.port, txt, self.id))

    @override
    async def down(self) -> None:
        self.url = ""
        await super().down()

    @override
    def check(self, state: State) -> None:
        if set(state) - {"on"} or not isinstance(state.get("on", False), bool):
            raise ValueError(f"not a relay's state: {state}")

    @override
    def apply(self, state: State) -> None:
        super().apply(state)
        if self.url and not self.faults.silent:
            self.in_background(self._post(self.url, json.dumps(state).encode()))

    async def _post(self, url: str, body: bytes) -> None:
        with suppress(aiohttp.ClientError, TimeoutError):
            await self.post(url, body)

    async def post(self, url: str, body: bytes) -> int:
        """Post anything to a URL; return the status of the answer."""
        self.statuses.append(status := await posted(url, body, self.host))
        return status

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
        if self.faults.refuses(request.method):
            return Answer(500, b"refused")
        match request.method, request.path:
            case "PUT", "/relay":
                if not (self.faults.lie or self.faults.ignore):
                    self.apply({"on": json.loads(request.body)["on"]})
            case "PUT", "/report":
                self.url = json.loads(request.body)["url"]
                self.urls.append(self.url)
            case "GET", "/relay":
                pass
            case _:
                return Answer(request.error or 404)
        told = {"serial": self.identity, **self._state}
        return Answer(body=json.dumps(told).encode(), headers=JSON)


async def posted(url: str, body: bytes, host: str) -> int:
    """Post a body to a URL from an address; return the status of the answer."""
    connector = aiohttp.TCPConnector(local_addr=(host, 0))
    async with (
        aiohttp.ClientSession(connector=connector, timeout=POSTED_WITHIN) as session,
        session.post(url, data=body, headers=JSON) as answer,
    ):
        return answer.status
