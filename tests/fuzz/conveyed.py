"""Described devices: how values are read from messages, and what is sent."""

from contextlib import suppress
from typing import Any

from yarl import URL

from lan_edge import ReplyError, schema_of
from lan_edge.declarative.picking.answer_field import MAX_FIELDS
from lan_edge.declarative.picking.bits import typed_bit
from lan_edge.declarative.picking.fields import fields_of
from lan_edge.declarative.picking.suggestion import suggest
from lan_edge.declarative.reading import ByteType, Conversion, ValueReading
from lan_edge.declarative.reading.fitted import fitted
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import Received
from lan_edge.declarative.sending import Body, Sending
from lan_edge.declarative.sending.building import build
from lan_edge.declarative.sending.ready import ReadyHttp, ReadyText
from lan_edge.transports.http.messages import require_headers, same_host

from .target import target

_BASE = URL("http://192.168.1.40/")
_SCHEMAS = tuple(schema_of(kind) for kind in (bool, int, float, str, tuple[str, ...]))


@target(
    "edge/network/patterns.py",
    "edge/declarative/reading/path_steps.py",
    "edge/declarative/reading/received.py",
    "edge/declarative/reading/xml_path.py",
    "edge/declarative/templating/expression.py",
    "edge/declarative/templating/functions.py",
    seeds=(
        b'path\x1fm[id=3]["w"].x[-1]\x1fvalue / 10\x1f{"m": [{"id": 3, "w": {"x": [5]}}]}',
        b'path\x1fa\x1fvalue | replace("a", "b") ~ (1 if value is number else 2)\x1f{"a": "x"}',
        b"xml\x1fzone[@id=2]/s:w/@unit\x1fvalue[0:2]|upper\x1f<a><zone id='2'><w unit='xy'/>",
        b"xml\x1f//b\x1f[value, 9 ** 9][0] | float(0) | round(1)\x1f<a><b>5</b></a>",
        b"pattern\x1f^VOL(\\d{1,3})$\x1fvalue | int * 2 > 5 and not value in 'a'\x1fVOL42",
        b"word\x1f,\x1f{'a': value}['a'] | default('x', true) | split | last\x1fa,b c",
        b"bytes\x1f\x1f-value\x1f\x00\x01\x02\x03",
    ),
)
def readings(data: bytes) -> None:
    """Whatever a reading says, it has faults, or reads any message, or refuses it."""
    how, where, template, message, *_ = [*data.split(b"\x1f", maxsplit=3), b"", b"", b""]
    read = reader_of(_reading(how, where.decode(errors="replace"), template))
    value = read(Received(message))
    for schema in _SCHEMAS:
        with suppress(ReplyError):
            made = fitted(value, schema)
            assert made is None or schema.check(made) == made


def _reading(how: bytes, where: str, template: bytes) -> ValueReading:
    conversion = Conversion(template=template.decode(errors="replace"))
    match how:
        case b"path":
            return ValueReading(path=where, conversion=conversion)
        case b"xml":
            return ValueReading(xml=where, conversion=conversion)
        case b"pattern":
            return ValueReading(pattern=where, conversion=conversion)
        case b"word":
            return ValueReading(word=-1, separator=where, conversion=conversion)
        case _:
            at = len(where)
            return ValueReading(bytes_at=at, bytes_type=ByteType.F32BE, conversion=conversion)


@target(
    "edge/declarative/sending/placeholders.py",
    "edge/declarative/sending/formats.py",
    "edge/declarative/sending/http_requests.py",
    "edge/declarative/sending/json_values.py",
    "edge/declarative/sending/texts.py",
    seeds=(
        b"path\x1f/a/{x}/b?q={x:03d}\x1f../7",
        b"query\x1fa {x} {y:.1f} {{}}\x1f&b=c",
        b"header\x1fBearer {x}\x1fa\r\nb: c",
        b"json\x1f{x.raw}\x1f7",
        b'line\x1fVOL{x:X} "{x}"\x1f20\r\n',
        b'line\x1f{{"a": "{x}", "b": {x}}}\x1f"',
        b'text\x1f<a b="{x}">{x}</a>\x1f</a>',
        b"bytes\x1f55 AA {x:u16be} {x:ascii}\x1f300",
    ),
)
def sendings(data: bytes) -> None:
    """Whatever is to be sent, it has faults, or is one request with any value, or refuses it."""
    how, template, given, *_ = [*data.split(b"\x1f", maxsplit=2), b"", b""]
    value: str | int = int(given) if given.isdigit() and len(given) < 16 else _text(given)
    ready = build(_sending(how, _text(template)), {"x": value, "x.raw": value, "y": 1})
    match ready:
        case ReadyHttp():
            require_headers(ready.headers)
            url = same_host(_BASE, ready.path)
            assert url is not None
            assert url.update_query(ready.query).origin() == _BASE.origin()
        case ReadyText():
            assert not {"\r", "\n", "\0"} & set(ready.text)
        case _:
            assert ready.secret is False


def _text(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _sending(how: bytes, text: str) -> Sending:
    post: dict[bytes, dict[str, Any]] = {
        b"query": {"query": {"a": text}},
        b"header": {"headers": {"a": text}},
        b"json": {"body": Body(json={"a": [text]})},
        b"text": {"body": Body(text=text)},
    }
    if how in post:
        return Sending(method="POST", path="/", **post[how])
    if how == b"path":
        return Sending(method="GET", path=text)
    return Sending(line=text) if how == b"line" else Sending(data=text)


@target(
    "edge/declarative/picking/bits.py",
    "edge/declarative/picking/byte_fields.py",
    "edge/declarative/picking/json_fields.py",
    "edge/declarative/picking/text_fields.py",
    "edge/declarative/picking/suggestion.py",
    "edge/declarative/picking/undivided.py",
    "edge/declarative/picking/xml_fields.py",
    seeds=(
        b'{"relay": {"on": true}, "m": [{"id": 3, "w": 1}, {"id": 4, "w": 2}], "temp": "21 C"}',
        b"<a x='1'><zone id='1'><power>on</power></zone><zone id='2'>5 W</zone><y>1</y><y/></a>",
        b"Temperature: 21.5 C, mode=heat\r\nVOL42 OK",
        b'{"flags": 18, "a": {"stateFlags": 256}}',
        bytes.fromhex("55aa006b657900"),
    ),
)
def picked_fields(data: bytes) -> None:
    """Whatever an answer is, each value that can be picked is found again."""
    fields = fields_of(Received(data))
    assert len(fields) <= MAX_FIELDS
    for field in fields[:20]:
        assert reader_of(field.reading)(Received(data)) == field.value
        suggest(field)
        if (typed := typed_bit(field.place)) is not None:
            assert field.reading.bit in {None, typed[1]}
