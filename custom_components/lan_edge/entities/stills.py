"""Still images: what cameras, images and players share."""

JPEG = "image/jpeg"
_BEGINNINGS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
}


def image_type(content: bytes | None) -> str | None:
    """Return the media type of an image by its first bytes; None if it is not one.

    Only pictures that consist of pixels count: browsers run scripts in others, such as SVG.
    """
    content = content or b""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)
