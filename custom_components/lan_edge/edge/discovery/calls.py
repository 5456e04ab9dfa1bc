"""Devices that call the hub by themselves: how they are recognized."""

from dataclasses import KW_ONLY, dataclass
from typing import override

from ..network.address import Address
from .matcher import Matcher, Template
from .sighting import Sighting

CALL = "call"
"""The source of a sighting of a device that has called."""


@dataclass(frozen=True)
class Calls(Matcher):
    """Devices that call `/name/id` of the hub, with their own id in it.

    With the transport `Inbound`, whose options have the same `name`.
    """

    path_name: str
    """The name in the path: lowercase letters, digits, `_` and `-`."""
    _: KW_ONLY
    unique_id: Template = "{name}"
    """The id in the path, unless it says more."""
    name: Template = ""
    """Empty, as a call gives no name."""

    @override
    def is_announced_by(self, sighting: Sighting) -> bool:
        return sighting.source == CALL and sighting.kind == self.path_name


def call_sighting(name: str, unique_id: str, source: str) -> Sighting:
    """Return the call of an unknown device as a sighting; anybody can make one."""
    return Sighting(CALL, name, Address(source), unique_id)
