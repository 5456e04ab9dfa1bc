"""Readings that may fail: what they would have told is unknown, and nothing else changes."""

import asyncio
from collections.abc import Callable
from functools import partial
import json
import logging
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Component,
    ContactSensor,
    CredentialsError,
    Device,
    Driver,
    EnergyMeter,
    FrameRequests,
    Frames,
    FramesOptions,
    Http,
    HttpOptions,
    JsonRpc,
    LengthFramer,
    PowerMeter,
    Profile,
    ReplyError,
    Switch,
    handles,
)
from lan_edge.device import optional_readings as module
from lan_edge.device.optional_readings import (
    BUDGET_LASTS,
    LATEST_AGAIN,
    LOST_AGAIN,
    MAX_WORKED,
    SOONEST_AGAIN,
    OptionalReadings,
    name_of,
)
from tests.clock import now

from ..bench import new_device, online
from ..peers import TcpPeer, Wire, until

METER: dict[str, Any] = {"power": 5.0}


class MeteredPlug(TcpPeer):
    """A plug over HTTP; `meter` is its answer, `silent_paths` are never answered."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.requests: list[str] = []
        self.meter: object = METER
        self.statuses: dict[str, str] = {}
        self.silent_paths: set[str] = set()
        self.hangs_up: set[str] = set()
        self.delays: dict[str, float] = {}
        self.on = False

    async def _talk(self, wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            self.requests.append(path)
            if method == "PUT":
                self.on = (await wire.reader.readexactly(1)) == b"1"
            await asyncio.sleep(self.delays.get(path, 0))
            if path in self.hangs_up:
                wire.close()
                return
            if path not in self.silent_paths:
                await self._answer(wire, path)

    async def _answer(self, wire: Wire, path: str) -> None:
        body = json.dumps({"/id": "bench-1", "/switch": self.on}.get(path, self.meter))
        status = self.statuses.get(path, "200 OK")
        await wire.send(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())


class Metered(Driver[Http]):
    """A plug whose meter is optional."""

    id = "test_metered"
    profile = Profile(Switch, PowerMeter)
    options = HttpOptions()

    @override
    async def identify(self) -> str:
        return str(await self.io.get_json("/id"))

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_json("/switch"))
        meter = await self.optional(self.read_meter, PowerMeter)
        self.emit_field(PowerMeter.power, meter, "power")

    async def read_meter(self) -> Any:
        return await self.io.get_json("/meter")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.put("/switch", "1")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.put("/switch", "0")


def shown(device: Device) -> tuple[Any, Any]:
    return device.state.get(Switch.switch), device.state.get(PowerMeter.power)


FAULTS: dict[str, Callable[[MeteredPlug], None]] = {
    "refused": lambda peer: peer.statuses.update({"/meter": "500 No"}),
    "nothing": lambda peer: peer.silent_paths.add("/meter"),
    "hangs up": lambda peer: peer.hangs_up.add("/meter"),
    "null": lambda peer: setattr(peer, "meter", None),
    "another type": lambda peer: setattr(peer, "meter", [1]),
    "a wrong value": lambda peer: setattr(peer, "meter", {"power": "much"}),
    "null within": lambda peer: setattr(peer, "meter", {"power": None}),
    "missing": lambda peer: setattr(peer, "meter", {}),
    "late": lambda peer: peer.delays.update({"/meter": 4.0}),
}


def mend(peer: MeteredPlug) -> None:
    peer.meter = METER
    for faults in (peer.statuses, peer.silent_paths, peer.hangs_up, peer.delays):
        faults.clear()


faults = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@faults
async def test_a_device_is_added_without_it(fault: Callable[[MeteredPlug], None]) -> None:
    async with MeteredPlug() as peer:
        fault(peer)
        device = new_device(Metered, unique_id="")
        began = now()
        await device.check(peer.address)
        assert now() - began < 2
        assert device.identity.unique_id == "bench-1"
        assert shown(device) == (False, None)
        await device.stop()


@faults
async def test_a_device_stays_online_without_it(fault: Callable[[MeteredPlug], None]) -> None:
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        assert shown(device) == (False, 5)
        told = list[object]()
        device.state.subscribe(PowerMeter.power, "main", lambda: told.append(shown(device)[1]))
        fault(peer)
        await asyncio.sleep(20)
        await device.commands.execute(Switch.on, {})
        assert (shown(device), told) == ((True, None), [None])
        await asyncio.sleep(100)
        await device.commands.execute(Switch.off, {})
        assert (device.connection.attempts, device.history.drops) == (1, 0)
        assert device.profile == Metered.profile
        mend(peer)
        await asyncio.sleep(LATEST_AGAIN)
        assert (shown(device), told) == ((False, 5), [None, 5])
        assert not device.failed_readings


async def test_what_users_are_told(caplog: pytest.LogCaptureFixture) -> None:
    async with MeteredPlug() as peer:
        peer.statuses["/meter"] = "500 No"
        async with online(new_device(Metered, peer.address)) as device:
            await asyncio.sleep(60)
            (failed,) = device.failed_readings
            assert failed["reading"] == "read_meter"
            assert (failed["component"], failed["unknown"]) == ("main", ["powerMeter.power"])
            assert "500" in failed["reason"]
            assert failed["times"] == 3
            assert failed["tried_again_every"] == 4 * SOONEST_AGAIN
            assert failed["since"] > 0
            assert not device.counts["refused_values"]
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "read_meter of main failed, so powerMeter.power is unknown: " in warnings[0]


class Lambdas(Metered):
    """Its readings have no names of their own."""

    id = "test_lambdas"
    profile = Profile(Switch, PowerMeter, EnergyMeter)

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_json("/switch"))
        await self.optional(lambda: self.io.get_json("/power"), PowerMeter)
        await self.optional(lambda: self.io.get_json("/energy"), EnergyMeter)


async def test_readings_without_names_are_told_apart(caplog: pytest.LogCaptureFixture) -> None:
    async with MeteredPlug() as peer:
        peer.statuses.update({"/power": "404 No", "/energy": "404 No"})
        async with online(new_device(Lambdas, peer.address)) as device:
            await asyncio.sleep(60)
            assert len(device.failed_readings) == 2
    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert ["energyMeter.energy" in warning for warning in warnings] == [False, True]


async def test_it_is_not_tried_with_each_poll() -> None:
    async with MeteredPlug() as peer:
        peer.silent_paths.add("/meter")
        async with online(new_device(Metered, peer.address)):
            await asyncio.sleep(300)
            assert peer.requests.count("/switch") > 25
            assert peer.requests.count("/meter") <= 6


async def test_one_that_has_worked_is_tried_again_soon() -> None:
    """Its answer was lost, probably."""
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        peer.silent_paths.add("/meter")
        await device.commands.refresh()
        assert shown(device) == (False, None)
        assert device.failed_readings[0]["tried_again_every"] == LOST_AGAIN
        mend(peer)
        await asyncio.sleep(LOST_AGAIN + 0.5)
        assert shown(device) == (False, 5)


async def test_one_that_no_longer_works_is_tried_ever_more_rarely() -> None:
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        peer.statuses["/meter"] = "500 No"
        await asyncio.sleep(2 * LATEST_AGAIN)
        asked = peer.requests.count("/meter")
        await asyncio.sleep(2 * LATEST_AGAIN)
        assert peer.requests.count("/meter") - asked <= 3
        assert device.failed_readings[0]["tried_again_every"] == LATEST_AGAIN


async def test_a_command_does_not_wait_long_for_it() -> None:
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        peer.silent_paths.add("/meter")
        began = now()
        await device.commands.execute(Switch.on, {})
        assert now() - began < 1.8
        began = now()
        await device.commands.execute(Switch.off, {})
        assert now() - began < 0.1
        assert (device.connection.attempts, device.history.drops) == (1, 0)


async def test_a_command_that_waits_for_it_does_not_make_the_device_silent() -> None:
    """The device answers slowly, so that both together take longer than it may be silent."""
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        peer.silent_paths.add("/meter")
        reading = asyncio.create_task(device.commands.refresh())
        await asyncio.sleep(0.1)
        peer.delays["/switch"] = 1.5
        await device.commands.execute(Switch.on, {})
        await reading
        assert (device.connection.attempts, device.history.drops) == (1, 0)


async def test_silence_of_the_rest_is_silence() -> None:
    """As promised, within 3.5 s of the command, even while an optional reading waits."""
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        peer.silent_paths |= {"/meter"}
        reading = asyncio.create_task(device.commands.refresh())
        await asyncio.sleep(0.1)
        peer.silent = True
        began = now()
        command = asyncio.create_task(device.commands.execute(Switch.on, {}))
        await until(lambda: not device.available, 10)
        assert now() - began < 3.6
        await asyncio.gather(reading, command, return_exceptions=True)


@pytest.mark.parametrize(
    ("status", "error"), [("401 No", CredentialsError)], ids=["a refused login"]
)
async def test_what_concerns_the_whole_device_is_raised(
    status: str, error: type[Exception]
) -> None:
    async with MeteredPlug() as peer:
        peer.statuses["/meter"] = status
        device = new_device(Metered)
        with pytest.raises(error):
            await device.check(peer.address)
        await device.stop()


class Strip(Metered):
    """Three outlets, each with a meter."""

    id = "test_strip"
    profile = Profile(
        **{f"outlet_{n}": Component((Switch, PowerMeter)) for n in range(1, 7)},
    )

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_json("/switch"), "outlet_1")
        for part in self.profile.components:
            meter = await self.optional(partial(self.read_outlet, part), PowerMeter, component=part)
            self.emit_field(PowerMeter.power, meter, "power", part)

    async def read_outlet(self, part: str) -> Any:
        return await self.io.get_json(f"/{part}")


def powers(device: Device) -> list[float | None]:
    return [device.state.get(PowerMeter.power, part) for part in device.profile.components]


async def test_one_of_many_components_fails_alone() -> None:
    async with MeteredPlug() as peer:
        peer.silent_paths.add("/outlet_2")
        async with online(new_device(Strip, peer.address)) as device:
            assert powers(device) == [5, None, 5, 5, 5, 5]
            (failed,) = device.failed_readings
            assert (failed["reading"], failed["component"]) == ("read_outlet outlet_2", "outlet_2")


async def test_all_of_many_components_take_little_time_together() -> None:
    async with MeteredPlug() as peer:
        peer.silent_paths.update(f"/outlet_{n}" for n in range(1, 7))
        device, began = new_device(Strip), now()
        await device.check(peer.address)
        assert now() - began < 3.5
        await device.stop()
        async with online(new_device(Strip, peer.address)) as device:
            await asyncio.sleep(60)
            assert powers(device) == [None] * 6
            peer.silent_paths.clear()
            await asyncio.sleep(LATEST_AGAIN + BUDGET_LASTS)
            assert powers(device) == [5] * 6
            assert device.history.drops == 0


class Buggy(Metered):
    """Its author did not think of a meter that tells nothing."""

    id = "test_buggy"

    @override
    async def read_meter(self) -> Any:
        return {"power": (await super().read_meter())["power"]}


async def test_a_mistake_of_the_driver_in_it_is_contained(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with MeteredPlug() as peer, online(new_device(Buggy, peer.address)) as device:
        peer.meter = {}
        await asyncio.sleep(30)
        assert shown(device) == (False, None)
        assert device.counts["driver_errors"].keys() == {"Buggy.read_meter"}
        assert "read_meter failed" in caplog.text
        assert device.history.drops == 0


# transports that cannot tell a late reply from the next one


def sensed(device: Device) -> tuple[Any, Any]:
    return device.state.get(ContactSensor.contact), device.state.get(PowerMeter.power)


class FramedPlug(TcpPeer):
    """Answers one byte with its name and value, in order, on a kept connection."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.requests = b""
        self.silent_about = b""
        self.late = 0.0

    async def _talk(self, wire: Wire) -> None:
        while True:
            asked = (await wire.reader.readexactly(3))[2:]
            self.requests += asked
            if asked in self.silent_about:
                if not self.late:
                    continue
                await asyncio.sleep(self.late)
            answer = asked + {b"i": b"bench-1", b"s": b"\1", b"m": b"\7"}[asked]
            await wire.send(len(answer).to_bytes(2) + answer)


