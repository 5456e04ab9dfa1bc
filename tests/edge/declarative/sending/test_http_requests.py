"""HTTP requests: values stay what they are, wherever they are put."""

from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import fromstring

from hypothesis import given, strategies as st
import orjson
import pytest
from yarl import URL

from lan_edge import ArgumentError
from lan_edge.declarative.places import DescriptionError
from lan_edge.declarative.sending import Body, Sending
from lan_edge.declarative.sending.building import build, builder_of
from lan_edge.declarative.sending.ready import ReadyHttp
from lan_edge.network.text import is_encodable, is_sendable
from lan_edge.transports.http.messages import require_headers, same_host

BASE = URL("http://192.168.1.40:8080/")


def made(sending: Sending, **values: Any) -> ReadyHttp:
    ready = build(sending, values)
    assert isinstance(ready, ReadyHttp)
    return ready


def sent(ready: ReadyHttp) -> URL:
    """Return the URL as the transport makes it."""
    url = same_host(BASE, ready.path)
    assert url is not None
    require_headers(ready.headers)
    return url.update_query(ready.query)


def body(**fields: Any) -> Sending:
    return Sending(method="POST", path="/x", body=Body(**fields))


def test_a_whole_request() -> None:
    sending = Sending(
        method="PUT",
        path="/zones/{zone}/{level:03d}",
        query={"amp": "{level}", "fade": "{rate}", "on": "{on}"},
        headers={"X-Key": "k {token}"},
        body=Body(json={"bri": "{level}", "raw": "{level.raw}", "fade": "{rate}", "t": 1}),
        again=True,
    )
    values = {"zone": "a/b", "level": 7, "level.raw": 70, "on": True, "token": "t"}
    ready = build(sending, values)
    assert ready == ReadyHttp(
        method="PUT",
        path="/zones/a%2Fb/007",
        query={"amp": "7", "on": "true"},
        headers={"Content-Type": "application/json", "X-Key": "k t"},
        body=b'{"bri":7,"raw":70,"t":1}',
        again=True,
    )


@pytest.mark.parametrize(
    "value", ["../x", "a/b", "?x=", "#", "%2f", "%2e%2e", " ", "\r\n", "\\", "é"]
)
def test_a_value_stays_one_part_of_a_path(value: str) -> None:
    url = sent(made(Sending(method="GET", path="/a/{x}/b?c={x}&d=1"), x=value))
    assert [unquote(part) for part in url.raw_path.split("/")] == ["", "a", value, "b"]
    assert list(url.query.items()) == [("c", value), ("d", "1")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/a/{x}", ""),
        ("/{x}/evil.example", ""),
        ("/a/{x}", "."),
        ("/a/{x}/b", ".."),
        ("/a/.{x}", "."),
        ("/a/%2e{x}", "."),
        ("/a/{x}", None),
        ("/a/{x}", [1]),
        ("/a/{x}", "\ud800"),
        ("/a/{x}", float("nan")),
        ("/a/{x}", 1e300),
        ("/a/{x:d}", "one"),
        ("/a/{x:x}", -1),
    ],
)
def test_what_cannot_be_in_a_path(path: str, value: object) -> None:
    with pytest.raises(ArgumentError):
        made(Sending(method="GET", path=path), x=value)


@pytest.mark.parametrize(
    ("spec", "value", "text"),
    [
        ("{x}", 21.0, "21"),
        ("{x}", 1e-7, "0.0000001"),
        ("{x:d}", 20.5, "21"),
        ("{x:03d}", 5, "005"),
        ("{x:.1f}", 21.44, "21.4"),
        ("{x:06.2f}", 1, "001.00"),
        ("{x:x}", 255, "ff"),
        ("{x:04X}", 255, "00FF"),
        ("{x:d}", True, "1"),
        ("{{{x:s}}}", "a", "%7Ba%7D"),
    ],
)
def test_formats(spec: str, value: object, text: str) -> None:
    assert sent(made(Sending(method="GET", path=f"/{spec}"), x=value)).raw_path == f"/{text}"


@pytest.mark.parametrize(
    ("sending", "path", "words"),
    [
        (Sending(method="GET", path="x"), ("get",), "not a path"),
        (Sending(method="GET", path="//host/x"), ("get",), "not a path"),
        (Sending(method="GET", path="/a b"), ("get",), "not a path"),
        (Sending(method="GET", path="/a#b"), ("get",), "not a path"),
        (Sending(method="GET", path="/a/../b"), ("get",), "only dots"),
        (Sending(method="GET", path="/a/%2E%2e"), ("get",), "only dots"),
        (Sending(method="GET", path="/{x"), ("get",), "a brace that is no placeholder"),
        (Sending(method="GET", path="/{x:u8}"), ("get",), "not possible here"),
        (Sending(method="GET", path="/{x:9999d}"), ("get",), "not possible here"),
        (Sending(method="GET", path="/" + "{x}" * 65), ("get",), "more than 64"),
        (Sending(method="TRACE", path="/"), ("method",), "use one of"),
        (Sending(method="GET", path="/", query={"{x}": "1"}), ("query", "{x}"), "not into names"),
        (Sending(method="GET", path="/", headers={"Host": "x"}), ("headers", "Host"), "be set"),
        (Sending(method="GET", path="/", headers={"a b": "x"}), ("headers", "a b"), "be set"),
        (Sending(method="GET", path="/", headers={"a": "x\n"}), ("headers", "a"), "line break"),
        (body(json=1, text="x"), ("text",), "beside json"),
        (body(json={"a": ["{x:u8}"]}), ("json", "a", 0), "formats in JSON"),
        (body(json={"{a}": 1}), ("json", "{a}"), "not into names"),
        (body(text="a={x}", content_type="application/x-www-form-urlencoded"), ("text",), "form"),
        (body(text="<a {x}='1'/>"), ("text",), "within a tag"),
        (body(text="<{x}", content_type="text/xml"), ("text",), "within a tag"),
        (body(text="<a b={x}/>"), ("text",), "within a tag"),
        (body(text="x", content_type="a\r\nb: c"), ("content_type",), "line break"),
        (Sending(), ("line",), "nothing is sent"),
        (Sending(method="GET", path="/", line="x"), ("line",), "beside get"),
    ],
)
def test_faults(sending: Sending, path: tuple[str | int, ...], words: str) -> None:
    with pytest.raises(DescriptionError, match=words) as caught:
        builder_of(sending)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_all_faults_are_reported_at_once() -> None:
    sending = Sending(
        method="POST",
        path="x",
        query={"a": "{", "b": "}"},
        body=Body(json={"a": "{", "b": ["{x:u8}"]}),
    )
    with pytest.raises(DescriptionError) as caught:
        builder_of(sending)
    paths = [fault.path for fault in caught.value.faults]
    assert paths == [("post",), ("query", "a"), ("query", "b"), ("json", "a"), ("json", "b", 0)]


