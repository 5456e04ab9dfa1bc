"""Described devices in a real Home Assistant: added, commanded, lost and changed like others.

The tests build on each other: one home, whose devices all have texts in `lan_edge/devices`.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
import shutil
import time
from typing import Any

import pytest
import pytest_asyncio

from tests.emulators.posting_relay import posted
from tests.real.client import FLOW, Json, RefusedError, until
from tests.real.home_assistant import DEVICES, HomeAssistant

from .allowance import allowed
from .described import Owned, all_owned
from .described_others import other_owned
from .home import Home, figures
from .lab import lan as make_lan
from .test_driver_files import copy_integration

NOTICED = 10.0
"""Seconds in which a silent device is noticed."""
AFTER_COMMAND = 3.5
SEEN = 5.0
"""Seconds until what a device reports is shown."""
POLLED = 20.0
BACK = 60.0
SAVES = 10
POSTED = 1.0
"""Seconds until what a device posts is shown, which no poll would do."""


@dataclass
class Village:
    """The home, and all devices by the ids of their descriptions."""

    home: Home
    owned: dict[str, Owned]

    @property
    def folder(self) -> Path:
        """Where their texts are."""
        return self.home.home_assistant.config / DEVICES

    @property
    def every(self) -> list[Owned]:
        """All of them."""
        return list(self.owned.values())

    async def reload(self) -> Any:
        """Have the texts read at once; return what came of it."""
        answer = await self.home.client.command(
            "call_service", domain="lan_edge", service="reload_drivers", return_response=True
        )
        return answer["response"]

    async def obeys(self, owned: Owned, *, on: bool) -> float:
        """Turn one on or off; return the seconds until that was done."""
        action, data = owned.order(on=on)
        at = time.monotonic()
        await self.home.client.call(action, owned.entity_id, **data)
        done = time.monotonic() - at
        assert await owned.is_on() is on, owned.kind
        return done

    async def follows(self, owned: Owned, *, on: bool) -> float:
        """Turn one on or off at the device; return the seconds until that was shown."""
        at = await owned.turned(on=on)
        patience = POLLED if owned.is_polled else SEEN
        seen = await self.home.seen_of(
            owned.entity_id, lambda change: owned.shows(change, on=on), at, patience
        )
        return seen - at

    async def works(self, owned: Owned) -> None:
        """See that one does as it is told, and that what happens to it is shown."""
        await self.obeys(owned, on=True)
        await self.follows(owned, on=False)

    async def noticed(self, owned: Owned, since: float, patience: float = 30) -> float:
        """Return the seconds until one was unavailable."""
        seen = await self.home.seen_of(
            owned.entity_id, lambda change: change.state == "unavailable", since, patience
        )
        return seen - since

    async def available(self, *several: Owned) -> None:
        """Wait until entities are there."""

        async def are_there() -> bool:
            try:
                states = [await self.home.client.state(each.entity_id) for each in several]
            except RefusedError:  # Home Assistant has only just started
                return False
            return all(each["state"] != "unavailable" for each in states)

        await until(are_there, f"{[each.kind for each in several]} are available", BACK)

    async def fails(self, owned: Owned) -> tuple[float, str]:
        """See that a command fails; return after how many seconds, and its words."""
        action, data = owned.order(on=True)
        at = time.monotonic()
        with pytest.raises(RefusedError) as failed:
            await self.home.client.call(action, owned.entity_id, **data)
        return time.monotonic() - at, str(failed.value)

    async def repairs(self) -> list[str]:
        """Return the ids of the repairs about texts."""
        issues = (await self.home.client.command("repairs/list_issues"))["issues"]
        return [i["issue_id"] for i in issues if i["issue_id"].startswith("driver_file")]

    async def wait_repairs(self, *ids: str) -> None:
        """Wait until there are these repairs and no others."""

        async def are_there() -> bool:
            return await self.repairs() == [*ids]

        await until(are_there, f"repairs {ids}", 15)

    async def is_posted_to(self) -> None:
        """See that the relay was given a URL, and that what it posts there is shown."""
        relay = self.owned["posting_relay"]
        assert relay.resident.device.url
        assert max([await self.follows(relay, on=on) for on in (True, False)]) < POSTED

    def was_unavailable(self, owned: Owned, after: float) -> bool:
        """Tell whether one was shown as unavailable since a moment."""
        shown = (c for c in self.home.changes if c.entity_id == owned.entity_id and c.at > after)
        return any(change.state == "unavailable" for change in shown)


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
            made = Village(home, {each.kind: each for each in (*all_owned(), *other_owned())})
            for owned in made.every:
                (made.folder / f"{owned.kind}.yaml").write_text(owned.text, encoding="utf-8")
                await owned.join(lan, stack)
            await stack.enter_async_context(home)
            yield made


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(village: Village) -> AsyncGenerator[None]:
    yield
    assert not [c for c in village.home.complaints() if "are not loaded" not in c]


async def test_each_is_added(village: Village) -> None:
    began = time.monotonic()
    for owned in village.every:
        step = await (by_card if owned.unique_id else by_address)(village, owned)
        assert step["type"] == "create_entry", step
        owned.entry_id = step["result"]["entry_id"]
        owned.entity_id = await village.home.wait_entity(owned.entry_id, owned.platform)
    await village.available(*village.every)
    figures(f"{len(village.owned)} described devices added", [time.monotonic() - began], "s")


async def test_each_does_as_told_and_is_followed(village: Village) -> None:
    for owned in village.every:
        times = [await village.obeys(owned, on=on) for on in (True, False) * 2]
        figures(f"{owned.kind}: told and done", times)
        times = [await village.follows(owned, on=on) for on in (True, False)]
        figures(f"{owned.kind}: changed at the device, seen after", times)


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
    for owned in village.every:
        owned.host.silence()
    at = time.monotonic()
    times = await asyncio.gather(*(village.noticed(owned, at) for owned in village.every))
    for owned in village.every:
        owned.host.heal()
    took = dict(zip(village.owned, times, strict=True))
    for kind, seconds in took.items():
        figures(f"{kind}: silent, unavailable after", [seconds], "s")
    assert {kind: s for kind, s in took.items() if s > allowed(NOTICED)} == {}
    await village.available(*village.every)
    for owned in village.every:
        await village.works(owned)


async def test_a_command_to_a_silent_device_fails_in_time(village: Village) -> None:
    for owned in village.every:
        owned.host.silence()
    failed = await asyncio.gather(*(village.fails(owned) for owned in village.every))
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
        await village.available(owned)
        await village.works(owned)
    assert {state for _, state in home.entry_states} <= {"loaded"}
    await village.is_posted_to()


async def test_each_is_back_after_a_restart(village: Village) -> None:
    for owned in village.every:
        await owned.resident.do(owned.restart)
    await village.available(*village.every)
    for owned in village.every:
        await village.works(owned)


async def test_a_refusal_and_a_lie_are_told(village: Village) -> None:
    for kind in ("rest_switch", "json_bulb", "ws_lamp", "worded_switch", "posting_relay"):
        owned = village.owned[kind]
        faults = owned.resident.device.faults
        await village.obeys(owned, on=False)
        faults.refuse = ["POST", "PUT", "set", "write", "ON"]
        seconds, words = await village.fails(owned)
        assert "refused" in words
        assert seconds < allowed(AFTER_COMMAND)
        faults.clear()
        faults.lie = faults.ignore = True
        seconds, words = await village.fails(owned)
        figures(f"{kind}: a lie is told after", [seconds], "s")
        assert seconds < allowed(AFTER_COMMAND)
        faults.clear()
        await village.works(owned)


async def test_another_device_at_its_address_is_refused(village: Village) -> None:
    for kind in ("json_bulb", "ws_lamp"):
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
        await owned.resident.do(lambda device: device.announce())
        await village.available(owned)
        await village.works(owned)


async def test_texts_change_under_load(village: Village) -> None:
    home, bulb = village.home, village.owned["json_bulb"]
    before, began = bulb.resident.device.connections, time.monotonic()
    entities = {owned.kind: await home.client.entities(owned.entry_id) for owned in village.every}
    for number in range(SAVES):
        for owned in village.every:
            text = f"{owned.text}# save {number}\n"
            (village.folder / f"{owned.kind}.yaml").write_text(text, encoding="utf-8")
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
        await village.works(owned)


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
    await village.works(bulb)
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
    for owned in village.every:
        await village.works(owned)
    await village.is_posted_to()
