"""Meross's messages: a header that is signed, and a payload."""

from dataclasses import dataclass
from hashlib import md5
import re
from secrets import token_hex
import time
from typing import Any, Self

from lan_edge import (
    CredentialsError,
    Json,
    RefusedError,
    ReplyError,
    int_at,
    object_at,
    optional_object,
    text_at,
)

GET, SET = "GET", "SET"
ACKNOWLEDGED = {GET: "GETACK", SET: "SETACK"}
ERROR = "ERROR"
WRONG_KEY = 5001
NO_KEY = t"the device has another key, or needs one"


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
        is_error = self.method == ERROR
        return (int_at(optional_object(self.payload, "error"), "code") or -1) if is_error else 0


@dataclass(frozen=True, slots=True)
class Request:
    """What a device is asked for, or told to change."""

    method: str
    namespace: str
    payload: Json

    def signed(self, key: str) -> Json:
        """Return the message, signed with the key of the device."""
        message_id, timestamp = token_hex(16), int(time.time())
        header = {
            "messageId": message_id,
            "method": self.method,
            "namespace": self.namespace,
            "payloadVersion": 1,
            "from": "/app/lan-edge/subscribe",
            "timestamp": timestamp,
            "timestampMs": 0,
            "sign": md5_of(f"{message_id}{key}{timestamp}"),
        }
        return {"header": header, "payload": self.payload}

    def answer(self, reply: Reply) -> Json:
        """Return the payload of a reply to it.

        Raises CredentialsError, RefusedError or ReplyError unless it was carried out.
        """
        if reply.error == WRONG_KEY:
            raise CredentialsError(NO_KEY)
        if reply.error:
            raise RefusedError(t"{self.namespace}: error {reply.error}")
        if (reply.method, reply.namespace) != (ACKNOWLEDGED[self.method], self.namespace):
            raise ReplyError(t"{self.namespace}: something else was answered")
        return reply.payload


def md5_of(text: str) -> str:
    """Return the MD5 of a text, in hexadecimal."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def mac_of(uuid: str) -> str:
    """Return the MAC address in a UUID, whose end it is; raise ReplyError if there is none."""
    if not uuid:
        raise ReplyError(t"the device does not say who it is")
    return uuid[-12:]
