"""Our WiZ driver at another push port: core's and ours share one address here."""

from dataclasses import replace

from lan_edge import UdpOptions
from tests.bundled import driver_for


def use(port: int) -> None:
    """Have all WiZ drivers listen at `port`."""
    base = driver_for("wiz")
    if isinstance(base.options, UdpOptions):
        base.options = replace(base.options, local_port=port)  # the others have theirs from it
