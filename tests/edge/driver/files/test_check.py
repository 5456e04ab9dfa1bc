"""Everything that is wrong in a driver file is found when it is loaded, where it is."""

from pathlib import Path

import pytest

from lan_edge import LoadFailure, check_file

from .conftest import Drivers

GOOD = '''"""Relay: a driver for the tests."""

from dataclasses import dataclass

from lan_edge import (
    Capability,
    Component,
    Confirm,
    Driver,
    Http,
    HttpOptions,
    LightIntent,
    Mdns,
    PowerMeter,
    Profile,
    Ssdp,
    Switch,
    SwitchLevel,
    handles,
    register,
)


@dataclass(frozen=True)
class Settings:
    fade: int = 1


@dataclass
class Memory:
    token: str = ""


@register
class Relay(Driver[Http]):
    id = "relay"
    discovery = (Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)
    profile = Profile(Switch, SwitchLevel)
    options = HttpOptions(
        base="/api",
        port=4999,
    )
    poll = 10
    confirm = Confirm.READ
    settings: Settings
    memory: Memory

    async def refresh(self) -> None:
        await self.read("/state")

    async def read(self, path: str) -> None:
        self.emit(Switch.switch, await self.io.get_text(path) == "on")

    def on_message(self, message: object) -> None:
        """Nothing."""

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/off")

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        await self.io.post("/level", str(level))
'''

