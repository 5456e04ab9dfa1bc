"""Connections: their frames, and the session keys that they have from version 3.4 on."""

from collections.abc import Awaitable, Callable
from functools import partial
import hmac
from secrets import token_bytes
from typing import cast

from lan_edge import (
    CredentialsError,
    Frames,
    FramesOptions,
    LengthFramer,
    Pace,
    UnreachableError,
)

from . import codec as wire
from .codec import TuyaCodec, TuyaMessage

PORT = 6668
FRAMER = partial(LengthFramer, 4, start=wire.PREFIX, header=8)
GCM_FRAMER = partial(LengthFramer, 4, start=wire.GCM_PREFIX, header=10, extra=-4)

NONCE = 16
WRONG_KEY = t"the device uses another local key"
PATIENCE = 0.5
"""Seconds after which a device that has another client has closed our connection."""


def options_for(
    version: str = wire.USUAL,
    key: bytes = bytes(wire.KEY_SIZE),
    login: Callable[[Frames], Awaitable[None]] | None = None,
) -> FramesOptions:
    """Return the options of a connection; `login` is used in the versions with session keys."""
    return FramesOptions(
        port=PORT,
        framer=GCM_FRAMER if version == wire.WITH_GCM else FRAMER,
        codec=partial(TuyaCodec, version, key),
        login=login if version >= wire.WITH_SESSION else None,
        pace=Pace(gap=0.2, burst=4),
        pipelined=False,
    )


async def negotiate(io: Frames, *, is_certain: bool = True) -> None:
    """Agree on a key for the connection; each side proves that it knows the device's key.

    Unless the key `is_certain`, that the device closes the connection means that it is another one:
    version 3.5 can answer nothing to it. But a device that has another client closes it as well,
    without waiting for what is sent.
    """
    codec = cast("TuyaCodec", io.codec)
    ours = token_bytes(NONCE)

    def agree(reply: TuyaMessage) -> None:
        theirs, proof = reply.data[:NONCE], reply.data[NONCE:]
        if reply.is_foreign or not hmac.compare_digest(
            proof, hmac.digest(codec.key, ours, "sha256")
        ):
            raise CredentialsError(WRONG_KEY)
        proven = hmac.digest(codec.key, theirs, "sha256")
        io.send(TuyaMessage(wire.FINISH, proven, number=io.number()))
        codec.begin_session(ours, theirs)

    is_closed_by_key = not is_certain and await io.stays_open(PATIENCE)
    try:
        start = TuyaMessage(wire.START, ours, number=io.number())
        await io.ask(start, match=lambda m: m.command in wire.NEGOTIATION, then=agree)
    except UnreachableError as err:
        if is_closed_by_key:
            raise CredentialsError(WRONG_KEY) from err
        raise
