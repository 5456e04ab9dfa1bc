"""However a secret is written, it is found: encoded, encoded twice, in pieces, or as a number."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
import json
import re
from typing import override
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape as xml_escape

from hypothesis import given, strategies as st
import pytest

from lan_edge.diagnostics.kinds import without_kinds
from lan_edge.diagnostics.redaction import REDACTED, Redaction
from tests.processor import done_within

SECRETS = (
    "hunter2",
    "s3cret\\back\\slash",
    "quo'te\"both",
    "T\u00f8ken-\u00e9\u00df",
    "\U0001f511emoji key",
    "a&b<c>d",
    "tab\tand\nline",
    "p@ss:w/rd?#%25",
    'C:\\"\u00e9"\\',
    "  blanks  ",
)


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def numeric(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else f"&#{ord(c)};" for c in text)


def hexadecimal(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else f"&#x{ord(c):X};" for c in text)


ENCODERS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "URL": quote,
    "query": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "percent": percent,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "HTML": escape,
    "XML": xml_escape,
    "decimal entities": numeric,
    "hexadecimal entities": hexadecimal,
    "repr": lambda text: repr(text)[1:-1],
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
}


def is_told(secret: str, shown: str) -> bool:
    """Return whether a word of the secret is left."""
    words = [word for word in re.split(r"[^0-9A-Za-z]+", secret) if len(word) > 2]
    return secret in shown or any(word in shown for word in words)


@pytest.mark.parametrize("second", ENCODERS)
@pytest.mark.parametrize("first", ENCODERS)
def test_encoded_twice(first: str, second: str) -> None:
    for secret in SECRETS:
        redaction = Redaction([secret])
        written = ENCODERS[second](ENCODERS[first](secret))
        for text in (f"before {written} after", f'{{"x": "{written}"}}', f"GET /a?b={written}&c=1"):
            shown = redaction.text(text)
            assert REDACTED in shown, text
            assert written not in shown
            assert not is_told(secret, shown), shown


def test_entities_of_entities() -> None:
    written = escape(escape(hexadecimal("h\u00e9") + numeric("llo-w\u00f8rld")))
    every = "".join(f"&#{ord(c)};" for c in "hunter2")
    assert REDACTED in Redaction(["h\u00e9llo-w\u00f8rld"]).text(written)
    for text in (every, escape(every), escape(escape(every))):
        assert Redaction(["hunter2"]).text(text) == REDACTED


@pytest.mark.parametrize("third", ["repr of bytes", "JSON", "query", "HTML"])
def test_encoded_three_times(third: str) -> None:
    for secret in SECRETS:
        redaction = Redaction([secret])
        for first in ("JSON", "repr", "HTML", "query"):
            written = ENCODERS[third](ENCODERS["JSON"](ENCODERS[first](secret)))
            shown = redaction.text(f"<{written}>")
            assert not is_told(secret, shown), shown
            assert REDACTED in shown


@pytest.mark.parametrize("charset", ["latin-1", "utf-8"])
def test_in_a_charset_that_is_misread(charset: str) -> None:
    secret = "T\u00f8ken-\u00e9\u00df"
    redaction = Redaction([secret])
    for text in (
        secret.encode(charset).decode(errors="replace"),
        secret.encode(charset).decode("latin-1"),
        secret.encode("ascii", "replace").decode(),
        repr(secret.encode(charset))[2:-1],
        quote(secret.encode(charset)),
    ):
        shown = redaction.text(f"pw={text};")
        assert REDACTED in shown, text
        assert "ken" not in shown


@pytest.mark.parametrize(
    ("shown_as", "sent"),
    [
        ("Kellerg\ufffdste", b"Kellerg\xfcste"),
        ("Kellerg\ufffd\ufffd\ufffdste", b"Kellerg\xfc\xfd\x07ste"),
        ("Kellerg\ufffdste \ufffd", b"Kellerg\xfcste \xff"),
    ],
)
def test_a_text_that_was_not_utf_8_where_it_came_from(shown_as: str, sent: bytes) -> None:
    redaction = Redaction([shown_as])
    for text in (sent.decode(errors="replace"), sent.decode("latin-1"), repr(sent), quote(sent)):
        shown = redaction.text(f"<friendlyName>{text}</friendlyName>")
        assert REDACTED in shown, text
        assert "keller" not in shown.lower()
        assert "ste" not in shown


@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("secret", ["123", "abc", "1234", "secret", "hunter2-T\u00f8ken", "x" * 60])
def test_base64_at_each_alignment(secret: str, before: int) -> None:
    data = b"u" * before + secret.encode()
    redaction = Redaction([secret])
    for after in range(4):
        for encode in (b64encode, urlsafe_b64encode):
            written = encode(data + b":" * after).decode()
            for text in (written, quote(written, safe=""), written.rstrip("="), f"/x/{written}/y"):
                shown = redaction.text(f"Basic {text}, next")
                assert text not in shown
                assert REDACTED in shown, text


@given(st.text(min_size=4, max_size=20), st.binary(max_size=9), st.binary(max_size=9))
def test_base64_of_anything(secret: str, before: bytes, after: bytes) -> None:
    data = before + secret.encode() + after
    for encode in (b64encode, urlsafe_b64encode):
        written = encode(data).decode()
        assert written not in Redaction([secret]).text(f"Basic {written}").replace(REDACTED, "\0")


def test_base64_in_lines() -> None:
    token = "".join(f"{n:02x}Zq" for n in range(40))
    written = b64encode(f"user:{token}".encode()).decode()
    for end in ("\n", "\r\n", "\\r\\n"):
        text = end.join(written[i : i + 76] for i in range(0, len(written), 76))
        shown = Redaction([token], tokens=[token]).text(text)
        assert not any(written[i : i + 16] in shown for i in range(8, len(written) - 24, 4)), shown


@pytest.mark.parametrize("separator", ["", " ", ":", "-", "\\x"])
def test_hexadecimal(separator: str) -> None:
    for secret in ("hunter2", "T\u00f8ken"):
        written = separator + separator.join(f"{byte:02X}" for byte in secret.encode())
        shown = Redaction([secret]).text(f"key {written} end")
        assert REDACTED in shown, written


def test_a_number_is_not_looked_for_within_other_numbers() -> None:
    redaction = Redaction(["1234"])
    for text in (
        "pin=1234",
        '{"pin":1234}',
        '{"pin":"1234"}',
        "PIN1234OK",
        "#*1*1234##",
        "1234",
        "1234.",
        "(1234,5)",
        "%31%32%33%34",
        "&#49;1234",
    ):
        assert "1234" not in redaction.text(text), text
        assert REDACTED in redaction.text(text)
    for text in ("id 1012345", "21.12345", "at 1701234567", "10.0.123.4", "0.1234567"):
        assert redaction.text(text) == text, "the gap would tell the number"


def test_numbers_in_data() -> None:
    redaction = Redaction(["1234", "00420", "98765432101"])
    assert redaction.data([1234, 1234.0, -1234, 12345, 420, "420", 98765432101, 1.5, True]) == [
        REDACTED,
        REDACTED,
        REDACTED,
        12345,
        REDACTED,
        REDACTED,
        REDACTED,
        1.5,
        True,
    ]
    assert REDACTED in redaction.text("1298765432101"), "so long a number is no coincidence"


def test_pieces_of_a_long_secret() -> None:
    token = "tok3n-9f8e7d6c5b4a39281706-Zyxwvut"
    redaction = Redaction([token], tokens=[token])
    for cut in range(12, len(token) - 12):
        for text in (f"..{token[cut:]}", f"{token[:cut]}!", f"x {token[cut - 12 : cut]} y"):
            shown = redaction.text(text)
            assert REDACTED in shown, text
            assert not any(token[i : i + 8] in shown for i in range(len(token) - 7))
    assert Redaction(["http://10.0.0.5/setup.xml"]).text("http://10.0.0.9/x") == "http://10.0.0.9/x"


def test_keys_in_another_case() -> None:
    redaction = Redaction(["94103E00ABCD", "Token-Abc"], words=["Device"])
    assert redaction.data({"94103e00abcd": 1, "token-abc": 2, "device": 3}) == {
        REDACTED: 1,
        f"{REDACTED} (2)": 2,
        "device": 3,
    }


def test_values_of_any_type() -> None:
    class Odd:
        @override
        def __repr__(self) -> str:
            return "Odd(token='hunter2')"

    shown = Redaction(["hunter2"]).data(
        {"a": {"hunter2"}, "b": Odd(), "c": frozenset({"x"}), "d": datetime(2026, 1, 1, tzinfo=UTC)}
    )
    assert "hunter2" not in json.dumps(shown)


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://admin:pa%24s@10.0.0.5/live",
        "http://user:pass@host/x",
        "0021.6a7d.74fc",
        "00 21 6a 7d 74 fc",
        "/api/abc%2Fdef0123456789xyz/x",
    ],
)
def test_more_kinds(text: str) -> None:
    assert REDACTED in without_kinds(f"see {text} now")
    for part in ("pa%24s", "pass@", "74fc", "74 fc", "def01"):
        assert part not in without_kinds(f"see {text} now")


@given(st.text(min_size=3, max_size=30))
def test_any_secret_in_any_encoding(secret: str) -> None:
    redaction = Redaction([secret])
    for encode in ENCODERS.values():
        written = encode(secret)
        shown = redaction.text(f"<{written}>").replace(REDACTED, "\0")
        if len(written.strip()) > 2:
            assert written not in shown


def test_hostile_texts_take_no_longer_than_a_moment() -> None:
    redaction = Redaction(
        [
            r"a\\\\b\"'c",
            "\\" * 20 + "x",
            "\u00e9" * 20,
            "&&&&&&",
            "????%%%%",
            "0x10" + "\u00e9?" * 80,
            "0x10" + "\ufffda" * 60,
        ]
    )
    texts = ["\\" * 2000, "a" + "\\" * 1999, "&amp;" * 400, "%25" * 660, "?" * 2000, "&#" * 1000]
    texts += [x + "0x10" + x for x in ("\ufffda" * 125, "\ufffd" * 250, "?" * 250, "\u00e9?" * 120)]
    texts += ["a" * 2000, "A1+/" * 500, "%41" * 660]
    done_within(1, lambda: [redaction.text(text) for text in texts])
