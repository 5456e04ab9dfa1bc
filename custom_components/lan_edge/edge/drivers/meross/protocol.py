"""Meross's messages: a header that is signed, a payload, and how newer firmware encrypts both."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
import re
from secrets import token_hex
import time
from typing import Any, Self

from lan_edge import Aes, Json, JsonCodec, ReplyError, list_at, object_at, optional_object, text_at

GET, SET = "GET", "SET"
ACKNOWLEDGED = {GET: "GETACK", SET: "SETACK"}
ERROR = "ERROR"
WRONG_KEY = 5001
ALL, ABILITY = "Appliance.System.All", "Appliance.System.Ability"
MULTIPLE, ENCRYPTS = "Appliance.Control.Multiple", "Appliance.Encrypt.ECDHE"
BLOCK, IV = 16, b"0" * 16
CODEC = JsonCodec()


@dataclass(frozen=True, slots=True)
class Question:
    """What a device is asked for: the payload of a namespace, of all or of some sub-devices."""

    namespace: str
    key: str
    is_list: bool = False
    ids: tuple[str, ...] = ()
    seldom: bool = False
    """Whether it changes rarely, or is long, so that it is not asked for at each reading."""
    by_channel: bool = False
    """Whether it is asked for by its channel, which is 0."""
    data: tuple[str, ...] = ()
    """What of the channel is asked for."""

    @property
    def payload(self) -> Json:
        if self.by_channel:
            return {self.key: [{"channel": 0, **({"data": [*self.data]} if self.data else {})}]}
        return {self.key: [{"id": each} for each in self.ids] if self.is_list else {}}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a device answers."""

    method: str
    namespace: str
    payload: Json
    uuid: str
    """Of the device; empty: it does not say."""

    @classmethod
    def of(cls, message: Any) -> Self:
        """Return the reply that a message is; raise ReplyError."""
        header = object_at(message, "header")
        sender = re.fullmatch(r"/appliance/([0-9a-fA-F]{32})/publish", text_at(header, "from"))
        return cls(
            text_at(header, "method"),
            text_at(header, "namespace"),
            optional_object(message, "payload"),
            sender[1].lower() if sender else "",
        )

    @property
    def error(self) -> int:
        """The number of its error; 0: none."""
        if self.method != ERROR:
            return 0
        code: Any = optional_object(self.payload, "error").get("code")
        return code if type(code) is int and code else -1

    def parts(self) -> list[Reply]:
        """Return the replies that one to several requests at once has."""
        return [Reply.of(each) for each in list_at(self.payload, "multiple")]


def request_of(method: str, namespace: str, payload: Mapping[str, Any], key: str) -> Json:
    """Return a request, signed with the key."""
    message_id, timestamp = token_hex(16), int(time.time())
    header = {
        "messageId": message_id,
        "method": method,
        "namespace": namespace,
        "payloadVersion": 1,
        "from": "/app/lan-edge/subscribe",
        "timestamp": timestamp,
        "timestampMs": 0,
        "sign": md5_of(f"{message_id}{key}{timestamp}"),
    }
    return {"header": header, "payload": dict(payload)}


def md5_of(text: str) -> str:
    """Return the MD5 of a text, in hexadecimal."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def mac_of(uuid: str) -> str:
    """Return the MAC address in a UUID, whose end it is; raise ReplyError if there is none."""
    if not uuid:
        raise ReplyError("the device does not say who it is")
    return uuid[-12:]


@dataclass(frozen=True, slots=True)
class Seal:
    """How a device and whoever has its key encrypt: AES-256-CBC, with a key made of both."""

    aes: Aes

    @classmethod
    def of(cls, uuid: str, key: str) -> Self:
        """Return that of a device."""
        mac = ":".join(re.findall("..", mac_of(uuid)))
        return cls(Aes(md5_of(uuid[3:22] + key[1:9] + mac + key[10:28]).encode()))

    def close(self, message: Json) -> str:
        """Return a message, encrypted, as text."""
        text = CODEC.encode(message)
        filled = text + bytes(BLOCK - len(text) % BLOCK)
        return b64encode(self.aes.encrypt_cbc(IV, filled, padded=False)).decode()

    def open(self, text: str) -> Any:
        """Return the message in an encrypted text; raise ReplyError."""
        try:
            data = b64decode(text, validate=True)
        except (Base64Error, ValueError) as err:
            raise ReplyError("the answer is not encrypted") from err
        return CODEC.decode(self.aes.decrypt_cbc(IV, data, padded=False).rstrip(b"\0"))
