"""The page's rail of lamps: one message for all that are to become the same."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    Confirm,
    Device,
    EdgeError,
    Identity,
    LightIntent,
    OfflineError,
    Record,
    RefusedError,
    Switch,
    SwitchLevel,
    UnconfirmedError,
    handles,
    handles_many,
)
from tests.drivers.house import until

from . import pages
from .devices import HOST, TcpDevice

PATH = "docs/examples/lamp_rail.py"
EXAMPLE = pages.run(PATH, (pages.ROOT / PATH).read_text())
LAMPS = list(EXAMPLE.LAMPS)
pytestmark = pytest.mark.usefixtures("nothing_left_running")


class Rail(TcpDevice):
    id = "RAIL1"
    first: ClassVar[dict[str, Any]] = {"stuck": [], "refuses": False}

    def __init__(self) -> None:
        super().__init__()
        self.lamps = {number: {"number": number, "on": False, "level": 0} for number in range(1, 7)}
        self.sets = list[dict[str, Any]]()

    @override
    def answer(self, message: bytes) -> bytes:
        request = json.loads(message)
        reply: dict[str, Any] = {"result": {"lamps": list(self.lamps.values())}}
        if request["method"] == "info":
            reply = {"result": {"serial": self.id}}
        elif request["method"] == "set":
            self.sets.append(request["params"])
            if self.state["refuses"]:
                reply = {"error": {"message": "too hot"}}
            else:
                self._set(**request["params"])
        return json.dumps({"id": request["id"], **reply}).encode() + b"\n"

    def _set(self, lamps: list[int], **values: Any) -> None:
        for number in set(lamps) - set(self.state["stuck"]):
            self.lamps[number].update(values)


@asynccontextmanager
async def online(rail: Rail) -> AsyncGenerator[Device]:
    device = Device(EXAMPLE.LampRail, Record(Identity(rail.id), (Address(HOST, rail.port),)))
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        yield device
    finally:
        await device.stop()


async def test_one_action_is_one_message() -> None:
    async with Rail() as rail, online(rail) as device:
        run = device.commands
        await asyncio.gather(*(run.execute(Switch.on, {}, lamp) for lamp in LAMPS))
        warm = LightIntent(on=True, level=30)
        await asyncio.gather(*(run.perform(warm, lamp) for lamp in LAMPS[:3]))
        await run.execute(Switch.off, {}, LAMPS[5])
        assert rail.sets == [
            {"lamps": [1, 2, 3, 4, 5, 6], "on": True},
            {"lamps": [1, 2, 3], "on": True, "level": 30},
            {"lamps": [6], "on": False},
        ]
        assert device.state.get(SwitchLevel.level, "lamp_2") == 30
        assert device.history.failed == 0


async def test_those_that_are_to_become_something_else_get_a_message_of_their_own() -> None:
    """As when a scene is activated."""
    async with Rail() as rail, online(rail) as device:
        wanted = zip(LAMPS[:4], (10, 90, 10, 90), strict=True)
        each = (device.commands.perform(LightIntent(level=level), lamp) for lamp, level in wanted)
        await asyncio.gather(*each)
        assert rail.sets == [{"lamps": [1, 3], "level": 10}, {"lamps": [2, 4], "level": 90}]


async def test_each_lamp_has_a_result_of_its_own() -> None:
    async with Rail() as rail, online(rail) as device:
        rail.state["stuck"] = [2]
        each = (device.commands.execute(Switch.on, {}, lamp) for lamp in LAMPS[:3])
        results = await asyncio.gather(*each, return_exceptions=True)
        assert results[0] is results[2] is None
        assert isinstance(results[1], UnconfirmedError)


async def test_everyone_who_asked_is_told_of_an_error_once() -> None:
    async with Rail() as rail, online(rail) as device:
        rail.state["refuses"] = True
        each = (device.commands.execute(Switch.on, {}, lamp) for lamp in LAMPS[:3])
        results = await asyncio.gather(*each, return_exceptions=True)
        assert [str(each) for each in results] == ["set: too hot"] * 3
        assert all(isinstance(each, RefusedError) for each in results)
        assert len(rail.sets) == 1
        assert device.history.failed == 3


async def test_one_alone_is_told_of_its_error() -> None:
    async with Rail() as rail, online(rail) as device:
        rail.state["refuses"] = True
        with pytest.raises(RefusedError, match="too hot"):
            await device.commands.execute(Switch.on, {}, LAMPS[0])


async def test_of_several_values_for_a_lamp_the_last_counts_and_all_are_told() -> None:
    async with Rail() as rail, online(rail) as device:
        wanted = ((10, LAMPS[0]), (20, LAMPS[0]), (20, LAMPS[1]))
        each = (
            device.commands.execute(SwitchLevel.set_level, {"level": level}, lamp)
            for level, lamp in wanted
        )
        assert await asyncio.gather(*each) == [None] * 3
        assert rail.sets == [{"lamps": [1, 2], "level": 20}]


async def test_those_that_still_wait_are_told_when_the_device_is_stopped() -> None:
    async with Rail() as rail, online(rail) as device:
        first = asyncio.ensure_future(device.commands.execute(Switch.on, {}, LAMPS[5]))
        await asyncio.sleep(0)
        each = [asyncio.ensure_future(device.commands.execute(Switch.on, {}, a)) for a in LAMPS[:3]]
        await asyncio.sleep(0)
        await device.stop()
        results = await asyncio.gather(first, *each, return_exceptions=True)
        assert all(isinstance(result, EdgeError) for result in results), results


async def test_what_is_taken_for_done_is_shown_at_once() -> None:
    base: Any = EXAMPLE.LampRail

    class Silent(base):  # type: ignore[misc]
        change = None

        @handles_many(LightIntent, confirm=Confirm.ECHO)
        async def set_all(self, components: tuple[str, ...], intent: LightIntent) -> None:
            """Send nothing that is answered."""

    async with Rail() as rail, online(rail) as device:
        await device.replace_driver(Silent)
        await asyncio.gather(*(device.commands.execute(Switch.on, {}, a) for a in LAMPS[:2]))
        assert [device.state.get(Switch.switch, a) for a in LAMPS[:3]] == [True, True, False]


async def test_the_order_to_other_commands_is_kept() -> None:
    async with Rail() as rail, online(rail) as device:
        run = device.commands
        await asyncio.gather(
            run.execute(Switch.on, {}, LAMPS[0]),
            run.execute(Switch.on, {}, LAMPS[1]),
            run.execute(Switch.off, {}, LAMPS[0]),
            run.execute(Switch.off, {}, LAMPS[1]),
            run.refresh(),
            run.execute(Switch.on, {}, LAMPS[0]),
        )
        assert rail.sets == [
            {"lamps": [1, 2], "on": True},
            {"lamps": [1, 2], "on": False},
            {"lamps": [1], "on": True},
        ]


async def test_everyone_is_told_when_the_device_is_stopped_meanwhile() -> None:
    async with Rail() as rail, online(rail) as device:
        each = [asyncio.ensure_future(device.commands.execute(Switch.on, {}, a)) for a in LAMPS[:3]]
        await asyncio.sleep(0)
        await device.stop()
        results = await asyncio.gather(*each, return_exceptions=True)
        assert all(isinstance(result, EdgeError) for result in results), results
        assert len(results) == 3


async def test_a_lamp_that_is_not_there_is_refused_alone() -> None:
    async with Rail() as rail, online(rail) as device:
        device.driver.set_available(LAMPS[1], False)
        each = (device.commands.execute(Switch.on, {}, lamp) for lamp in LAMPS[:3])
        results = await asyncio.gather(*each, return_exceptions=True)
        assert results[0] is results[2] is None
        assert isinstance(results[1], OfflineError)
        assert rail.sets == [{"lamps": [1, 3], "on": True}]


async def test_what_waits_while_another_driver_takes_over_is_done_as_that_does_it() -> None:
    base: Any = EXAMPLE.LampRail

    class Renamed(base):  # type: ignore[misc]
        change = None

        @handles_many(LightIntent)
        async def set_all(self, components: tuple[str, ...], intent: LightIntent) -> None:
            numbers = [EXAMPLE.LAMPS[component] for component in components]
            await self.io.call("set", lamps=numbers, **intent.asked())

    class OneByOne(Renamed):
        set_all = None  # type: ignore[assignment]

        @handles(LightIntent)
        async def set_one(self, intent: LightIntent) -> None:
            await self.io.call("set", lamps=[EXAMPLE.LAMPS[self.component]], **intent.asked())

    async with Rail() as rail, online(rail) as device:
        for driver, count in ((Renamed, 1), (OneByOne, 3)):
            rail.sets.clear()
            level = 10 * count
            first = asyncio.create_task(device.commands.execute(Switch.on, {}, LAMPS[5]))
            replaced = asyncio.create_task(device.replace_driver(driver))
            await asyncio.sleep(0)
            set_level = (
                device.commands.execute(SwitchLevel.set_level, {"level": level}, lamp)
                for lamp in LAMPS[:3]
            )
            await asyncio.gather(first, replaced, *set_level)
            assert len(rail.sets) == 1 + count
            assert [rail.lamps[number]["level"] for number in (1, 2, 3)] == [level] * 3
