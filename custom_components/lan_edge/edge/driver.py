"""What a driver author writes: a class that translates between a device and capabilities."""

from collections.abc import Callable, Mapping
import sys
from typing import Any, ClassVar, cast, get_args, get_origin, override

from .capability import Attribute, Capability
from .check import check
from .confirm import Confirm
from .device import Device
from .discovery import Matcher
from .dispatcher import Family, Handler
from .errors import UnreachableError
from .handling import handlers_of
from .listener import CallbackRequest
from .pairing import Ask
from .profile import MAIN, Profile
from .record import Identity
from .settings import settings_type
from .timers import Tick
from .transports import Options, Transport


class Driver[IO: Transport]:
    """One device family; a device has one instance. `Driver[Http]` talks HTTP through `io`.

    A subclass names itself (`id`), says how its devices are found (`discovery`) and what they
    can do (`profile`), reads (`refresh`, `on_message`) and carries out (`@handles`). A subclass
    of a driver is a sub-driver, for the devices that its `can_handle` takes. Drivers raise
    the library's errors only, and have no loop, sleep, task or retry: the framework has them.
    """

    id: ClassVar[str] = ""
    """Lives in configuration entries: never change it."""
    name: ClassVar[str] = ""
    """What people call the family; unless given, what its file's first line begins with."""
    discovery: ClassVar[tuple[Matcher, ...]] = ()
    profile: ClassVar[Profile]
    parts: ClassVar[tuple[type[Capability], ...]] = ()
    """What components that are set at run time can have, beside the profile's capabilities."""
    options: ClassVar[Options | None] = None
    """The transport's options where its defaults do not fit."""
    poll: ClassVar[float | None] = -1
    """Seconds between two refreshes; None: none; unless given, as the transport has it."""
    confirm: ClassVar[Confirm | None] = None
    """How a command's result gets into the state; unless given, as the transport has it."""
    confirm_within: ClassVar[float] = 2.0
    """Seconds in which a command's result must show; else the caller is told that it did not."""
    on_first: ClassVar[bool] = False
    """Its lamps take nothing but "on" while they are off."""
    callback_by_address: ClassVar[bool] = False
    """Its devices cannot be told a URL: what comes from their address to the hub's port is theirs.

    Only where nobody else can have that address: it is no proof.
    """
    settings: Any
    """What the user set: annotate it with a frozen dataclass, whose fields have all a default."""
    Settings: ClassVar[type[Any] | None] = None
    """What `settings` is annotated with."""

    transport: ClassVar[type[Transport]]
    handlers: ClassVar[Mapping[str, Handler]] = {}
    sub_drivers: ClassVar[list[type[Family]]]

    def __init__(self, device: Device) -> None:
        """Drive `device`; whatever is to be remembered goes into its fields."""
        self.device = device
        self.settings = device.settings
        self.component = MAIN

    @override
    def __init_subclass__(cls) -> None:
        """Read the class: its transport, its handlers; see that it makes sense."""
        cls.sub_drivers = []
        for base in getattr(cls, "__orig_bases__", ()):
            origin, arguments = get_origin(base), get_args(base)
            if origin is Driver and isinstance(arguments[0], type):
                cls.transport = arguments[0]
        cls.handlers = dict(handlers_of(cls))
        cls.Settings = settings_type(cls) or cls.Settings
        cls.name = vars(cls).get("name") or _name(cls)
        check(cls)

    @property
    def io(self) -> IO:
        """The connection to the device."""
        return cast("IO", self.device.io)

    # what a driver may say

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        """Whether this sub-driver is for that device; must only look at `identity`."""
        del identity
        return False

    def dial(self) -> Options:
        """Return the transport's options for this device."""
        return self.options or self.transport.options_type()

    async def identify(self) -> str:
        """Ask the device for its own id (serial, MAC, UUID); empty where it cannot tell.

        Without it, a device is known by the id that discovery saw, and that alone.
        """
        return ""

    async def refresh(self) -> None:
        """Read everything and emit it; what it asks on a connection may come as messages."""

    async def ping(self) -> str:
        """Get a sign of life; return the device's id, or empty text."""
        if not (found := await self.identify()):
            await self.refresh()
        return found

    def on_message(self, message: Any) -> None:
        """Take what the device says, replies too, in the order of arrival; emit from it."""

    def on_callback(self, request: CallbackRequest) -> str | None:
        """Take what the device sent the hub on its own; return a text to answer with, if any."""
        del request
        return None

    async def pair(self, ask: Ask) -> None:
        """Ask the user for what it takes to be let in, and keep it with `set_secret`.

        Runs before a device is added, with the connection open, and again when the device no
        longer takes what was kept. A driver without it needs no login.
        """

    async def added(self) -> None:
        """Run once in a device's life, at its first connection."""

    async def connected(self) -> None:
        """Run at each connection, before the first refresh."""

    async def disconnected(self) -> None:
        """Run once for each `connected`, when that connection is gone."""

    async def settings_changed(self, old: Any) -> None:
        """Run when the user changed the settings, which were `old`."""

    async def goodbye(self) -> None:
        """Run before the hub closes the connection, where the protocol has a goodbye."""

    async def removed(self) -> None:
        """Run once, before the hub forgets the device, if it is there."""

    # what a driver may use

    def emit[T](self, attribute: Attribute[T], value: T, component: str = MAIN) -> None:
        """Report a value; a wrong one is refused and counted, and does no harm."""
        self.device.state.emit(attribute, value, component)

    def set_profile(self, profile: Profile) -> None:
        """Have other components or capabilities from now on; they come and go live."""
        self.device.set_profile(profile)

    def set_available(self, component: str, available: bool) -> None:
        """Report that a component is there, or away, while the device itself is there."""
        self.device.set_available(component, available)

    def refresh_soon(self) -> None:
        """Have everything read again, in the device's turn."""
        self.device.link.missed()

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches `on_callback`; call it in `connected`.

        It leads here until the connection ends. Raises UnreachableError.
        """
        if self.device.callback is None:
            msg = "this hub takes no callbacks"
            raise UnreachableError(msg)
        return await self.device.callback.url()

    async def callback_send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError if it has not."""
        if self.device.callback is None:
            msg = "this hub takes no callbacks"
            raise UnreachableError(msg)
        await self.device.callback.send(message)

    def describe(self, **what: str) -> None:
        """Tell more of the device: name, manufacturer, model, firmware, serial_number, mac, url."""
        self.device.describe(**what)

    def get_field(self, key: str) -> Any:
        """Return what `set_field` kept, or None."""
        return self.device.fields.get(key, self.device.record.fields.get(key))

    def set_field(self, key: str, value: Any, *, persist: bool = False) -> None:
        """Remember a value until the end of this run, or for good (then JSON data)."""
        self.device.set_field(key, value, persist=persist)

    @property
    def secrets(self) -> Mapping[str, str]:
        """What `pair` kept; `dial` may need it."""
        return self.device.secrets

    def set_secret(self, key: str, value: str) -> None:
        """Keep a token or password; it never shows anywhere."""
        self.device.set_secret(key, value)

    @classmethod
    def pairs(cls) -> bool:
        """Whether the user must be asked for something before the device can be added."""
        return any("pair" in vars(c) for c in cls.__mro__ if c is not Driver)

    def every(self, seconds: float, tick: Tick) -> Callable[[], None]:
        """Run `tick` in the device's turn every `seconds` until the connection ends."""
        return self.device.timers.every(seconds, tick)

    def after(self, seconds: float, tick: Tick) -> Callable[[], None]:
        """Run `tick` in the device's turn once, in `seconds`, if still connected."""
        return self.device.timers.after(seconds, tick)

    # what its device asks

    @property
    def poll_interval(self) -> float | None:
        """Seconds between two refreshes; None: none."""
        return self.transport.poll if self.poll == -1 else self.poll

    @property
    def confirm_by(self) -> Confirm:
        """How a command's result gets into the state."""
        return self.confirm or (Confirm.PUSH if self.transport.pushes else Confirm.READ)


def _name(driver: type[Driver[Any]]) -> str:
    """Return `REST switch` for a file that begins with "REST switch: GET and POST ..."."""
    head, colon, _ = (getattr(sys.modules.get(driver.__module__), "__doc__", None) or "").partition(
        ":"
    )
    return head if colon and "\n" not in head else driver.__name__
