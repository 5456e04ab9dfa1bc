"""Mistakes of driver authors: found by mypy, by pyright strict, or when the file is loaded."""

from functools import cache
import importlib.util
import json
from pathlib import Path
import re
import subprocess
import sys

import pytest

from lan_edge import DriverError, drivers as bundled

LIBRARY = Path(bundled.__path__[0]).parent
EXAMPLES = Path(__file__).parents[3] / "docs/examples"

HEAD = '''"""A driver with a mistake."""

from lan_edge import (
    Attribute, Capability, Driver, Http, JsonRpc, Lines, Profile, PowerMeter, Range,
    Switch, SwitchLevel, Transport, command, handles,
)


class Relay(Driver[Http]):
    """A driver."""

    id = "relay"
    profile = Profile(Switch, SwitchLevel, PowerMeter)

'''
RIGHT = """
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/switch") == "on")
        self.emit(SwitchLevel.level, 50)
        self.emit(PowerMeter.power, 12.5)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.post("/level", str(level))
"""
LIKE_IT = """
    fades = False

    @handles(Switch.on)
    async def turn_on(self, tries: int = 3) -> None:
        await self.io.post("/switch", "on")

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int) -> None:
        await self.io.post("/level", str(level))


class Common[T: Transport](Driver[T]):
    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.ping()


class Rest(Common[Http]):
    async def refresh(self) -> None:
        await self.io.get_text("/switch")
"""
MISTAKES = {
    "text for a boolean": """
    async def refresh(self) -> None:
        self.emit(Switch.switch, "on")  # wrong
""",
    "text for a number": """
    async def refresh(self) -> None:
        self.emit(SwitchLevel.level, await self.io.get_text("/"))  # wrong
""",
    "fraction for a whole number": """
    async def refresh(self) -> None:
        self.emit(SwitchLevel.level, 5.5)  # wrong
""",
    "a list for a number": """
    async def refresh(self) -> None:
        self.emit(PowerMeter.power, [5])  # wrong
""",
    "missing argument": """
    @handles(SwitchLevel.set_level)  # wrong
    async def set_level(self) -> None:
        await self.io.post("/")
""",
    "argument of a wrong type": """
    @handles(SwitchLevel.set_level)  # wrong
    async def set_level(self, level: str, rate: float | None = None) -> None:
        await self.io.post("/", level)
""",
    "argument too many": """
    @handles(Switch.on)  # wrong
    async def turn_on(self, level: int) -> None:
        await self.io.post("/")
""",
    "argument of a wrong type without a time": """
    @handles(SwitchLevel.set_level)  # wrong
    async def set_level(self, level: str) -> None:
        await self.io.post("/", level)
""",
    "plain def": """
    @handles(Switch.on)  # wrong
    def turn_on(self) -> None:
        return None
""",
    "unknown method of the transport": """
    async def refresh(self) -> None:
        await self.io.fetch("/")  # wrong
""",
    "method of another transport": """
    async def refresh(self) -> None:
        await self.io.call("get")  # wrong
""",
    "wrong argument to the transport": """
    async def refresh(self) -> None:
        await self.io.post("/", 5)  # wrong
""",
    "unknown command": """
    @handles(Switch.toggle)  # wrong
    async def toggle(self) -> None:
        await self.io.post("/")
""",
    "unknown hook signature": """
    async def refresh(self, deep: bool) -> None:  # wrong
        await self.io.get("/")
""",
}


@cache
def package_folder(path: Path) -> Path:
    """Return a folder with the library as the package lan_edge, and a file for each mistake."""
    path.mkdir(exist_ok=True)
    (path / "lan_edge").symlink_to(LIBRARY, target_is_directory=True)
    for name, body in {"right": RIGHT, "like it": LIKE_IT, **MISTAKES}.items():
        (path / f"{module_name(name)}.py").write_text(HEAD + body)
    return path


def module_name(name: str) -> str:
    """Return the name of a case's file."""
    return "case_" + name.replace(" ", "_")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_folder(tmp_path_factory.getbasetemp() / "typing")


type ErrorLines = dict[str, set[int]]
"""The lines with errors, by the stem of the file."""


@pytest.fixture(scope="module")
def mypy(folder: Path) -> ErrorLines:
    files = sorted(f.name for f in folder.glob("case_*.py"))
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ".cache", *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    errors: ErrorLines = {}
    for file, line in re.findall(r"^(\w+)\.py:(\d+): error", done.stdout, re.MULTILINE):
        errors.setdefault(file, set()).add(int(line))
    assert not done.stderr, done.stderr
    return errors


