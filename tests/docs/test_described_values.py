"""The page on the values of described devices: each row of its tables is so."""

from collections.abc import Iterable
import json
import re

import pytest

from lan_edge.declarative.description import Description
from lan_edge.declarative.load import read_description
from lan_edge.declarative.reading import ByteType
from lan_edge.declarative.reading.reader import reader_of
from lan_edge.declarative.reading.received import Received
from lan_edge.declarative.sending.building import build
from lan_edge.declarative.sending.ready import Ready, ReadyBytes, ReadyHttp, ReadyText
from lan_edge.declarative.templating.functions import FILTERS
from lan_edge.declarative.text import text_of, values_of

from .pages import ROOT

PAGE = (ROOT / "docs/described-values.md").read_text()
ROW = re.compile(r"^\| `(.+)` \| `(.+)` \| `(.+)` \|$", re.MULTILINE)
SENT_BY = {"lines": {"line": "x"}, "udp": {"bytes": "00"}, "http": {"get": "/x"}}
"""Something that each transport sends."""
READING_PART, _, SENDING_PART = PAGE.partition("## What is sent")


def rows(text: str) -> list[tuple[str, ...]]:
    """Return the rows of the tables in a part of the page."""
    return [tuple(cell.replace(r"\|", "|") for cell in row) for row in ROW.findall(text)]


def described(talks: str, values: Iterable[str] = (), **fields: str) -> Description:
    """Return a description with fields that are written as on the page."""
    known = {
        "description": 1,
        "id": "x",
        "name": "X",
        "talks": talks,
        "options": {"port": 80},
        "parameters": {name: {"label": name} for name in values},
        "components": {"main": {"own": {"x": {"button": SENT_BY[talks]}}}},
        "requests": {"status": SENT_BY[talks]},
    }
    return read_description(text_of(known | {key: values_of(fields[key])[0] for key in fields}))


def shown(ready: Ready) -> str:
    """Return what a row shows of a request."""
    match ready:
        case ReadyHttp():
            return ready.body.decode() or ready.path
        case ReadyText():
            return ready.text
        case ReadyBytes():
            return ready.data.hex(" ")
        case _:
            raise AssertionError(ready)


def test_there_are_rows() -> None:
    assert len(rows(READING_PART)) == READING_PART.count("\n| `") > 20
    assert len(rows(SENDING_PART)) == SENDING_PART.count("\n| `") > 8


@pytest.mark.parametrize(("reading", "message", "value"), rows(READING_PART))
def test_what_is_read(reading: str, message: str, value: str) -> None:
    made = described("http", identity=reading).identity
    assert made
    assert json.dumps(reader_of(made)(Received(message)), ensure_ascii=False) == value


@pytest.mark.parametrize(("sending", "values", "sent"), rows(SENDING_PART))
def test_what_is_sent(sending: str, values: str, sent: str) -> None:
    talks = {"line": "lines", "bytes": "udp"}.get(sending.partition(":")[0], "http")
    (made,) = described(talks, json.loads(values), connected=sending).connected
    assert shown(build(made, json.loads(values))) == sent


def test_the_filters_and_types_are_all_there() -> None:
    filters = re.search(r"these filters: (.+?)\. It may not", PAGE)
    assert filters
    assert re.findall(r"`(\w+)`", filters[1]) == sorted(FILTERS)
    types = re.search(r"says what is there: (.+?);", PAGE)
    assert types
    assert re.findall(r"`(\w+)`", types[1])[: len(ByteType)] == [*ByteType]
