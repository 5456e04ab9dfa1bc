"""The start of a connection: open the transport, prove the identity, choose the driver.

Where the device was not proven last, nothing secret is sent before TLS proves it or, if it does not
use TLS, before it has been asked for its id without a login.
"""

from contextlib import suppress
from functools import partial
from typing import Any

from ..connection.addresses import KnownAddresses
from ..driver.driver import Driver
from ..driver.pairing import Ask
from ..errors import (
    CertificateError,
    CredentialsError,
    IdentityError,
    ReplyError,
    UnreachableError,
)
from ..network.address import Address
from ..network.text import MAX_FIELD
from ..transports.base import Link
from .context import DeviceContext
from .core import DeviceCore
from .credentials import has_secrets, identify_without_login, is_pinned


class Handshake:
    """The start of each connection of one device."""

    __slots__ = (
        "_addresses",
        "_context",
        "_core",
        "_io",
        "_link",
        "_reported_fingerprint",
        "is_identified",
    )

    def __init__(
        self, core: DeviceCore, context: DeviceContext, link: Link, addresses: KnownAddresses
    ) -> None:
        """Prepare to open the transport of `context`."""
        self._addresses = addresses
        self._core = core
        self._context = context
        self._io = context.io
        self._link = link
        self._reported_fingerprint = ""
        """The unexpected fingerprint that was reported last."""
        self.is_identified = False
        """Whether the device sent its own id."""

    async def open(self, address: Address, *, is_chosen: bool = False) -> None:
        """Open the transport and prove the identity; raise EdgeError.

        `is_chosen`: a person has said that the device is there.
        """
        if has_secrets(self._core) and not self._addresses.is_proven(address):
            await self._recognize(address, is_chosen=is_chosen)
        await self._open_transport(address)
        if await self._prove(address):
            # the chosen sub-driver has transport options of its own
            await self._open_transport(address)
            await self._prove(address)
        self.keep_pin()

    async def pair(self, address: Address, ask: Ask) -> None:
        """Open the transport and let the driver pair with the device; raise EdgeError."""
        core = self._core
        ask.privacy = core.privacy
        with suppress(CredentialsError):  # pairing is what gets the login
            await self._open_transport(address)
        self._link.challenge.value = ""  # the user enters the login again
        await core.guard.run(partial(core.driver.pair, ask))
        self.keep_pin()  # the login must only go to the device that got it here

    async def _open_transport(self, address: Address) -> None:
        core = self._core
        core.require_proof()
        self._io.configure(core.driver.transport_options())
        self._link.pin.value = core.record.pin
        self._link.challenge.value = core.record.challenge
        self._link.challenge.may_learn = self._addresses.is_proven(address)
        await core.guard.run(partial(self._io.open, address))

    async def _prove(self, address: Address) -> bool:
        """Prove the identity; return whether the driver now has other transport options."""
        core = self._core
        unique_id = await core.guard.run(core.driver.identify)
        if len(unique_id) > MAX_FIELD or not unique_id.isprintable():
            raise ReplyError(f"{unique_id[:60]!r} cannot be the id of a device")
        self.is_identified = bool(unique_id)
        self._fail_if_other(unique_id, address)
        core.prove(unique_id)
        return self._choose_driver()

    def _fail_if_other(self, unique_id: str, address: Address) -> None:
        wanted = self._core.identity.unique_id
        if unique_id and wanted and unique_id != wanted:
            raise IdentityError(wanted, unique_id, address)

    async def _recognize(self, address: Address, *, is_chosen: bool) -> None:
        """Ask who is at an address that is not proven, before any secret is sent there."""
        core = self._core
        if is_pinned(core):
            return  # the handshake fails with anybody else
        unique_id = await core.guard.run(partial(identify_without_login, core, address))
        self._fail_if_other(unique_id, address)
        if not (unique_id or is_chosen or self._addresses.is_expected(address)):
            raise UnreachableError(f"{address}: {core.label} was not sighted there")

    def _choose_driver(self) -> bool:
        """Use the sub-driver for the device; return whether it has other transport options."""
        core = self._core
        chosen: type[Driver[Any]] = core.dispatcher.choose(core.identity)
        if chosen is type(core.driver):
            return False
        core.use_driver(chosen, self._context)
        core.guard.call(core.observer.on_profile)
        return core.driver.transport_options() != self._io.options

    # the certificate

    def keep_pin(self) -> None:
        """Pin the certificate that the device has just shown, and how it asked for its login."""
        core, challenge = self._core, self._link.challenge.value
        if core.record.challenge != challenge:
            core.record.challenge = challenge
            core.guard.call(core.observer.on_record)
        self.pin(self._link.pin.value)

    def pin(self, fingerprint: str) -> None:
        """Pin a certificate: expect it from now on."""
        core = self._core
        self._reported_fingerprint = ""
        if core.record.pin != fingerprint:
            core.record.pin = fingerprint
            core.guard.call(core.observer.on_record)

    def report(self, error: CertificateError, address: Address) -> None:
        """Report an unexpected certificate, once for each; raise IdentityError elsewhere.

        Only at the proven address it may be a new one of the device.
        """
        core = self._core
        if not self._addresses.is_proven(address):
            wanted = core.identity.unique_id or core.label
            raise IdentityError(wanted, "a device with another certificate", address) from error
        error.address = address
        if error.found not in {"", self._reported_fingerprint, core.record.pin}:
            self._reported_fingerprint = error.found
            core.guard.call(core.observer.on_certificate, error)
