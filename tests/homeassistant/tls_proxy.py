"""A TLS proxy for a device without TLS; its certificate can be changed."""

import asyncio
from typing import Self

from tests.edge.certificates import Certificate
from tests.ports import free_port


class TlsProxy:
    """Passes on what comes in by TLS; `heard` is how many bytes of a client's own came."""

    def __init__(self, port: int, certificate: Certificate) -> None:
        self.heard = 0
        self.port = 0
        self._behind = port
        self._certificate = certificate
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.show(self._certificate)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shut()

    async def show(self, certificate: Certificate) -> None:
        """Show another certificate from now on; every connection ends."""
        await self.shut()
        self._context = certificate.server()
        self.port = self.port or free_port()
        self._server = await asyncio.start_server(self._enter, "127.0.0.1", self.port)

    async def shut(self) -> None:
        """Be closed."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            server.abort_clients()
        for task in tuple(self._tasks):
            task.cancel()
            await asyncio.wait([task])

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass_on(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.start_tls(self._context)
        except OSError:  # the client did not like the certificate
            writer.close()
            return
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._behind)

        async def ask() -> None:
            while data := await reader.read(4096):
                self.heard += len(data)
                inner_writer.write(data)

        async def answer() -> None:
            while data := await inner_reader.read(4096):
                writer.write(data)

        both = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            inner_writer.close()
            writer.close()
