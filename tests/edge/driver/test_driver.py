"""The defaults of a driver, and what it may use."""

import logging
from types import SimpleNamespace
from typing import Any, override

import pytest

from lan_edge import (
    Component,
    Confirm,
    Driver,
    DriverError,
    Http,
    Identity,
    JsonRpc,
    PowerMeter,
    Profile,
    Record,
    Switch,
    SwitchLevel,
    word_of,
)

from ..bench import Bench, BenchDevice, TestSpeed, hooks_of, new_device, online, state_of
from ..peers import until
from .lamps import family


def test_the_defaults_of_a_driver() -> None:
    class RestLamp(family()):  # type: ignore[misc]
        pass

    class Push(Driver[JsonRpc]):
        id = "test_push"
        profile = Profile()

    context = SimpleNamespace(io=None, state=None, settings=None, memory=None)
    lamp = RestLamp(context)
    assert (lamp.poll_interval, lamp.confirm_by) == (Http.poll, Confirm.READ)
    assert Push(context).confirm_by is Confirm.PUSH
    assert isinstance(lamp.transport_options(), Http.options_type)


class Picky(Bench):
    """Emits levels that are numbers, and rejects words."""

    id = "test_picky_words"

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        match message.data.get("level"):
            case str() as word:
                self.reject(SwitchLevel.level, f"the level is {word}")
            case level:
                self.emit(SwitchLevel.level, level or 0)


async def test_a_rejected_value_is_counted_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with BenchDevice() as peer, online(new_device(Picky, peer.address)) as device:
        await peer.push(level=5)
        for word in ("full", "empty"):
            await peer.push(level=word)
        await peer.push(level=7)
        await until(lambda: device.state.get(SwitchLevel.level) == 7)
        assert device.counts["refused_values"] == {"switchLevel.level": (2, "the level is empty")}
        await peer.push(level=101)  # an emitted value that does not fit counts as well
        await until(lambda: device.counts["refused_values"]["switchLevel.level"][0] == 3)
        assert device.state.get(SwitchLevel.level) is None
        assert not device.counts["driver_errors"]
    (logged,) = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert logged == "bench-1 (test_picky_words): switchLevel.level refused: the level is full"


class Fields(Bench):
    """Reports the fields of its messages."""

    id = "test_fields"

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        self.emit_field(Switch.switch, message.data, "on", unchanged=True)
        self.emit_field(SwitchLevel.level, message.data, "level")
        self.emit_field(TestSpeed.speed, message.value, "speed", convert=lambda v: v * 2)
        self.hook("taken")


@pytest.mark.parametrize(
    ("pushed", "state", "refused"),
    [
        ({"on": True, "level": 5, "speed": 4}, (True, 5, 8), 0),
        ({}, (False, None, None), 0),
        ({"on": None, "level": None, "speed": None}, (None, None, None), 0),
        ({"on": "on", "level": 101, "speed": "fast"}, (None, None, None), 3),
        ({"on": 1, "level": {}, "speed": {}}, (None, None, None), 3),
        ([], (False, None, None), 0),
    ],
    ids=["told", "missing", "null", "wrong", "of another type", "no object"],
)
async def test_a_field_of_a_message(pushed: Any, state: tuple[Any, ...], refused: int) -> None:
    """Missing, null or wrong, it is unknown; only what may be missing is unchanged then."""
    async with BenchDevice() as peer, online(new_device(Fields, peer.address)) as device:
        await peer.push(on=False, level=1, speed=1)
        await until(lambda: device.state.get(TestSpeed.speed) == 2)
        read = hooks_of(device).count("taken")
        await peer.say(peer.wires[0], method="state", params=pushed)
        await until(lambda: hooks_of(device).count("taken") > read)
        assert tuple(state_of(device).values()) == state
        assert sum(count for count, _ in device.counts["refused_values"].values()) == refused


def word_of_bench(text: str) -> bool:
    return word_of({"yes": True, "no": False}, text)


class Texts(Bench):
    """Reports what its device sends as text."""

    id = "test_texts"

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if message.method == "state":
            self.emit_parsed(SwitchLevel.level, message.data["level"])
            self.emit_parsed(Switch.switch, message.data["on"], convert=word_of_bench)


