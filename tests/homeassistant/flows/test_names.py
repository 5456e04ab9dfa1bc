"""What a device is called that is not added yet, and what tells two of a kind apart."""

import pytest

from custom_components.lan_edge.flows.names import (
    kind_of,
    label_of,
    name_of,
    title_of,
    told_apart,
)
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for


def seen(
    driver: str,
    unique_id: str = "",
    name: str = "",
    *made: str,
    room: str = "",
) -> Candidate:
    """Return a candidate, `made` by a maker and as a model."""
    maker, model = (*made, "", "")[:2]
    match = Match(unique_id, Address("192.0.2.7", 80), name, (), maker, model, room=room)
    return Candidate(driver_for(driver), match)


THERMO, PLUG = "Sonoff 1000abcdef", "Sonoff 1000abcdef (plug)"
PURIFIER = "Xiaomi 12345678 (zhimi.airp.va2)"


@pytest.mark.parametrize(
    ("candidate", "title"),
    [
        (seen("wiz", "a8bb50010203", "", "WiZ"), "WiZ 0203"),
        (seen("yeelight", "0x0000000004b2c3d4", "", "Yeelight"), "Yeelight c3d4"),
        (seen("yeelight", "0x1", "Hall", "Yeelight", "color4"), "Hall (Yeelight color4)"),
        (seen("kasa", "x", "Kasa HS110 plug", "TP-Link", "HS110(EU)"), None),
        (seen("rest_switch", "relay-1", "Fountain"), "Fountain (REST switch)"),
        (seen("wemo", "uuid-1", "Coffee", "Belkin International Inc.", "Socket"), None),
        (seen("venstar", "", "Office", "Venstar"), "Office (Venstar)"),
        (seen("venstar", "", "Venstar office", "Venstar"), "Venstar office"),
        (seen("kasa", "8012abcd", "", "TP-Link", "tp-link plug"), "tp-link plug abcd"),
        (seen("upnp_light"), "UPnP light"),
        # an id that is no number, but the name of a host
        (seen("snapcast", "music", "Snapcast", "Snapcast"), "Snapcast music"),
        (seen("snapcast", "raspberrypi4", "Snapcast", "Snapcast"), "Snapcast raspberrypi4"),
        (seen("rest_switch", "relay-1"), "REST switch relay-1"),
        (seen("wemo", "221517K0101769", "", "Belkin"), "Belkin WeMo 1769"),
        (seen("rest_switch", f"host-{'x' * 40}"), "REST switch xxxx"),
        # a model that is a code, which is nowhere on the device
        (seen("wiz", "a8bb50010203", "", "WiZ", "ESP01_SHRGB_03"), "WiZ 0203"),
        (seen("wiz", "a8bb50010203", "Hall", "WiZ", "ESP01_SHRGB_03"), "Hall (WiZ)"),
        # a name that says nothing
        (seen("yeelight", "0x00c3d4", "Yeelight", "Yeelight"), "Yeelight c3d4"),
        (seen("yeelight", "0x00c3d4", "yeelight", "Yeelight", "color4"), "Yeelight color4 c3d4"),
        (seen("wemo", "uuid-1a2b", "Socket", "Belkin", "Socket"), "Belkin Socket 1a2b"),
        (seen("upnp_light", "uuid-1a2b", "Demo (10.99.0.27)"), "Demo (UPnP light)"),
        (seen("upnp_light", "uuid-1a2b", "10.99.0.27 - Hall light"), "Hall light (UPnP light)"),
        (seen("upnp_light", "uuid-1a2b", "10.99.0.27:8080"), "UPnP light 1a2b"),
        (seen("upnp_light", "uuid-1a2b", "Rev. 1.2.3"), "Rev. 1.2.3 (UPnP light)"),
        # the maker once, and neither codes nor protocols
        (seen("tuya", "bf0011223f9a12", "Tuya 3f9a12", "Tuya", "keyjup78v54myhan"), "Tuya 3f9a12"),
        (seen("tuya", "bf0011223f9a12", "", "Tuya", "keyjup78v54myhan"), "Tuya 9a12"),
        (seen("sonoff", "1000abcdef", "Sonoff 1000abcdef", "Sonoff", "th_plug"), THERMO),
        (seen("sonoff", "1000abcdef", "Sonoff 1000abcdef", "Sonoff", "plug"), PLUG),
        (seen("miot", "12345678", "Xiaomi 12345678", "Xiaomi"), "Xiaomi 12345678"),
        (seen("miot", "12345678", "", "Xiaomi"), "Xiaomi 5678"),
        (seen("miot", "12345678", "Xiaomi 12345678", "Xiaomi", "zhimi.airp.va2"), PURIFIER),
        (seen("miot", "12345678", "Purifier", "Xiaomi"), "Purifier (Xiaomi)"),
        (seen("govee", "d0c90011", "Govee H6159", "Govee", "H6159"), "Govee H6159 0011"),
        (seen("meross", "48e1e9000102", "Heater", "Meross", "mss310"), "Heater (Meross mss310)"),
        (seen("meross", "48e1e9000102", "", "Meross"), "Meross 0102"),
        # what people say, and where it is
        (seen("kasa", "x", "Fan", "TP-Link", "HS110(EU)"), "Fan (TP-Link HS110)"),
        (seen("yeelight", "0x1", "Hall", "Yeelight", room="Attic"), "Hall (Yeelight, Attic)"),
        (seen("yeelight", "0x1", "Attic lamp", "Yeelight", room="Attic"), "Attic lamp (Yeelight)"),
    ],
)
def test_the_title_of_a_card(candidate: Candidate, title: str | None) -> None:
    expected = title or f"{name_of(candidate)} ({kind_of(candidate)})"
    assert title_of(candidate) == expected
    assert label_of(candidate) == f"{expected} · 192.0.2.7"


@pytest.mark.parametrize(
    ("maker", "kind"),
    [
        ("Belkin International Inc.", "Belkin Socket"),
        ("Acme Co., Ltd.", "Acme Socket"),
        ("Inc.", "Inc. Socket"),
        ("Incandescent", "Incandescent Socket"),
    ],
)
def test_makers_as_people_say_it(maker: str, kind: str) -> None:
    assert kind_of(seen("wemo", "", "", maker, "Socket")) == kind


def test_two_that_look_alike_are_told_apart() -> None:
    one, two = (seen("yeelight", f"0x00{end}", "Lamp", "Yeelight") for end in ("c3d4", "e5f6"))
    other, nameless = seen("yeelight", "0x1", "Hall", "Yeelight"), seen("venstar")
    assert told_apart((one, two, other, nameless)) == {
        one: "Lamp c3d4 (Yeelight) · 192.0.2.7",
        two: "Lamp e5f6 (Yeelight) · 192.0.2.7",
        other: "Hall (Yeelight) · 192.0.2.7",
        nameless: "Venstar · 192.0.2.7",
    }
    assert name_of(nameless, is_alike=True) == "Venstar 192.0.2.7"
