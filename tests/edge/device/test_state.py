"""The values of a device's attributes."""

import asyncio
import contextvars
from dataclasses import dataclass
import logging
import math
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import (
    Attribute,
    Capability,
    Component,
    EnergyMeter,
    ImageCapture,
    Kind,
    PowerMeter,
    Profile,
    Switch,
    SwitchLevel,
)
from lan_edge.capabilities.schema import MAX_BYTES
from lan_edge.device.bounded_values import MAX_IMAGES
from lan_edge.device.state import State
from lan_edge.diagnostics.trace import Trace


class Button(Capability, id="test.button"):
    button = Attribute(str, kind=Kind.EVENT)


class Label(Capability, id="test.label"):
    label = Attribute(str)


@dataclass
class Owner:
    label: str


@pytest.fixture
def state() -> State:
    made = State(Owner("lamp"), Profile(Switch, SwitchLevel, PowerMeter, Button, Label), Trace())
    made.is_proven = True
    return made


def subscribe(state: State, attribute: Attribute[Any]) -> list[Any]:
    """Subscribe to an attribute; return the list of the values that it gets."""
    seen = list[Any]()
    state.subscribe(attribute, "main", lambda: seen.append(state.get(attribute)))
    return seen


def test_subscribers_are_called_for_changes_only(state: State) -> None:
    on, level = subscribe(state, Switch.switch), subscribe(state, SwitchLevel.level)
    for value in (True, True, False):
        state.emit(Switch.switch, value)
    assert (on, level) == ([True, False], [])


def test_events_are_never_outdated(state: State) -> None:
    """Two events in a read, and one reported meanwhile, are three events."""
    seen = subscribe(state, Button.button)
    with state.reading():
        contextvars.Context().run(state.emit, Button.button, "double")
        state.emit(Button.button, "pushed")
        state.emit(Button.button, "held")
    assert seen == ["double", "pushed", "held"]


def test_the_first_read_of_a_connection(state: State) -> None:
    firsts = list[bool]()
    state.subscribe(Button.button, "main", lambda: firsts.append(state.is_first_read))
    other = State(Owner("another"), state.profile, Trace())
    with state.reading(is_first=True):
        state.emit(Button.button, "pushed")
        contextvars.Context().run(state.emit, Button.button, "pushed")
    with state.reading():
        state.emit(Button.button, "pushed")
    with other.reading(is_first=True):
        state.emit(Button.button, "pushed")
    state.emit(Button.button, "pushed")
    assert firsts == [True, False, False, False, False]


class Labels(Capability, id="test.labels"):
    labels = Attribute(tuple[str, ...])


def strip(count: int) -> Profile:
    """Return the profile of a strip with so many outlets."""
    parts = (Label, Labels)
    return Profile(*parts, **{f"outlet{n}": Component(parts) for n in range(count)})


def test_the_values_of_a_device_have_a_bound_in_bytes() -> None:
    state = State(Owner("strip"), strip(10), Trace())
    state.is_proven = True
    largest = tuple("\U0001f4a1" * 100 for _ in range(64))
    names = [f"outlet{n}" for n in range(10)]
    for name in names:
        state.emit(Labels.labels, largest, name)
    kept = [name for name in names if state.get(Labels.labels, name)]
    assert kept == names[:5]
    count, reason = state.rejected["test.labels.labels"]
    assert count == 5
    assert reason == "the values of the device would take more than 155648 bytes"
    state.emit(Label.label, "short")
    assert state.get(Label.label) == "short"
    # a shorter value makes room, and so does a component that is gone
    state.emit(Labels.labels, ("a",), names[0])
    state.emit(Labels.labels, largest, names[5])
    assert state.get(Labels.labels, names[5]) == largest
    state.change_profile(strip(2))
    state.change_profile(strip(10))
    for name in names[1:4]:
        state.emit(Labels.labels, largest, name)
    assert state.get(Labels.labels, names[3]) == largest


