"""A relay that calls the hub: a WebSocket with JSON, or lines over TCP, again when it is lost."""

import asyncio
from contextlib import suppress
import json
from typing import Any, Self, override

import aiohttp
from yarl import URL
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

HUB = "_lan-edge._tcp.local."
ANSWERED_WITHIN = 5.0
"""Seconds in which the hub answers a call."""
HANGS_UP = aiohttp.ClientWSTimeout(ws_close=0.5)
"""It waits no longer for the hub to hang up as well."""


class DialingRelay:
    """Calls `url`, or the URL that it was told to keep, until it is stopped."""

    def __init__(
        self, url: str, serial: str = "RELAY1", *, lines: bool = False, host: str = ""
    ) -> None:
        self.url = url
        self.serial = serial
        self.state: dict[str, Any] = {"on": False}
        self.calls = 0
        self.heard = list[str]()
        self.kept = ""
        """The URL that it was told to keep."""
        self.keeps = True
        """Whether it calls that from then on."""
        self.again_after = 2.0
        self.heartbeat: float | None = None
        """Seconds between two of its pings; it hangs up without an answer."""
        self.mute = False
        self._lines = lines
        self._host = host
        self._send: Any = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Hang up, and call no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _run(self) -> None:
        while True:
            self.calls += 1
            url = self.next_url()
            with suppress(OSError, aiohttp.ClientError, asyncio.IncompleteReadError):
                await (self._talk_in_lines(url) if self._lines else self._talk(url))
            self._send = None
            await asyncio.sleep(self.again_after)

    def next_url(self) -> str:
        """Return where it calls now."""
        return self.kept if self.kept and self.keeps else self.url

    async def _talk(self, url: str) -> None:
        local = (self._host, 0) if self._host else None
        connector = aiohttp.TCPConnector(local_addr=local)
        async with aiohttp.ClientSession(connector=connector) as session:
            async with asyncio.timeout(ANSWERED_WITHIN):
                socket = await session.ws_connect(url, heartbeat=self.heartbeat, timeout=HANGS_UP)
            self._send = socket.send_str
            try:
                async for message in socket:
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        break  # its ping has not been answered
                    await self._answer(message.data)
            finally:
                await socket.close()

    async def _talk_in_lines(self, url: str) -> None:
        at = URL(url)
        local = (self._host, 0) if self._host else None
        reader, writer = await asyncio.open_connection(at.host, at.port, local_addr=local)

        async def send(text: str) -> None:
            writer.write(text.encode() + b"\n")

        try:
            await send(at.path)
            self._send = send
            while True:
                await self._answer((await reader.readuntil(b"\n")).decode())
        finally:
            writer.close()

    async def _answer(self, text: str) -> None:
        request = json.loads(text)
        self.heard.append(request["do"])
        if self.mute:
            return
        reply: dict[str, Any] = {"id": request["id"]}
        match request["do"]:
            case "hello":
                reply["serial"] = self.serial
            case "keep":
                self.kept = request["url"]
            case "write":
                self.state["on"] = request["on"]
                reply |= self.state
            case _:
                reply |= self.state
        await self._send(json.dumps(reply))

    async def change(self, **values: Any) -> None:
        """Change, and push that."""
        self.state.update(values)
        if self._send is not None:
            await self._send(json.dumps(values))


class FindingRelay(DialingRelay):
    """Finds the hub by mDNS on the network of its host, unless it was told a URL to keep."""

    def __init__(self, host: str, serial: str = "RELAY1") -> None:
        super().__init__("", serial, host=host)

    @override
    async def _run(self) -> None:
        while not self.url:
            self.url = await self._found()
        await super()._run()

    async def _found(self) -> str:
        """Return where the hub says that devices of this kind are to call; empty: nowhere yet."""
        service_seen = asyncio.Event()
        async with AsyncZeroconf(interfaces=[self._host]) as mdns:
            browser = AsyncServiceBrowser(
                mdns.zeroconf, [HUB], handlers=[lambda **_: service_seen.set()]
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await service_seen.wait()
            for name in mdns.zeroconf.cache.names():
                if name.endswith(f".{HUB}"):
                    info = AsyncServiceInfo(HUB, name)
                    await info.async_request(mdns.zeroconf, 3000)
                    paths = (info.properties.get(b"path") or b"").decode().split()
                    if info.port and "/dialing-relay/" in paths:
                        [address, *_] = info.parsed_addresses()
                        await browser.async_cancel()
                        return f"http://{address}:{info.port}/dialing-relay/{self.serial}"
            await browser.async_cancel()
        return ""
