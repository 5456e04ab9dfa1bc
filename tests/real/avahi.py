"""avahi on one host, for programs that have their mDNS done by it; with a bus of its own."""

from pathlib import Path
import shlex
from typing import Self

from .isolated import tool
from .process import Process

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""

AVAHI = """[server]
host-name={name}
use-ipv4=yes
use-ipv6=no
allow-interfaces=eth0
enable-dbus=yes
[publish]
publish-workstation=no
publish-hinfo=no
"""

# Several daemons run side by side: each has a /run of its own.
START = "mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && exec {command}"


class Avahi:
    """The daemon; an async context manager. `via` runs a program on the host."""

    def __init__(self, folder: Path, name: str, via: tuple[str, ...]) -> None:
        self._folder = folder
        self._name = name
        self._via = via

    @property
    def bus(self) -> str:
        """The bus for a program that announces itself: its DBUS_SYSTEM_BUS_ADDRESS."""
        return f"unix:path={self._folder}/bus"

    async def __aenter__(self) -> Self:
        folder = self._folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "dbus.conf").write_text(BUS.format(folder=folder))
        (folder / "avahi.conf").write_text(AVAHI.format(name=self._name))
        options = (
            "--nofork",
            "--nopidfile",
            "--print-address",
            f"--config-file={folder}/dbus.conf",
        )
        self._dbus = Process("dbus-daemon", *options, log=folder / "dbus.log")
        await self._dbus.printed("unix:path")
        daemon = (tool("avahi-daemon"), "--no-drop-root", "--no-chroot", "--no-rlimits")
        command = shlex.join([*daemon, "-f", f"{folder}/avahi.conf"])
        self._avahi = Process(
            *self._via,
            *("env", f"DBUS_SYSTEM_BUS_ADDRESS={self.bus}"),
            *("unshare", "--mount", "sh", "-c", START.format(command=command)),
            log=folder / "avahi.log",
        )
        await self._avahi.printed("Server startup complete")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._avahi.stop()
        await self._dbus.stop()
