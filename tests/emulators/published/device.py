"""What every published device on HTTP has: an address, its state, what it was asked, faults."""

import asyncio
from collections.abc import Collection
import copy
from typing import Any, ClassVar, Self

from aiohttp import web

from lan_edge import Address


class PublishedDevice:
    """A device on HTTP; an async context manager."""

    initial: ClassVar[dict[str, Any]]
    """Its state at first, by the names of its API."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = copy.deepcopy(self.initial)
        self.asked: list[str] = []
        """The commands that it received, as method, path, query and body."""
        self.silent = False
        self.lies = False
        """Whether it says yes and does nothing."""
        self.left_out: set[str] = set()
        """The fields that its answers lack."""
        self.address = Address("127.0.0.1", 0)
        """Where it is; port 0 is any free port, which stands here once it is there."""
        self._ended = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.address.host, self.address.port).start()
        self.address = Address(self.address.host, self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.silent:
            await self._ended.wait()
            raise web.HTTPServiceUnavailable
        self.check_login(request)
        found = await self.answer(request)
        if isinstance(found, web.StreamResponse):
            return found
        return web.json_response(without(found, self.left_out))

    def check_login(self, request: web.Request) -> None:
        """Raise HTTPUnauthorized if a request must not be answered."""

    async def answer(self, request: web.Request) -> Any:
        """Carry a request out; return a response, or what is answered as JSON."""
        raise NotImplementedError

    async def note(self, request: web.Request) -> str:
        """Note a command; return its body."""
        body = await request.text()
        query = f"?{request.query_string}" if request.query_string else ""
        self.asked.append(f"{request.method} {request.path}{query} {body}".strip())
        return body

    def put(self, **values: Any) -> None:
        """Take values over, unless it lies."""
        if not self.lies:
            self.state.update(values)


def without(value: Any, names: Collection[str]) -> Any:
    """Return a value of JSON without the fields of some names, at any depth."""
    if isinstance(value, dict):
        return {k: without(v, names) for k, v in value.items() if k not in names}
    if isinstance(value, list):
        return [without(each, names) for each in value]
    return value
