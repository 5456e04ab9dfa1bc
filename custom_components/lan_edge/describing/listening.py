"""Listens to what a device sends by itself while its user changes something at it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from homeassistant.core import HomeAssistant, callback

from lan_edge import Address, EdgeError, Runtime, Trial, TrialAnswer, connect

from ..const import DOMAIN
from ..flows.address_form import async_resolve
from ..runtime import async_load_domain_data
from .open_draft import OpenDraft

LONGEST = 300.0
"""Seconds after which the device is disconnected, whether the user has finished or not."""
FIRST_MESSAGE_WITHIN = 3.0
"""Seconds to wait for the first message once the user has finished."""
SETTLING = 0.5
"""Seconds in which more may follow that is still on its way."""


class Listening:
    """A connection to a device that is being described, which keeps what the device sends."""

    def __init__(self, hass: HomeAssistant, open_draft: OpenDraft) -> None:
        """Connect nothing yet."""
        self._hass = hass
        self._open = open_draft
        self.url = ""
        """The URL that the user enters in the device, to which it posts; empty: none."""
        self._trial: Trial | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect the device, and ask it what is known by now; raise EdgeError."""
        hass, draft = self._hass, self._open.draft
        make = partial(Trial, draft.values, draft.requests, posts=draft.posts_to_entered_url)
        self._trial = trial = await hass.async_add_executor_job(make)
        data = await async_load_domain_data(hass)
        addresses = await async_resolve(hass, self._open.where)
        is_connected: asyncio.Future[None] = hass.loop.create_future()
        self._task = hass.async_create_background_task(
            self._run(trial, addresses, data.runtime, is_connected), f"{DOMAIN} listening"
        )
        await is_connected

    async def _run(
        self,
        trial: Trial,
        addresses: Sequence[Address],
        runtime: Runtime,
        is_connected: asyncio.Future[None],
    ) -> None:
        *first, last = addresses
        try:
            for address in first:
                with suppress(EdgeError):
                    return await self._stay(trial, address, runtime, is_connected)
            await self._stay(trial, last, runtime, is_connected)
        except EdgeError as err:
            if not is_connected.done():
                is_connected.set_exception(err)
        finally:
            is_connected.cancel()

    async def _stay(
        self, trial: Trial, address: Address, runtime: Runtime, is_connected: asyncio.Future[None]
    ) -> None:
        record, settings = self._open.record_to_try(), self._open.settings
        async with connect(
            trial.driver, address, settings=settings, runtime=runtime, record=record
        ) as device:
            self.url = await device.callback_url()
            self._open.learn(device.record)
            is_connected.set_result(None)
            await asyncio.sleep(LONGEST)

    async def finish(self) -> list[TrialAnswer]:
        """Disconnect, and return what the device has sent by itself; wait a moment for it."""
        if (trial := self._trial) is None:
            return []
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_MESSAGE_WITHIN):
                await trial.something_heard()
                await asyncio.sleep(SETTLING)
        self.close()
        if self._task is not None:
            await asyncio.wait([self._task])
        return await self._hass.async_add_executor_job(trial.heard)

    @callback
    def close(self) -> None:
        """Disconnect, as nobody waits for it any more."""
        if self._task is not None:
            self._task.cancel()
