"""Templates: what they make of a sighting, and what is said of bad ones."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address, DriverError, Mdns, ReplyError, Sighting
from lan_edge.discovery.templates import fill

SIGHTING = Sighting(
    "mdns",
    "_x._tcp.local.",
    Address("10.0.0.5", 80),
    "eWeLink_10001FA",
    {
        "txt": {"id": "A8-BB-50-01-02-03", "data1": '{"switch":', "data2": '"on"}', "n": "x"},
        "headers": {"usn": "uuid:1-2::urn:x"},
        "beacon": {"ip": "10.0.0.9"},
    },
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{name}", "eWeLink_10001FA"),
        ("{name.lower}", "ewelink_10001fa"),
        ("{txt[n].upper}", "X"),
        ("{txt[ID].mac}", "a8bb50010203"),
        ("{txt[id].mac.upper}", "A8BB50010203"),
        ("{txt[n].mac}", ""),
        ("{txt[missing].lower}", ""),
        ("{name[-7:]}", "10001FA"),
        ("{name[:7]}/{name[8:10]}", "eWeLink/10"),
        ("{name[8:][:3].lower}", "100"),
        ("{txt[id].mac[-6:]}", "010203"),
        (r"{name.find(^eWeLink_(\w+)$)}", "10001FA"),
        (r"{name.find([0-9]{3})}", "100"),
        (r"{name.find([)(}]|_(1))}", "1"),
        (r"{name.find(\)|(e))}", "e"),
        ("{name.find(nothing)}", ""),
        ("{name.find((x)?We)}", ""),
        ("{usn}|{usn.uuid}", "uuid:1-2::urn:x|1-2"),
        ("{host}:{beacon[ip]}", "10.0.0.5:10.0.0.9"),
        ("{{{name[:1]}}}", "{e}"),
        ("4003", "4003"),
        ("", ""),
    ],
)
def test_what_they_make(template: str, text: str) -> None:
    assert SIGHTING.text(template) == text
    match = Mdns("_x._tcp.local.", model=template).match(SIGHTING)
    assert match is not None
    assert match.model == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{txt[id].lowr}", "'lowr' is none of the functions lower, upper, mac"),
        ("{replies[a]}", "there is no field 'replies', only name, host, usn, txt"),
        ("{txt}", r"txt is a group: name one of its fields, as in \{txt\[id\]\}"),
        ("{txt.id}", "txt is a group"),
        ("{name.__class__}", "is none of the functions"),
        ("{name.lower.__init__.__globals__}", "is none of the functions"),
        ("{name!r}", "a } is expected"),
        ("{name:>99999999999}", "a } is expected"),
        ("{name", "a } is expected"),
        ("name}", "is no field"),
        ("{}", "is no field"),
        ("{0}", "there is no field '0'"),
        ("{name.find}", "find takes a regular expression"),
        ("{name.find(a}", "find takes a regular expression"),
        ("{name.find([)}", "find takes a regular expression"),
        ("{name.find(*)}", "is not a regular expression"),
        ("{name.find((a+)+$)}", "could take long"),
        ("{name[3]}", "a } is expected"),
        ("{name[::2]}", "a } is expected"),
    ],
)
def test_what_is_said_of_bad_ones(template: str, words: str) -> None:
    with pytest.raises(DriverError, match=f"the template .* cannot be filled: .*{words}"):
        Mdns("_x._tcp.local.", unique_id=template)
    with pytest.raises(DriverError, match=words):
        Mdns("_x._tcp.local.", fields={"key": template})


@given(st.text(alphabet="{}[]().:-txnamefid^$\\1+*", max_size=40))
def test_any_text_is_a_template_or_refused(template: str) -> None:
    try:
        text = fill(template, SIGHTING.fields())
    except ValueError:
        return
    assert "\N{REPLACEMENT CHARACTER}" not in text


def test_a_function_of_the_sighting() -> None:
    def own_id(sighting: Sighting) -> str:
        return sighting.values["txt"]["id"].replace("-", "")

    by = Mdns(
        "_x._tcp.local.",
        unique_id=own_id,
        name=lambda s: f"Plug {s.name[-3:]}",
        model=lambda s: s.text("{txt[n].upper}"),
        port=lambda _: "8081",
        fields={"key": lambda s: s.address.host},
    )
    match = by.match(SIGHTING)
    assert match is not None
    assert (match.unique_id, match.name, match.model) == ("a8bb50010203", "Plug 1FA", "X")
    assert match.address == Address("10.0.0.5", 8081)
    assert match.fields == {"key": "10.0.0.5"}


def test_a_function_that_fails_matches_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def of_another(sighting: Sighting) -> str:
        return sighting.values["txt"]["missing"]

    by = Mdns("_x._tcp.local.", unique_id=of_another)
    assert by.match(SIGHTING) is None
    assert by.match(SIGHTING) is None
    [record] = caplog.records
    assert "A function of a matcher (Mdns) failed: KeyError" in record.getMessage()


def test_what_a_function_returns_is_bounded_text() -> None:
    nothing: Any = lambda _: None  # noqa: E731
    assert Mdns("_x._tcp.local.", unique_id=nothing).match(SIGHTING) is None
    assert Mdns("_x._tcp.local.", unique_id=lambda _: "x" * 5000).match(SIGHTING) is None
    match = Mdns("_x._tcp.local.", name=lambda _: "a\nb" * 5000).match(SIGHTING)
    assert match is not None
    assert match.name.isprintable()
    assert len(match.name) <= 256


def test_what_is_neither_text_nor_a_function() -> None:
    wrong: Any = 80
    with pytest.raises(DriverError, match="80 is not text, nor a function of a sighting"):
        Mdns("_x._tcp.local.", port=wrong)

    async def own_id(_: Sighting) -> str:
        return ""

    asynchronous: Any = own_id
    with pytest.raises(DriverError, match="own_id must not be async: use a plain def"):
        Mdns("_x._tcp.local.", unique_id=asynchronous)


def test_json_in_several_fields() -> None:
    assert SIGHTING.json("{txt[data1]}{txt[data2]}") == {"switch": "on"}
    with pytest.raises(ReplyError, match="what it announces"):
        SIGHTING.json("{txt[data1]}")
