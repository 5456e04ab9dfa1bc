"""What people enter as an address: names, addresses, URLs, and what is none of them."""

from hypothesis import given, strategies as st
import pytest

from custom_components.lan_edge.flows.entered_address import EnteredAddressError, parse_entered


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("192.0.2.7", "192.0.2.7", 0),
        ("  192.0.2.7 ", "192.0.2.7", 0),
        ("192.0.2.7:8080", "192.0.2.7", 8080),
        ("http://192.0.2.7", "192.0.2.7", 0),
        ("http://192.0.2.7:49153/setup.xml?x=1#y", "192.0.2.7", 49153),
        ("https://user:pin@192.0.2.7/", "192.0.2.7", 0),
        ("yeelight://192.0.2.7:55443", "192.0.2.7", 55443),
        ("192.0.2.7/setup.xml", "192.0.2.7", 0),
        ("[::1]", "::1", 0),
        ("[::1]:80", "::1", 80),
        ("::1", "::1", 0),
        ("fe80::1%eth0", "fe80::1%eth0", 0),
        ("2001:db8::7", "2001:db8::7", 0),
        ("http://[2001:db8::7]:80/x", "2001:db8::7", 80),
        ("lamp.local.", "lamp.local", 0),
        ("Lamp.Local:80", "lamp.local", 80),
        ('"lamp.local"', "lamp.local", 0),
        ("\u200blamp.local\u200b", "lamp.local", 0),
        ("lamp", "lamp", 0),
    ],
)
def test_an_address_in_any_form(text: str, host: str, port: int) -> None:
    assert parse_entered(text) == (host, port)


@pytest.mark.parametrize(
    ("text", "key", "entered"),
    [
        ("10.99.0", "incomplete_address", "10.99.0"),
        ("10", "incomplete_address", "10"),
        ("10.99.0.256", "incomplete_address", "10.99.0.256"),
        ("1.2.3.4.5", "incomplete_address", "1.2.3.4.5"),
        ("", "no_address", ""),
        (" \u200b ", "no_address", ""),
        ("<>", "no_address", ""),
        ("http://", "incomplete_address", "http://"),
        ("http://[::1", "incomplete_address", "http://[::1"),
        ("[::1]x", "incomplete_address", "[::1]x"),
        ("192.0.2.7:0", "port_range", "192.0.2.7:0"),
        ("lamp:65536", "port_range", "lamp:65536"),
        ("lamp:eighty", "port_range", "lamp:eighty"),
        ("a" * 254, "unknown_host", "a" * 60 + "..."),
    ],
)
def test_what_is_no_address(text: str, key: str, entered: str) -> None:
    with pytest.raises(EnteredAddressError) as caught:
        parse_entered(text)
    assert (caught.value.key, str(caught.value)) == (key, entered)


@given(st.text(max_size=300))
def test_whatever_is_entered(text: str) -> None:
    try:
        host, port = parse_entered(text)
    except EnteredAddressError:
        return
    assert host
    assert 0 <= port <= 65535
