"""Matchers that would take devices of all kinds for those of one driver."""

from ..errors import DriverError
from .matcher import Matcher
from .matchers import Dhcp, Mdns, Ssdp, UdpProbe

_OF_MANY = frozenset(
    f"_{name}.local."
    for name in (
        "device-info._tcp",
        "http._tcp",
        "https._tcp",
        "services._dns-sd._udp",
        "smb._tcp",
        "ssh._tcp",
        "workstation._tcp",
    )
)
"""The service types of mDNS under which devices of any maker announce themselves."""
_ALL_TARGETS = frozenset({"ssdp:all", "upnp:rootdevice"})
"""The search targets of SSDP to which all devices answer."""
_CONDITION = "add `where` with a field that only its own devices have, such as a model"


def check_generality(matcher: Matcher) -> None:
    """Raise DriverError for a matcher that matches devices of other makers as well."""
    kind = type(matcher).__name__
    match matcher:
        case Dhcp(mac=mac, hostname=hostname) if _is_any(mac) and _is_any(hostname):
            reason, remedy = (
                "it matches every device",
                "write a `hostname` or `mac`: wiz_*, a8bb50*",
            )
        case Mdns(type=type_) if type_.lower() in _OF_MANY:
            reason, remedy = f"{type_} is announced by devices of all kinds", _CONDITION
        case Ssdp(target=target) if _is_any(target) or target in _ALL_TARGETS:
            reason, remedy = (
                f"all devices announce {target}",
                f"write its own, or {_CONDITION}",
            )
        case UdpProbe(request=b""):
            reason, remedy = "the request is empty", "write what only such a device answers"
        case _:
            return
    if not _has_condition(matcher):
        raise DriverError(f"{kind}: {reason}", remedy)


def _has_condition(matcher: Matcher) -> bool:
    """Return whether it looks at more than the kind of sighting: a function may refuse, too."""
    templates = (matcher.unique_id, matcher.name, matcher.port, *matcher.fields.values())
    is_limited = any(not _is_any(pattern) for pattern in matcher.where.values())
    return is_limited or any(callable(each) for each in templates)


def _is_any(pattern: str) -> bool:
    return not pattern.strip("*?")
