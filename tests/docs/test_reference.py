"""The reference has everything that is public, and says what it means.

The generator is not asked: the pages are read as text, and the library is looked at as it runs.
"""

from annotationlib import Format, get_annotations
import asyncio
from collections.abc import Iterator, Mapping
from enum import Enum
import inspect
import re
import sys
from typing import TypeAliasType

import pytest

import lan_edge
from lan_edge import Address, Capability
from tests.emulators.yeelight import YeelightEmulator

from .pages import PRINTED, run
from .reference import FOLDER, Entry, entries, pages

SET = re.compile(r"^        self\.([a-z]\w*)(?:: .+?)? = ", re.MULTILINE)
"""An attribute that `__init__` gives an object."""
UNEXPLAINED = {
    "Address": "host port",
    "CallbackRequest": "body query",
    "FrameRequests": "options_type",
    "Frames": "options_type",
    "FramesOptions": "framer",
    "Http": "options_type",
    "HttpOptions": "headers",
    "JsonRpc": "options_type",
    "Lines": "options_type",
    "LinesOptions": "delimiter encoding",
    "Listener": "settings",
    "ListenerSettings": "advertised_port port",
    "Login": "password user",
    "Sse": "options_type",
    "Tls": "trust",
    "Udp": "options_type",
    "Upnp": "options_type",
    "WebSocket": "options_type",
    "WebSocketOptions": "headers messages",
}
"""What has no docstring yet; the list may only become shorter."""
WANTED = {
    "driver.md": (
        "Driver.set_profile Driver.set_available Driver.set_secret Driver.after Driver.every"
        " Driver.goodbye Driver.pair handles register Confirm"
    ),
    "pairing.md": "Ask.press Ask.text Ask.choice Ask.choices",
    "discovery.md": "Ssdp Dhcp Mdns UdpProbe ssdp_search udp_probe",
    "transports.md": "Http JsonRpc Lines Standing Frames Stream Udp WebSocket Sse Upnp Tls Login",
    "capabilities.md": "Attribute Capability Component Profile command",
    "device.md": (
        "Device CommandRunner.execute State.subscribe Connection.sighted Trace.entries History"
        " Observer Record Identity Registry.match Runtime"
    ),
}
"""Where something is looked for."""


def members(owner: type) -> set[str]:
    """Return the public members that the library gives a class or its objects."""
    found: set[str] = set()
    for base in (b for b in owner.__mro__ if b.__module__.partition(".")[0] == "lan_edge"):
        found |= {*vars(base), *get_annotations(base, format=Format.FORWARDREF)}
        maker = vars(base).get("__init__")
        if inspect.isfunction(maker) and maker.__code__.co_filename == inspect.getfile(base):
            found |= set(SET.findall(inspect.getsource(maker)))
    return {name for name in found if not name.startswith("_")}


# what the pages lack


def problems(texts: Mapping[str, str]) -> list[str]:
    """Return what of the public names and their members the pages do not have, or not explain."""
    said = entries(texts)
    return [problem for name in lan_edge.__all__ for problem in _problems_of(name, said)]


def _problems_of(name: str, said: Mapping[str, Entry]) -> Iterator[str]:
    value = getattr(lan_edge, name)
    if name not in said:
        yield f"{name} is in no page"
        return
    if not said[name].prose:
        yield f"{name} has no docstring"
    for member in sorted(members(value)) if isinstance(value, type) else ():
        if f"{name}.{member}" not in said:  # as `JsonRpc.Message` is
            yield from _problems_of_member(value, member, said)


def _problems_of_member(owner: type, member: str, said: Mapping[str, Entry]) -> Iterator[str]:
    name, entry = owner.__name__, said[owner.__name__]
    bases = [said[base.__name__] for base in owner.__mro__[1:] if base.__name__ in said]
    if member in entry.inherited:
        if not any(member in base.members for base in bases):
            yield f"{name}.{member} is in no page of a base"
    elif member not in entry.members:
        yield f"{name}.{member} is in no page"
    elif not (_is_explained(entry, member) or _is_declared(owner, member)):
        yield f"{name}.{member} has no docstring"


def _is_explained(entry: Entry, member: str) -> bool:
    return entry.members[member] not in {"", "See above."} or f"`{member}`" in entry.prose


def _is_declared(owner: type, member: str) -> bool:
    """Return whether a declaration says it all: a word, or an attribute with type, range, unit."""
    return issubclass(owner, Enum | Capability) and not hasattr(Capability, member)


