"""JSON and XML from the network: parsed, or an error that says of what."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
import gc
from time import thread_time

from hypothesis import given, strategies as st
import pytest

from lan_edge import ReplyError
from lan_edge.network.parsing import (
    MAX_ELEMENTS,
    MAX_EQUALS,
    MAX_NESTING,
    MAX_XML,
    parse_json,
    parse_xml,
)


@pytest.mark.parametrize("data", [b'{"a": [1, null]}', '{"a": [1, null]}'])
def test_json(data: bytes | str) -> None:
    assert parse_json(data, "it") == {"a": [1, None]}


@pytest.mark.parametrize("data", [b"", "", b"{", b"\xff", "\ud800", b"[" * 5000, b"1 2"])
def test_not_json(data: bytes | str) -> None:
    with pytest.raises(ReplyError, match=r"^the answer is not JSON$"):
        parse_json(data, "the answer")


MIB = 1024 * 1024


def json_of(each: bytes, size: int = MIB) -> bytes:
    """Return a list of that size, which consists of many times the same."""
    return b"[" + b",".join([each] * ((size - 1) // (len(each) + 1))) + b"]"


@pytest.mark.parametrize("each", [b"[]", b"{}", b"[[[]]]", b'{"":[]}', b"[" * 500 + b"]" * 500])
def test_json_of_too_many_lists_and_objects(each: bytes) -> None:
    with in_short_time():
        for data in (json_of(each), json_of(each).decode()):
            with pytest.raises(ReplyError, match=r"^the answer is JSON of more than 50000 lists"):
                parse_json(data, "the answer")


@pytest.mark.parametrize(
    "each", [b"1", b"1.5", b'"a"', b'"\\u00e9"', b"1e300", b"null", b'{"a":"0123456789"}', b"[5]"]
)
def test_no_json_takes_long(each: bytes) -> None:
    data = json_of(each, MIB if each[:1] not in b"[{" else 49_000 * (len(each) + 1))
    with in_short_time():
        assert parse_json(data, "it")


def test_a_text_may_contain_anything() -> None:
    assert parse_json(b'["' + b"[" * 40_000 + b'"]', "it")
    assert parse_json(json_of(b"[]", 60_000), "it")


def test_xml() -> None:
    assert parse_xml(b"<a><b>1</b></a>", "it").findtext("b") == "1"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"\0",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
    ],
)
def test_not_plain_xml(data: bytes) -> None:
    with pytest.raises(ReplyError, match=r"^the answer is not plain XML$"):
        parse_xml(data, "the answer")


def test_xml_within_the_bounds() -> None:
    flat = parse_xml(b"<a>" + b"<b/>" * (MAX_ELEMENTS - 1) + b"</a>", "it")
    assert len(flat) == MAX_ELEMENTS - 1
    deep = parse_xml(b"<a>" * MAX_NESTING + b"</a>" * MAX_NESTING, "it")
    assert len(list(deep.iter())) == MAX_NESTING
    assert parse_xml(b"<a>" + b"x" * (MAX_XML - 7) + b"</a>", "it").text


@contextmanager
def in_short_time() -> Generator[None]:
    """Fail if the block takes the processor for long."""
    gc.disable()  # which may happen to run in it
    began = thread_time()
    try:
        yield
        assert thread_time() - began < 0.05
    finally:
        gc.enable()


def attributes(count: int) -> bytes:
    """Return XML of one element with so many attributes."""
    return b"<a " + b" ".join(b"b%d=''" % n for n in range(count)) + b"/>"


def filled(begin: bytes, each: bytes, end: bytes, size: int = MAX_XML) -> bytes:
    """Return XML of that size, which consists of many times the same."""
    return begin + each * ((size - len(begin) - len(end)) // len(each)) + end


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<a>" * (MAX_NESTING + 1) + b"</a>" * (MAX_NESTING + 1), id="nested"),
        pytest.param(b"<a>" * 40_000 + b"</a>" * 37_000, id="nested deeply"),
        pytest.param(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", id="elements"),
        pytest.param(filled(b"<a>", b"<b/>", b"</a>"), id="elements only"),
        pytest.param(
            b"<!DOCTYPE a [<!ATTLIST b "
            + b" ".join(b"c%d CDATA 'd'" % n for n in range(2000))
            + b">]><a>"
            + b"<b/>" * 4000
            + b"</a>",
            id="attributes by default",
        ),
        pytest.param(filled(b"<a>", b"b", b"</a>", MAX_XML + 1000), id="large"),
        pytest.param(attributes(25_000), id="attributes of one element"),
        pytest.param(filled(b"<a>", b"<b c='' d='' e=''/>", b"</a>", 75_000), id="attributes"),
    ],
)
def test_xml_beyond_the_bounds(data: bytes) -> None:
    with in_short_time(), pytest.raises(ReplyError, match=r"^the answer is"):
        parse_xml(data, "the answer")  # in up to 2.3 s without the bounds


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(filled(b"<a>", b"<?b?>", b"</a>"), id="instructions"),
        pytest.param(filled(b"<a>", b"<!---->", b"</a>"), id="comments"),
        pytest.param(filled(b"<a>", b"\n", b"</a>"), id="lines"),
        pytest.param(filled(b"<a>", b"&amp;", b"</a>"), id="references"),
        pytest.param(attributes(MAX_EQUALS), id="attributes of one element"),
        pytest.param(filled(b"<a>", b"<b c='' d=''/>", b"</a>", 69_000), id="attributes"),
    ],
)
def test_no_xml_takes_long(data: bytes) -> None:
    """What is not bounded by number is bounded by the size."""
    assert len(data) <= MAX_XML
    with in_short_time():
        parse_xml(data, "it")


@given(st.binary(max_size=200))
def test_anything_is_parsed_or_refused(data: bytes) -> None:
    for parse in (parse_json, parse_xml):
        with suppress(ReplyError):
            parse(data, "it")
