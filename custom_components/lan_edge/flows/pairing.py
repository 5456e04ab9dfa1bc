"""Pairing: the questions of a driver to the user, as steps of a config flow."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback

from lan_edge import (
    Address,
    CredentialsError,
    Device,
    EdgeError,
    Pairing,
    PressQuestion,
    Question,
    TextQuestion,
    error_in,
    said_in,
)

from ..const import DOMAIN
from ..errors import error_key
from ..reporting.language import Patterns, async_patterns
from ..reporting.markdown import as_plain_markdown, placeholders
from .help import async_help
from .question_form import field_of, schema_of, step_of

DRIVER_TIMEOUT = 60.0
"""Seconds until a driver must ask its next question, in addition to the user's time."""
PROGRESS_INTERVAL = 1.0
"""Seconds between two updates of the progress."""

type OnPaired = Callable[[Device], Awaitable[ConfigFlowResult]]
type OnRetry = Callable[[EdgeError], Awaitable[ConfigFlowResult]]
type Recognize = Callable[[], Awaitable[None]]


class PairingDialog:
    """A pairing in a config flow, which delegates its steps for pairing to it."""

    _name: str = ""
    _device: Device
    _address: Address
    _on_paired: OnPaired
    _on_retry: OnRetry | None
    _recognize: Recognize
    _failed_step: str

    def __init__(self, flow: ConfigFlow) -> None:
        """Carry out the steps of `flow`; `start` begins a pairing."""
        self._flow = flow
        self._pairing: Pairing | None = None
        self._question: Question | None = None
        """The driver's last question."""
        self._task: asyncio.Task[Question | None] | None = None
        """Waits for the next question."""
        self._help = ""
        """The driver's help for where a device cannot be added."""
        self._patterns: Patterns = {}
        """What the library says, in the language of the user."""
        self.failure: EdgeError | None = None
        """Why the last pairing failed."""

    async def start(
        self,
        name: str,
        device: Device,
        address: Address,
        recognize: Recognize,
        on_paired: OnPaired,
        *,
        on_retry: OnRetry | None = None,
        failed_step: str = "pair_failed",
    ) -> ConfigFlowResult:
        """Pair the device with a name; call `on_paired` once the device accepts the pairing.

        Before, `recognize` raises EdgeError if the device reports no id, and is another one.
        `on_retry` is called instead of `restart` after a failure, which `failed_step` shows.
        """
        self._name, self._device, self._address = name, device, address
        self._on_paired = on_paired
        self._recognize, self._on_retry, self._failed_step = recognize, on_retry, failed_step
        self._help = await async_help(self._flow.hass, type(device.driver))
        self._patterns = await async_patterns(self._flow.hass)
        return await self.restart()

    async def restart(self) -> ConfigFlowResult:
        """Begin the pairing again."""
        if (previous := self._reset()) is not None:
            await previous.close()  # before the device is connected again
        self._begin()
        return self.show_progress()

    @callback
    def _begin(self) -> Pairing:
        pair = partial(self._device.pair, self._address, recognize=self._recognize)
        self._pairing = Pairing(pair)
        return self._pairing

    @callback
    def show_progress(self) -> ConfigFlowResult:
        """Show the step `pair` until the driver asks its next question, is done, or fails."""
        if self._task is None:
            assert self._pairing is not None  # noqa: S101  # `start` has set it
            self._task = self._flow.hass.async_create_background_task(
                self._next_question(self._pairing), f"{DOMAIN} pairing"
            )
        if not self._task.done():
            return self._flow.async_show_progress(
                step_id="pair",
                progress_action="pair",
                progress_task=self._task,
                description_placeholders=self._placeholders(),
            )
        # The task is kept, so that another request for this step leads to the same next step.
        return self._flow.async_show_progress_done(next_step_id=self._step_after(self._task))

    def _step_after(self, task: asyncio.Task[Question | None]) -> str:
        try:
            self._question = task.result()
        except EdgeError as err:
            self.failure = err
            return self._failed_step
        return "paired" if self._question is None else step_of(self._question)

    async def _next_question(self, pairing: Pairing) -> Question | None:
        """Return the driver's next question, or None once the device accepts the pairing.

        While the user has to do something at the device, the flow shows the remaining time.
        """
        seconds = self._seconds()
        future = asyncio.ensure_future(pairing.question(seconds + DRIVER_TIMEOUT))
        try:
            for elapsed in range(1, int(seconds) + 1):
                await asyncio.wait([future], timeout=PROGRESS_INTERVAL)
                if future.done():
                    break
                self._flow.async_update_progress(elapsed / seconds)
            question = await future
        finally:
            future.cancel()
        if question is not None:
            return question
        try:
            await self._device.check(self._address)
        except CredentialsError as err:
            if not isinstance(self._question, TextQuestion):
                raise
            return await self._asked_again(pairing, err)
        return None

    async def _asked_again(self, pairing: Pairing, error: CredentialsError) -> Question:
        """Pair again after the device rejects what was entered: the first question says so."""
        await pairing.close()  # before the device is connected again
        question = await self._begin().question(DRIVER_TIMEOUT)
        if question is None:
            raise error
        return replace(question, error=error_in(error, self._patterns))

    async def ask(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show the form of the current question, or pass its answer on to the driver."""
        if user_input is not None:
            assert self._pairing is not None  # noqa: S101  # the question is from it
            self._pairing.answer(user_input.get(field_of(self._question)))
            self._task = None
            return self.show_progress()
        is_refused = self._question is not None and self._question.error
        return self._flow.async_show_form(
            step_id=step_of(self._question),
            data_schema=schema_of(self._question, self._patterns),
            errors={"base": "answer"} if is_refused else {},
            description_placeholders=self._placeholders(),
        )

    async def finish(self) -> ConfigFlowResult:
        """Continue with the paired device."""
        return await self._on_paired(self._device)

    async def show_failure(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show why the pairing failed, and let the user try again."""
        error = self.failure or EdgeError()
        if user_input is not None:
            return await (self._on_retry(error) if self._on_retry else self.restart())
        reason = placeholders(reason=error_in(error, self._patterns))
        return self._flow.async_show_form(
            step_id="pair_failed",
            errors={"base": error_key(error)},
            description_placeholders=self._placeholders() | reason,
        )

    @callback
    def close(self) -> None:
        """End the pairing, as the flow was closed."""
        if (pairing := self._reset()) is not None:
            hass = self._flow.hass
            hass.async_create_background_task(pairing.close(), f"{DOMAIN} pairing ends")

    @callback
    def _reset(self) -> Pairing | None:
        """Discard the current pairing, and return it for closing."""
        pairing, self._pairing, self._question = self._pairing, None, None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        return pairing

    # the current question

    def _seconds(self) -> float:
        return self._question.seconds if isinstance(self._question, PressQuestion) else 0

    def _placeholders(self) -> dict[str, str]:
        question = self._question
        texts = placeholders(
            name=self._name,
            reason=said_in(question.error, self._patterns) if question else "",
            seconds=f"{self._seconds():g}",
        )
        asked = said_in(question.text, self._patterns, as_plain_markdown) if question else ""
        return texts | {"question": asked, "help": self._help}
