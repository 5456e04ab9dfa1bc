"""Written drivers read and send each value as the page on the values of described devices says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from hashlib import md5
import json
from typing import Any

from aiohttp import web
import pytest

from lan_edge import Address, Device, Driver, SwitchLevel, connect, read_description
from lan_edge.cli.writing import UnwritableError, written
from lan_edge.declarative.text import text_of, values_of
from tests.docs import pages
from tests.docs.test_described_values import READING_PART, SENDING_PART, rows

HOST = "127.0.0.1"
BYTES = "ff 00 81 fe 02 01 00 00 ac 41 4f 4b 00 20"
"""A message of numbers, and a text at its end."""
SHORT = "ff 00"


@asynccontextmanager
async def frames(answer: bytes, received: list[Any]) -> AsyncGenerator[Address]:
    """Be a device that answers all frames with the same one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = int.from_bytes(await reader.readexactly(2))
                received.append(await reader.readexactly(size))
                writer.write(len(answer).to_bytes(2) + answer)
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        yield Address(HOST, server.sockets[0].getsockname()[1])


@asynccontextmanager
async def http(answer: bytes, received: list[Any]) -> AsyncGenerator[Address]:
    """Be a device that answers all requests alike."""

    async def serve(request: web.Request) -> web.Response:
        received.append((request.raw_path, await request.text(), request.content_type))
        return web.Response(body=answer)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield Address(HOST, runner.addresses[0][1])
    finally:
        await runner.cleanup()


def text_for(form: str, **fields: Any) -> str:
    """Return a text whose messages have a form; its request is `all`."""
    asked = {"json": {"message": {"get": "all"}}, "text": {"text": "all"}, "http": {"get": "/all"}}
    options = {"port": 80, "framer": {"size": 2}, "messages": form}
    return text_of(
        {
            "description": 1,
            "id": "x",
            "name": "X",
            "talks": "http" if form == "http" else "frames",
            "options": {"port": 80} if form == "http" else options,
            "requests": {"all": asked.get(form, {"bytes": "00"})},
            **fields,
        }
    )


def driver_for(text: str) -> type[Driver[Any]]:
    """Return the driver that is written for a text."""
    return pages.driver_in("written.py", written(read_description(text)))


async def shown(form: str, reading: dict[str, Any], answer: bytes, kind: str) -> Any:
    """Return what a written driver shows of an answer, and whether that is refused."""
    own = {"x": {kind: True, "from": "all", **reading}}
    driver = driver_for(text_for(form, components={"main": {"own": own}}))
    device_at = http if form == "http" else frames
    async with device_at(answer, []) as at, connect(driver, at) as device:
        return value(device), [*device.state.rejected.values()]


def value(device: Device) -> Any:
    [capability] = device.driver.profile.components["main"].capabilities
    return device.state.get(next(iter(capability.attributes)))


def kind_of(wanted: Any) -> str:
    """Return what holds a value."""
    return {bool: "switch", str: "text"}.get(type(wanted), "number")


@pytest.mark.parametrize("form", ["http", "text", "json", "binary"])
@pytest.mark.parametrize(("reading", "message", "wanted"), rows(READING_PART))
async def test_what_is_read(form: str, reading: str, message: str, wanted: str) -> None:
    [fields], meant = values_of(reading)[:1], json.loads(wanted)
    answer, reads = message.encode(), shown(form, fields, message.encode(), kind_of(meant))
    if "|" in fields.get("template", ""):
        with pytest.raises(UnwritableError, match="a template with filters"):
            await reads
    elif "xml" in fields and form != "http":
        with pytest.raises(UnwritableError, match=f"xml in a message that is {form}"):
            await reads
    elif form == "json" and not ({"path", "xml"} & {*fields}):
        with pytest.raises(UnwritableError, match="text in a message that is json"):
            await reads
    else:
        assert await reads == (meant, []), answer


