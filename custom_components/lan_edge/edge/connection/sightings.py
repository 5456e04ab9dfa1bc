"""What strangers say about a device: that it is somewhere, has started, or is going away.

Anybody can say it. It causes a check of the connection, or an attempt to connect, not more often
than `Hints` allows; nothing else.
"""

import asyncio
from collections.abc import Callable

from ..errors import EdgeError, IdentityError
from ..network.address import Address
from ..timing.token_bucket import TokenBucket
from .addresses import KnownAddresses
from .hints import HINT_INTERVAL, REFUSED_INTERVAL, RETRY_INTERVAL, Hints

CLAIM_LASTS = 30.0
"""Seconds for which a device without an id, sighted elsewhere, is not accepted where it was."""
NEWS = 3
"""Addresses that were not said in this outage, and are tried at once, one more each CLAIM_LASTS."""


class Sightings:
    """The sightings, announcements and goodbyes of one device."""

    __slots__ = (
        "_acted_at",
        "_addresses",
        "_check",
        "_checks",
        "_claimed_at",
        "_interval",
        "_is_online",
        "_is_refused",
        "_lost_at",
        "_news",
        "_renewals",
        "_searched",
        "_searches",
        "on_search_needed",
    )

    def __init__(
        self, addresses: KnownAddresses, check: Callable[[], None], renew: Callable[[], None]
    ) -> None:
        """`check` checks the connection, or tries to connect; `renew` handles a restart."""
        self._addresses = addresses
        self._check = check
        self._checks = Hints(self._act)
        self._renewals = Hints(renew)
        self._news = TokenBucket(1 / CLAIM_LASTS, NEWS)
        self.on_search_needed: Callable[[], None] = lambda: None
        """It is not where it was sighted, or was sighted at too many addresses; must not raise."""
        self._searches = Hints(self._search)
        self._searched: tuple[Address, ...] = ()
        """The addresses that were known when a search was needed last."""
        self._claimed_at = 0.0
        """When it was first sighted elsewhere since it was connected last."""
        self._is_online = False
        self._is_refused = False
        """Whether its login was refused where it was proven, when it was tried last."""
        self._interval = RETRY_INTERVAL
        """Seconds until the next additional attempt to connect it; longer each time."""
        self._acted_at = -CLAIM_LASTS
        """When what was said of it was acted on last."""
        self._lost_at = -CLAIM_LASTS
        """When its loss last let the next hint be acted on at once."""

    def sighted(self, *addresses: Address) -> None:
        """Handle a sighting at these addresses, the most likely first."""
        addresses = self._addresses.known(*addresses)
        if not self._is_online:
            self._note_news(*addresses)
            self._claim(*addresses)
            self._checks.hint(self._pause)
        elif addresses == (self._addresses.latest,):
            self._renewals.hint()
        elif addresses and self._addresses.hint(*addresses):
            self._checks.hint()

    def found(self, *addresses: Address) -> None:
        """Handle the answers of the device to a search, each of which came from its address."""
        if addresses and not self._is_online:
            addresses = self._addresses.known(*addresses)
            self._note_news(*addresses)
            self._note_claim()
            self._addresses.find(*addresses)
            self._checks.hint(self._pause)

    def announced(self) -> None:
        """Handle an announcement that does not give an address."""
        if self._is_online:
            self._renewals.hint()
        else:
            self._checks.hint(self._pause)

    def said_goodbye(self) -> None:
        """Handle a goodbye."""
        if self._is_online:
            self._checks.hint()

    def resume(self, *addresses: Address) -> None:
        """Continue an outage in which the device was sighted at `addresses`, if anywhere."""
        if addresses:
            self._claim(*self._addresses.known(*addresses))
        self._addresses.is_left = True

    @property
    def is_left(self) -> bool:
        """Whether the device has been unreachable where it was proven for a while."""
        return self._addresses.is_left

    @property
    def is_identified(self) -> bool:
        """Whether the device reported an id of its own when it was connected last."""
        return self._addresses.is_identified

    @property
    def unproven(self) -> tuple[Address, ...]:
        """The addresses of the last sighting, the most likely first; none once one is proven."""
        return self._addresses.unproven

    def online(self) -> None:
        """Take note that the device is connected."""
        self._is_online = True
        self._is_refused = False
        self._checks.forget()
        if asyncio.get_running_loop().time() - self._lost_at >= HINT_INTERVAL:
            self._checks.begin_again()  # what was acted on before it was connected is no check
        self._searches.forget()
        self._searched = ()

    def offline(self, reason: EdgeError) -> bool:
        """Take note that the connection is lost; return whether it was sighted elsewhere."""
        self._is_online = False
        self._addresses.is_just_lost = not isinstance(reason, IdentityError)
        self._renewals.forget()
        self._begin_again()
        self._note_claim()
        return self._addresses.follow_hints()

    def failed(self, *, is_absent: bool, is_untried: bool, is_refused: bool) -> None:
        """Take note that the device cannot be connected.

        `is_absent`: nothing answers for it; `is_untried`: nor was it tried where it was sighted;
        `is_refused`: its login is refused.
        """
        self._is_refused = is_refused
        if not is_absent:
            self._interval = HINT_INTERVAL
        is_new = self._searched != self._addresses.all
        if self._addresses.is_claimed_elsewhere and is_new and not is_untried:
            self._searched = self._addresses.all
            self._searches.hint()

    def left(self) -> None:
        """Follow sightings from now on: where it was proven, it has been absent for a while."""
        self._addresses.is_just_lost = False
        if not self._addresses.is_left:
            self._addresses.is_left = True
            if self._addresses.is_claimed_elsewhere:
                self._check()

    def end(self) -> None:
        """Act on nothing any more."""
        self._checks.close()
        self._renewals.close()
        self._searches.close()

    def accepts(self, address: Address, *, is_identified: bool) -> bool:
        """Return whether the device that answers at `address` may be taken for this one.

        A false sighting elsewhere must not shut a device without an id out of its address for long.
        """
        self._addresses.is_identified = is_identified
        now = asyncio.get_running_loop().time()
        is_old = address == self._addresses.proven and now - self._claimed_at >= CLAIM_LASTS
        return is_old or self._addresses.accepts(address)

    def beside(self, address: Address) -> Address | None:
        """Return where else a device without an id was sighted; None if it has an id."""
        is_identified = self._addresses.is_identified
        return None if is_identified else self._addresses.claimed_beside(address)

    def _act(self) -> None:
        self._lengthen_interval()
        self._check()
        is_followed = self._is_online or self._addresses.is_left
        if not is_followed and self._addresses.is_claimed_elsewhere:
            self._checks.hint(self._pause)  # an attempt where it was proven may hang

    def _note_news(self, *addresses: Address) -> None:
        """Have the first of `addresses` tried at once if it was not said in this outage yet."""
        if not addresses or self._is_refused or self._addresses.is_claimed(addresses[0]):
            return
        if self._news.take():
            self._checks.begin_again()

    @property
    def _pause(self) -> float:
        return REFUSED_INTERVAL if self._is_refused else self._interval

    def _lengthen_interval(self) -> None:
        """Double the interval, or start again if nothing was said for a while."""
        now = asyncio.get_running_loop().time()
        is_old = now - self._acted_at > CLAIM_LASTS
        self._interval = min(2 * (RETRY_INTERVAL if is_old else self._interval), HINT_INTERVAL)
        self._acted_at = now

    def _begin_again(self) -> None:
        """Act on the next hint at once, unless the device was lost a moment ago, too."""
        now = asyncio.get_running_loop().time()
        since = now - self._lost_at
        if since >= CLAIM_LASTS:
            self._interval = RETRY_INTERVAL
        if since >= HINT_INTERVAL:
            self._lost_at = now
            self._checks.begin_again()

    def _search(self) -> None:
        self.on_search_needed()

    def _claim(self, *addresses: Address) -> None:
        self._note_claim()
        if not self._addresses.add(*addresses):
            self._searches.hint()

    def _note_claim(self) -> None:
        if not self._addresses.is_claimed_elsewhere:
            self._claimed_at = asyncio.get_running_loop().time()
