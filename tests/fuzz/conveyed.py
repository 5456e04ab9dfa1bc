"""Described devices: how values are read from messages, and what is sent."""

from contextlib import suppress

from lan_edge import ReplyError, schema_of
from lan_edge.declarative.reading import ByteType, Conversion, ValueReading
from lan_edge.declarative.reading.fitted import fitted
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import Received

from .target import target

_SCHEMAS = tuple(schema_of(kind) for kind in (bool, int, float, str, tuple[str, ...]))


@target(
    "edge/network/patterns.py",
    "edge/declarative/reading/path_steps.py",
    "edge/declarative/reading/received.py",
    "edge/declarative/reading/xml_path.py",
    "edge/declarative/templating/expression.py",
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
