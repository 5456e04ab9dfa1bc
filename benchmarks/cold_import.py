"""Print how many ms it takes to import the integration once Home Assistant is loaded."""

from importlib import import_module
import os
from pathlib import Path
import sys
import time

from .custom import CUSTOM

# What a running Home Assistant has loaded already: the core, and what the integration depends on.
BEFORE = ("bootstrap", "components.zeroconf", "components.ssdp", "components.light")
INTEGRATION = "custom_components.lan_edge"


def main() -> None:
    """Import Home Assistant's part, then time ours."""
    for name in BEFORE:
        import_module(f"homeassistant.{name}")
    folder = Path(os.environ[CUSTOM])
    sys.path.insert(0, str(folder.parent))
    files = sorted(folder.glob("lan_edge/*.py"))
    ours = [f.stem for f in files if f.stem != "__init__"]
    for name in ours:  # components with the name of a platform are loaded by Home Assistant
        try:
            import_module(f"homeassistant.components.{name}")
        except ImportError:
            continue
    began = time.perf_counter()
    for name in ("", *(f".{stem}" for stem in ours)):
        import_module(INTEGRATION + name)
    library = import_module("lan_edge")
    library.load_drivers(library.Registry())  # as the set-up does
    print((time.perf_counter() - began) * 1e3)


if __name__ == "__main__":
    main()
