"""Fetches the OpenAPI document of a device, which some have at a usual path."""

from homeassistant.core import HomeAssistant

from ..description_files.fetch import FetchError, async_fetch

MAX_DOCUMENT = 1024 * 1024
"""The longest document, in bytes."""
USUAL_PATHS = (
    "openapi.json",
    "openapi.yaml",
    "swagger.json",
    "api/openapi.json",
    "api/swagger.json",
    "docs/openapi.json",
)
"""Where devices have it; tried if only an address is given."""


async def async_fetch_document(hass: HomeAssistant, address: str) -> str:
    """Return the document at a URL, or that of the device at an address; raise FetchError."""
    url = address if "://" in address else f"http://{address}"
    _, _, path = url.partition("://")[2].partition("/")
    if path:
        return await async_fetch(hass, url, MAX_DOCUMENT)
    for usual in USUAL_PATHS:
        try:
            return await async_fetch(hass, f"{url.rstrip('/')}/{usual}", MAX_DOCUMENT)
        except FetchError as err:
            if not err.is_answered:
                raise
    raise FetchError("no_document", ", ".join(USUAL_PATHS))