COMMA = "put them in parentheses, with a comma after a single one: (Mdns(...),)"
MISTAKES: dict[str, tuple[str, str, str]] = {
    # what is written, what is written instead (marked with #!), and what is said of it
    "a misspelt hook": (
        "async def refresh(",
        "async def refesh(  #!\n        ",
        "refesh is probably meant to be refresh: rename it",
    ),
    "another": (
        "def on_message(",
        "def on_mesage(  #!\n        ",
        "on_mesage is probably meant to be on_message: rename it",
    ),
    "a third": (
        "poll = 10",
        "async def conected(self): pass  #!",
        "conected is probably meant to be connected: rename it",
    ),
    "a fourth": (
        "discovery = (",
        "discoverys = (  #!\n        ",
        "discoverys is probably meant to be discovery: rename it",
    ),
    "a fifth": ("poll = 10", "pol = 10  #!", "pol is probably meant to be poll: rename it"),
    "a sixth": (
        "poll = 10",
        "handels = {}  #!",
        "handels is probably meant to be handlers: rename it",
    ),
    "an attribute like one": (
        "poll = 10",
        "push = True  #!",
        "push is probably meant to be pushed: rename it",
    ),
    "an option": (
        "poll = 10",
        "timeout = 5  #!",
        "meant to be the option timeout: write options = HttpOptions(timeout=...)",
    ),
    "async on_message": (
        "def on_message(",
        "async def on_message(  #!\n        ",
        "on_message must be a plain `def`, not `async def`: leave out `async`",
    ),
    "plain refresh": (
        "async def refresh(self) -> None:\n        await",
        "def refresh(self) -> None:  #!\n        ",
        "refresh must be `async def`: put `async` before `def`",
    ),
    "a hook with other parameters": (
        "def on_message(self, message: object)",
        "def on_message(self)",
        "on_message must take (self, message): write def on_message(self, message)",
    ),
    "no class method": (
        "poll = 10",
        "def can_handle(cls, identity): return True  #!",
        "can_handle must be a class method: put @classmethod before it",
    ),
    "no @register": (
        "@register\nclass Relay(Driver[Http]):",
        "class Relay(Driver[Http]):  #!",
        "driver Relay is not used: put @register before it",
    ),
    "a port in quotes": (
        "port=4999,",
        'port="4999",  #!',
        "the option port is '4999', not a whole number: write port=4999",
    ),
    "an option that does not exist": ("port=4999,", "prot=4999,", "prot"),
    "a poll in quotes": (
        "poll = 10",
        'poll = "10"  #!',
        "poll is '10', not a number of seconds above 0, or None: write the number of seconds",
    ),
    "a confirm in quotes": (
        "confirm = Confirm.READ",
        'confirm = "read"  #!',
        "confirm is 'read', not one of Confirm.PUSH, READ, ECHO and ANSWER: write the member",
    ),
    "a confirm of a handler in quotes": (
        "@handles(Switch.on)",
        '@handles(Switch.on, confirm="read")  #!',
        "@handles: confirm is 'read', not one of Confirm.PUSH, READ, ECHO and ANSWER",
    ),
    "two handlers for one command": (
        "@handles(Switch.off)\n    async def turn_off(self) -> None:",
        (
            "@handles(Switch.on, )\n    @handles(Switch.off)\n"
            "    async def turn_off(self) -> None:  #!"
        ),
        "turn_on and turn_off both handle switch.on: remove one, or the @handles(Switch.on) before",
    ),
    "a service type that is none": (
        'Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),',
        '\n        Mdns("_relay._tcp"),  #!\n    ',
        "Mdns: '_relay._tcp' is not a service type: write it as in _relay._tcp.local.",
    ),
    "a service type without the last dot": (
        'Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),',
        '\n        Mdns("_relay._tcp.local"),  #!\n    ',
        "Mdns: '_relay._tcp.local' is not a service type: write it as in _relay._tcp.local.",
    ),
    "no comma": (
        '(Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)',
        '(Mdns("_relay._tcp.local."))  #!',
        f"not a tuple of matchers: {COMMA}",
    ),
    "a capability in quotes": (
        "Profile(Switch, SwitchLevel)",
        'Profile("switch")  #!',
        "Profile takes capabilities such as Switch, not 'switch'",
    ),
    "no tuple of capabilities": (
        "Profile(Switch, SwitchLevel)",
        "Profile(Switch, SwitchLevel, outlet=Component(Switch))  #!",
        "Component takes a tuple of capabilities, such as (Switch,), not",
    ),
    "a capability instead of a component": (
        "Profile(Switch, SwitchLevel)",
        "Profile(Switch, SwitchLevel, outlet=Switch)  #!",
        "Profile: outlet is",
    ),
    "no profile": ("profile = Profile(Switch, SwitchLevel)", "", "it declares no profile"),
    "a command in quotes": (
        "@handles(Switch.on)",
        '@handles("on")  #!',
        "@handles takes a command such as Switch.on, not 'on'",
    ),
    "a bad template": (
        '"{txt[id]}"',
        '"{text[id]}"  #!\n    ',
        "Mdns: the template '{text[id]}' cannot be filled",
    ),
    "an expression that could take long": (
        '"{txt[id]}"',
        'r"{txt[id].find((.*)-(.*)).lower}"  #!\n    ',
        (
            "'(.*)-(.*)' could take long: write '{txt[id].find(^(.*)-(.*)).lower}', which only"
            " looks at the beginning"
        ),
    ),
    "an expression that takes long from the beginning, too": (
        '"{txt[id]}"',
        'r"{txt[id].find((.*)-(.*)-(.*))}"  #!\n    ',
        "could take long: use fewer of * and +, such as [^-]* for all up to a hyphen, and none",
    ),
    "a capability that the profile lacks": (
        "poll = 10",
        "\n    @handles(PowerMeter.x)  #!\n    async def x(self): pass",
        "type object 'PowerMeter' has no attribute 'x'",
    ),
    "a handler for what the profile lacks": (
        "Profile(Switch, SwitchLevel)",
        "Profile(Switch)",
        (
            "set_level handles switchLevel.setLevel, but the profile does not have switchLevel: add"
            " SwitchLevel to the profile or to parts"
        ),
    ),
    "no handler": (
        "    @handles(SwitchLevel.set_level)\n",
        "",
        (
            "no handler for switchLevel.setLevel: add a method with"
            " @handles(SwitchLevel.set_level), or leave SwitchLevel out of the profile"
        ),
    ),
    "a handler with other parameters": (
        "async def set_level(self, level: int, rate: float | None = None) -> None:",
        "async def set_level(self, level: int) -> None:  #!",
        (
            "set_level handles switchLevel.setLevel, which takes ['level', 'rate']: write async def"
            " set_level(self, level, rate)"
        ),
    ),
    "a plain handler": (
        "async def turn_on(self) -> None:\n        await",
        "def turn_on(self) -> None:  #!\n        ",
        "turn_on handles switch.on but is not async: put `async` before `def`",
    ),
    "an id with blanks": ('id = "relay"', 'id = "Relay 1"  #!', "id 'Relay 1' is not lower_case"),
    "no id": ('id = "relay"', "", 'it declares no id: write id = "my_device"'),
    "no transport": (
        "class Relay(Driver[Http]):",
        "class Relay(Driver):  #!",
        "it names no transport: write class Relay(Driver[Http])",
    ),
    "options of another transport": (
        'options = HttpOptions(\n        base="/api",\n        port=4999,\n    )',
        "from lan_edge import UdpOptions\n    options = UdpOptions()  #!",
        "options must be a HttpOptions: write options = HttpOptions(...)",
    ),
    "settings that can change": (
        "@dataclass(frozen=True)",
        "@dataclass",
        "is not a frozen dataclass",
    ),
    "a setting without default": (
        "fade: int = 1",
        "fade: int  #!",
        "settings: fade has no default",
    ),
    "a setting of another type": (
        "fade: int = 1",
        "fade: list[int] | None = None  #!",
        "settings: fade: list[int] is not a supported type of value",
    ),
    "a login in quotes": (
        "port=4999,",
        'login="secret",  #!',
        "the option login is 'secret', not a Login or a function: write login=Login(...)",
    ),
    "a search port in quotes": (
        '(Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)',
        '(Ssdp("urn:x", search_port="1982"),)  #!',
        "the argument search_port is '1982', not a whole number: write search_port=1982",
    ),
    "an async class method": (
        "poll = 10",
        "@classmethod\n    async def can_handle(cls, identity): return True  #!",
        "can_handle must be a plain `def`: leave out `async`",
    ),
    "no method": (
        "poll = 10",
        "goodbye = True  #!",
        "goodbye is True, but the framework calls it: write a method, or",
    ),
    "a handler without self": (
        "async def turn_on(self) -> None:\n        await self.io.post",
        "async def turn_on() -> None:  #!\n        print",
        "turn_on takes no self: write async def turn_on(self)",
    ),
    "an intent with other parameters": (
        (
            "@handles(SwitchLevel.set_level)\n    async def set_level(self, level: int, rate:"
            " float | None = None) -> None:"
        ),
        "@handles(LightIntent)\n    async def set_level(self, level: int, rate: int) -> None:  #!",
        (
            "set_level handles LightIntent, which is passed as one argument: write async def"
            " set_level(self, intent: LightIntent)"
        ),
    ),
    "a list of matchers": (
        '(Mdns("_relay._tcp.local.", unique_id="{txt[id]}"),)',
        '[Mdns("_relay._tcp.local.", unique_id="{txt[id]}")]  #!',
        f"not a tuple of matchers: {COMMA}",
    ),
    "what is pushed without a comma": (
        "poll = 10",
        "pushed = (Switch.switch)  #!",
        "pushed is not a tuple of attributes: put them in parentheses, with a comma",
    ),
    "a flag in quotes": (
        "poll = 10",
        'on_first = "yes"  #!',
        "on_first is 'yes', not True or False",
    ),
    "a name that is not imported": (
        "poll = 10",
        "poll = SECONDS  #!",
        "NameError: name 'SECONDS' is not defined",
    ),
    "a name that the library does not have": (
        "from dataclasses import dataclass",
        "from dataclasses import dataclass\nfrom lan_edge import Drivver  #!",
        "ImportError: cannot import name 'Drivver' from 'lan_edge'",
    ),
    "syntax": ("poll = 10", "poll = = 10  #!", "invalid syntax"),
}


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "relay.py"
    file.write_text(text)
    return file


