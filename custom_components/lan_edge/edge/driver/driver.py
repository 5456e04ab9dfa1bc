"""The base class of drivers: a driver translates between a device and capabilities."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, cast, override

from ..callbacks import CallbackRequest
from ..capabilities.definition import Attribute, Capability, Command
from ..capabilities.profile import MAIN, Component, Profile
from ..discovery.matcher import Matcher
from ..discovery.sighting import Sighting
from ..errors import ReplyError
from ..timing.timers import Work
from ..transports import Options, Transport
from .beside import Beside
from .confirm import Confirm
from .context import DriverContext
from .described import describe, stored_fields
from .handlers import Handler
from .identity import Identity
from .message_values import value_at
from .pairing import Ask
from .summary import DriverSummary
from .validation import check_driver

POLL_BESIDE = 10.0
"""Seconds between two refreshes if the device does not report everything by itself."""


class Driver[IO: Transport]:
    """A family of devices; each device has its own instance. `Driver[Http]` uses HTTP as `io`.

    A subclass names itself (`id`), declares how its devices are discovered (`discovery`) and what
    they can do (`profile`), reads them (`refresh`, `on_message`) and carries out commands
    (`@handles`). A subclass of a driver is a sub-driver, for the devices that its `can_handle`
    accepts. Drivers raise only the library's errors, and need no loops, sleeps, tasks or retries:
    the framework has them.
    """

    id: ClassVar[str] = ""
    """Stored with every device: never change it."""
    name: ClassVar[str] = ""
    """The name shown to users; by default, the beginning of the first line of its file."""
    family_id: ClassVar[str] = ""
    """The id of another driver whose devices these are, too: sightings of those are theirs."""
    discovery: ClassVar[tuple[Matcher, ...]] = ()
    """How its devices are discovered; empty: they can only be added by address."""
    is_general: ClassVar[bool] = False
    """Whether its `discovery` also finds devices that have a driver of their own.

    As where all devices of a maker answer one search, whatever else they speak. At a host where
    another driver has found a device, or has one, it is taken for that device: it is offered once.
    """
    help: ClassVar[str] = ""
    """One sentence for where a device cannot be added, such as what to turn on in its app."""
    profile: ClassVar[Profile]
    """What its devices can do, until `set_profile` changes it."""
    parts: ClassVar[tuple[type[Capability], ...]] = ()
    """Capabilities that devices have only by `set_profile`; the driver handles them as well."""
    options: ClassVar[Options | None] = None
    """The transport's options, if the defaults do not fit."""
    poll: ClassVar[float | None] = -1
    """Seconds between two refreshes, by default as suits the transport; None: no polling."""
    pushed: ClassVar[tuple[Attribute[Any], ...] | None] = None
    """What its devices report by themselves, if that is not everything that can change.

    All else is polled as if they reported nothing, and read after the commands that set it.
    """
    confirm: ClassVar[Confirm | None] = None
    """How a command's result gets into the state; by default, as suits the transport."""
    confirm_within: ClassVar[float] = 2.0
    """Seconds within which a command's result must show in the state; otherwise it fails."""
    reads_identity: ClassVar[bool] = False
    """Whether `refresh` raises IdentityError where it reads the id of another device.

    Otherwise, or where it is read less often, a polled device is asked for its id once a minute:
    another one may have its address.
    """
    sleeps: ClassVar[float | None] = None
    """Seconds for which its devices may sleep without any contact: they stay available for so long.

    Commands meanwhile are accepted, and sent when they wake: the newest values only.
    """
    on_first: ClassVar[bool] = False
    """Whether its devices accept no command but "on" while they are off, so "on" is sent first."""
    fades: ClassVar[bool] = True
    """Whether its lights can take a requested time for a change; if not, none is offered."""
    callback_by_address: ClassVar[bool] = False
    """Whether requests to the hub are attributed to a device by the sender's address alone.

    For devices that cannot be given a URL. The address proves nothing, so use it only on networks
    where no other host can take it.
    """
    keeps_callback_url: ClassVar[bool] = False
    """Whether a device has one URL at the hub for good, because its owner enters it in the device.

    `Device.callback_url` is what the owner enters. Requests to it are accepted in each connection.
    """
    key_only_encrypts: ClassVar[bool] = False
    """Whether its secrets are keys that encrypt what is sent, and are never sent themselves.

    So nobody who answers at another address gets them, and it is followed there as a device without
    secrets is. Not for a key that signs: a signature can be used again.
    """
    is_proven_by_key: ClassVar[bool] = False
    """Whether only the device can answer, because both sides encrypt with a key that is never sent.

    So it is followed to another address at once, as a device that TLS proves is, and nothing is
    asked there first without the key.
    """
    foreign_media: ClassVar[bool] = False
    """Whether pictures and videos may be at other hosts, such as those of a streaming service.

    Otherwise a URL is used only if it leads to the device itself.
    """
    private: ClassVar[tuple[str, ...]] = ()
    """The fields of messages and of `memory` that are left out of what users publish.

    A name stands for every field that is called so, with all that is in it; `config.name` for the
    fields called `name` within a `config`. MAC and IP addresses, ids, keys, e-mails, coordinates,
    passwords and the names of the device and its parts are left out anyway.
    """
    io: IO
    """The connection to the device."""
    settings: Any
    """The user's settings; annotate it with a frozen dataclass whose fields all have defaults."""
    Settings: ClassVar[type[Any] | None] = None
    """The type that `settings` is annotated with."""
    memory: Any
    """Data about the device; annotate it with a dataclass whose fields all have defaults."""
    Memory: ClassVar[type[Any] | None] = None
    """The type that `memory` is annotated with."""
    stored_memory: ClassVar[tuple[str, ...]] = ()
    """The fields of `memory` that are stored."""

    transport: ClassVar[type[Transport]]
    """The transport in the brackets of the base class: Http for `Driver[Http]`."""
    beside: ClassVar[Mapping[str, Beside[Any]]] = {}
    """The ways to the device beside `io`, each an attribute of the class, by name."""
    handlers: ClassVar[Mapping[str, Handler]] = {}
    """The handlers defined in the class itself, by the id of their command or intent."""
    many_handlers: ClassVar[Mapping[str, Handler]] = {}
    """Those of them that take several components."""
    has_many: ClassVar[bool] = False
    """Whether there are any, its parents' included."""
    handlers_by_command: ClassVar[dict[Command[...], Handler | None]] = {}
    """Which handler the dispatcher has found for each command, its parents' included.

    Kept here, so that it goes with the class once another one has replaced it.
    """
    sub_drivers: ClassVar[list[type[Driver[Any]]]]
    """The registered subclasses; the first one whose `can_handle` accepts a device is used."""

    def __init__(self, context: DriverContext) -> None:
        """Create the driver of the device of `context`."""
        self._context = context
        self._state = context.state
        self.io = cast("IO", context.io)
        self.settings = context.settings
        self.memory = context.memory
        self.component = MAIN
        """The component for which the current command is."""

    @override
    def __init_subclass__(cls) -> None:
        """Check a subclass where it is defined; raise DriverError with its file and line."""
        super().__init_subclass__()
        describe(cls, Driver)
        check_driver(cls, Driver)
        cls.stored_memory = stored_fields(cls)

    # what a driver may define

    @classmethod
    def can_handle(cls, identity: Identity) -> bool:
        """Return whether this sub-driver is for the device; must depend on `identity` only.

        Any field of the identity but the id may be empty. An exception counts as no.
        """
        del identity
        return False

    def transport_options(self) -> Options:
        """Return the transport's options for this device: `options`, unless overridden.

        Called before each connection. It may depend on `settings`, `memory`, `secrets` and
        `identity`.
        """
        return self.options or self.transport.options_type()

    async def identify(self) -> str:
        """Read the device's own id (serial number, MAC, UUID); return empty text if it has none.

        A device without an id is recognized only by its sightings in discovery.
        """
        return ""

    async def refresh(self) -> None:
        """Read everything and emit it; replies may also arrive as messages instead.

        Runs at each connection, every `poll` seconds, and after a command whose result the device
        does not report by itself.
        If it raises ReplyError three times in a row, the device counts as lost.
        """

    async def ping(self) -> str:
        """Get a sign of life; return the device's id, or empty text if it did not send it.

        By default, calls `identify`, and `refresh` if that returns no id.
        """
        if not (unique_id := await self.identify()):
            await self.refresh()
        return unique_id

    def on_message(self, message: Any) -> None:
        """Handle a message, including replies, in the order of arrival; emit its values.

        A ReplyError is counted, and logged once; the connection continues.
        """

    def on_sighting(self, sighting: Sighting) -> None:
        """Handle what the device announces by discovery, such as state in its mDNS TXT record.

        It runs for each sighting that one of its matchers accepts, repeated ones included, in the
        order of arrival among messages; at most 10 a second, then the latest of each kind. What was
        announced last before the device was connected comes after `connected`. Anybody on the
        network can forge one: all that is certain is that it has the device's id, or address, and
        is said to be from where the device is connected. So it is no sign of life: believe nothing
        that would be a risk, and send nothing that it asks for. A ReplyError is counted, and logged
        once.
        """

    def on_callback(self, request: CallbackRequest) -> str | None:
        """Handle a request of the device to the hub; return the text of the response, if any."""
        del request
        return None

    async def pair(self, ask: Ask) -> None:
        """Ask the user for what the device requires as a login, and keep it with `set_secret`.

        Runs before a device is added, and again when the device rejects the stored login. The
        connection is open only as far as that needs: without an event stream or a WebSocket, and
        whether or not the transport's `login` succeeds. A driver without it needs no login.
        """

    async def added(self) -> None:
        """Run once for each device, at its first connection.

        If it fails, the attempt to connect fails, and it runs again at the next one.
        """

    async def connected(self) -> None:
        """Run at each connection, before the first refresh.

        If it fails, the attempt to connect fails.
        """

    async def disconnected(self) -> None:
        """Run once after each connection for which `connected` ran.

        It may take 5 seconds; an error has no effect.
        """

    async def settings_changed(self, old: Any) -> None:
        """Run after the user changed the settings; raise RefusedError to undo the change."""

    def setting_matters(self, name: str) -> bool:
        """Return whether a setting can matter for this device, by what is known of it now.

        Users are not offered one that cannot, unless they have changed it before.
        """
        del name
        return True

    async def goodbye(self) -> None:
        """Run before the hub closes the connection, for protocols that announce it.

        It may take 5 seconds; an error has no effect.
        """

    async def removed(self) -> None:
        """Run before the device is removed from the hub, if it is connected.

        It may take 5 seconds; an error has no effect.
        """

    # what a driver may use

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self._context.identity

    @property
    def way(self) -> str:
        """In `on_message`, the name of the way on which the message came; empty: `io`."""
        return self._context.speaking

    def emit[T](self, attribute: Attribute[T], value: T | None, component: str = MAIN) -> None:
        """Report a value, or None if the device does not tell it: then it is unknown. Never raises.

        A value that does not fit is counted, logged once, and unknown as well. What a `refresh`
        does not report, though the last one did, is unknown, too, unless it is `unchanged`. Values
        that are emitted before the device's identity is proven are dropped.
        """
        self._state.emit(attribute, value, component)

    def emit_field[T](
        self,
        attribute: Attribute[T],
        message: object,
        key: str,
        component: str = MAIN,
        *,
        convert: Callable[[Any], T | None] | None = None,
        unchanged: bool = False,
    ) -> None:
        """Report the field `key` of a message as a value; if it is missing or null, as unknown.

        `convert` makes a value of the field, such as `attribute.parse`; if it raises ReplyError,
        or an error because of the field's type, the value is refused as by `reject`. With
        `unchanged`, a missing field leaves the value as it is, as in messages about changes only.
        """
        if unchanged and not (isinstance(message, Mapping) and key in message):
            self.unchanged(attribute, component)
            return
        try:
            self.emit(attribute, value_at(message, key, convert), component)
        except ReplyError as err:
            self.reject(attribute, str(err), component)

    def emit_parsed[T](
        self,
        attribute: Attribute[T],
        text: str,
        component: str = MAIN,
        *,
        convert: Callable[[str], T | None] | None = None,
    ) -> None:
        """Report the value that a text of the device means, by `attribute.parse` or by `convert`.

        If that raises ReplyError, the value is refused as by `reject`.
        """
        self.emit_field(
            attribute, {"it": text}, "it", component, convert=convert or attribute.parse
        )

    def reject(self, attribute: Attribute[Any], reason: str, component: str = MAIN) -> None:
        """Report that a value of the device cannot be used: it is unknown from now on.

        That is counted, and logged once.
        """
        self._state.reject(attribute, reason, component)

    def unchanged(self, attribute: Attribute[Any], component: str = MAIN) -> None:
        """Report in `refresh` that a value is as before, though the device did not tell it."""
        self._state.keep(attribute, component)

    async def optional[T](
        self,
        read: Callable[[], Awaitable[T]],
        *of: Attribute[Any] | type[Capability],
        component: str = MAIN,
    ) -> T | None:
        """Run a reading without which the device is still what it is; return None if it fails.

        It fails if it is refused, makes no sense, or takes longer than half the time in which the
        device has to answer; with a transport without a connection, also if that breaks. Then the
        attributes and capabilities `of` the component are unknown, and nothing else: the device
        stays online, and keeps its profile. The next calls return None at once, until it is tried
        again: first 15 s later, or 2 s if it has worked before; then ever more rarely, up to every
        5 minutes. Users find it in the diagnostics. Call it in `refresh`, which runs again when it
        is due.

            meter = await self.optional(self.read_meter, PowerMeter, EnergyMeter)
        """
        return await self._context.optional(read, of, component)

    def get[T](self, attribute: Attribute[T], component: str = MAIN) -> T | None:
        """Return the last reported value, or None."""
        return self._state.get(attribute, component)

    def has(self, capability: type[Capability], component: str = MAIN) -> bool:
        """Return whether the device has a capability at the moment."""
        components = self._context.profile.components
        return component in components and capability in components[component].capabilities

    @property
    def known_components(self) -> Mapping[str, Component]:
        """The components that the device has, by id: also those of before a restart.

        Those that are absent are included: `set_profile` keeps them. So a driver of a device that
        does not list its parts adds a new one to these. With all that it may lack.
        """
        return MappingProxyType(self._context.declared.components)

    def set_profile(self, profile: Profile) -> None:
        """Change the components and capabilities; the hub shows the change at once.

        A component of an earlier call that is missing stays, and is unavailable: a device does not
        list what is switched off or out of range. Only `remove_components` or the user removes it;
        beyond 64, the one that has been missing longest goes. `main` is removed at once.

        It has no effect before the device's identity is proven. The profile is stored. Raises
        ReplyError for more than 256 components.
        """
        self._context.set_profile(profile)

    def add_capabilities(
        self, *capabilities: type[Capability], component: str = MAIN, name: str = ""
    ) -> None:
        """Add capabilities to a component, as a device shows by what it reports that it has them.

        What it has already stays; a component that is new is called `name`. All else is as with
        `set_profile`, and it may be called with each message.
        """
        if not all(self.has(each, component) for each in capabilities):
            profile = self._context.declared.adding(capabilities, component, name)
            self._context.set_profile(profile)

    def remove_components(self, *components: str) -> None:
        """Remove components: the device has said that they no longer exist.

        It has no effect before the device's identity is proven.
        """
        self._context.remove_components(components)

    def set_available(self, component: str, available: bool) -> None:
        """Report whether a component is available while the device itself is.

        Commands for an unavailable component fail with OfflineError. It has no effect before the
        device's identity is proven.
        """
        self._context.set_available(component, available)

    def describe(self, **details: str | None) -> None:
        """Add to the identity: name, manufacturer, model, firmware, serial_number, mac, url, room.

        Each is cut to one line of at most 256 characters; one that is empty, or no text, changes
        nothing. They take effect once the device's identity is proven, so `identify` may call it.
        """
        self._context.describe(**details)

    def refresh_soon(self, *, retry: bool = False) -> None:
        """Read everything again soon, in the device's command queue; once a second at most.

        With `retry`, `optional` readings that failed are tried, too, though they are not due: the
        device has said that it may answer them now. Nothing is read again because of a message
        that `on_message` gets as an answer to what is read.
        """
        self._context.refresh_soon(retry=retry)

    def every(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` every `seconds` in the device's command queue, until the connection ends.

        The interval varies by a tenth, so that not all devices act at once. Returns a function that
        ends it earlier. Does nothing while the device is not connected.
        """
        return self._context.every(seconds, work)

    def after(self, seconds: float, work: Work) -> Callable[[], None]:
        """Run `work` once in `seconds`, in the device's command queue, if still connected.

        The same work is run once a second at most, however many messages ask for it: after the
        first time, once for all who ask within a second. Returns a function that cancels it.
        """
        return self._context.after(seconds, work)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The tokens and passwords that `set_secret` stored; CredentialsError for a missing key."""
        return self._context.secrets

    def set_secret(self, key: str, value: str) -> None:
        """Store a token or password; it is never shown anywhere."""
        self._context.set_secret(key, value)

    async def callback_url(self) -> str:
        """Return the URL at which the device reaches `on_callback`; call it in `connected`.

        It is valid until the connection ends. Raises UnreachableError.
        """
        return await self._context.callback_url()

    async def callback_send(self, message: str | bytes) -> None:
        """Send on the WebSocket that the device opened; raise OfflineError if there is none."""
        await self._context.callback_send(message)

    # used by the framework

    @classmethod
    def pairs(cls) -> bool:
        """Return whether a device must be paired before it can be added."""
        return any("pair" in vars(c) for c in cls.__mro__ if c is not Driver)

    @classmethod
    def summarize(cls) -> DriverSummary:
        """Return what lists of drivers and discovery need."""
        return DriverSummary(
            id=cls.id,
            name=cls.name,
            discovery=cls.discovery,
            family_id=cls.family_id,
            is_general=cls.is_general,
        )

    @property
    def usual_poll(self) -> float | None:
        """Seconds between two refreshes of a device that reports what can change; None: never."""
        return self.transport.poll if self.poll == -1 else self.poll

    @property
    def poll_interval(self) -> float | None:
        """Seconds between two refreshes; None: no polling."""
        if self.pushed is not None and self.poll == -1:
            return min(self.transport.poll, POLL_BESIDE)
        return self.usual_poll

    @property
    def confirm_by(self) -> Confirm:
        """How a command's result gets into the state: `confirm`, or what suits the transport."""
        is_told = self.transport.pushes or (bool(self.beside) and self._context.is_told_beside)
        return self.confirm or (Confirm.PUSH if is_told else Confirm.READ)


type AnyDriver = type[Driver[Any]]
