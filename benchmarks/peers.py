"""Print the requirements of Home Assistant's own integrations that are measured."""

import json
from pathlib import Path

import homeassistant.components

PEERS = ("yeelight", "wiz", "shelly", "usb")
"""These integrations, and what they depend on."""


def main() -> None:
    """Print them in one line, without those that Home Assistant's environment has anyway."""
    components = Path(homeassistant.components.__path__[0])
    wanted = {
        requirement
        for peer in PEERS
        for requirement in json.loads((components / peer / "manifest.json").read_text())[
            "requirements"
        ]
        if not requirement.startswith("async-upnp-client")
    }
    print(*sorted(wanted))


if __name__ == "__main__":
    main()