@pytest.mark.parametrize("flags", [b'"x"', b"-1", b"1.5", b"true", b"null"])
async def test_what_has_no_bits_is_unknown(flags: bytes) -> None:
    answer = b'{"flags": %b}' % flags
    assert await shown("http", {"path": "flags", "bit": 4}, answer, "switch") == (None, [])


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        ({"bytes": 0}, 255),
        ({"bytes": 0, "type": "i8"}, -1),
        ({"bytes": 2, "type": "u16be"}, 0x81FE),
        ({"bytes": 2, "type": "i16le"}, -383),
        ({"bytes": 4, "type": "u32be"}, 0x02010000),
        ({"bytes": 6, "type": "f32le", "scale": 10}, 215),
        ({"bytes": -1}, 0x20),
        ({"bytes": 0, "bit": 7}, True),
        ({"bytes": 1, "bit": 0}, False),
        ({"bytes": 10, "type": "ascii", "length": 4}, "OK"),
        ({"bytes": -4, "type": "ascii"}, "OK"),
        ({"bytes": 10, "type": "hex", "length": 2}, "4f4b"),
        ({"bytes": 0, "map": {"255": "full"}}, "full"),
        ({"bytes": 10, "type": "ascii", "length": 2, "map": {"OK": "well"}}, "well"),
        ({"bytes": 10, "type": "ascii", "length": 2, "pattern": "K"}, "K"),
    ],
)
async def test_what_is_read_of_bytes(reading: dict[str, Any], wanted: Any) -> None:
    kind = kind_of(wanted)
    assert await shown("binary", reading, bytes.fromhex(BYTES), kind) == (wanted, [])
    if reading["bytes"] not in {0, 1, -1}:  # where no byte is, no value is
        assert (await shown("binary", reading, bytes.fromhex(SHORT), kind))[0] in {None, ""}


async def test_a_number_that_is_none_is_unknown() -> None:
    reading = {"bytes": 0, "type": "f32be"}
    assert await shown("binary", reading, bytes.fromhex("7fc00000"), "number") == (None, [])


async def test_bytes_in_text() -> None:
    assert await shown("text", {"bytes": 1, "type": "u8"}, b"ABC", "number") == (66, [])


PARAMETERS: dict[type, dict[str, Any]] = {
    int: {"kind": "number", "default": 0, "minimum": 0, "maximum": 1000},
    bool: {"kind": "switch"},
    str: {},
}
"""How the values of a type are entered."""
READ = {"own": {"x": {"text": True, "from": "all"}}}


async def sent_by(form: str, values: dict[str, Any], **fields: Any) -> Any:
    """Return what a written driver sends at each connection, before it reads."""
    parameters = {name: {"label": name, **PARAMETERS[type(each)]} for name, each in values.items()}
    described = {"parameters": parameters} if parameters else {}
    text = text_for(form, components={"main": READ}, **described, **fields)
    received: list[Any] = []
    device_at = http if form == "http" else frames
    async with device_at(b"ok", received) as at, connect(driver_for(text), at, settings=values):
        return received[0]


@pytest.mark.parametrize(("sending", "values", "sent"), rows(SENDING_PART))
async def test_what_is_sent(sending: str, values: str, sent: str) -> None:
    fields, given = values_of(sending)[0], json.loads(values)
    form = "text" if "line" in fields else "binary" if "bytes" in fields else "http"
    fields = {"text" if name == "line" else name: each for name, each in fields.items()}
    if None in given.values():
        assert json.loads((await level_sent(fields, given))[1]) == json.loads(sent)
    elif "{{" in fields.get("text", ""):
        with pytest.raises(UnwritableError, match="JSON as a text with placeholders"):
            await sent_by(form, given, connected=fields)
    else:
        made = await sent_by(form, given, connected=fields)
        if form == "http":
            path, body, _ = made
            made = path if "get" in fields else compact(body)
        assert made == (bytes.fromhex(sent) if form == "binary" else made_of(form, sent))


