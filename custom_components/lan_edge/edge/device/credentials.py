"""Protects the secrets of a device: who answers at another address is asked without them first."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from ..driver.driver import Driver
from ..driver.identity import Identity
from ..driver.returns import checked_options
from ..driver.settings import secret_fields
from ..errors import CertificateError, CredentialsError, EdgeError, IdentityError, ReplyError
from ..network.address import Address
from ..network.text import MAX_FIELD
from ..network.tls import Tls, excludes_strangers, proves_device
from ..timing.excused import excused_timeout
from ..timing.timers import Timers, Work
from ..transports.base import Link, Options
from .context import DeviceContext
from .core import DeviceCore
from .record import Record

IDENTIFY_TIMEOUT = 3.0
"""Seconds for a device to report its id without a login."""


class WithheldSecrets(dict[str, str]):
    """The secrets that a driver sees before the device is identified: none."""

    def __missing__(self, key: str) -> str:
        """Raise CredentialsError, which says why there is none."""
        raise CredentialsError(t"the secret {key} is withheld until the device is identified")


def has_secrets(core: DeviceCore) -> bool:
    """Return whether the device is sent anything that only it may get."""
    driver = core.driver
    if driver.key_only_encrypts:
        return False
    settings = (getattr(core.settings, name) for name in secret_fields(driver.Settings))
    memory = (getattr(core.memory, name) for name in secret_fields(driver.Memory))
    return any(core.secrets.values()) or any(settings) or any(memory)


def is_login_at_stake(core: DeviceCore) -> bool:
    """Return whether whoever answers could get a secret of the device: no cipher prevents it."""
    if core.driver.is_proven_by_key:
        return False
    return has_secrets(core) and not excludes_strangers(tls_of(core), core.record.pin)


def is_pinned(core: DeviceCore) -> bool:
    """Return whether TLS, or a cipher of its own, proves the device: by certificate or key."""
    return core.driver.is_proven_by_key or proves_device(tls_of(core), core.record.pin)


def tls_of(core: DeviceCore) -> Tls | None:
    """Return how the device uses TLS."""
    return options.tls if (options := _options_of(core)) else None


def usual_port_of(core: DeviceCore) -> int:
    """Return the port that the device has unless it is known to have another; 0: none."""
    return options.port if (options := _options_of(core)) else 0


def _options_of(core: DeviceCore) -> Options | None:
    try:
        options: Options = core.driver.transport_options()
    except Exception:  # noqa: BLE001  # reported when the connection is opened with them
        return None
    return options if isinstance(options, core.driver.transport.options_type) else None


async def identify_without_login(core: DeviceCore, address: Address) -> str:
    """Return the id that is reported at `address` without a login; empty if none is.

    Raises ReplyError, IdentityError or CertificateError if something else answers.
    """
    try:
        async with excused_timeout(IDENTIFY_TIMEOUT, core.pacing.held):
            return (await ask_identity(core, address)).unique_id
    except ReplyError, IdentityError, CertificateError:
        raise
    except Exception as err:  # noqa: BLE001  # it requires a login, or nobody is there
        core.trace.add("connection", f"{address}: no id without a login: {err!r}")
        return ""


async def ask_identity(core: DeviceCore, address: Address) -> Identity:
    """Return the identity that is reported at `address` without a login; raise what that raises.

    Another instance of the driver asks, on a connection of its own. It knows what that of a device
    knows that was just discovered, so no secret of this one is within its reach. Nothing else is
    asked for: the driver does not even learn that it is connected.
    """
    stranger = without_secrets(core)
    on_message = partial(pass_on, stranger)
    link = Link(on_message, lambda _: None, trace=core.trace, pacing=core.pacing)
    link.pin.value = core.record.pin
    link.unique_id = stranger.identity.unique_id
    io = stranger.new_transport(link)
    context = DeviceContext(stranger, io, Timers(run_nothing), None, lambda: None)
    stranger.use_driver(type(core.driver), context)
    stranger.require_proof()
    try:
        link.pacing.begin(address.host)
        io.configure(options_before_pairing(stranger.driver))
        await io.open_to_ask(address)
        unique_id = checked_id(core, await stranger.driver.identify())
    finally:
        with suppress(EdgeError):
            await io.close()
    stranger.prove(unique_id)
    return replace(stranger.identity, unique_id=unique_id)


def options_before_pairing(driver: Driver[Any]) -> Options:
    """Return the transport's options for a device; the driver's usual ones if they need a login."""
    try:
        options: Options = driver.transport_options()
    except CredentialsError:
        return driver.options or driver.transport.options_type()
    return checked_options(driver.transport_options, options, driver.transport.options_type)


def checked_id(
    core: DeviceCore, reported: object, identify: Callable[..., Any] | None = None
) -> str:
    """Return the id that a device has reported; raise ReplyError if it cannot be one.

    `identify` is what returned it, if that is not the driver's own. Raises DriverError for what is
    no text.
    """
    unique_id = core.guard.returned(identify or core.driver.identify, reported, str)
    if len(unique_id) > MAX_FIELD or not unique_id.isprintable():
        raise ReplyError(t"{unique_id[:60]!r} is not a valid ID of a device")
    return unique_id


def without_secrets(core: DeviceCore) -> DeviceCore:
    """Return the data of the same device with what discovery knows of it, and no secrets."""
    driver, record = type(core.driver), core.record
    public = {name for matcher in driver.discovery for name in matcher.fields}
    public -= {*secret_fields(driver.Memory)}
    fields = {name: value for name, value in record.fields.items() if name in public}
    known = Record(record.identity, profile=record.profile, fields=fields)
    known.way_pins = record.way_pins
    stranger = DeviceCore(driver, known, core.public_settings, None)
    stranger.secrets = WithheldSecrets()
    return stranger


def pass_on(stranger: DeviceCore, message: Any) -> None:
    """Pass a message to a driver without secrets, which may fail with it."""
    with suppress(Exception):
        stranger.driver.on_message(message)


async def run_nothing(_work: Work) -> None:
    """Run no work of a timer: they end with the connection."""
