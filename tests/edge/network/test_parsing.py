"""JSON and XML from the network: parsed, or an error that says of what."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from lan_edge import ReplyError
from lan_edge.network.parsing import parse_json, parse_xml


@pytest.mark.parametrize("data", [b'{"a": [1, null]}', '{"a": [1, null]}'])
def test_json(data: bytes | str) -> None:
    assert parse_json(data, "it") == {"a": [1, None]}


@pytest.mark.parametrize("data", [b"", "", b"{", b"\xff", "\ud800", b"[" * 5000, b"1 2"])
def test_not_json(data: bytes | str) -> None:
    with pytest.raises(ReplyError, match=r"^the answer is not JSON$"):
        parse_json(data, "the answer")


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


@given(st.binary(max_size=200))
def test_anything_is_parsed_or_refused(data: bytes) -> None:
    for parse in (parse_json, parse_xml):
        with suppress(ReplyError):
            parse(data, "it")