def test_everything_public_is_there_and_explained() -> None:
    gaps = {f"{c}.{m} has no docstring" for c, names in UNEXPLAINED.items() for m in names.split()}
    assert [problem for problem in problems(pages()) if problem not in gaps] == []


@pytest.mark.parametrize(
    ("page", "pattern", "instead", "problem"),
    [
        (
            "driver.md",
            r"\| `parts` .*\n",
            "",
            "Driver.parts is in no page",
        ),
        (
            "driver.md",
            r"(\| `parts` .*\|).*\|$",
            r"\1  |",
            "Driver.parts has no docstring",
        ),
        ("driver.md", r"#### `Driver.goodbye`$", "", "Driver.goodbye is in no page"),
        ("driver.md", r"(def after[^`]*```\n)[^#]*", r"\1", "Driver.after has no docstring"),
        ("driver.md", r"### function `handles`$", "", "handles is in no page"),
        ("discovery.md", r"\| `search` .*\n", "", "Ssdp.search is in no page"),
        ("discovery.md", r"\| `where` .*\n", "", "Ssdp.where is in no page of a base"),
        ("discovery.md", r"Announced by SSDP[^|]*", "", "Ssdp.search has no docstring"),
        ("discovery.md", r"From (.*) `where`,", r"From \1", "Ssdp.where is in no page"),
        ("settings.md", r"Marks a field[^<]*", "", "Stored has no docstring"),
        ("standard.md", r"\| `hue` .*\n", "", "ColorControl.hue is in no page"),
        ("errors.md", r"(.|\n)*", "", "RefusedError is in no page"),
    ],
)
def test_what_is_missing_shows(page: str, pattern: str, instead: str, problem: str) -> None:
    texts = pages()
    texts[page] = re.sub(f"^{pattern}", instead, texts[page], flags=re.MULTILINE)
    assert problem in problems(texts)


def test_no_two_headings_of_a_page_have_one_anchor() -> None:
    for page, text in pages().items():
        titles = re.findall(r"^#+ (.+)$", text.lower().replace("`", ""), re.MULTILINE)
        assert len(set(titles)) == len(titles) > 2, page


def test_types_that_signatures_name_are_there() -> None:
    said = entries(pages())
    rows = re.findall(r"^\| `\w+` \|.*", "\n".join(pages().values()), re.MULTILINE)
    cells = [each for row in rows for each in re.findall(r"`([^`]*)`", row)]
    code = "\n".join([entry.signatures for entry in said.values()] + cells)
    ours = {
        name
        for module in [m for n, m in sys.modules.items() if n.partition(".")[0] == "lan_edge"]
        for name, value in vars(module).items()
        if isinstance(value, type | TypeAliasType) and value.__module__ == module.__name__
    }
    assert ours & set(re.findall(r"\b[A-Z]\w+", code)) - said.keys() == set()


@pytest.mark.parametrize("page", WANTED)
def test_it_is_where_it_is_looked_for(page: str) -> None:
    said = entries({page: pages()[page]})
    for name in WANTED[page].split():
        owner, _, member = name.partition(".")
        assert not member or said[owner].members[member]


def test_options_are_there_with_their_defaults() -> None:
    said = entries(pages())
    for made in (
        "Ssdp(target: str, *, search: bool = False, where: Mapping[str, str] = {})",
        'Dhcp(*, mac: str = "*", hostname: str = "*")',
        "HttpOptions(*, port: int = 80, timeout: float = 5.0, again: bool = False)",
        "LinesOptions(*, login: Callable[[Lines], Awaitable[None]] | None = None)",
        "Component(capabilities: tuple[type[Capability], ...], child: bool = False)",
    ):
        name, _, parameters = made.removesuffix(")").partition("(")
        signature = " ".join(said[name].signatures.split())
        for parameter in re.split(r", (?=\w+:)|, (?=\*)", parameters):
            assert parameter in signature
    assert f"API_VERSION = {lan_edge.API_VERSION}" in said["API_VERSION"].signatures


async def test_the_example_without_home_assistant_runs() -> None:
    [(path, code)] = PRINTED.findall((FOLDER / "device.md").read_text())
    async with YeelightEmulator() as light, asyncio.timeout(5):
        assert await run(path, code).turn_on(Address(light.host, light.port)) is True
        assert light.state["on"] is True
