"""The table: medians and ratios of one run, as Markdown and as JSON."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
import os
from pathlib import Path
import platform
from statistics import median
import sys
from typing import Any

import orjson

from .bench import Bench, Row
from .figures import ALONE, TRAFFIC
from .systems import BY_NAME

BEGIN, END = "<!-- figures: generated -->", "<!-- /figures -->"
HEAD = "| | system | median [min - max] | / yardstick | target |\n|---|---|---|---|---|"


def machine() -> str:
    """Return the machine and the versions with which it was measured."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    kind = models[0] if models else platform.machine()
    return (
        f"{os.cpu_count()} x {kind}; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; Home Assistant {version('homeassistant')}"
    )


def markdown(bench: Bench) -> str:
    """Return the whole table."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    parts = [f"{day}, {bench.options.repetitions} repetitions, {machine()}."]
    for figure, module in (TRAFFIC | ALONE).items():
        if figure not in bench.values and figure not in bench.notes:
            continue
        parts.append(f"### {(module.__doc__ or '').splitlines()[0]}")
        if rows := bench.values.get(figure):
            lines = [line for row, systems in rows.items() for line in _lines(row, systems)]
            parts.append("\n".join((HEAD, *lines)))
        if notes := bench.notes.get(figure):
            parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join(parts)


def _lines(row: Row, systems: dict[str, list[float]]) -> Iterator[str]:
    name = row.name
    for system, values in sorted(systems.items(), key=lambda s: list(BY_NAME).index(s[0])):
        ratios = ratios_of(row, systems, system)
        measured = spread(values, row.unit)
        cells = (name, system, measured, spread(ratios, ""), _target(row, system, values, ratios))
        yield f"| {' | '.join(cells)} |"
        name = ""


def ratios_of(row: Row, systems: dict[str, list[float]], system: str) -> list[float]:
    """Return a system's ratios to the row's yardstick, each within its repetition."""
    base, values = systems.get(row.to, []), systems[system]
    if not base or system == row.to or len(base) != len(values):
        return []
    return [v / b for v, b in zip(values, base, strict=True) if b]


def spread(values: Sequence[float], unit: str) -> str:
    """Return a median with its range."""
    if not values:
        return ""
    low, high = _number(min(values)), _number(max(values))
    return f"{_number(median(values))} {unit} [{low} - {high}]".replace("  ", " ")


def _number(value: float) -> str:
    if abs(value) >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"  # noqa: PLR2004


def _target(row: Row, system: str, values: list[float], ratios: list[float]) -> str:
    target = row.target
    if target is None or system != target.of:
        return ""
    bound = f"{'>=' if target.at_least else '<='} {target.bound:,g}"
    measured = ratios if target.to else values
    if not measured:
        return bound
    return f"{bound} {'kept' if target.is_kept(median(measured)) else '**missed**'}"


def document(bench: Bench) -> dict[str, Any]:
    """Return everything that was measured, as JSON data."""
    figures = {
        figure: [
            {"row": row.name, "unit": row.unit, "to": row.to, "systems": systems}
            for row, systems in rows.items()
        ]
        for figure, rows in bench.values.items()
    }
    return {
        "at": datetime.now(UTC).isoformat(),
        "machine": machine(),
        "arguments": sys.argv[1:],
        "figures": figures,
        "notes": bench.notes,
    }


def keep(bench: Bench, folder: Path) -> Path:
    """Write everything that was measured into a new file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.now(UTC).strftime('%Y-%m-%d-%H%M%S')}.json"
    path.write_bytes(orjson.dumps(document(bench), option=orjson.OPT_INDENT_2))
    return path


def write(table: str, page: Path) -> None:
    """Replace the table in a page."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
