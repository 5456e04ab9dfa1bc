"""Print what the peers among Home Assistant's own integrations import, as their manifests say."""

import json
from pathlib import Path

import homeassistant.components

PEERS = ("yeelight", "wiz", "shelly", "usb")
"""And what these depend on."""


def main() -> None:
    """Print one line; what Home Assistant's environment has anyway is left out."""
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
