"""Calls to other processes: JSON lines over a socket pair, one request at a time."""

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
"""Seconds that a request may take."""


class RemoteError(Exception):
    """A request failed in the other process; the message is its traceback."""


class Child:
    """A child process, which ends with this one."""

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
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Connect to the process."""
        self._streams = await asyncio.open_connection(sock=self._socket, limit=LIMIT)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection, upon which the process ends; kill it if it does not."""
        if self._streams is not None:
            self._streams[1].close()
        try:
            await asyncio.to_thread(self._popen.wait, 20)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    async def ask(self, method: str, **params: Any) -> Any:
        """Call a method in the process; return its result. Raises RemoteError."""
        if self._streams is None:
            raise RemoteError("the process is not started")
        reader, writer = self._streams
        try:
            async with self._lock, asyncio.timeout(PATIENCE):
                writer.write(orjson.dumps([method, params]) + b"\n")
                line = await reader.readuntil()
        except (asyncio.IncompleteReadError, ConnectionError) as err:
            raise RemoteError(f"{method}: the process has ended") from err
        reply = orjson.loads(line)
        if "error" in reply:
            raise RemoteError(reply["error"])
        return reply["result"]


async def serve(target: object, descriptor: int) -> None:
    """Serve calls of the methods of `target`, until the parent process closes the connection."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(LIMIT, loop)
    protocol = asyncio.StreamReaderProtocol(reader)
    connection = socket.socket(fileno=descriptor)
    transport, _ = await loop.create_connection(lambda: protocol, sock=connection)
    with suppress(asyncio.IncompleteReadError, ConnectionError):  # the parent has ended
        while True:
            method, params = orjson.loads(await reader.readuntil())
            transport.write(orjson.dumps(await _reply(target, method, params)) + b"\n")
    transport.close()


async def _reply(target: object, method: str, params: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": await getattr(target, method)(**params)}
    except Exception:  # noqa: BLE001  # sent to the caller
        return {"error": traceback.format_exc()}


async def until(moment: float) -> None:
    """Wait for a moment of CLOCK_MONOTONIC, to the microsecond: the last part without sleeping."""
    if (left := moment - time.monotonic() - 0.002) > 0:
        await asyncio.sleep(left)
    while time.monotonic() < moment:  # noqa: ASYNC110  # a timer is too coarse
        await asyncio.sleep(0)
