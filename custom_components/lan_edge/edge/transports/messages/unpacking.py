"""Many messages in one read, as steps between which something else can be done. No I/O."""

from collections.abc import Callable, Iterable, Iterator

from .framing import Framer

PIECE = 4096
"""Bytes that are framed at a time: each of them may be a message."""

type Handle = Callable[[bytes], Iterator[object] | None]
"""Handles one message; of a message that consists of many, it returns the steps."""


def pieces(data: bytes) -> Iterator[bytes]:
    """Yield `data` in pieces of at most PIECE bytes."""
    for at in range(0, len(data), PIECE):
        yield data[at : at + PIECE]


def framed_steps(framer: Framer, data: bytes, handle: Handle) -> Iterator[object]:
    """Handle the messages that `data` completes; a step may raise ReplyError."""
    for piece in pieces(data):
        yield from message_steps(framer.feed(piece), handle)


def message_steps(messages: Iterable[bytes], handle: Handle) -> Iterator[object]:
    """Handle messages in order; a step may raise ReplyError."""
    for message in messages:
        if (steps := handle(message)) is not None:
            yield from steps
        yield None