def test_the_images_of_a_device_have_a_bound_in_bytes() -> None:
    cameras = [f"camera{n}" for n in range(256)]
    profile = Profile(**{name: Component((ImageCapture,)) for name in cameras})
    state = State(Owner("hub"), profile, Trace())
    state.is_proven = True
    for number, name in enumerate(cameras):
        state.emit(ImageCapture.image, bytes([number]) * MAX_BYTES, name)
    assert len(state.values()) * MAX_BYTES == MAX_IMAGES
    count, reason = state.rejected["imageCapture.image"]
    assert count == len(cameras) - len(state.values())
    assert reason == "the images of the device would take more than 8388608 bytes"
    # another image in the place of the last one needs no more room, and what is gone leaves it
    state.emit(ImageCapture.image, b"x" * MAX_BYTES, cameras[0])
    assert state.get(ImageCapture.image, cameras[0]) == b"x" * MAX_BYTES
    state.change_profile(Profile(**{name: Component((ImageCapture,)) for name in cameras[1:]}))
    state.emit(ImageCapture.image, b"x" * MAX_BYTES, cameras[9])
    assert state.get(ImageCapture.image, cameras[9]) == b"x" * MAX_BYTES


def test_long_lives_leave_no_room_used() -> None:
    state = State(Owner("strip"), strip(1), Trace())
    state.is_proven = True
    for number in range(5000):
        state.emit(Labels.labels, ("x" * (number % 50),) * (number % 60), "outlet0")
        state.emit(Label.label, "y" * (number % 1000))
    assert not state.rejected


def test_components_that_come_and_go_leave_nothing() -> None:
    state = State(Owner("strip"), strip(1), Trace())
    state.is_proven = True
    for number in range(100):
        name = f"outlet{number}"
        state.change_profile(Profile(**{name: Component((Label,))}))
        unsubscribe = state.subscribe(Label.label, name, lambda: None)
        state.emit(Label.label, "a", name)
        unsubscribe()
    assert len(state._values) == len(state._order._stamps) == 1
    assert len(state._subscribers) == 0


def test_events_count_each_time(state: State) -> None:
    seen = subscribe(state, Button.button)
    state.emit(Button.button, "pushed")
    state.emit(Button.button, "pushed")
    assert seen == ["pushed", "pushed"]


