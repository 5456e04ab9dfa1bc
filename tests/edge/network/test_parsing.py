"""JSON and XML from the network: parsed, or an error that says of what."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from xml.etree.ElementTree import tostring

from hypothesis import given, strategies as st
import pytest

from lan_edge import ReplyError
from lan_edge.network.loose_json import MAX_LOOSE
from lan_edge.network.markup import MAX_SPACES
from lan_edge.network.parsing import (
    MAX_ELEMENTS,
    MAX_EQUALS,
    MAX_LENIENT,
    MAX_NESTING,
    MAX_XML,
    parse_json,
    parse_xml,
    strict_json,
)
from tests.processor import done_within

SHORT = 0.3
"""Seconds of a fast processor."""


def refused[T: bytes | str](parse: Callable[[T, str], object], data: T) -> str:
    """Return what is said of data that is refused; empty text: it was parsed."""
    try:
        parse(data, "it")
    except ReplyError as err:
        return str(err)
    return ""


@pytest.mark.parametrize("data", [b'{"a": [1, null]}', '{"a": [1, null]}'])
def test_json(data: bytes | str) -> None:
    assert parse_json(data, "it") == {"a": [1, None]}


def test_what_an_owner_gives_has_numbers_that_can_be_sent() -> None:
    assert strict_json('{"a": [1, 2.5e3, -0.0]}') == {"a": [1, 2500.0, 0]}
    for text in ("NaN", '{"a": -Infinity}', "[1e400]", "[-1e999]", "{", ""):
        with pytest.raises(ValueError, match=r"sent|Expecting"):
            strict_json(text)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"name": "K\xfcche"}', {"name": "K\ufffdche"}),
        (b'{"name": "\xc3\xbc\xc3"}', {"name": "\u00fc\ufffd"}),
        (b'{"name": "a\tb\x07\r\n"}', {"name": "a\tb\x07\r\n"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1}\r\n\0', {"a": 1}),
        (b'\0{"a": 1}', {"a": 1}),
        (b'{"a": 1}\0what was there before', {"a": 1}),
        (rb'{"a": "\ud83d", "\udca1": "\ud83d\udca1"}', {"a": "\ufffd", "\ufffd": "\U0001f4a1"}),
        ('{"a": "\ud800"}', {"a": "\ufffd"}),
        (b'["\x07", 123456789012345678901234567890, 1e3]', ["\x07", 1.2345678901234568e29, 1000]),
    ],
)
def test_odd_text_in_json(data: bytes | str, value: object) -> None:
    assert parse_json(data, "it") == value


@pytest.mark.parametrize(
    "odd",
    ["NaN", "nan", "-nan", "Infinity", "-Infinity", "inf", "-inf", "1e999", "-1E+999", "1.5e400"],
)
def test_what_is_no_number_is_null(odd: str) -> None:
    """As programs in C and Python write it for a sensor that has failed."""
    text = f'{{"on": true, "name": "{odd}, \\"{odd}", "power": {odd}, "all": [1,{odd}]}}'
    name = f'{odd}, "{odd}'
    assert parse_json(text, "it") == {"on": True, "name": name, "power": None, "all": [1, None]}


def test_what_is_no_number_takes_no_time() -> None:
    for text in (
        'nan"\\' * (MAX_LENIENT // 8),
        "[" + 'nan,"' * (MAX_LENIENT // 8),
        '\\"nan' * 50_000,
    ):
        assert done_within(SHORT, partial(refused, parse_json, text))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (r'{"name": "Tom\'s", "a": 1}', {"name": "Tom's", "a": 1}),
        (r'{"name": "\x41\ \u12 \\ \" \u0041"}', {"name": r"\x41\ \u12 " + '\\ " A'}),
        ('{"name": "Tom "the cat" K", "a": 1}', {"name": 'Tom "the cat" K', "a": 1}),
        ('{"a": nan, "b": [-nan, NaN, inf, -Infinity, nan(ind)]}', {"a": None, "b": [None] * 5}),
        ('["nan", "inf, +5", "a,]"' + ", 007, +5, .5, -.5, 5., -07,]", None),
        ('{"a": , "b": 1, "c":}', {"a": None, "b": 1, "c": None}),
        ('{"a": [1, 2, ], "b": "x,", }', {"a": [1, 2], "b": "x,"}),
        (b'{"name": "K\xfcche\x07"s", "a": nan}\0', {"name": 'K\ufffdche\x07"s', "a": None}),
    ],
)
def test_json_as_it_is_printed(data: bytes | str, value: object) -> None:
    value = value or ["nan", "inf, +5", "a,]", 7, 5, 0.5, -0.5, 5, -7]
    assert parse_json(data, "it") == value


@pytest.mark.parametrize(
    "data",
    [
        *(b"", "", b"{", b"\xff", "\ud800", b"[" * 5000, b"1 2", b"\0", b'{"a": 1}{"a": 2}'),
        *(
            b'{"name": "K\xfcche"',
            b'{"name": "K\xfcche',
            b"[nano]",
            b"[NaN",
            b"{nan: 1}",
            b"[--inf]",
        ),
        *(b'{"a": 1 "b": 2}', b"{'a': 1}", b"{a: 1}", b'{"a": 1', b'{"a": 1}}', b'["nan" nan]'),
        *(b"[+-5]", b"[1.2.]", b"[1,,2]", b"[00" + b"1" * 5000 + b"]"),
        b"[" * 5000 + b'"\x07"' + b"]" * 5000,
        b'["\x07", ' + b"1" * 5000 + b"]",
        b'["' + b"\x07" * MAX_LENIENT + b'"]',
    ],
)
def test_not_json(data: bytes | str) -> None:
    with pytest.raises(ReplyError, match=r"^the answer is not JSON$"):
        parse_json(data, "the answer")


MIB = 1024 * 1024


def json_of(each: bytes, size: int = MIB) -> bytes:
    """Return a list of that size, which consists of many times the same."""
    return b"[" + b",".join([each] * ((size - 1) // (len(each) + 1))) + b"]"


@pytest.mark.parametrize("each", [b"[]", b"{}", b"[[[]]]", b'{"":[]}', b"[" * 500 + b"]" * 500])
def test_json_of_too_many_lists_and_objects(each: bytes) -> None:
    for data in (json_of(each), json_of(each).decode()):
        words = done_within(SHORT, partial(refused, parse_json, data))
        assert words.startswith("it is JSON of more than 50000 lists")


@pytest.mark.parametrize(
    "each", [b"1", b"1.5", b'"a"', b'"\\u00e9"', b"1e300", b"null", b'{"a":"0123456789"}', b"[5]"]
)
def test_no_json_takes_long(each: bytes) -> None:
    data = json_of(each, MIB if each[:1] not in b"[{" else 49_000 * (len(each) + 1))
    assert done_within(SHORT, partial(parse_json, data, "it"))
    odd = data[: MAX_LENIENT - 100].rpartition(b",")[0] + b',"\x07"]'
    assert done_within(SHORT, partial(parse_json, odd, "it"))


@pytest.mark.parametrize(
    "each",
    [b'"', b'""', b"\\", b'"\\', b'\\"', b'"x" ', b"00", b"+", b"-0.", b",", b":", b"nan(", b" "],
)
def test_no_text_that_is_not_json_takes_long(each: bytes) -> None:
    for begin in (b"[", b'["', b"[1,"):
        data = begin + each * ((MAX_LOOSE - 3) // len(each))
        done_within(SHORT, partial(refused, parse_json, data))


def test_a_text_may_contain_anything() -> None:
    assert parse_json(b'["' + b"[" * 40_000 + b'"]', "it")
    assert parse_json(json_of(b"[]", 60_000), "it")


def test_xml() -> None:
    assert parse_xml(b"<a><b>1</b></a>", "it").findtext("b") == "1"


NAMED = b"<root><name>%b</name><id>7</id></root>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"K\xfcche", "K\ufffdche"),
        (b"Tom & Jerry &amp; &#65;&#x42;&lt;", "Tom & Jerry & AB<"),
        (b"&nbsp;&&amp&;", "&nbsp;&&amp&;"),
        (b"a\x07b\0\x1f", "a\ufffdb\ufffd\ufffd"),
        (b"&#7;&#0;&#xD800;&#1114112;", "\ufffd" * 4),
        (b"\xef\xbf\xbf", "\ufffd"),
        (b"1 < 2 <3 <", "1 < 2 <3 <"),
        (b"<![CDATA[<a> & \x07]]>&", "<a> & \ufffd&"),
        (b"a<!-- & <b> -->b<?c & ?>", "ab"),
        (b"a</b>b&", "ab&"),
    ],
)
def test_odd_text_in_xml(name: bytes, shown: str) -> None:
    root = parse_xml(NAMED % name, "it")
    assert (root.findtext("name"), root.findtext("id")) == (shown, "7")


DECLARED = b'<?xml version="1.0" encoding="%b"?><a>%b</a>'


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (DECLARED % (b"iso-8859-1", b"K\xfcche"), "K\u00fcche"),
        (DECLARED % (b"windows-1251", b"\xc4\xee\xec"), "\u0414\u043e\u043c"),
        (DECLARED % (b"ISO-8859-1", "K\u00fcche".encode()), "K\u00fcche"),
        (DECLARED % (b"utf-16", "K\u00fcche".encode()), "K\u00fcche"),
        (DECLARED % (b"no-such", "K\u00fcche".encode()), "K\u00fcche"),
        (DECLARED % (b"no-such", b"K\xfcche"), "K\ufffdche"),
        (DECLARED % (b"punycode", b"K\xfcche"), "K\ufffdche"),
        (DECLARED % (b"utf-8", b"K\xfcche"), "K\ufffdche"),
        ("<a>K\u00fcche</a>".encode("utf-16"), "K\u00fcche"),
        ("<a>K\u00fcche</a>".encode("utf-16-le"), "K\u00fcche"),
        ("<a>K\u00fcche</a>".encode("utf-16-be"), "K\u00fcche"),
        (b"\xef\xbb\xbf<a>1</a>", "1"),
        (b"\r\n\0 \xff what <?xml version='1.0'?><a>1</a>", "1"),
        (b"<a>1</a>\r\n\0\0", "1"),
        (b"<a>1</a><b>2</b> and more &", "1"),
    ],
)
def test_xml_in_any_encoding_and_with_more_around_it(data: bytes, text: str) -> None:
    assert parse_xml(data, "it").text == text


def read(data: bytes) -> str:
    """Return XML as it was understood."""
    return tostring(parse_xml(data, "it"), encoding="unicode")


@pytest.mark.parametrize(
    ("data", "understood"),
    [
        (b"<a><dlna:b>1</dlna:b></a>", "<a><b>1</b></a>"),
        (b"<a><b>1</b><c>2</c>", "<a><b>1</b><c>2</c></a>"),
        (b"<a><b>1</b><c>2", "<a><b>1</b></a>"),
        (b"<a><b>1</b><c>2</c", "<a><b>1</b></a>"),
        (b"<a><b>1</b><c", "<a><b>1</b></a>"),
        (b"<a><b>1</b><![CDATA[c", "<a><b>1</b>c</a>"),
        (b"<a><b>1</b><!-- c", "<a><b>1</b></a>"),
        (b"<a><b>1<c/></a>", "<a><b>1<c /></b></a>"),
        (b"<a><b>1</B></a>", "<a><b>1</b></a>"),
        (
            b"<a b=1 c='2' c:d=\"x & y\" e f><g h='a>b'/></a>",
            '<a b="1" c="2" d="x &amp; y"><g h="a&gt;b" /></a>',
        ),
        (b"<a b='1><c>2</c></a>", "<a><c>2</c></a>"),
        (b"<a>&<:b/><:/><c:/></a>", "<a>&amp;<b /><: /><c: /></a>"),
    ],
)
def test_xml_that_is_not_well_formed(data: bytes, understood: str) -> None:
    assert read(data) == understood


def test_what_is_declared_counts_in_any_xml() -> None:
    inner = b'<p:d p:e="2">%b</p:d><f xmlns="" xmlns:p="g"><p:h/></f>'
    data = b'<r xmlns="a" xmlns:p="b" c="1">' + inner + b"</r>"
    assert read(data % b"&") == read(data % b"&amp;")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a>1",
        b"<a",
        b"\0",
        b"{}",
        b"< a & b >",
        b"<html><body>It works!<br></body></html>",
        b"&<!DOCTYPE a><a/>",
        b"<a>&<!DOCTYPE a></a>",
        b'<a>&<!ENTITY e "x">&e;</a>',
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
    ],
)
def test_not_plain_xml(data: bytes) -> None:
    with pytest.raises(ReplyError, match=r"^the answer is not valid XML$"):
        parse_xml(data, "the answer")


def test_xml_within_the_bounds() -> None:
    flat = parse_xml(b"<a>" + b"<b/>" * (MAX_ELEMENTS - 1) + b"</a>", "it")
    assert len(flat) == MAX_ELEMENTS - 1
    deep = parse_xml(b"<a>" * MAX_NESTING + b"</a>" * MAX_NESTING, "it")
    assert len(list(deep.iter())) == MAX_NESTING
    assert parse_xml(b"<a>" + b"x" * (MAX_XML - 7) + b"</a>", "it").text


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
        pytest.param(filled(b"<a>&", b"<", b"</a>"), id="signs only"),
        pytest.param(b"<a>&" + b"<b>" * (MAX_NESTING + 1), id="nested and odd"),
        pytest.param(b"<a>&" + b"<b/>" * MAX_ELEMENTS, id="elements and odd"),
        pytest.param(
            b"<a>&<b " + b" ".join(b"xmlns:c%d=''" % n for n in range(MAX_SPACES + 1)) + b"/></a>",
            id="namespaces",
        ),
        pytest.param(filled(b"<a>", b"b", b"</a>", MAX_XML + 1000), id="large"),
        pytest.param(attributes(25_000), id="attributes of one element"),
        pytest.param(filled(b"<a>", b"<b c='' d='' e=''/>", b"</a>", 75_000), id="attributes"),
    ],
)
def test_xml_beyond_the_bounds(data: bytes) -> None:
    """Without the bounds it would take up to 2.3 s."""
    assert done_within(SHORT, partial(refused, parse_xml, data))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(filled(b"<a>", b"<?b?>", b"</a>"), id="instructions"),
        pytest.param(filled(b"<a>", b"<!---->", b"</a>"), id="comments"),
        pytest.param(filled(b"<a>", b"\n", b"</a>"), id="lines"),
        pytest.param(filled(b"<a>", b"&amp;", b"</a>"), id="references"),
        pytest.param(attributes(MAX_EQUALS), id="attributes of one element"),
        pytest.param(filled(b"<a>", b"<b c='' d=''/>", b"</a>", 69_000), id="attributes"),
        pytest.param(filled(b"<a>", b"&", b"</a>"), id="odd references"),
        pytest.param(filled(b"<a>&", b"&#7;", b"</a>"), id="references to characters"),
        pytest.param(filled(b"<a>", b"\x07", b"</a>"), id="control characters"),
        pytest.param(filled(b"<a>", b"\xff", b"</a>"), id="bytes"),
        pytest.param(b"<a>&" + b"<b c='' d=''></b>" * 4990, id="odd elements"),
        pytest.param(b"<a>&" + b"<b>" * 60 + b"</c>" * 11_000, id="odd ends"),
        pytest.param(filled(b"<a>", b"< \"' ", b"</a>", 60_000), id="odd signs"),
        pytest.param(b"<a>&" + b'<b c="d"' * 9_000 + b"</a>", id="odd tags"),
        pytest.param(filled(b"<a>&<b ", b"c ", b"/></a>"), id="odd attributes"),
        pytest.param(filled(b"<a>&<b ", b"c", b"/></a>"), id="a long attribute"),
        pytest.param(filled(b"<a>&<b c", b" ", b"/></a>"), id="blanks in a tag"),
        pytest.param(filled(b"<a>&<", b"b", b"<c/></a>"), id="a long sign"),
        pytest.param(filled(b"<a>&<", b"b", b"/></a>"), id="a long name"),
        pytest.param(filled(b"<a>&<b c='", b"d", b"<e/></a>"), id="a quote without an end"),
        pytest.param(filled(b"<a>&<b ", b"c" * 30 + b"='", b"/></a>"), id="odd quotes"),
        pytest.param(filled(b"<a>&#", b"1", b"</a>"), id="a long reference"),
    ],
)
def test_no_xml_takes_long(data: bytes) -> None:
    """What is not bounded by number is bounded by the size."""
    assert len(data) <= MAX_XML
    done_within(SHORT, partial(parse_xml, data, "it"))


@given(st.binary(max_size=200))
def test_anything_is_parsed_or_refused(data: bytes) -> None:
    for parse in (parse_json, parse_xml):
        with suppress(ReplyError):
            parse(data, "it")
