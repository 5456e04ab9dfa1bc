"""Addresses: as people write them, as announcements tell them, and of the hardware."""

import pytest

from lan_edge import Address, location_address, mac_address


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("http://192.168.1.5:49153/setup.xml", Address("192.168.1.5", 49153)),
        ("http://192.168.1.5/setup.xml", Address("192.168.1.5", 0)),
        ("http://[2001:db8::1]:80/", Address("2001:db8::1", 80)),
        ("http://lamp.local/", None),
        ("http://192.168.1.5:99999/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_location(location: str, address: Address | None) -> None:
    assert location_address(location) == address


def test_addresses_as_people_write_them() -> None:
    assert str(Address("10.0.0.1", 80)) == "10.0.0.1:80"
    assert str(Address("2001:db8::1", 80)) == "[2001:db8::1]:80"
    assert str(Address("10.0.0.1")) == "10.0.0.1"


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        ("50:C7:BF:01:02:03", "50c7bf010203"),
        ("50-c7-bf-01-02-03", "50c7bf010203"),
        ("50c7.bf01.0203", "50c7bf010203"),
        (" 50C7BF010203 ", "50c7bf010203"),
        ("50c7bf01020", ""),
        ("50c7bf0102033", ""),
        ("50c7bf01020g", ""),
        ("None", ""),
        ("", ""),
        ("5" * 100_000, ""),
    ],
)
def test_spellings_of_a_mac_address(text: str, mac: str) -> None:
    assert mac_address(text) == mac
