"""The custom components of a run: a copy, so that the whole run measures the same code."""

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil
import tempfile

from .channel import REPOSITORY

CUSTOM = "LAN_EDGE_BENCH_CUSTOM"
"""The environment variable with the path of the folder."""
MANIFEST = {
    "domain": "bench_line",
    "name": "Benchmark line",
    "codeowners": [],
    "config_flow": True,
    "documentation": "https://github.com/lan-edge/lan-edge",
    "integration_type": "device",
    "iot_class": "local_push",
    "requirements": [],
    "version": "0.0.0",
}
"""The yardstick's. As a file, it would be one more integration for Home Assistant's checks."""
SOURCES = (REPOSITORY / "custom_components", REPOSITORY / "benchmarks/components")


@contextmanager
def copied() -> Iterator[None]:
    """Copy ours and the yardstick to a folder that all processes use."""
    with tempfile.TemporaryDirectory(prefix="lan-edge-bench-") as folder:
        custom = Path(folder) / "custom_components"
        for source in SOURCES:
            shutil.copytree(source, custom, dirs_exist_ok=True)
        (custom / "bench_line/manifest.json").write_text(json.dumps(MANIFEST))
        (custom / "__init__.py").touch()  # a package, so that Python does not look elsewhere
        os.environ[CUSTOM] = str(custom)
        yield
