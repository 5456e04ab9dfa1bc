"""Still images and video."""

from ..definition import Attribute, Capability, Kind, command

__all__ = [
    "ImageCapture",
    "VideoStream",
]


class ImageCapture(Capability):
    """A still image.

    SmartThings' `image` is a URL; here it is the image itself, as JPEG or PNG. Its `take` has
    arguments that only its cloud needs.
    """

    image = Attribute(bytes, kind=Kind.EVENT)
    capture_time = Attribute(str, kind=Kind.HIDDEN)
    """When it was taken: ISO 8601."""

    @command(optional=True)
    def take(self) -> None:
        """Take an image."""


class VideoStream(Capability):
    """Live video.

    SmartThings' `stream` is an object; here it is the URL in it.
    """

    stream = Attribute(str, maximum=2048)

    @command(optional=True)
    def start_stream(self) -> None:
        """Begin to send."""

    @command(optional=True)
    def stop_stream(self) -> None:
        """Send no longer."""
