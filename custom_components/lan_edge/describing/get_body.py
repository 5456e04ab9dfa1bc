"""A body that GET would send, which hardly any device reads: told once, then kept."""

from collections.abc import Mapping
from typing import Any

from .request_form import CONF_BODY, CONF_METHOD, CONF_PATH


class GetBody:
    """What was entered last of a request, to tell what is odd in it only once."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._told: dict[str, Any] = {}

    def problem(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with the method, unless the same was entered before."""
        sent = {key: user_input.get(key) or "" for key in (CONF_PATH, CONF_METHOD, CONF_BODY)}
        was_told, self._told = sent == self._told, sent
        is_odd = sent[CONF_METHOD] == "GET" and sent[CONF_BODY].strip() and not was_told
        return {CONF_METHOD: "get_with_body"} if is_odd else {}
