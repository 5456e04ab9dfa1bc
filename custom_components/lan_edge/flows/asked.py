"""The settings that a driver needs before its device is added, and when a login is refused."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import callback

from lan_edge import (
    CredentialsError,
    Driver,
    EdgeError,
    RefusedError,
    Setting,
    asked_settings,
    missing_settings,
    read_settings,
)

from ..reporting.language import async_reasons
from ..reporting.markdown import as_plain_markdown, placeholders
from .entered_address import EnteredAddressError
from .form_errors import async_form_errors
from .help import async_help
from .settings_form import entered_settings, field_name, help_text, settings_schema

type GoOn = Callable[[], Awaitable[ConfigFlowResult]]
type Failed = Callable[[EdgeError | EnteredAddressError], Awaitable[ConfigFlowResult]]

ABOUT_SETTINGS = (CredentialsError, RefusedError)
"""The errors that other settings may cure."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for, and what follows."""

    step: str
    driver: type[Driver[Any]]
    settings: tuple[Setting, ...]
    name: str
    """The name of the device."""
    go_on: GoOn
    on_failed: Failed


class AskedDialog:
    """Asks for settings in a config flow: one form with all of them."""

    _asked: _Asked

    def __init__(self, flow: ConfigFlow) -> None:
        """Carry out the step of `flow`."""
        self._flow = flow
        self.values: dict[str, Any] = {}
        """What was entered, as JSON data by the settings' keys."""
        self._is_entered = False

    @callback
    def is_needed(self, driver: type[Driver[Any]]) -> bool:
        """Return whether a driver has settings that were not asked for yet in this flow."""
        return bool(asked_settings(driver.Settings)) and not self._is_entered

    @callback
    def take(self, values: Mapping[str, Any], *, is_entered: bool) -> None:
        """Take values that another form has asked for; `is_entered`: so that none are asked for."""
        self.values = dict(values)
        self._is_entered = is_entered

    async def ask(
        self, driver: type[Driver[Any]], name: str, go_on: GoOn, on_failed: Failed
    ) -> ConfigFlowResult:
        """Ask for the settings of a device with a name, then `go_on`.

        If that raises an error that other settings may cure, they are asked for again; another
        error is passed to `on_failed`.
        """
        settings = asked_settings(driver.Settings)
        self._asked = _Asked("asked", driver, settings, name, go_on, on_failed)
        return await self._show()

    async def ask_again(
        self, driver: type[Driver[Any]], values: Mapping[str, Any], name: str, go_on: GoOn
    ) -> ConfigFlowResult:
        """Ask for the texts among the settings, now that the device refuses its login."""
        self.values = dict(values)
        texts = tuple(s for s in asked_settings(driver.Settings) if s.schema.type is str)
        self._asked = _Asked("reauth_asked", driver, texts, name, go_on, self._show)
        return await self._show()

    async def enter(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Take what was entered, and go on with it if it is possible."""
        if user_input is None:
            return await self._show()
        entered = entered_settings(self._asked.settings, user_input, self.values)
        self.values = {**self.values, **entered}
        missing = missing_settings(self._asked.driver.Settings, self.values)
        _, invalid = read_settings(self._asked.driver.Settings, self.values)
        errors = dict.fromkeys(invalid, "value") | dict.fromkeys(missing, "required")
        if errors:
            reason = await async_reasons(self._flow.hass, invalid.values())
            return await self._show(errors=errors, reason=reason)
        self._is_entered = True
        try:
            return await self._asked.go_on()
        except ABOUT_SETTINGS as err:
            self._is_entered = False
            return await self._show(err)
        except (EdgeError, EnteredAddressError) as err:
            self._is_entered = False
            return await self._asked.on_failed(err)

    async def _show(
        self,
        error: EdgeError | EnteredAddressError | None = None,
        *,
        errors: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> ConfigFlowResult:
        flow, fields = self._flow, {s.key: field_name(s) for s in self._asked.settings}
        shown = {fields.get(key, key): each for key, each in (errors or {}).items()}
        if error is not None:
            shown, reason = await async_form_errors(flow.hass, error)
        texts = placeholders(name=self._asked.name) | {
            "reason": as_plain_markdown(reason),
            "fields": help_text(self._asked.settings),
            "help": await async_help(flow.hass, self._asked.driver),
        }
        return flow.async_show_form(
            step_id=self._asked.step,
            data_schema=settings_schema(self._asked.settings, self.values),
            errors=shown,
            description_placeholders=texts,
        )
