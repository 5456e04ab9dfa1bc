"""scripts/develop, as the README's reader runs it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
import signal
import socket

import aiohttp
import pytest

from tests.real.client import until
from tests.real.home_assistant import HomeAssistant
from tests.real.isolated import ADDRESS
from tests.real.process import REPOSITORY, Process


def programs(folder: Path) -> Iterator[int]:
    """Return the ids of the programs that name a folder on their command line."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words:
                yield int(entry.name)


def port_is_free() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", 8123)) != 0


def develop(folder: Path, *options: str) -> Process:
    script = str(REPOSITORY / "scripts/develop")
    log = folder.with_suffix(".log")
    return Process(script, "--folder", str(folder), *options, log=log)


@pytest.mark.parametrize("options", [(), ("--isolated",)])
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
async def test_it_is_ready_to_log_in_and_leaves_nothing(
    tmp_path: Path, options: tuple[str, ...], ended_by: signal.Signals
) -> None:
    folder = tmp_path / "develop"
    process = develop(folder, *options)
    await process.printed("Ctrl-C stops everything", patience=60)
    assert len(list(programs(folder))) >= 3
    if not options:
        async with await HomeAssistant(folder / "config").log_in() as client:
            assert "zeroconf" in (await client.command("get_config"))["components"]
    process.send_signal(ended_by)
    await asyncio.to_thread(process.wait, 60)
    assert "nothing is running any more" in process.tail()
    assert not list(programs(folder))


async def test_isolated_it_says_how_to_look(tmp_path: Path) -> None:
    process = develop(tmp_path / "develop", "--isolated")
    await process.printed("Ctrl-C stops everything", patience=60)
    printed = process.log.read_text()
    assert printed.index("Starting three demo devices") < printed.index("Starting Home Assistant")
    assert "opens only in there" in printed
    assert "scripts/develop --share" in printed
    assert port_is_free()  # of this network
    await process.stop()


async def test_shared_it_is_reached_from_this_machine_only(tmp_path: Path) -> None:
    folder = tmp_path / "develop"
    process = develop(folder, "--share", "8124")
    await process.printed("Ctrl-C stops everything", patience=60)
    assert "http://127.0.0.1:8124" in process.log.read_text()
    async with aiohttp.ClientSession("http://127.0.0.1:8124") as session:
        for _ in range(2):
            async with session.get("/api/onboarding") as answer:
                assert answer.status in {200, 404}
        with socket.socket() as probe:
            assert probe.connect_ex((ADDRESS, 8124)) != 0  # the same machine, another address
        async with session.ws_connect("/api/websocket") as page:
            assert (await page.receive_json())["type"] == "auth_required"
            process.send_signal(signal.SIGINT)  # while a page is open
            await asyncio.to_thread(process.wait, 60)
    assert "nothing is running any more" in process.tail()
    assert not list(programs(folder))


async def test_a_taken_port_to_share_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 8124)):
        process = develop(tmp_path / "develop", "--share", "8124")
        await asyncio.to_thread(process.wait, 30)
    assert "Port 8124 is taken" in process.tail()


async def test_killed_it_leaves_nothing_either(tmp_path: Path) -> None:
    folder = tmp_path / "develop"
    process = develop(folder)
    await process.printed("Ctrl-C stops everything", patience=60)
    process.kill()

    async def gone() -> bool:
        return not list(programs(folder)) and port_is_free()

    await until(gone, "all programs are gone")


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    async def nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(nothing, "0.0.0.0", 8123)
    process = develop(tmp_path / "develop")
    await asyncio.to_thread(process.wait, 30)
    server.close()
    assert "Port 8123 is taken" in process.tail()
