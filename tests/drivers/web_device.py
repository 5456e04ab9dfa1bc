"""A device by HTTP with a token everywhere, which repeats what it is sent where it refuses."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import quote, quote_plus

from aiohttp import web

from lan_edge import Address

TOKEN = "s3cr3t/tok en&x"  # it is looked for
WRITTEN = {TOKEN, quote(TOKEN), quote(TOKEN, safe=""), quote_plus(TOKEN)}
"""The token as it may be written."""
TEXT = """\
description: 1
id: locked
name: Locked
parameters:
  token: {kind: secret}
talks: http
options: {timeout: 0.3}
requests:
  status: {get: "/api/{token}/status"}
components:
  main:
    switch:
      switch: {from: status, path: "on"}
      "on":
        - {post: /first, form: {key: "{token}", on: 1}}
        - {post: /second, json: {key: "{token}"}}
        - {post: /third, text: "{token}"}
      "off": {get: /first, query: {key: "{token}", on: 0}}
"""


class WebDevice:
    """A device by HTTP, which notes what it is asked."""

    def __init__(self) -> None:
        self.asked = list[str]()
        self.refused = set[str]()
        self.redirect = ""
        self.on = False
        self.address = Address("")

    @asynccontextmanager
    async def there(self, host: str) -> AsyncGenerator[WebDevice]:
        """Be there for the length of a block."""
        runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, 0).start()
            self.address = Address(host, runner.addresses[0][1])
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if self.redirect:
            return web.Response(status=302, headers={"Location": self.redirect})
        if request.path in self.refused:
            return web.Response(status=500, text=f"{request.raw_path} {await request.text()}")
        if request.path == "/third":
            self.on = True
        return web.json_response({"on": self.on})
