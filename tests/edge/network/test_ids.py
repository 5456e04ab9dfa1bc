"""The spellings of an id: of one device, they are one."""

import pytest

from lan_edge import Address, Match, one_id


@pytest.mark.parametrize(
    ("spellings", "one"),
    [
        (("abc-1", "uuid:ABC-1", "uuid:uuid:abc-1", "urn:uuid:Abc-1", " UUID: {abc-1} "), "abc-1"),
        (("A8:BB:50:01:02:03", "a8bb.5001.0203", "uuid:A8BB50010203"), "a8bb50010203"),
        (("Insight-1_0-231503K0100123",), "insight-1_0-231503k0100123"),
        (("", "uuid:", " "), ""),
        (("uuid-1",), "uuid-1"),
    ],
)
def test_one_spelling(spellings: tuple[str, ...], one: str) -> None:
    for each in spellings:
        assert one_id(each) == one == one_id(one)
        assert Match(each, Address("10.0.0.1"), "") == Match(one, Address("10.0.0.1"), "")
