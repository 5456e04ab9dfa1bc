"""The tree of errors: one root, drawn in the docstring, and nothing beside it."""

import importlib
import inspect
from pathlib import Path
import pkgutil
import re
from ssl import SSLError

import pytest

import lan_edge as edge
from lan_edge import EdgeError, RefusedError, errors
from lan_edge.declarative.schema.wrong import Wrong


def classes() -> dict[str, type[Exception]]:
    """Return the classes of edge.errors by name."""
    found = inspect.getmembers(errors, inspect.isclass)
    ours = ((name, c) for name, c in found if c.__module__ == errors.__name__)
    return {name: c for name, c in ours if issubclass(c, Exception)}


def test_docstring_draws_the_tree() -> None:
    drawn: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in str(errors.__doc__).splitlines():
        if (found := re.match(r"([│├└─ ]*)(\w+Error)\b", line)) is not None:
            depth, name = len(found[1]) // 4, found[2]
            above[depth] = name
            drawn[name] = above.get(depth - 1, "Exception") if depth else "Exception"
    assert drawn == {name: c.__bases__[0].__name__ for name, c in classes().items()}


def test_every_error_is_public_and_says_what_it_is() -> None:
    for name, error in classes().items():
        assert issubclass(error, EdgeError)
        assert error.__doc__
        assert getattr(edge, name) is error
        assert name in edge.__all__


def test_no_error_stands_outside_the_tree() -> None:
    for info in pkgutil.walk_packages(edge.__path__, f"{edge.__name__}."):
        if ".cli" in info.name or info.name.endswith("__main__"):
            continue
        for name, found in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
            ours = found.__module__.startswith(edge.__name__)
            # one that must end a TLS handshake is the ssl module's kind, what a schema refuses
            # that of voluptuous: neither ever gets out
            if ours and issubclass(found, Exception) and not issubclass(found, SSLError | Wrong):
                assert issubclass(found, EdgeError), f"{info.name}.{name}"


def test_nothing_catches_everything_silently() -> None:
    for file in Path(edge.__path__[0]).rglob("*.py"):
        found = re.search(r"except(?: Base)?(?: Exception)?:\s*\n\s*pass", file.read_text())
        assert not found, file


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2028", "\u034f", "\u115f", "\u2800", "\u3164", "\uffa0"]
)
def test_no_message_has_anything_invisible(hidden: str) -> None:
    assert str(EdgeError(f"a{hidden}b")) == "a b"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("", "no reason given"),
        (" ", "no reason given"),
        ("GET /x: ", "GET /x: no reason given"),
        ("Wrong PIN", "Wrong PIN"),
    ],
)
def test_a_refusal_without_a_reason_says_so(message: str, shown: str) -> None:
    assert str(RefusedError(message)) == shown
