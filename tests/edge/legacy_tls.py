"""A device whose TLS 1.2 is from before secure renegotiation (RFC 5746), as OpenSSL has none today.

Its handshake is that of RFC 5246, with ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289) on curve
X25519 (RFC 8422), and no extension at all.
"""

import asyncio
from contextlib import suppress
from functools import partial
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .certificates import Certificate
from .peers import Wire

VERSION = b"\x03\x03"
CHANGE_CIPHER_SPEC, HANDSHAKE, DATA = 20, 22, 23
SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE, HELLO_DONE, FINISHED = 2, 11, 12, 14, 20
CIPHER, X25519, ECDSA_SHA256 = b"\xc0\x2b", b"\x03\x00\x1d", b"\x04\x03"


def prf(secret: bytes, label: bytes, seed: bytes, size: int) -> bytes:
    """Return pseudorandom bytes (RFC 5246, 5)."""
    mac = partial(hmac.digest, secret, digest="sha256")
    made, link = b"", label + seed
    while len(made) < size:
        link = mac(link)
        made += mac(link + label + seed)
    return made[:size]


def sized(data: bytes, size: int) -> bytes:
    """Return data behind its length, a number of `size` bytes."""
    return len(data).to_bytes(size) + data


class Keys:
    """What one side encrypts with."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._gcm = AESGCM(key)
        self._salt = salt
        self._count = 0

    def _next(self, kind: int, size: int) -> bytes:
        """Return the additional data of the next record."""
        self._count += 1
        return (self._count - 1).to_bytes(8) + bytes((kind,)) + VERSION + size.to_bytes(2)

    def encrypt(self, kind: int, data: bytes) -> bytes:
        """Return what a record has in it."""
        more = self._next(kind, len(data))
        return more[:8] + self._gcm.encrypt(self._salt + more[:8], data, more)

    def decrypt(self, kind: int, data: bytes) -> bytes:
        """Return what was encrypted; raise InvalidTag."""
        more = self._next(kind, len(data) - 24)
        return self._gcm.decrypt(self._salt + data[:8], data[8:], more)


class LegacyTls:
    """The device's side of one connection."""

    def __init__(self, wire: Wire, certificate: Certificate) -> None:
        self._wire = wire
        self._certificate = certificate
        self._said = b""
        """All messages of the handshake."""

    async def handshake(self) -> None:
        """Agree on keys."""
        hello = await self._hear()
        theirs, ours, own = hello[6:38], os.urandom(32), X25519PrivateKey.generate()
        self._greet(ours)
        self._offer(theirs + ours, own)
        exchange = await self._hear()
        shared = own.exchange(X25519PublicKey.from_public_bytes(exchange[5:]))
        master = prf(shared, b"master secret", theirs + ours, 48)
        keys = prf(master, b"key expansion", ours + theirs, 40)
        self._theirs, self._ours = Keys(keys[:16], keys[32:36]), Keys(keys[16:32], keys[36:])
        assert (await self._record())[0] == CHANGE_CIPHER_SPEC
        self._said += self._theirs.decrypt(*await self._record())
        self._write(CHANGE_CIPHER_SPEC, b"\x01")
        proof = prf(master, b"server finished", hashlib.sha256(self._said).digest(), 12)
        finished = bytes((FINISHED,)) + sized(proof, 3)
        self._write(HANDSHAKE, self._ours.encrypt(HANDSHAKE, finished))

    async def read(self) -> bytes:
        """Return what the next record says."""
        return self._theirs.decrypt(*await self._record())

    def write(self, data: bytes) -> None:
        """Send data."""
        self._write(DATA, self._ours.encrypt(DATA, data))

    def _greet(self, random: bytes) -> None:
        self._say(SERVER_HELLO, VERSION + random + b"\0" + CIPHER + b"\0")
        own = self._certificate.own.public_bytes(serialization.Encoding.DER)
        self._say(CERTIFICATE, sized(sized(own, 3), 3))

    def _offer(self, randoms: bytes, own: X25519PrivateKey) -> None:
        offer = X25519 + sized(own.public_key().public_bytes_raw(), 1)
        signature = self._certificate.key.sign(randoms + offer, ec.ECDSA(hashes.SHA256()))
        self._say(KEY_EXCHANGE, offer + ECDSA_SHA256 + sized(signature, 2))
        self._say(HELLO_DONE, b"")

    async def forward(self, port: int) -> None:
        """Pass what is said on to a port on loopback, and its answers back, until one ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        there = asyncio.ensure_future(self._forward_to(writer))
        while data := await reader.read(16_000):
            self.write(data)
        there.cancel()
        writer.close()

    async def _forward_to(self, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, InvalidTag):  # it hung up, with an alert
            while True:
                writer.write(await self.read())
        writer.write_eof()

    async def _record(self) -> tuple[int, bytes]:
        head = await self._wire.reader.readexactly(5)
        return head[0], await self._wire.reader.readexactly(int.from_bytes(head[3:]))

    def _write(self, kind: int, data: bytes) -> None:
        self._wire.write(bytes((kind,)) + VERSION + sized(data, 2))

    async def _hear(self) -> bytes:
        """Return the next message of the handshake."""
        kind, message = await self._record()
        assert kind == HANDSHAKE
        self._said += message
        return message

    def _say(self, kind: int, data: bytes) -> None:
        message = bytes((kind,)) + sized(data, 3)
        self._said += message
        self._write(HANDSHAKE, message)
