"""Asks devices that nobody has added who they are, where an announcement does not say it.

An announcement may name any address, as often as anybody likes: each is asked once in a while, and
few are asked in all.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from lan_edge import (
    BusyError,
    Candidate,
    CredentialsError,
    EdgeError,
    Identity,
    UnreachableError,
)

from ..runtime import domain_data

ANSWER_LASTS, FAILURE_LASTS = 60.0, 10.0
"""Seconds after which an address is asked again, by whether it answered."""
MAX_PER_HOST, MAX_RECENT = 4, 64
"""Addresses that are asked within these seconds: ports of a host, and all."""

type Ask = Callable[[], Coroutine[Any, Any, Identity]]


async def async_ask_once(hass: HomeAssistant, candidate: Candidate, ask: Ask) -> Identity:
    """Return the identity that `ask` returns for a candidate, or has just returned.

    Raises EdgeError: BusyError if too many addresses were announced in the last minute.
    """
    asked, key = domain_data(hass).strangers, (candidate.driver.id, candidate.match.address)
    now = hass.loop.time()
    for known in [known for known, (_, until) in asked.items() if until <= now]:
        del asked[known]
    if key not in asked:
        hosts = [address.host for _, address in asked]
        if len(hosts) >= MAX_RECENT or hosts.count(key[1].host) >= MAX_PER_HOST:
            raise BusyError(f"{key[1]}: too many devices are announced")
        asking = asyncio.create_task(_async_ask(hass, ask))
        asked[key] = (asking, now + ANSWER_LASTS)
        asking.add_done_callback(lambda task: _note_failure(hass, key, task))
    if isinstance(task := asked[key][0], EdgeError):
        raise type(task)(str(task))
    await asyncio.wait([task])  # which others may wait for; `shield` reports its error as unhandled
    return task.result()


async def _async_ask(hass: HomeAssistant, ask: Ask) -> Identity:
    async with domain_data(hass).asking:
        return await ask()


def _note_failure(hass: HomeAssistant, key: Any, task: asyncio.Task[Identity]) -> None:
    error = UnreachableError("cancelled") if task.cancelled() else task.exception()
    if error is None:
        return
    # not the error itself: it keeps everything that was in use when it was raised
    kept: tuple[EdgeError, float]
    if isinstance(error, CredentialsError):  # which is an answer, too
        kept = CredentialsError(*error.args), ANSWER_LASTS
    else:
        address = key[1]
        failure = UnreachableError(t"{address}: it reported no ID when it was asked a moment ago")
        kept = failure, FAILURE_LASTS
    domain_data(hass).strangers[key] = kept[0], hass.loop.time() + kept[1]
