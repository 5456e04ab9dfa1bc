"""Pairing in a flow: what a driver asks, drawn as steps, at setup and when a login was lost."""

from abc import abstractmethod
import asyncio
from functools import partial
from typing import Any, override

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
    Device,
    EdgeError,
    Pairing,
    PressQuestion,
    Question,
    TextQuestion,
)

from ..const import DOMAIN
from ..errors import error_key
from ..reporting.markdown import as_plain_markdown, placeholders
from ..vol import Required, Schema

CONF_ANSWER = "answer"
PATIENCE = 60.0
"""Seconds a driver has to go on, beside those that the user has."""
SECOND = 1.0


class PairingFlow(ConfigFlow):
    """A flow that can let a driver ask; `paired` goes on when it has what it needs."""

    _pairing: Pairing | None = None
    _asking: asyncio.Task[Question | None] | None = None
    _asked: Question | None = None
    _device: Device
    _address: Address
    _failure: EdgeError | None = None

    async def pair(self, device: Device, address: Address) -> ConfigFlowResult:
        """Let the device's driver ask for what it needs to be let in."""
        self._device, self._address = device, address
        if (before := self._let_go()) is not None:
            await before.close()  # its end hangs up: it must not be on the next one
        self._pairing = Pairing(partial(device.pair, address))
        return await self.async_step_pair()

    @abstractmethod
    async def paired(self, device: Device) -> ConfigFlowResult:
        """Go on with a device that was told its secrets, and has let us in."""

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Wait for the driver's next question, or its end."""
        if self._asking is None:
            assert self._pairing is not None  # noqa: S101  # made by the step before
            self._asking = self.hass.async_create_background_task(
                self._next_question(self._pairing), f"{DOMAIN} pairing"
            )
        if not self._asking.done():
            return self.async_show_progress(
                step_id="pair",
                progress_action="pair",
                progress_task=self._asking,
                description_placeholders=self._words(),
            )
        # it is kept: who looks at the flow again while it goes on comes to the same step
        return self.async_show_progress_done(next_step_id=self._step_for(self._asking))

    def _step_for(self, asking: asyncio.Task[Question | None]) -> str:
        try:
            self._asked = asking.result()
        except EdgeError as err:
            self._failure = err
            return "pair_failed"
        match self._asked:
            case PressQuestion():
                return "pair_press"
            case TextQuestion():
                return "pair_text"
            case ChoiceQuestion():
                return "pair_choice"
            case _:
                return "paired"

    async def _next_question(self, pairing: Pairing) -> Question | None:
        """Wait for it; while something is to be done at the device, show the time that is left.

        Where there is none any more, see that the device lets us in.
        """
        seconds = self._asked.seconds if isinstance(self._asked, PressQuestion) else 0
        waiting = asyncio.ensure_future(pairing.question(seconds + PATIENCE))
        try:
            for passed in range(1, int(seconds) + 1):
                await asyncio.wait([waiting], timeout=SECOND)
                if waiting.done():
                    break
                self.async_update_progress(passed / seconds)
            question = await waiting
        finally:
            waiting.cancel()
        if question is None:
            await self._device.check(self._address)
        return question

    async def async_step_pair_press(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for something to be done at the device."""
        return await self._answered(user_input, "pair_press", Schema({}))

    async def async_step_pair_text(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a PIN, a password or a token."""
        secret = isinstance(self._asked, TextQuestion) and self._asked.secret
        kind = TextSelectorType.PASSWORD if secret else TextSelectorType.TEXT
        field = TextSelector(TextSelectorConfig(type=kind))
        return await self._answered(user_input, "pair_text", Schema({Required(CONF_ANSWER): field}))

    async def async_step_pair_choice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one or several of what the driver offers."""
        asked = self._asked
        assert isinstance(asked, ChoiceQuestion)  # noqa: S101  # the step is its
        field = SelectSelector(
            SelectSelectorConfig(
                options=[SelectOptionDict(value=k, label=v) for k, v in asked.options.items()],
                multiple=asked.several,
            )
        )
        return await self._answered(
            user_input, "pair_choice", Schema({Required(CONF_ANSWER): field})
        )

    async def _answered(
        self, user_input: dict[str, Any] | None, step_id: str, schema: Schema
    ) -> ConfigFlowResult:
        assert self._pairing is not None  # noqa: S101  # its question is asked
        if user_input is not None:
            self._pairing.answer(user_input.get(CONF_ANSWER))
            self._asking = None
            return await self.async_step_pair()
        refused = self._asked is not None and self._asked.error
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={"base": "answer"} if refused else {},
            description_placeholders=self._words(),
        )

    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Use what the driver was given."""
        return await self.paired(self._device)

    async def async_step_pair_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say why it did not work; from there it can be tried again."""
        if user_input is not None:
            return await self.pair(self._device, self._address)
        failure = self._failure or EdgeError()
        return self.async_show_form(
            step_id="pair_failed",
            errors={"base": error_key(failure)},
            description_placeholders={**self._words(), "reason": as_plain_markdown(str(failure))},
        )

    def _words(self) -> dict[str, str]:
        asked = self._asked
        seconds = asked.seconds if isinstance(asked, PressQuestion) else 0
        return placeholders(
            question=asked.text if asked else "",
            reason=asked.error if asked else "",
            seconds=f"{seconds:g}",
        )

    @override
    @callback
    def async_remove(self) -> None:
        """End a pairing that nobody looks at any more."""
        if (pairing := self._let_go()) is not None:
            self.hass.async_create_background_task(pairing.close(), f"{DOMAIN} pairing ends")

    @callback
    def _let_go(self) -> Pairing | None:
        pairing, self._pairing, self._asked = self._pairing, None, None
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        return pairing
