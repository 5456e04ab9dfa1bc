"""Settings on the command line: by `--set`, and asked for on a terminal."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Annotated, override

import pytest

from lan_edge import CredentialsError, Driver, Http, Label, PowerMeter, Profile, Range
from lan_edge.cli.exits import CallError
from lan_edge.cli.lines_in import LineReader
from lan_edge.cli.output import Output
from lan_edge.cli.settings_in import entered_settings, given_settings


class Mode(StrEnum):
    HEAT = "heat"
    OFF = "off"


@dataclass(frozen=True)
class Settings:
    key: Annotated[str, Label("Key", secret=True, asked=True, required=True)] = ""
    level: Annotated[int, Range(1, 9), Label(asked=True, help="It is on its back.")] = 5
    mode: Annotated[Mode, Label("Mode", asked=True)] = Mode.HEAT
    loud: bool = False


class Heater(Driver[Http]):
    id = "heater"
    name = "Heater"
    profile = Profile(PowerMeter)
    settings: Settings

    @override
    async def refresh(self) -> None:
        """Read nothing."""


class Plain(Driver[Http]):
    id = "plain"
    profile = Profile(PowerMeter)

    @override
    async def refresh(self) -> None:
        """Read nothing."""


class Terminal(LineReader):
    """A terminal at which lines are typed; then its end."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.is_terminal = True
        self._lines = deque(lines)
        self.asked: list[tuple[str, bool]] = []

    @override
    async def line(self, prompt: str = "", *, secret: bool = False) -> str | None:
        self.asked.append((prompt, secret))
        return self._lines.popleft() if self._lines else None


async def entered(
    *lines: str, pairs: tuple[str, ...] = ()
) -> tuple[dict[str, object], Terminal, str]:
    """Return the settings that are entered, where, and what is said."""
    errors, terminal = StringIO(), Terminal(*lines)
    output = Output(is_json=False, out=StringIO(), errors=errors)
    values = await entered_settings(Heater, pairs, output, terminal)
    return values, terminal, errors.getvalue()


async def test_what_is_asked_for_on_a_terminal() -> None:
    values, terminal, said = await entered("s3cret", " 7 ", "off")
    assert values == {"key": "s3cret", "level": 7, "mode": "off"}
    assert terminal.asked == [("Key: ", True), ("level [5]: ", False), ("Mode [heat]: ", False)]
    assert "It is on its back." in said


async def test_an_empty_line_stands_for_the_default() -> None:
    values, _, _ = await entered("s3cret", "", "")
    assert values == {"key": "s3cret", "level": 5, "mode": "heat"}


async def test_what_is_not_possible_is_asked_for_again() -> None:
    values, terminal, said = await entered("s3cret", "much", "10", "3", "cool", "heat")
    assert values == {"key": "s3cret", "level": 3, "mode": "heat"}
    assert len(terminal.asked) == 6
    assert said.count("level: ") == 2


async def test_what_is_given_is_not_asked_for() -> None:
    values, terminal, _ = await entered("6", "off", pairs=("key=a=b", "loud=yes"))
    assert values == {"key": "a=b", "loud": True, "level": 6, "mode": "off"}
    assert [prompt for prompt, _ in terminal.asked] == ["level [5]: ", "Mode [heat]: "]


async def test_one_that_is_required_and_not_entered() -> None:
    with pytest.raises(CredentialsError, match=r"Heater needs --set key=\.\.\."):
        await entered()


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("loud", "write the value after it, such as loud=..."),
        ("quiet=yes", "heater has no setting 'quiet'; it has key, level, mode, loud"),
        ("loud=maybe", "loud: 'maybe' is neither true nor false"),
        ("level=much", "level: "),
        ("mode=cool", "mode: "),
    ],
)
async def test_what_cannot_be_given(pair: str, words: str) -> None:
    with pytest.raises(CallError) as caught:
        await entered(pairs=(pair,))
    assert words in str(caught.value)


async def test_a_driver_without_settings() -> None:
    output = Output(is_json=False, out=StringIO(), errors=StringIO())
    with pytest.raises(CallError, match="plain has no setting 'x'; it has none"):
        await entered_settings(Plain, ["x=1"], output, Terminal())


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("off", False), ("1", True)])
def test_true_and_false(text: str, value: object) -> None:
    assert given_settings(Heater, [f"loud={text}"]) == {"loud": value}


def test_a_secret_is_not_repeated() -> None:
    long = "x" * 10_000
    with pytest.raises(CallError, match=r"^key: the value is not possible$"):
        given_settings(Heater, [f"key={long}"])
