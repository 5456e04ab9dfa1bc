"""What devices send is parsed whole or refused; whatever it is, nothing else happens."""

from contextlib import suppress
import re
from urllib.parse import urlencode

from hypothesis import given, strategies as st
import orjson
import pytest

from lan_edge import CallbackRequest, ReplyError
from lan_edge.callbacks import request
from lan_edge.transports.upnp.events import propertyset
from lan_edge.transports.upnp.subscription import LEASE, lease

WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10)
LINE = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20)
BODIES = st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode))


def body(data: bytes | str) -> CallbackRequest:
    return CallbackRequest("POST", body=data if isinstance(data, bytes) else data.encode())


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_a_form_comes_as_it_was_sent(fields: dict[str, str]) -> None:
    sent = {k: v for k, v in fields.items() if _encodes(k + v)}
    assert body(urlencode(sent)).form() == sent


@given(st.dictionaries(WORDS, WORDS), st.sampled_from([" ", "  ", ": ", "=", " = ", ":\t"]))
def test_pairs_come_as_they_were_sent(pairs: dict[str, str], between: str) -> None:
    lines = "\r\n".join(f"{k}{between}{v}" for k, v in pairs.items())
    assert body(lines).pairs() == pairs


@given(WORDS, LINE)
def test_a_value_is_all_the_rest_of_its_line(key: str, value: str) -> None:
    expected = re.sub(r"^[\s=:]+", "", value).rstrip()
    assert body(f"{key} {value}").pairs() == {key: expected}


@given(BODIES)
def test_garbage_raises_only_reply_errors(data: bytes) -> None:
    for parse in (CallbackRequest.text, CallbackRequest.json, CallbackRequest.form):
        with suppress(ReplyError):
            parse(body(data))
    try:
        pairs = body(data).pairs()
    except ReplyError:
        return
    assert len(pairs) <= len(data)


@given(st.recursive(st.none() | st.booleans() | st.text(), st.lists))
def test_json(value: object) -> None:
    assert body(orjson.dumps(value)).json() == value


def test_a_form_of_too_many_fields_is_refused() -> None:
    assert len(body("&".join("a=1" for _ in range(request.MAX_FORM_FIELDS))).form()) == 1
    with pytest.raises(ReplyError, match="not a form"):
        body("&".join("a=1" for _ in range(request.MAX_FORM_FIELDS + 1))).form()


def test_text_without_trailing_nuls() -> None:
    assert body("contact open\r\n\0").text() == "contact open"


def test_odd_text() -> None:
    assert body(b"\xef\xbb\xbfname=K\xfcche").text() == "name=K\ufffdche"
    assert body(b"name=K\xfcche&on=1").form() == {"name": "K\ufffdche", "on": "1"}
    assert body(b"name: K\xfcche").pairs() == {"name": "K\ufffdche"}
    assert body(b'{"name": "K\xfcche\x07"}\0').json() == {"name": "K\ufffdche\x07"}


# events


def event(inner: str) -> bytes:
    return (
        f'<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0">{inner}</e:propertyset>\r\n\0'
    ).encode()


@given(st.dictionaries(st.sampled_from(["Status", "Target", "BinaryState"]), WORDS))
def test_an_event_tells_its_variables(variables: dict[str, str]) -> None:
    inner = "".join(f"<e:property><{k}>{v}</{k}></e:property>" for k, v in variables.items())
    assert propertyset(event(inner)) == variables


def test_an_empty_variable_and_one_with_a_namespace() -> None:
    inner = '<e:property><A/><b:B xmlns:b="urn:b"> 1 </b:B></e:property>'
    assert propertyset(event(inner)) == {"A": "", "B": "1"}


def test_odd_text_in_an_event() -> None:
    inner = "<e:property><Name>Tom & K\u00fcche &undefined;</Name></e:property>"
    data = event(inner).replace("\u00fc".encode(), b"\xfc")
    assert propertyset(data) == {"Name": "Tom & K\ufffdche &undefined;"}


BILLION = """<!DOCTYPE x [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<e:propertyset xmlns:e="urn:e"><e:property><A>&b;</A></e:property></e:propertyset>"""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"<propertyset",
        b"<other/>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><propertyset>&a;</propertyset>',
        BILLION.encode(),
    ],
)
def test_an_invalid_event_is_rejected(data: bytes) -> None:
    with pytest.raises(ReplyError):
        propertyset(data)


@given(st.one_of(st.binary(max_size=100), st.text(max_size=60).map(event)))
def test_an_event_is_read_or_refused(data: bytes) -> None:
    with suppress(ReplyError):
        assert isinstance(propertyset(data), dict)


def test_an_event_nested_as_deep_as_a_body_allows_is_refused() -> None:
    assert propertyset(event("<a>" * 60 + "</a>" * 60)) == {"a": ""}
    with pytest.raises(ReplyError):
        propertyset(event("<a>" * 9000 + "</a>" * 9000))


@pytest.mark.parametrize(
    ("timeout", "seconds"),
    [
        ("Second-300", 300),
        ("second-300", 300),
        ("Second-infinite", LEASE),
        ("infinite", LEASE),
        ("300", 300),
        ("", LEASE),
        ("Second-0", 1),
        ("Second--5", 5),
        ("Second-99999999999", LEASE),
    ],
)
def test_a_lease_is_limited(timeout: str, seconds: float) -> None:
    assert lease(timeout) == seconds


@given(st.text())
def test_any_lease_is_within_bounds(timeout: str) -> None:
    assert 1 <= lease(timeout) <= LEASE


def _encodes(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)
