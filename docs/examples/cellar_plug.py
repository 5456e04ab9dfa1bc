"""Cellar plug: JSON over UDP on port 38220, encrypted by AES-GCM with the key on its label."""

from functools import partial
import json
import re
from secrets import token_bytes, token_hex
from typing import Any

from lan_edge import (
    Aes,
    Ask,
    Codec,
    CredentialsError,
    Driver,
    Json,
    JsonCodec,
    Profile,
    RefusedError,
    Switch,
    Udp,
    UdpOptions,
    handles,
    id_at,
    register,
)

NONCE = 12
DENIED: Json = {"id": None}  # an empty datagram: it cannot decrypt what it got


class SealedCodec(Codec):
    def __init__(self, key: bytes) -> None:
        self.aes = Aes(key)

    def encode(self, message: Any) -> bytes:
        nonce = token_bytes(NONCE)
        return nonce + self.aes.encrypt_gcm(nonce, json.dumps(message).encode())

    def decode(self, data: bytes) -> Any:
        if not data:
            return DENIED
        return JsonCodec().decode(self.aes.decrypt_gcm(data[:NONCE], data[NONCE:]))


@register
class CellarPlug(Driver[Udp]):
    id = "cellar_plug"
    profile = Profile(Switch)
    is_proven_by_key = True

    def transport_options(self) -> UdpOptions:
        key = bytes.fromhex(self.secrets["key"])
        return UdpOptions(port=38220, codec=partial(SealedCodec, key))

    async def pair(self, ask: Ask) -> None:
        key = await ask.text("key", "The key on the label", self.check_key)
        self.set_secret("key", key)

    async def check_key(self, text: str) -> None:
        if not re.fullmatch("[0-9a-fA-F]{32}", text):
            raise RefusedError("the key has 32 digits and letters from a to f")

    async def ask(self, **what: Any) -> Json:
        number = token_hex(8)  # which only the answer to this request repeats
        numbers = (number, DENIED["id"])
        reply: Json = await self.io.ask({"id": number, **what}, match=lambda m: m["id"] in numbers)
        if reply == DENIED:
            raise CredentialsError("the plug has another key")
        return reply

    async def identify(self) -> str:
        return id_at(await self.ask(), "serial")

    async def refresh(self) -> None:
        self.emit_field(Switch.switch, await self.ask(), "on")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.ask(on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.ask(on=False)
