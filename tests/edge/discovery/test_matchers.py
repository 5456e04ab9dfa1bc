"""Sightings, which strangers send, and whose they are."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address, Dhcp, DriverError, Matcher, Mdns, Sighting, Ssdp, dhcp_sighting
from lan_edge.network.address import is_device_host
from lan_edge.network.text import MAX_FIELD, MAX_VALUE

HERE = Address("192.168.1.5", 80)


def mdns(**more: Any) -> Sighting:
    values = {"kind": "_relay._tcp.local.", "address": HERE, "name": "Lamp", **more}
    return Sighting("mdns", **values)


def ssdp(**headers: str) -> Sighting:
    return Sighting("ssdp", "urn:x:device:Bulb:1", HERE, "", {"headers": headers})


def test_mdns() -> None:
    matcher = Mdns("_relay._tcp.local.", unique_id="{txt[id]}")
    match = matcher.match(mdns(values={"txt": {"ID": "r-1"}}, others=(Address("fe80::1"),)))
    assert match
    assert (match.unique_id, match.address, match.name, match.others) == ("r-1", HERE, "Lamp", ())
    assert Mdns("_RELAY._tcp.local.").match(mdns())
    assert not Mdns("_other._tcp.local.").match(mdns())
    assert not matcher.match(ssdp())


def test_odd_text() -> None:
    latin_1 = b" K\xfcche\t\0".decode(errors="surrogateescape")  # as HTTP headers are decoded
    by = Ssdp("x", unique_id="{usn.uuid}", name="{upnp[friendlyName]}", model="{headers[model]}")
    values = {
        "headers": {"usn": "uuid:1 ::x", "model": latin_1},
        "upnp": {"friendlyName": latin_1},
    }
    match = by.match(Sighting("ssdp", "x", Address("10.0.0.9"), "", values))
    assert match is not None
    assert (match.unique_id, match.name, match.model) == ("1", "K\ufffdche", "K\ufffdche")


def test_not_all_of_many_addresses_are_kept() -> None:
    others = tuple(Address(f"10.0.{n // 250}.{n % 250 + 1}") for n in range(5000))
    match = Mdns("_relay._tcp.local.").match(mdns(others=others))
    assert match
    assert [a.host for a in match.others] == [a.host for a in others[:8]]


def test_ssdp() -> None:
    matcher = Ssdp("urn:x:device:*", unique_id="{usn.uuid}", port="{headers[x-port]}")
    match = matcher.match(ssdp(USN="uuid:b-1::urn:x", **{"X-Port": "5577"}))
    assert match
    assert (match.unique_id, match.address) == ("b-1", Address(HERE.host, 5577))
    assert not matcher.match(mdns())


@pytest.mark.parametrize(
    ("usn", "mac"),
    [
        ("colortouch:ecp:00:23:a7:3a:b2:72:name:Living%20Room:type:residential", "0023a73ab272"),
        ("voyager:ecp:00.23.A7.3A.B2.72:name:Hall", "0023a73ab272"),
        ("00-23-a7-3a-b2-72", "0023a73ab272"),
        ("uuid:2f402f80-da50-11e1-9b23-001788102201::urn:x", ""),
        ("x:00:23:a7:3a:b2:name:Hall", ""),
        ("x:00:23:a7-3a:b2:72:name", ""),
        ("", ""),
    ],
)
def test_a_mac_address_in_a_usn(usn: str, mac: str) -> None:
    match = Ssdp("*", unique_id="{usn.mac}").match(ssdp(usn=usn))
    assert match
    assert match.unique_id == mac


@pytest.mark.parametrize(
    ("usn", "name"),
    [
        ("colortouch:ecp:00:23:a7:3a:b2:72:name:Living%20Room:type:residential", "Living Room"),
        ("voyager:ecp:00:23:a7:3a:b2:72:name:K%C3%BCche", "Küche"),
        ("x:name:%3Cb%3E%00%0A", "<b>"),
        ("x:name:", ""),
        ("x:name:%ff%", "\N{REPLACEMENT CHARACTER}%"),
        ("uuid:2f402f80-da50-11e1-9b23-001788102201::urn:x", ""),
        ("", ""),
    ],
)
def test_a_name_in_a_usn(usn: str, name: str) -> None:
    match = Ssdp("*", name="{usn.name}").match(ssdp(usn=usn))
    assert match
    assert match.name == name


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "80x", "999999", "8.0"])
def test_an_invalid_port_is_ignored(port: str) -> None:
    match = Ssdp("*", port="{headers[x-port]}").match(ssdp(**{"x-port": port}))
    assert match
    assert match.address == HERE


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({"txt[model]": "RS-*"}, True),
        ({"txt[model]": "rs-1"}, True),
        ({"txt[model]": "RS-2"}, False),
        ({"txt[missing]": "?*"}, False),
        ({"name": "Lamp", "txt[model]": "*"}, True),
        ({"host": "10.*"}, False),
    ],
)
def test_where(where: dict[str, str], fits: bool) -> None:
    matcher = Mdns("_relay._tcp.local.", where=where)
    assert bool(matcher.match(mdns(values={"txt": {"model": "RS-1"}}))) is fits


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("192.168.1.5", True),
        ("169.254.3.4", True),
        ("127.0.0.1", True),
        ("2001:db8::1", True),
        ("fe80::1", False),
        ("FE80::1%eth0", False),
        ("0.0.0.0", False),
        ("::", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("lamp.local", False),
        ("", False),
        ("1.2.3.4/../x", False),
    ],
)
def test_only_addresses_that_a_device_can_have(host: str, good: bool) -> None:
    assert is_device_host(host) is good
    sighting = mdns(address=Address(host, 80))
    assert bool(Mdns("_relay._tcp.local.").match(sighting)) is good


def test_what_a_driver_needs_is_not_cut() -> None:
    matcher = Ssdp(
        "*",
        unique_id="{usn.uuid}",
        name="{headers[name]}",
        model="{headers[model]}",
        fields={"support": "{headers[support]}"},
    )
    support = " ".join(f"method_{number}" for number in range(100))
    assert MAX_FIELD < len(support) <= MAX_VALUE
    match = matcher.match(ssdp(usn="uuid:b-1", support=support, name="n" * 999, model="m" * 999))
    assert match
    assert match.fields == {"support": support}
    assert len(match.name) == len(match.model) == MAX_FIELD  # which are only shown
    match = matcher.match(ssdp(usn="uuid:b-1", support="s" * 2 * MAX_VALUE))
    assert match
    assert match.fields == {"support": "s" * MAX_VALUE}


def test_an_id_that_is_too_long_is_none() -> None:
    matcher = Mdns("_relay._tcp.local.", unique_id="{txt[id]}")
    match = matcher.match(mdns(values={"txt": {"id": "i" * MAX_FIELD}}))
    assert match
    assert match.unique_id == "i" * MAX_FIELD
    assert not matcher.match(mdns(values={"txt": {"id": "i" * (MAX_FIELD + 1)}}))


@pytest.mark.parametrize("template", ["{text[id]}", "{usn.serial}", "{", "{txt.id}", "{0}"])
@pytest.mark.parametrize("field", ["unique_id", "name", "port"])
def test_templates_are_checked_when_written(template: str, field: str) -> None:
    with pytest.raises(DriverError, match="cannot be filled"):
        Mdns("_relay._tcp.local.", **{field: template})  # type: ignore[arg-type]


def test_patterns_are_checked_when_written() -> None:
    with pytest.raises(DriverError, match="cannot be filled"):
        Mdns("_relay._tcp.local.", where={"text[id]": "*"})


hostile = st.text() | st.sampled_from(["{txt[id]}", "{usn.__class__}", "%s", "a\r\nb", "x" * 9999])
values = st.dictionaries(hostile, hostile | st.binary() | st.none())


@given(hostile, hostile, st.dictionaries(st.sampled_from(["txt", "headers", "upnp"]), values))
def test_hostile_sightings(host: str, name: str, fields: dict[str, Any]) -> None:
    matchers: list[Matcher] = [
        Mdns("_relay._tcp.local.", unique_id="{txt[id]} {usn.uuid}", where={"txt[a]": "*"}),
        Ssdp("*", unique_id="{usn.uuid}", port="{headers[x-port]}"),
    ]
    for address in (Address(host), HERE):
        for sighting in (
            mdns(address=address, name=name, values=fields),
            Sighting("ssdp", name, address, name, fields),
        ):
            for matcher in matchers:
                match = matcher.match(sighting)
                if match is not None:
                    assert match.unique_id.isprintable()
                    assert match.name.isprintable()
                    assert len(match.unique_id) <= MAX_FIELD
                    assert is_device_host(match.address.host)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (Dhcp(), True),
        (Dhcp(mac="50C7BF*"), True),
        (Dhcp(mac="50c7bf*", hostname="hs1*"), True),
        (Dhcp(hostname="HS[12]*"), True),
        (Dhcp(mac="50c7bf*", hostname="lb*"), False),
        (Dhcp(mac="a8bb50*", hostname="hs*"), False),
    ],
)
def test_dhcp(pattern: Dhcp, matches: bool) -> None:
    by = replace(pattern, unique_id="{dhcp[mac]}", name="{dhcp[hostname]}")
    matched = by.match(dhcp_sighting("10.0.0.9", "50:C7:bf:01:02:03", "HS100"))
    assert (matched is not None) is matches
    if matched is not None:
        assert (matched.unique_id, matched.name) == ("50c7bf010203", "HS100")
        assert matched.address == Address("10.0.0.9")
    assert by.match(Sighting("mdns", "", Address("10.0.0.9"))) is None
