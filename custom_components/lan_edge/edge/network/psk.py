"""TLS with a key that both sides have instead of a certificate (PSK: RFC 4279, RFC 8446)."""

import ssl
from typing import override

from ..errors import UnreachableError
from ..sentences import said

MIN_PSK = 16
"""The bytes of a key that nobody can guess: whoever gets a handshake can try keys at leisure."""
MAX_PSK, MAX_IDENTITY = 256, 128
"""The most bytes of a key and of its name that OpenSSL takes."""
WRONG_KEY = {
    "SSLV3_ALERT_BAD_RECORD_MAC",
    "SSLV3_ALERT_ILLEGAL_PARAMETER",
    "TLSV1_ALERT_DECRYPT_ERROR",
    "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY",
}
"""What a device answers to a key that is not its own, as OpenSSL calls it."""


def is_guessable(key: bytes) -> bool:
    """Return whether a key is so short that it can be found out from a handshake."""
    return len(key) < MIN_PSK


class _PskObject(ssl.SSLObject):
    """Refuses a device that shows a certificate: it has not proven that it knows the key."""

    @override
    def do_handshake(self) -> None:
        super().do_handshake()
        if self.getpeercert(binary_form=True) is not None:
            reason = said(t"a certificate instead of the key")
            raise ssl.SSLCertVerificationError(1, reason)


def psk_context(identity: str, key: bytes) -> ssl.SSLContext:
    """Return a context that connects only to who knows the key; raise UnreachableError."""
    if not ssl.HAS_PSK:
        raise UnreachableError(t"this system's TLS cannot use a key instead of a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslobject_class = _PskObject
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # up to TLS 1.2, only ciphers that need the key; in TLS 1.3, who has no key has a certificate
    context.set_ciphers("PSK:!aNULL:!eNULL")
    context.set_psk_client_callback(lambda _hint: (identity, key))
    return context
