"""The steps of a config flow that describe a device."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback

from lan_edge import import_curl, import_home_assistant

from ..flows.enter import EnterDialog
from ..flows.removed import aborts_if_removed
from .dialog import DescribeDialog
from .import_dialog import ImportDialog
from .message_dialog import MessageDialog
from .message_form import CONF_TALKS, HTTP, POSTS
from .message_steps import MessageSteps
from .session import DescribeSession
from .several_dialog import SeveralDialog
from .thing_dialog import ThingDialog
from .thing_steps import ThingSteps
from .whole import WholeDialog


class DescribeSteps(MessageSteps, ThingSteps):
    """A flow in which a device can be described, or its description changed."""

    @callback
    def begin_description(self, enter: EnterDialog | None) -> None:
        """Create the dialogs of these steps; `enter` adds a new device in the end."""
        self._draft = DescribeSession(self)
        self._describe = DescribeDialog(self._draft, self.async_step_describe_listen)
        self._whole = WholeDialog(self._draft, enter, self.async_step_describe_request)
        self._thing = ThingDialog(self._draft)
        self._several = SeveralDialog(self._draft)
        self._import = ImportDialog(self._draft)
        self._messages = MessageDialog(self._draft)

    @callback
    def close_description(self) -> None:
        """End what is running, as the flow was closed."""
        self._draft.close()
        self._messages.heard.close()

    @aborts_if_removed
    async def async_step_describe(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Describe a device that no driver supports."""
        return await self._describe.begin()

    @aborts_if_removed
    async def async_step_describe_draft(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue, or delete, what was described before."""
        return await self._describe.pick_draft(user_input)

    @aborts_if_removed
    async def async_step_describe_talks(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the device talks."""
        if user_input is None:
            return self._describe.ways()
        way = user_input[CONF_TALKS]
        if way in {HTTP, POSTS}:
            return await self._describe.begin_http(posts=way == POSTS)
        return await self._messages.begin(way)

    @aborts_if_removed
    async def async_step_describe_where(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the device is, and try how it is read."""
        if self._draft.open.is_imported:
            return await self._import.access(None)
        if self._draft.open.draft.talks != HTTP:
            return await self._messages.address(None)
        return await self._describe.where(user_input)

    async_step_describe_posts = async_step_describe_certificate = async_step_describe_where

    @aborts_if_removed
    async def async_step_describe_login(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the request that logs in."""
        return await self._describe.log_in(user_input)

    @aborts_if_removed
    async def async_step_describe_curl(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with command lines of curl."""
        return await self._import.text("describe_curl", import_curl, user_input)

    @aborts_if_removed
    async def async_step_describe_rest(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with a part of Home Assistant's configuration."""
        return await self._import.text("describe_rest", import_home_assistant, user_input)

    @aborts_if_removed
    async def async_step_describe_openapi(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with an OpenAPI document."""
        return await self._import.document(user_input)

    @aborts_if_removed
    async def async_step_describe_pick(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user pick what the device has, by its document."""
        return await self._import.pick(user_input)

    @aborts_if_removed
    async def async_step_describe_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of several devices is described."""
        return await self._import.device(user_input)

    @aborts_if_removed
    async def async_step_describe_access(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where an imported device is, and try how it is read."""
        return await self._import.access(user_input)

    @aborts_if_removed
    async def async_step_describe_trust(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Trust the certificate that the device shows."""
        return await self._describe.trust()

    @aborts_if_removed
    async def async_step_describe_request(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another request by which the device is read."""
        if self._draft.open.draft.talks != HTTP:
            return await self._messages.another(None)
        return await self._describe.another(user_input)

    @aborts_if_removed
    async def async_step_describe_requests(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change a request by which the device is read."""
        if self._draft.open.draft.talks != HTTP:
            return await self._messages.change(user_input)
        return await self._describe.change(user_input)

    @aborts_if_removed
    async def async_step_describe_answer(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the device answered."""
        return await self._draft.show_answer()

    @aborts_if_removed
    async def async_step_describe_overview(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what the device has so far."""
        return await self._draft.overview()

    async_step_describe_overview_empty = async_step_describe_overview
    async_step_describe_overview_change = async_step_describe_overview

    @aborts_if_removed
    async def async_step_describe_remove(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Remove some of it."""
        return await self._whole.remove(user_input)

    @aborts_if_removed
    async def async_step_describe_text(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and change the text."""
        return await self._whole.text(user_input)

    @aborts_if_removed
    async def async_step_describe_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Name the device, and add it."""
        return await self._whole.finish(user_input)

    @aborts_if_removed
    async def async_step_describe_not_added(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show why the device was not added."""
        return await self._whole.not_added()
