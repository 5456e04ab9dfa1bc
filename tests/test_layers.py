"""Imports point one way: the rooms of both sides, bottom first, as docs/architecture.md draws them.

The checks read the source, so that a lazy import counts as well.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
import shutil
from typing import NamedTuple

import pytest

INTEGRATION = Path(__file__).parents[1] / "custom_components" / "lan_edge"

LIBRARY = (
    "sentences",
    "errors",
    "timing",
    "network",
    "diagnostics",
    "capabilities",
    "callbacks",
    "connection",
    "transports",
    "discovery",
    "driver",
    "declarative",
    "device",
    "finder",
    "cli",
)
"""The library's rooms: each imports only from those before it. `drivers` stands beside them."""
OWN_FILES = {"__init__.py", "sentences.py", "errors.py", "api.py", "py.typed"}
"""The files that the library has beside its rooms."""

HOME_ASSISTANT = (
    "const",
    "vol",
    "library",
    "errors",
    "reporting",
    "storage",
    "service_entry",
    "runtime",
    "entities",
    "coordinator",
    "driver_files",
    "description_files",
    "entity",
    "discovery",
    "actions",
    "flows",
    "describing",
    "platforms",
    "setup",
)
"""The rooms and files of Home Assistant's side."""
PLATFORMS = frozenset(
    [
        "alarm_control_panel",
        "binary_sensor",
        "button",
        "camera",
        "climate",
        "cover",
        "event",
        "fan",
        "humidifier",
        "image",
        "light",
        "lock",
        "media_player",
        "number",
        "select",
        "sensor",
        "siren",
        "switch",
        "text",
        "update",
        "vacuum",
        "valve",
    ]
)
SETUP = frozenset(
    [
        "__init__",
        "config_flow",
        "device_trigger",
        "diagnostics",
        "repairs",
        "services",
        "system_health",
    ]
)
"""What only Home Assistant itself looks for."""
FOREIGN = ("homeassistant", "custom_components", "tests")
"""What the library must not import: it is also used without Home Assistant."""


class Import(NamedTuple):
    """A name that a file imports."""

    module: tuple[str, ...]
    """Where it comes from: a path below the integration, or an absolute module."""
    name: str
    line: int
    is_relative: bool


@cache
def parse(source: str) -> ast.Module:
    """Parse a source, each only once."""
    return ast.parse(source)


def imports(file: Path, root: Path) -> list[Import]:
    """Return what a file imports, wherever in it."""
    return imports_of(file.read_text(), file.relative_to(root).parts[:-1])


@cache
def imports_of(source: str, package: tuple[str, ...]) -> list[Import]:
    """Return what a source in a package imports, looked for only once."""
    return list(each_import(source, package))


