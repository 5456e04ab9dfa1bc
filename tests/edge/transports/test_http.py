"""HTTP."""

from custom_components.lan_edge.edge import Http, HttpOptions
from custom_components.lan_edge.edge.transports import Link

from ..peers import Wire
from .contract import Contract, Kit


def make(link: Link) -> Http:
    return Http(link, HttpOptions(timeout=0.2, limit=1000))


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def serve(wire: Wire) -> None:
    while head := await wire.reader.readuntil(b"\r\n\r\n"):
        length = next(
            (int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")),
            0,
        )
        await wire.reader.readexactly(length)
        await wire.send(answer(b"POWER"))


class TestHttp(Contract):
    kit = Kit(
        make=make,
        serve=serve,
        use=lambda http: http.get_text("/power"),
        answer="POWER",
        garbage=b"\x00\xff\r\n\r\n",
        oversize=answer(b"x" * 1001),
        connects=False,
    )
