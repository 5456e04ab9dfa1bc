"""What a driver can ask while a device is added: the questions, and the answers' way back.

`pair()` is a coroutine that asks; whoever draws the questions takes them one at a time:

    async def pair(self, ask: Ask) -> None:
        token = await ask.press("Press the button on the bridge", self.try_token)
        self.set_secret("token", token)
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import CredentialsError, RefusedError, TimedOutError

PRESS_INTERVAL = 1.0
"""Seconds between two looks whether the button was pressed."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be asked; `key` names it in translations, `text` says it in English."""

    key: str
    text: str
    error: str = ""
    """Why the last answer was not taken."""


@dataclass(frozen=True, slots=True)
class PressQuestion(Question):
    """Something to be done at the device within `seconds`; it is noticed, not answered."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class TextQuestion(Question):
    """A text to be typed: a PIN, a password, a token; `secret`: it is not shown."""

    secret: bool = True


@dataclass(frozen=True, slots=True)
class ChoiceQuestion(Question):
    """One of the `options`, or any number of them if there may be `several`.

    The options are what is shown, by what is answered.
    """

    options: Mapping[str, str] = field(default_factory=dict[str, str])
    several: bool = False


class Ask:
    """The driver's end: each method asks, and returns the answer."""

    def __init__(self, pairing: Pairing) -> None:
        """Ask through `pairing`."""
        self._pairing = pairing

    async def text(
        self,
        key: str,
        text: str,
        accept: Callable[[str], Awaitable[None]] | None = None,
        *,
        secret: bool = True,
    ) -> str:
        """Ask for a text until `accept` takes it; return that.

        If `accept` raises CredentialsError or RefusedError, its words are shown and the text is
        asked for again. `key` names the question in translations, `text` says it in English.
        `secret`: what is typed is not shown.
        """
        error = ""
        while True:
            answer = str(await self._pairing.put(TextQuestion(key, text, error, secret)))
            try:
                if accept is not None:
                    await accept(answer)
            except (CredentialsError, RefusedError) as err:
                error = str(err)
            else:
                return answer

    async def choice(self, key: str, text: str, options: Mapping[str, str]) -> str:
        """Ask for one of the options, whose values are what is shown; return its key."""
        return str(await self._pairing.put(ChoiceQuestion(key, text, "", options)))

    async def choices(self, key: str, text: str, options: Mapping[str, str]) -> list[str]:
        """Ask for any of the options, whose values are what is shown; return their keys."""
        return list(await self._pairing.put(ChoiceQuestion(key, text, "", options, several=True)))

    async def press[T](
        self, key: str, text: str, done: Callable[[], Awaitable[T]], *, seconds: float = 30.0
    ) -> T:
        """Ask for something to be done at the device; return what `done` returns then.

        `done` raises CredentialsError or RefusedError for as long as it is not. After
        `seconds` the user may try again.
        """
        error = ""
        while True:
            await self._pairing.put(PressQuestion(key, text, error, seconds))
            try:
                async with asyncio.timeout(seconds):
                    return await _until(done)
            except TimeoutError:
                error = "not in time"


async def _until[T](done: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await done()
        except CredentialsError, RefusedError:
            await asyncio.sleep(PRESS_INTERVAL)


class Pairing:
    """A pairing under way: `question()` is what is asked now, `answer()` goes on.

    The next question comes as soon as the driver asks it; None: it is done.
    """

    def __init__(self, pair: Callable[[Ask], Awaitable[None]]) -> None:
        """Begin to pair; `close` ends it if nobody does."""
        self._asked: asyncio.Queue[tuple[Question, asyncio.Future[Any]]] = asyncio.Queue(1)
        self._answer: asyncio.Future[Any] | None = None
        self._task = asyncio.ensure_future(pair(Ask(self)))

    async def put(self, question: Question) -> Any:
        """Ask; return the answer."""
        answer = asyncio.get_running_loop().create_future()
        await self._asked.put((question, answer))
        return await answer

    async def question(self, timeout: float = 120.0) -> Question | None:
        """Return the next question, None when all is done.

        Raises what the driver raised, or TimedOutError if nothing happens for `timeout` seconds.
        """
        asked = asyncio.ensure_future(self._asked.get())
        try:
            await asyncio.wait(
                [asked, self._task], timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            asked.cancel()
        if asked.done() and not asked.cancelled():
            question, self._answer = asked.result()
            return question
        if self._task.done():
            await self._task
            return None
        msg = "the device did not go on"
        raise TimedOutError(msg)

    def answer(self, value: Any = None) -> None:
        """Answer the question that was returned last."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(value)

    async def close(self) -> None:
        """End it; nothing is left."""
        self._task.cancel()
        await asyncio.wait([self._task])