def each_import(source: str, package: tuple[str, ...]) -> Iterator[Import]:
    """Yield what a source in a package imports."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(tuple(alias.name.split(".")), "", node.lineno, is_relative=False)
        elif isinstance(node, ast.ImportFrom):
            module = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                above = package[: len(package) - node.level + 1]
                module = (*(above if node.level <= len(package) + 1 else ("..",)), *module)
            for alias in node.names:
                yield Import(module, alias.name, node.lineno, is_relative=bool(node.level))


# the library


def library_violations(root: Path) -> Iterator[str]:
    """Yield what is wrong in the library."""
    for file in sorted((root / "edge").rglob("*.py")):
        where = file.relative_to(root)
        room = where.parts[1].removesuffix(".py")
        if room not in {*LIBRARY, "drivers"} and file.name not in OWN_FILES:
            yield f"{where}: no room is named {room}"
        for each in imports(file, root):
            if room == "drivers" and is_of_same_driver(where, each):
                continue
            if said := library_violation(room, each):
                yield f"{where}:{each.line}: {said}"


def is_of_same_driver(where: Path, each: Import) -> bool:
    """Return whether a file of a driver that is a folder imports another one of that folder."""
    folder = where.parent.parts[: len(("edge", "drivers", "its folder"))]
    return (
        each.is_relative
        and len(folder) > len(("edge", "drivers"))
        and (each.module[: len(folder)] == folder)
    )


def library_violation(room: str, each: Import) -> str | None:
    """Say what is wrong with an import in a room of the library, or None."""
    if not each.is_relative:
        return absolute_violation(room, each)
    if each.module[:1] != ("edge",):
        return "the library reaches above edge/"
    if room == "drivers":
        return "a driver imports something else than `lan_edge`"
    other = each.module[1] if len(each.module) > 1 else each.name
    rooms = (*LIBRARY, "__init__")
    if room == other or room not in rooms:
        return None
    if room == "__init__" and f"{other}.py" in OWN_FILES:
        return None
    is_below = other in LIBRARY and LIBRARY.index(other) < rooms.index(room)
    return None if is_below else f"{room} imports {other}, which is not below it"


def absolute_violation(room: str, each: Import) -> str | None:
    """Say what is wrong with an import by a full name, or None."""
    top = each.module[0]
    if top == "lan_edge":
        is_allowed = room == "drivers" and each.module == ("lan_edge",)
        return None if is_allowed else f"imports {'.'.join(each.module)} by name"
    return f"the library imports {top}" if top in FOREIGN else None


def cycles(root: Path) -> Iterator[str]:
    """Yield a cycle among all modules, if there is one."""
    graph: dict[str, set[str]] = {}
    for file in sorted(root.rglob("*.py")):
        own = ".".join(file.relative_to(root).with_suffix("").parts)
        targets = graph.setdefault(own, set())
        for each in imports(file, root):
            path = root.joinpath(*each.module)
            if not each.is_relative:
                continue
            if (path / f"{each.name}.py").is_file():
                targets.add(".".join((*each.module, each.name)))
            elif path.with_suffix(".py").is_file():
                targets.add(".".join(each.module))
            elif path.is_dir() and each.module not in {(), ("edge",)}:
                targets.add(".".join((*each.module, "__init__")))
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as err:
        yield "a cycle: " + " -> ".join(err.args[1])


# Home Assistant's side


def public_names(root: Path) -> tuple[set[str], set[str]]:
    """Return the library's public names, and which of them are transports."""
    public, transports = set[str](), set[str]()
    for file in sorted((root / "edge").rglob("*.py")):
        for node in parse(file.read_text()).body:
            if isinstance(node, ast.Assign) and "__all__" in ast.unparse(node.targets[0]):
                names = set(ast.literal_eval(node.value))
                public |= names
                if file.parent.name == "transports":
                    transports |= names - {"Transport", "Options"}
    return public, transports


def room_of(where: Path) -> str:
    """Return the room, or the floor, of a file on Home Assistant's side."""
    top = where.parts[0].removesuffix(".py")
    return "platforms" if top in PLATFORMS else "setup" if top in SETUP else top


def home_assistant_violations(root: Path) -> Iterator[str]:
    """Yield what is wrong on Home Assistant's side."""
    public, transports = public_names(root)
    for file in sorted(root.rglob("*.py")):
        where = file.relative_to(root)
        if where.parts[0] == "edge":
            continue
        room = room_of(where)
        if room not in HOME_ASSISTANT:
            yield f"{where}: no room is named {room}"
            continue
        for each in imports(file, root):
            said = None
            if each.is_relative:
                said = home_assistant_violation(where, room, each)
            elif each.module[0] == "lan_edge" and room != "library":
                said = library_use_violation(each, public, transports)
            if said:
                yield f"{where}:{each.line}: {said}"


def library_use_violation(each: Import, public: set[str], transports: set[str]) -> str | None:
    """Say what is wrong with an import from the library, or None."""
    if each.module != ("lan_edge",):
        return f"imports from {'.'.join(each.module)}, not from lan_edge"
    if each.name in transports:
        return f"names the transport {each.name}"
    return None if each.name in public else f"{each.name} is not public"


def home_assistant_violation(where: Path, room: str, each: Import) -> str | None:
    """Say what is wrong with an import within Home Assistant's side, or None."""
    if each.module[:1] == ("edge",) or (not each.module and each.name == "edge"):
        return "imports the library by its folder, not as lan_edge"
    if each.module[:1] == ("..",):
        return "reaches above the integration"
    top = each.module[0] if each.module else each.name
    other = room_of(Path(top))
    if other not in HOME_ASSISTANT:
        return f"imports {top}, which is no room"
    if top == where.parts[0].removesuffix(".py"):
        return None
    if other == room == "platforms":
        return f"a platform imports {top}"
    is_below = HOME_ASSISTANT.index(other) < HOME_ASSISTANT.index(room)
    return None if is_below or other == room == "setup" else f"{room} imports {other} above it"


def violations(root: Path) -> list[str]:
    """Return everything that is wrong."""
    return [*library_violations(root), *cycles(root), *home_assistant_violations(root)]


# the tests


def test_imports_point_one_way() -> None:
    assert violations(INTEGRATION) == []


def test_the_library_has_few_files_beside_its_rooms() -> None:
    beside = {path.name for path in (INTEGRATION / "edge").iterdir() if path.is_file()}
    assert beside <= OWN_FILES


