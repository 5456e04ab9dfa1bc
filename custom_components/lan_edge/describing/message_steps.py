"""The steps of a config flow for a device that does not talk by HTTP."""

from typing import Any

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from ..flows.removed import aborts_if_removed
from .message_dialog import MessageDialog
from .thing_dialog import ThingDialog


class MessageSteps(ConfigEntryBaseFlow):
    """A flow in which a device that talks by messages can be described."""

    _messages: MessageDialog
    _thing: ThingDialog

    @aborts_if_removed
    async def async_step_describe_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the device is, and try how it is read."""
        return await self._messages.address(user_input)

    @aborts_if_removed
    async def async_step_describe_message(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another message by which the device is read."""
        return await self._messages.another(user_input)

    @aborts_if_removed
    async def async_step_describe_received(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the device has sent."""
        return await self._messages.received()

    @aborts_if_removed
    async def async_step_describe_answered_by(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of what the device has sent is the answer."""
        return await self._messages.answered_by(user_input)

    @aborts_if_removed
    async def async_step_describe_greeting(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take what the device has sent for a greeting, and ask again."""
        return await self._messages.greeted()

    @aborts_if_removed
    async def async_step_describe_listen(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Listen to what the device sends by itself."""
        return await self._messages.heard.listen(user_input)

    async_step_describe_listen_url = async_step_describe_listen

    @aborts_if_removed
    async def async_step_describe_heard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of it reports a change."""
        return await self._messages.heard.pick(user_input)

    async_step_describe_silent = async_step_describe_silent_url = async_step_describe_heard

    @aborts_if_removed
    async def async_step_describe_command_answered_by(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of what the device has sent is the answer to a command."""
        return await self._thing.commands.answered_by(user_input)
