"""Search the network for devices, and show which driver takes each, or why none does.

It searches by SSDP, by the UDP probes of the drivers and, if `zeroconf` is installed, by mDNS; it
receives the beacons of devices meanwhile.
"""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from ..discovery.explaining import why_not
from ..discovery.hosts import OWN_ADDRESS
from ..discovery.matchers import UdpBeacon
from ..discovery.sighting import Sighting
from ..discovery.udp_beacon import Beacons
from ..driver.registry import Candidate, Registry
from ..finder.search import NO_MDNS, SEARCH_TIMEOUT, has_mdns, search
from ..finder.surroundings import Surroundings, surroundings
from .drivers import add_driver_arguments, registry_with
from .exits import CallError, Exit
from .output import Output

MAX_SECONDS = 3600.0
LEFT = "the device has a driver of its own"
MAX_SHOWN_SIGHTINGS = 1024
"""Sightings that are shown: anybody can announce any number."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--seconds", type=_seconds, default=SEARCH_TIMEOUT, help="how long to wait for answers"
    )
    parser.add_argument(
        "--from",
        dest="hosts",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="search only where this machine has this address; by default, in all networks",
    )
    parser.add_argument(
        "--beside-hub",
        action="store_true",
        help="find devices on this machine itself, too, such as an emulator",
    )
    parser.add_argument(
        "--all", action="store_true", help="show what no driver takes, too, and why"
    )
    add_driver_arguments(parser)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0 and at most {MAX_SECONDS:g}")
    return seconds


async def run(arguments: argparse.Namespace, output: Output) -> Exit:
    """Search, and show what is found; raise EdgeError."""
    registry = await registry_with(arguments.drivers)
    beside_hub = arguments.beside_hub
    around = await asyncio.to_thread(surroundings, arguments.hosts, beside_hub=beside_hub)
    if not around.searched:
        raise CallError("this machine is in no network")
    if not has_mdns():
        output.note(NO_MDNS)
    found = await _sightings(registry, around, arguments)
    own = set(_hosts_of_their_own(registry, found))
    shown = [_show(registry, sighting, own, output, arguments) for sighting in found]
    taken, left = sum(shown), len(shown) - sum(shown)
    if left and not arguments.all:
        output.note(f"{left} more that no driver takes; --all shows them, and why")
    if not taken:
        output.note("No driver takes any device that was seen.")
    return Exit.DONE if taken else Exit.NOT_FOUND


async def _sightings(
    registry: Registry, around: Surroundings, arguments: argparse.Namespace
) -> list[Sighting]:
    """Return what is seen, each once."""
    found: list[Sighting] = []

    def keep(sighting: Sighting) -> None:
        if len(found) < MAX_SHOWN_SIGHTINGS and sighting not in found:
            found.append(sighting)

    beacons = Beacons(keep)
    try:
        await beacons.listen(registry.matchers(UdpBeacon), around.hosts)
        await search(registry, around, keep, timeout=arguments.seconds, is_for_all=arguments.all)
    finally:
        await beacons.close()
    return sorted(found, key=lambda each: (not registry.match(each), each.address.host, each.kind))


def _hosts_of_their_own(registry: Registry, found: list[Sighting]) -> Iterator[str]:
    """Yield where devices are that have a driver of their own: a general one leaves them to it."""
    for sighting in found:
        if any(not each.driver.is_general for each in registry.match(sighting)):
            yield sighting.address.host


def _show(
    registry: Registry,
    sighting: Sighting,
    own: set[str],
    output: Output,
    arguments: argparse.Namespace,
) -> bool:
    """Show a sighting; return whether a driver takes it, which has hosts of its `own`."""
    matched, is_own = registry.match(sighting), sighting.address.host in own
    candidates = [each for each in matched if not (is_own and each.driver.is_general)]
    reasons = [f"{each.driver.id}: {LEFT}" for each in matched]
    if candidates:
        reasons = []
    elif not matched:
        reasons = list(_reasons(registry, sighting))
    if candidates or arguments.all:
        output.record(
            source=sighting.source,
            kind=sighting.kind,
            address=str(sighting.address),
            name=sighting.name,
            values=sighting.values,
            drivers=[_taken(each) for each in candidates],
            reasons=reasons,
        )
        for line in _lines(sighting, candidates, reasons, output):
            output.say(line)
    return bool(candidates)


def _taken(candidate: Candidate) -> dict[str, object]:
    match = asdict(candidate.match)
    return {"driver": candidate.driver.id, **match, "address": str(candidate.match.address)}


def _lines(
    sighting: Sighting, candidates: list[Candidate], reasons: list[str], output: Output
) -> Iterator[str]:
    """Yield what people read of a sighting."""
    name, address = sighting.name or "no name", str(sighting.address)
    seen = _seen(sighting)
    if not candidates:
        yield output.styled(f"{'-':16}{address:24}{name}  {seen}", "dim")
        for reason in reasons:
            yield output.styled(f"{'':16}{reason}", "dim")
    for candidate in candidates:
        match = candidate.match
        driver = output.styled(f"{candidate.driver.id:16}", "green", "bold")
        unique_id = match.unique_id or "its id is not announced"
        yield f"{driver}{match.address!s:24}{match.name or name}  {unique_id}  {seen}"


def _seen(sighting: Sighting) -> str:
    """Return in words how a device was seen."""
    port = sighting.kind.partition(" ")[0]
    match sighting.source:
        case "beacon":
            return f"beacon to UDP port {port}"
        case "probe":
            return f"answer to a probe of UDP port {port}"
        case source:
            return f"{source} {sighting.kind}"


def _reasons(registry: Registry, sighting: Sighting) -> Iterator[str]:
    """Yield why each driver that knows this kind of sighting does not take it."""
    known = False
    for driver in registry.summaries.values():
        refusal = partial(registry.hosts.why_not, driver.id)
        for matcher in driver.discovery:
            if reason := why_not(matcher, sighting, refusal):
                known = True
                hint = "; --beside-hub finds devices there" if OWN_ADDRESS in reason else ""
                yield f"{driver.id}: {reason}{hint}"
    if not known:
        yield f"no driver is for {sighting.kind or sighting.source}"
