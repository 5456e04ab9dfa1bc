"""What a driver author writes: a class that translates between a device and capabilities."""

from collections.abc import Callable, Mapping
import sys
from typing import Any, ClassVar, cast, get_args, get_origin, override

from ..callbacks import CallbackRequest
from ..capabilities.definition import Attribute, Capability
from ..capabilities.profile import MAIN, Profile
from ..discovery.matchers import Matcher
from ..timing.timers import Work
from ..transports import Options, Transport
from .confirm import Confirm
from .context import DriverContext
from .fields import annotated_type
from .handlers import Handler, handlers_of
from .identity import Identity
from .memory import stored_schemas
from .pairing import Ask
from .validation import check_driver


class Driver[IO: Transport]:
    """One family of devices; each device has its own instance. `Driver[Http]` talks HTTP via `io`.

    A subclass names itself (`id`), says how its devices are found (`discovery`) and what they can
    do (`profile`), reads them (`refresh`, `on_message`) and carries out commands (`@handles`). A
    subclass of a driver is a sub-driver, for the devices that its `can_handle` accepts. Drivers
    raise the library's errors only, and need no loop, sleep, task or retry: the framework has them.
    """

    id: ClassVar[str] = ""
    """Stored with every device: never change it."""
    name: ClassVar[str] = ""
    """What people call the family; unless given, the beginning of its file's first line."""
    discovery: ClassVar[tuple[Matcher, ...]] = ()
    """How its devices show themselves; empty: they are added by their address."""
    profile: ClassVar[Profile]
    """What its devices can do, unless `set_profile` says otherwise."""
    parts: ClassVar[tuple[type[Capability], ...]] = ()
    """Capabilities that only components of `set_profile` have; their commands are handled, too."""
    options: ClassVar[Options | None] = None
    """The transport's options, if its defaults do not fit."""
    poll: ClassVar[float | None] = -1
    """Seconds between two refreshes; None: no polling; unless given, the transport's interval."""
    confirm: ClassVar[Confirm | None] = None
    """How a command's result gets into the state; unless given, as suits the transport."""
    confirm_within: ClassVar[float] = 2.0
    """Seconds in which a command's result must show, or the caller is told that it did not."""
    turn_on_first: ClassVar[bool] = False
    """Whether its devices accept no command but "on" while they are off, so "on" is sent first."""
    callback_by_address: ClassVar[bool] = False
    """Its devices cannot be told a URL: what their address sends to the hub's port is theirs.

    Only for networks where nobody else can use that address: it proves nothing.
    """
    io: IO
    """The connection to the device."""
    settings: Any
    """What the user set; annotate it with a frozen dataclass whose fields all have a default."""
    Settings: ClassVar[type[Any] | None] = None
    """The type that `settings` is annotated with."""
    memory: Any
    """What is remembered of the device; annotate it with a dataclass whose fields have defaults."""
    Memory: ClassVar[type[Any] | None] = None
    """The type that `memory` is annotated with."""
    stored_memory: ClassVar[tuple[str, ...]] = ()
    """The fields of `memory` that are kept from one run to the next."""

    transport: ClassVar[type[Transport]]
    """The transport that the class names: of `Driver[Http]`, Http."""
    handlers: ClassVar[Mapping[str, Handler]] = {}
    """The class's own handlers by the id of a command or intent, without its parents'."""
    sub_drivers: ClassVar[list[type[Driver[Any]]]]
    """The registered subclasses; the first whose `can_handle` accepts a device drives it."""

    def __init__(self, context: DriverContext) -> None:
        """Drive the device of `context`."""
        self._context = context
        self._state = context.state
        self.io = cast("IO", context.io)
        self.settings = context.settings
        self.memory = context.memory
        self.component = MAIN
        """The component that the command under way is for."""

    @override
    def __init_subclass__(cls) -> None:
        """Check a subclass where it is defined; raise DriverError with its file and line."""
        cls.sub_drivers = []
        for base in getattr(cls, "__orig_bases__", ()):
            origin, arguments = get_origin(base), get_args(base)
            if origin is Driver and isinstance(arguments[0], type):
                cls.transport = arguments[0]
        cls.handlers = dict(handlers_of(cls))
        cls.Settings = annotated_type(cls, "settings") or cls.Settings
        cls.Memory = annotated_type(cls, "memory") or cls.Memory
        cls.name = vars(cls).get("name") or _name(cls)
        check_driver(cls)
        cls.stored_memory = tuple(stored_schemas(cls.Memory)) if cls.Memory else ()

    # what a driver may define

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        """Return whether this sub-driver is for that device; must look at `identity` only.

        An identity may lack everything but the id. What this raises counts as no.
        """
        del identity
        return False

    def transport_options(self) -> Options:
        """Return the transport's options for this device: `options`, unless overridden.

        Called before each connection. It may look at `settings`, `memory`, `secrets` and
        `identity`.
        """
        return self.options or self.transport.options_type()

    async def identify(self) -> str:
        """Ask the device for its own id (serial, MAC, UUID); empty text if it cannot tell.

        Without an id a device is recognized by what discovery saw, and by nothing else.
        """
        return ""

    async def refresh(self) -> None:
        """Read everything and emit it; on a connection, answers may come as messages instead.

        Runs when a device is connected, every `poll` seconds, and where a command's result does not
        show by itself.
        """

    async def ping(self) -> str:
        """Get a sign of life; return the device's id, or empty text if it did not tell.

        Unless overridden, the device is asked for its id, or is read if it has none.
        """
        if not (unique_id := await self.identify()):
            await self.refresh()
        return unique_id

    def on_message(self, message: Any) -> None:
        """Take a message, replies included, in the order of arrival; emit what it says.

        A ReplyError is logged once and counted; it harms nothing.
        """

    def on_callback(self, request: CallbackRequest) -> str | None:
        """Take what the device sent to the hub by itself; return a text to answer with, if any."""
        del request
        return None

    async def pair(self, ask: Ask) -> None:
        """Ask the user for what is needed to be let in, and keep it with `set_secret`.

        Runs before a device is added, with the connection open, and again when the device refuses
        what was kept. A driver without it needs no login.
        """

    async def added(self) -> None:
        """Run once in a device's life, at its first connection."""

    async def connected(self) -> None:
        """Run at each connection, before the first refresh."""

    async def disconnected(self) -> None:
        """Run once for each `connected`, after that connection has ended."""

    async def settings_changed(self, old: Any) -> None:
        """Run when the user has changed the settings; raise RefusedError to undo that."""

    async def goodbye(self) -> None:
        """Run before the hub closes the connection, for protocols with a goodbye."""

    async def removed(self) -> None:
        """Run once before the hub forgets the device, if it is there."""

    # what a driver may use

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self._context.identity

    def emit[T](self, attribute: Attribute[T], value: T, component: str = MAIN) -> None:
        """Report a value; one that does not fit is refused and counted. Never raises.

        It counts once the device's identity is proven: what is emitted before is dropped.
        """
        self._state.emit(attribute, value, component)

    def reject(self, attribute: Attribute[Any], reason: str) -> None:
        """Report a value that cannot be taken: it is counted, and logged once."""
        self._state.reject(attribute, reason)

    def get[T](self, attribute: Attribute[T], component: str = MAIN) -> T | None:
        """Return the value that was reported last, or None."""
        return self._state.get(attribute, component)

    def has(self, capability: type[Capability], component: str = MAIN) -> bool:
        """Return whether the device has a capability at the moment."""
        part = self._context.profile.components.get(component)
        return part is not None and capability in part.capabilities

    def set_profile(self, profile: Profile) -> None:
        """Change components and capabilities; what is shown of them follows at once.

        Nothing happens before the device's identity is proven. The profile is kept from one run to
        the next. Raises ReplyError for more than 256 components.
        """
        self._context.set_profile(profile)

    def set_available(self, component: str, available: bool) -> None:
        """Report that a component is there, or away, while the device itself is there.

        Commands for one that is away fail with OfflineError. Nothing happens before the device's
        identity is proven.
        """
        self._context.set_available(component, available)

    def describe(self, **details: str) -> None:
        """Add to the identity: name, manufacturer, model, firmware, serial_number, mac, url.

        Each becomes one line of at most 256 characters; an empty one changes nothing. It counts
        once the device's identity is proven, so `identify` may call it.
        """
        self._context.describe(**details)

    def refresh_soon(self) -> None:
        """Have everything read again, in the device's turn."""
        self._context.refresh_soon()

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn every `seconds`, until the connection ends.

        The interval varies by a tenth, so that devices do not all act at once. Returns the function
        that ends it earlier. Nothing is run where the device is not connected.
        """
        return self._context.every(seconds, work)

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` in the device's turn once, in `seconds`, if it is still connected.

        Returns the function that cancels it.
        """
        return self._context.after(seconds, work)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords that `set_secret` kept, by key."""
        return self._context.secrets

    def set_secret(self, key: str, value: str) -> None:
        """Keep a token or password from one run to the next; it is never shown anywhere."""
        self._context.set_secret(key, value)

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches `on_callback`; call it in `connected`.

        It is valid until the connection ends. Raises UnreachableError.
        """
        return await self._context.callback_url()

    async def callback_send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError if there is none."""
        await self._context.callback_send(message)

    # asked by the framework

    @classmethod
    def pairs(cls) -> bool:
        """Return whether the user must be asked before the device can be added."""
        return any("pair" in vars(c) for c in cls.__mro__ if c is not Driver)

    @property
    def poll_interval(self) -> float | None:
        """Seconds between two refreshes; None: no polling."""
        return self.transport.poll if self.poll == -1 else self.poll

    @property
    def confirm_by(self) -> Confirm:
        """How a command's result gets into the state."""
        return self.confirm or (Confirm.PUSH if self.transport.pushes else Confirm.READ)


def _name(driver: type[Driver[Any]]) -> str:
    """Return `REST switch` for a file that begins with "REST switch: GET and POST ..."."""
    docstring = getattr(sys.modules.get(driver.__module__), "__doc__", None) or ""
    head, colon, _ = docstring.partition(":")
    return head if colon and "\n" not in head else driver.__name__
