"""Several ways to one device as one transport: opened, closed, lost and heard together.

The first way is the driver's `io`, and decides: it identifies the device, and its options are those
of the whole. The ways beside it are opened when the device is proven.
"""

from functools import partial
from typing import Any, override

from ..driver.driver import AnyDriver
from ..errors import (
    CertificateError,
    EdgeError,
    IdentityError,
    ReplyError,
    UnreachableError,
)
from ..network.address import Address
from ..timing.timers import Timers
from ..transports import Options, Transport
from ..transports.base import Link
from .context import DeviceContext
from .core import DeviceCore
from .credentials import pass_on, run_nothing, without_secrets
from .optional_way import OptionalWay
from .way import Way

OF_THE_FIRST = ("pushes", "holds_connection", "heartbeat", "patience", "identify_every")
"""What a class of transports has for all its devices, and several ways have as their first one."""


def new_transport(core: DeviceCore, driver: AnyDriver, link: Link) -> Transport:
    """Return a new transport for a device: all ways that `driver`, or a sub-driver, declares."""
    first: Transport = driver.transport(link, driver.options or driver.transport.options_type())
    return Ways(core, driver, first, link) if _has_ways(driver) else first


def is_for(io: Transport, driver: AnyDriver) -> bool:
    """Return whether a driver can go on with a transport: it declares the same ways."""
    used = {way.name: way.declared for way in io.ways} if isinstance(io, Ways) else {}
    if type(io.first) is not driver.transport or used.keys() != driver.beside.keys():
        return False
    pairs = ((used[name], way) for name, way in driver.beside.items())
    return all((a.transport, a.optional) == (b.transport, b.optional) for a, b in pairs)


def _has_ways(driver: AnyDriver) -> bool:
    return bool(driver.beside) or any(map(_has_ways, driver.sub_drivers))


class Ways(Transport):
    """The first way to a device, and those beside it."""

    def __init__(self, core: DeviceCore, driver: AnyDriver, first: Transport, link: Link) -> None:
        """Open nothing yet."""
        self._first = first
        super().__init__(link, first.options)
        self._core = core
        self._ways: dict[str, Way] = {}
        self._optional: list[OptionalWay] = []
        """Those that are kept open now."""
        self._speaking = ""
        kept = {name: getattr(first, name) for name in OF_THE_FIRST}
        beside = (way.transport.deadline for way in driver.beside.values())
        vars(self).update(kept, deadline=max(first.deadline, *beside, 0))

    @property
    @override
    def first(self) -> Transport:
        return self._first

    @property
    @override
    def speaking(self) -> str:
        return self._speaking

    @override
    def beside(self, name: str) -> Transport:
        io: Transport = self.way(name).io
        return io

    def way(self, name: str) -> Way:
        """Return a way beside the first, as the present driver declares it."""
        driver = self._core.current_driver or self._core.chosen_driver()
        if (declared := driver.beside.get(name)) is None:
            raise UnreachableError(t"{name} is not open")
        way = self._ways.get(name)
        if way is None or way.declared.transport is not declared.transport:
            way = self._ways[name] = Way(self._core, declared, self._link, self._speak)
        way.declared = declared
        return way

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways beside the first, as far as they have been used."""
        return tuple(self._ways.values())

    def _speak(self, name: str, message: Any) -> None:
        self._speaking = name
        try:
            self._link.on_message(message)
        finally:
            self._speaking = ""

    # opening and closing

    @property
    @override
    def options(self) -> Options:
        return self._first.options

    @override
    def configure(self, options: Options) -> None:
        self._options = options
        self._first.configure(options)

    @override
    async def open(self, address: Address) -> None:
        await self._first.open(address)

    @override
    async def open_to_ask(self, address: Address) -> None:
        await self._first.open_to_ask(address)

    @override
    async def open_to_pair(self, address: Address) -> None:
        await self._first.open_to_pair(address)

    @override
    async def open_beside(self, address: Address, *, is_doubtful: bool) -> None:
        for name in self._core.driver.beside:
            way = self.way(name)
            if is_doubtful:
                await self._fail_if_other(way, address)
            if way.declared.optional:
                self._optional.append(OptionalWay(way))
                self._optional[-1].start(address, self.options)
            else:
                await way.open(address, self.options)

    async def _fail_if_other(self, way: Way, address: Address) -> None:
        """Ask who is there without secrets; raise EdgeError if that is or may be another device."""
        if way.declared.identify is None or way.is_pinned:
            return
        try:
            unique_id = await ask_without_login(self._core, way.name, address)
        except ReplyError, IdentityError, CertificateError:
            raise
        except EdgeError as err:
            raise UnreachableError(t"{way.name}: it cannot be identified there: {err}") from err
        if not unique_id:
            raise UnreachableError(t"{way.name}: whoever is there reports no ID")

    @override
    async def close(self) -> None:
        try:
            optional, self._optional = self._optional, []
            for kept in optional:
                await kept.close()
            for way in self.ways:
                await way.close()
        finally:
            await self._first.close()

    # what all of them have to do

    @override
    def abandon(self) -> None:
        for io in self._each:
            io.abandon()

    @override
    def gave_up(self) -> bool:
        closed = [io.gave_up() for io in self._each]  # each of them has to take note of it
        return any(closed)

    @override
    def announced(self) -> None:
        for io in self._each:
            io.announced()
        for optional in self._optional:
            optional.announced()

    @property
    def _each(self) -> tuple[Transport, ...]:
        return (self._first, *(way.io for way in self.ways))

    @property
    @override
    def answers_within(self) -> float:
        return max(io.answers_within for io in self._each)

    @property
    @override
    def is_told_beside(self) -> bool:
        return any(way.is_open and way.io.pushes for way in self.ways)

    @property
    @override
    def reconcile(self) -> float:
        """While a way beside reports changes, read as rarely as suits it, or as the driver says."""
        if self._core.driver.poll != -1 or not self.is_told_beside:
            return self._first.reconcile
        return max(way.io.poll for way in self.ways if way.is_open and way.io.pushes)

    @override
    async def is_reachable(self) -> bool | None:
        return await self._first.is_reachable()

    @property
    @override
    def acknowledged_at(self) -> float | None:
        return self._first.acknowledged_at

    @property
    @override
    def watched_at(self) -> float:
        return self._first.heard_at

    @property
    @override
    def heard_at(self) -> float:
        return max(io.heard_at for io in self._each)


async def ask_without_login(core: DeviceCore, name: str, address: Address) -> str:
    """Return the id that is reported on a way without a login; raise EdgeError.

    Another instance of the driver asks, on a connection of its own, without any secrets.
    """
    stranger = without_secrets(core)
    on_message = partial(pass_on, stranger)
    link = Link(on_message, lambda _: None, trace=core.trace, pacing=core.pacing)
    driver = type(core.driver)
    first: Transport = driver.transport(link, core.driver.io.options)
    ways = Ways(stranger, driver, first, link)
    context = DeviceContext(stranger, ways, Timers(run_nothing), None, lambda: None)
    stranger.use_driver(driver, context)
    stranger.require_proof()
    return await core.guard.run(partial(ways.way(name).ask, address, core.driver.io.options))
