"""What asyncio's debug mode checks, without what it keeps for its messages."""

import asyncio


def check_calls(loop: asyncio.AbstractEventLoop) -> None:
    """Have a loop refuse calls from other threads and blocking sockets, and tell of slow callbacks.

    Its futures and callbacks keep no stack of where they were made, which took half of the time.
    """
    loop.set_debug(True)
    vars(loop)["get_debug"] = lambda: False  # what futures and callbacks ask