@pytest.mark.parametrize("wrong", ["101", "--", "", "nan"])
async def test_a_text_that_is_no_value_makes_it_unknown(wrong: str) -> None:
    async with BenchDevice() as peer, online(new_device(Texts, peer.address)) as device:
        await peer.push(level="5", on="yes")
        await until(lambda: device.state.get(SwitchLevel.level) == 5)
        await peer.push(level=wrong, on="no")
        await until(lambda: device.state.get(Switch.switch) is False)
        assert device.state.get(SwitchLevel.level) is None
        assert device.counts["refused_values"]["switchLevel.level"][0] == 1
        await peer.push(level="6", on="perhaps")
        await until(lambda: device.state.get(SwitchLevel.level) == 6)
        assert device.state.get(Switch.switch) is None
        assert not device.counts["driver_errors"]


class Unchanging(Bench):
    """Reads its speed only once."""

    id = "test_unchanging"
    poll = None

    @override
    async def refresh(self) -> None:
        values = await self.io.call("get")
        self.emit(SwitchLevel.level, values["level"])
        if self.get(TestSpeed.speed) is None:
            self.emit(TestSpeed.speed, values["speed"])
        else:
            self.unchanged(TestSpeed.speed)

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        """Nothing: the replies are read."""


async def test_a_value_that_is_not_read_again_is_unchanged() -> None:
    async with BenchDevice() as peer, online(new_device(Unchanging, peer.address)) as device:
        for _ in range(2):
            await device.commands.refresh()
            assert device.state.get(TestSpeed.speed) == 0


async def test_no_detail_is_none() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        device.driver.describe(name="Lamp", model="", firmware=None)
        nothing: Any = 5
        device.driver.describe(name=nothing, room=None)
        identity = device.identity
        assert (identity.name, identity.model, identity.firmware) == ("Lamp", "", "")
        assert identity.room == ""


async def test_a_driver_sees_the_data_of_its_device() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        driver = device.driver
        assert driver.identity == Identity("bench-1")
        assert driver.get(Switch.switch) is None
        async with online(device):
            assert driver.get(Switch.switch) is False
            assert driver.get(Switch.switch, "outlet_1") is None
            assert driver.has(Switch)
            assert driver.has(SwitchLevel)
            assert not driver.has(Switch, "outlet_1")
            driver.set_profile(Profile(Switch, outlet_1=Component((Switch,))))
            assert driver.has(Switch, "outlet_1")
            assert not driver.has(SwitchLevel)
            driver.emit(Switch.switch, True, "outlet_1")
            assert driver.get(Switch.switch, "outlet_1") is True
            driver.set_secret("token", "t")
            assert driver.secrets == device.secrets == {"token": "t"}
            driver.set_available("outlet_1", available=False)
            assert not device.component_available("outlet_1")


async def test_what_a_device_reports_shows_what_it_can_do() -> None:
    async with BenchDevice() as peer, online(device := new_device(Bench, peer.address)):
        driver, changes = device.driver, 0
        before = device.profile.components["main"]

        def count() -> None:
            nonlocal changes
            changes += 1

        device.observer.on_profile = count
        driver.add_capabilities(PowerMeter)
        assert device.profile.components["main"].capabilities == (*before.capabilities, PowerMeter)
        driver.add_capabilities(Switch, component="outlet_1", name="Outlet 1")
        driver.add_capabilities(PowerMeter, Switch, component="outlet_1", name="ignored")
        outlet = device.profile.components["outlet_1"]
        assert outlet == Component((Switch, PowerMeter), "Outlet 1")
        assert changes == 3
        driver.add_capabilities(Switch, PowerMeter, component="outlet_1")
        driver.add_capabilities()
        assert changes == 3


async def test_an_unproven_device_changes_nothing() -> None:
    device = new_device(Bench)
    device.driver.emit(Switch.switch, True)
    device.driver.set_profile(Profile())
    device.driver.add_capabilities(PowerMeter)
    device.driver.set_available("main", available=False)
    device.driver.describe(name="Trojan")
    assert device.record == Record(Identity("bench-1"))
    assert device.state.values() == {}
    assert not device._core.components.unavailable


def test_a_faulty_class_without_source_is_refused_as_any_other() -> None:
    with pytest.raises(DriverError, match=rf"driver Made \(module {__name__}\): .*no profile"):
        type("Made", (Driver,), {"id": "made", "transport": Http, "__module__": __name__})
