"""What is wrong with a device that posts to a URL which its owner enters in it."""

from collections.abc import Iterator

from .description import Description
from .places import Fault

_BY_REQUESTS = ("http", "sse")
"""What talks by requests; all else sends its messages on its connection."""


def faults_of_posting(description: Description) -> Iterator[Fault]:
    """Yield why a device cannot post, or what it posts is not known."""
    if not description.posts:
        return
    if description.talks not in _BY_REQUESTS:
        yield Fault(("posts",), "is only for http and sse", "remove it")
    elif not description.messages:
        yield Fault(("posts",), "has no message", "add what the device posts to `messages`")
