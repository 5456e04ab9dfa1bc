"""UPnP eventing (GENA): subscriptions to a device's services, renewed for as long as they last.

UPnP Device Architecture 1.1, section 4. A SUBSCRIBE that is refused or never answered costs
nothing but being tried again later: until events come, the driver's poll goes on.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
import re
from typing import override

from ...callbacks.registration import CallbackRegistration
from ...callbacks.request import CallbackRequest
from ...errors import EdgeError, ReplyError
from ...network.address import Address
from ...network.parsing import parse_xml
from ...timing.detached import run_detached
from ..base import Link
from ..http.http import Http, HttpOptions

LEASE = 1800
"""Seconds that a subscription is asked for."""
SHORTEST = 1
"""Seconds of a lease that are believed; a shorter one would keep us busy."""
FIRST_RETRY, RETRY = 10.0, 600.0
"""Seconds from a SUBSCRIBE that failed to the next, at first and at most: each time twice."""
AGAIN = 5.0
"""Seconds between two tries at least, however often a device, or a stranger, announces it."""
ANSWER_TIMEOUT = 5.0
FAREWELL_TIMEOUT = 1.0
"""Seconds for every UNSUBSCRIBE in all: less than a drop may last unseen."""
LAST_SEQUENCE = 2**32 - 1


@dataclass(frozen=True, slots=True)
class UpnpEvent:
    """Variables of a service that changed; the first event after a SUBSCRIBE has all of them."""

    service: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


class Subscriptions:
    """A device's subscriptions, on connections of their own: they hold up no action."""

    def __init__(self, link: Link, options: HttpOptions) -> None:
        """Subscribe to nothing yet."""
        # one connection for each, and a timeout that is never reached: so one try only
        self._link = link
        self._http = Http(link, _for_events(options))
        self._subscriptions: list[_Subscription] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def live(self) -> bool:
        """Whether events come, of every service subscribed to."""
        return bool(self._subscriptions) and all(s.live for s in self._subscriptions)

    def configure(self, options: HttpOptions) -> None:
        """Take other options from the next `open` on."""
        self._http.configure(_for_events(options))

    async def open(self, address: Address) -> None:
        """Get ready to subscribe to services at `address`."""
        await self.close()
        await self._http.open(address)

    def add(self, callback: CallbackRegistration, service: str, path: str) -> None:
        """Subscribe to a service, and stay so until closed."""
        subscription = _Subscription(self._http, self._link, callback, service, path)
        self._subscriptions.append(subscription)
        self._tasks.append(run_detached(subscription.keep()))

    def renew(self) -> None:
        """Renew all soon: a device that started anew has forgotten them, and only says so then."""
        for subscription in self._subscriptions:
            subscription.due.set()

    async def close(self) -> None:
        """Unsubscribe, as far as the device still listens."""
        tasks, self._tasks = self._tasks, []
        subscriptions, self._subscriptions = self._subscriptions, []
        for task in tasks:
            task.cancel()
        try:
            if tasks:
                await asyncio.wait(tasks)
                with suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL_TIMEOUT):
                        await asyncio.gather(*(s.end() for s in subscriptions))
        finally:
            await self._http.close()


