"""Flows of an entry end cleanly if the entry is removed meanwhile."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate

from homeassistant.config_entries import (
    ConfigEntryBaseFlow,
    ConfigFlowResult,
    OptionsFlow,
    UnknownEntry,
)

type Step[F, **P] = Callable[Concatenate[F, P], Coroutine[Any, Any, ConfigFlowResult]]


def aborts_if_removed[F: ConfigEntryBaseFlow, **P](step: Step[F, P]) -> Step[F, P]:
    """Abort the flow if its entry no longer exists when a step fails or has ended."""

    @wraps(step)
    async def checked(flow: F, /, *args: P.args, **kwargs: P.kwargs) -> ConfigFlowResult:
        try:
            result = await step(flow, *args, **kwargs)
        except UnknownEntry:
            if not _is_removed(flow):
                raise
            result = None
        if result is None or _is_removed(flow):
            return flow.async_abort(reason="removed")
        return result

    return checked


def _is_removed(flow: ConfigEntryBaseFlow) -> bool:
    """Return whether the entry that a flow is for, if it is for one, no longer exists."""
    entry_id = flow.handler if isinstance(flow, OptionsFlow) else flow.context.get("entry_id")
    return entry_id is not None and flow.hass.config_entries.async_get_entry(entry_id) is None
