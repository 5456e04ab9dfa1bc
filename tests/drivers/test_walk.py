"""Every driver, with each single reading refused, missing, null, wrong, late or not there.

The device's main readings decide whether it is there (`Walked.main`). Everything else is unknown
while it is not told, comes back when it is told again, and decides nothing else.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from lan_edge import Device, EdgeError
from lan_edge.connection.status import Status
from lan_edge.device.optional_readings import LATEST_AGAIN
from lan_edge.device.value_order import StateKey
from lan_edge.drivers.govee import Govee
from lan_edge.drivers.wiz import Wiz
from tests.emulators.rewriting import (
    MISSING,
    REFUSED,
    Change,
    Changes,
    Place,
    Rewrite,
    is_xml,
    name_of,
    places,
    value_at,
)
from tests.ports import free_port

from .house import until
from .walked import WALKED, Emulator, Walked

ODD = {"odd": [1]}
LATE = 4.0
FIELD_CHANGES: dict[str, Any] = {"missing": MISSING, "null": None, "another type": ODD}
XML_CHANGES: dict[str, Any] = {"missing": MISSING, "empty": None, "odd": "\x01?"}
ANSWER_CHANGES: dict[str, Any] = {"nothing": MISSING, "refused": REFUSED, "garbage": b"\x00?"}
NO_TEXTS = {"None", "none", "null", str(ODD)}

pytestmark = pytest.mark.timeout(3600)  # what answers most takes 80 s of a processor
walked = pytest.mark.parametrize("family", WALKED.values(), ids=WALKED)


@pytest.fixture(autouse=True)
def unpolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read when a test says so, and otherwise only what failed."""
    for family in WALKED.values():
        monkeypatch.setattr(family.type, "poll", None)
    # the real ones may be somebody's on this machine
    monkeypatch.setattr(Wiz, "options", replace(Wiz.options, local_port=0))
    ports: Any = {"local_port": free_port(), "port": free_port()}
    monkeypatch.setattr(Govee, "options", replace(Govee.options, **ports))
    monkeypatch.setattr(Govee, "scan_port", free_port())


@dataclass(frozen=True)
class Step:
    """One thing that is wrong with a device's answers."""

    request: str
    what: str
    """The answer, and the field within it."""
    how: str
    rewrite: Rewrite | None = None

    def begin(self, emulator: Emulator) -> None:
        """Have the device answer so from now on."""
        emulator.faults.rewrite = self.rewrite
        emulator.faults.late_answers = {} if self.rewrite else {self.request: LATE}


def end(emulator: Emulator) -> None:
    """Have the device answer as it should again."""
    emulator.faults.rewrite = None
    emulator.faults.late_answers = {}


def steps(answers: dict[str, bytes]) -> Iterator[Step]:
    """Yield everything that can be wrong with answers, one at a time."""
    for request, answer in answers.items():
        for how, value in ANSWER_CHANGES.items():
            yield Step(request, request, how, Change(request, (), value))
        yield Step(request, request, "late")
        for place in places(answer):
            what = f"{request} {name_of(answer, place)}"
            for how, value in (XML_CHANGES if is_xml(answer) else FIELD_CHANGES).items():
                if value is not MISSING or may_be_missing(answer, place):
                    yield Step(request, what, how, Change(request, place, value))


def may_be_missing(answer: bytes, place: Place) -> bool:
    """Return whether a value can be left out: not if its place in a list says what it is."""
    return isinstance(place[-1], str) or is_xml(answer) or type(value_at(answer, place)) is dict


def texts_of(device: Device) -> set[str]:
    """Return the texts that users may get to see of a device."""
    values = [v for v in device.state.values().values() if isinstance(v, str)]
    names = [component.name for component in device.profile.components.values()]
    identity = device.identity
    about = [identity.name, identity.model, identity.firmware, identity.serial_number, identity.mac]
    return {*values, *names, *about, identity.unique_id}


def bugs_of(device: Device) -> list[str]:
    """Return where the driver raised what it must not raise."""
    errors = device._core.guard.errors  # all counts take long to clean
    return [name for name in errors if not name.endswith("refused")]


async def failure_of(work: Coroutine[Any, Any, object]) -> EdgeError | None:
    """Return why something failed, or None."""
    try:
        await work
    except EdgeError as err:
        return err
    return None


def check(device: Device, family: Walked, step: Step, known: dict[StateKey, Any]) -> None:
    """Check that a device has no wrong value, no text that is none, and no bug."""
    assert not NO_TEXTS & texts_of(device), step
    if not family.changes_meaning(step.what):
        assert device.state.values().items() <= known.items(), step
    assert not bugs_of(device), step


