"""Values in messages: where they stand in JSON, XML, text and bytes, and what they are there."""

from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge import ReplyError
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.reading import ByteType, Conversion, ValueReading
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import MISSING, Received, ReceivedJson

STATUS = {
    "relay": {"on": True, "name": None, "odd key": {"x": 1}, 'q"]': 2},
    "meters": [{"id": 3, "w": 12.5}, {"id": 7, "w": 0}, "none", {"on": True, "w": 9}],
    "by_name": {"a": {"id": 1}, "b": {"id": 2, "w": 8}},
    "empty": [],
}
ZONES = b"""<s:status xmlns:s="urn:x"><zone id="1"><power>on</power><name/></zone>
<s:zone id="2"><power> off </power><s:level unit="%">40</s:level></s:zone></s:status>"""
FRAME = bytes.fromhex("55aa 0102 fffe 42280000 6b657900 80")


def read(message: bytes | str | Received, **reading: Any) -> Any:
    received = message if isinstance(message, Received) else Received(message)
    return reader_of(ValueReading(**reading))(received)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("relay.on", True),
        ("relay.name", None),
        ("relay.name.deeper", None),
        ("relay.off", MISSING),
        ("relay.off.deeper", MISSING),
        ("meters[0].w", 12.5),
        ("meters.0.w", 12.5),
        ("meters[-1].w", 9),
        ("meters[4].w", MISSING),
        ("meters[id=7].w", 0),
        ("meters[on=true].w", 9),
        ("meters[id=8].w", MISSING),
        ('meters[id="7"].w', 0),
        ('meters["id"=7].w', 0),
        ("by_name[id=2].w", 8),
        ('relay["odd key"].x', 1),
        (r'relay["q\"]"]', 2),
        ("empty.on", MISSING),
    ],
)
def test_a_path_in_json(path: str, value: object) -> None:
    for message in (orjson.dumps(STATUS), ReceivedJson(STATUS)):
        assert read(message, path=path) == value


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("relay.on.x", "relay.on is True, not an object"),
        ("relay[0]", "relay is .*, not a list"),
        ("meters.w", "meters is .*, not an object"),
    ],
)
def test_what_is_not_where_a_path_leads(path: str, words: str) -> None:
    with pytest.raises(ReplyError, match=words):
        read(orjson.dumps(STATUS), path=path)


@pytest.mark.parametrize("path", ["$.a", "a..b", "a.", "a[", "a[x", "a]", "a[1", "[]", "x" * 300])
def test_a_path_that_is_none(path: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        reader_of(ValueReading(path=path))
    assert caught.value.faults[0].path == ("path",)


def test_a_message_is_parsed_once_even_if_it_cannot_be() -> None:
    message = Received("{}x", what="GET /status: the body")
    for _ in range(2):
        with pytest.raises(ReplyError, match="GET /status: the body is not JSON"):
            read(message, path="a")
    whole = Received(orjson.dumps(STATUS))
    assert whole.json() is whole.json()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("zone/power", "on"),
        ("status/zone/power", "on"),
        ("zone[1]/power", "off"),
        ("zone[-1]/level", "40"),
        ("zone[@id=2]/level/@unit", "%"),
        ("zone[power=off]/@id", "2"),
        ("s:zone[2]/power", MISSING),
        ("zone[@id=9]/power", MISSING),
        ("//level", "40"),
        ("//@unit", "%"),
        ("zone/name", None),
        ("zone/@other", MISSING),
        ("/zone/power", "on"),
    ],
)
def test_a_path_in_xml(path: str, value: object) -> None:
    assert read(ZONES, xml=path) == value


@pytest.mark.parametrize("path", ["zone/", "zone//", "@id/zone", "zone[", "zone[]", "a b", "/"])
def test_an_xml_path_that_is_none(path: str) -> None:
    with pytest.raises(DescriptionError, match="xml"):
        reader_of(ValueReading(xml=path))


@pytest.mark.parametrize(
    ("at", "kind", "more", "value"),
    [
        (0, ByteType.U8, {}, 0x55),
        (2, ByteType.U16BE, {}, 0x0102),
        (2, ByteType.U16LE, {}, 0x0201),
        (4, ByteType.I16BE, {}, -2),
        (5, ByteType.I8, {}, -2),
        (6, ByteType.F32BE, {}, 42.0),
        (-1, ByteType.U8, {"bit": 7}, True),
        (-1, ByteType.U8, {"bit": 0}, False),
        (10, ByteType.ASCII, {}, "key"),
        (10, ByteType.ASCII, {"bytes_length": 2}, "ke"),
        (10, ByteType.HEX, {"bytes_length": 2}, "6b65"),
        (12, ByteType.U32BE, {}, MISSING),
        (-30, ByteType.U8, {}, MISSING),
        (14, ByteType.ASCII, {"bytes_length": 2}, MISSING),
    ],
)
def test_bytes(at: int, kind: ByteType, more: dict[str, Any], value: object) -> None:
    assert read(FRAME, bytes_at=at, bytes_type=kind, **more) == value


