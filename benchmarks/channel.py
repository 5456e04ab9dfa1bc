"""Processes that do what they are asked: JSON lines over a socket pair, one request at a time."""

import asyncio
from contextlib import suppress
import os
from pathlib import Path
import socket
import subprocess
import sys
import time
import traceback
from typing import Any, Self

import orjson

REPOSITORY = Path(__file__).parents[1]
PACKAGES = REPOSITORY / "benchmarks/.packages"
LIMIT = 1 << 28
PATIENCE = 300.0


class RemoteError(Exception):
    """What was asked of a process failed there; has its traceback."""


class Child:
    """A process we started; ended with us."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start `python -m module FD ARGUMENTS...`."""
        ours, its = socket.socketpair()
        path = os.pathsep.join((str(REPOSITORY), str(PACKAGES)))
        self._socket = ours
        self._popen = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", module, str(its.fileno()), *arguments],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
            pass_fds=[its.fileno()],
        )
        its.close()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._one = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Talk to it."""
        self._streams = await asyncio.open_connection(sock=self._socket, limit=LIMIT)
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it: it ends by itself when nobody asks any more."""
        if self._streams is not None:
            self._streams[1].close()
        try:
            await asyncio.to_thread(self._popen.wait, 20)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    async def ask(self, method: str, **params: Any) -> Any:
        """Have it do something; return what it says. Raises RemoteError."""
        if self._streams is None:
            raise RemoteError("it is not started")
        reader, writer = self._streams
        try:
            async with self._one, asyncio.timeout(PATIENCE):
                writer.write(orjson.dumps([method, params]) + b"\n")
                line = await reader.readuntil()
        except (asyncio.IncompleteReadError, ConnectionError) as err:
            raise RemoteError(f"{method}: the process has ended") from err
        answer = orjson.loads(line)
        if "error" in answer:
            raise RemoteError(answer["error"])
        return answer["result"]


async def serve(target: object, descriptor: int) -> None:
    """Do with the methods of `target` what is asked, until nobody is there to ask."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(LIMIT, loop)
    protocol = asyncio.StreamReaderProtocol(reader)
    connection = socket.socket(fileno=descriptor)
    transport, _ = await loop.create_connection(lambda: protocol, sock=connection)
    with suppress(asyncio.IncompleteReadError, ConnectionError):  # who asked has ended
        while True:
            method, params = orjson.loads(await reader.readuntil())
            transport.write(orjson.dumps(await _answer(target, method, params)) + b"\n")
    transport.close()


async def _answer(target: object, method: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": await getattr(target, method)(**params)}
    except Exception:  # noqa: BLE001  # told to who asked
        return {"error": traceback.format_exc()}


async def until(moment: float) -> None:
    """Wait for a moment of CLOCK_MONOTONIC to the microsecond; the last of it awake."""
    if (left := moment - time.monotonic() - 0.002) > 0:
        await asyncio.sleep(left)
    while time.monotonic() < moment:  # noqa: ASYNC110  # a timer is too coarse
        await asyncio.sleep(0)
