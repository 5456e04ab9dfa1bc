"""The start of a connection: open the transport, prove the identity, choose the driver.

Where the device was not proven last, nothing secret is sent before TLS proves it or, if it does not
use TLS, before it has been asked for its id without a login.
"""

from collections.abc import Awaitable, Callable
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
    UnreachableError,
)
from ..network.address import Address
from ..sentences import said
from ..transports.base import Link, Options
from .context import DeviceContext
from .core import DeviceCore
from .credentials import (
    checked_id,
    has_secrets,
    identify_without_login,
    is_pinned,
    options_before_pairing,
)

type Recognize = Callable[[], Awaitable[None]]
"""Asks in another way, such as by discovery, who is at an address; raises IdentityError if it is
another device."""


class Handshake:
    """The start of each connection of one device."""

    __slots__ = (
        "_addresses",
        "_core",
        "_link",
        "_reported_fingerprint",
        "_reported_way",
        "context",
        "is_identified",
    )

    def __init__(
        self, core: DeviceCore, context: DeviceContext, link: Link, addresses: KnownAddresses
    ) -> None:
        """Prepare to open the transport of `context`."""
        self._addresses = addresses
        self._core = core
        self.context = context
        """The device as its driver sees it, with the transport that is opened."""
        self._link = link
        self._reported_fingerprint = ""
        """The unexpected fingerprint that was reported last."""
        self._reported_way = ""
        """The way beside `io` that showed it."""
        self.is_identified = False
        """Whether the device sent its own id."""

    async def open(self, address: Address) -> None:
        """Open the transport and prove the identity; raise EdgeError."""
        if self._must_ask(address):
            is_known = await self._recognize(address)
            if not (is_known or self._addresses.is_expected(address)):
                raise UnreachableError(t"{address}: the device was not discovered there")
        await self._open(address)

    async def open_chosen(self, address: Address, recognize: Recognize) -> None:
        """Do the same where a person has said that the device is; `recognize` it without an id."""
        is_asked = self._must_ask(address)
        if is_asked and not await self._recognize(address):
            await recognize()
        await self._open(address)
        if not (is_asked or self.is_identified):
            await recognize()

    async def _open(self, address: Address) -> None:
        """Open the transport and prove the identity; then other ways, and the device may call."""
        await self._open_transport(address)
        if await self._prove(address):
            # the chosen sub-driver has transport options of its own
            await self._open_transport(address)
            await self._prove(address)
        self.keep_pin()
        await self.context.attach_callback(address)
        io, is_doubtful = self.context.transport, self._must_ask(address)
        await io.open_beside(address, is_doubtful=is_doubtful)

    async def pair(self, address: Address, ask: Ask, recognize: Recognize) -> None:
        """Find out who is there, then let the driver pair with the device; raise EdgeError."""
        core = self._core
        ask.privacy = core.privacy
        if not await self._recognize(address):
            await recognize()
        with suppress(CredentialsError):  # pairing is what gets the login
            await self._open_transport(address, is_paired=False)
        self._link.challenge.value = ""  # the user enters the login again
        await core.guard.run(partial(core.driver.pair, ask))
        self.keep_pin()  # the login must only go to the device that got it here

    async def _open_transport(self, address: Address, *, is_paired: bool = True) -> None:
        """Open the transport; unless the device `is_paired`, only as far as pairing needs."""
        core, driver = self._core, self._core.driver
        core.require_proof()
        of_driver = (
            driver.transport_options if is_paired else partial(options_before_pairing, driver)
        )
        options: Options = core.guard.get(of_driver, driver.transport.options_type)
        self._link.pacing.begin(address.host)
        self.context.transport.configure(options)
        self._link.unique_id = core.identity.unique_id
        self._link.pin.value = core.record.pin
        self._link.challenge.value = core.record.challenge
        self._link.challenge.may_learn = self._addresses.is_proven(address)
        io = self.context.transport
        how = io.open if is_paired else io.open_to_pair
        await core.guard.run(partial(how, address), in_turn=False)

    async def _prove(self, address: Address) -> bool:
        """Prove the identity; return whether the driver now has other transport options."""
        core = self._core
        unique_id = checked_id(core, await core.guard.run(core.driver.identify))
        self.is_identified = bool(unique_id)
        core.fail_if_other(unique_id, address)
        core.prove(unique_id)
        return self._choose_driver()

    def _must_ask(self, address: Address) -> bool:
        """Return whether a secret could get to somebody else at an address."""
        return has_secrets(self._core) and not self._addresses.is_proven(address)

    async def _recognize(self, address: Address) -> bool:
        """Ask who is at an address, without a login; return whether that is known now.

        Raises IdentityError if it is another device.
        """
        core = self._core
        if is_pinned(core):
            return True  # the handshake fails with anybody else
        unique_id = await core.guard.run(partial(identify_without_login, core, address))
        if unique_id:
            core.fail_if_other(unique_id, address)
        return bool(unique_id)

    def _choose_driver(self) -> bool:
        """Use the sub-driver for the device; return whether it has other transport options."""
        core = self._core
        chosen: type[Driver[Any]] = core.dispatcher.choose(core.identity)
        if chosen is type(core.driver):
            return False
        core.use_driver(chosen, self.context)
        core.guard.call(core.observer.on_profile)
        return core.driver.transport_options() != self.context.transport.options

    # the certificate

    def keep_pin(self) -> None:
        """Pin the certificate that the device has just shown, and how it asked for its login."""
        core, challenge = self._core, self._link.challenge.value
        if core.record.challenge != challenge:
            core.record.challenge = challenge
            core.guard.call(core.observer.on_record)
        self.pin(self._link.pin.value)

    def accept(self, fingerprint: str) -> None:
        """Pin a certificate that was reported, on the way that showed it."""
        way, self._reported_way = self._reported_way, ""
        if not way:
            self.pin(fingerprint)
            return
        self._reported_fingerprint = ""
        self._core.pin_way(way, fingerprint)

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
            raise IdentityError(
                wanted, said(t"a device with another certificate"), address
            ) from error
        error.address = address
        if error.found not in {"", self._reported_fingerprint, core.record.pin}:
            self._reported_fingerprint, self._reported_way = error.found, error.way
            core.guard.call(core.observer.on_certificate, error)
