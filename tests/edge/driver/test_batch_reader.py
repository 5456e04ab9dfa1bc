"""Reading many values with few requests, at devices that take few, or answer for few."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from lan_edge import BatchReader, DeviceError, RefusedError, ReplyError, TimedOutError
from lan_edge.driver.batch_reader import ASK_AGAIN_EVERY

WANTED = ["a", "b", "c", "d", "e"]


@dataclass
class Device:
    """A device with some values, which takes `most` of them in one request."""

    most: int = 99
    lacks: str = ""
    """It refuses a request with one of these, also alone."""
    leaves_out: str = ""
    refusal: DeviceError = field(default_factory=lambda: RefusedError("too many"))
    has_one_answer: bool = False
    """Whether it answers for the first of several only."""
    asked: list[str] = field(default_factory=list[str])

    async def ask(self, some: Sequence[str]) -> dict[str, str]:
        self.asked.append("".join(some))
        if len(some) > self.most or {*some} & {*self.lacks}:
            raise self.refusal
        told = some[:1] if self.has_one_answer else some
        return {each: each.upper() for each in told if each not in self.leaves_out}


async def read(
    device: Device, reader: BatchReader | None = None, most: int = 4, wanted: Sequence[str] = WANTED
) -> str:
    """Return all values, in order."""
    values = await (reader or BatchReader()).read(wanted, device.ask, most=most)
    assert values == {key: key.upper() for key in values}
    return "".join(values)


async def test_few_requests() -> None:
    device = Device()
    assert await read(device) == "abcde"
    assert device.asked == ["abcd", "e"]


@pytest.mark.parametrize("refusal", [RefusedError("too many"), ReplyError("cut off")])
async def test_half_as_many_until_it_answers_and_that_is_remembered(refusal: DeviceError) -> None:
    device, reader = Device(most=1, refusal=refusal), BatchReader()
    assert await read(device, reader) == "abcde"
    assert device.asked == ["abcd", "ab", *WANTED]
    assert reader.taken == 1
    device.asked.clear()
    assert await read(device, reader) == "abcde"
    assert device.asked == WANTED


async def test_what_is_refused_alone_it_does_not_have_and_that_is_remembered() -> None:
    device, reader = Device(lacks="c"), BatchReader()
    assert await read(device, reader) == "abde"
    assert device.asked == ["abcd", "ab", "cd", "c", "de"]
    device.asked.clear()
    assert await read(device, reader) == "abde"
    assert device.asked == ["abde"]
    assert reader.taken == 4


async def test_more_in_one_again_after_one_that_it_lacks() -> None:
    device, reader, wanted = Device(lacks="b"), BatchReader(), "abcdefghijklmnop"
    assert await read(device, reader, 16, wanted) == wanted.replace("b", "")
    assert device.asked[5:] == ["b", "cd", "efgh", "ijklmnop"]
    device.asked.clear()
    assert await read(device, reader, 16, wanted) == wanted.replace("b", "")
    assert len(device.asked) == 1


async def test_what_was_refused_once_is_asked_for_again_some_day() -> None:
    device, reader = Device(lacks="b"), BatchReader()
    assert "b" not in await reader.read("abc", device.ask, most=3)
    device.lacks = ""  # it was only busy
    readings = [await reader.read("abc", device.ask, most=3) for _ in range(ASK_AGAIN_EVERY)]
    assert ["b" in each for each in readings].index(True) == ASK_AGAIN_EVERY - 2
    assert "b" in readings[-1]


async def test_what_it_lacks_does_not_hide_how_many_it_takes() -> None:
    device, reader, wanted = Device(most=4, lacks="b"), BatchReader(), "abcdefghijklmnop"
    assert await read(device, reader, 16, wanted) == wanted.replace("b", "")
    assert device.asked[5:] == ["b", "cd", "efgh", "ijklmnop", "ijkl", "mnop"]
    assert reader.taken == 4
    device.asked.clear()
    assert await read(device, reader, 16, wanted) == wanted.replace("b", "")
    assert device.asked == ["acde", "fghi", "jklm", "nop"]


async def test_a_reading_that_shows_nothing_forgets_nothing() -> None:
    device, reader = Device(most=2), BatchReader()
    await read(device, reader)
    assert reader.taken == 2
    for wanted in ("", "a"):
        await read(device, reader, wanted=wanted)
        assert reader.taken == 2
    device.lacks = "ab"
    assert not await read(device, reader, wanted="ab")
    assert reader.taken == 2


async def test_one_that_lacks_all_is_asked_again() -> None:
    device, reader = Device(lacks="ab"), BatchReader()
    assert not await read(device, reader, wanted="ab")
    device.lacks = ""
    assert await read(device, reader, wanted="ab") == "ab"


async def test_one_alone_does_not_show_how_many_it_takes() -> None:
    device, reader = Device(has_one_answer=True), BatchReader()
    assert await read(device, reader, wanted="a") == "a"
    assert reader.taken == 0
    assert await read(device, reader) == "abcde"
    assert reader.taken == 1


async def test_what_it_leaves_out_is_not_asked_for_again() -> None:
    device = Device(leaves_out="b")
    assert await read(device) == "acde"
    assert device.asked == ["abcd", "e"]


@pytest.mark.parametrize("left_out", ["", "bcd"])
async def test_one_that_answers_for_the_first_only_is_asked_for_one_at_a_time(
    left_out: str,
) -> None:
    device, reader = Device(has_one_answer=True, leaves_out=left_out), BatchReader()
    has_others = not left_out
    assert await read(device, reader) == ("abcde" if has_others else "ae")
    assert device.asked == ["abcd", "b", *(WANTED if has_others else ["e"])]
    assert reader.taken == (1 if has_others else 4)
    device.asked.clear()
    await read(device, reader)
    assert device.asked == (WANTED if has_others else ["abcd", "e"])


async def test_one_that_answers_for_the_first_and_refuses_another_lacks_that() -> None:
    device = Device(has_one_answer=True)

    async def ask(some: Sequence[str]) -> dict[str, str]:
        if some == ["b"]:
            raise RefusedError("no such thing")
        return await device.ask(some)

    assert await BatchReader().read(["a", "b"], ask, most=2) == {"a": "A"}
    assert device.asked == ["ab"]


@pytest.mark.parametrize("error", [ReplyError("nonsense"), TimedOutError("no answer")])
async def test_other_errors_are_raised(error: DeviceError) -> None:
    device = Device(lacks="a", refusal=error)
    with pytest.raises(type(error)):
        await read(device)
    assert device.asked == (["abcd", "ab", "a"] if isinstance(error, ReplyError) else ["abcd"])


async def test_the_driver_says_which_refusals_say_that_it_lacks_something() -> None:
    device = Device(lacks="a", refusal=RefusedError("busy"))
    with pytest.raises(RefusedError, match="busy"):
        await BatchReader().read(WANTED, device.ask, most=1, is_lacking=lambda _: False)
    assert device.asked == ["a"]


async def test_nothing_is_asked_for_where_nothing_is_wanted() -> None:
    device = Device()
    assert await BatchReader().read([], device.ask, most=0) == {}
    assert not device.asked
