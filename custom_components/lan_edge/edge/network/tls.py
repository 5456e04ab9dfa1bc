"""TLS: how a device's certificate is checked, and what is raised if it is not the expected one."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
import hashlib
import ssl
from string.templatelib import Template
import tempfile
from typing import override

from ..errors import ArgumentError, CertificateError, CredentialsError, UnreachableError
from ..sentences import Said, said
from .psk import MAX_IDENTITY, MAX_PSK, WRONG_KEY, is_guessable, psk_context

_NOT_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
"""OpenSSL's errors for bytes that are not TLS."""
_UNTRUSTED: Mapping[int, Template] = {
    9: t"certificate is not yet valid",
    10: t"certificate has expired",
    18: t"self-signed certificate",
    19: t"self-signed certificate in certificate chain",
    20: t"unable to get local issuer certificate",
}
"""OpenSSL's usual reasons to trust no certificate, by their numbers, in its words."""


class Trust(StrEnum):
    """How a device's certificate is checked."""

    VERIFY = "verify"
    """It must be signed by a CA: one of the system's, or the one in `ca`."""
    PIN = "pin"
    """It must be the one that the device had when it was added; otherwise nothing is sent."""
    INSECURE = "insecure"
    """It is not checked; a driver that uses this must explain it in a comment."""
    PSK = "psk"
    """There is none: both sides prove that they know the key in `psk` (RFC 4279, RFC 8446)."""


_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
MAX_ALPN = 255
"""The most bytes of the name of a protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How a driver's transport uses TLS; hashable, so that each SSL context is built only once."""

    trust: Trust = Trust.PIN
    """How the certificate is checked."""
    ca: str = ""
    """The CA's certificates, in PEM; empty: the system's."""
    server_name: str = ""
    """The name in the certificate, if it is not the device's address."""
    check_name: bool = True
    """Whether the certificate must name the device's address, or `server_name`."""
    certificate: str = ""
    """A client certificate and its key, in PEM, for a device that requires one."""
    least_version: str = ""
    """The least version that is accepted, such as `"1.2"`; empty: as `trust` allows."""
    alpn: tuple[str, ...] = ()
    """The protocols that are offered (ALPN), the best first, such as `("h2", "http/1.1")`."""
    psk: bytes = field(default=b"", repr=False)
    """The key that the hub and the device have in common; a secret of the device."""
    psk_identity: str = ""
    """What tells the device which key it is."""

    def __post_init__(self) -> None:
        """Raise ArgumentError for an unknown version, an impossible name, or a missing key."""
        if self.least_version and self.least_version not in _VERSIONS:
            raise ArgumentError(f"least_version is {self.least_version!r}, not one of 1.0 to 1.3")
        if not all(0 < len(name.encode()) <= MAX_ALPN for name in self.alpn):
            raise ArgumentError("the name of a protocol in alpn is empty or too long")
        if bool(self.psk) is not (self.trust is Trust.PSK):
            raise ArgumentError("trust=Trust.PSK needs psk, and nothing else takes it")
        if len(self.psk) > MAX_PSK or len(self.psk_identity.encode()) > MAX_IDENTITY:
            raise ArgumentError("psk or psk_identity is too long")


class Pin:
    """The fingerprint of a device's certificate, SHA-256 in hexadecimal; empty: none yet."""

    def __init__(self, value: str = "") -> None:
        """Expect this certificate, or accept the first one."""
        self.value = value

    def check(self, certificate: bytes | None) -> None:
        """Pin the first certificate; raise PinError for any other after that."""
        if not certificate:
            raise ssl.SSLError(1, "the device has no certificate")
        fingerprint = hashlib.sha256(certificate).hexdigest()
        if self.value and fingerprint != self.value:
            raise PinError(self.value, fingerprint)
        self.value = fingerprint


class PinError(ssl.SSLCertVerificationError):
    """The certificate is not the pinned one; ends the handshake."""

    def __init__(self, pinned: str, shown: str) -> None:
        """Take both fingerprints."""
        super().__init__(1, f"the certificate is {shown}, not {pinned}")
        self.pinned = pinned
        self.shown = shown


class _PinnedContext(ssl.SSLContext):
    """The SSL context of one device, with its pin."""

    pin: Pin


class _PinnedObject(ssl.SSLObject):
    """Checks the pin at the end of the handshake, before any data is sent."""

    @override
    def do_handshake(self) -> None:
        super().do_handshake()
        context = self.context
        if isinstance(context, _PinnedContext):
            context.pin.check(self.getpeercert(binary_form=True))


