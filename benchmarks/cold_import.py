"""Print how many ms it takes to import the integration when Home Assistant is there already."""

from importlib import import_module
import os
from pathlib import Path
import sys
import time

from .custom import CUSTOM

# What a running Home Assistant has loaded: the core, and what the integration depends on.
BEFORE = ("bootstrap", "components.zeroconf", "components.ssdp", "components.light")
INTEGRATION = "custom_components.lan_edge"


def main() -> None:
    """Import Home Assistant's part, then ours."""
    for name in BEFORE:
        import_module(f"homeassistant.{name}")
    folder = Path(os.environ[CUSTOM])
    sys.path.insert(0, str(folder.parent))
    files = sorted(folder.glob("lan_edge/*.py"))
    ours = [f.stem for f in files if f.stem != "__init__"]
    for name in ours:  # components that share a platform's name are Home Assistant's to load
        try:
            import_module(f"homeassistant.components.{name}")
        except ImportError:
            continue
    began = time.perf_counter()
    for name in ("", *(f".{stem}" for stem in ours)):
        import_module(INTEGRATION + name)
    library = import_module("lan_edge")
    library.load_drivers(library.Registry())  # as setting it up does
    print((time.perf_counter() - began) * 1e3)


if __name__ == "__main__":
    main()
