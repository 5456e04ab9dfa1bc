"""The TCP ports at which Home Assistant itself listens: what is there is no device.

Some of its integrations answer as if they were a device, to be told of events or to be found by
others. Other programs on its machine are none of them.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
import re

TABLES = ("/proc/self/net/tcp", "/proc/self/net/tcp6")
LISTENING = "0A"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def own_ports() -> set[int]:
    """Return these ports, as far as the system tells them; call it in an executor."""
    own = {*_own_sockets()}
    return {port for inode, port in _listening() if inode in own}


def _own_sockets() -> Iterator[str]:
    """Yield the inode of each socket of this process."""
    with suppress(OSError):
        for entry in Path("/proc/self/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                if match := _SOCKET.fullmatch(str(entry.readlink())):
                    yield match[1]


def _listening() -> Iterator[tuple[str, int]]:
    """Yield the inode and the port of each listening socket."""
    for table in TABLES:
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == LISTENING:
                    yield inode, int(local.rpartition(":")[2], 16)
