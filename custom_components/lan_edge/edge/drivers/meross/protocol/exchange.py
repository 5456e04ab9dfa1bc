"""How a request gets to a Meross device and its reply back: plain, or encrypted.

Newer firmware takes all but one request only as AES-256-CBC in Base64, with zeros as padding.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
import re
from typing import Any, Self

from lan_edge import Aes, Http, Json, JsonCodec, ReplyError

from .messages import Reply, mac_of, md5_of

ENCRYPTS = "Appliance.Encrypt.ECDHE"
"""The namespace of devices that have it all encrypted."""
PATH, SEALED = "/config", {"Content-Type": "application/octet-stream"}
BLOCK, IV = 16, b"0" * 16
CODEC = JsonCodec()


@dataclass(frozen=True, slots=True)
class Seal:
    """How a device and whoever has its key encrypt: with a key made of both."""

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


async def exchange(io: Http, message: Json, seal: Seal | None = None) -> Reply:
    """Send a request, encrypted with a seal, and return what is answered: also an error."""
    if seal is None:
        return Reply.of((await io.post(PATH, message)).json())
    answer = await io.request("POST", PATH, seal.close(message), headers=SEALED)
    return Reply.of(seal.open(answer.text()))