def marked_line(text: str) -> int:
    """Return the line that ends with a mark; 0 if there is none."""
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.rstrip().endswith("#!")), 0)


def test_nothing_is_found_in_a_correct_file(tmp_path: Path) -> None:
    assert check_file(written(tmp_path, GOOD)) == []


def test_nothing_is_found_in_classes_that_drivers_have_in_common(tmp_path: Path) -> None:
    text = """
from typing import TYPE_CHECKING

from lan_edge import Driver, Http, JsonRpc, Profile, Switch, Transport, handles, register

if TYPE_CHECKING:
    from collections.abc import Sequence

class Common[T: Transport](Driver[T]):
    profile = Profile(Switch)

    @handles(Switch.on)
    async def turn_on(self, tries: Sequence[int] = ()) -> None: ...

    @handles(Switch.off)
    async def turn_off(self, **more: Sequence[int]) -> None: ...

class Middle[T: Transport](Common[T]):
    pass

@register
class Rest(Middle[Http]):
    id = "rest"

    def on_message(self, message: Sequence[int]) -> None: ...

@register
class Rpc(Common[JsonRpc]):
    id = "rpc"
"""
    assert check_file(written(tmp_path, text)) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    old, new, said = MISTAKES[name]
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    mistakes = check_file(written(tmp_path, text))
    (failure,) = mistakes
    assert said in str(failure)
    line = marked_line(text)
    assert failure.line == line or not line
    assert failure.line
    assert failure.file == str(tmp_path / "relay.py")


