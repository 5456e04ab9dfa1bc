"""The table of a family, as Markdown: a line for each thing measured, a column for each side."""

from collections.abc import Iterable
from typing import Any

from .families import Family

SHORT = 160
"""Characters of what an action says."""
FEW = 10.0
"""Seconds that are shown with decimals."""

type Run = list[dict[str, Any]]
"""The results of one run, in order."""


def markdown(family: Family, sides: dict[str, list[Run | None]]) -> str:
    """Return the table of a family."""
    runs = {side: [run for run in of_side if run] for side, of_side in sides.items()}
    head = f"| | Home Assistant: `{family.domain}` | LAN Edge |\n| --- | --- | --- |"
    return "\n".join((head, *(_line(runs, what) for what in _rows(runs))))


def _line(runs: dict[str, list[Run]], what: str) -> str:
    return f"| {what} | {' | '.join(_cell(of_side, what) for of_side in runs.values())} |"


def _rows(runs: dict[str, list[Run]]) -> Iterable[str]:
    """Return what was measured, in order; one side may lack a line."""
    every = [run for of_side in runs.values() for run in of_side]
    longest = max(every, key=len, default=[])
    return [result["what"] for result in longest]


def _cell(runs: list[Run], what: str) -> str:
    """Return what the runs of one side say of one thing, each said once."""
    told = [_text(r) for run in runs for r in run if r["what"] == what]
    return "; ".join(dict.fromkeys(told)) or "-"


def _text(result: dict[str, Any]) -> str:
    seconds = result["seconds"]
    if seconds is None:
        return str(result["words"]).replace("|", "/")[:SHORT]
    return f"{seconds:.2f} s" if seconds < FEW else f"{seconds:.0f} s"
