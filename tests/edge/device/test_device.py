"""A device over real sockets: results of commands, lost connections, identity and hooks."""

import asyncio
from functools import partial
import json
import logging
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    BusyError,
    Command,
    Device,
    HealthCheck,
    JsonRpc,
    JsonRpcOptions,
    OfflineError,
    Profile,
    Record,
    Refresh,
    RefusedError,
    ReplyError,
    Status,
    Switch,
    SwitchLevel,
    TimedOutError,
    UdpOptions,
    UnreachableError,
    UnsupportedError,
    UsageError,
    handles,
)
from lan_edge.connection import (
    availability,
    backoff as backoff_module,
    connection as connection_module,
)
from lan_edge.device import commands as commands_module, response_watchdog as watchdog_module
from tests.clock import now

from ..bench import (
    Bench,
    BenchDevice,
    BenchSettings,
    TestSpeed,
    Toggle,
    hooks_of,
    new_device,
    online,
    send,
)
from ..peers import closed_port, until


@pytest.fixture(autouse=True)
def faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry quickly."""
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)


def shorter_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(availability, "GRACE", 0.1)


# results of commands


async def test_a_command() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        await send(device, Switch.on)
        assert peer.state["on"] is True
        await until(lambda: device.state.get(Switch.switch))


async def test_usage_errors_need_no_connection() -> None:
    device = new_device(Bench)
    with pytest.raises(
        UnsupportedError, match=r"^its component main has no capability test.toggle$"
    ):
        await send(device, Toggle.toggle)
    with pytest.raises(UnsupportedError):
        await device.commands.execute(Switch.on, {}, "outlet_2")
    with pytest.raises(ArgumentError, match="needs the argument level"):
        await send(device, SwitchLevel.set_level)
    with pytest.raises(ArgumentError, match="no argument colour"):
        await send(device, SwitchLevel.set_level, level=1, colour=2)
    with pytest.raises(ArgumentError, match="101 is outside the range 0 to 100"):
        await send(device, SwitchLevel.set_level, level=101)


@pytest.mark.parametrize("what", ["execute", "refresh"])
async def test_offline_fails_at_once_with_the_reason(what: str) -> None:
    device = new_device(Bench, closed_port())
    device.start()
    await until(lambda: device.connection.status is Status.WAITING)
    started = now()
    with pytest.raises(OfflineError, match=r"^connecting to 127.0.0.1:\d+: Connection refused"):
        await (send(device, Switch.on) if what == "execute" else device.commands.refresh())
    assert now() - started < 0.001
    await device.stop()
    with pytest.raises(OfflineError):
        await send(device, Switch.on)


async def test_a_refusal_has_the_devices_message() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.refuse = True
        with pytest.raises(RefusedError, match="set: not now"):
            await send(device, Switch.on)
        assert device.available


async def test_too_many_commands() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.001
        results = await asyncio.gather(
            *(send(device, Switch.on if n % 2 else Switch.off) for n in range(80)),
            return_exceptions=True,
        )
        assert [type(r) for r in results] == [type(None)] * 65 + [BusyError] * 15
        assert len(peer.sets) == 65


async def test_a_cancelled_caller_does_not_affect_others() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.02
        tasks = [asyncio.ensure_future(send(device, TestSpeed.set_speed, speed=1))]
        tasks += [asyncio.ensure_future(send(device, Switch.on)) for _ in range(3)]
        await until(lambda: peer.sets)
        tasks[0].cancel()
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert [t.cancelled() for t in tasks] == [True, False, True, False]
        assert peer.sets == [{"speed": 1}, {"on": True}, {"on": True}]
        assert device.connection.attempts == 1


async def test_a_frozen_device_is_offline_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lan_edge")
    monkeypatch.setattr(connection_module, "DOUBT_TIMEOUT", 0.2)
    monkeypatch.setattr(JsonRpc, "answers_within", 0.2)
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.deaf = True
        started = now()
        results = await asyncio.gather(
            *(send(device, Switch.on) for _ in range(10)), return_exceptions=True
        )
        assert [type(r) for r in results[:1]] == [TimedOutError]
        assert {type(r) for r in results[2:]} == {OfflineError}
        assert now() - started < 1.0
        assert not device.available
        with pytest.raises(OfflineError):
            await send(device, Switch.on)
        peer.deaf = False
        device.connection.sighted(peer.address)
        await until(lambda: device.available)
        await send(device, Switch.off)
        assert peer.sets == [{"on": False}]  # nothing stale was replayed
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.INFO]
    assert [line.split(": ")[1].split()[0] for line in lines] == ["online", "offline", "online"]


class Patient(Bench):
    """Waits for an answer as long as by default."""

    id = "test_patient"
    options = JsonRpcOptions()


async def test_a_device_that_is_silent_after_a_command_is_offline_soon() -> None:
    async with BenchDevice() as peer, online(new_device(Patient, peer.address)) as device:
        peer.deaf = True
        loop = asyncio.get_running_loop()
        begun = loop.time()
        with pytest.raises(TimedOutError):
            await send(device, Switch.on)
        await until(lambda: not device.available)
        assert 3 <= loop.time() - begun < 3.7
        begun = loop.time()
        with pytest.raises(OfflineError, match="it no longer responds"):
            await send(device, Switch.on)
        assert loop.time() - begun < 0.1


async def test_the_driver_sets_how_long_a_command_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (watchdog_module, commands_module):
        monkeypatch.setattr(module, "SILENCE_LIMIT", 0.1)
    monkeypatch.setattr(JsonRpc, "answers_within", 0.6)
    async with BenchDevice() as peer, online(new_device(Patient, peer.address)) as device:
        peer.deaf = True
        begun = asyncio.get_running_loop().time()
        with pytest.raises(UnreachableError):
            await send(device, Switch.on)
        assert 0.5 <= asyncio.get_running_loop().time() - begun < 1.2
        assert not device.available


async def test_a_slow_command_does_not_end_the_connection() -> None:
    async with BenchDevice() as peer, online(new_device(Patient, peer.address)) as device:
        peer.delay = lambda: 2.0
        await send(device, Switch.on)
        assert device.available
        assert device.history.drops == 0


async def test_slow_answer_is_told_and_leaves_the_device_online() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        slow = iter([0.6])
        peer.delay = lambda: next(slow, 0.0)
        with pytest.raises(TimedOutError):
            await send(device, Switch.on)
        assert device.available
        await until(lambda: not device.connection._heartbeat.is_checking)
        assert device.available
        assert device.connection.attempts == 1


# a lost connection


async def test_a_loss_that_recovers_is_not_noticed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lan_edge")
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        seen = list[bool]()
        device.observer.on_available = lambda: seen.append(device.available)
        peer.state["level"] = 7
        peer.drop()
        await until(lambda: device.connection.status is not Status.ONLINE)
        assert device.available
        await send(device, Switch.on)  # waits, and is sent
        assert peer.sets == [{"on": True}]
        assert device.state.get(SwitchLevel.level) == 7  # everything was read again
        assert not seen
    assert len([r for r in caplog.records if r.levelno == logging.INFO]) == 1


async def test_commands_during_a_loss_keep_their_order() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.drop()
        await until(lambda: device.connection.status is not Status.ONLINE)
        tasks = list[asyncio.Task[None]]()

        def issue(number: int) -> None:
            tasks.append(asyncio.create_task(send(device, (Switch.off, Switch.on)[number % 2])))

        for number in range(8):
            issue(number)
            await asyncio.sleep(0)

        def issue_two() -> None:  # the waiting ones have not resumed yet
            issue(8)
            issue(9)

        device.observer.on_online = issue_two
        await until(lambda: len(tasks) == 10)
        await asyncio.gather(*tasks)
        assert [s["on"] for s in peer.sets] == [n % 2 == 1 for n in range(10)]


async def test_a_loss_that_lasts_fails_the_waiting_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shorter_grace(monkeypatch)
    device = new_device(Bench)
    async with BenchDevice() as peer:
        device.connection.sighted(peer.address)
        device.start()
        await until(lambda: device.available)
    await until(lambda: device.connection.status is not Status.ONLINE)
    assert device.available
    results = await asyncio.gather(
        *(send(device, Switch.on) for _ in range(5)), return_exceptions=True
    )
    assert {type(r) for r in results} == {OfflineError}
    assert not device.available
    await device.stop()


async def test_lost_right_after_the_last_answer() -> None:
    """A connection that is lost just as it becomes ready must not stay online."""
    async with BenchDevice() as peer:
        say = peer.say

        async def say_and_go(wire: Any, **message: Any) -> None:
            await say(wire, **message)
            if "on" in message.get("result", {}):
                wire.close()

        peer.say = say_and_go  # type: ignore[method-assign]
        device = new_device(Bench, peer.address)
        device.start()
        await until(lambda: peer.accepted >= 2)
        peer.say = say  # type: ignore[method-assign]
        await until(lambda: device.connection.status is Status.ONLINE and peer.wires)
        await send(device, Switch.on)
        await device.stop()


class Stuck(Bench):
    """Never returns from turning on, which a driver must not do."""

    @handles(Switch.on)
    async def stuck(self) -> None:
        await asyncio.sleep(60)


async def test_waiting_commands_fail_even_if_the_driver_is_stuck(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shorter_grace(monkeypatch)
    device = new_device(Stuck)
    async with BenchDevice() as peer:
        device.connection.sighted(peer.address)
        device.start()
        await until(lambda: device.available)
        stuck = [asyncio.ensure_future(send(device, Switch.on)) for _ in range(2)]
        waiting = asyncio.ensure_future(send(device, Switch.off))
        await asyncio.sleep(0.01)
    with pytest.raises(OfflineError):
        await asyncio.wait_for(waiting, 1)
    await device.stop()
    async with asyncio.timeout(1):
        results = await asyncio.gather(*stuck, return_exceptions=True)
    assert {type(r) for r in results} == {OfflineError}


@pytest.mark.parametrize("count", [1, 2])
async def test_stop_ends_a_driver_that_is_stuck(count: int) -> None:
    async with BenchDevice() as peer:
        device = new_device(Stuck, peer.address)
        async with online(device):
            tasks = [asyncio.ensure_future(send(device, Switch.off))] if count == 2 else []
            tasks += [asyncio.ensure_future(send(device, Switch.on))]
            await asyncio.sleep(0.05)
        async with asyncio.timeout(1):
            results = await asyncio.gather(*tasks, return_exceptions=True)
        assert type(results[-1]) is OfflineError


async def test_a_push_wins_over_the_answer_it_came_with() -> None:
    class Asking(Bench):
        @override
        async def refresh(self) -> None:
            reply = await self.io.call("get")
            self.emit(SwitchLevel.level, reply["level"])

        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            if not message.is_reply:
                super().on_message(message)

    async with BenchDevice() as peer, online(new_device(Asking, peer.address)) as device:
        peer.silent = True
        reading = asyncio.ensure_future(device.commands.refresh())
        await until(lambda: peer.requests.count("get") == 2)
        answer = {"id": 3, "result": {"level": 1}}
        push = {"method": "state", "params": {"level": 2}}
        await peer.raw(b"".join(json.dumps(m).encode() + b"\n" for m in (answer, push)))
        await reading
        assert device.state.get(SwitchLevel.level) == 2
        peer.silent = False


# address and identity


async def test_identity_is_checked_before_an_address_is_kept() -> None:
    records = list[tuple[Address, ...]]()
    async with BenchDevice() as peer, BenchDevice("127.0.0.2", unique_id="other") as impostor:
        device = new_device(Bench, peer.address)
        device.observer.on_record = lambda: records.append(device.record.addresses)
        async with online(device):
            impostor.state["level"] = 66
            peer.silent = True
            device.connection.sighted(impostor.address)
            await until(lambda: impostor.requests)
            peer.silent = False
            await until(lambda: device.connection.status is Status.ONLINE)
            assert device.record.addresses == (peer.address,)
            assert device.state.get(SwitchLevel.level) == 0
            assert all(impostor.address not in r for r in records)
            assert set(impostor.requests) == {"info"}


async def test_impostor_at_the_old_address(monkeypatch: pytest.MonkeyPatch) -> None:
    shorter_grace(monkeypatch)
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        device.start()
        await until(lambda: device.available)
    async with BenchDevice(port=peer.address.port, unique_id="other") as impostor:
        await until(lambda: not device.available)
        await until(lambda: "is other, not bench-1" in str(device.connection.reason))
        await impostor.push(level=99)
        with pytest.raises(OfflineError, match="is other, not bench-1"):
            await send(device, Switch.on)
        assert not impostor.sets
        async with BenchDevice("127.0.0.2") as moved:
            device.connection.sighted(moved.address)
            await until(lambda: device.available)
            assert device.record.addresses == (moved.address, peer.address)
            assert device.state.get(SwitchLevel.level) == 0
        await device.stop()


async def test_values_are_ignored_before_the_identity_is_proven() -> None:
    async with BenchDevice(unique_id="other") as impostor:
        answer = impostor._answer

        async def push_first(wire: Any, request: dict[str, Any]) -> None:
            await impostor.say(wire, method="state", params={"level": 99})
            await answer(wire, request)

        impostor._answer = push_first  # type: ignore[method-assign]
        device = new_device(Bench, impostor.address)
        device.start()
        await until(lambda: device.connection.status is Status.WAITING)
        assert device.state.get(SwitchLevel.level) is None
        await device.stop()


async def test_the_identity_of_a_new_device() -> None:
    async with (
        BenchDevice() as peer,
        online(new_device(Bench, peer.address, unique_id="")) as device,
    ):
        assert device.identity.unique_id == "bench-1"


async def test_check_returns_the_identity_and_leaves_no_connection() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, unique_id="")
        assert (await device.check(peer.address)).unique_id == "bench-1"
        assert hooks_of(device) == ["connected", "refresh", "disconnected"]
        await until(lambda: not peer.connections)
        assert not device.record.added
        with pytest.raises(UnreachableError):
            await device.check(closed_port())


# hooks of the driver


async def test_hooks_in_order() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        async with online(device):
            peer.drop()
            await until(lambda: device.connection.attempts == 2)
            await until(lambda: device.connection.status is Status.ONLINE)
            await device.change_settings({"pace": 2})
            assert device.driver.settings == BenchSettings(2)
            await device.change_settings({"pace": 3})
        assert hooks_of(device) == [
            *("added", "connected", "refresh", "disconnected"),
            *("connected", "refresh", "settings_changed 1", "settings_changed 2"),
            *("goodbye", "disconnected"),
        ]
        again = Device(Bench, Record.from_dict(device.record.as_dict()))
        again.start()
        await until(lambda: again.available)
        await again.remove()
        assert hooks_of(again) == ["connected", "refresh", "removed", "disconnected"]


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        ("added", ["added", "added", "connected", "refresh"]),
        ("connected", ["added", "connected", "disconnected", "connected", "refresh"]),
        (
            "refresh",
            ["added", "connected", "refresh", "disconnected", "connected", "refresh"],
        ),
    ],
)
@pytest.mark.parametrize("error", [RefusedError("not yet"), ZeroDivisionError("bug")])
async def test_hooks_that_fail_once(hook: str, expected: list[str], error: Exception) -> None:
    class Failing(Bench):
        fails: ClassVar[dict[str, Exception]] = {hook: error}

    async with BenchDevice() as peer:
        device = new_device(Failing, peer.address)
        device.start()
        await until(lambda: device.connection.status is Status.WAITING)
        Failing.fails.clear()
        await until(lambda: device.available)
        assert hooks_of(device) == expected
        await device.stop()


@pytest.mark.parametrize("hook", ["disconnected", "goodbye", "removed"])
async def test_bugs_in_the_last_hooks_are_contained(
    hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Bench):
        fails: ClassVar[dict[str, Exception]] = {hook: ZeroDivisionError("bug")}

    async with BenchDevice() as peer:
        for end in (Device.stop, Device.remove):
            device = new_device(Failing, peer.address)
            device.start()
            await until(partial(getattr, device, "available"))
            await end(device)
            assert hooks_of(device).count("disconnected") == 1
        await until(lambda: not peer.connections)


async def test_the_last_hooks_have_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    class Talkative(Bench):
        @override
        async def goodbye(self) -> None:
            await asyncio.sleep(60)

    monkeypatch.setattr("lan_edge.device.session.LAST_HOOK_TIMEOUT", 0.05)
    async with BenchDevice() as peer:
        device = new_device(Talkative, peer.address)
        device.start()
        await until(lambda: device.available)
        async with asyncio.timeout(1):
            await device.stop()


@pytest.mark.parametrize("steps", range(0, 30, 3))
async def test_stopping_under_load(steps: int) -> None:
    """Commands, pushes, sightings and losses while it stops: all of them end."""
    async with BenchDevice() as peer:
        peer.delay = lambda: 0.002
        device = new_device(Bench, peer.address)
        device.start()
        await until(lambda: device.available)
        tasks = list[asyncio.Task[None]]()

        def fire(number: int) -> None:
            tasks.append(asyncio.create_task(send(device, (Switch.on, Switch.off)[number % 2])))
            tasks.append(asyncio.create_task(device.commands.refresh()))
            device.connection.sighted(Address("127.0.0.9", 1))

        for number in range(steps):
            fire(number)
            await asyncio.sleep(0.001 if number % 3 else 0)
        stopping = asyncio.create_task(device.stop())
        for number in range(10):
            fire(number)
            await asyncio.sleep(0)
            if number == steps % 5:
                peer.drop()
        async with asyncio.timeout(2):
            await stopping
            results = await asyncio.gather(*tasks, return_exceptions=True)
        allowed = (type(None), OfflineError, UnreachableError, BusyError)
        assert not [r for r in results if not isinstance(r, allowed)]
        with pytest.raises(OfflineError):
            await send(device, Switch.on)


async def test_each_connection_is_ended_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shorter_grace(monkeypatch)
    device = new_device(Bench)
    async with BenchDevice() as peer:
        device.connection.sighted(peer.address)
        device.start()
        await until(lambda: device.available)
    await until(lambda: not device.available and device.connection.attempts > 2)
    await device.stop()
    await device.stop()
    assert hooks_of(device) == ["added", "connected", "refresh", "disconnected"]


# built-in commands and identity


async def test_refresh_and_ping_are_built_in() -> None:
    class Healthy(Bench):
        profile = Profile(Switch, Refresh, HealthCheck)

    async with BenchDevice() as peer, online(new_device(Healthy, peer.address)) as device:
        peer.requests.clear()
        await send(device, Refresh.refresh)
        await send(device, HealthCheck.ping)
        await device.commands.refresh()
        assert peer.requests == ["get", "info", "get"]


@pytest.mark.parametrize("unique_id", ["x" * 257, "a\nb"])
async def test_an_invalid_id(unique_id: str) -> None:
    async with BenchDevice(unique_id=unique_id) as peer:
        with pytest.raises(ReplyError, match="is not a valid ID of a device"):
            await new_device(Bench, unique_id="").check(peer.address)


def test_usage_errors_and_defaults() -> None:
    assert issubclass(UnsupportedError, UsageError)
    assert isinstance(Switch.on, Command)
    assert JsonRpcOptions().timeout == 3.0


class Nameless(Bench):
    """Has no id."""

    id = "test_nameless"

    @override
    async def identify(self) -> str:
        return ""


async def test_a_device_without_an_id_is_not_accepted_at_an_older_address() -> None:
    async with BenchDevice() as sibling, BenchDevice() as peer:
        device = new_device(Nameless, closed_port(), sibling.address)
        device.start()
        await until(lambda: device.connection.attempts >= 2)
        await until(lambda: device.connection.status is Status.WAITING)
        assert not device.available
        device.connection.sighted(peer.address)  # by discovery
        await until(lambda: device.available)
        assert device.record.addresses[0] == peer.address
        await device.stop()


@pytest.mark.parametrize("options", [JsonRpcOptions, UdpOptions])
def test_the_least_time_for_an_answer(options: Any) -> None:
    assert options().answers_within == 3.4
    with pytest.raises(ArgumentError, match=r"answers_within is 1\.5, less than 2 s"):
        options(answers_within=1.5)
