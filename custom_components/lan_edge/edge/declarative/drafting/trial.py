"""Trying what is sent to a device that is being described, and what it answers."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, override

from ...driver.driver import AnyDriver
from ..compiling.compiler import compile_description
from ..compiling.described import DescribedDriver
from ..picking.answer_field import AnswerField
from ..picking.fields import fields_of
from ..reading.received import Received
from ..texts import description_of
from .component import renamed

_KEPT = ("description", "talks", "options", "pace", "tls", "login", "parameters", "settings")
"""What a trial has in common with the description."""
TRIED_VALUE = "tried_value"
"""The parameter that stands for `{value}`, which would be an argument."""


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What a device answered to one request."""

    text: str
    """As it came, without surrounding blanks."""
    fields: tuple[AnswerField, ...]
    """The values in it that can be picked."""


class Trial:
    """A driver that sends some requests in order, once it is connected, and keeps the answers.

    A `Device` with it, `check`ed at an address, sends them as any driver does: to this address
    only, with a limit of time and size.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        requests: Mapping[str, Mapping[str, Any]],
        value: str | float | None = None,
    ) -> None:
        """Take the values of a description, and requests by name; `value` is for `{value}`.

        Raises DescriptionError. It takes milliseconds: not in the event loop.
        """
        made = _TrialText(values).with_requests(requests, value)
        compiled: Any = compile_description(description_of(made))
        self._received: dict[str, Received] = {}
        self.driver: AnyDriver = _with_refresh(compiled, tuple(requests), self._received)
        """The driver."""

    def answers(self) -> dict[str, TrialAnswer]:
        """Return the answers by the names of the requests; those of the last connection.

        It may take longer for a long answer: not in the event loop.
        """
        return {
            name: TrialAnswer(each.text(), tuple(fields_of(each)))
            for name, each in self._received.items()
        }


class _TrialText:
    """A description that only asks."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key: deepcopy(values[key]) for key in _KEPT if key in values}

    def with_requests(
        self, requests: Mapping[str, Mapping[str, Any]], value: str | float | None
    ) -> dict[str, Any]:
        made = {**self._values, "id": "trial", "name": "Trial"}
        sent = requests if value is None else renamed(dict(requests), TRIED_VALUE)
        made["requests"] = {name: dict(each) for name, each in sent.items()}
        answer = {"text": True, "from": next(iter(requests))}
        made["components"] = {"main": {"own": {"answer": answer}}}
        if value is not None:
            kind = "text" if isinstance(value, str) else "number"
            parameter = {"kind": kind, "default": value}
            made["parameters"] = {**made.get("parameters", {}), TRIED_VALUE: parameter}
        return made


def _with_refresh(
    compiled: type[DescribedDriver[Any]], names: tuple[str, ...], received: dict[str, Received]
) -> AnyDriver:
    """Return a driver that reads by these requests only, and keeps what it received."""

    class TrialDriver(compiled):  # type: ignore[misc, valid-type]  # made by the compiler
        id = "trial"

        @override
        async def refresh(self) -> None:
            received.clear()
            for name in names:
                step = self.plan.requests[name].step
                received[name] = await self.send(step, {}) or Received("")

    return TrialDriver
