"""Xiaomi's messages (miIO): a header with the device's clock, and JSON encrypted with its token.

Whoever asks says hello first, without the token: the answer has the id of the device and its clock,
which begins at 0 when it starts. A device ignores what is from another time, and a number that it
has seen lately; so each message that is sent, also one that is sent again, has the time of then and
a number of its own.
"""

import asyncio
from collections.abc import Mapping
from hashlib import md5
import hmac
import json
import re
from secrets import randbelow
from string.templatelib import Template
from struct import pack, unpack
from typing import Any

from lan_edge import Aes, Codec, Json, JsonCodec, RefusedError, ReplyError, object_at

HELLO: Json = {"method": "hello"}
GREETING = bytes.fromhex("21310020") + bytes([0xFF]) * 28
MAGIC, HEADER, NOBODY = 0x2131, 32, (0, 0xFFFFFFFF)
NOT_TOLD = (bytes(16), bytes([0xFF]) * 16)
"""What is in the place of the token in an answer to hello, if the device keeps that to itself."""
LAST_NUMBER, KEPT_NUMBERS = 9999, 64
TOKEN_SIZE = 16
BUSY = (-9999, -9998)
"""Errors of the radio module, whose controller did not answer it in time."""
UNREADABLE = 0
"""The code of an answer that nobody can read."""
REASONS: Mapping[int, Template] = {
    -6011: t"it is off",
    -5000: t"it does not do that now",
    BUSY[0]: t"its controller does not answer",
    BUSY[1]: t"its controller does not answer",
    -32601: t"it does not know this request",
    -30001: t"its controller answers what makes no sense",
    -4001: t"that cannot be read",
    -4002: t"that cannot be set",
    -4003: t"it has no such property",
    -4004: t"it has an internal error",
    -4005: t"it does not take this value",
    -4006: t"it does not take these arguments",
    -4007: t"it is another device",
}
DONE = (0, 1)
"""The codes of what is done, and of what is accepted."""


class MiotRefusalError(RefusedError):
    """The device refuses, with the number of an error."""

    def __init__(self, what: str, code: int, said: Template | str = "") -> None:
        """Say it in words, if they are known."""
        self.code = code
        reason = REASONS.get(code, said or t"it refuses")
        super().__init__(t"{what}: {reason} ({code})" if code else t"{what}: {reason}")


class MiotCodec(Codec):
    """The messages of one device."""

    def __init__(self, token: bytes = b"") -> None:
        self.device_id = 0
        self.disclosed = ""
        """The token, in hexadecimal, if the device has told it."""
        self.is_foreign = False
        """Whether something was encrypted with another token."""
        self._stamp, self._stamped_at = 0, 0.0
        self._number = randbelow(LAST_NUMBER)
        self._ids: dict[int, int] = {}
        self.use(token)

    def use(self, token: bytes) -> None:
        """Encrypt with this token from now on."""
        self._token, self.is_foreign = token, False
        key = checksum(token)
        self._aes, self._iv = Aes(key), checksum(key, token)

    def encode(self, message: Any) -> bytes:
        if message == HELLO:
            return GREETING
        self._number = self._number % LAST_NUMBER + 1
        self._ids[self._number] = message["id"]
        if len(self._ids) > KEPT_NUMBERS:
            del self._ids[next(iter(self._ids))]
        text = json.dumps({**message, "id": self._number}, separators=(",", ":")).encode()
        content = self._aes.encrypt_cbc(self._iv, text + b"\0")
        head = pack(">HHIII", MAGIC, HEADER + len(content), 0, self.device_id, self._now())
        return head + checksum(head, self._token, content) + content

    def _now(self) -> int:
        """Return what the clock of the device should be."""
        passed = asyncio.get_running_loop().time() - self._stamped_at
        return (self._stamp + int(passed)) & 0xFFFFFFFF

    def decode(self, data: bytes) -> Json:
        device_id, stamp = read_head(data)
        head, check, content = data[:16], data[16:HEADER], data[HEADER:]
        if content and not hmac.compare_digest(check, checksum(head, self._token, content)):
            self.is_foreign = True
            raise ReplyError(t"a message that was encrypted with another token")
        self.device_id, self._stamp = device_id, stamp
        self._stamped_at = asyncio.get_running_loop().time()
        if not content:
            self.disclosed = "" if check in NOT_TOLD else check.hex()
            return HELLO | {"device_id": device_id}
        message = read_text(self._aes.decrypt_cbc(self._iv, content))
        number = message.get("id")
        return message | {"id": self._ids.get(number) if type(number) is int else None}


def token_in(text: str) -> bytes:
    """Return the token that a text is; empty if it is none."""
    digits = text.strip().lower()
    return bytes.fromhex(digits) if re.fullmatch(f"[0-9a-f]{{{2 * TOKEN_SIZE}}}", digits) else b""


def checksum(*parts: bytes) -> bytes:
    """Return the MD5 of all parts: a digest, a key, or the beginning of a chain."""
    return md5(b"".join(parts), usedforsecurity=False).digest()


def read_head(data: bytes) -> tuple[int, int]:
    """Return the id and the clock of the device that a message is from; raise ReplyError."""
    if len(data) < HEADER:
        raise ReplyError(t"a message of {len(data)} bytes")
    magic, size, _, device_id, stamp = unpack(">HHIII", data[:16])
    if magic != MAGIC or size != len(data) or device_id in NOBODY:
        raise ReplyError(t"a message without its header")
    return device_id, stamp


def read_hello(data: bytes) -> Json:
    """Return the id of a device that answers hello, for discovery."""
    device_id, _ = read_head(data)
    return {} if len(data) > HEADER else {"did": str(device_id)}


def read_text(text: bytes) -> Json:
    """Return the message that a text is; some devices leave it empty, or write odd JSON."""
    text = text.rstrip(b"\0")
    for form in (text, mended(text)):
        try:
            return object_at(JsonCodec().decode(form))
        except ReplyError:
            continue
    return {"error": {"code": UNREADABLE}, "all": True}


def mended(text: bytes) -> bytes:
    """Return JSON without what some devices put into it: two commas, zeros before a number."""
    text = re.sub(rb",(\s*,)+", b",", text.partition(b"\0")[0])
    return re.sub(rb"(:\s*)0+(?=\d)", rb"\1", text)
