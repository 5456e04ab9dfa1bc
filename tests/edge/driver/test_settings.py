"""Settings: read from a dataclass, passed to the driver, and checked."""

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
    """A speed."""

    SLOW = "slow"
    FAST = "fast"


@dataclass(frozen=True)
class Everything:
    """A field of each type."""

    inverted: bool = False
    interval: Annotated[int, Range(5, 60), Label("Pause", "Between readings", unit="s")] = 30
    offset: float = 0.0
    pace: Pace = Pace.SLOW
    token: Annotated[str, Label(secret=True)] = ""


def test_each_field_is_a_setting() -> None:
    settings = {s.key: (s.schema.type, s.default, s.label.name) for s in settings_of(Everything)}
    assert settings == {
        "inverted": (bool, False, ""),
        "interval": (int, 30, "Pause"),
        "offset": (float, 0.0, ""),
        "pace": (Pace, Pace.SLOW, ""),
        "token": (str, "", ""),
    }
    assert [s.key for s in settings_of(Everything) if s.label.secret] == ["token"]


def test_wrong_values_are_left_at_their_defaults() -> None:
    given = {"interval": 4, "pace": "fast", "offset": 2, "inverted": 1, "from_before": 5}
    values, errors = read_settings(Everything, given)
    assert values == Everything(pace=Pace.FAST, offset=2.0)
    assert errors == {
        "interval": "4 is outside the range 5 to 60",
        "inverted": "1 is not true or false",
    }
    assert read_settings(None, given) == (None, {})


@dataclass(frozen=True)
class NoDefault:
    """Its field has no default."""

    pace: int


@dataclass(frozen=True)
class WrongDefault:
    """The default of its field is out of range."""

    pace: Annotated[int, Range(1, 2)] = 3


@dataclass(frozen=True)
class AList:
    """Its field has a type that no form can show."""

    pace: tuple[int, ...] = ()


@dataclass
class NotFrozen:
    """Its fields can be assigned to."""

    pace: int = 1


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (NoDefault, "pace has no default"),
        (WrongDefault, "the default of pace: 3 is outside the range 1 to 2"),
        (AList, "pace is not bool, int, float, str or an Enum"),
        (NotFrozen, "is not a frozen dataclass"),
        (int, "is not a frozen dataclass"),
    ],
)
def test_unsuitable_settings_are_refused(kind: type, message: str) -> None:
    with pytest.raises(DriverError, match=message):

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


async def test_settings_are_passed_to_the_driver() -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address, settings={"pace": 2})
        assert device.driver.settings == BenchSettings(2)
        async with online(device):
            await device.change_settings({"pace": 3})
            assert device.driver.settings == device._core.settings == BenchSettings(3)
            await device.change_settings({"pace": 3})  # no change
            assert [h for h in hooks_of(device) if "settings" in h] == ["settings_changed 2"]


@pytest.mark.parametrize(
    ("pace", "error", "message"),
    [
        ("fast", ArgumentError, "pace: 'fast' is not a whole number"),
        (9, RefusedError, "not so fast"),
    ],
)
async def test_refused_settings_change_nothing(
    pace: object, error: type[Exception], message: str
) -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address, settings={"pace": 2})
        async with online(device):
            with pytest.raises(error, match=message):
                await device.change_settings({"pace": pace})
            assert device.driver.settings == device._core.settings == BenchSettings(2)


async def test_changed_transport_options_reconnect_the_device() -> None:
    async with BenchDevice() as peer, online(new_device(Picky, peer.address)) as device:
        await device.change_settings({"pace": 5})
        await until(lambda: peer.requests.count("info") == 2)
        await until(lambda: device.connection.status is Status.ONLINE)


async def test_settings_changed_while_offline_are_used_by_the_next_connection() -> None:
    async with BenchDevice() as peer:
        device = new_device(Picky, peer.address)
        await device.change_settings({"pace": 7})
        async with online(device):
            assert device.driver.settings == BenchSettings(7)


async def test_stored_settings_that_no_longer_fit(caplog: pytest.LogCaptureFixture) -> None:
    device = new_device(Bench, settings={"pace": "quick"})
    assert device.driver.settings == BenchSettings()
    assert "the setting pace is left at its default: 'quick' is not a whole number" in caplog.text


def test_an_error_does_not_repeat_a_secret() -> None:
    settings, errors = read_settings(Everything, {"token": "s3cret" * 999})
    assert settings.token == ""
    assert errors == {"token": "the value is not possible"}
