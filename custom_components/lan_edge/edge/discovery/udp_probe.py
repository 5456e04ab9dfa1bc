"""An active probe: sends the datagrams of the drivers' `UdpProbe` matchers.

Answers are not trusted: they are bounded and checked, and none of them makes it raise.
"""

import asyncio
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from itertools import islice
import logging
from typing import Any, cast

from ..diagnostics.failures import place_of
from ..network.address import Address, is_device_host
from ..network.text import MAX_FIELD, MAX_VALUE
from ..transports.udp.asking import Inquiry, ask_around
from .matchers import UdpBeacon, UdpProbe
from .sighting import MAX_SIGHTING_FIELDS, Sighting

_LOGGER = logging.getLogger(__name__)

PROBE_INTERVAL = 0.3
"""Seconds between two repetitions of a probe."""
MAX_HOSTS = 256
"""Hosts whose answers to one matcher's probe are used."""
MAX_ANSWERS_PER_HOST = 4
"""Different answers from one host that are used: some devices send something else first."""
MAX_ANSWER = 8 * 1024
"""The longest answer that is read, in bytes."""
MAX_ANSWERS_SIZE = 512 * 1024
"""The bytes that all different answers to one matcher's probe may have together."""
MAX_DEPTH = 4
"""How deeply an answer's values may be nested."""


async def udp_probe(
    matchers: Iterable[UdpProbe],
    adapters: Iterable[tuple[str, str]] = (),
    hosts: Iterable[str] = (),
    *,
    on_sighting: Callable[[Sighting], None] = lambda _: None,
    timeout: float = 2.0,
) -> list[Sighting]:
    """Probe the networks of `adapters` by broadcast or by group, and the IP addresses `hosts`.

    An adapter is given as the hub's own IP address on it and its broadcast address. Each sighting
    goes to `on_sighting` (which must not raise) at once; all are returned after `timeout` seconds.
    """
    sightings: list[Sighting] = []

    def report(sighting: Sighting) -> None:
        sightings.append(sighting)
        on_sighting(sighting)

    targets = {*adapters, *(("", host) for host in hosts if is_device_host(host))}
    async with asyncio.TaskGroup() as group:
        for matcher in matchers:
            inquiries = [i for target in targets if (i := _inquiry(matcher, *target)) is not None]
            group.create_task(
                ask_around(
                    inquiries,
                    _Answers(matcher, report).add,
                    timeout=timeout,
                    interval=PROBE_INTERVAL,
                )
            )
    return sightings


def _inquiry(matcher: UdpProbe, local_host: str, host: str) -> Inquiry | None:
    with suppress(ValueError):
        ip_address(host)  # a name would have to be looked up, which can take long
        is_for_all = bool(local_host)
        to = Address((is_for_all and matcher.group) or host, matcher.probe_port)
        return Inquiry((matcher.request,), to, local_host, is_for_all, matcher.answer_port)
    return None


class _Answers:
    """Reports a sighting for each different answer to one matcher's probe."""

    def __init__(self, matcher: UdpProbe, report: Callable[[Sighting], None]) -> None:
        self._matcher = matcher
        self._report = report
        self._seen: dict[str, list[dict[str, str]]] = {}
        self._size = 0
        """The bytes of the answers that are kept."""

    def add(self, data: bytes, sender: Address) -> None:
        if sender.host not in self._seen and len(self._seen) >= MAX_HOSTS:
            return
        seen = self._seen.get(sender.host, [])
        if len(seen) >= MAX_ANSWERS_PER_HOST:
            return
        if self._size + len(data) > MAX_ANSWERS_SIZE:
            return
        if not (values := read_answer(self._matcher, data)) or values in seen:
            return
        self._size += len(data)
        self._seen[sender.host] = [*seen, values]
        address = Address(sender.host, self._matcher.probe_port)
        self._report(Sighting("probe", self._matcher.kind, address, "", {"reply": values}))


def read_answer(matcher: UdpProbe | UdpBeacon, data: bytes) -> dict[str, str]:
    """Return the values in an answer or beacon, nested ones as `outer.inner`; {} if it is none."""
    if len(data) > MAX_ANSWER:
        return {}
    try:
        values: object = matcher.read(data)
    except Exception as err:  # noqa: BLE001  # it need not handle other devices' answers
        _LOGGER.debug("nothing for %s: %s", matcher, place_of(err))
        return {}
    if not isinstance(values, Mapping):
        _LOGGER.debug("nothing for %s: its `read` returned a %s", matcher, type(values).__name__)
    return dict(islice(_texts(values), MAX_SIGHTING_FIELDS))


def _texts(value: object, name: str = "", depth: int = 0) -> Generator[tuple[str, str]]:
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in cast("Mapping[Any, object]", value).items():
            yield from _texts(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif name and isinstance(value, str | int | float):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield name[:MAX_FIELD], text[:MAX_VALUE]
