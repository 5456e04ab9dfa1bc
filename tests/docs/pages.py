"""What the pages print, as it is printed."""

from pathlib import Path
import re
from types import ModuleType
from typing import Any

from lan_edge import Driver

ROOT = Path(__file__).parents[2]
TRANSPORTS = ROOT / "docs/transports"
PRINTED = re.compile(r"<!-- file: (\S+) -->\n```python\n(.*?)```\n<!-- /file -->", re.DOTALL)


def example(page: str) -> tuple[str, str]:
    """Return the example that a transport's page prints: its path and its code."""
    ((path, code),) = PRINTED.findall((TRANSPORTS / f"{page}.md").read_text())
    return path, code


def loaded(page: str) -> type[Driver[Any]]:
    """Return the driver that a page prints, registered nowhere."""
    return driver_in(*example(page))


def driver_of(name: str) -> type[Driver[Any]]:
    """Return the driver in a file of docs/examples, registered nowhere."""
    file = ROOT / "docs/examples" / name
    return driver_in(str(file), file.read_text())


def driver_in(path: str, code: str) -> type[Driver[Any]]:
    """Return the driver in an example, registered nowhere."""
    values = list(vars(run(path, code)).values())
    own = (v for v in values if isinstance(v, type) and v.__module__ == "printed")
    (driver,) = (each for each in own if issubclass(each, Driver))
    return driver


def run(path: str, code: str) -> ModuleType:
    """Return an example as a module, its driver registered nowhere."""
    module = ModuleType("printed")
    exec(compile(code.replace("@register\n", ""), path, "exec"), vars(module))  # noqa: S102
    return module
