"""Lines over TCP."""

from collections.abc import Awaitable, Callable

from custom_components.lan_edge.edge import Lines, LinesOptions, TimedOutError
from custom_components.lan_edge.edge.transports import Link

from ..peers import Wire
from .contract import Contract, Kit

OPTIONS = LinesOptions(timeout=0.2, limit=1000, delimiter="\r\n")


def make(link: Link) -> Lines:
    return Lines(link, OPTIONS)


async def serve(wire: Wire) -> None:
    while line := await wire.reader.readuntil(b"\r\n"):
        await wire.send(line.upper())


class TestLines(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda lines: lines.ask("power?"),
        answer="POWER?",
        garbage=b"\xff\xfe\x00\r\n",
        oversize=b"x" * 1001 + b"\r\n",
    )
