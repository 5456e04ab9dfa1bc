"""Trying what is sent to a device that is being described, and what it sends."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, override

from ...driver.driver import AnyDriver
from ...errors import ReplyError
from ..compiling.compiler import compile_description
from ..compiling.described import DescribedDriver
from ..compiling.messages import message_of
from ..compiling.options import form_of_messages
from ..compiling.plan import Plan, ReadSource, Recognize
from ..picking.answer_field import MAX_FIELDS, AnswerField
from ..picking.byte_fields import byte_fields
from ..picking.fields import fields_of, is_bytes
from ..reading.received import Received
from ..texts import description_of
from .byte_messages import AS_BYTES
from .component import renamed

_KEPT = (
    "description",
    "found_by",
    "talks",
    "options",
    "pace",
    "tls",
    "login",
    "connected",
    "messages",
    "refused",
    "parameters",
    "settings",
)
"""What a trial has in common with the description."""
TRIED_VALUE = "tried_value"
"""The parameter that stands for `{value}`, which would be an argument."""
MAX_HEARD = 32
"""The most messages that are kept of those that a device sends by itself; the last ones are."""
MAX_HEARD_SIZE = 16 * 1024
"""The longest of these, in characters."""
_SENDS_NOTHING = {"temperatureMeasurement": {"temperature": {"fixed": 0}}}
"""What a device has that is asked for nothing."""


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What a device answered to one request, or sent by itself."""

    text: str
    """As it came, without surrounding blanks; bytes as hexadecimal digits."""
    fields: tuple[AnswerField, ...]
    """The values in it that can be picked."""
    event: str = ""
    """The method of a message of JSON-RPC, or the type of a server-sent event."""
    data: bytes = b""
    """The bytes that it is; empty: it is a text."""
    received: Any = field(default=None, repr=False, compare=False)
    """The message itself, for what is read of it."""

    has_more_fields: bool = False
    """Whether `fields` are only the first of the values in it."""


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
        *,
        settle: float = 0.0,
        listen: float = 0.0,
        posts: bool = False,
    ) -> None:
        """Take the values of a description, and requests by name; `value` is for `{value}`.

        For `settle` seconds before the first request, the device may greet who connects. For
        `listen` seconds after the last answer, what it sends by itself is kept, too.
        If it `posts`, so is what it sends to the URL that its owner enters in it.
        Raises DescriptionError. It takes milliseconds: not in the event loop.
        """
        made = _TrialText(values).with_requests(requests, value)
        description = description_of(made)
        compiled: Any = compile_description(description)
        self._kept = _Kept(settle, listen)
        self._are_bytes = form_of_messages(description) == AS_BYTES
        compiled.keeps_callback_url = posts
        self._plan: Plan = compiled.plan
        self.driver: AnyDriver = _trial_driver(compiled, tuple(requests), self._kept)
        """The driver."""

    def answers(self) -> dict[str, TrialAnswer]:
        """Return the answers by the names of the requests; those of the last connection.

        It may take longer for a long answer: not in the event loop.
        """
        parts = {name: each.part for name, each in self._plan.requests.items()}
        answers = self._kept.answers.items()
        return {name: self._answer_of(each, "", parts[name]) for name, each in answers}

    def heard(self) -> list[TrialAnswer]:
        """Return what the device has sent by itself, in its order; not in the event loop."""
        return [*map(self._message_of, self._kept.unasked())]

    def since(self) -> list[TrialAnswer]:
        """Return all messages since the first request was sent; not in the event loop.

        Answers are among them where they are messages like others.
        """
        return [*map(self._message_of, self._kept.since())]

    async def something_heard(self) -> None:
        """Wait until the device has sent something by itself."""
        while not any(True for _ in self._kept.unasked()):
            self._kept.news.clear()
            await self._kept.news.wait()

    def _message_of(self, message: Received) -> TrialAnswer:
        return self._answer_of(message, message.event, _part_read_of(message, self._plan.kinds))

    def _answer_of(self, received: Received, event: str, part: Recognize | None) -> TrialAnswer:
        """Return an answer; what can be picked in it are the fields of the part that is read."""
        data = received.data()
        if data and (self._are_bytes or is_bytes(received)):
            fields = tuple(byte_fields(data))
            return TrialAnswer(data.hex(" "), fields, event, data, received)
        read = _read_part(part, received) if part is not None else received
        fields = tuple(fields_of(read, MAX_FIELDS + 1))
        return TrialAnswer(
            *(received.text(), fields[:MAX_FIELDS], event),
            received=received,
            has_more_fields=len(fields) > MAX_FIELDS,
        )