@pytest.fixture(scope="module")
def pyright(folder: Path) -> ErrorLines:
    settings = {"typeCheckingMode": "strict", "include": ["case_*.py"], "pythonVersion": "3.14"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    tool = Path(sys.executable).parent / "pyright"
    command = [str(tool), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    errors: ErrorLines = {}
    for each in json.loads(done.stdout)["generalDiagnostics"]:
        if each["rule"] != "reportUnusedImport":
            line = each["range"]["start"]["line"] + 1
            errors.setdefault(Path(each["file"]).stem, set()).add(line)
    return errors


def wrong_lines(name: str) -> set[int]:
    """Return the marked lines of a case; an error of a decorator may be at its function."""
    lines = (HEAD + MISTAKES[name]).splitlines()
    marked = next(n for n, line in enumerate(lines, 1) if line.endswith("# wrong"))
    return {marked, marked + 1} if lines[marked - 1].strip()[0] == "@" else {marked}


@pytest.mark.parametrize("name", MISTAKES)
def test_mypy_finds(name: str, mypy: ErrorLines) -> None:
    errors = mypy.get(module_name(name), set())
    assert errors & wrong_lines(name)


@pytest.mark.parametrize("name", MISTAKES)
def test_pyright_finds(name: str, pyright: ErrorLines) -> None:
    errors = pyright.get(module_name(name), set())
    assert errors & wrong_lines(name)


def test_nothing_is_found_in_a_correct_driver(mypy: ErrorLines, pyright: ErrorLines) -> None:
    for case in ("case_right", "case_like_it"):
        assert case not in mypy
        assert case not in pyright


LOADED = '''"""A driver with a mistake."""

from lan_edge import (
    Component, Driver, Http, HttpOptions, JsonRpcOptions, Mdns, Profile, Switch, SwitchLevel,
    handles,
)


class Relay(Driver[Http]):
    id = "relay"
    profile = Profile(Switch)
    {line}

    @handles(Switch.on)
    {on}
        pass

    @handles(Switch.off)
    async def turn_off(self) -> None:
        pass
'''
ON = "async def turn_on(self) -> None:"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"on": "def turn_on(self) -> None:"}, "turn_on handles switch.on but is not async"),
        ({"on": "async def turn_on(self, level) -> None:"}, "switch.on, which takes nothing"),
        (
            {"line": "@handles(SwitchLevel.set_level)\n    async def dim(self, level): pass"},
            "dim handles switchLevel.setLevel, but the profile does not have switchLevel",
        ),
        (
            {"line": "profile = Profile(Switch, SwitchLevel)"},
            "no handler for switchLevel.setLevel",
        ),
        ({"line": "profile = None"}, "it declares no profile"),
        ({"line": 'id = "Relay 1"'}, "id 'Relay 1' is not lower_case"),
        ({"line": "options = JsonRpcOptions()"}, "options must be a HttpOptions"),
        (
            {"line": "options = HttpOptions(answers_within=21)"},
            "answers_within exceeds the 20 s that a command may take",
        ),
        ({"line": "settings: int"}, "is not a frozen dataclass"),
        ({"line": 'private = ("alias")'}, "private is 'alias', not a tuple of names"),
        ({"line": 'private = ("alias", "")'}, "not a tuple of names"),
        ({"line": "async def refesh(self): pass"}, "refesh is probably meant to be refresh"),
        ({"line": "def on_mesage(self, m): pass"}, "on_mesage is probably meant to be on_message"),
        ({"line": "disocvery = ()"}, "disocvery is probably meant to be discovery"),
        ({"line": "async def on_message(self, m): pass"}, "on_message must be a plain `def`"),
        ({"line": "def refresh(self): pass"}, "refresh must be `async def`"),
        ({"line": "async def refresh(self, all): pass"}, "refresh must take (self)"),
        ({"line": "def on_message(self): pass"}, "on_message must take (self, message)"),
        ({"line": "def can_handle(self, who): pass"}, "can_handle must be a class method"),
        ({"line": 'options = HttpOptions(port="4999")'}, "the option port is '4999', not a whole"),
        (
            {"line": "options = HttpOptions(timeout=None)"},
            "the option timeout is None, not a number",
        ),
        ({"line": 'poll = "10"'}, "poll is '10', not a number of seconds above 0"),
        ({"line": "poll = 0"}, "poll is 0, not a number of seconds above 0"),
        ({"line": 'confirm = "read"'}, "confirm is 'read', not one of Confirm.PUSH"),
        ({"line": "confirm_within = None"}, "confirm_within is None, not a number of seconds"),
        (
            {"line": 'discovery = (Mdns("_a._tcp.local."))'},
            "discovery is Mdns(...), not a tuple of matchers: ",
        ),
        ({"line": "name = lambda self: 'x'"}, "name is a function, not text"),
        ({"line": "parts = Switch"}, "with a comma after a single one: (Switch,)"),
        ({"line": "id = 5"}, "id is 5, not text"),
        ({"line": 'id = ""'}, "it declares no id"),
        (
            {"line": "@handles(Switch.on)\n    async def switch_on(self): pass"},
            "switch_on and turn_on both handle switch.on",
        ),
    ],
)
def test_loading_finds(change: dict[str, str], message: str, tmp_path: Path) -> None:
    file = tmp_path / "broken_relay.py"
    file.write_text(LOADED.format(**{"line": "", "on": ON, **change}))
    with pytest.raises(DriverError) as caught:
        load(file)
    assert message in str(caught.value)
    assert re.search(rf"driver Relay \({re.escape(str(file))}:[789]\)", str(caught.value))


