"""The data of a device: its driver, profile and identity."""

from dataclasses import replace
from typing import override

import pytest

from lan_edge import (
    Component,
    Device,
    Identity,
    Profile,
    Record,
    ReplyError,
    Switch,
    SwitchLevel,
    UnsupportedError,
    handles,
)

from ..bench import Bench, BenchDevice, TestSpeed, Toggle, new_device, online, send, state_of


class Plain(Bench):
    id = "test_plain"


class Pro(Plain):
    @classmethod
    @override
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model.startswith("pro")

    @handles(SwitchLevel.set_level)
    async def pro_level(self, level: int, rate: float | None = None) -> None:
        assert rate is None
        await self.io.call("set", level=level + 1)


class ProMax(Pro):
    profile = Profile(Switch, SwitchLevel, TestSpeed, Toggle)

    @classmethod
    @override
    def can_handle(cls, identity: Identity) -> bool:
        return identity.model == "pro max"

    @handles(Toggle.toggle)
    async def toggle(self) -> None:
        await self.io.call("set", on=True, level=99)


@pytest.mark.parametrize(
    ("model", "driver", "level", "toggles"),
    [("", Plain, 10, False), ("pro", Pro, 11, False), ("pro max", ProMax, 11, True)],
)
async def test_sub_drivers(
    model: str, driver: type[Bench], level: int, toggles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plain, "sub_drivers", [Pro])
    monkeypatch.setattr(Pro, "sub_drivers", [ProMax])
    async with BenchDevice() as peer:
        device = Device(Plain, Record(Identity("bench-1", model=model), (peer.address,)))
        async with online(device):
            assert type(device.driver) is driver
            await send(device, SwitchLevel.set_level, level=10)
            await send(device, Switch.on)
            assert peer.sets == [{"level": level}, {"on": True}]
            assert device.handles(Toggle.toggle) is toggles
            if toggles:
                await send(device, Toggle.toggle)
                assert peer.state["level"] == 99


async def test_profile_changes_at_run_time() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        changes = list[Profile]()
        device.observer.on_profile = lambda: changes.append(device.profile)
        device.driver.set_profile(Profile(Switch))
        device.driver.set_profile(Profile(Switch))
        assert changes == [Profile(Switch)]
        assert state_of(device) == {"on": False, "level": None, "speed": None}
        with pytest.raises(UnsupportedError):
            await send(device, SwitchLevel.set_level, level=1)
        kept = Record.from_dict(device.record.as_dict())
        assert kept.profile == Profile(Switch)


async def test_explain() -> None:
    text = "\n".join(new_device(Bench).explain(SwitchLevel.set_level))
    assert "switchLevel.setLevel: Bench.set_level" in text
    assert "bench.py:" in text
    assert "no handler" in new_device(Bench).explain(Toggle.toggle)[-1]


def test_only_new_details_are_reported() -> None:
    device = new_device(Bench)
    device.state.is_proven = True
    reported = list[Identity]()
    device.observer.on_record = lambda: reported.append(device.identity)
    device.driver.describe(model="A", firmware="")
    device.driver.describe(model="A")
    device.driver.describe(model="")
    assert reported == [replace(Identity("bench-1"), model="A")]


def test_a_detail_is_one_short_line() -> None:
    device = new_device(Bench)
    device.state.is_proven = True
    device.driver.describe(name=" A\nlamp\x00\u202e!", model="x" * 1000, firmware="\n")
    assert device.identity == replace(Identity("bench-1"), name="A lamp !", model="x" * 256)


def test_what_is_reported_of_unknown_components_is_bounded() -> None:
    device = new_device(Bench)
    device.state.is_proven = True
    for number in range(5000):
        device.driver.set_available(f"p{number}", False)
    assert len(device._core.components.unavailable) == 256
    device.driver.set_available("p7", True)
    assert len(device._core.components.unavailable) == 255


@pytest.mark.parametrize(
    "names",
    [[f"p{n}" for n in range(257)], ["p" * 257], [f"{n:\U0001f4a1>200}" for n in range(200)]],
)
def test_a_profile_that_no_device_can_have(names: list[str]) -> None:
    device = new_device(Bench)
    device.state.is_proven = True
    with pytest.raises(ReplyError, match="component"):
        device.driver.set_profile(Profile(**dict.fromkeys(names, Component((Switch,)))))
    assert device.profile == Bench.profile
