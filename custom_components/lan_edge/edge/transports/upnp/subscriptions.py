"""The subscriptions to a device's services, from its connection until that is closed.

Until events come from all of them, the driver's poll goes on.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

from ...callbacks.registration import CallbackRegistration
from ...network.address import Address
from ...timing.detached import run_detached
from ..base import Link
from ..http.options import HttpOptions
from .services import HttpOnAnyPort
from .subscription import ANSWER_TIMEOUT, Subscription

UNSUBSCRIBE_TIMEOUT = 1.0
"""Seconds for all UNSUBSCRIBEs together: less than a drop of the connection may go unnoticed."""


class Subscriptions:
    """A device's subscriptions, on connections of their own so that they delay no action."""

    def __init__(self, link: Link, options: HttpOptions) -> None:
        """Subscribe to nothing yet."""
        self._link = link
        self._http = HttpOnAnyPort(link, _for_events(options))
        self._subscriptions: list[Subscription] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def live(self) -> bool:
        """Whether events come from every service subscribed to."""
        return bool(self._subscriptions) and all(s.live for s in self._subscriptions)

    async def open(self, address: Address, options: HttpOptions) -> None:
        """Get ready to subscribe to services at `address`."""
        await self.close()
        self._http.configure(_for_events(options))
        await self._http.open(address)

    def add(self, callback: CallbackRegistration, service: str, path: str) -> None:
        """Subscribe to a service until closed."""
        subscription = Subscription(
            self._http, self._link, callback, service, path, on_sid=self._end_others
        )
        self._subscriptions.append(subscription)
        self._tasks.append(run_detached(subscription.keep()))

    def _end_others(self, given: Subscription) -> None:
        """End the subscriptions that had the SID which the device has just given to another."""
        for subscription in self._subscriptions:
            if subscription is not given and subscription.sid == given.sid:
                subscription.lost()

    def renew(self) -> None:
        """Renew all soon: a device that restarted has forgotten them."""
        for subscription in self._subscriptions:
            subscription.due.set()

    async def close(self) -> None:
        """Unsubscribe from everything, if the device still answers."""
        tasks, self._tasks = self._tasks, []
        subscriptions, self._subscriptions = self._subscriptions, []
        for task in tasks:
            task.cancel()
        try:
            if tasks:
                await asyncio.wait(tasks)
                with suppress(TimeoutError):
                    async with asyncio.timeout(UNSUBSCRIBE_TIMEOUT):
                        await asyncio.gather(*(s.end() for s in subscriptions))
        finally:
            await self._http.close()


def _for_events(options: HttpOptions) -> HttpOptions:
    """Return options with which an unanswered SUBSCRIBE keeps no other waiting.

    The timeout is never reached, so that there is only one try.
    """
    return replace(options, connections=8, timeout=2 * ANSWER_TIMEOUT)