def test_an_unsubscribed_function_is_not_called(state: State) -> None:
    seen = list[int]()
    unsubscribe = state.subscribe(Switch.switch, "main", lambda: seen.append(1))
    unsubscribe()
    state.emit(Switch.switch, True)
    assert not seen


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (Switch.switch, 1),
        (Switch.switch, "on"),
        (SwitchLevel.level, True),
        (SwitchLevel.level, 50.0),
        (SwitchLevel.level, "50"),
        (SwitchLevel.level, -1),
        (SwitchLevel.level, 101),
        (SwitchLevel.level, 10**400),
        (SwitchLevel.level, [50]),
        (PowerMeter.power, math.nan),
        (PowerMeter.power, math.inf),
        (PowerMeter.power, 1e300),
        (PowerMeter.power, 10**30),
        (PowerMeter.power, -0.1),
        (PowerMeter.power, {"value": 1}),
        (Label.label, "x" * 1025),
        (Label.label, b"bytes"),
        (EnergyMeter.energy, 1.0),
    ],
)
def test_wrong_values_are_refused(
    state: State, attribute: Attribute[Any], value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    seen = subscribe(state, attribute)
    for _ in range(3):
        state.emit(attribute, value)
    assert state.get(attribute) is None
    assert not seen
    assert state.rejected[attribute.id][0] == 3
    assert len([r for r in caplog.records if r.levelno == logging.WARNING]) == 1
    assert caplog.records[0].getMessage().startswith(f"lamp: {attribute.id} refused")


# what is not known any more


def known(state: State) -> list[Any]:
    """Make the level known; return the list of the values that a subscriber gets afterwards."""
    state.emit(SwitchLevel.level, 50)
    return subscribe(state, SwitchLevel.level)


def test_none_makes_a_value_unknown(state: State) -> None:
    seen = known(state)
    state.emit(SwitchLevel.level, None)
    state.emit(SwitchLevel.level, None)
    assert seen == [None]
    assert not state.values()
    assert not state.rejected
    state.emit(SwitchLevel.level, 50)
    assert seen == [None, 50]


def test_so_does_a_value_that_is_refused(state: State) -> None:
    seen = known(state)
    state.emit(SwitchLevel.level, 101)
    assert (seen, state.rejected[SwitchLevel.level.id][0]) == ([None], 1)
    state.emit(SwitchLevel.level, 50)
    state.reject(SwitchLevel.level, "it is too bright")
    assert (seen, state.rejected[SwitchLevel.level.id][0]) == ([None, 50, None], 2)


def test_of_one_component_only() -> None:
    state = State(Owner("strip"), strip(2), Trace())
    state.is_proven = True
    for outlet in ("outlet0", "outlet1"):
        state.emit(Label.label, "x", outlet)
    state.emit(Label.label, None, "outlet0")
    state.reject(Label.label, "odd", "outlet2")  # which it does not have
    assert state.values() == {("outlet1", Label.label.id): "x"}


def test_what_is_unknown_needs_no_room(state: State) -> None:
    for _ in range(200):
        state.emit(Label.label, "x" * 1000)
        state.emit(Label.label, None)
    state.emit(Label.label, "x" * 1000)
    assert not state.rejected


def test_an_event_has_happened_whatever_follows(state: State) -> None:
    seen = subscribe(state, Button.button)
    state.emit(Button.button, "held")
    state.emit(Button.button, None)
    state.reject(Button.button, "odd")
    assert seen == ["held"]
    assert state.get(Button.button) == "held"


def test_an_unproven_device_makes_nothing_unknown(state: State) -> None:
    seen = known(state)
    state.is_proven = False
    state.emit(SwitchLevel.level, None)
    state.reject(SwitchLevel.level, "odd")
    assert not seen


async def test_an_outdated_read_makes_no_newer_push_unknown(state: State) -> None:
    with state.reading(of_all=True):
        state.emit(SwitchLevel.level, 1)
        state.emit(PowerMeter.power, 1.0)
        state.emit(Switch.switch, True)
    with state.reading(of_all=True):
        contextvars.Context().run(state.emit, SwitchLevel.level, 2)
        contextvars.Context().run(state.emit, PowerMeter.power, 2.0)
        contextvars.Context().run(state.emit, Switch.switch, False)
        state.emit(SwitchLevel.level, None)
        state.emit(PowerMeter.power, -1.0)  # refused; and nothing of the switch
    assert state.get(SwitchLevel.level) == 2
    assert state.get(PowerMeter.power) == 2
    assert state.get(Switch.switch) is False


async def test_a_push_of_something_unknown_is_newer_than_a_read(state: State) -> None:
    known(state)
    with state.reading():
        contextvars.Context().run(state.emit, SwitchLevel.level, None)
        state.emit(SwitchLevel.level, 7)
    assert state.get(SwitchLevel.level) is None


# what a read of everything no longer tells


def read_all(state: State, **values: Any) -> None:
    with state.reading(of_all=True):
        for attribute in (Switch.switch, SwitchLevel.level):
            if attribute.name in values:
                state.emit(attribute, values[attribute.name])


def test_what_a_read_no_longer_tells_is_unknown(state: State) -> None:
    state.emit(PowerMeter.power, 5.0)  # only ever pushed
    seen = subscribe(state, SwitchLevel.level)
    read_all(state, switch=True, level=50)
    read_all(state, switch=True)
    read_all(state, switch=True)
    assert seen == [50, None]
    assert (state.get(Switch.switch), state.get(PowerMeter.power)) == (True, 5)
    state.emit(SwitchLevel.level, 60)  # pushed, and never told by the reads any more
    read_all(state, switch=True)
    assert state.get(SwitchLevel.level) == 60


def test_unless_it_is_kept(state: State) -> None:
    read_all(state, switch=True, level=50)
    for _ in range(2):
        with state.reading(of_all=True):
            state.keep(SwitchLevel.level)
    assert state.get(SwitchLevel.level) == 50
    assert state.get(Switch.switch) is None
    read_all(state)
    assert state.get(SwitchLevel.level) is None


def test_a_read_that_fails_leaves_everything_as_it_was(state: State) -> None:
    read_all(state, switch=True, level=50)
    with pytest.raises(KeyError), state.reading(of_all=True):
        raise KeyError("oops")
    assert state.get(SwitchLevel.level) == 50
    read_all(state, switch=True)
    assert state.get(SwitchLevel.level) is None


def test_so_does_one_of_something_only(state: State) -> None:
    read_all(state, switch=True, level=50)
    with state.reading():
        state.emit(Switch.switch, False)
    assert state.get(SwitchLevel.level) == 50


def test_the_log_has_the_present_name(caplog: pytest.LogCaptureFixture) -> None:
    owner = Owner("new device")
    state = State(owner, Profile(SwitchLevel), Trace())
    state.is_proven = True
    owner.label = "Reef"
    state.emit(SwitchLevel.level, 101)
    assert caplog.records[0].getMessage().startswith("Reef: switchLevel.level refused")


def test_wrong_component_is_refused(state: State) -> None:
    state.emit(Switch.switch, True, "outlet_2")
    assert not state.values()
    assert state.rejected


def test_whole_numbers_are_measurements_too(state: State) -> None:
    state.emit(PowerMeter.power, 7)
    assert type(state.get(PowerMeter.power)) is float


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(), st.lists))
def test_emit_never_raises(value: Any) -> None:
    state = State(Owner("x"), Profile(Switch, SwitchLevel, PowerMeter, Label), Trace())
    state.is_proven = True
    attributes: list[Attribute[Any]]
    attributes = [Switch.switch, SwitchLevel.level, PowerMeter.power, Label.label]
    for attribute in attributes:
        state.emit(attribute, value)
        stored = state.get(attribute)
        assert value is None or stored is not None or attribute.id in state.rejected
        assert stored is None or type(stored) is attribute.schema.type


