"""Tuya's messages: frames, ciphers and beacons, by what is published about tinytuya and TuyAPI.

Versions 3.1 to 3.4 have frames with the prefix 55AA and a CRC, from 3.4 on an HMAC, and encrypt by
AES-ECB; 3.5 has frames with 6699 and AES-GCM.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import md5
import hmac
import json
import re
from secrets import token_bytes
from struct import pack
from typing import Any
from zlib import crc32

from lan_edge import (
    Aes,
    Codec,
    CredentialsError,
    Json,
    JsonCodec,
    ReplyError,
    object_at,
    text_at,
)

BEACON_KEY = md5(b"yGAdlopoPVldABfn", usedforsecurity=False).digest()
"""The key of all beacons, which is published."""
START, ANSWER, FINISH = NEGOTIATION = (3, 4, 5)
CONTROL, STATUS, HEARTBEAT, QUERY, NEW_CONTROL, NEW_QUERY = 7, 8, 9, 10, 13, 16
UPDATE, EXTENDED = 18, 64
WITHOUT_HEADER = {*NEGOTIATION, HEARTBEAT, QUERY, NEW_QUERY, UPDATE, EXTENDED}
PREFIX, SUFFIX = b"\0\0\x55\xaa", b"\0\0\xaa\x55"
GCM_PREFIX, GCM_SUFFIX = b"\0\0\x66\x99", b"\0\0\x99\x66"
VERSIONS = OLDEST, _, USUAL, WITH_SESSION, WITH_GCM = ("3.1", "3.2", "3.3", "3.4", "3.5")
HEADER, DIGEST = 15, 16
"""Bytes: the version and twelve more, which may be anything; the digest behind it in 3.1."""
KEY_SIZE, SHORT_NONCE, TAG = 16, 12, 16
MAX_TEXT = 512
DEVICE_ID = r"[0-9A-Za-z_-]{8,40}"


@dataclass(frozen=True, slots=True)
class TuyaMessage:
    """A message, in either direction; `data` is JSON, text, or the bytes of a negotiation."""

    command: int
    data: Any = b""
    error: int = 0
    is_foreign: bool = False
    """Whether it was encrypted with another key than ours."""
    number: int = field(default=0, compare=False)
    """Of a request; most devices repeat it in the answer, and have 0 in what they report."""


class TuyaCodec(Codec):
    """The messages of one version, encrypted with the device's key or that of the session."""

    def __init__(self, version: str = USUAL, key: bytes = bytes(KEY_SIZE)) -> None:
        self.version, self.has_session = version, False
        self.key, self.aes = key, Aes(key)

    def begin_session(self, ours: bytes, theirs: bytes) -> None:
        mixed = bytes(one ^ other for one, other in zip(ours, theirs, strict=True))
        if self.version == WITH_GCM:
            self.key = self.aes.encrypt_gcm(ours[:SHORT_NONCE], mixed)[:KEY_SIZE]
        else:
            self.key = self.aes.encrypt_ecb(mixed, padded=False)
        self.aes, self.has_session = Aes(self.key), True

    def encode(self, message: Any) -> bytes:
        data, command = message.data, message.command
        content = (
            data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":")).encode()
        )
        head = pack(">II", message.number, command)
        if self.version == WITH_GCM:
            head, nonce, content = (
                bytes(2) + head,
                token_bytes(SHORT_NONCE),
                self.headed(command, content),
            )
            signed = head + pack(">I", SHORT_NONCE + len(content) + TAG)
            return head + nonce + self.aes.encrypt_gcm(nonce, content, signed) + GCM_SUFFIX
        content = self.sealed(command, content)
        size = len(content) + len(self.check(b"")) + len(SUFFIX)
        return head + content + self.check(PREFIX + head + pack(">I", size) + content) + SUFFIX

    def check(self, signed: bytes) -> bytes:
        """Return what proves that a frame is whole; from version 3.4 on, also who sent it."""
        if self.version < WITH_SESSION:
            return pack(">I", crc32(signed))
        return hmac.digest(self.key, signed, "sha256")

    def headed(self, command: int, content: bytes) -> bytes:
        header = self.version.encode() + bytes(HEADER - len(self.version))
        return content if command in WITHOUT_HEADER else header + content

    def sealed(self, command: int, content: bytes) -> bytes:
        if self.version >= WITH_SESSION:
            return self.aes.encrypt_ecb(self.headed(command, content))
        if self.version > OLDEST:
            return self.headed(command, self.aes.encrypt_ecb(content))
        if command != CONTROL:
            return content
        text = b64encode(self.aes.encrypt_ecb(content))
        return OLDEST.encode() + self.digest(text) + text

    def digest(self, text: bytes) -> bytes:
        signed = b"data=" + text + b"||lpv=3.1||" + self.key
        return md5(signed, usedforsecurity=False).hexdigest()[8:24].encode()

    def decode(self, data: bytes) -> TuyaMessage:
        is_gcm = self.version == WITH_GCM
        head = data[2:10] if is_gcm else data[:8]
        number, command = int.from_bytes(head[:4]), int.from_bytes(head[4:])
        try:
            error, content = self.opened_gcm(data) if is_gcm else self.opened(data)
        except CredentialsError as err:
            if self.has_session:
                raise ReplyError(*err.args) from err
            return TuyaMessage(command, is_foreign=True, number=number)
        if command in NEGOTIATION:
            return TuyaMessage(command, content, error, number=number)
        text = content.decode(errors="replace")
        try:
            told = JsonCodec().decode(text.encode())
        except ReplyError:  # such as the words of a refusal
            told = text[:MAX_TEXT]
        return TuyaMessage(command, told, error, number=number)

    def opened(self, data: bytes) -> tuple[int, bytes]:
        """Return the error number and the content of a frame.

        Raises ReplyError if it is broken, CredentialsError if another key was used.
        """
        tail = len(self.check(b"")) + len(SUFFIX)
        head, content, check = data[:8], data[8:-tail], data[-tail : -len(SUFFIX)]
        signed = PREFIX + head + pack(">I", len(data) - len(head)) + content
        if len(data) < len(head) + tail or not hmac.compare_digest(check, self.check(signed)):
            kind = ReplyError if self.version < WITH_SESSION else CredentialsError
            raise kind(t"a frame with a wrong checksum")
        error, content = split_error(content)
        try:
            return error, self.unsealed(content) if content else content
        except ReplyError as err:
            raise CredentialsError(*err.args) from err

    def unsealed(self, content: bytes) -> bytes:
        version = self.version.encode()
        if self.version >= WITH_SESSION:
            content = self.aes.decrypt_ecb(content)
            return content[HEADER:] if content.startswith(version) else content
        if self.version > OLDEST:
            return self.aes.decrypt_ecb(content[HEADER if content.startswith(version) else 0 :])
        if not content.startswith(version):
            return content
        digest, text = content[3 : 3 + DIGEST], content[3 + DIGEST :]
        if not hmac.compare_digest(digest, self.digest(text)):
            raise ReplyError(t"a message with a wrong digest")
        return self.aes.decrypt_ecb(b64decode(text))

    def opened_gcm(self, data: bytes) -> tuple[int, bytes]:
        head, body = data[:10], data[10 : -len(GCM_SUFFIX)]
        nonce, sealed = body[:SHORT_NONCE], body[SHORT_NONCE:]
        try:
            content = self.aes.decrypt_gcm(nonce, sealed, head + pack(">I", len(body)))
        except ReplyError as err:
            raise CredentialsError(*err.args) from err
        error, content = split_error(content)
        return error, content[HEADER:] if content.startswith(self.version.encode()) else content


def split_error(content: bytes) -> tuple[int, bytes]:
    """Return the number of the error that a device puts first, if it does, and the rest."""
    has_error = content[:3] == bytes(3) and len(content) > 3  # noqa: PLR2004
    return (content[3], content[4:]) if has_error else (0, content)


def read_beacon(data: bytes) -> Json:
    """Return what a device says to everybody: as it is, or encrypted with the published key."""
    codec = TuyaCodec(WITH_GCM if data.startswith(GCM_PREFIX) else OLDEST, BEACON_KEY)
    if data.startswith(GCM_PREFIX):
        content = codec.opened_gcm(data[4:14] + data[18:])[1]
    elif data.startswith(PREFIX):
        content = codec.opened(data[4:12] + data[16:])[1]
        content = content if content.startswith(b"{") else codec.aes.decrypt_ecb(content)
    else:
        content = codec.aes.decrypt_ecb(data)
    beacon = object_at(JsonCodec().decode(content.rstrip(b"\0")))
    return beacon if re.fullmatch(DEVICE_ID, text_at(beacon, "gwId")) else {}
