"""Pairing: the questions that a driver asks the user while a device is added.

`pair()` is a coroutine that asks; the hub shows the questions one at a time:

    async def pair(self, ask: Ask) -> None:
        token = await ask.press("button", "Press the button on the bridge.", self.try_token)
        self.set_secret("token", token)

A question that is given as a template, t"Press the button on the bridge.", can be said in other
languages, as the messages of errors can.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from string.templatelib import Template
from typing import Any

from ..diagnostics.privacy import Privacy
from ..errors import CredentialsError, RefusedError, TimedOutError
from ..sentences import said, said_by

PRESS_INTERVAL = 1.0
"""Seconds between two checks whether the button was pressed."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the user; `key` says what is asked for, such as `pin`."""

    key: str
    text: str
    """In English; `said_in` says it in other languages, if it was given as a template."""
    error: str = ""
    """Why the previous answer was not accepted; said in other languages likewise."""


@dataclass(frozen=True, slots=True)
class PressQuestion(Question):
    """A request to do something at the device within `seconds`; the driver detects it."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class TextQuestion(Question):
    """A request for a text, such as a PIN, password or token; `secret`: the input is hidden."""

    secret: bool = True


@dataclass(frozen=True, slots=True)
class ChoiceQuestion(Question):
    """A choice of one of the `options`, or of any number of them with `several`.

    The keys of the options are the possible answers; their values are shown to the user.
    """

    options: Mapping[str, str] = field(default_factory=dict[str, str])
    several: bool = False


class Ask:
    """The driver's side of a pairing: each method asks the user, and returns the answer."""

    def __init__(self, pairing: Pairing) -> None:
        """Ask through `pairing`."""
        self._pairing = pairing
        self.privacy = Privacy()
        """Of the device that is paired; hidden answers are secrets of it from now on."""

    async def text(
        self,
        key: str,
        text: Template | str,
        accept: Callable[[str], Awaitable[None]] | None = None,
        *,
        secret: bool = True,
    ) -> str:
        """Ask for a text until `accept` accepts it; return the text.

        If `accept` raises CredentialsError or RefusedError, its message is shown and the question
        is repeated. `key` says what is asked for, such as `pin`; `text` is the question, in
        English. `secret`: the input is hidden.
        """
        words, error = said(text), ""
        while True:
            answer = str(await self._pairing.ask(TextQuestion(key, words, error, secret)))
            if secret:
                self.privacy.keep(answer)
            try:
                if accept is not None:
                    await accept(answer)
            except (CredentialsError, RefusedError) as err:
                error = self.privacy.sentence(said_by(err))
            else:
                return answer

    async def choice(
        self, key: str, text: Template | str, options: Mapping[str, Template | str]
    ) -> str:
        """Ask for one of the options, whose values are shown; return its key."""
        return str(await self._pairing.ask(_choice_of(key, text, options)))

    async def choices(
        self, key: str, text: Template | str, options: Mapping[str, Template | str]
    ) -> list[str]:
        """Ask for any number of the options, whose values are shown; return their keys."""
        return list(await self._pairing.ask(_choice_of(key, text, options, several=True)))

    async def press[T](
        self,
        key: str,
        text: Template | str,
        done: Callable[[], Awaitable[T]],
        *,
        seconds: float = 30.0,
    ) -> T:
        """Ask the user to do something at the device; return the result of `done`.

        `done` raises CredentialsError or RefusedError until it is done. After `seconds`, the
        question is repeated.
        """
        words, error = said(text), ""
        while True:
            await self._pairing.ask(PressQuestion(key, words, error, seconds))
            try:
                async with asyncio.timeout(seconds):
                    return await _until(done)
            except TimeoutError:
                error = said(t"not done in time")


def _choice_of(
    key: str, text: Template | str, options: Mapping[str, Template | str], *, several: bool = False
) -> ChoiceQuestion:
    shown = {each: said(words) for each, words in options.items()}
    return ChoiceQuestion(key, said(text), "", shown, several)


async def _until[T](done: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await done()
        except CredentialsError, RefusedError:
            await asyncio.sleep(PRESS_INTERVAL)


class Pairing:
    """A pairing that is under way, as the hub sees it: `question()`, `answer()`, and so on.

    The driver's coroutine runs in a task of its own until it asks; it is done when `question()`
    returns None.
    """

    def __init__(self, pair: Callable[[Ask], Awaitable[None]]) -> None:
        """Start the coroutine `pair`; `close` must be called in the end."""
        self._questions: asyncio.Queue[tuple[Question, asyncio.Future[Any]]] = asyncio.Queue(1)
        self._answer: asyncio.Future[Any] | None = None
        self._task = asyncio.ensure_future(pair(Ask(self)))

    async def ask(self, question: Question) -> Any:
        """Ask a question; return the answer."""
        answer = asyncio.get_running_loop().create_future()
        await self._questions.put((question, answer))
        return await answer

    async def question(self, timeout: float = 120.0) -> Question | None:
        """Return the next question, or None when the pairing is done.

        Raises what the driver raised, or TimedOutError if there is no question for `timeout`
        seconds.
        """
        next_question = asyncio.ensure_future(self._questions.get())
        try:
            await asyncio.wait(
                [next_question, self._task], timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            next_question.cancel()
        if next_question.done() and not next_question.cancelled():
            question, self._answer = next_question.result()
            return question
        if self._task.done():
            await self._task
            return None
        raise TimedOutError(t"the pairing made no progress within {timeout:g} s")

    def answer(self, value: Any = None) -> None:
        """Answer the question that was returned last."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(value)

    async def close(self) -> None:
        """Cancel the pairing, and wait until it has ended."""
        self._task.cancel()
        await asyncio.wait([self._task])
