"""Explains why a matcher does not match a sighting, for authors of drivers."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from ..network.address import Address, is_device_host
from .matcher import Matcher
from .sighting import Sighting
from .templates import fill


def why_not(matcher: Matcher, sighting: Sighting, refusal: Callable[[Address], str]) -> str:
    """Return which condition a sighting of a matcher's kind fails; empty if it is of another kind.

    `refusal` returns why a device cannot be sighted at an address; empty if it can.
    """
    if not matcher.is_announced_by(sighting):
        return ""
    host = sighting.address.host
    if not is_device_host(host):
        return f"no device can have the address {host}"
    values = sighting.fields()
    for name, pattern in matcher.where.items():
        value = fill(f"{{{name}}}", values)
        if not fnmatchcase(value.lower(), pattern.lower()):
            return f"{name} is {value!r}, not {pattern!r}"
    if (match := matcher.match(sighting)) is None:
        return "its id is too long, or a function of the matcher fails"
    if all(refusals := [refusal(each) for each in (match.address, *match.others)]):
        return f"a device cannot be sighted at {match.address}: {refusals[0]}"
    return ""
