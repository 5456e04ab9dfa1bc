"""Described devices in a real Home Assistant: added, commanded, lost and changed like others.

The tests build on each other: one home, whose devices have texts in `lan_edge/devices`, or are
described there in the dialog.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
import re
import shutil
import time

import pytest
import pytest_asyncio

from tests.emulators.posting_relay import posted
from tests.real.client import FLOW, Json, until
from tests.real.home_assistant import DEVICES, HomeAssistant

from .allowance import allowed
from .described import Owned, all_owned
from .described_in_dialog import owned_by_dialog
from .described_others import other_owned
from .dialog import Dialog
from .home import Home, figures
from .lab import lan as make_lan
from .test_driver_files import copy_integration
from .village import AFTER_COMMAND, BACK, POSTED, Village

NOTICED = 10.0
"""Seconds in which a silent device is noticed."""
SAVES = 10
EXPECTED = re.compile(r"are not loaded|: [a-z]\w*(\.\w+)+ refused: ")
"""What is logged of texts that are broken, and of values that cannot be read, on purpose."""


def garbled(_asked: str, answer: bytes) -> bytes:
    """Return an answer of the same length in which nothing is what it was."""
    head, end, body = answer.rpartition(b"\r\n\r\n")
    return head + end + body[::-1]


async def by_card(village: Village, owned: Owned) -> Json:
    """Confirm a card; return the last step."""
    client = village.home.client
    card = await client.wait_for_card(
        lambda c: c["context"].get("unique_id") == owned.unique_id, BACK
    )
    return await client.confirm_card(card["flow_id"])


async def by_address(village: Village, owned: Owned) -> Json:
    """Enter an address, and what is asked: wrongly, then right; return the last step."""
    client = village.home.client
    menu = await client.request("POST", FLOW, {"handler": "lan_edge"})
    flow_id = menu["flow_id"]
    await client.continue_flow(flow_id, {"next_step_id": "manual"})
    entered = {"driver": owned.kind, "host": owned.host.address}
    form = await client.wait_out_flow(flow_id, entered)
    if (asked := owned.asked) is None:
        return form
    assert form["step_id"] == "asked", form
    assert form["description_placeholders"]["help"] == asked.help
    form = await client.wait_out_flow(flow_id, asked.wrong)
    assert form["step_id"] == "asked", form
    assert form["errors"], form
    return await client.wait_out_flow(flow_id, asked.right)


async def by_dialog(village: Village, owned: Owned) -> Json:
    """Describe one in the dialog; return the last step."""
    dialog = Dialog(village.home.client)
    assert owned.describe
    await owned.describe(dialog, owned)
    owned.text = (village.folder / f"{owned.kind}.yaml").read_text(encoding="utf-8")
    return dialog.step


async def reconfigured(village: Village, owned: Owned, address: str) -> Json:
    """Enter an address where a device is now; return the last step."""
    client = village.home.client
    begun = {"handler": "lan_edge", "entry_id": owned.entry_id}
    dialog = Dialog(client)
    dialog.step = await client.request("POST", FLOW, begun)
    await dialog.enter("reconfigure", host=address)
    if dialog.step["type"] == "form":
        await client.request("DELETE", f"{FLOW}/{dialog.step['flow_id']}")
    return dialog.step


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def village(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Village]:
    folder = tmp_path_factory.mktemp("described")
    config = folder / "config"
    copy_integration(config)
    (config / DEVICES).mkdir(parents=True)
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            home = Home(lan, folder)
            home.home_assistant = HomeAssistant(config, drivers=())
            every = (*all_owned(), *other_owned(), *owned_by_dialog())
            made = Village(home, {each.kind: each for each in every})
            for owned in made.every:
                if owned.text:
                    made.write(owned, owned.text)
                await owned.join(lan, stack)
            await stack.enter_async_context(home)
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(village: Village) -> AsyncGenerator[None]:
    yield
    found = village.home.complaints()
    assert not [each for each in found if not EXPECTED.search(each)]


async def test_each_is_added(village: Village) -> None:
    began = time.monotonic()
    for owned in village.every:
        add = by_dialog if owned.describe else by_card if owned.unique_id else by_address
        step = await add(village, owned)
        assert step["type"] == "create_entry", step
        owned.entry_id = step["result"]["entry_id"]
        owned.entity_id = await village.home.wait_entity(owned.entry_id, owned.platform)
    await village.available(*village.every)
    figures(f"{len(village.owned)} described devices added", [time.monotonic() - began], "s")


async def test_each_does_as_told_and_is_followed(village: Village) -> None:
    async def told_and_changed(owned: Owned) -> None:
        times = [await village.obeys(owned, on=on) for on in (True, False) * 2]
        figures(f"{owned.kind}: told and done", times)
        times = [await village.follows(owned, on=on) for on in (True, False)]
        figures(f"{owned.kind}: changed at the device, seen after", times)

    await asyncio.gather(*map(told_and_changed, village.every))


async def test_the_chime_is_rung_once(village: Village) -> None:
    chime = village.owned["chime"]
    button = await village.home.wait_entity(chime.entry_id, "button")
    await village.home.client.call("button.press", button)
    assert chime.resident.device.state["rung"] == 1


async def test_what_others_post_is_refused(village: Village) -> None:
    relay, stranger = village.owned["posting_relay"], village.owned["rest_switch"]
    url = relay.resident.device.url
    base, _, secret = url.rpartition("/")

    async def posts(path: str) -> int:
        return await stranger.resident.do(
            lambda device: posted(f"{base}/{path}", b'{"on": true}', device.host)
        )

    assert [await posts(path) for path in ("", "relay", secret[:-1])] == [404, 404, 404]
    assert (await village.home.client.state(relay.entity_id))["state"] == "off"
    took = [await village.follows(relay, on=on) for on in (True, False) * 3]
    figures("posting_relay: changed at the device, seen after", took)
    assert max(took) < POSTED


async def test_silent_devices_are_noticed_and_come_back(village: Village) -> None:
    async def noticed(owned: Owned) -> float:
        at = time.monotonic()
        await asyncio.to_thread(owned.host.silence)
        return await village.noticed(owned, at)

    times = await asyncio.gather(*map(noticed, village.every))
    for owned in village.every:
        owned.host.heal()
    took = dict(zip(village.owned, times, strict=True))
    for kind, seconds in took.items():
        figures(f"{kind}: silent, unavailable after", [seconds], "s")
    assert {kind: s for kind, s in took.items() if s > allowed(NOTICED)} == {}
    await village.available(*village.every)
    await village.work(*village.every)


async def test_a_command_to_a_silent_device_fails_in_time(village: Village) -> None:
    async def fails(owned: Owned) -> tuple[float, str]:
        await asyncio.to_thread(owned.host.silence)  # each just before its command
        return await village.fails(owned)

    failed = await asyncio.gather(*map(fails, village.every))
    for owned in village.every:
        owned.host.heal()
    took = {kind: s for kind, (s, _) in zip(village.owned, failed, strict=True)}
    for owned, (seconds, words) in zip(village.every, failed, strict=True):
        figures(f"{owned.kind}: told while silent, failed after", [seconds], "s")
        state = await village.home.client.state(owned.entity_id)
        name = state["attributes"]["friendly_name"]
        assert name.split()[0] in words
    assert {kind: s for kind, s in took.items() if s > allowed(AFTER_COMMAND)} == {}
    await village.available(*village.every)


async def test_each_is_followed_to_another_address(village: Village) -> None:
    home = village.home
    home.entry_states.clear()
    for owned in (each for each in village.every if each.unique_id):
        address = home.free_address()
        at = await owned.moved(address)
        if owned.kind == "chime":
            await home.search()

        async def stored(entry_id: str = owned.entry_id, address: str = address) -> bool:
            return bool(home.stored_entries()[entry_id]["data"]["host"] == address)

        await until(stored, f"{owned.kind} is stored at {address}", BACK)
        figures(f"{owned.kind}: moved and stored after", [time.monotonic() - at], "s")
    found = [each for each in village.every if each.unique_id]
    await village.available(*found)
    await village.work(*found)
    assert {state for _, state in home.entry_states} <= {"loaded"}
    await village.is_posted_to()


async def test_one_that_nothing_finds_is_told_and_moved_by_its_owner(village: Village) -> None:
    home = village.home

    async def moved(owned: Owned) -> float:
        former, address = owned.host.address, home.free_address()
        took = await village.noticed(owned, await owned.moved(address))
        told = await reconfigured(village, owned, former)
        assert told["errors"]["base"] in {"unreachable", "timed_out"}, told
        if owned.says_who:
            await owned.pretend("another-1")
            told = await reconfigured(village, owned, address)
            assert told["errors"] == {"base": "identity"}, told
            await owned.pretend("")
        done = await reconfigured(village, owned, address)
        assert done["reason"] == "reconfigure_successful", done
        return took

    async with asyncio.TaskGroup() as group:
        lost = [each for each in village.every if not each.unique_id]
        moves = {each.kind: group.create_task(moved(each)) for each in lost}
    for kind, each in moves.items():
        figures(f"{kind}: moved, unavailable after", [each.result()], "s")
    assert {kind for kind, each in moves.items() if each.result() > allowed(NOTICED)} == set()
    await village.available(*lost)
    await village.work(*lost)


async def test_each_is_back_after_a_restart(village: Village) -> None:
    await asyncio.gather(*(owned.resident.do(owned.restart) for owned in village.every))
    await village.available(*village.every)
    await village.work(*village.every)


async def test_a_refusal_and_a_lie_are_told(village: Village) -> None:
    async def fails(owned: Owned) -> dict[str, float]:
        await village.obeys(owned, on=False)
        await owned.refuse()
        refused, words = await village.fails(owned)
        assert ("refused" in words) == owned.says_why, words
        await owned.behave()
        await owned.lie()
        lied, _ = await village.fails(owned)
        await owned.behave()
        figures(f"{owned.kind}: refused, and a lie, told after", [refused, lied], "s")
        return {f"{owned.kind} refused": refused, f"{owned.kind} lied": lied}

    async with asyncio.TaskGroup() as group:
        told = [group.create_task(fails(owned)) for owned in village.every]
    late = {k: s for each in told for k, s in each.result().items() if s > allowed(AFTER_COMMAND)}
    assert late == {}
    await village.work(*village.every)


async def test_nothing_that_cannot_be_read_is_shown(village: Village) -> None:
    async def is_not_shown(owned: Owned) -> None:
        await village.obeys(owned, on=False)
        owned.resident.device.faults.rewrite = garbled
        took, _ = await village.fails(owned)
        assert took < allowed(AFTER_COMMAND)
        shown = (await village.home.client.state(owned.entity_id))["state"]
        assert shown in {"off", "unavailable", "unknown"}, owned.kind
        await owned.behave()

    kinds = ("rest_switch", "locked_switch", "hall_switch", "porch_switch")
    asked = [village.owned[kind] for kind in kinds]
    async with asyncio.TaskGroup() as group:
        for owned in asked:
            group.create_task(is_not_shown(owned))
    await village.available(*asked)
    await village.work(*asked)


async def test_another_device_at_its_address_is_refused(village: Village) -> None:
    for kind in ("json_bulb", "ws_lamp", "desk_bulb", "attic_lamp"):
        owned = village.owned[kind]
        device, at = owned.resident.device, time.monotonic()
        device.faults.impostor = "another-1"
        await owned.resident.do(lambda device: device.drop())
        await village.noticed(owned, at)
        heard = len(device.log)
        action, data = owned.order(on=True)
        await village.home.client.call(action, owned.entity_id, **data)  # skips the unavailable
        assert not await owned.is_on()
        assert not {"set", "write"} & {each.command for each in device.log[heard:]}
        device.faults.clear()
        if owned.unique_id:
            await owned.resident.do(lambda device: device.announce())
        else:  # it is tried seldom, as only its owner can put that right
            path = f"/api/config/config_entries/entry/{owned.entry_id}/reload"
            await village.home.client.request("POST", path)
        await village.available(owned)
        await village.work(owned)


async def test_texts_change_under_load(village: Village) -> None:
    home, bulb = village.home, village.owned["json_bulb"]
    before, began = bulb.resident.device.connections, time.monotonic()
    entities = {owned.kind: await home.client.entities(owned.entry_id) for owned in village.every}
    for number in range(SAVES):
        for owned in village.every:
            text = f"{owned.text}# save {number}\n"
            village.write(owned, text)
        response, *_ = await asyncio.gather(
            village.reload(),
            *(village.obeys(owned, on=number % 2 == 0) for owned in village.every),
        )
        assert response["failed"] == []
        assert set(response["changed"]) <= set(village.owned)
    figures(f"{SAVES} saves of all texts", [time.monotonic() - began], "s")
    assert bulb.resident.device.connections == before
    assert before.open == 1
    assert not [o.kind for o in village.every if village.was_unavailable(o, began)]
    for owned in village.every:
        assert await home.client.entities(owned.entry_id) == entities[owned.kind]
        await village.work(owned)


async def test_a_broken_text_is_told_and_nothing_else_happens(village: Village) -> None:
    bulb, began = village.owned["json_bulb"], time.monotonic()
    file = village.folder / "json_bulb.yaml"
    before = bulb.resident.device.connections
    file.write_text(bulb.text.replace("path: level", "paht: level"), encoding="utf-8")
    await village.wait_repairs("driver_file_failed_json_bulb.yaml")
    figures("broken text saved, repair after", [time.monotonic() - began], "s")
    issues = (await village.home.client.command("repairs/list_issues"))["issues"]
    [problem] = [i for i in issues if i["issue_id"] == "driver_file_failed_json_bulb.yaml"]
    assert "paht" in problem["translation_placeholders"]["problem"]
    await village.work(bulb)
    file.write_text(bulb.text, encoding="utf-8")
    await village.wait_repairs()
    assert bulb.resident.device.connections == before
    assert not village.was_unavailable(bulb, began)


async def test_an_update_of_the_integration_keeps_the_texts_and_their_devices(
    village: Village,
) -> None:
    home = village.home
    before = [await home.client.entities(owned.entry_id) for owned in village.every]

    def update() -> None:
        shutil.rmtree(home.home_assistant.config / "custom_components/lan_edge")
        copy_integration(home.home_assistant.config)

    await home.restart(update)
    await village.available(*village.every)
    after = [await home.client.entities(owned.entry_id) for owned in village.every]
    assert [[(e["id"], e["entity_id"]) for e in each] for each in after] == [
        [(e["id"], e["entity_id"]) for e in each] for each in before
    ]
    await village.work(*village.every)
    await village.is_posted_to()
