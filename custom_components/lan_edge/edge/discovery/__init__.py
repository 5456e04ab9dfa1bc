"""Discovery: sightings, the matchers that recognize them, and active searches."""

from .calls import Calls, call_sighting
from .matcher import Match, Matcher
from .matchers import Dhcp, Mdns, Ssdp, UdpBeacon, UdpProbe
from .sighting import Sighting, dhcp_sighting
from .ssdp_search import ssdp_search
from .udp_beacon import Beacons
from .udp_probe import udp_probe

__all__ = [
    "Beacons",
    "Calls",
    "Dhcp",
    "Match",
    "Matcher",
    "Mdns",
    "Sighting",
    "Ssdp",
    "UdpBeacon",
    "UdpProbe",
    "call_sighting",
    "dhcp_sighting",
    "ssdp_search",
    "udp_probe",
]
