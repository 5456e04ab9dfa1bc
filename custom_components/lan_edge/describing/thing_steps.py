"""The steps of a flow for one thing after another: its kind, its value, and its commands."""

from typing import Any

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from ..flows.removed import aborts_if_removed
from .several_dialog import SeveralDialog
from .thing_dialog import ThingDialog


class ThingSteps(ConfigEntryBaseFlow):
    """A flow in which it is described what a device has."""

    _thing: ThingDialog
    _several: SeveralDialog

    @aborts_if_removed
    async def async_step_describe_add(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a thing: its kind."""
        return await self._thing.add(user_input)

    @aborts_if_removed
    async def async_step_describe_several(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add several values that are only shown."""
        return await self._several.pick(user_input)

    @aborts_if_removed
    async def async_step_describe_edit(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change a thing: which one."""
        return await self._thing.edit(user_input)

    @aborts_if_removed
    async def async_step_describe_name(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name of a thing that is changed."""
        return await self._thing.name(user_input)

    @aborts_if_removed
    async def async_step_describe_state(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the value of a thing."""
        return await self._thing.state(user_input)

    async_step_describe_guess = async_step_describe_guess_number = async_step_describe_state
    async_step_describe_cover = async_step_describe_climate = async_step_describe_state

    @aborts_if_removed
    async def async_step_describe_command(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a command of a thing."""
        return await self._thing.commands.command(user_input)

    async_step_describe_command_value = async_step_describe_command
    async_step_describe_send = async_step_describe_send_value = async_step_describe_command

    @aborts_if_removed
    async def async_step_describe_tried(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what came of a command."""
        return await self._thing.commands.tried()

    @aborts_if_removed
    async def async_step_describe_look_again(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Read the device once more after a command."""
        return await self._thing.commands.look_again()

    @aborts_if_removed
    async def async_step_describe_keep(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue after a command."""
        return await self._thing.commands.keep()

    @aborts_if_removed
    async def async_step_describe_learn(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a word that the device has used, and continue."""
        return await self._thing.learn()