def framed(transport: Any) -> type[Driver[Any]]:
    """Return a driver of the same plug by another transport."""

    class Framed(Driver[transport]):
        id = f"test_{transport.__name__.lower()}"
        profile = Profile(ContactSensor, PowerMeter)
        options = FramesOptions(framer=partial(LengthFramer, 2))
        poll: ClassVar[float | None] = 10

        async def ask(self, what: bytes) -> bytes:
            again = {"again": True} if transport is FrameRequests else {}
            reply: bytes = await self.io.ask(what, **again)
            if reply[:1] != what:
                raise ReplyError(f"{reply!r} is no answer to {what!r}")
            return reply[1:]

        @override
        async def identify(self) -> str:
            return (await self.ask(b"i")).decode()

        @override
        async def refresh(self) -> None:
            meter = await self.optional(partial(self.ask, b"m"), PowerMeter)
            self.emit(PowerMeter.power, None if meter is None else float(meter[0]))
            self.emit(ContactSensor.contact, (await self.ask(b"s")) == b"\1")

    return Framed


by_order = pytest.mark.parametrize("transport", [Frames, FrameRequests])
late = pytest.mark.parametrize("late", [0.0, 1.8, 2.5], ids=["never", "late", "later"])


@late
@by_order
async def test_a_late_reply_is_not_taken_for_the_next(transport: Any, late: float) -> None:
    async with FramedPlug() as peer:
        peer.silent_about, peer.late = b"m", late
        device = new_device(framed(transport))
        await device.check(peer.address)
        assert sensed(device) == (True, None)
        await device.stop()
        async with online(new_device(framed(transport), peer.address)) as device:
            unavailable = list[bool]()
            device.observer.on_available = lambda: unavailable.append(device.available)
            await asyncio.sleep(300)
            assert sensed(device) == (True, None)
            assert not unavailable
            assert device.connection.attempts <= 8
            assert not device.counts["refused_values"]
            peer.silent_about = b""
            await asyncio.sleep(LATEST_AGAIN + BUDGET_LASTS)
            assert sensed(device) == (True, 7)
            assert not unavailable


