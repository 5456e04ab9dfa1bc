"""Imports point one way; see the layers in docs/architecture.md.

The checks read the source, so that a lazy import counts as well.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
import shutil

import pytest

INTEGRATION = Path(__file__).parents[1] / "custom_components" / "lan_edge"

LAYERS = (
    "errors",
    "flag",
    "framing",
    "schema",
    "arguments",
    "capability",
    "capabilities",
    "intents",
    "confirm",
    "settings",
    "discovery",
    "trace",
    "history",
    "tls",
    "pairing",
    "listener",
    "deadline",
    "silence",
    "transports",
    "whereabouts",
    "gate",
    "attempts",
    "pauses",
    "availability",
    "heart",
    "connection",
    "profile",
    "record",
    "dispatcher",
    "pilot",
    "guard",
    "state",
    "expectation",
    "call",
    "timers",
    "turn",
    "hub",
    "known",
    "session",
    "commanded",
    "device",
    "handling",
    "check",
    "driver",
    "registry",
    "search",
    "probe",
    "loader",
    "drivers",
    "cli",
)
"""Each imports only from those before it."""
ABSOLUTE = ("homeassistant", "custom_components", "lan_edge", "tests")
"""What the library must not import by name: it is also used without Home Assistant."""


type Import = tuple[tuple[str, ...], str, int]
"""The module a name comes from, as a path from the integration; the name; the line."""


@cache
def parse(source: str) -> ast.Module:
    """Parse a source, each only once."""
    return ast.parse(source)


def imports(file: Path, root: Path) -> Iterator[Import]:
    """Yield a file's relative imports."""
    package = file.relative_to(root).parts[:-1]
    for node in ast.walk(parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - node.level + 1]
            if node.level > len(package) + 1:
                above = ("..",)
            module = (*above, *(node.module or "").split(".")) if node.module else above
            for name in node.names:
                yield tuple(module), name.name, node.lineno


