"""UPnP eventing as a device does it: SUBSCRIBE answered, NOTIFY sent in order, leases ended."""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass, field
import re
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

from tests.clock import now

from .http_messages import Answer, Request

PRECONDITION_FAILED = 412
NOTIFY_TIMEOUT = 2.0


@dataclass
class Subscriber:
    """One subscription; `told` is what it was told last."""

    service: str
    callback: SplitResult
    sid: str = field(default_factory=lambda: f"uuid:{uuid4()}")
    expires: float = 0.0
    sequence: int = 0


class Publisher:
    """The eventing of one device."""

    def __init__(self) -> None:
        self.subscribers: dict[str, Subscriber] = {}
        self.log: list[str] = []
        """SUBSCRIBE, RENEW, UNSUBSCRIBE, and NOTIFY with its status, as they happened."""
        self.lease = 1801
        """Seconds that are granted."""
        self.early = False
        """Send the first event before the answer to its SUBSCRIBE."""
        self.refuse = 0
        """Answer each SUBSCRIBE with this status."""
        self.lose = 0
        """Lose so many of the next events, after they were counted."""
        self.plain = False
        """Send to the root, whatever the callback's path: some firmware forgets it."""
        self.instead: bytes | None = None
        """Say this in each event."""
        self._order = asyncio.Lock()

    async def answer(
        self, host: str, service: str, request: Request, variables: Mapping[str, str]
    ) -> Answer:
        """Carry out a SUBSCRIBE or UNSUBSCRIBE; `variables` are told at first."""
        sid = request.headers.get("sid", "")
        if request.method == "UNSUBSCRIBE":
            self.log.append("UNSUBSCRIBE")
            gone = self.subscribers.pop(sid, None)
            return Answer() if gone else Answer(PRECONDITION_FAILED)
        self.log.append("RENEW" if sid else "SUBSCRIBE")
        if self.refuse:
            return Answer(self.refuse)
        if sid:
            subscriber = self._alive().get(sid)
            return self._grant(subscriber) if subscriber else Answer(PRECONDITION_FAILED)
        callback = re.match("<(http://[^>]*)>", request.headers.get("callback", ""))
        if not callback or request.headers.get("nt") != "upnp:event":
            return Answer(PRECONDITION_FAILED)
        subscriber = Subscriber(service, urlsplit(callback[1]))
        self.subscribers[subscriber.sid] = subscriber
        granted = self._grant(subscriber)
        if self.early:
            await self.notify(host, service, variables, subscriber)
        return granted

    async def greet(self, host: str, answer: Answer, variables: Mapping[str, str]) -> None:
        """Send the first event of the subscription that an answer granted."""
        subscriber = self.subscribers.get(answer.headers.get("SID", ""))
        if subscriber and not subscriber.sequence and not self.early:
            await self.notify(host, subscriber.service, variables, subscriber)

    async def notify(
        self,
        host: str,
        service: str,
        variables: Mapping[str, str],
        only: Subscriber | None = None,
    ) -> None:
        """Send an event to those who subscribed to the service, or only to one of them."""
        async with self._order:
            chosen = [only] if only else list(self._alive().values())
            for subscriber in chosen:
                if subscriber.service == service:
                    await self._send(host, subscriber, variables)

    def expire(self) -> None:
        """Forget every subscription, as after a loss of power."""
        self.subscribers.clear()

    def _grant(self, subscriber: Subscriber) -> Answer:
        subscriber.expires = now() + self.lease
        headers = {"SID": subscriber.sid, "TIMEOUT": f"Second-{self.lease}"}
        return Answer(headers=headers)

    def _alive(self) -> dict[str, Subscriber]:
        at = now()
        self.subscribers = {k: s for k, s in self.subscribers.items() if s.expires > at}
        return self.subscribers

    async def _send(self, host: str, subscriber: Subscriber, variables: Mapping[str, str]) -> None:
        sequence, subscriber.sequence = subscriber.sequence, subscriber.sequence + 1
        if self.lose:
            self.lose -= 1
            return
        body = propertyset(variables) if self.instead is None else self.instead
        path = "/" if self.plain else subscriber.callback.path or "/"
        head = [
            f"NOTIFY {path} HTTP/1.1",
            f"HOST: {subscriber.callback.netloc}",
            'CONTENT-TYPE: text/xml; charset="utf-8"',
            f"CONTENT-LENGTH: {len(body)}",
            "NT: upnp:event",
            "NTS: upnp:propchange",
            f"SID: {subscriber.sid}",
            f"SEQ: {sequence}",
        ]
        status = 0
        with contextlib.suppress(OSError, TimeoutError, ValueError, IndexError):
            async with asyncio.timeout(NOTIFY_TIMEOUT):
                data = "\r\n".join([*head, "", ""]).encode() + body
                status = await _exchange(host, subscriber.callback, data)
        self.log.append(f"NOTIFY {status}")
        if status == PRECONDITION_FAILED:
            self.subscribers.pop(subscriber.sid, None)


def propertyset(variables: Mapping[str, str]) -> bytes:
    """Return the body of an event."""
    told = "".join(
        f"<e:property>\n<{name}>{escape(value)}</{name}>\n</e:property>\n"
        for name, value in variables.items()
    )
    namespace = "urn:schemas-upnp-org:event-1-0"
    return f'<e:propertyset xmlns:e="{namespace}">\n{told}</e:propertyset>\r\n\r\n'.encode()


async def _exchange(host: str, callback: SplitResult, data: bytes) -> int:
    reader, writer = await asyncio.open_connection(
        callback.hostname, callback.port, local_addr=(host, 0)
    )
    try:
        writer.write(data)
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