async def context_for(tls: Tls, pin: Pin) -> ssl.SSLContext:
    """Return the SSL context; it is built outside the event loop. Raises CertificateError."""
    if tls.trust is Trust.PIN:
        return await asyncio.to_thread(_pinned, tls, pin)
    if tls.trust is Trust.PSK:
        return await asyncio.to_thread(_with_key, tls)
    return await asyncio.to_thread(_shared, tls)


def excludes_strangers(tls: Tls | None, pin: str) -> bool:
    """Return whether the handshake fails with anybody whom the device's maker does not know.

    A certificate of a public CA proves nothing about a device unless it names the device: anybody
    can get one for the address that they have.
    """
    if tls is None or tls.trust is Trust.INSECURE:
        return False
    if tls.trust is Trust.PIN:
        return bool(pin)
    if tls.trust is Trust.PSK:
        return not is_guessable(tls.psk)
    return bool(tls.ca) or (tls.check_name and bool(tls.server_name))


def proves_device(tls: Tls | None, pin: str) -> bool:
    """Return whether the handshake fails with anybody but the device itself."""
    if tls is None:
        return False
    return excludes_strangers(tls, pin) and tls.trust in {Trust.PIN, Trust.PSK}


@contextmanager
def tls_errors(what: str, tls: Tls | None = None) -> Generator[None]:
    """Turn errors of a TLS handshake, also wrapped by aiohttp, into the library's."""
    try:
        yield
    except ssl.SSLError as err:
        cause = err.__cause__ if isinstance(err.__cause__, ssl.SSLError) else err
        raise _edge_error(what, cause, tls) from err


def _edge_error(
    what: str, err: ssl.SSLError, tls: Tls | None
) -> CertificateError | CredentialsError | UnreachableError:
    if isinstance(err, PinError):
        return CertificateError(
            t"{what}: the certificate is {err.shown}, not {err.pinned}",
            pinned=err.pinned,
            found=err.shown,
        )
    if isinstance(err, ssl.SSLCertVerificationError):
        reason = _untrusted(err)
        return CertificateError(t"{what}: {reason}")
    if tls is not None and tls.psk and err.reason in WRONG_KEY:
        return CredentialsError(t"{what}: the device has another key")
    if err.reason in _NOT_TLS:
        return UnreachableError(t"{what}: the device does not use TLS")
    return UnreachableError(t"{what}: TLS failed: {err.reason or err.strerror}")


def _untrusted(err: ssl.SSLCertVerificationError) -> Said:
    """Return why a certificate is not trusted; an error of our own has no number for that."""
    known = _UNTRUSTED.get(getattr(err, "verify_code", 0))
    return said(known or getattr(err, "verify_message", "") or err.strerror or "")


@lru_cache(maxsize=64)
def _shared(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=tls.ca or None)
    except ssl.SSLError as err:
        raise CertificateError(
            t"the CA's certificates cannot be used: {err.reason or err}"
        ) from err
    if tls.ca:
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # few vendors' CAs follow it
    context.check_hostname = tls.trust is Trust.VERIFY and tls.check_name
    if tls.trust is Trust.INSECURE:
        _loosen(context)
    _set_up(context, tls)
    return context


def _pinned(tls: Tls, pin: Pin) -> ssl.SSLContext:
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.pin = pin
    context.sslobject_class = _PinnedObject
    context.check_hostname = False
    _loosen(context)
    _set_up(context, tls)
    return context


def _with_key(tls: Tls) -> ssl.SSLContext:
    context = psk_context(tls.psk_identity, tls.psk)
    _set_up(context, tls)
    return context


def _set_up(context: ssl.SSLContext, tls: Tls) -> None:
    """Set what does not depend on how the certificate is checked."""
    if tls.least_version:
        context.minimum_version = _VERSIONS[tls.least_version]
    if tls.alpn:
        context.set_alpn_protocols(list(tls.alpn))
    _load_chain(context, tls.certificate)


def _loosen(context: ssl.SSLContext) -> None:
    """Accept old devices' TLS: what proves them, if anything does, is their certificate alone."""
    context.verify_mode = ssl.CERT_NONE
    # TLS 1.2 without secure renegotiation (RFC 5746), as Venstar's thermostats have it: OpenSSL 3
    # refuses it, unless told otherwise, and goes on refusing to renegotiate with such a device
    context.options |= ssl.OP_LEGACY_SERVER_CONNECT
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    # old devices have TLS 1.0 only, small keys and old digests; but anonymous ciphers are excluded
    context.set_ciphers("DEFAULT:!aNULL:!eNULL:@SECLEVEL=0")


def _load_chain(context: ssl.SSLContext, pem: str) -> None:
    """Load a client certificate, if there is one; the ssl module reads it only from a file."""
    if not pem:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        try:
            context.load_cert_chain(file.name)
        except ssl.SSLError as err:
            raise CertificateError(
                t"the client certificate cannot be used: {err.reason or err}"
            ) from err
