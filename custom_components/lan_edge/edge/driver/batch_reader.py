"""Reading many values of a device with few requests.

Devices take only so much in one request, and few say how much: it is found out.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import DeviceError, RefusedError, ReplyError

ASK_AGAIN_EVERY = 60
"""Readings after which a device is asked again for what it refused: it may have been busy."""


class BatchReader:
    """Reads many values with few requests: as many of them in one as the device takes.

    Where several are refused, or answered by what makes no sense, half as many are asked for, down
    to one; what is refused alone, the device does not have, and it is asked for that again only
    after `ASK_AGAIN_EVERY` readings. A device that answers for the first of several only is asked
    for one at a time. All of this is remembered: keep the reader in the driver's `memory`, with a
    new one in `connected`.
    """

    def __init__(self) -> None:
        """Know nothing of the device yet."""
        self.taken = 0
        """How many it takes in one request, as far as it is known; 0: not yet."""
        self._lacking = set[object]()
        self._readings = 0
        self._is_tried = False
        """Whether it is known if it answers for more than the first of several."""

    async def read[K, V](
        self,
        wanted: Sequence[K],
        ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        *,
        most: int,
        is_lacking: Callable[[DeviceError], bool] = lambda err: isinstance(err, RefusedError),
    ) -> dict[K, V]:
        """Return the values of all that the device has of what is `wanted`.

        `ask` asks for some of it in one request, at first for `most`, and returns what is answered.
        Raises what it raises for one alone, unless the device `is_lacking` that by this error: by
        default, any refusal. If it lacks all of it, it is asked again.
        """
        values: dict[K, V] = {}
        self._readings += 1
        if self._readings % ASK_AGAIN_EVERY == 0:
            self._lacking.clear()
        left = [key for key in wanted if key not in self._lacking] or wanted
        size = _Size(self.taken or max(most, 1))
        while left:
            some = left[: size.now]
            try:
                told = await ask(some)
            except (RefusedError, ReplyError) as err:
                if len(some) > 1:
                    size.refused(len(some))
                    continue
                if not is_lacking(err):
                    raise
                self._lacking.add(some[0])
                size.explained()
            else:
                if await self._is_only_for_the_first(some, told, ask):
                    self.taken, size = 1, _Size(1)
                    continue
                values |= told
                size.answered(len(some))
            left = left[len(some) :]
        self.taken = size.learned or self.taken
        return values

    async def _is_only_for_the_first[K, V](
        self,
        some: Sequence[K],
        told: Mapping[K, V],
        ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
    ) -> bool:
        """Return whether a device answers for the first of several, and alone for another, too."""
        if self._is_tried or len(some) == 1 or not told:
            return False
        self._is_tried = True
        if [*told] != [some[0]]:
            return False
        try:
            return some[1] in await ask(some[1:2])
        except RefusedError, ReplyError:
            return False


@dataclass
class _Size:
    """How many are asked for in one request, in the course of a reading."""

    most: int
    learned: int = 0
    """How many it takes, as far as this reading has shown; 0: it has not."""
    is_growing: bool = False

    def __post_init__(self) -> None:
        self.now = self.most

    def refused(self, count: int) -> None:
        """Ask for half as many."""
        self.now, self.is_growing = count // 2, False

    def explained(self) -> None:
        """Ask for more again: not the number was refused, but one of them."""
        self.learned, self.is_growing = 0, True
        self._grow()

    def answered(self, count: int) -> None:
        """Ask for as many again, or for more if it may take them; one alone shows nothing."""
        if count < self.now:
            return
        if self.is_growing:
            self._grow()
        elif count > 1 or self.most > 1:
            self.learned = count

    def _grow(self) -> None:
        self.now = min(2 * self.now, self.most)
        self.is_growing = self.now < self.most
