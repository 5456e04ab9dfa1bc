"""Codecs: how messages become bytes and back, such as by a cipher or a checksum."""

from typing import Any, Protocol, override

import orjson

from ...errors import ReplyError
from ...network.parsing import parse_json
from ...network.text import decode_text


class Codec(Protocol):
    """Encodes and decodes the messages of one connection; it may keep state, as a session key."""

    def encode(self, message: Any) -> bytes:
        """Return `message` as bytes, ready to be framed."""
        ...

    def decode(self, data: bytes) -> Any:
        """Return a received message as the driver sees it; raise ReplyError if it is invalid."""
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
    """Each message is a JSON value."""

    @override
    def encode(self, message: Any) -> bytes:
        return orjson.dumps(message)

    @override
    def decode(self, data: bytes) -> Any:
        return parse_json(data, "a message")


class TextCodec(Codec):
    """Each message is text in UTF-8; what is not becomes replacement characters."""

    @override
    def encode(self, message: Any) -> bytes:
        return str(message).encode()

    @override
    def decode(self, data: bytes) -> Any:
        return decode_text(data)


_READABLE = (PlainCodec, JsonCodec, TextCodec)
"""Codecs whose encoded messages people can read."""


def traced(codec: Codec, message: Any, data: bytes) -> str | bytes:
    """Return a message, encoded as `data`, as the trace shows it."""
    if type(codec) in _READABLE:
        return data
    if isinstance(message, str | bytes):
        return message
    try:
        return orjson.dumps(message, default=repr)
    except orjson.JSONEncodeError:  # such as a number of more than 64 bits
        return repr(message)


def decoded(codec: Codec, data: bytes) -> Any:
    """Return the message in `data`; raise ReplyError for any error of the codec."""
    try:
        return codec.decode(data)
    except ReplyError:
        raise
    except Exception as err:
        raise ReplyError(t"a message that cannot be decoded: {err!r}") from err
