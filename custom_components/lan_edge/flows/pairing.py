"""Pairing: the questions of a driver to the user, as steps of a config flow."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import (
    Address,
    ChoiceQuestion,
    CredentialsError,
    Device,
    EdgeError,
    Pairing,
    PressQuestion,
    Question,
    TextQuestion,
)

from ..const import DOMAIN
from ..errors import WrongLoginError, error_key
from ..reporting.language import async_reason, async_reasons
from ..reporting.markdown import placeholders
from ..vol import Required, Schema
from .help import async_help

CONF_ANSWER = "answer"
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
        return await self.restart()

    async def restart(self) -> ConfigFlowResult:
        """Begin the pairing again."""
        if (previous := self._reset()) is not None:
            await previous.close()  # before the device is connected again
        pair = partial(self._device.pair, self._address, recognize=self._recognize)
        self._pairing = Pairing(pair)
        return self.show_progress()

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
            was_entered = isinstance(self._question, TextQuestion)
            is_wrong = was_entered and isinstance(err, CredentialsError)
            self.failure = WrongLoginError(*err.args) if is_wrong else err
            return self._failed_step
        return "paired" if self._question is None else self._step()

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
        if question is None:
            await self._device.check(self._address)
        return question

    async def ask(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show the form of the current question, or pass its answer on to the driver."""
        if user_input is not None:
            assert self._pairing is not None  # noqa: S101  # the question is from it
            self._pairing.answer(user_input.get(CONF_ANSWER))
            self._task = None
            return self.show_progress()
        error = self._question.error if self._question is not None else ""
        reason = placeholders(reason=await async_reasons(self._flow.hass, [error]))
        return self._flow.async_show_form(
            step_id=self._step(),
            data_schema=self._schema(),
            errors={"base": "answer"} if error else {},
            description_placeholders=self._placeholders() | reason,
        )

    async def finish(self) -> ConfigFlowResult:
        """Continue with the paired device."""
        return await self._on_paired(self._device)

    async def show_failure(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Show why the pairing failed, and let the user try again."""
        error = self.failure or EdgeError()
        if user_input is not None:
            return await (self._on_retry(error) if self._on_retry else self.restart())
        reason = placeholders(reason=await async_reason(self._flow.hass, error))
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

    def _step(self) -> str:
        match self._question:
            case TextQuestion():
                return "pair_text"
            case ChoiceQuestion():
                return "pair_choice"
            case _:
                return "pair_press"

    def _schema(self) -> Schema:
        match self._question:
            case TextQuestion(secret=secret):
                kind = TextSelectorType.PASSWORD if secret else TextSelectorType.TEXT
                text = TextSelector(TextSelectorConfig(type=kind))
                return Schema({Required(CONF_ANSWER): text})
            case ChoiceQuestion(options=options, several=several):
                labels = [SelectOptionDict(value=k, label=v) for k, v in options.items()]
                choice = SelectSelector(SelectSelectorConfig(options=labels, multiple=several))
                return Schema({Required(CONF_ANSWER): choice})
            case _:
                return Schema({})

    def _seconds(self) -> float:
        return self._question.seconds if isinstance(self._question, PressQuestion) else 0

    def _placeholders(self) -> dict[str, str]:
        question = self._question
        texts = placeholders(
            name=self._name,
            question=question.text if question else "",
            reason=question.error if question else "",
            seconds=f"{self._seconds():g}",
        )
        return texts | {"help": self._help}
