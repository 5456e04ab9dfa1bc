"""TLS as a driver asks for it: whom to trust, and how to tell who is not it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
import hashlib
import ssl
import tempfile
from typing import override

from ..errors import CertificateError, UnreachableError

_NO_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
"""What OpenSSL says of bytes that are no TLS."""


class Trust(StrEnum):
    """How a device's certificate is checked."""

    VERIFY = "verify"
    """It is signed by a CA: the system's, or the one in `ca`."""
    PIN = "pin"
    """It is the one that was there when the device was added; a change sends nothing."""
    INSECURE = "insecure"
    """It is not checked; only for a driver that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """A driver's word on TLS; hashable, so that a context is built once."""

    trust: Trust = Trust.PIN
    ca: str = ""
    """The CA's certificates, PEM text; empty: the system's."""
    server_name: str = ""
    """The name in the certificate, where it is not checked against the address."""
    check_name: bool = True
    """Whether the certificate must name the device's address, or `server_name`."""
    certificate: str = ""
    """A client certificate and its key, PEM text, for a device that wants one."""


class Pin:
    """The certificate a device showed at first, as SHA-256 in hexadecimal; empty: none yet."""

    def __init__(self, value: str = "") -> None:
        """Expect that certificate, or take the first one that is shown."""
        self.value = value

    def check(self, certificate: bytes | None) -> None:
        """Take the first certificate; raise PinError for another one after that."""
        if not certificate:
            raise ssl.SSLError(1, "the device shows no certificate")
        found = hashlib.sha256(certificate).hexdigest()
        if self.value and found != self.value:
            raise PinError(self.value, found)
        self.value = found


class PinError(ssl.SSLCertVerificationError):
    """The certificate is not the pinned one; ends the handshake."""

    def __init__(self, pinned: str, found: str) -> None:
        """Keep both fingerprints."""
        super().__init__(1, f"the certificate is {found}, not {pinned}")
        self.pinned = pinned
        self.found = found


class _PinnedContext(ssl.SSLContext):
    """A context of one device, with its pin."""

    pin: Pin


class _PinnedObject(ssl.SSLObject):
    """Checks the pin as the last step of the handshake: before anything is sent."""

    @override
    def do_handshake(self) -> None:
        super().do_handshake()
        context = self.context
        if isinstance(context, _PinnedContext):
            context.pin.check(self.getpeercert(binary_form=True))


async def context_for(tls: Tls, pin: Pin) -> ssl.SSLContext:
    """Return the context for a driver's word; it is built off the event loop."""
    if tls.trust is Trust.PIN:
        return await asyncio.to_thread(_pinned, tls, pin)
    return await asyncio.to_thread(_shared, tls)


@contextmanager
def tls_errors(what: str) -> Generator[None]:
    """Turn the errors of a TLS handshake into the library's, those that aiohttp wraps too."""
    try:
        yield
    except ssl.SSLError as err:
        cause = err.__cause__ if isinstance(err.__cause__, ssl.SSLError) else err
        raise _told(what, cause) from err


def _told(what: str, err: ssl.SSLError) -> CertificateError | UnreachableError:
    if isinstance(err, PinError):
        return CertificateError(f"{what}: {err.strerror}", pinned=err.pinned, found=err.found)
    if isinstance(err, ssl.SSLCertVerificationError):
        return CertificateError(f"{what}: {err.verify_message or err.strerror}")
    if err.reason in _NO_TLS:
        return UnreachableError(f"{what}: no TLS there")
    return UnreachableError(f"{what}: TLS failed: {err.reason or err.strerror}")


@lru_cache(maxsize=64)
def _shared(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=tls.ca or None)
    except ssl.SSLError as err:
        msg = f"the CA's certificates cannot be used: {err.reason or err}"
        raise CertificateError(msg) from err
    if tls.ca:
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # few vendors' own CAs are to the letter
    context.check_hostname = tls.trust is Trust.VERIFY and tls.check_name
    if tls.trust is Trust.INSECURE:
        _loosen(context)
    _load_chain(context, tls.certificate)
    return context


def _pinned(tls: Tls, pin: Pin) -> ssl.SSLContext:
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.pin = pin
    context.sslobject_class = _PinnedObject
    context.check_hostname = False
    _loosen(context)
    _load_chain(context, tls.certificate)
    return context


def _loosen(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_NONE
    # old devices have small keys and old digests; but none without a certificate
    context.set_ciphers("DEFAULT:!aNULL:!eNULL:@SECLEVEL=0")


def _load_chain(context: ssl.SSLContext, pem: str) -> None:
    """Load a client certificate, if there is one; the ssl module takes it from a file only."""
    if not pem:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        try:
            context.load_cert_chain(file.name)
        except ssl.SSLError as err:
            msg = f"the client certificate cannot be used: {err.reason or err}"
            raise CertificateError(msg) from err