def test_home_assistant_finds_nothing_else_at_the_root() -> None:
    known = {*HOME_ASSISTANT, *PLATFORMS, *SETUP, "edge", "brand", "translations"}
    names = {p.name.removesuffix(".py") for p in INTEGRATION.iterdir()} - {"__pycache__"}
    data = {"icons.json", "manifest.json", "quality_scale.yaml", "services.yaml", "py.typed"}
    assert names - data <= known


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("edge/device/state.py", "import homeassistant.core", "imports homeassistant"),
        ("edge/device/state.py", "from homeassistant import core", "imports homeassistant"),
        ("edge/device/state.py", "def f():\n    import homeassistant", "imports homeassistant"),
        ("edge/device/state.py", "from custom_components import x", "imports custom_components"),
        ("edge/device/state.py", "from lan_edge import Device", "imports lan_edge by name"),
        ("edge/device/state.py", "from ... import const", "above edge/"),
        ("edge/device/state.py", "from ...const import DOMAIN", "above edge/"),
        ("edge/transports/http/http.py", "from ....const import DOMAIN", "above edge/"),
        ("edge/errors.py", "from .timing import Deadline", "errors imports timing"),
        ("edge/transports/base.py", "from ..device import Device", "transports imports device"),
        ("edge/callbacks/server.py", "from ..connection import Status", "imports connection"),
        ("edge/transports/base.py", "from .http.http import Http", "a cycle"),
        ("edge/device/state.py", "def f():\n    from .device import Device", "a cycle"),
        ("edge/driver/registry.py", "from ..drivers import wemo", "driver imports drivers"),
        ("edge/device/device.py", "from .. import drivers", "device imports drivers"),
        ("edge/__init__.py", "from . import drivers", "__init__ imports drivers"),
        ("edge/driver/loader.py", "from ..api import API_VERSION", "driver imports api"),
        ("edge/drivers/wemo.py", "from ..transports import Http", "else than `lan_edge`"),
        ("edge/drivers/wemo.py", "from .kasa import Kasa", "else than `lan_edge`"),
        ("edge/drivers/tuya/parts.py", "from ..kasa import Kasa", "else than `lan_edge`"),
        ("edge/drivers/meross/kinds/x.py", "from ...kasa import Kasa", "else than `lan_edge`"),
        ("edge/drivers/wemo.py", "from lan_edge.device import Device", "lan_edge.device by name"),
        ("edge/helpers.py", "", "no room is named helpers"),
        ("edge/helpers/network.py", "", "no room is named helpers"),
        ("switch.py", "from lan_edge.capabilities import Switch", "imports from lan_edge."),
        ("switch.py", "from lan_edge import Http", "names the transport Http"),
        ("switch.py", "from lan_edge import drivers", "drivers is not public"),
        ("climate/modes.py", "from lan_edge.drivers.wemo import Wemo", "imports from lan_edge."),
        ("flows/add.py", "from lan_edge import object_of", "object_of is not public"),
        ("switch.py", "from .edge import Switch", "by its folder"),
        ("switch.py", "from .light import LanEdgeLight", "a platform imports light"),
        ("climate/modes.py", "from ..light import LanEdgeLight", "a platform imports light"),
        ("coordinator.py", "from .entity import LanEdgeEntity", "coordinator imports entity"),
        ("storage.py", "def f():\n    from .flows import add", "storage imports flows"),
        ("flows/candidates.py", "from .add import AddDialog", "a cycle"),
        ("discovery/entries.py", "def f():\n    from .routing import route", "a cycle"),
        ("helpers.py", "", "no room is named helpers"),
    ],
)
def test_a_planted_violation_is_found(file: str, line: str, said: str, copy: Path) -> None:
    with appended(copy / file, line):
        new = set(violations(copy)) - violations_before(copy)
    assert any(said in message for message in new)
    assert any(Path(file).stem in message for message in new)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sources, the same for all that is planted, one after the other."""
    root = tmp_path_factory.mktemp("copy") / "lan_edge"
    shutil.copytree(INTEGRATION, root, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    violations_before(root)
    return root


@cache
def violations_before(root: Path) -> frozenset[str]:
    """Return what is wrong before anything is planted."""
    return frozenset(violations(root))


@contextmanager
def appended(file: Path, line: str) -> Iterator[None]:
    """Have a line at the end of a file, which may be new, for the time of a block."""
    before = file.read_text() if file.exists() else None
    file.parent.mkdir(exist_ok=True)  # an empty folder is nothing to what is checked
    file.write_text(f"{before or ''}\n{line}\n")
    try:
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)
