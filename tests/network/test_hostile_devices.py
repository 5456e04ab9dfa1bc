"""Devices that were added and say far too much: how late the loop gets, and others' pushes."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
import json
import sys
from typing import Any, Self

import pytest
import pytest_asyncio

from tests.real.client import Json, until
from tests.real.own_driver import install
from tests.real.process import REPOSITORY

from .allowance import allowed
from .attacked import LATE, ROOM, UNDER_ATTACK, Attacked, attacked_home
from .babbler import PORTS
from .home import Home, figures
from .owner import FLOWS
from .witness import watched

SECONDS = 3
DRIVERS = {
    "lines": "amplifier",
    "json": "json_bulb",
    "events": "sse_lamp",
    "websocket": "ws_lamp",
    "udp": "wiz",
    "xml": "wemo",
    "players": "snapcast",
}
OWN = (
    "docs/examples/amplifier.py",
    "tests/network/chaos/drivers/sse_lamp.py",
    "tests/network/chaos/drivers/ws_lamp.py",
)
BACKLOG = 30.0
"""Seconds for what the kernels hold when the babbling ends: some megabytes of small messages."""
SHOWN = 128 + 1
"""Entities at most: those that come in addition, and the player that is always there."""
LOSSLESS = ("lines", "json", "events", "websocket")


class Babblers:
    """The devices of the babbler on their host, and Home Assistant with an entry for each."""

    def __init__(self, attacked: Attacked) -> None:
        self.attacked = attacked
        self.entries: dict[str, str] = {}
        self._host = attacked.home.lan.join()

    async def __aenter__(self) -> Self:
        words = (*self._host.via, sys.executable, "-m", "tests.network.babbler", self._host.address)
        self._program = await asyncio.create_subprocess_exec(
            *words, stdin=PIPE, stdout=PIPE, cwd=REPOSITORY
        )
        assert await self._line() == "ready"
        for kind in PORTS:
            self.entries[kind] = await self._add(kind)
        for kind in PORTS:
            await self._available(kind)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._program.kill()
        await self._program.wait()

    async def babble(self, kind: str, seconds: float) -> Json:
        """Have one babble; return what it was."""
        assert self._program.stdin
        self._program.stdin.write(f"{kind} {seconds}\n".encode())
        told: Json = await self._line()
        return told

    async def entity(self, kind: str) -> str:
        """Return the entity of one."""

        async def entity() -> str | None:
            entities = await self.attacked.home.client.entities(self.entries[kind])
            return next((e["entity_id"] for e in entities), None)

        return await until(entity, f"{kind} has an entity")

    async def _available(self, kind: str) -> None:
        """Wait until one is shown: its entity begins without a value."""
        entity_id = await self.entity(kind)

        async def available() -> bool:
            state = await self.attacked.home.client.state(entity_id)
            return bool(state["state"] != "unavailable")

        await until(available, f"{kind} is available")

    async def level(self, entity_id: str) -> int:
        """Return what an entity shows, in percent."""
        attributes: Json = (await self.attacked.home.client.state(entity_id))["attributes"]
        if "volume_level" in attributes:
            return int(attributes["volume_level"] * 100 + 0.5)
        return int((attributes.get("brightness") or 0) * 100 / 255 + 0.5)

    async def _add(self, kind: str) -> str:
        client = self.attacked.home.client
        menu = await client.request("POST", FLOWS, {"handler": "lan_edge"})
        await client.continue_flow(menu["flow_id"], {"next_step_id": "manual"})
        where = {"host": self._host.address, "port": PORTS[kind]}
        step = await client.wait_out_flow(menu["flow_id"], {"driver": DRIVERS[kind], **where})
        assert step["type"] == "create_entry", step
        entry_id: str = step["result"]["entry_id"]
        return entry_id

    async def _line(self) -> Any:
        assert self._program.stdout
        async with asyncio.timeout(60):
            return json.loads(await self._program.stdout.readline())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def babblers(
    own_network: None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Babblers]:
    folder = tmp_path_factory.mktemp("attacked")
    install(folder / "config", *(REPOSITORY / driver for driver in OWN))
    async with attacked_home(folder) as attacked, Babblers(attacked) as made:
        yield made


@pytest.mark.parametrize("kind", PORTS)
async def test_far_too_much(babblers: Babblers, kind: str) -> None:
    attacked, changes = babblers.attacked, babblers.attacked.home.changes
    entity_id = await babblers.entity(kind)
    changes.clear()
    async with watched(attacked.home.client, f"too much by {kind}") as told:
        babbling = asyncio.create_task(babblers.babble(kind, SECONDS))
        await asyncio.sleep(0.3)
        times = await attacked.pushed(SECONDS - 0.5)
        met = await babbling
    p50, _ = figures(f"too much by {kind}: another's push seen after", times)
    print(f"too much by {kind}: {met}")  # noqa: T201
    assert told.p99 < allowed(LATE)
    assert told.grown < ROOM
    assert p50 < allowed(UNDER_ATTACK)
    lost = {change.entity_id for change in changes if change.state == "unavailable"}
    # of a server's players, those that it does not list any more
    assert not {lost_id for lost_id in lost if not lost_id.startswith(f"{entity_id}_")}
    if kind in LOSSLESS:

        async def last() -> bool:
            return bool(await babblers.level(entity_id) == met["level"])

        await until(last, "what is on its way is handled", BACKLOG)


async def test_players_that_come_and_go_leave_nothing(babblers: Babblers) -> None:
    home, entry_id = babblers.attacked.home, babblers.entries["players"]
    await babblers.babble("players", 0.5)
    issues = (await home.client.command("repairs/list_issues"))["issues"]
    assert f"limit_{entry_id}" in [issue["issue_id"] for issue in issues]
    shown = len(await home.client.entities(entry_id))
    assert shown <= SHOWN
    await home.stop()  # it saves its registries
    kept = {kind: registry(home, kind, entry_id) for kind in ("device", "entity")}
    print(f"players: {shown} entities, removed ones that are remembered: {kept}")  # noqa: T201
    assert kept == {"device": 0, "entity": 0}


def registry(home: Home, kind: str, entry_id: str) -> int:
    """Return how many removed ones of an entry a registry remembers."""
    path = home.home_assistant.config / f".storage/core.{kind}_registry"
    data = json.loads(path.read_text())["data"]
    removed = [each for name, all_ in data.items() if name.startswith("deleted") for each in all_]
    return sum(entry_id in json.dumps(each) for each in removed)
