"""What a user may change: read from a dataclass, told to the driver, and its bad input."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, override

import pytest

from lan_edge import (
    ArgumentError,
    DriverError,
    JsonRpcOptions,
    Label,
    Range,
    RefusedError,
    Status,
    read_settings,
    settings_of,
)

from ..bench import Bench, BenchDevice, BenchSettings, hooks_of, new_device, online
from ..peers import until


class Pace(StrEnum):
    """How fast."""

    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True)
class Everything:
    """One of each."""

    inverted: bool = False
    interval: Annotated[int, Range(5, 60), Label("Pause", "Between readings", unit="s")] = 30
    offset: float = 0.0
    pace: Pace = Pace.SLOW
    token: Annotated[str, Label(secret=True)] = ""


def test_each_field_is_a_setting() -> None:
    found = {s.key: (s.schema.type, s.default, s.label.name) for s in settings_of(Everything)}
    assert found == {
        "inverted": (bool, False, ""),
        "interval": (int, 30, "Pause"),
        "offset": (float, 0.0, ""),
        "pace": (Pace, Pace.SLOW, ""),
        "token": (str, "", ""),
    }
    assert [s.key for s in settings_of(Everything) if s.label.secret] == ["token"]


def test_what_is_wrong_is_left_at_its_default() -> None:
    given = {"interval": 4, "pace": "fast", "offset": 2, "inverted": 1, "from_before": 5}
    values, wrong = read_settings(Everything, given)
    assert values == Everything(pace=Pace.FAST, offset=2.0)
    assert wrong == {
        "interval": "4 is not within 5 to 60",
        "inverted": "1 is not of type bool",
    }
    assert read_settings(None, given) == (None, {})


@dataclass(frozen=True)
class NoDefault:
    """Lacks a default."""

    pace: int


@dataclass(frozen=True)
class WrongDefault:
    """Has one that it does not take itself."""

    pace: Annotated[int, Range(1, 2)] = 3


@dataclass(frozen=True)
class AList:
    """Has what no form can show."""

    pace: tuple[int, ...] = ()


@dataclass
class Thawed:
    """May be changed behind our back."""

    pace: int = 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (NoDefault, "pace has no default"),
        (WrongDefault, "the default of pace: 3 is not within 1 to 2"),
        (AList, "pace is not bool, int, float, str or an Enum"),
        (Thawed, "is not a frozen dataclass"),
        (int, "is not a frozen dataclass"),
    ],
)
def test_settings_that_no_form_can_show(kind: type, said: str) -> None:
    with pytest.raises(DriverError, match=said):

        class Odd(Bench):
            id = "test_odd"
            settings: kind  # type: ignore[valid-type]


class Picky(Bench):
    """Refuses the pace 9, and has another timeout for the pace 5."""

    id = "test_picky"

    @override
    async def settings_changed(self, old: Any) -> None:
        await super().settings_changed(old)
        if self.settings.pace == 9:
            raise RefusedError("not so fast")

    @override
    def transport_options(self) -> JsonRpcOptions:
        return JsonRpcOptions(timeout=0.5 if self.settings.pace != 5 else 0.6)


async def test_settings_come_to_the_driver_and_stay() -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address, settings={"pace": 2})
        assert device.driver.settings == BenchSettings(2)
        async with online(device):
            await device.change_settings({"pace": 3})
            assert device.driver.settings == device._core.settings == BenchSettings(3)
            await device.change_settings({"pace": 3})  # nothing new
            assert [h for h in hooks_of(device) if "settings" in h] == ["settings_changed 2"]


@pytest.mark.parametrize(
    ("pace", "error", "said"),
    [("fast", ArgumentError, "pace: 'fast' is not of type int"), (9, RefusedError, "not so fast")],
)
async def test_refused_settings_leave_all_as_it_was(
    pace: object, error: type[Exception], said: str
) -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address, settings={"pace": 2})
        async with online(device):
            with pytest.raises(error, match=said):
                await device.change_settings({"pace": pace})
            assert device.driver.settings == device._core.settings == BenchSettings(2)


async def test_another_way_to_talk_is_taken_at_once() -> None:
    async with BenchDevice() as peer, online(new_device(Picky, peer.address)) as device:
        await device.change_settings({"pace": 5})
        await until(lambda: peer.requests.count("info") == 2)
        await until(lambda: device.connection.status is Status.ONLINE)


async def test_while_it_is_away_the_next_connection_finds_them() -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address)
        await device.change_settings({"pace": 7})
        async with online(device):
            assert device.driver.settings == BenchSettings(7)


async def test_stored_ones_that_are_wrong_by_now(caplog: pytest.LogCaptureFixture) -> None:
    device = new_device(Bench, settings={"pace": "quick"})
    assert device.driver.settings == BenchSettings()
    assert "the setting pace is left at its default: 'quick' is not of type int" in caplog.text