def compact(body: str) -> str:
    """Return JSON without blanks, and what is none as it is."""
    with suppress(ValueError):
        return json.dumps(json.loads(body), separators=(",", ":"))
    return body


def made_of(form: str, sent: str) -> str | bytes:
    return sent if form == "http" else sent.encode()


async def level_sent(fields: dict[str, Any], arguments: dict[str, Any]) -> tuple[str, str, str]:
    """Return what is sent to set a level, with arguments of which some are not given."""
    level = {"level": {"from": "all"}, "setLevel": fields}
    text = text_for("http", confirm="answer", components={"main": {"switchLevel": level}})
    received: list[Any] = []
    given = {name: each for name, each in arguments.items() if each is not None}
    async with http(b"50", received) as at, connect(driver_for(text), at) as device:
        received.clear()
        await device.commands.execute(SwitchLevel.set_level, given)
        sent: tuple[str, str, str] = received[0]
        return sent


@pytest.mark.parametrize(
    ("given", "path", "body"),
    [
        ({"level": 50}, "/set?level=50", {"level": 50}),
        ({"level": 50, "rate": 0.25}, "/set?level=50&rate=0.25", {"level": 50, "rate": 0.2}),
    ],
)
async def test_what_is_not_given_is_left_out(
    given: dict[str, Any], path: str, body: dict[str, Any]
) -> None:
    query = {"level": "{level}", "rate": "{rate}"}
    sending = {"post": "/set", "query": query, "json": {"level": "{level}", "rate": "{rate:.1f}"}}
    asked, sent, _ = await level_sent(sending, given)
    assert (asked, json.loads(sent)) == (path, body)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"query": {"x": "{rate} s"}}, "rate, which may be missing, in a text"),
        ({"json": {"odd name": 1, "x": "{rate}"}}, "beside one that is no name"),
    ],
)
async def test_what_may_be_missing_and_cannot_be_left_out(
    more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UnwritableError, match=reason):
        await level_sent({"post": "/set", **more}, {"level": 1})


@pytest.mark.parametrize(
    ("more", "body", "kind"),
    [
        ({"json": [1, "{x}"]}, '[1,"a<b"]', "application/json"),
        ({"json": {"x": "{x}"}}, '{"x":"a<b"}', "application/json"),
        ({"form": {"x": "{x}"}}, "x=a%3Cb", "application/x-www-form-urlencoded"),
        ({"text": "<x y='{x}'/>"}, "<x y='a&lt;b'/>", "text/xml"),
        ({"text": "<x/>", "content_type": "application/soap+xml"}, "<x/>", "application/soap+xml"),
        ({"text": "is {x}"}, "is a<b", "text/plain"),
        ({"text": '{{"a": 1}}'}, '{"a":1}', "application/json"),
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
async def test_a_body_has_its_type(method: str, more: dict[str, Any], body: str, kind: str) -> None:
    _, sent, sent_as = await sent_by("http", {"x": "a<b"}, connected={method: "/set", **more})
    assert (compact(sent), sent_as) == (body, kind)


@pytest.mark.parametrize(("path", "sent"), [("/a/{x}?y={x}", "/a/x%2Fy?y=x/y"), ("/{x:md5}", None)])
async def test_a_value_in_a_path(path: str, sent: str | None) -> None:
    made, *_ = await sent_by("http", {"x": "x/y"}, connected={"get": path})
    assert made == (sent or f"/{md5(b'x/y', usedforsecurity=False).hexdigest()}")


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("{x:ascii} 00", b"18\0"),
        ("{n:u8} {n:i16le}", b"\x12\x12\0"),
        ("{n:f32be}", b"\x41\x90\0\0"),
        ("{x:hex}", b"\x18"),
    ],
)
async def test_bytes_of_values(text: str, sent: bytes) -> None:
    assert await sent_by("binary", {"x": "18", "n": 18}, connected={"bytes": text}) == sent
