"""How a request gets to a Meross device and its reply back: plain, or encrypted.

Newer firmware takes all but one request only as AES-256-CBC in Base64, with zeros as padding.
"""

from base64 import b64decode, b64encode
import re
from typing import Any

from lan_edge import Aes, Http, Json, JsonCodec, ReplyError

from .messages import Reply, mac_of, md5_of

ENCRYPTS = "Appliance.Encrypt.ECDHE"
"""The namespace of devices that have it all encrypted."""
PATH, ENCRYPTED = "/config", {"Content-Type": "application/octet-stream"}
BLOCK, IV = 16, b"0" * 16
CODEC = JsonCodec()


def cipher_of(uuid: str, key: str) -> Aes:
    """Return how a device and whoever has its key encrypt: with a key made of both."""
    mac = ":".join(re.findall("..", mac_of(uuid)))
    return Aes(md5_of(uuid[3:22] + key[1:9] + mac + key[10:28]).encode())


def encrypted(message: Json, cipher: Aes) -> str:
    """Return a message, encrypted, as text."""
    text = CODEC.encode(message)
    filled = text + bytes(BLOCK - len(text) % BLOCK)
    return b64encode(cipher.encrypt_cbc(IV, filled, padded=False)).decode()


def decrypted(text: str, cipher: Aes) -> Any:
    """Return the message in an encrypted text; raise ReplyError."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as err:
        raise ReplyError(t"the answer is not encrypted") from err
    return CODEC.decode(cipher.decrypt_cbc(IV, data, padded=False).rstrip(b"\0"))


async def exchange(io: Http, message: Json, cipher: Aes | None = None) -> Reply:
    """Send a request, encrypted by a cipher, and return what is answered: also an error."""
    if cipher is None:
        return Reply.of((await io.post(PATH, message)).json())
    answer = await io.request("POST", PATH, encrypted(message, cipher), headers=ENCRYPTED)
    return Reply.of(decrypted(answer.text(), cipher))