def test_what_a_request_uses() -> None:
    sending = Sending(
        method="POST",
        path="/{a}",
        query={"q": "{b.raw}"},
        headers={"H": "{c}"},
        body=Body(form={"f": "{d:d}"}),
    )
    builder = builder_of(sending)
    assert builder.names == {"a", "b", "c", "d"}
    assert [(path, each.key) for path, each in builder.uses] == [
        (("form", "f"), "d"),
        (("post",), "a"),
        (("query", "q"), "b.raw"),
        (("headers", "H"), "c"),
    ]


values = st.text(max_size=30) | st.sampled_from(
    ["../x", '"', "'", "</a>", "]]>", "&amp;", "\r\nX: y", "\0", "\\", "{x}", "a=b&c=d", "\ud800"]
)


@given(values)
def test_no_injection_into_a_path(value: str) -> None:
    try:
        url = sent(made(Sending(method="GET", path="/a/{x}/b?q={x}"), x=value))
    except ArgumentError:
        assert not value or value in {".", ".."} or not is_encodable(value)
        return
    assert [unquote(part) for part in url.raw_path.split("/")] == ["", "a", value, "b"]
    assert list(url.query.items()) == [("q", value)]
    assert url.origin() == BASE.origin()


@given(values)
def test_no_injection_into_queries_forms_and_json(value: str) -> None:
    sending = Sending(
        method="POST", path="/", query={"a": "{x}", "b": "-{x}-"}, body=Body(form={"c": "{x}"})
    )
    if not is_encodable(value):
        with pytest.raises(ArgumentError):
            made(sending, x=value)
        return
    ready = made(sending, x=value)
    assert list(sent(ready).query.items()) == [("a", value), ("b", f"-{value}-")]
    assert parse_qsl(ready.body.decode(), keep_blank_values=True) == [("c", value)]
    in_json = made(body(json={"a": "{x}", "b": ["<{x}>"], "c": 1}), x=value)
    assert orjson.loads(in_json.body) == {"a": value, "b": [f"<{value}>"], "c": 1}


@given(values)
def test_no_injection_into_headers(value: str) -> None:
    sending = Sending(method="GET", path="/", headers={"A": "b {x}"})
    try:
        ready = made(sending, x=value)
    except ArgumentError:
        assert not is_sendable(value)
        return
    require_headers(ready.headers)
    assert ready.headers == {"A": f"b {value}"}


@given(values)
def test_no_injection_into_xml_and_json_that_are_texts(value: str) -> None:
    xml = body(text='<a b="{x}"><c>{x}</c></a>')
    try:
        root = fromstring(made(xml, x=value).body)  # noqa: S314  # made here
    except ArgumentError:
        assert not is_sendable(value) or {"\ufffe", "\uffff"} & set(value)
    else:
        assert (root.attrib, root.findtext("c")) == ({"b": value}, value)
    json = body(text='{{"a": "-{x}\\"", "b": {x}}}')
    try:
        made_json = made(json, x=value)
    except ArgumentError:
        assert not is_encodable(value)
        return
    assert orjson.loads(made_json.body) == {"a": f'-{value}"', "b": value}
    assert made_json.headers == {"Content-Type": "application/json"}


@given(st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e9, 1e9))
def test_json_keeps_the_type(value: object) -> None:
    ready = made(body(json={"a": "{x}", "b": "{y}", "c": ["{y}"]}), x=value)
    loaded = orjson.loads(ready.body)
    assert loaded == {"a": value, "c": [None]}
    assert type(loaded["a"]) is type(value)


def test_json_rounds_and_writes_by_its_formats() -> None:
    ready = made(body(json=["{x:d}", "{x:.1f}", "{x:03d}", "{x:s}", "{l}"]), x=7.46, l=(1, "a"))
    assert orjson.loads(ready.body) == [7, 7.5, "007", "7.46", [1, "a"]]


def test_secrets_are_marked() -> None:
    sending = Sending(method="GET", path="/{token}", query={"a": "{other}"})
    values = {"token": "a b", "other": "c"}
    assert build(sending, values).secret is False
    assert build(sending, values, frozenset({"token"})).secret == "a%20b"
    assert build(sending, values, frozenset({"token", "other"})).secret is True
    assert build(sending, {"token": "t", "other": ""}, frozenset({"other"})).secret is False
