"""Print what the components of a Home Assistant we start import: --skip-pip installs nothing."""

import json
from pathlib import Path
import re

from homeassistant.bootstrap import CORE_INTEGRATIONS, DEFAULT_INTEGRATIONS
import homeassistant.components

INTEGRATION = Path(__file__).parents[1] / "custom_components/lan_edge"
CONFIGURATION = Path(__file__).parents[1] / "tests/real/configuration.yaml"
NEIGHBOURS = {"snapcast", "tplink", "venstar", "wemo", "wiz", "yeelight"}
"""Home Assistant's own integrations for our devices: tests/network/test_neighbours.py has them."""
IMPORTED = {"hassio"}  # by analytics, which names it only as an after-dependency
COMPONENTS = Path(homeassistant.components.__path__[0])


def manifest(domain: str) -> dict[str, list[str]]:
    """Return the component's manifest, empty if this version has no such component."""
    path = COMPONENTS / domain / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {}


def closure(domains: set[str]) -> set[str]:
    """Return the domains and all that they depend on."""
    found: set[str] = set()
    waiting = set(domains)
    while waiting:
        domain = waiting.pop()
        found.add(domain)
        waiting |= set(manifest(domain).get("dependencies", [])) - found
    return found


def main() -> None:
    """Print one requirement a line."""
    configured = set(re.findall(r"^(\w+):", CONFIGURATION.read_text(), re.MULTILINE))
    platforms = {path.stem for path in INTEGRATION.glob("*")}  # those that are components
    started = CORE_INTEGRATIONS | DEFAULT_INTEGRATIONS | configured | platforms | NEIGHBOURS
    needed = {
        requirement
        for domain in closure(started) | IMPORTED
        for requirement in manifest(domain).get("requirements", [])
    }
    print("\n".join(sorted(needed)))


if __name__ == "__main__":
    main()
