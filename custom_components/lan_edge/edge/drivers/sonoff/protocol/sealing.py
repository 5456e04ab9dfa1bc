"""What a Sonoff encrypts with its device key, and how its owner is asked for that."""

from base64 import b64decode, b64encode
from hashlib import md5
import json
from secrets import token_bytes

from lan_edge import Aes, Json, JsonCodec, ReplyError, object_at, optional_object

CONTROLS = bytes(range(32))
ASK_ID = t"Enter the device ID: ten characters. The eWeLink app shows it in the device's settings."
ASK_KEY = (
    t"Enter the device key. The eWeLink account with which the device was paired has it; the "
    t"device itself shows it while it is in setup mode."
)


def sealed(data: Json, key: str) -> Json:
    """Return the fields of a request with encrypted data."""
    iv = token_bytes(16)
    encrypted = aes(key).encrypt_cbc(iv, json.dumps(data).encode())
    texts = {"iv": b64encode(iv).decode(), "data": b64encode(encrypted).decode()}
    return {"encrypt": True, **texts}


def unsealed(data: str, iv: str, key: str) -> Json:
    """Return encrypted data; raise ReplyError if it has another key."""
    try:
        encrypted, vector = b64decode(data, validate=True), b64decode(iv, validate=True)
    except ValueError:
        raise ReplyError(t"encrypted data is not Base64") from None
    text = aes(key).decrypt_cbc(vector, encrypted)
    return object_at(JsonCodec().decode(text.strip(CONTROLS)))  # some are padded twice


def aes(key: str) -> Aes:
    """Return the cipher that a device key stands for, with or without blanks around it."""
    return Aes(md5(key.strip().encode(), usedforsecurity=False).digest())


def data_of(reply: Json, key: str) -> Json:
    """Return the data of an answer: encrypted, as text in old firmware, or as it is."""
    data, iv = reply.get("data"), reply.get("iv")
    if isinstance(data, str) and data:
        if isinstance(iv, str):
            return unsealed(data, iv, key)
        return object_at(JsonCodec().decode(data.encode()))
    return optional_object(reply, "data")
