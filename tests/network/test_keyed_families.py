"""The families that Home Assistant serves by a cloud, if at all, on a real network.

They are found, added with a wrong key and then with the right one, commanded and followed, lost in
each way there is, and found again. Some are asked, some report, and one answers nothing but polls.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from functools import partial
import time
from typing import Any

import pytest
import pytest_asyncio

from tests.emulators.miot import TOKEN
from tests.real.client import Json, until

from .allowance import allowed
from .expected import BACK, PATIENCE, are_available, fails, gone, moved, obey_again, works
from .family import OTHER, OTHER_TOKEN, Families, Family, with_keys
from .home import Home, figures
from .lab import lan as make_lan
from .resident import Resident

NOTICED = 10.0
"""Seconds in which a silent device is noticed."""
AFTER_COMMAND = 3.5
FAILS = {"Xiaomi 266842018": 5.5}
"""Of one whose answers may take longer."""
FOREIGN = "it announces what the device key does not decrypt"
"""What is logged of a device that was paired anew."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def families(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Families]:
    wanted = with_keys()
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            for family in wanted:
                await family.join(lan, stack)
            home = Home(lan, tmp_path_factory.mktemp("keyed"))
            made = Families(await stack.enter_async_context(home))
            await asyncio.gather(*(made.find(family) for family in wanted))
            await asyncio.gather(*(made.add(family) for family in wanted))
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(families: Families) -> AsyncGenerator[None]:
    yield
    assert not [told for told in families.home.complaints() if FOREIGN not in told]


def every(families: Families) -> list[Family]:
    return list(families.all.values())


async def test_each_is_found_in_its_way_and_its_key_is_kept(families: Families) -> None:
    async def stored() -> bool:
        return families.home.stored_entries().keys() >= {f.entry_id for f in every(families)}

    await until(stored, "all are stored", BACK)
    log = families.home.home_assistant.process.log.read_text(errors="replace")
    for family in every(families):
        assert family.card["context"]["source"] in family.sources
        data = families.home.stored_entries()[family.entry_id]["data"]
        assert [*data.get("secrets", {}).values()] == [*family.keys[-1:]]
        assert not [key for key in family.keys if key in log]


async def test_each_does_as_told_and_is_followed(families: Families) -> None:
    async def one(family: Family) -> None:
        told = [await families.obeys(family, on=on) for on in (True, False) * 2]
        changes = (True, False) if family.pushes else (True,)  # a poll takes its time
        seen = [await families.follows(family, on=on, patience=PATIENCE) for on in changes]
        figures(f"{family.title}: told and done", told)
        figures(f"{family.title}: changed at the device, seen after", seen)

    await asyncio.gather(*(one(family) for family in every(families)))


async def test_a_silent_one_is_noticed_and_back(families: Families) -> None:
    for family in every(families):
        family.host.silence()
    at = time.monotonic()
    took = await asyncio.gather(*(gone(families, family, at) for family in every(families)))
    for family in every(families):
        family.host.heal()
    times = dict(zip(families.all, took, strict=True))
    for title, seconds in times.items():
        figures(f"{title}: silent, unavailable after", [seconds], "s")
    assert {title: s for title, s in times.items() if s > allowed(NOTICED)} == {}
    await are_available(families, *every(families))
    await works(families, *every(families))


async def test_a_command_to_a_silent_one_fails_in_time_and_it_is_followed_where_it_went(
    families: Families,
) -> None:
    home = families.home
    home.entry_states.clear()
    for family in every(families):
        family.host.silence()
    took = await asyncio.gather(*(fails(families, family) for family in every(families)))
    times = dict(zip(families.all, took, strict=True))
    for title, seconds in times.items():
        figures(f"{title}: told while silent, failed after", [seconds], "s")
    late = {t: s for t, s in times.items() if s > allowed(FAILS.get(t, AFTER_COMMAND))}
    assert late == {}
    async with AsyncExitStack() as stack:
        forged = [await forger(families, family, stack) for family in every(families)]
        await asyncio.gather(*(moved(families, family) for family in every(families)))
        await are_available(families, *every(families))
        await works(families, *every(families))
        assert [each for each in forged if await changed(each)] == []
    assert {state for _, state in home.entry_states} <= {"loaded"}


async def forger(families: Families, family: Family, stack: AsyncExitStack) -> Resident[Any]:
    """Have another one say all that a device says; it has another key, and is on, as this is not.

    Without a key, nothing tells it from the device: there is none of such a device.
    """
    host = families.home.lan.join()
    made = Resident[Any](host, lambda: family.make(host.address))
    await stack.enter_async_context(made)
    if family.keys:
        await made.do(partial(have_key, key=other_key(family)))
    else:
        host.silence()
    await made.do(lambda device: family.turn(device, True))
    return made


async def changed(forged: Resident[Any]) -> bool:
    """Return whether a forger has done what the device was told, which is off at last."""

    async def is_off(device: Any) -> bool:
        return not device.state["on"]

    return await forged.do(is_off)


async def test_one_that_lies_is_found_out(families: Families) -> None:
    async def lied(family: Family) -> None:
        await families.obeys(family, on=False)
        family.device.faults.lie = True
        took = await fails(families, family)
        figures(f"{family.title}: a lie is told after", [took], "s")
        family.device.faults.clear()

    await asyncio.gather(*(lied(family) for family in every(families)))
    await works(families, *every(families))


async def test_each_is_back_after_a_restart_of_its_own(families: Families) -> None:
    at = time.monotonic()
    restarts = (family.resident.do(lambda d: d.restart(1.0)) for family in every(families))
    await asyncio.gather(*restarts)
    await are_available(families, *every(families))
    await obey_again(families, *every(families))
    figures("all restarted, obeying again after", [time.monotonic() - at], "s")
    await works(families, *every(families))


async def test_each_is_back_after_a_restart_of_home_assistant(families: Families) -> None:
    await families.home.restart()
    await are_available(families, *every(families))
    await works(families, *every(families))
    assert not await reauthentications(families)


async def test_one_with_another_key_asks_for_that_once(families: Families) -> None:
    keyed = [family for family in every(families) if family.keys]
    for family in keyed:
        await family.resident.do(partial(have_key, key=other_key(family)))

    async def asked() -> list[Json]:
        flows = await reauthentications(families)
        return flows if len(flows) == len(keyed) else []

    flows = {flow["context"]["entry_id"]: flow for flow in await until(asked, "all ask", BACK)}
    await asyncio.gather(*(enter_again(families, f, flows[f.entry_id]) for f in keyed))
    await are_available(families, *keyed)
    await works(families, *keyed)
    assert not await reauthentications(families)


def other_key(family: Family) -> str:
    """Return another key of the same form."""
    return OTHER_TOKEN if family.keys[-1] == TOKEN else OTHER


async def have_key(device: Any, key: str) -> None:
    """Have a device be paired anew, as with its maker's app: it has another key, and restarts."""
    setattr(device, "token" if hasattr(device, "token") else "key", key)
    await device.restart()


async def reauthentications(families: Families) -> list[Json]:
    """Return the dialogs that ask for a key again."""
    flows = await families.home.client.command("config_entries/flow/progress")
    return [flow for flow in flows if flow["context"]["source"] == "reauth"]


async def enter_again(families: Families, family: Family, flow: Json) -> None:
    """Enter the old key, which is wrong now, and then the new one."""
    keys = (family.keys[-1], other_key(family))
    step = await families.home.enter_keys(flow["flow_id"], *keys)
    assert (step["type"], step["reason"]) == ("abort", "reauth_successful"), step