def test_loading_finds_no_transport(tmp_path: Path) -> None:
    file = tmp_path / "broken_relay.py"
    file.write_text(LOADED.format(line="", on=ON).replace("Driver[Http]", "Driver"))
    with pytest.raises(DriverError, match="it names no transport"):
        load(file)


def test_loading_finds_a_template_that_names_nothing(tmp_path: Path) -> None:
    file = tmp_path / "broken_relay.py"
    line = 'discovery = (Mdns("_a._tcp.local.", unique_id="{text[id]}"),)'
    file.write_text(LOADED.format(line=line, on=ON))
    with pytest.raises(DriverError, match=r"Mdns: the template '\{text\[id\]\}' cannot be filled"):
        load(file)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('profile = Profile("switch")', "Profile takes capabilities such as Switch, not 'switch'"),
        ("profile = Profile(main=Switch)", "Profile: main is <class"),
        ("profile = Profile(main=Component(Switch))", "a tuple of capabilities, such as (Switch,)"),
        ("profile = Profile(main=Component((5,)))", "Component takes capabilities such as"),
        ('@handles("on")\n    async def on(self): pass', "@handles takes a command such as"),
        ('discovery = (Mdns("_a._tcp"),)', "Mdns: '_a._tcp' is not a service type"),
        ('discovery = (Mdns("a.local."),)', "Mdns: 'a.local.' is not a service type"),
        ('discovery = (Mdns("_a._tcp.local.", name=5),)', "Mdns: the template 5 is not text"),
        (
            'discovery = (Mdns("_a._tcp.local.", model="{txt}{x}"),)',
            "Mdns: the template '{txt}{x}' cannot be filled",
        ),
    ],
)
def test_a_mistake_in_what_is_declared_says_what_is_expected(
    line: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "broken_relay.py"
    file.write_text(LOADED.format(line=line, on=ON))
    with pytest.raises(DriverError) as caught:
        load(file)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "poll = None",
        "poll = 0.5",
        "options = HttpOptions(timeout=5)",
        "def connect(self): pass",
        "def refreshed(self, all): pass",
        "pools = 5",
        "async def refresh(self, *args, **kwargs): pass",
    ],
)
def test_what_is_no_mistake(line: str, tmp_path: Path) -> None:
    file = tmp_path / "right_relay.py"
    file.write_text(LOADED.format(line=line, on=ON))
    load(file)


def test_a_correct_driver_loads(tmp_path: Path) -> None:
    file = tmp_path / "right_relay.py"
    file.write_text(LOADED.format(line="", on=ON))
    load(file)


def load(file: Path) -> None:
    """Run a driver's file, without registering it."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[file.stem]


@pytest.mark.parametrize(("name", "bar"), [("rest_switch", 16), ("json_bulb", 24)])
def test_example_drivers_are_short(name: str, bar: int) -> None:
    source = (EXAMPLES / f"{name}.py").read_text()
    assert lines_of_code(source) <= bar


def lines_of_code(source: str) -> int:
    """Count the lines that are neither blank, a comment nor a docstring."""
    without = re.sub(r'^\s*"""(?:.|\n)*?"""', "", source, flags=re.MULTILINE)
    return sum(1 for line in without.splitlines() if line.strip() and line.strip()[0] != "#")


def test_counting_lines() -> None:
    assert lines_of_code('"""One\n\ntwo."""\n\n# no\nx = 1  # yes\n\n\ny = 2\n') == 2
