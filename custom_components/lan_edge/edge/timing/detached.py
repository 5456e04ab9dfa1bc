"""Tasks that do not inherit the context of the code that starts them.

While a driver reads a device, a context variable marks what it emits as the answer to that read
(`State.reading`). A task started meanwhile would inherit the mark, and everything it emits later
would count as a late answer. A task that outlives the read, such as a subscription or the
listener, is therefore started detached.
"""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any


def run_detached[T](work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start `work` as a task in an empty context."""
    return asyncio.create_task(work, context=Context())
