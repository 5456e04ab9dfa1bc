"""Other systems: the library is imported where modules of Linux are missing."""

import subprocess
import sys

import pytest

IMPORT_ON = """
import sys
import lan_edge  # with everything it needs, which looks for the system itself

for name in [n for n in sys.modules if n.partition(".")[0] == "lan_edge"]:
    del sys.modules[name]
for name in {missing!r}:
    sys.modules[name] = None
sys.platform = {platform!r}

import lan_edge
from lan_edge.network import sockets

lan_edge.load_drivers(lan_edge.Registry())
assert hasattr(sockets, "fcntl") is {has_fcntl}
"""


@pytest.mark.parametrize(
    ("platform", "missing"), [("win32", ("fcntl", "termios", "resource", "pwd")), ("darwin", ())]
)
def test_the_library_is_imported_on(platform: str, missing: tuple[str, ...]) -> None:
    code = IMPORT_ON.format(platform=platform, missing=missing, has_fcntl=not missing)
    subprocess.run([sys.executable, "-c", code], check=True)
