"""What a device is called that is not added yet, and what tells two of a kind apart."""

import pytest

from custom_components.lan_edge.flows.names import kind_of, label_of, name_of, title_of
from lan_edge import Address, Candidate, Match
from tests.bundled import driver_for


def seen(
    driver: str, unique_id: str = "", name: str = "", maker: str = "", model: str = ""
) -> Candidate:
    address = Address("192.0.2.7", 80)
    return Candidate(driver_for(driver), Match(unique_id, address, name, (), maker, model))


@pytest.mark.parametrize(
    ("candidate", "title"),
    [
        (seen("wiz", "a8bb50010203", maker="WiZ"), "WiZ 0203"),
        (seen("yeelight", "0x0000000004b2c3d4", maker="Yeelight"), "Yeelight c3d4"),
        (seen("yeelight", "0x1", "Hall", "Yeelight", "color4"), "Hall (Yeelight color4)"),
        (seen("kasa", "x", "Kasa HS110 plug", "TP-Link", "HS110(EU)"), None),
        (seen("rest_switch", "relay-1", "Fountain"), "Fountain (REST switch)"),
        (seen("wemo", "uuid-1", "Coffee", "Belkin International Inc.", "Socket"), None),
        (seen("venstar", name="Office", maker="Venstar"), "Office (Venstar)"),
        (seen("venstar", name="Venstar office", maker="Venstar"), "Venstar office"),
        (seen("kasa", "8012abcd", maker="TP-Link", model="tp-link plug"), "tp-link plug abcd"),
        (seen("upnp_light"), "UPnP light"),
    ],
)
def test_the_title_of_a_card(candidate: Candidate, title: str | None) -> None:
    expected = title or f"{name_of(candidate)} ({kind_of(candidate)})"
    assert title_of(candidate) == expected
    assert label_of(candidate) == f"{expected} at 192.0.2.7"


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
    assert kind_of(seen("wemo", maker=maker, model="Socket")) == kind
