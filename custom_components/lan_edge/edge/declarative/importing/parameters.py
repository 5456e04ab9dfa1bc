"""The parameters of a draft: what the owner enters in place of variables and credentials."""

from keyword import iskeyword
from typing import Any

from .credentials import is_secret_field, is_user_name
from .naming import simple_name
from .variables import SECRET_MARK, VALUE_VARIABLE, marked, only_variable, shown, variables_in

_MAX_PARAMETERS = 32
_TAKEN = {VALUE_VARIABLE, "number", "callback_url", "level", "mode", "volume"}


class ImportedParameters:
    """The parameters, each once for a variable or for the value of a credential."""

    def __init__(self) -> None:
        """Start without one."""
        self.values: dict[str, dict[str, Any]] = {}
        """As in the text of a description."""
        self._by_variable: dict[str, str] = {}
        self._by_credential: dict[tuple[str, bool], str] = {}

    def of_variable(self, variable: str, *, is_secret: bool = False) -> str:
        """Return the parameter for a variable; the same one each time."""
        if variable == VALUE_VARIABLE:
            return variable
        if variable not in self._by_variable:
            is_named = (is_secret or is_secret_field(variable, "0000")) and not is_user_name(
                variable
            )
            is_hidden = variable.startswith(SECRET_MARK) or is_named
            self._by_variable[variable] = self._added(
                variable.removeprefix(SECRET_MARK), is_secret=is_hidden
            )
        return self._by_variable[variable]

    def of_credential(self, name: str, value: str) -> str:
        """Return a text with the parameter for a credential, whose value is kept nowhere."""
        if only_variable(value):
            self.of_variable(only_variable(value), is_secret=not is_user_name(name))
            return value
        if variables_in(value):
            for variable in variables_in(value):
                self.of_variable(variable, is_secret=True)
            return value
        known = value, not is_user_name(name)  # a password may be the same word as the user
        if known not in self._by_credential:
            made = self._added(name, is_secret=known[1])
            self._by_credential[known] = made
            self._by_variable[made] = made
        return marked(self._by_credential[known])

    def _added(self, text: str, *, is_secret: bool) -> str:
        name = simple_name(text, "value", {*self.values, *_TAKEN})
        name = f"{name}_" if iskeyword(name) else name
        if len(self.values) < _MAX_PARAMETERS:
            kind = {"kind": "secret"} if is_secret else {}
            self.values[name] = {**kind, "label": shown(text)[:100].replace("_", " ").strip()}
        return name
