"""Driver files in a real Home Assistant that runs: dropped in, saved again and again, broken, kept.

The tests build on each other: one home, which has more of its devices with each.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
import itertools
from pathlib import Path
import shutil
import time
from typing import Any
import warnings

import pytest
import pytest_asyncio

from tests.emulators.sonoff import SonoffEmulator
from tests.real.client import until
from tests.real.process import REPOSITORY
from tests.real.snapcast import SnapServer, missing

from .family import Family
from .home import SEARCHED, Home, Thing, figures
from .lab import lan as make_lan

INTEGRATION = REPOSITORY / "custom_components/lan_edge"
SWITCH = REPOSITORY / "docs/examples/sonoff_switch.py"
TITLE = "eWeLink_1000abcdef"
SERVICE_TYPE = "_own-plug._tcp.local."
"""Of a device that no bundled driver knows; the example is for those of Sonoff."""
CARD_WITHIN = 15.0
"""Seconds from a file that is dropped into the folder to the card of its device."""
SAVES = 50


@dataclass
class Folder:
    """A home, and the folder of driver files in its configuration."""

    home: Home
    path: Path
    switch: Family
    bulb: Thing
    relay: Thing

    async def reload(self) -> Any:
        """Have the files loaded at once; return what came of it."""
        answer = await self.home.client.command(
            "call_service", domain="lan_edge", service="reload_drivers", return_response=True
        )
        return answer["response"]

    async def repairs(self) -> list[str]:
        """Return the ids of the repairs about driver files."""
        issues = (await self.home.client.command("repairs/list_issues"))["issues"]
        return [i["issue_id"] for i in issues if i["issue_id"].startswith("driver_file")]

    async def wait_repairs(self, *ids: str) -> None:
        """Wait until there are these repairs and no others."""

        async def are_there() -> bool:
            return await self.repairs() == [*ids]

        await until(are_there, f"repairs {ids}", patience=15)

    async def entry(self, thing: Thing) -> Any:
        """Return the entry of a thing."""
        entries = await self.home.client.entries()
        return next(e for e in entries if e["entry_id"] == thing.entry_id)


def copy_integration(config: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(INTEGRATION, config / "custom_components/lan_edge", ignore=ignored)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def folder(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Folder]:
    made = tmp_path_factory.mktemp("driver_files")
    copy_integration(made / "config")
    drivers = made / "config/lan_edge/drivers"
    drivers.mkdir(parents=True)
    switch = Family(
        TITLE,
        {SEARCHED},
        lambda host: SonoffEmulator(host, 8081, service_type=SERVICE_TYPE, announce=True),
    )
    with make_lan() as lan:
        async with AsyncExitStack() as stack:
            home = await stack.enter_async_context(Home(lan, made))
            await switch.join(lan, stack)
            bulb = await home.emulator("json_bulb", "2f402f80-da50-11e1-9b23-001788102201", "Bulb")
            relay = await home.emulator("rest_switch", "relay-1", "Relay")
            for thing in (bulb, relay):
                await home.add(thing)
            yield Folder(home, drivers, switch, bulb, relay)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def no_complaints(folder: Folder) -> AsyncGenerator[None]:
    yield
    complaints = [c for c in folder.home.complaints() if "are not loaded" not in c]
    assert not complaints


async def test_a_file_dropped_in_shows_its_device(folder: Folder) -> None:
    home, switch = folder.home, folder.switch
    titles = [c["context"]["title_placeholders"]["name"] for c in await home.client.discovered()]
    assert TITLE not in titles
    began = time.monotonic()
    text = SWITCH.read_text().replace("_ewelink._tcp.local.", SERVICE_TYPE)
    (folder.path / SWITCH.name).write_text(text)
    switch.card = await home.card(TITLE, CARD_WITHIN)
    figures("file dropped in, card after", [time.monotonic() - began], "s")
    switch.entry_id = await home.confirm(switch.card)
    switch.entity_id = f"switch.{TITLE.lower()}"
    for on in (True, False, True):
        await home.client.wait_for_state(switch.entity_id, "off" if on else "on", patience=15)
        await home.client.call(f"switch.turn_{'on' if on else 'off'}", switch.entity_id)
        assert await switch.is_on() is on


async def test_a_file_for_a_program_that_is_not_ours(folder: Folder, tmp_path: Path) -> None:
    if lacks := missing("snapserver", "snapclient"):
        warnings.warn(f"Snapserver by a file skipped: not installed: {lacks}", stacklevel=1)
        pytest.skip(f"not installed: {lacks}")
    home, client, host = folder.home, folder.home.client, folder.home.lan.join()
    shutil.copy(REPOSITORY / "docs/examples/snapserver.py", folder.path)
    assert (await folder.reload())["failed"] == []
    async with SnapServer(tmp_path / "server", "0.0.0.0", via=host.via) as server:
        server.host = host.address
        async with server.client("kitchen"):
            entry_id = await home.enter("my_snapserver", host.address)
            player = await home.wait_entity(entry_id, "media_player")
            await home.seen_of(player, lambda c: c.attributes.get("volume_level") == 1, 0)
            await client.call("media_player.volume_set", player, volume_level=0.37)
            await client.call("media_player.volume_mute", player, is_volume_muted=True)
            assert await server.volume("kitchen") == {"percent": 37, "muted": True}
            began = time.monotonic()
            await server.ask("Client.SetVolume", id="kitchen", volume={"percent": 12})
            await home.seen_of(player, lambda c: c.attributes.get("volume_level") == 0.12, began)
        await client.wait_for_state(player, "unavailable")
        await client.request("DELETE", f"/api/config/config_entries/entry/{entry_id}")


async def under_load(folder: Folder, pieces: AsyncIterator[None]) -> int:
    """Command the bulb and change it at the device as fast as it goes, while pieces are done.

    After each of them, there is at least one command before the next.
    """
    client, bulb, is_done, commanded = folder.home.client, folder.bulb, False, asyncio.Event()
    commands = 0

    async def command() -> None:
        nonlocal commands
        for on in itertools.cycle((True, False)):
            if is_done:
                return
            await client.call(f"light.turn_{'on' if on else 'off'}", bulb.entity_id)
            assert await bulb.is_on() is on
            commands += 1
            commanded.set()

    async def change() -> None:
        while not is_done:
            await bulb.emulator.change(level=1 + commands % 100)
            await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as group:
        group.create_task(command())
        group.create_task(change())
        try:
            async for _ in pieces:
                commanded.clear()
                await commanded.wait()
        finally:
            is_done = True
    return commands


async def test_many_saves_under_load(folder: Folder) -> None:
    home, bulb = folder.home, folder.bulb
    text = (REPOSITORY / "docs/examples/json_bulb.py").read_text()
    before, began = (await bulb.emulator.show())["connections"], time.monotonic()
    entry_states = len(home.entry_states)

    async def saves() -> AsyncIterator[None]:
        for n in range(SAVES):
            (folder.path / "json_bulb.py").write_text(f"{text}\n# save {n}\n")
            response = await folder.reload()
            assert response["changed"] == ["json_bulb"], response
            assert response["failed"] == []
            yield

    commands = await under_load(folder, saves())
    figures(f"{SAVES} saves with {commands} commands", [time.monotonic() - began], "s")
    assert commands >= SAVES
    assert (await bulb.emulator.show())["connections"] == before
    assert before["open"] == 1
    assert not [c for c in home.changes if c.at > began and c.state == "unavailable"]
    assert home.entry_states[entry_states:] == []


async def test_a_broken_save_is_told_and_nothing_else_happens(folder: Folder) -> None:
    home, bulb, file = folder.home, folder.bulb, folder.path / "json_bulb.py"
    good, began = file.read_text(), time.monotonic()
    before = (await bulb.emulator.show())["connections"]
    file.write_text(good.replace("async def turn_on", "async deff turn_on"))
    await folder.wait_repairs("driver_file_failed_json_bulb.py")
    figures("broken file saved, repair after", [time.monotonic() - began], "s")
    await home.works(bulb)
    file.write_text(good)
    await folder.wait_repairs()
    assert (await bulb.emulator.show())["connections"] == before
    assert not [c for c in home.changes if c.at > began and c.state == "unavailable"]


async def test_a_restart_with_a_broken_file(folder: Folder) -> None:
    home, file = folder.home, folder.path / "sonoff_switch.py"
    good = file.read_text()
    await home.restart(lambda: void(file.write_text(good.replace("profile =", "profil ="))))
    await home.wait_available(folder.bulb, folder.relay)
    await folder.wait_repairs("driver_file_failed_sonoff_switch.py")
    entries = {e["entry_id"]: e for e in await home.client.entries()}
    assert entries[folder.switch.entry_id]["state"] == "setup_retry"
    assert entries[folder.switch.entry_id]["error_reason_translation_key"] == "driver_file_failed"
    # Home Assistant shows what is only in its registry once it has started
    await home.client.wait_for_state(folder.switch.entity_id, "unavailable")
    file.write_text(good)
    await home.client.wait_for_state(folder.switch.entity_id, "on")
    await folder.wait_repairs()


async def test_an_update_of_the_integration_keeps_the_files_and_their_devices(
    folder: Folder,
) -> None:
    home, switch = folder.home, folder.switch
    before = await home.client.entities(switch.entry_id)

    def update() -> None:
        shutil.rmtree(home.home_assistant.config / "custom_components/lan_edge")
        copy_integration(home.home_assistant.config)

    await home.restart(update)
    await home.client.wait_for_state(switch.entity_id, "on")
    after = await home.client.entities(switch.entry_id)
    assert [(e["id"], e["entity_id"]) for e in after] == [(e["id"], e["entity_id"]) for e in before]
    await home.client.call("switch.turn_off", switch.entity_id)
    assert not await switch.is_on()


def void(_: object) -> None:
    """Drop a result."""
