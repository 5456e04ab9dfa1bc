"""TLS as a driver asks for it: whom to trust, and how to tell who is not it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
import hashlib
import os
import ssl
import tempfile

from .errors import CertificateError, UnreachableError


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


async def context_for(tls: Tls) -> ssl.SSLContext:
    """Return the context for a driver's word; it is built off the event loop."""
    return await asyncio.to_thread(_context, tls)


def fingerprint(certificate: bytes | None) -> str:
    """Return a DER certificate's SHA-256 as hexadecimal digits."""
    if not certificate:
        msg = "the device shows no certificate"
        raise CertificateError(msg)
    return hashlib.sha256(certificate).hexdigest()


def check_pin(pinned: str, found: str) -> None:
    """Raise CertificateError if the device shows another certificate than it did."""
    if found != pinned:
        msg = f"the certificate is {found}, not {pinned}"
        raise CertificateError(msg, pinned=pinned, found=found)


@contextmanager
def tls_errors(what: str) -> Generator[None]:
    """Turn the errors of a TLS handshake into the library's."""
    try:
        yield
    except ssl.SSLCertVerificationError as err:
        msg = f"{what}: {err.verify_message}"
        raise CertificateError(msg) from err
    except ssl.SSLError as err:
        msg = f"{what}: TLS failed: {err.reason or err}"
        raise UnreachableError(msg) from err


@cache
def _context(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=tls.ca or None)
    if tls.trust is not Trust.VERIFY or not tls.check_name:
        context.check_hostname = False
    if tls.trust is not Trust.VERIFY:
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT@SECLEVEL=1")  # old devices have small keys
    if tls.certificate:
        _load_chain(context, tls.certificate)
    return context


def _load_chain(context: ssl.SSLContext, pem: str) -> None:
    """Load a client certificate; the ssl module takes it from a file only."""
    handle, path = tempfile.mkstemp()
    try:
        os.write(handle, pem.encode())
        os.close(handle)
        context.load_cert_chain(path)
    except ssl.SSLError as err:
        msg = f"the client certificate cannot be used: {err.reason or err}"
        raise CertificateError(msg) from err
    finally:
        os.unlink(path)  # noqa: PTH108  # by descriptor made, by path taken away
