"""Silent hosts: all packets to and from them are dropped."""

from collections.abc import Iterable
import shutil
import subprocess

RULES = """
table inet bench {
  set silent { type ipv4_addr; }
  chain input {
    type filter hook input priority 0;
    ip daddr @silent drop
    ip saddr @silent drop
  }
}
"""


class FirewallError(Exception):
    """The program nft is missing, or not permitted."""


class Firewall:
    """The packet filter of our own network."""

    def __init__(self) -> None:
        """Find nft; no host is silent yet."""
        self._nft = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin")
        self._made = False

    def silence(self, hosts: Iterable[str]) -> None:
        """Drop all packets to and from these hosts from now on."""
        if not self._made:
            self._do(RULES)
            self._made = True
        self._do(f"add element inet bench silent {{ {', '.join(hosts)} }}")

    def hear(self, hosts: Iterable[str]) -> None:
        """Let the packets of these hosts through again."""
        self._do(f"delete element inet bench silent {{ {', '.join(hosts)} }}")

    def hear_all(self) -> None:
        """Let all packets through again."""
        if self._made:
            self._do("flush set inet bench silent")

    def _do(self, script: str) -> None:
        if self._nft is None:
            raise FirewallError("nft is not installed")
        done = subprocess.run(  # noqa: S603
            [self._nft, "-f", "-"], input=script, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise FirewallError(done.stderr.strip())