@asynccontextmanager
async def connected(family: Walked, emulator: Emulator) -> AsyncGenerator[Device]:
    """Yield a device that is online, and has been for a while."""
    device = family.new_device(emulator)
    device.start()
    try:
        await until(lambda: device.available)
        await asyncio.sleep(LATEST_AGAIN)
        await device.commands.refresh()
        yield device
    finally:
        end(emulator)
        await device.stop()


@walked
async def test_from_the_start(family: Walked) -> None:
    async with family.recorded() as (emulator, answers):
        async with connected(family, emulator) as device:
            known = device.state.values()
        for step in steps(answers):
            step.begin(emulator)
            device = family.new_device(emulator)
            failure = await failure_of(device.check(device.record.addresses[0]))
            await device.stop()
            assert failure is None or family.decides(step.what), (step, failure)
            check(device, family, step, known)


@walked
async def test_later_on(family: Walked) -> None:
    async with family.recorded() as (emulator, answers), connected(family, emulator) as device:
        known, abilities = device.state.values(), abilities_of(device)
        for step in steps(answers):
            step.begin(emulator)
            failure = await failure_of(device.commands.refresh())
            check(device, family, step, known)
            decides, means = family.decides(step.what), family.changes_meaning(step.what)
            assert decides or (failure is None and device.connection.status is Status.ONLINE), (
                step,
                failure,
            )
            assert decides or means or abilities_of(device) == abilities, step
            end(emulator)
            await settled(device)
            assert device.state.values() == known, step
            assert means or abilities_of(device) == abilities, step


def abilities_of(device: Device) -> dict[str, object]:
    """Return what each component of a device can do."""
    return {name: each.capabilities for name, each in device.profile.components.items()}


async def settled(device: Device) -> None:
    """Wait until nothing is left of what was wrong with a device that answers again."""
    await until(lambda: device.connection.status is Status.ONLINE)
    await asyncio.sleep(3)  # a Yeelight answers 60 commands a minute
    await device.commands.refresh()
    for _ in range(4):
        if device.failed_readings:
            await asyncio.sleep(LATEST_AGAIN)


# any answers

odd_text = st.text(max_size=20).filter(lambda text: text not in NO_TEXTS)
anything = st.one_of(
    st.just(MISSING),
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6),
    odd_text,
    st.lists(st.integers(), max_size=2),
    st.dictionaries(odd_text, st.none(), max_size=2),
)


@walked
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
async def test_any_answer(family: Walked, data: st.DataObject) -> None:
    """A few fields of the answers are anything at all."""
    async with family.recorded() as (emulator, answers):
        fields = [(r, place) for r, answer in answers.items() for place in places(answer)]
        if not fields:  # it answers a word
            fields = [(request, ()) for request in answers]
        change = st.builds(
            lambda at, value: Change(at[0], at[1], value), st.sampled_from(fields), anything
        )
        some = st.lists(change, min_size=1, max_size=3, unique_by=lambda c: (c.request, c.place))
        changes = data.draw(some)
        emulator.faults.rewrite = Changes(sorted(changes, key=from_behind, reverse=True))
        device = family.new_device(emulator)
        failure = await failure_of(device.check(device.record.addresses[0]))
        await device.stop()
        may_fail = any(decides(family, answers, each) for each in changes)
        assert failure is None or may_fail or all_readings_are_in(family, answers, changes), failure
        assert not NO_TEXTS & texts_of(device)
        assert not bugs_of(device)


def decides(family: Walked, answers: dict[str, bytes], change: Change) -> bool:
    """Return whether the device may be offline with a change."""
    answer, place = answers[change.request], change.place
    if place and change.value is MISSING and not may_be_missing(answer, place):
        change = replace(change, place=place[:-1])  # then the list as a whole means nothing
    what = name_of_field(answers, change)
    return family.decides(what) or family.may_be_unknown(what, change.value)


def all_readings_are_in(family: Walked, answers: dict[str, bytes], changes: list[Change]) -> bool:
    """Return whether each of the device's readings is changed, so that it may tell nothing."""
    fields = [Change(r, place) for r, answer in answers.items() for place in places(answer)]
    single = [f for f in fields if not isinstance(value_at(answers[f.request], f.place), dict)]
    names = {name_of_field(answers, each) for each in single}
    readings = {name for name in names if fnmatchcase(name, family.readings)}
    return bool(readings) and readings <= {name_of_field(answers, each) for each in changes}


def from_behind(change: Change) -> list[tuple[bool, str | int]]:
    """Return what sorts changes, so that one that leaves a field out moves none of another's."""
    return [(isinstance(key, str), key) for key in change.place]


def name_of_field(answers: dict[str, bytes], change: Change) -> str:
    """Return what a change is of, as a step has it."""
    return f"{change.request} {name_of(answers[change.request], change.place)}".strip()
