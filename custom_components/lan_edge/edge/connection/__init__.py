"""One device kept connected: where to try, how often, and whether it is alive."""

from .status import Status

__all__ = ["Status"]