class _Subscription:
    """One subscription: made, renewed at half its life, made anew when it is lost."""

    def __init__(
        self, http: Http, link: Link, callback: CallbackRegistration, service: str, path: str
    ) -> None:
        self._http = http
        self._link = link
        self._callback = callback
        self._service = service
        self._path = path
        self._sid = ""
        self._retry = FIRST_RETRY
        self._expected: int | None = None
        self._unlisten: Callable[[], None] = lambda: None
        self.due = asyncio.Event()
        """Set to have it renewed before its time."""
        self.live = False
        """Whether events have come: a lease alone proves no way back to us."""

    @override
    def __repr__(self) -> str:
        return f"subscription to {self._service}"

    async def keep(self) -> None:
        """Stay subscribed."""
        while True:
            self.due.clear()
            pause = await self._ask()
            await asyncio.sleep(min(pause, AGAIN))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause - AGAIN):
                    await self.due.wait()

    async def end(self) -> None:
        """Tell the device to send no more."""
        sid = self._sid
        self._forget()
        if sid:
            with suppress(EdgeError):
                await self._http.request("UNSUBSCRIBE", self._path, headers={"SID": sid})

    async def _ask(self) -> float:
        """Subscribe, or renew; return the seconds until that is due again."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                pause = await (self._renew() if self._sid else self._subscribe()) / 2
        except (EdgeError, TimeoutError) as err:
            self._link.trace.add("events", f"{self._service}: {str(err) or 'no answer'}")
            lost = bool(self._sid)
            self._forget()
            return 0 if lost else self._later()
        self._retry = FIRST_RETRY
        return pause

    def _later(self) -> float:
        """Return the seconds until it is tried again: some never answer, most did not just now."""
        pause, self._retry = min(self._retry, RETRY), min(2 * self._retry, RETRY)
        return pause

    async def _subscribe(self) -> float:
        with self._callback.subscribing():
            url = await self._callback.url()
            given = await self._request({"CALLBACK": f"<{url}>", "NT": "upnp:event"})
            if not (sid := given.get("SID", "")):
                msg = f"SUBSCRIBE {self._path}: answered without a SID"
                raise ReplyError(msg)
            self._expected = 0
            self._follow(sid)
        return lease(given.get("TIMEOUT", ""))

    async def _renew(self) -> float:
        given = await self._request({"SID": self._sid})
        if (sid := given.get("SID", self._sid)) != self._sid:
            self._follow(sid)
        return lease(given.get("TIMEOUT", ""))

    async def _request(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        asked = {**headers, "TIMEOUT": f"Second-{LEASE}"}
        return (await self._http.request("SUBSCRIBE", self._path, headers=asked)).headers

    def _follow(self, sid: str) -> None:
        self._unlisten()
        self._sid = sid
        self._unlisten = self._callback.listen(sid, self._notified)

    def _forget(self) -> None:
        self._unlisten()
        self._sid = ""
        self.live = False

    def _notified(self, request: CallbackRequest) -> None:
        self._link.trace.add("received", f"NOTIFY {self._service} {request.body!r}")
        if not self.live:  # what changed since the device took this may be told by no event
            self._link.on_missed()
        self.live = True
        newer = self._count(request.headers.get("SEQ", ""))
        try:
            variables = propertyset(request.body)
        except ReplyError:
            self._link.count_oddity("event")
            self._link.on_missed()
            return
        if newer:
            self._link.on_message(UpnpEvent(self._service, variables))

    def _count(self, sequence: str) -> bool:
        """Return whether an event is newer than all before; have missed ones made up for."""
        if not re.fullmatch(r"\d{1,10}", sequence) or self._expected is None:
            return True  # it does not count
        number, expected = int(sequence), self._expected
        if number not in (0, expected):  # 0: it begins again, and tells everything
            self._link.count_oddity("event out of sequence")
            self._link.on_missed()
            if 0 < (expected - number) % LAST_SEQUENCE < LAST_SEQUENCE // 2:
                return False
        self._expected = 1 if number >= LAST_SEQUENCE else number + 1
        return True


def lease(timeout: str) -> float:
    """Return the seconds that a TIMEOUT header grants, as far as they are believed."""
    granted = re.search(r"\d{1,9}", timeout)
    return min(max(int(granted[0]), SHORTEST), LEASE) if granted else LEASE


def propertyset(body: bytes) -> dict[str, str]:
    """Return the variables that an event tells; raise ReplyError."""
    root = parse_xml(body.rstrip(b" \t\r\n\0"), "an event")
    if root.tag.rpartition("}")[2] != "propertyset":
        msg = f"an event that is {root.tag[:60]!r}"
        raise ReplyError(msg)
    found = (variable for each in root for variable in each)
    return {v.tag.rpartition("}")[2]: (v.text or "").strip() for v in found}


def _for_events(options: HttpOptions) -> HttpOptions:
    """Return options under which a SUBSCRIBE never answered keeps nothing else waiting."""
    return replace(options, connections=8, timeout=2 * ANSWER_TIMEOUT)
