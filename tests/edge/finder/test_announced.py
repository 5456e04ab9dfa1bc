"""`find`: devices whose state is in what they announce by mDNS."""

import asyncio
import os

import pytest

from docs.examples.sonoff_switch import SonoffSwitch
from lan_edge import Address, Device, Record, Sighting, Switch, UnreachableError, find
from lan_edge.finder.announced import AnnouncedStates
from lan_edge.finder.mdns import AnnouncementListener, ask_host
from tests.emulators.sonoff import SERVICE_TYPE, SonoffEmulator
from tests.ports import own_host

from .bulbs import LOOPBACK

pytestmark = pytest.mark.real_time
ID = f"1000{os.getpid()}"
"""Of this process alone: what is announced on loopback reaches all tests."""


async def test_state_that_is_announced_is_heard_all_the_time() -> None:
    async with (
        SonoffEmulator(own_host(), id=ID, announce=True) as plug,
        find([ID], [SonoffSwitch], hosts=[LOOPBACK]) as devices,
    ):
        switch = devices[ID]
        states, changed = list[bool | None](), asyncio.Event()

        def note() -> None:
            states.append(switch[Switch].switch)
            changed.set()

        async def until(state: bool) -> None:
            async with asyncio.timeout(60):
                while switch[Switch].switch is not state:
                    changed.clear()
                    await changed.wait()

        switch.state.subscribe(Switch.switch, "main", note)
        await until(False)
        for state in (True, False, True):  # its record of before is still in the cache
            plug.apply({"on": state})
            await until(state)
        await switch[Switch].off()
        assert plug.state == {"on": False}
        await until(False)


async def test_a_service_that_has_not_said_where_it_is_is_asked() -> None:
    heard = asyncio.Queue[Sighting]()
    async with SonoffEmulator(own_host(), id=f"{ID}askme", announce=True) as plug:
        listener = AnnouncementListener([SERVICE_TYPE], [LOOPBACK], heard.put_nowait)
        try:
            plug.apply({"on": True})  # it announces its TXT record only
            while (sighting := await heard.get()).values["txt"] != plug.txt:
                pass
            assert sighting.address == Address(plug.host, plug.port)
        finally:
            await listener.close()


async def test_a_change_whose_announcement_got_lost_is_asked_for_at_the_next_connection() -> None:
    """The device itself is asked, by unicast, as soon as it is connected again."""
    async with (
        SonoffEmulator(own_host(), id=f"{ID}losing", announce=True) as plug,
        find([f"{ID}losing"], [SonoffSwitch], hosts=[LOOPBACK]) as devices,
    ):
        switch = devices[f"{ID}losing"]
        changed = asyncio.Event()
        switch.state.subscribe(Switch.switch, "main", changed.set)
        async with asyncio.timeout(60):
            while switch[Switch].switch is not False:
                await changed.wait()
                changed.clear()
            plug.mute = True
            plug.apply({"on": True})
            assert switch[Switch].switch is False
            switch.connection.lost(UnreachableError("gone for a moment"))
            while switch[Switch].switch is not True:
                await changed.wait()
                changed.clear()


async def test_a_host_is_asked_itself() -> None:
    async with SonoffEmulator(own_host(), id=f"{ID}hosted", announce=True) as plug:
        found = await ask_host([SERVICE_TYPE], [LOOPBACK], plug.host, 3)
        [own] = [each for each in found if each.name == plug.name]
        assert own.address == Address(plug.host, plug.port)
        assert own.values["txt"] == plug.txt
        assert await ask_host([SERVICE_TYPE], [LOOPBACK], "127.0.0.9", 0.5) == []


async def test_an_answer_that_is_older_than_an_announcement_is_not_told() -> None:
    told = asyncio.Queue[Sighting]()

    def service(name: str) -> Sighting:
        return Sighting("mdns", SERVICE_TYPE, Address("10.0.0.1", 8081), name)

    async def answer(*_: object) -> list[Sighting]:
        await asyncio.sleep(0.01)
        states.heard(service("plug"))
        return [service("plug"), service("other")]

    async def hosts() -> tuple[str, ...]:
        return (LOOPBACK,)

    states, device = AnnouncedStates(hosts, answer), Device(SonoffSwitch, Record())
    states.watch(device, told.put_nowait)
    device.observer.on_listening("10.0.0.1")
    assert (await told.get()).name == "other"
    assert told.empty()
    await states.close()


async def test_nobody_is_asked_any_more_once_it_is_closed() -> None:
    asked = list[object]()

    async def answer(*whom: object) -> list[Sighting]:
        asked.append(whom)
        return []

    async def hosts() -> tuple[str, ...]:
        return (LOOPBACK,)

    states, device = AnnouncedStates(hosts, answer), Device(SonoffSwitch, Record())
    states.watch(device, lambda _: None)
    await states.close()
    device.observer.on_reading("10.0.0.1")
    await asyncio.sleep(0.05)
    assert asked == []
