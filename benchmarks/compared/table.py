"""The table of a family, as Markdown: a line for each thing measured, a column for each side."""

from collections.abc import Iterable
from typing import Any

from .family import Family

SHORT = 160
"""Characters of what an action says."""
FEW = 10.0
"""Seconds that are shown with decimals."""

type Run = list[dict[str, Any]]
"""The results of one run, in order."""


def markdown(family: Family, sides: dict[str, list[Run | None]]) -> str:
    """Return the table of a family."""
    runs = {side: [run for run in of_side if run] for side, of_side in sides.items()}
    other = f"Home Assistant: `{family.domain}`"
    if custom := family.custom:
        other = f"[{custom.repository.rpartition('/')[2]}](https://github.com/{custom.repository})"
    head = f"| | {other} | LAN Edge |\n| --- | --- | --- |"
    return "\n".join((head, *(_line(runs, what) for what in _rows(runs))))


def _line(runs: dict[str, list[Run]], what: str) -> str:
    return f"| {what} | {' | '.join(_cell(of_side, what) for of_side in runs.values())} |"


def _rows(runs: dict[str, list[Run]]) -> Iterable[str]:
    """Return what was measured, in order; one side may lack a line."""
    every = [run for of_side in runs.values() for run in of_side]
    longest_first = sorted(every, key=len, reverse=True)
    return dict.fromkeys(result["what"] for run in longest_first for result in run)


def _cell(runs: list[Run], what: str) -> str:
    """Return what the runs of one side say of one thing, each said once."""
    told = [_text(r) for run in runs for r in run if r["what"] == what]
    return "; ".join(dict.fromkeys(told)) or "-"


def _text(result: dict[str, Any]) -> str:
    seconds = result["seconds"]
    if seconds is None:
        return str(result["words"]).replace("|", "/")[:SHORT]
    return f"{seconds:.2f} s" if seconds < FEW else f"{seconds:.0f} s"
