"""Our WiZ driver with another push port, since core's and ours share one address here."""

from dataclasses import replace

from lan_edge import UdpOptions
from tests.bundled import driver_for


def use(port: int) -> None:
    """Let all WiZ drivers listen on `port`."""
    base = driver_for("wiz")
    if isinstance(base.options, UdpOptions):
        base.options = replace(base.options, local_port=port)  # its sub-drivers inherit them
