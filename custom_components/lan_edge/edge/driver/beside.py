"""A second way to a device: such as a WebSocket for its events, beside HTTP for commands."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Self, cast, overload

from ..transports import Options, Transport
from .declarations import option_mistakes
from .mistakes import Mistake
from .returns import checked_options


class Beside[T: Transport]:
    """A second way to the device, declared by an attribute of the driver that has its name.

        class Lamp(Driver[Http]):
            events = Beside(WebSocket, WebSocketOptions(path="/events"))

    In the driver's methods, `self.events` is that transport, as `self.io` is the first one. All
    ways are one connection to one device: they are opened and closed together, and their messages
    reach `on_message` in the order of arrival, where `self.way` is the name of the way. It is
    opened once the device's identity is proven, before `connected`; in `identify` and `pair` only
    `io` is open.
    """

    def __init__(
        self,
        transport: type[T],
        options: Options | Callable[[Any], Options] | None = None,
        *,
        optional: bool = False,
        identify: Callable[[Any], Awaitable[str]] | None = None,
        opened: Callable[[Any], Awaitable[None]] | None = None,
    ) -> None:
        """Use `transport`, with `options` or those that a method of the driver returns.

        If the port in the options is that of `io`, it follows `io` where discovery finds another.

        `optional`: without this way the device is still available, and polled as if it reported
        nothing by itself; it is tried again, and users find it in the diagnostics. Otherwise the
        loss of one way is the loss of the device.

        `identify`: a method that asks for the device's id on this way. It runs each time the way is
        opened and after a silence; where a secret could get to somebody else, also before, without
        any secrets. Without it, whoever answers at this way is taken for the device that `io` has
        identified at the same host, unless TLS proves it.

        `opened`: a method that runs each time this way was opened, to subscribe for example.
        """
        self.transport = transport
        self.options = options
        self.optional = optional
        self.identify = identify
        self.opened = opened
        self.name = ""
        """The name of the attribute."""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    @overload
    def __get__(self, driver: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, driver: object, owner: type[Any]) -> T: ...
    def __get__(self, driver: object | None, owner: type[Any]) -> Self | T:
        """Return the transport of a driver's device; the declaration itself of a class."""
        if driver is None:
            return self
        return cast("T", cast("Any", driver)._context.beside(self.name))  # noqa: SLF001  # its own

    def options_for(self, driver: object) -> Options:
        """Return the options for the device of a driver."""
        if not callable(self.options):
            return self.options or self.transport.options_type()
        options = self.options(driver)
        return checked_options(self.options, options, self.transport.options_type)


def options_of(driver: Any) -> tuple[Options, ...]:
    """Return the options of all ways to the device of a driver, the first one's first."""
    beside = (way.options_for(driver) for way in driver.beside.values())
    return driver.transport_options(), *beside


def ways_beside(driver: type[Any]) -> dict[str, Beside[Any]]:
    """Return the second ways that a driver declares or inherits, by name."""
    names = (name for base in reversed(driver.__mro__) for name in vars(base))
    values = ((name, getattr(driver, name, None)) for name in dict.fromkeys(names))
    return {name: value for name, value in values if isinstance(value, Beside)}


def beside_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    """Yield what is wrong with the second ways of a driver."""
    for name, way in ways_beside(driver).items():
        if not (isinstance(way.transport, type) and issubclass(way.transport, Transport)):
            yield Mistake(f"{name} names no transport", f"write {name} = Beside(WebSocket)", name)
        elif isinstance(way.options, Options):
            yield from option_mistakes(way.options, name)
            yield from _mismatches(name, way.transport, way.options)


def _mismatches(name: str, used: type[Transport], options: Options) -> Iterator[Mistake]:
    if not isinstance(options, used.options_type):
        wanted = used.options_type.__name__
        yield Mistake(f"the options of {name} are no {wanted}", f"use {wanted}(...)", name)
    elif options.tls and not used.secure:
        yield Mistake(f"{name}: {used.__name__} cannot use TLS", "leave tls out", name)
    elif options.answers_within > used.deadline:
        yield Mistake(
            f"answers_within of {name} exceeds the {used.deadline:g} s that a command may take",
            f"use at most {used.deadline:g}",
            name,
        )