class RpcPlug(TcpPeer):
    """Answers requests with numbers; not all of them."""

    def __init__(self) -> None:
        super().__init__(self._talk)
        self.silent_about: set[str] = set()

    async def _talk(self, wire: Wire) -> None:
        async for line in wire.lines():
            request = json.loads(line)
            if (method := request["method"]) not in self.silent_about:
                result = {"id": "bench-1", "power": 5, "on": True}
                answer = {"id": request["id"], "result": {method: result[method]}}
                await wire.send(json.dumps(answer).encode() + b"\n")


class Rpc(Driver[JsonRpc]):
    """Asks for the meter when it connects, and is not polled."""

    id = "test_rpc_plug"
    profile = Profile(ContactSensor, PowerMeter)
    poll: ClassVar[float | None] = None

    @override
    async def identify(self) -> str:
        return str((await self.io.call("id"))["id"])

    @override
    async def refresh(self) -> None:
        await self.io.call("on")
        await self.optional(partial(self.io.call, "power"), PowerMeter)

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        self.emit_field(ContactSensor.contact, message.data, "on", unchanged=True)
        self.emit_field(PowerMeter.power, message.data, "power", unchanged=True)


async def test_it_is_tried_again_where_nothing_is_polled() -> None:
    async with RpcPlug() as peer:
        peer.silent_about = {"power"}
        async with online(new_device(Rpc, peer.address)) as device:
            assert sensed(device) == (True, None)
            peer.silent_about.clear()
            await asyncio.sleep(SOONEST_AGAIN + 1)
            assert sensed(device) == (True, 5)


# the rest of its contract


def test_the_name_of_a_reading() -> None:
    async def read_meter(_a: object = None, _b: object = None) -> None:
        """Do nothing."""

    assert name_of(read_meter) == "read_meter"
    assert name_of(partial(partial(read_meter, "get"), 5)) == "read_meter get"
    assert len(name_of(partial(read_meter, "x" * 500))) == module.MAX_NAME


async def test_another_driver_begins_anew() -> None:
    async with MeteredPlug() as peer:
        peer.statuses["/meter"] = "500 No"
        async with online(new_device(Metered, peer.address)) as device:
            readings: OptionalReadings = device._core.optional_readings
            assert readings.failed
            readings.clear()
            assert not device.failed_readings


async def test_not_all_that_have_ever_worked_are_remembered() -> None:
    async with MeteredPlug() as peer, online(new_device(Metered, peer.address)) as device:
        readings: OptionalReadings = device._core.optional_readings

        async def answer(_about: int) -> None:
            """Answer at once."""

        for about in range(MAX_WORKED):
            await readings.run(partial(answer, about), device._session.io, (), "main")
        peer.statuses["/meter"] = "500 No"
        await device.commands.refresh()
        assert device.failed_readings[0]["tried_again_every"] == SOONEST_AGAIN
