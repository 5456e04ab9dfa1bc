"""AES (FIPS 197), in the modes that devices use.

It needs `cryptography`, which Home Assistant has and `pip install lan-edge[ciphers]` adds.
"""

from functools import partial
from typing import Any

from ..errors import ArgumentError, DriverError, ReplyError

__all__ = ["Aes"]

KEY_SIZES = (16, 24, 32)
BLOCK = 16
"""Bytes of a block."""


class Aes:
    """AES with one key. What is decrypted comes from a device, so it may be anything: ReplyError.

    In ECB and CBC, messages are padded (PKCS #7) unless `padded` is False, where they have to be
    whole blocks. Neither mode shows whether a message was changed on its way; GCM does.
    """

    def __init__(self, key: bytes) -> None:
        """Use a key of 16, 24 or 32 bytes; raise ArgumentError for any other.

        Raises DriverError where `cryptography` is not installed.
        """
        if len(key) not in KEY_SIZES:
            raise ArgumentError(f"a key of {len(key)} bytes; AES has keys of 16, 24 or 32")
        try:  # few drivers encrypt
            from cryptography.exceptions import InvalidTag  # noqa: PLC0415
            from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415
                Cipher,
                algorithms,
                modes,
            )
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
        except ImportError as err:
            reason = "this driver encrypts, and `cryptography` is not installed"
            raise DriverError(reason, "run `pip install lan-edge[ciphers]`") from err
        self._cipher, self._modes = partial(Cipher, algorithms.AES(key)), modes
        self._gcm, self._refusals = AESGCM(key), (InvalidTag, ValueError)

    def encrypt_ecb(self, data: bytes, *, padded: bool = True) -> bytes:
        """Return `data` encrypted block by block; equal blocks remain equal."""
        return _encrypted(self._ecb(), data, padded=padded)

    def decrypt_ecb(self, data: bytes, *, padded: bool = True) -> bytes:
        """Return what was encrypted by ECB; raise ReplyError if it cannot have been."""
        return _decrypted(self._ecb(), data, padded=padded)

    def encrypt_cbc(self, iv: bytes, data: bytes, *, padded: bool = True) -> bytes:
        """Return `data` encrypted in a chain that begins with `iv`, of 16 bytes."""
        return _encrypted(self._cbc(iv), data, padded=padded)

    def decrypt_cbc(self, iv: bytes, data: bytes, *, padded: bool = True) -> bytes:
        """Return what was encrypted by CBC; raise ReplyError if it cannot have been."""
        if (length := len(iv)) != BLOCK:
            raise ReplyError(t"an initialization vector of {length} bytes")
        return _decrypted(self._cbc(iv), data, padded=padded)

    def encrypt_gcm(self, nonce: bytes, data: bytes, header: bytes = b"") -> bytes:
        """Return `data` encrypted, and a tag of 16 bytes that authenticates it and `header`.

        A `nonce`, usually of 12 bytes, must never be used twice with the same key.
        """
        return self._gcm.encrypt(nonce, data, header)

    def decrypt_gcm(self, nonce: bytes, data: bytes, header: bytes = b"") -> bytes:
        """Return what `encrypt_gcm` encrypted; raise ReplyError if it, or `header`, was changed."""
        try:
            return self._gcm.decrypt(nonce, data, header)
        except self._refusals as err:
            raise ReplyError(t"a message that was not encrypted with this key") from err

    def _ecb(self) -> Any:
        return self._cipher(self._modes.ECB())  # the choice of devices

    def _cbc(self, iv: bytes) -> Any:
        return self._cipher(self._modes.CBC(iv))


def _encrypted(cipher: Any, data: bytes, *, padded: bool) -> bytes:
    if padded:
        missing = BLOCK - len(data) % BLOCK
        data += bytes([missing]) * missing
    elif len(data) % BLOCK:
        raise ArgumentError(f"{len(data)} bytes, which are no whole blocks of {BLOCK}")
    encryptor = cipher.encryptor()
    return bytes(encryptor.update(data) + encryptor.finalize())


def _decrypted(cipher: Any, data: bytes, *, padded: bool) -> bytes:
    if len(data) % BLOCK or (padded and not data):
        length = len(data)
        raise ReplyError(t"an encrypted message of {length} bytes, no whole blocks")
    decryptor = cipher.decryptor()
    plain = bytes(decryptor.update(data) + decryptor.finalize())
    return _unpadded(plain) if padded else plain


def _unpadded(data: bytes) -> bytes:
    """Return a message without its padding; raise ReplyError if that is wrong."""
    size = data[-1]
    if not 1 <= size <= BLOCK or data[-size:] != bytes([size]) * size:
        raise ReplyError(t"a message that was not encrypted with this key")
    return data[:-size]
