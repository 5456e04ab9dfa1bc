"""Private texts are taken out of others wherever they stand, in whatever spelling."""

from base64 import b64encode, urlsafe_b64encode
import json
from urllib.parse import quote, quote_plus

from hypothesis import given, strategies as st
import pytest

from lan_edge.diagnostics.kinds import without_kinds
from lan_edge.diagnostics.private_fields import PrivateFields
from lan_edge.diagnostics.redaction import CUT, REDACTED, Redaction
from lan_edge.diagnostics.spellings import MIN_LENGTH
from tests.processor import done_within

SECRET = "s3cret tøken+väl/ue"
SECRETS = Redaction([SECRET, "0042", "admin"])


def in_url(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET),
        quote_plus(SECRET),
        quote(SECRET, safe=""),
        in_url(SECRET),
        f"/api/{in_url(SECRET)}/lights",
        json.dumps(SECRET),
        repr(SECRET.encode()),
        SECRET.encode().hex(),
        b64encode(SECRET.encode()).decode(),
        *(b64encode(b"x" * n + SECRET.encode() + b"yz").decode() for n in range(4)),
        urlsafe_b64encode(b"??>" + SECRET.encode()).decode(),
        f"AUTH PLAIN {b64encode(f'\0admin\0{SECRET}'.encode()).decode()}",
        f"/login/{b64encode(SECRET.encode()).decode()}/x",
    ],
)
def test_spellings(text: str) -> None:
    for whole in (text, f"<{text}>", f"a {text} b", f"key='{text}'"):
        shown = SECRETS.text(whole)
        assert text not in shown
        assert REDACTED in shown


@given(
    st.text(min_size=MIN_LENGTH, max_size=40).filter(lambda text: not text.isdigit()),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_any_secret_between_any_texts(secret: str, before: str, after: str) -> None:
    shown = Redaction([secret]).text(before + secret + after + "\n")
    assert secret not in shown.replace(REDACTED, "\0")


def test_keys_numbers_and_what_is_not_text() -> None:
    redacted = SECRETS.data(
        {
            SECRET: 1,
            f"client_{SECRET}": [42, 0.5, True, None, b"abc"],
            "admin": {"pin": 42, "twice": (SECRET, "x")},
            "0042": 7,
        }
    )
    assert redacted == {
        REDACTED: 1,
        f"client_{REDACTED}": [42, 0.5, True, None, "3 bytes"],
        f"{REDACTED} (2)": {"pin": 42, "twice": [REDACTED, "x"]},
        f"{REDACTED} (3)": 7,
    }
    assert Redaction(["00420"]).data([420, 4200, 0.42]) == [REDACTED, 4200, 0.42]
    assert Redaction(["00420"]).text("pin=420 of 4200") == f"pin={REDACTED} of 4200"


def test_what_cannot_be_encoded() -> None:
    assert Redaction(["a\udcffb"]).text("<a\udcffb> %20\udcff") == f"<{REDACTED}> %20\udcff"


def test_names_are_replaced_as_words() -> None:
    names = Redaction((), words=["Lamp"])
    assert names.text("lamp, client_Lamp: YeelightLamp") == (
        f"{REDACTED}, client_{REDACTED}: YeelightLamp"
    )


def test_our_own_keys_stay() -> None:
    names = Redaction((), words=["Device", "status"])
    assert names.data({"device": {"status": "Device"}, "my_device: x": 1}) == {
        "device": {REDACTED: REDACTED},
        f"my_{REDACTED}: x": 1,
    }


def test_short_texts_stay() -> None:
    assert Redaction(["\0\n\0\n", "\n\nx\n"]).text("x: 1") == "x: 1"
    assert Redaction(["on", "12"]).text("on: 12") == "on: 12"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"alias": "Anna\'s", "on": 1}', '{"alias": "#", "on": 1}'),
        ("{'alias': \"Anna's\", 'on': 1}", "{'alias': \"#\", 'on': 1}"),
        ('{"alias":17,"on":1}', '{"alias":#,"on":1}'),
        ('{"ALIAS":"a\\"b","on":1}', '{"ALIAS":"#","on":1}'),
        ('b\'{"alias":"Anna\\\'s"}\'', 'b\'{"alias":"#"}\''),
        ('"{\\"alias\\":\\"Anna\\",\\"on\\":1}"', '"{\\"alias\\":\\"#\\",\\"on\\":1}"'),
        ('{"alias": "Anna\'s ro', '{"alias": "#'),
        ('{"alias": [{"a": "]"}, "b"], "on": 1}', '{"alias": #, "on": 1}'),
        ("<a:alias x='1'>Anna</a:alias><on>1</on>", "<a:alias x='1'>#</a:alias><on>1</on>"),
        ("<alias><![CDATA[Anna <3]]></alias><on>1</on>", "<alias>#</alias><on>1</on>"),
        ("<alias><b>Anna</b> &amp; Bob</alias><on>1</on>", "<alias>#</alias><on>1</on>"),
        ("<alias/><on>1</on>", "<alias/><on>1</on>"),
        ("<alias>Anna", "<alias>#"),
        ("alias=Anna&on=1", "alias=#&on=1"),
        ("Alias: Anna's room\r\nOn: 1", "Alias: #\r\nOn: 1"),
        ('{"alias": "", "on": null}', '{"alias": "", "on": null}'),
        ('{"my_alias": "x"}', '{"my_alias": "x"}'),
        (
            '{"config": {"name": "Anna", "n": 1}, "name": "x"}',
            '{"config": {"name": "#", "n": 1}, "name": "x"}',
        ),
        ('{"config": {"a": {"name": "Anna', '{"config": {"a": {"name": "#'),
        ("<alias><![CDATA[Anna Berg]]></alias>", "<alias>#</alias>"),
        ("<r>&lt;alias&gt;Anna Berg&lt;/alias&gt;</r>", "<r>&lt;alias&gt;#&lt;/alias&gt;</r>"),
        ("<r>&lt;g alias=&quot;Anna B&quot;/&gt;</r>", "<r>&lt;g alias=&quot;#&quot;/&gt;</r>"),
        (
            "&amp;lt;alias&amp;gt;Anna&amp;lt;/alias&amp;gt;",
            "&amp;lt;alias&amp;gt;#&amp;lt;/alias&amp;gt;",
        ),
        ("&lt;config>&lt;name>Anna&lt;/name>", "&lt;config>&lt;name>#&lt;/name>"),
    ],
)
def test_fields_in_any_format(text: str, shown: str) -> None:
    fields = PrivateFields(("alias", "config.name"))
    assert fields.redact(text, "#") == shown
    assert all(value in text.replace("\\", "") for value in fields.values(text))


