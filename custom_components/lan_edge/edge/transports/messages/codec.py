"""What a binary message is before it is framed and sent: the place of a cipher or a checksum."""

from typing import Any, Protocol, override

import orjson

from ...errors import ReplyError
from ...network.parsing import parse_json


class Codec(Protocol):
    """Turns what a driver says into bytes and back; it may remember, such as a session key."""

    def encode(self, message: Any) -> bytes:
        """Return `message` as it is sent."""
        ...

    def decode(self, data: bytes) -> Any:
        """Return what was received as the driver sees it; raise ReplyError if it is broken."""
        ...


class PlainCodec(Codec):
    """Bytes as they are."""

    @override
    def encode(self, message: Any) -> bytes:
        return bytes(message)

    @override
    def decode(self, data: bytes) -> Any:
        return data


class JsonCodec(Codec):
    """A JSON value a message."""

    @override
    def encode(self, message: Any) -> bytes:
        return orjson.dumps(message)

    @override
    def decode(self, data: bytes) -> Any:
        return parse_json(data, "a message")


def decoded(codec: Codec, data: bytes) -> Any:
    """Return the message in `data`; raise ReplyError if there is none, whatever the codec does."""
    try:
        return codec.decode(data)
    except ReplyError:
        raise
    except Exception as err:
        msg = f"a message that cannot be decoded: {err!r}"[:200]
        raise ReplyError(msg) from err