def absolute_imports(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the top packages a file imports by their full names."""
    for node in ast.walk(parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0], node.lineno


def layer_of(module: tuple[str, ...], name: str) -> str:
    """Return the layer of `from module import name`, as seen from the folder `edge`."""
    return module[1] if len(module) > 1 else name


def library_violations(root: Path) -> Iterator[str]:
    """Yield what is wrong in the library."""
    for file in sorted((root / "edge").rglob("*.py")):
        where = file.relative_to(root)
        own = where.parts[1].removesuffix(".py")
        for package, line in absolute_imports(file):
            if package in ABSOLUTE:
                yield f"{where}:{line}: the library imports {package}"
        for module, name, line in imports(file, root):
            if module[:1] != ("edge",):
                yield f"{where}:{line}: the library reaches above edge/"
            elif message := layer_violation(own, module, name):
                yield f"{where}:{line}: {message}"
    yield from unknown_layers(root)


def layer_violation(own: str, module: tuple[str, ...], name: str) -> str | None:
    """Say what is wrong with an import inside the library, or None."""
    other = layer_of(module, name)
    if own == "__init__":
        return f"edge/__init__.py imports {other}" if other in {"drivers", "cli"} else None
    if own == "drivers":
        inside = other == "drivers" or module == ("edge",)
        return None if inside else f"a driver imports edge.{other}, not edge's public names"
    if own == other or own not in LAYERS or other not in LAYERS:
        return None
    if own == "cli" and module == ("edge",):
        return None
    return None if LAYERS.index(other) < LAYERS.index(own) else f"{own} imports {other} above it"


def unknown_layers(root: Path) -> Iterator[str]:
    """Yield the modules that have no place in the order."""
    for path in sorted((root / "edge").iterdir()):
        name = path.name.removesuffix(".py")
        is_module = path.suffix == ".py" or path.is_dir()
        if is_module and name not in LAYERS and not name.startswith(("__", ".")):
            yield f"edge/{path.name}: no layer is named {name}"


def cycles(root: Path) -> Iterator[str]:
    """Yield a cycle among the modules of the library, if there is one."""
    graph: dict[str, set[str]] = {}
    for file in sorted((root / "edge").rglob("*.py")):
        own = ".".join(file.relative_to(root).with_suffix("").parts)
        targets = graph.setdefault(own, set())
        for module, name, _ in imports(file, root):
            path = root.joinpath(*module)
            inside = path / f"{name}.py"
            if inside.is_file():
                targets.add(".".join((*module, name)))
            elif path.with_suffix(".py").is_file():
                targets.add(".".join(module))
            elif path.is_dir() and ".".join(module) != "edge":
                targets.add(".".join((*module, "__init__")))
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as err:
        yield "a cycle: " + " -> ".join(err.args[1])


def public_names(root: Path) -> tuple[set[str], set[str]]:
    """Return the library's public names, and which of them are ways to talk."""
    tree = parse((root / "edge" / "__init__.py").read_text())
    public, transports = set[str](), set[str]()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            transports |= names if node.module == "transports" else set()
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            public |= {str(e.value) for e in node.value.elts if isinstance(e, ast.Constant)}
    return public, transports - {"Transport", "Options"}


def hub_violations(root: Path) -> Iterator[str]:
    """Yield what is wrong on Home Assistant's side."""
    public, transports = public_names(root)
    for file in sorted(root.glob("*.py")):
        for module, name, line in imports(file, root):
            if module[:1] != ("edge",):
                continue
            where = f"{file.name}:{line}: "
            if len(module) > 1:
                yield f"{where}imports from {'.'.join(module)}, not from edge"
            elif name in transports:
                yield f"{where}names the transport {name}"
            elif name not in public and (file.name, name) != ("__init__.py", "drivers"):
                yield f"{where}{name} is not public"


def violations(root: Path) -> list[str]:
    """Return everything that is wrong."""
    return [*library_violations(root), *cycles(root), *hub_violations(root)]


def test_imports_point_one_way() -> None:
    assert violations(INTEGRATION) == []


def test_every_public_name_is_imported_and_said() -> None:
    tree = parse((INTEGRATION / "edge" / "__init__.py").read_text())
    imported = {
        alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported == public_names(INTEGRATION)[0]


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("edge/turn.py", "import homeassistant.core", "imports homeassistant"),
        ("edge/turn.py", "from homeassistant import core", "imports homeassistant"),
        ("edge/turn.py", "def f():\n    import homeassistant", "imports homeassistant"),
        ("edge/turn.py", "from custom_components import lan_edge", "imports custom_components"),
        ("edge/turn.py", "from .. import const", "above edge/"),
        ("edge/turn.py", "from ..const import DOMAIN", "above edge/"),
        ("edge/transports/http.py", "from ...const import DOMAIN", "above edge/"),
        ("edge/errors.py", "from .framing import MAX_MESSAGE", "errors imports framing"),
        ("edge/transports/base.py", "from ..device import Device", "transports imports device"),
        ("edge/transports/base.py", "from ..connection import Status", "imports connection"),
        ("edge/transports/base.py", "from .http import Http", "a cycle"),
        ("edge/state.py", "def f():\n    from .device import Device", "state imports device"),
        ("edge/registry.py", "from .drivers import wemo", "registry imports drivers"),
        ("edge/device.py", "from . import drivers", "device imports drivers"),
        ("edge/__init__.py", "from . import drivers", "__init__.py imports drivers"),
        ("edge/drivers/wemo.py", "from ..transports import Http", "not edge's public names"),
        ("edge/drivers/wemo.py", "from ..device import Device", "not edge's public names"),
        ("edge/helpers.py", "", "no layer is named helpers"),
        ("switch.py", "from .edge.capabilities import Switch", "imports from edge.capabilities"),
        ("switch.py", "from .edge import Http", "names the transport Http"),
        ("switch.py", "from .edge import drivers", "drivers is not public"),
        ("switch.py", "from .edge.drivers.wemo import Wemo", "imports from edge.drivers.wemo"),
        ("switch.py", "from .edge import state", "state is not public"),
    ],
)
def test_a_planted_violation_is_found(file: str, line: str, said: str, tmp_path: Path) -> None:
    root = tmp_path / "lan_edge"
    shutil.copytree(INTEGRATION, root, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    with (root / file).open("a") as source:
        source.write(f"\n{line}\n")
    new = set(violations(root)) - set(violations(INTEGRATION))
    assert len(new) >= 1
    assert any(said in message for message in new)
    assert any(file.rsplit("/", maxsplit=1)[-1].removesuffix(".py") in message for message in new)
