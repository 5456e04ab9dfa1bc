"""Still images: what cameras and images share."""

from homeassistant.components.image import DEFAULT_CONTENT_TYPE, infer_image_type


def content_type(still: bytes | None) -> str:
    """Return the media type of an image by its first bytes; JPEG if they are unknown."""
    return infer_image_type(still or b"") or DEFAULT_CONTENT_TYPE
