"""What the pages say of options, methods, errors, numbers and files is so."""

import ast
from dataclasses import MISSING, fields
import functools
from pathlib import Path
import re
from typing import Any

import pytest

import lan_edge as edge
from lan_edge import EdgeError, FrameRequests, Options, Transport
from tests.test_layers import HOME_ASSISTANT, LIBRARY, room_of

from .pages import ROOT, TRANSPORTS, example, loaded

README = TRANSPORTS / "README.md"
PAGES = (
    "http",
    "lines",
    "json_rpc",
    "frames",
    "stream",
    "udp",
    "websocket",
    "sse",
    "upnp",
    "inbound",
)
INTEGRATION = ROOT / "custom_components/lan_edge"
ARCHITECTURE = ROOT / "docs/architecture.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| .+ \|$", re.MULTILINE)
COMMON = {f.name for f in fields(Options)}


def section(page: Path, title: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name}: no {title}"
    return found[1]


def transport(page: str) -> type[Transport]:
    """Return the transport that a page is of."""
    return loaded(page).transport


def default(options: type[Options], name: str) -> Any:
    """Return an option's default, MISSING where it has to be made."""
    return next(f for f in fields(options) if f.name == name).default


def says(cell: str, value: object) -> bool:
    """Whether a cell tells a default: a literal, a class, or words for a function."""
    if isinstance(value, type):
        return cell == f"`{value.__name__}`"
    if callable(value):
        return "`" not in cell
    told: object = ast.literal_eval(cell.strip("`"))
    return type(told) is type(value) and told == value


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_every_option_and_its_default(page: str) -> None:
    options = transport(page).options_type
    text = section(TRANSPORTS / f"{page}.md", "Options")
    assert f"`{options.__name__}` has " in text
    rows = dict(ROW.findall(text))
    assert rows.keys() == {f.name for f in fields(options)} - COMMON
    for name in COMMON:
        assert f"`{name}`" in text
    for name, cell in rows.items():
        assert says(cell, default(options, name)), f"{name} is {default(options, name)!r}"


def test_the_options_of_all() -> None:
    rows = dict(ROW.findall(section(README, "Options")))
    assert rows.keys() == COMMON
    for name, cell in rows.items():
        assert default(Options, name) is not MISSING
        assert says(cell, default(Options, name)), name
    for page in PAGES:
        options, over_http = transport(page).options_type(), page in {"http", "sse", "upnp"}
        assert options.port == (80 if over_http or page == "websocket" else 0)
        assert options.timeout == (5 if over_http else 3)
        assert options.limit == {"upnp": 256, "http": 1024, "sse": 1024}.get(page, 64) * 1024
        assert transport(page).deadline == (20 if over_http else 10)


def test_the_table_of_transports() -> None:
    rows = section(README, "Which one")
    told = {
        name: (page, pushes, float(seconds))
        for name, page, pushes, seconds in re.findall(
            r"\| \[`(\w+)`\]\((\w+)\.md\) \| (.+?) \| (\d+) s \|", rows
        )
    }
    known = {t.__name__: (page, t) for page in PAGES for t in [transport(page)]}
    known[FrameRequests.__name__] = ("frames", FrameRequests)
    assert told.keys() == known.keys()
    for name, (page, kind) in known.items():
        assert told[name][0] == page
        assert (told[name][1] == "yes") is kind.pushes
        assert told[name][2] == kind.poll


@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"http", "websocket"}])
def test_the_heartbeat(page: str) -> None:
    heartbeat = transport(page).heartbeat
    told = re.findall(r"says nothing for (\d+) s", (TRANSPORTS / f"{page}.md").read_text())
    assert told == [f"{heartbeat:g}"]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_calls_is_there(page: str) -> None:
    io = transport(page)
    text = (TRANSPORTS / f"{page}.md").read_text()
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    called = {*re.findall(r"`(\w+)\(", prose), *re.findall(r"self\.io\.(\w+)", text)}
    known = (io, edge.Driver, edge, edge.Sse.Event, functools)
    assert [name for name in called if not any(hasattr(each, name) for each in known)] == []


@pytest.mark.parametrize("page", [*PAGES, "README"])
def test_the_errors_of_a_page_are_errors(page: str) -> None:
    text = (TRANSPORTS / f"{page}.md").read_text()
    named = set(re.findall(r"`(\w+Error)`", text))
    assert named
    for name in named:
        assert issubclass(getattr(edge, name), EdgeError)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_of_a_length_that_is_read(page: str) -> None:
    path, code = example(page)
    assert (ROOT / path).read_text() == code
    assert 40 <= len((TRANSPORTS / f"{page}.md").read_text().splitlines()) <= 100


# the architecture


def paths() -> list[str]:
    """Return the paths in the tables of rooms, as they stand there."""
    rows = re.findall(r"^\| (`.+?`) \|", section(ARCHITECTURE, "The rooms"), re.MULTILINE)
    return [path for row in rows for path in re.findall(r"`(.+?)`", row)]


@pytest.mark.parametrize("path", paths())
def test_what_the_tables_name_is_there(path: str) -> None:
    assert (INTEGRATION / path).exists()
    assert (INTEGRATION / path).is_dir() is path.endswith("/")


def test_the_tables_name_what_is_there() -> None:
    there = {
        f"{each.relative_to(INTEGRATION)}{'/' * each.is_dir()}"
        for folder in (INTEGRATION, INTEGRATION / "edge")
        for each in folder.iterdir()
        if each.name not in {"__pycache__", "py.typed"}
    }
    beside = {"edge/", "edge/__init__.py", "edge/api.py"}
    assert sorted(there - beside - set(paths())) == [], "not in docs/architecture.md"


def test_the_tables_have_the_order_that_imports_follow() -> None:
    library = [path.removesuffix("/").removesuffix(".py") for path in paths() if "edge/" in path]
    assert library == [f"edge/{room}" for room in (*LIBRARY, "drivers", "descriptions")]
    own = [path.removesuffix("/").removesuffix(".py") for path in paths() if "edge/" not in path]
    rooms = list(dict.fromkeys(room_of(Path(path)) for path in own))
    assert [room for room in rooms if room in HOME_ASSISTANT] == list(HOME_ASSISTANT)


def test_a_paragraph_for_each_room_in_their_order() -> None:
    text = section(ARCHITECTURE, "What each room promises")
    assert re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE) == [
        *LIBRARY,
        "drivers",
        "Home Assistant's side",
    ]