def test_all_are_found_at_once(tmp_path: Path) -> None:
    names = [
        "a name that the library does not have",
        "a setting without default",
        "no tuple of capabilities",
        "a port in quotes",
        "a poll in quotes",
        "a misspelt hook",
        "async on_message",
        "a command in quotes",
        "a handler with other parameters",
    ]
    text = GOOD
    for name in names:
        old, new, _ = MISTAKES[name]
        assert old in text
        text = text.replace(old, new, 1)
    mistakes = check_file(written(tmp_path, text))
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.rstrip().endswith("#!")]
    assert [failure.line for failure in mistakes] == lines
    said = "\n".join(map(str, mistakes))
    for name in names:
        assert MISTAKES[name][2] in said


def test_a_handler_that_another_one_hides(tmp_path: Path) -> None:
    text = GOOD.replace("async def turn_on(self)", "async def turn_off(self)")
    missing, hidden = check_file(written(tmp_path, text))
    assert str(hidden).endswith(
        "turn_off is defined again below, so this one does not count: give each handler a name of"
        " its own"
    )
    assert text.splitlines()[hidden.line - 2 : hidden.line] == [
        "    @handles(Switch.on)",
        "    async def turn_off(self) -> None:",
    ]
    assert "no handler for switch.on" in str(missing)


FALSE_FRIENDS = [
    "states = {}",
    "names = ()\n    couples = names",
    "def connect(self): pass",
    "def reconnected(self): pass",
    "def _refesh(self): pass",
    "pings = 5\n    count = pings",
    "PORT = 80",
    "def poller(self): return self.pol()\n\n    def pol(self): pass",
    "model = 'X'",
    "ring = 1",
    "async def pull(self): pass",
]


@pytest.mark.parametrize("line", FALSE_FRIENDS)
def test_what_only_looks_like_a_mistake(line: str, tmp_path: Path) -> None:
    text = GOOD.replace("poll = 10", f"poll = 10\n    {line}")
    assert check_file(written(tmp_path, text)) == []


POSTPONED = "from __future__ import annotations\n"
CANDLE = """

class Candle(Capability, id="own.candle"):
    flicker = Attribute(int, minimum=0, maximum=10)

    @command(sets="flicker")
    def set_flicker(self, flicker: Annotated[int, Range(0, 10)]) -> None: ...
"""
BASE = """

class Acme(Driver[Http]):
    options = HttpOptions(port=8080)

    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/") == "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/", "on", again=True)


@register
class Plug(Acme):
    id = "acme_plug"
    profile = Profile(Switch)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/", "off", again=True)


@register
class Button(Acme):
    id = "acme_button"
    profile = Profile(Momentary)

    @handles(Momentary.push)
    async def push(self) -> None:
        await self.io.post("/", "push", again=False)
"""
MIXIN = """

class Switching:
    @handles(Switch.on)
    async def turn_on(self) -> None: ...

    @handles(Switch.off)
    async def turn_off(self) -> None: ...


@register
class Plug(Switching, Driver[Http]):
    id = "acme_plug"
    profile = Profile(Switch)


@register
class Pro(Plug):
    @classmethod
    def can_handle(cls, identity): return identity.model == "pro"
"""
IMPORTS = (
    "from typing import Annotated\n"
    "from lan_edge import Attribute, Momentary, Range, command, Stored, Label\n"
)


def with_imports(text: str) -> str:
    """Return a driver file that imports more."""
    return text.replace("from lan_edge import (", f"{IMPORTS}from lan_edge import (", 1)


