"""An active probe: who answers the datagrams of the drivers' `UdpProbe` matchers now.

What comes back is a stranger's word: bounded, checked, and nothing in it raises.
"""

import asyncio
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from ipaddress import ip_address
from itertools import islice
import logging
from typing import Any, cast, override

from .discovery import MAX_FIELD, MAX_FIELDS, Address, Sighting, UdpProbe, usable
from .errors import EdgeError, UnreachableError
from .registry import registered
from .transports import Datagrams, Receiver

_LOGGER = logging.getLogger(__name__)

TIMES = 3
"""How often each datagram is sent: they get lost."""
PAUSE = 0.3
"""Seconds after each time."""
MAX_DEVICES = 256
"""Hosts whose answers to one matcher's probe are taken notice of."""
MAX_ANSWERS = 4
"""Different answers of one host: some send what is none before the one."""
MAX_ANSWER = 8 * 1024
"""The longest answer that is read, in bytes."""
MAX_DEPTH = 4
"""How deep an answer's values may be nested."""


async def probe(
    adapters: Iterable[tuple[str, str]] = (),
    hosts: Iterable[str] = (),
    *,
    matchers: Iterable[UdpProbe] | None = None,
    found: Callable[[Sighting], None] = lambda _: None,
    timeout: float = 2.0,
) -> list[Sighting]:
    """Ask everybody on the networks of `adapters`, and each of `hosts`, by IP address.

    An adapter is the hub's own address on it and its broadcast address. Each sighting goes to
    `found` (which must not raise) as soon as it is there; all are returned after `timeout`
    seconds. Unless given, the matchers are those of all registered drivers.
    """
    sightings: list[Sighting] = []

    def report(sighting: Sighting) -> None:
        sightings.append(sighting)
        found(sighting)

    ways = [*adapters, *(("", host) for host in hosts if usable(host))]
    asked = [_Answers(m, report) for m in (_registered() if matchers is None else matchers)]
    async with AsyncExitStack() as stack:
        sockets = [await _open(answers, *way, stack) for answers in asked for way in set(ways)]
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        for _ in range(TIMES):
            for each in filter(None, sockets):
                each.ask()
            await asyncio.sleep(PAUSE)
        await asyncio.sleep(end - loop.time())
    return sightings


def _registered() -> Generator[UdpProbe]:
    for driver in registered().values():
        yield from (m for m in driver.discovery if isinstance(m, UdpProbe))


async def _open(answers: _Answers, own: str, to: str, stack: AsyncExitStack) -> _Socket | None:
    """Return a socket that asks from the address `own`; None where that cannot be."""
    try:
        ip_address(to)  # a name would have to be looked up, and that can take its time
        made = _Socket(answers, Address(to, answers.matcher.probe_port))
        await made.open(own)
    except (EdgeError, ValueError) as err:
        _LOGGER.debug("no probe from %s to %s: %s", own or "anywhere", to, err)
        return None
    stack.push_async_callback(made.close)
    return made


class _Socket(Receiver):
    """Asks one address, of one host or of all that listen there."""

    def __init__(self, answers: _Answers, to: Address) -> None:
        self._answers = answers
        self._to = to
        self._everybody = False

    async def open(self, own: str) -> None:
        """Open at the own address `own`, for everybody's answers; else for those of one host."""
        self._everybody = bool(own)
        anywhere = "::" if ":" in self._to.host else "0.0.0.0"  # noqa: S104  # it may be any adapter
        self._datagrams = Datagrams(Address(own or anywhere))
        await self._datagrams.join(self, Address(self._to.host))

    async def close(self) -> None:
        await self._datagrams.leave(self)

    def ask(self) -> None:
        with suppress(UnreachableError):  # it may well be the next time
            self._datagrams.send(self._answers.matcher.request, self._to)

    @override
    def datagram(self, data: bytes, sender: Address) -> None:
        self._answers.add(data, sender)

    @override
    def stranger(self, data: bytes, sender: Address) -> None:
        if self._everybody:
            self._answers.add(data, sender)

    @override
    def ended(self, reason: EdgeError) -> None:
        """Make do with what came."""


class _Answers:
    """Makes sightings of the answers to one matcher's probe, each once."""

    def __init__(self, matcher: UdpProbe, report: Callable[[Sighting], None]) -> None:
        self.matcher = matcher
        self._report = report
        self._seen: dict[str, list[dict[str, str]]] = {}

    def add(self, data: bytes, sender: Address) -> None:
        if sender.host not in self._seen and len(self._seen) >= MAX_DEVICES:
            return
        seen = self._seen.get(sender.host, [])
        if len(seen) >= MAX_ANSWERS or not (values := read(self.matcher, data)) or values in seen:
            return
        self._seen[sender.host] = [*seen, values]
        address = Address(sender.host, self.matcher.probe_port)
        self._report(Sighting("probe", self.matcher.kind, address, "", {"reply": values}))


def read(matcher: UdpProbe, data: bytes) -> dict[str, str]:
    """Return the values of an answer, those within another as `outer.inner`; {} if it is none."""
    if len(data) > MAX_ANSWER:
        return {}
    try:
        told: object = matcher.read(data)
    except Exception as err:  # noqa: BLE001  # it was made for a device's answers, not for any
        _LOGGER.debug("an answer to %s that is none: %r", matcher, err)
        return {}
    return dict(islice(_texts(told), MAX_FIELDS))


def _texts(value: object, name: str = "", depth: int = 0) -> Generator[tuple[str, str]]:
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in cast("Mapping[Any, object]", value).items():
            yield from _texts(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif name and isinstance(value, str | int | float):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield name[:MAX_FIELD], text[:MAX_FIELD]
