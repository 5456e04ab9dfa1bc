"""A network of one's own: loopback that carries multicast, and nothing that leaves it.

`python -m tests.real.isolated [--or-here] COMMAND...` runs a command in one.
"""

import os
from pathlib import Path
import shutil
import subprocess
import sys

MARK = "LAN_EDGE_NAMESPACE"
USAGE = "usage: python -m tests.real.isolated [--or-here] COMMAND..."
REFUSED = "LAN_EDGE_NO_NAMESPACE"
ADDRESS = "10.99.0.1"

# Home Assistant takes no SSDP location on 127.x, so the loopback gets a network beside it:
# every address of it is ours, devices use 10.99.0.11 and on.
LOOPBACK = (
    "link set lo up",
    "link set lo multicast on",
    f"address add {ADDRESS}/24 dev lo",
    "route add 224.0.0.0/4 dev lo",
    "route add broadcast 255.255.255.255 dev lo",
)


class NamespaceError(Exception):
    """This machine gives us no network of our own; says why."""


def enter() -> None:
    """Move this process into a network of its own; call it before any thread starts."""
    if not hasattr(os, "unshare") or not sys.platform.startswith("linux"):
        raise NamespaceError("network namespaces are a thing of Linux")
    _unshare()
    try:
        for command in LOOPBACK:
            ip(command)
    except OSError as error:
        raise NamespaceError(f"no rights in a new namespace: {error}") from error
    os.environ[MARK] = _current()
    os.environ.pop(REFUSED, None)


def reason_not_isolated() -> str | None:
    """Return why this process is in no network of its own, None if it is in one."""
    mark = os.environ.get(MARK)
    if mark and mark == _current():
        return None
    return os.environ.get(REFUSED) or "run by scripts/test, which isolates the network"


def ip(command: str, *namespace: str) -> None:
    """Run one `ip` command; raise with its words if it fails."""
    run(*namespace, tool("ip"), *command.split())


def run(*command: str) -> None:
    """Run a command to its end; raise with its words if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NamespaceError(f"{' '.join(command)}: {done.stderr.strip()}")


def tool(name: str) -> str:
    """Return where a system program is; sbin is not in every user's PATH."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not path:
        raise NamespaceError(f"{name} is not installed")
    return path


def _unshare() -> None:
    user, group = os.geteuid(), os.getegid()
    try:
        os.unshare(os.CLONE_NEWNET)
    except OSError:
        try:
            os.unshare(os.CLONE_NEWNET | os.CLONE_NEWUSER)
            _become_root(user, group)
        except OSError as error:
            raise NamespaceError(f"no namespaces for this user: {error}") from error


def _become_root(user: int, group: int) -> None:
    """Be root in the new user namespace: programs we start keep its rights."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def _current() -> str:
    return str(Path("/proc/self/ns/net").readlink())


def main() -> None:
    """Run the command line's command in a network of its own."""
    command = sys.argv[1:]
    if or_here := command[:1] == ["--or-here"]:
        command.pop(0)
    if not command or command[0].startswith("-"):
        sys.exit(USAGE)
    try:
        enter()
    except NamespaceError as error:
        if not or_here:
            sys.exit(f"no network of its own: {error}")
        os.environ[REFUSED] = str(error)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
