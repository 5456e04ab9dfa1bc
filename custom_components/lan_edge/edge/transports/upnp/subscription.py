"""A subscription to the events of a service (GENA), renewed and replaced until it is ended.

UPnP Device Architecture 1.1, section 4. If a SUBSCRIBE is refused or not answered, it is tried
again later.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
import re
from typing import override

from ...callbacks.registration import CallbackRegistration
from ...callbacks.request import CallbackRequest
from ...diagnostics.trace import MAX_ENTRY
from ...errors import EdgeError, ReplyError
from ...timing.excused import excused_timeout
from ..base import Link
from ..http.http import Http
from .events import UpnpEvent, propertyset

LEASE = 1800
"""Seconds for which a subscription is requested."""
MIN_LEASE = 1
"""The shortest lease that is respected, in seconds; a shorter one would keep us busy."""
FIRST_RETRY, MAX_RETRY = 10.0, 600.0
"""Seconds until a failed SUBSCRIBE is tried again: first, and at most; doubled each time."""
MIN_INTERVAL = 5.0
"""Seconds between two tries, however often the device is announced."""
ANSWER_TIMEOUT = 5.0
"""Seconds for the answer to a SUBSCRIBE."""
LAST_SEQUENCE = 2**32 - 1


class Subscription:
    """One subscription: renewed at half its lease, and replaced when it is lost."""

    def __init__(
        self,
        http: Http,
        link: Link,
        callback: CallbackRegistration,
        service: str,
        path: str,
        *,
        on_sid: Callable[[Subscription], None] = lambda _: None,
    ) -> None:
        self._http = http
        self._link = link
        self._callback = callback
        self._service = service
        self._path = path
        self._on_sid = on_sid
        self.sid = ""
        self._retry = FIRST_RETRY
        self._expected: int | None = None
        """The next event's sequence number."""
        self._stop_listening: Callable[[], None] = lambda: None
        self.due = asyncio.Event()
        """Set to renew it early."""
        self.live = False
        """Whether events have come: a lease alone does not show that they can reach us."""

    @override
    def __repr__(self) -> str:
        return f"subscription to {self._service}"

    async def keep(self) -> None:
        """Stay subscribed until cancelled."""
        while True:
            self.due.clear()
            delay = await self._subscribe_or_renew()
            await asyncio.sleep(min(delay, MIN_INTERVAL))
            with suppress(TimeoutError):
                async with asyncio.timeout(delay - MIN_INTERVAL):
                    await self.due.wait()

    async def end(self) -> None:
        """Unsubscribe."""
        sid = self.sid
        self._forget()
        if sid:
            with suppress(EdgeError):
                headers = {"SID": sid}
                await self._http.request("UNSUBSCRIBE", self._path, headers=headers, again=True)

    async def _subscribe_or_renew(self) -> float:
        """Return the seconds until this is due again."""
        was_subscribed = bool(self.sid)
        try:
            async with excused_timeout(ANSWER_TIMEOUT, self._link.pacing.held):
                delay = await (self._renew() if was_subscribed else self._subscribe()) / 2
        except Exception as err:  # noqa: BLE001  # whatever it is, the next try may succeed
            self._link.trace.add("events", f"{self._service}: {str(err) or 'no answer'}")
            self._forget()
            return 0 if was_subscribed else self._next_retry()
        self._retry = FIRST_RETRY
        return delay

    def _next_retry(self) -> float:
        """Return the seconds until the next try, twice as long each time."""
        delay, self._retry = min(self._retry, MAX_RETRY), min(2 * self._retry, MAX_RETRY)
        return delay

    async def _subscribe(self) -> float:
        """Return the lease in seconds; raise an EdgeError."""
        with self._callback.subscribing():
            url = await self._callback.url()
            answer = await self._request({"CALLBACK": f"<{url}>", "NT": "upnp:event"})
            if not (sid := answer.get("SID", "")):
                raise ReplyError(t"SUBSCRIBE {self._path}: answered without a SID")
            self._expected = 0
            self._listen(sid)
        return lease(answer.get("TIMEOUT", ""))

    async def _renew(self) -> float:
        """Return the lease in seconds; raise an EdgeError."""
        answer = await self._request({"SID": self.sid})
        if (sid := answer.get("SID") or self.sid) != self.sid:
            self._listen(sid)
        return lease(answer.get("TIMEOUT", ""))

    async def _request(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Send a SUBSCRIBE; return the headers of the answer."""
        headers = {**headers, "TIMEOUT": f"Second-{LEASE}"}
        request = self._http.request("SUBSCRIBE", self._path, headers=headers, again=True)
        return (await request).headers

    def _listen(self, sid: str) -> None:
        self._stop_listening()
        self.sid = sid
        self._on_sid(self)
        self._stop_listening = self._callback.listen(sid, self._notified)

    def lost(self) -> None:
        """Take note that the device has ended it, and subscribe again soon."""
        self._forget()
        self.due.set()

    def _forget(self) -> None:
        stop, self._stop_listening = self._stop_listening, lambda: None
        stop()  # only once: another subscription may get the same SID
        self.sid = ""
        self.live = False

    def _notified(self, request: CallbackRequest) -> None:
        body = request.body[:MAX_ENTRY]
        self._link.trace.add("received", f"NOTIFY {self._service} {body!r}")
        if not self.live:  # no event reported what changed before the subscription
            self._link.on_missed()
        self.live = True
        is_newer = self._take_sequence(request.headers.get("SEQ", ""))
        try:
            variables = propertyset(request.body)
        except ReplyError:
            self._link.count_oddity("event")
            self._link.on_missed()
            return
        if is_newer:
            self._link.on_message(UpnpEvent(self._service, variables))

    def _take_sequence(self, sequence: str) -> bool:
        """Return whether an event is newer than all before; report missed ones."""
        if not re.fullmatch(r"\d{1,10}", sequence) or self._expected is None:
            return True  # a device that does not number its events
        number, expected = int(sequence), self._expected
        if number not in (0, expected):  # 0: the device starts over, with all variables
            self._link.count_oddity("event out of sequence")
            self._link.on_missed()
            if 0 < (expected - number) % LAST_SEQUENCE < LAST_SEQUENCE // 2:
                return False
        self._expected = 1 if number >= LAST_SEQUENCE else number + 1
        return True


def lease(timeout: str) -> float:
    """Return the seconds that a TIMEOUT header grants, within MIN_LEASE and LEASE."""
    granted = re.search(r"\d{1,9}", timeout)
    return min(max(int(granted[0]), MIN_LEASE), LEASE) if granted else LEASE
