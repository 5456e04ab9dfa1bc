"""The drivers that the texts in docs/examples become."""

from pathlib import Path
from typing import Any

from lan_edge import Driver, compile_description, read_description
from tests.docs.pages import ROOT

EXAMPLES = ROOT / "docs/examples"
CHAOS = ROOT / "tests/network/chaos/texts"


def described(name: str) -> type[Driver[Any]]:
    """Return the driver of a text, a class of its own each time."""
    return compiled(text_of(name))


def text_of(name: str) -> str:
    """Return a text."""
    return Path(EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")


def text_in_chaos(name: str) -> str:
    """Return a text of the chaos test's."""
    return Path(CHAOS / f"{name}.yaml").read_text(encoding="utf-8")


def compiled(text: str) -> type[Driver[Any]]:
    """Return the driver that a text becomes."""
    return compile_description(read_description(text))
