"""`find`: devices whose state is in what they announce by mDNS."""

import asyncio

import pytest

from docs.examples.sonoff_switch import SonoffSwitch
from lan_edge import Address, Sighting, Switch, find
from lan_edge.finder.mdns import AnnouncementListener
from tests.emulators.sonoff import SERVICE_TYPE, SonoffEmulator

from .bulbs import LOOPBACK

pytestmark = pytest.mark.real_time
ID = "1000findme"


async def test_state_that_is_announced_is_heard_all_the_time() -> None:
    async with (
        SonoffEmulator(id=ID, announce=True) as plug,
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
    async with SonoffEmulator(id="1000askme", announce=True) as plug:
        listener = AnnouncementListener([SERVICE_TYPE], [LOOPBACK], heard.put_nowait)
        try:
            plug.apply({"on": True})  # it announces its TXT record only
            while (sighting := await heard.get()).values["txt"] != plug.txt:
                pass
            assert sighting.address == Address(plug.host, plug.port)
        finally:
            await listener.close()
