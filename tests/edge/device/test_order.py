"""The order of commands on the wire of one device, and the independence of devices."""

import asyncio
from contextlib import AsyncExitStack
from itertools import cycle
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from lan_edge import Command, Device, Switch, SwitchLevel
from tests.clock import now

from ..bench import Bench, BenchDevice, TestSpeed, new_device, online, send, state_of
from ..peers import black_hole, until

COMMANDS: dict[str, tuple[Command[...], dict[str, Any]]] = {
    "on": (Switch.on, {}),
    "off": (Switch.off, {}),
    "level": (SwitchLevel.set_level, {"level": 0}),
    "speed": (TestSpeed.set_speed, {"speed": 0}),
}

issued = st.lists(
    st.tuples(
        st.sampled_from(sorted(COMMANDS)),
        st.sampled_from([0, 0, 0, 0.001, 0.004]),  # seconds until the next is issued
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(issued, st.lists(st.sampled_from([0, 0, 0.001, 0.003]), min_size=1, max_size=9))
async def test_any_commands(commands: list[tuple[str, float]], delays: list[float]) -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        slow = cycle(delays)
        peer.delay = lambda: next(slow)
        tasks, expected = list[asyncio.Task[None]](), list[dict[str, Any]]()
        for place, (name, pause) in enumerate(commands):
            command, arguments = COMMANDS[name]
            value: Any = name == "on" if name in {"on", "off"} else place
            expected.append({"on" if name in {"on", "off"} else name: value})
            call = device.commands.execute(command, dict.fromkeys(arguments, place))
            tasks.append(asyncio.create_task(call))
            await asyncio.sleep(pause)
        await asyncio.gather(*tasks)

        # every on and off was sent, and everything in the order of issue
        switched = (place for place, wire in enumerate(expected) if "on" in wire)
        sent = [next(switched) if "on" in wire else expected.index(wire) for wire in peer.sets]
        assert next(switched, None) is None
        assert [expected[place] for place in sent] == peer.sets
        assert sent == sorted(set(sent))

        # a value that was not sent was replaced by a newer one
        for place in set(range(len(expected))) - set(sent):
            assert any(commands[later][0] == commands[place][0] for later in sent if later > place)

        # the device is where the last commands put it, and the library knows
        end: dict[str, Any] = {}
        for wire in expected:
            end |= wire
        assert peer.state == {"on": False, "level": 0, "speed": 0} | end
        await until(lambda: state_of(device) == peer.state)


async def test_a_slider_does_not_flood_the_device() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.01
        await asyncio.gather(
            *(send(device, SwitchLevel.set_level, level=level) for level in range(50))
        )
        assert peer.sets == [{"level": 0}, {"level": 49}]


async def test_a_push_does_not_wait_for_a_command() -> None:
    async with BenchDevice() as peer, online(new_device(Bench, peer.address)) as device:
        peer.delay = lambda: 0.3
        sending = asyncio.ensure_future(send(device, Switch.on))
        await until(lambda: peer.sets)
        started = now()
        await peer.push(level=33)
        await until(lambda: device.state.get(SwitchLevel.level) == 33)
        assert now() - started < 0.1
        assert not sending.done()
        await sending


@pytest.mark.parametrize("holes", [0, 10])
async def test_a_hundred_devices_at_once(holes: int) -> None:
    """Each takes 50 ms for a command; one after the other they would take 5 s."""
    async with AsyncExitStack() as stack:
        devices = list[Device]()
        for number in range(100):
            peer = await stack.enter_async_context(BenchDevice(f"127.0.1.{number + 1}"))
            peer.delay = lambda: 0.0
            devices.append(new_device(Bench, peer.address))
            peer.delay = lambda: 0.05
        lost = [
            new_device(Bench, await stack.enter_async_context(black_hole(f"127.0.2.{n + 1}")))
            for n in range(holes)
        ]
        for device in [*lost, *devices]:
            device.start()
            stack.push_async_callback(device.stop)
        started = now()
        await until(lambda: all(d.available for d in devices))
        assert now() - started < 2
        started = now()
        await asyncio.gather(*(send(device, Switch.on) for device in devices))
        assert now() - started < 1
        assert not any(device.available for device in lost)
