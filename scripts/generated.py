"""Generates from the code: the manifest's matchers, tables, printed files, the reference.

Also the texts of the steps that two dialogs share.
"""

from collections.abc import Iterable
from functools import cache
import json
from pathlib import Path
import re
import sys
from typing import Any

import lan_edge
from lan_edge import Component, Dhcp, Driver, Matcher, Mdns, Ssdp, UdpBeacon, UdpProbe
from tests.bundled import bundled

from . import bundled_descriptions, capabilities_page, described_page
from .reference import Library, Pages

ROOT = Path(__file__).parent.parent
SSDP_PORT = 1900
DESCRIBING = "describe_"
"""How the steps begin in which a device is described."""
BEGIN, END = "<!-- devices: generated -->", "<!-- /devices -->"
DRIVERS_BEGIN, DRIVERS_END = "<!-- drivers: generated -->", "<!-- /drivers -->"

type AnyDriver = type[Driver[Any]]


def manifest(text: str) -> str:
    """Return the manifest with the matchers of all registered drivers and bundled descriptions."""
    data: dict[str, Any] = json.loads(text)
    matchers = [m for driver in _drivers() for m in driver.discovery]
    matchers += bundled_descriptions.matchers()
    data["zeroconf"] = sorted({m.type for m in matchers if isinstance(m, Mdns)})
    data["ssdp"] = [entry for m in matchers if isinstance(m, Ssdp) for entry in _ssdp(m)]
    # not only new devices: also those with a MAC address in the registry and a new IP address
    registered_too: dict[str, Any] = {"registered_devices": True}
    data["dhcp"] = [registered_too, *_dhcp([m for m in matchers if isinstance(m, Dhcp)])]
    head = {key: data.pop(key) for key in ("domain", "name")}
    return json.dumps({**head, **dict(sorted(data.items()))}, indent=2) + "\n"


def translations(text: str) -> str:
    """Return translations in which the steps of options that change a description are complete.

    They are those in which a device is described: Home Assistant takes their texts from there.
    """
    data: dict[str, Any] = json.loads(text)
    config, options = data["config"], data["options"]
    own = {key: step for key, step in options["step"].items() if not key.startswith(DESCRIBING)}
    shared = {key: step for key, step in config["step"].items() if key.startswith(DESCRIBING)}
    options["step"], options["error"] = own | shared, config["error"] | options["error"]
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _dhcp(matchers: Iterable[Dhcp]) -> list[dict[str, str]]:
    """Return Home Assistant's matchers: MAC addresses in upper case, host names in lower case."""
    patterns = ({"hostname": m.hostname.lower(), "macaddress": m.mac.upper()} for m in matchers)
    specific = {tuple((k, p) for k, p in each.items() if p != "*") for each in patterns}
    return [dict(each) for each in sorted(specific)]


def printed(text: str) -> str:
    """Return a page with the current text of each file that it prints."""

    def with_file(marker: re.Match[str]) -> str:
        code = (ROOT / marker[1]).read_text()
        language = "yaml" if marker[1].endswith(".yaml") else "python"
        return f"<!-- file: {marker[1]} -->\n```{language}\n{code}```\n<!-- /file -->"

    return re.sub(r"<!-- file: (\S+) -->.*?<!-- /file -->", with_file, text, flags=re.DOTALL)


def devices(text: str) -> str:
    """Return a page with the tables of supported devices: for owners, and of the drivers."""
    owners = ["| Device | Discovered | Details |", "| --- | --- | --- |", *map(_device, _drivers())]
    owners += bundled_descriptions.rows()
    drivers = [
        "| Device | Protocol | Found by | Capabilities |",
        "| --- | --- | --- | --- |",
        *map(_row, _drivers()),
    ]
    text = _with_table(text, BEGIN, owners, END)
    return _with_table(text, DRIVERS_BEGIN, drivers, DRIVERS_END)


def _with_table(text: str, begin: str, rows: list[str], end: str) -> str:
    table = "\n".join([begin, *rows, end])
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: table, text, flags=re.DOTALL)


