"""The warning that another integration controls a device, too."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from lan_edge import Candidate, EdgeError

from ..discovery.controllers import controller_of
from ..reporting.markdown import placeholders
from .form_errors import async_form_errors
from .names import name_of


class SharedDialog:
    """Has the user confirm that a device is added although another integration controls it."""

    _shared: tuple[Candidate, Callable[[], Awaitable[ConfigFlowResult]]]
    """The device, and what follows when it is confirmed."""

    def __init__(self, flow: ConfigFlow) -> None:
        """Show the form in `flow`."""
        self._flow = flow
        self.is_confirmed = False
        """Whether the user has confirmed it."""

    async def warn(
        self, candidate: Candidate, go_on: Callable[[], Awaitable[ConfigFlowResult]]
    ) -> ConfigFlowResult:
        """Warn that another integration controls a device, too; `go_on` once that is confirmed."""
        self._shared = candidate, go_on
        return await self.confirm(None)

    async def confirm(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Add a device that another integration controls, too, once the user has confirmed it."""
        candidate, go_on = self._shared
        errors, reason = dict[str, str](), ""
        if user_input is not None:
            self.is_confirmed = True
            try:
                return await go_on()
            except EdgeError as err:
                errors, reason = await async_form_errors(self._flow.hass, err)
        texts = placeholders(
            name=name_of(candidate),
            integration=controller_of(self._flow.hass, candidate) or "",
            reason=reason,
        )
        return self._flow.async_show_form(
            step_id="shared", errors=errors, description_placeholders=texts
        )