WAYS_TO_WRITE = {
    "postponed annotations": GOOD.replace("from dataclasses", f"{POSTPONED}from dataclasses", 1),
    "types in quotes": GOOD.replace("y: Settings", 'y: "Settings"').replace(
        "memory: Memory", 'memory: "Memory"'
    ),
    "a memory with extras": with_imports(GOOD).replace(
        "token: str", 'token: "Annotated[str, Stored(), Label(secret=True)]"'
    ),
    "a capability with postponed annotations": POSTPONED
    + with_imports(GOOD.partition('"""\n')[2])
    + CANDLE,
    "handlers in a class that is no driver": GOOD + MIXIN,
    "a class that drivers have in common": with_imports(GOOD) + BASE,
}


@pytest.mark.parametrize("name", WAYS_TO_WRITE)
def test_what_python_offers_is_no_mistake(name: str, tmp_path: Path) -> None:
    assert [str(each) for each in check_file(written(tmp_path, WAYS_TO_WRITE[name]))] == []


SUB_DRIVER = """

@register
class Pro(Relay):
    {body}
"""
UNUSABLE = {
    "no can_handle": ("poll = 5", "Pro", "it is a sub-driver of Relay, but for no device"),
    "an id of its own": ('id = "pro"', "id =", "it is a sub-driver of Relay, which has another id"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_sub_driver_that_no_device_could_use(name: str, tmp_path: Path) -> None:
    body, place, said = UNUSABLE[name]
    text = GOOD + SUB_DRIVER.format(body=body)
    (failure,) = check_file(written(tmp_path, text))
    assert said in str(failure)
    assert place in text.splitlines()[failure.line - 1]


@pytest.mark.parametrize(
    ("option", "remedy"),
    [
        ("framer=LengthFramer(2)", "framer=LengthFramer, or framer=partial(LengthFramer, ...)"),
        ("codec=JsonCodec()", "codec=JsonCodec, or"),
        ('login="secret"', "login= and the name of a function"),
        ('key="id"', "key= and the name of a function"),
    ],
)
def test_an_instance_where_a_class_or_function_belongs(
    option: str, remedy: str, tmp_path: Path
) -> None:
    text = (
        "from lan_edge import Driver, Frames, FramesOptions, JsonCodec, LengthFramer, Profile\n"
        "from lan_edge import register\n\n\n@register\nclass Relay(Driver[Frames]):\n"
        f'    id = "relay"\n    profile = Profile()\n    options = FramesOptions({option})\n'
    )
    (failure,) = check_file(written(tmp_path, text))
    assert failure.line == 9
    assert remedy in str(failure)


def test_nothing_is_found_in_the_drivers_that_there_are() -> None:
    root = Path(__file__).parents[4]
    folders = (root / "custom_components/lan_edge/edge/drivers", root / "docs/examples")
    files = [f for folder in folders for f in folder.glob("*.py") if "@register" in f.read_text()]
    assert len(files) > 15
    assert [str(failure) for file in files for failure in check_file(file)] == []


async def test_what_the_folder_reports_is_the_same(drivers: Drivers) -> None:
    names = ["a poll in quotes", "a misspelt hook"]
    text = GOOD
    for name in names:
        text = text.replace(*MISTAKES[name][:2], 1)
    drivers.write("relay.py", text)
    said = await drivers.failure("relay.py")
    assert said == "; ".join(map(str, check_file(drivers.path / "relay.py")))


def test_a_failure_has_all_that_a_tool_shows(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace("poll = 10", 'poll = "10"'))
    (failure,) = check_file(str(file))
    line = GOOD[: GOOD.index("poll = 10")].count("\n") + 1
    assert failure == LoadFailure(
        str(file),
        line,
        "poll is '10', not a number of seconds above 0, or None",
        "write the number of seconds, such as 10",
    )


def test_a_package_is_checked_as_a_whole(tmp_path: Path) -> None:
    package = tmp_path / "relays"
    package.mkdir()
    (package / "__init__.py").write_text("from . import relay, other\n")
    (package / "relay.py").write_text(GOOD.replace("poll = 10", 'poll = "10"'))
    other = GOOD.replace('"relay"', '"other"').replace("Profile(Switch", 'Profile("switch"')
    (package / "other.py").write_text(other)
    mistakes = check_file(package)
    assert [Path(failure.file).name for failure in mistakes] == ["other.py", "relay.py"]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (failure,) = check_file(tmp_path / "none.py")
    assert "it cannot be read" in str(failure)
