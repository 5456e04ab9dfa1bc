"""Reading many values of a device with few requests.

Devices take only so much in one request, and few say how much: it is found out.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from ..errors import DeviceError, RefusedError, ReplyError


class BatchReader:
    """Reads many values with few requests: as many of them in one as the device takes.

    Where several are refused, or answered by what makes no sense, half as many are asked for, down
    to one; what is refused alone, the device does not have. A device that answers for the first of
    several only is asked for one at a time. How many it takes is remembered: keep the reader in the
    driver's `memory`.
    """

    def __init__(self) -> None:
        """Know nothing of the device yet."""
        self.taken = 0
        """How many it takes in one request, as far as it is known; 0: not yet."""

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
        default, any refusal.
        """
        values: dict[K, V] = {}
        left, size, taken = wanted, self.taken or max(most, 1), 0
        while left:
            some = left[:size]
            try:
                told = await ask(some)
                if not self.taken and await _is_only_for_the_first(some, told, ask):
                    size = 1
                    continue
            except (RefusedError, ReplyError) as err:
                if len(some) > 1:
                    size = len(some) // 2
                    continue
                if not is_lacking(err):
                    raise
            else:
                values |= told
                taken = size
            left = left[len(some) :]
        self.taken = taken
        return values


async def _is_only_for_the_first[K, V](
    some: Sequence[K],
    told: Mapping[K, V],
    ask: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
) -> bool:
    """Return whether a device answers for the first of several, and alone for another, too."""
    if len(some) == 1 or [*told] != [some[0]]:
        return False
    try:
        return some[1] in await ask(some[1:2])
    except RefusedError, ReplyError:
        return False