def test_the_values_of_a_part() -> None:
    fields = PrivateFields(("host",))
    text = '{"host": {"name": "T400", "ip": "1.2.3.4", "n": 5}, "id": "x"}'
    assert {"T400", "1.2.3.4"} <= set(fields.values(text))
    assert fields.redact(text, "#") == '{"host": #, "id": "x"}'


@pytest.mark.parametrize(
    "private",
    [
        "00:21:6a:7d:74:fc",
        "00-21-6A-7D-74-FC",
        "00%3A21%3A6a%3A7d%3A74%3Afc",
        "00216a7d74fc",
        "00:17:88:01:00:bd:c7:b9",
        "0:1b:2c:3:4:5",
        "192.168.178.31",
        "fe80::216:6aff:fe7d:74fc",
        "2001:db8:0:0:1:2:3:4",
        "anna.b+home@mail.example.org",
        "anna%40example.org",
        "52.370216, 4.895168",
        "52.3702/-4.8951",
        "4dcc4e3b-c699-a04b-7f0c-8260d23c43e1",
        "6629fae49393a05397450978507c4ef1",
        "8006588E50AD389303FF31AB6302907A17442F1600",
        "Basic YWRtaW46c2VjcmV0",
        "Bearer abc.def-ghi",
        "/api/1028d66426293e821ecfd9ef1a0731df/lights",
        "/api/aZ09aZ09aZ09aZ09x/lights",
    ],
)
def test_kinds(private: str) -> None:
    for text in (private, f"client_{private}", f"at {private}.", f"'{private}',", f"<{private}>"):
        shown = without_kinds(text)
        assert REDACTED in shown
        for part in private.replace("%40", "@").replace("/lights", "").split("@"):
            assert part not in shown


@pytest.mark.parametrize(
    "text",
    [
        "1.5.6 Build 191125 Rel.083657",
        "12:34:56",
        "urn:Belkin:device:controllee:1",
        "GET /upnp/control/basicevent1 200 b'on'",
        "33.333333333333336",
        "{'id': 17, 'result': ['on', '100', '16711680']}",
        "http://a-long-name-with-42-in-it.example/x",
        "Kind::value",
    ],
)
def test_what_is_of_no_such_kind(text: str) -> None:
    assert without_kinds(text) == text


def test_a_cut_text_shows_no_part_of_a_secret() -> None:
    for secret in (SECRET, "plain0token", "a b c d"):
        redaction = Redaction([secret])
        forms = (
            secret,
            quote(secret),
            b64encode(f"me:{secret}".encode()).decode(),
            json.dumps(secret),
        )
        for form in forms:
            for length in range(1, len(form)):
                shown = redaction.text(f"before, {form[:length]}{CUT}")
                assert shown in {
                    f"before, {CUT}",
                    f'before, "{CUT}',
                    f'before, "{REDACTED}{CUT}',
                    f"before, {REDACTED}{CUT}",
                }


def test_large_data_takes_no_longer_than_a_moment() -> None:
    redaction = Redaction(
        [f"secret number {n} / {n * 7919:x}" for n in range(20)],
        words=[f"Anna's room {n}" for n in range(20)],
        fields=PrivateFields(("alias", "host", "config.name")),
        without_kinds=without_kinds,
    )
    texts = ['{"alias": "x", "host": {"a": [1, 2]}, ' * 12, "aB3/" * 120, "a:" * 250, "{[(" * 160]
    texts += ["1." * 240, "a@" * 240, "%41" * 160, '\\"' * 240, "<alias>" * 70, "alias=" * 80]
    done_within(2, lambda: redaction.data(texts * 20))
