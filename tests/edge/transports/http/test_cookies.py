"""Cookies: what is carried after a device has set, changed or taken back some."""

import pytest

from lan_edge.transports.http.cookies import MAX_COOKIES, cookies_after
from lan_edge.transports.http.messages import Response


@pytest.mark.parametrize(
    ("carried", "lines", "after"),
    [
        ("", [], ""),
        ("", ["sid=1; Path=/; HttpOnly"], "sid=1"),
        ("sid=1", ["sid=2; Path=/"], "sid=2"),
        ("sid=1; lang=en", ["sid=2"], "lang=en; sid=2"),
        ("sid=1; lang=en", ["sid=; Path=/"], "lang=en"),
        ("sid=1; lang=en", ["sid=x; Max-Age=0"], "lang=en"),
        ("sid=1", ["sid=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"], ""),
        ("sid=1", ["sid=2; Max-Age=3600", "csrf=a=b"], "sid=2; csrf=a=b"),
        ("odd", ["sid=1"], "odd; sid=1"),
    ],
)
def test_what_is_carried_then(carried: str, lines: list[str], after: str) -> None:
    assert cookies_after(carried, lines) == after


def test_only_the_last_ones_are_kept() -> None:
    after = cookies_after("", [f"c{number}=1" for number in range(MAX_COOKIES + 8)])
    assert after.count("=") == MAX_COOKIES
    assert after.startswith("c8=1;")


def test_one_line_of_plain_headers() -> None:
    answer = Response("GET /", 200, {"Set-Cookie": "sid=1; Path=/"}, b"")
    assert (answer.cookies, answer.cookie) == (("sid=1; Path=/",), "sid=1")
    assert Response("GET /", 200, {}, b"").cookies == ()
