"""What is sent to a device: requests with placeholders, and how values are put into them."""

from .sending import Body, Sending

__all__ = ["Body", "Sending"]