def described(text: str) -> str:
    """Return a page with the tables of the fields of a description, and of bundled ones."""
    library = bundled_descriptions
    place = f"{re.escape(library.BEGIN)}.*?{re.escape(library.END)}"
    text = re.sub(place, lambda _: library.table(), text, flags=re.DOTALL)
    page = described_page
    place = f"{re.escape(page.BEGIN)}.*?{re.escape(page.END)}"
    return re.sub(place, lambda _: page.tables(), text, flags=re.DOTALL)


def capabilities(text: str) -> str:
    """Return a page with the tables of capabilities, and of the entities that they make."""
    page = capabilities_page
    for begin, end, table in (
        (page.BEGIN, page.END, page.table),
        (page.FOLDED_BEGIN, page.FOLDED_END, page.folded_table),
    ):
        place = f"{re.escape(begin)}.*?{re.escape(end)}"
        made = table().replace("\\", r"\\")
        text = re.sub(place, made, text, flags=re.DOTALL)
    return text


def outdated() -> list[Path]:
    """Return the files that differ from what is generated."""
    return [path for path, text in _wanted() if path.read_text() != text]


def _wanted() -> Iterable[tuple[Path, str]]:
    path = ROOT / "custom_components/lan_edge/manifest.json"
    yield path, manifest(path.read_text())
    for path in sorted(ROOT.glob("custom_components/lan_edge/translations/*.json")):
        yield path, translations(path.read_text())
    yield bundled_descriptions.INDEX_FILE, bundled_descriptions.index()
    yield ROOT / "docs/described-devices.json", described_page.described_schema()
    reference = Pages(ROOT / "docs/reference", _library())
    for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))):
        text = printed(described(devices(capabilities(path.read_text()))))
        yield path, reference.fill(path.name, text)


@cache
def _library() -> Library:
    return Library(Path(lan_edge.__path__[0]).parent)


def _ssdp(matcher: Ssdp) -> Iterable[dict[str, str]]:
    """Yield what Home Assistant can match exactly; patterns are left to our own matcher."""
    if "*" in matcher.target or matcher.search_port != SSDP_PORT:
        return
    exact = {k: v for k, v in matcher.where.items() if not set(v) & set("*?[")}
    described = {k[5:-1]: v for k, v in exact.items() if k.startswith("upnp[")}
    for header in ("nt", "st"):  # the target is NT in an announcement, ST in a search response
        yield {header: matcher.target, **described}


def _drivers() -> list[AnyDriver]:
    return sorted(bundled().values(), key=lambda d: d.name)


TRIED = {"snapcast"}
"""Families that were tried with real devices; those of Snapcast are programs."""


def _device(driver: AnyDriver) -> str:
    details = f"[{driver.name}](docs/families/{driver.id}.md)"
    if driver.id not in TRIED:
        details += ", tried on emulators only"
    return f"| {driver.name} | {'yes' if driver.discovery else 'no, by address'} | {details} |"


def _row(driver: AnyDriver) -> str:
    line = (sys.modules[driver.__module__].__doc__ or "").partition("\n")[0].rstrip(".")
    protocol = line.removeprefix(f"{driver.name}: ")
    found_by = ", ".join(dict.fromkeys(map(_found_by, driver.discovery))) or "address"
    drivers = [driver, *_sub_drivers(driver)]
    capabilities = dict.fromkeys(
        c.id
        for d in drivers
        for component in (*d.profile.components.values(), Component(d.parts))
        for c in component.capabilities
    )
    return f"| {driver.name} | {protocol} | {found_by} | {', '.join(capabilities)} |"


def _sub_drivers(driver: AnyDriver) -> Iterable[AnyDriver]:
    for sub in driver.sub_drivers:
        yield sub
        yield from _sub_drivers(sub)


def _found_by(matcher: Matcher) -> str:
    if isinstance(matcher, Ssdp):
        return "own SSDP search" if matcher.search else "SSDP"
    names = {Mdns: "mDNS", Dhcp: "DHCP", UdpProbe: "UDP probe", UdpBeacon: "UDP beacon"}
    return names.get(type(matcher), type(matcher).__name__)


def main() -> int:
    """Write all generated text; with --check, only report what is outdated, and fail."""
    if "--check" in sys.argv:
        found = outdated()
        for path in found:
            print(f"{path.relative_to(ROOT)} is outdated: run scripts/generate")
        return bool(found)
    for path, text in _wanted():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