async def test_a_push_during_a_read_is_newer_than_the_read(state: State) -> None:
    async def read() -> None:
        with state.reading():
            await asyncio.sleep(0.01)
            state.emit(Switch.switch, False)
            state.emit(SwitchLevel.level, 5)

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    state.emit(Switch.switch, True)
    await reading
    assert state.get(Switch.switch) is True
    assert state.get(SwitchLevel.level) == 5


async def test_of_two_reads_the_one_that_began_later_counts(state: State) -> None:
    async def read(seconds: float, level: int) -> None:
        with state.reading():
            await asyncio.sleep(seconds)
            state.emit(SwitchLevel.level, level)

    slow = asyncio.create_task(read(0.02, 1))
    await asyncio.sleep(0)
    await read(0.001, 2)
    await slow
    assert state.get(SwitchLevel.level) == 2


async def test_a_read_of_one_device_does_not_affect_another(state: State) -> None:
    other = State(Owner("other"), Profile(Switch), Trace())
    other.is_proven = True
    with state.reading():
        other.emit(Switch.switch, True)
        await asyncio.sleep(0)
        other.emit(Switch.switch, False)
    assert other.get(Switch.switch) is False


async def test_a_later_read_is_newer_than_the_last_push(state: State) -> None:
    state.emit(Switch.switch, True)
    with state.reading():
        state.emit(Switch.switch, False)
    assert state.get(Switch.switch) is False


def test_values_of_an_unproven_device_are_ignored(state: State) -> None:
    state.is_proven = False
    state.emit(Switch.switch, True)
    assert not state.values()
    assert not state.rejected


def test_values_that_the_profile_lacks_are_dropped(state: State) -> None:
    state.emit(Switch.switch, True)
    state.emit(SwitchLevel.level, 3)
    state.change_profile(Profile(Switch))
    assert state.values() == {("main", "switch.switch"): True}


def test_a_subscriber_that_fails_does_not_affect_others(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    def bug() -> None:
        raise KeyError("oops")

    state.subscribe(Switch.switch, "main", bug)
    seen = subscribe(state, Switch.switch)
    state.emit(Switch.switch, True)
    state.emit(Switch.switch, False)
    assert seen == [True, False]
    assert caplog.text.count("lamp: a subscriber of switch.switch failed") == 1
