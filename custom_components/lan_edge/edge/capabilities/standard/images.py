"""Still images and video."""

from ..declaration import command
from ..definition import Attribute, Capability
from ..kinds import Kind

__all__ = [
    "ImageCapture",
    "VideoStream",
]


class ImageCapture(Capability):
    """A still image.

    SmartThings' `image` is a URL; here it is the image itself, as JPEG or PNG. The arguments of
    SmartThings' `take` are left out: only its cloud needs them.
    """

    image = Attribute(bytes, kind=Kind.EVENT)
    capture_time = Attribute(str, kind=Kind.HIDDEN)
    """The time at which it was taken, in ISO 8601."""

    @command(optional=True)
    def take(self) -> None:
        """Take an image."""


class VideoStream(Capability):
    """Live video.

    SmartThings' `stream` is an object; here it is only the URL from it.
    """

    stream = Attribute(str, maximum=2048)

    @command(optional=True)
    def start_stream(self) -> None:
        """Start the stream."""

    @command(optional=True)
    def stop_stream(self) -> None:
        """Stop the stream."""