def _read_part(part: Recognize, received: Received) -> Received:
    """Return the part that is read of a message; all of it if it has none: its owner is to see."""
    with suppress(ReplyError):
        return part(received) or received
    return received


def _part_read_of(message: Received, kinds: Iterable[ReadSource]) -> Recognize | None:
    """Return what takes out of a message the part that is read of its kind; None: all is."""
    parts = (kind.part for kind in kinds if message_of(kind, message) is not None)
    return next((part for part in parts if part is not None), None)


class _Kept:
    """What a trial has received."""

    def __init__(self, settle: float, listen: float) -> None:
        self.settle, self.listen = settle, listen
        self.has_answers_among = False
        """Whether answers arrive as messages, too."""
        self.answers: dict[str, Received] = {}
        self.news = asyncio.Event()
        self._messages: deque[tuple[int, Received]] = deque(maxlen=MAX_HEARD)
        self._count = self._begins_at = 0

    def begin(self) -> None:
        """Note that the first request is sent now."""
        self.answers.clear()
        self._begins_at = self._count

    def take(self, received: Received) -> None:
        if len(received.text()) <= MAX_HEARD_SIZE:
            self._messages.append((self._count, received))
            self._count += 1
            self.news.set()

    def since(self) -> Iterator[Received]:
        """Yield the messages since the first request was sent."""
        return (each for number, each in tuple(self._messages) if number >= self._begins_at)

    def unasked(self) -> Iterator[Received]:
        """Yield the messages that are not among the answers."""
        answers = [each.data() for each in self.answers.values()] if self.has_answers_among else []
        for _, received in tuple(self._messages):
            if (data := received.data()) in answers:
                answers.remove(data)
            else:
                yield received


class _TrialText:
    """A description that only asks."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {key: deepcopy(values[key]) for key in _KEPT if key in values}

    def with_requests(
        self, requests: Mapping[str, Mapping[str, Any]], value: str | float | None
    ) -> dict[str, Any]:
        made = {**self._values, "id": "trial", "name": "Trial"}
        sent = requests if value is None else renamed(dict(requests), TRIED_VALUE)
        made["components"] = {"main": _SENDS_NOTHING}
        if sent:
            made["requests"] = {name: dict(each) for name, each in sent.items()}
            answer = {"text": True, "from": next(iter(requests))}
            made["components"] = {"main": {"own": {"answer": answer}}}
        if value is not None:
            kind = "text" if isinstance(value, str) else "number"
            parameter = {"kind": kind, "default": value}
            made["parameters"] = {**made.get("parameters", {}), TRIED_VALUE: parameter}
        return made


def _trial_driver(
    compiled: type[DescribedDriver[Any]], names: tuple[str, ...], kept: _Kept
) -> AnyDriver:
    """Return a driver that reads by these requests only, and keeps what it received."""
    talk = compiled.plan.talk
    kept.has_answers_among = not (talk.is_http or talk.always_answered)

    class TrialDriver(compiled):  # type: ignore[misc, valid-type]  # made by the compiler
        id = "trial"

        @override
        async def refresh(self) -> None:
            settle, kept.settle = kept.settle, 0.0  # once, not at each poll
            await asyncio.sleep(settle)
            kept.begin()
            for name in names:
                step = self.plan.requests[name].step
                kept.answers[name] = await self.send(step, {}) or Received("")
            listen, kept.listen = kept.listen, 0.0
            await asyncio.sleep(listen)

        @override
        def take_message(self, received: Received) -> None:
            if not received.is_reply:
                kept.take(received)

    return TrialDriver