def test_a_float_has_the_digits_that_it_was_sent_with() -> None:
    data = bytes.fromhex("41ab3333 7fc00000")
    assert read(data, bytes_at=0, bytes_type=ByteType.F32BE) == 21.4
    assert read(data, bytes_at=4, bytes_type=ByteType.F32BE) is None


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        ({"pattern": r"VOL(\d{1,3})"}, "42"),
        ({"pattern": r"MU(TE|ZE)"}, "TE"),
        ({"pattern": r"\d+"}, "42"),
        ({"pattern": r"IN(\d)?"}, MISSING),
        ({"pattern": r"X(\d)"}, MISSING),
        ({"word": 1}, "MUTE"),
        ({"word": -1}, "x;INPUT"),
        ({"word": 9}, MISSING),
        ({"word": 1, "separator": ";"}, "INPUT"),
        ({}, "VOL42 MUTE x;INPUT"),
    ],
)
def test_parts_of_a_text(reading: dict[str, Any], value: object) -> None:
    assert read("VOL42 MUTE x;INPUT\r\n", **reading) == value


@pytest.mark.parametrize(
    ("message", "value"),
    [
        (b'{"flags": 18}', True),
        (b'{"flags": "16"}', True),
        (b'{"flags": 47}', False),
        (b'{"flags": null}', None),
        (b"{}", MISSING),
    ],
)
def test_a_bit_of_a_number(message: bytes, value: object) -> None:
    assert read(message, path="flags", bit=4) == value
    assert read("state=18", pattern=r"state=(\d{1,3})", bit=1) is True


@pytest.mark.parametrize("flags", [b"-1", b"1.5", b'"x"', b"true"])
def test_what_has_no_bits(flags: bytes) -> None:
    with pytest.raises(ReplyError, match="flags is"):
        read(b'{"flags": %b}' % flags, path="flags", bit=4)


def test_a_group_of_the_message_s_own_pattern() -> None:
    message = Received("VOL42", {"volume": "42", "mute": None})
    assert read(message, group="volume", conversion=Conversion(scale=0.5)) == 21
    assert read(message, group="mute") is MISSING
    assert read(message, group="other") is MISSING


def test_a_text_that_is_too_long_for_its_pattern() -> None:
    assert read("x" * 2000 + "7", pattern=r"\d+") == "7"
    with pytest.raises(ReplyError, match=r"65536 characters, and the pattern .* takes 2048"):
        read("x" * 65536, pattern=r"\d+")
    assert read("x" * 65528 + "Power: 5", pattern=r"Power: (\d{1,8})") == "5"


def test_all_faults_of_a_reading_are_reported_at_once() -> None:
    reading = ValueReading(
        path="a[",
        xml="b",
        pattern="(",
        word=1,
        conversion=Conversion(scale=0, digits=9, map={"1": True}, template="value."),
    )
    with pytest.raises(DescriptionError) as caught:
        reader_of(reading)
    fields = [fault.path for fault in caught.value.faults]
    expected = ["xml", "path", "pattern", "scale", "map", "template"]
    assert fields == [(name,) for name in expected]
    assert all(fault.reason for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("reading", "field"),
    [
        ({"bytes_at": 0, "bit": 8}, "bit"),
        ({"bytes_at": 0, "bytes_type": ByteType.ASCII, "bit": 0}, "bit"),
        ({"bytes_at": 0, "bytes_type": ByteType.F32BE, "bit": 0}, "bit"),
        ({"bytes_at": 2**40}, "bytes"),
        ({"pattern": "a", "word": 1}, "word"),
        ({"separator": ","}, "separator"),
        ({"pattern": r"(\w+\s?)*$"}, "pattern"),
        ({"pattern": "("}, "pattern"),
        ({"conversion": Conversion(scale=float("nan"))}, "scale"),
        ({"conversion": Conversion(invert=True, scale=2)}, "invert"),
        ({"conversion": Conversion(digits=-1)}, "round"),
    ],
)
def test_faults_of_single_fields(reading: dict[str, Any], field: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        reader_of(ValueReading(**reading))
    assert [fault.path for fault in caught.value.faults] == [(field,)]


@given(
    st.builds(
        ValueReading,
        path=st.sampled_from(["", "a", "a[0]"]) | st.text(max_size=20),
        pattern=st.sampled_from(["", r"\d"]) | st.text(max_size=20),
        word=st.none() | st.integers(-3, 3),
    ),
    st.sampled_from([b'{"a": [1, {"b": "5 W"}]}', b"<a>5</a>", b"x 5;6"]) | st.binary(max_size=60),
)
def test_any_reading_is_a_fault_or_a_reader(reading: ValueReading, data: bytes) -> None:
    with suppress(DescriptionError, ReplyError):
        reader_of(reading)(Received(data))
