"""What is wrong with a device that posts to a URL which its owner enters in it."""

from collections.abc import Iterator

from .description import Description
from .faults import fault
from .places import Fault

_BY_REQUESTS = ("http", "sse")
"""What talks by requests; all else sends its messages on its connection."""


def faults_of_posting(description: Description) -> Iterator[Fault]:
    """Yield why a device cannot post, or what it posts is not known."""
    if not description.posts:
        return
    if description.talks not in _BY_REQUESTS:
        yield fault(("posts",), t"is only for http and sse", t"remove it")
    elif not description.messages:
        yield fault(("posts",), t"has no message", t"add what the device posts to `messages`")
