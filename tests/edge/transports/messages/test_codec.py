"""Codecs, without a connection."""

from hypothesis import given, strategies as st

from lan_edge import TextCodec


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_stays_what_it_is(text: str) -> None:
    codec = TextCodec()
    assert codec.decode(codec.encode(text)) == text


@given(st.binary())
def test_what_is_not_utf_8_becomes_replacement_characters(data: bytes) -> None:
    assert isinstance(TextCodec().decode(data), str)
